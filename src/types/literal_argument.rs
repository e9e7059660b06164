//! Arguments that are read when the program is compiled: the hash of `digest`, the pattern of `format`.

use super::action::Checker;
use super::problems;
use crate::hir::{Expr, ExprKind, Literal};
use crate::language::Type;
use crate::language::functions::{Accepts, Emit, Function};
use crate::language::pattern;
use crate::syntax::ast::Call;

impl Checker<'_, '_> {
    /// Reports literals that say something the function cannot do.
    pub fn read_arguments(&mut self, row: &Function, call: &Call, arguments: &[Expr]) {
        for (position, argument) in arguments.iter().enumerate() {
            if let Some(Accepts::OneOf(words)) = row.accepts(position) {
                self.one_of(row, words, argument);
            }
        }
        if row.emit == Emit::Format {
            self.pattern(call, arguments);
        }
    }

    fn one_of(&mut self, row: &Function, words: &[&str], argument: &Expr) {
        let is_word = match literal_text(argument) {
            Some(text) => words.iter().any(|word| text.eq_ignore_ascii_case(word)),
            None => argument.ty == Type::Unknown,
        };
        if !is_word {
            self.sink.report(problems::not_one_of(row.name, words, argument.span));
        }
    }

    /// A pattern that is not a literal is read when it runs, and raises then.
    fn pattern(&mut self, call: &Call, arguments: &[Expr]) {
        let Some((pattern, values)) = arguments.split_first() else { return };
        let Some(text) = literal_text(pattern) else { return };
        match pattern::values(text) {
            Ok(wanted) if wanted == values.len() => {}
            Ok(wanted) => {
                self.sink.report(problems::pattern_values(&call.name, wanted, values.len(), pattern.span));
            }
            Err(fault) => self.sink.report(problems::bad_pattern(&fault, pattern.span)),
        }
    }
}

fn literal_text(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(Literal::Text(text)) => Some(text),
        _ => None,
    }
}
