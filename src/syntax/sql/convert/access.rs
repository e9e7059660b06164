//! Columns, variables, fields and subscripts.

use sqlparser::ast as sq;

use super::super::lexeme::Kind;
use super::super::problems;
use super::Converter;
use crate::language::Ident;
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind};

/// Functions that SQL calls without parentheses, and whether they read the clock.
const KEYWORD_FUNCTIONS: &[(&str, bool)] = &[
    ("current_catalog", false),
    ("current_role", false),
    ("current_schema", false),
    ("current_user", false),
    ("session_user", false),
    ("system_user", false),
    ("current_date", true),
    ("current_time", true),
    ("current_timestamp", true),
    ("localtime", true),
    ("localtimestamp", true),
];

impl Converter<'_, '_, '_> {
    /// `column`, `$variable` or `@context`.
    pub(super) fn identifier(&mut self, ident: sq::Ident) -> Option<Expr> {
        let span = self.span(ident.span);
        if let Some(name) = ident.value.strip_prefix('$') {
            return Some(Expr { kind: ExprKind::Variable(Ident::new(name, span)), span });
        }
        if let Some(name) = ident.value.strip_prefix('@') {
            return Some(Expr { kind: ExprKind::Context(Ident::new(name, span)), span });
        }
        let quoted = self.lexemes.get(self.first(span)).is_some_and(|lexeme| lexeme.kind != Kind::Word);
        let known = KEYWORD_FUNCTIONS.iter().find(|(word, _)| ident.value.eq_ignore_ascii_case(word));
        if let Some((word, clock)) = known.filter(|_| !quoted) {
            return self.report(problems::keyword_function(span, word, *clock));
        }
        let column = self.name(ident, "a column")?;
        Some(Expr { kind: ExprKind::Column { table: None, column }, span })
    }

    /// `table.column` or `$row.field`.
    pub(super) fn compound(&mut self, parts: Vec<sq::Ident>) -> Option<Expr> {
        let span = parts.iter().map(|part| self.span(part.span)).reduce(Span::to)?;
        let Ok([first, second]) = <[sq::Ident; 2]>::try_from(parts) else {
            let text = self.lexemes.plain(span);
            return self.report(problems::qualified_column(span, &text));
        };
        if let Some(variable) = first.value.strip_prefix('$') {
            let variable = Ident::new(variable, self.span(first.span));
            let field = self.name(second, "a field")?;
            return Some(Expr { kind: ExprKind::Field { variable, field }, span });
        }
        let table = self.name(first, "a table");
        let column = self.name(second, "a column");
        Some(Expr { kind: ExprKind::Column { table: Some(table?), column: column? }, span })
    }

    /// `root.a[1][2:3]`: sqlparser keeps every dot and bracket of a chain in one list.
    pub(super) fn access(&mut self, root: sq::Expr, chain: Vec<sq::AccessExpr>) -> Option<Expr> {
        let mut chain = chain.into_iter().peekable();
        let mut fields = Vec::new();
        while let Some(sq::AccessExpr::Dot(_)) = chain.peek() {
            fields.extend(chain.next());
        }
        let mut array = if fields.is_empty() { self.expr(root)? } else { self.dotted(root, fields)? };
        for part in chain {
            array = match part {
                sq::AccessExpr::Subscript(subscript) => self.subscript(array, subscript)?,
                sq::AccessExpr::Dot(field) => {
                    let at = self.place(&field);
                    return self.refuse(at, "a field of a value", "keep the row in a variable: `$row.field`");
                }
            };
        }
        Some(array)
    }

    /// `root.a` or `root.f(..)`, each dot of which sqlparser keeps as an expression.
    fn dotted(&mut self, root: sq::Expr, fields: Vec<sq::AccessExpr>) -> Option<Expr> {
        let at = self.place(&root);
        let sq::Expr::Identifier(root) = root else {
            return self.refuse(at, "a field of a value", "keep the row in a variable: `$row.field`");
        };
        let mut idents = vec![root];
        let mut fields = fields.into_iter();
        while let Some(field) = fields.next() {
            match field {
                sq::AccessExpr::Dot(sq::Expr::Identifier(ident)) => idents.push(ident),
                sq::AccessExpr::Dot(sq::Expr::Function(mut call)) if fields.len() == 0 => {
                    let prefix = idents.drain(..).map(sq::ObjectNamePart::Identifier);
                    call.name.0.splice(0..0, prefix);
                    return self.function(call);
                }
                sq::AccessExpr::Dot(_) | sq::AccessExpr::Subscript(_) => {
                    return self.refuse(at, "a field of a value", "keep the row in a variable: `$row.field`");
                }
            }
        }
        self.compound(idents)
    }

    fn subscript(&mut self, array: Expr, subscript: sq::Subscript) -> Option<Expr> {
        let span = self.closed(array.span, self.after(array.span));
        let array = Box::new(array);
        let kind = match subscript {
            sq::Subscript::Index { index } => ExprKind::Index { array, index: Box::new(self.expr(index)?) },
            sq::Subscript::Slice { lower_bound, upper_bound, stride } => {
                self.require(stride.is_none(), span, "a slice with a step", "")?;
                let low = self.maybe(lower_bound, Self::boxed)?;
                let high = self.maybe(upper_bound, Self::boxed)?;
                ExprKind::Slice { array, low, high }
            }
        };
        Some(Expr { kind, span })
    }
}
