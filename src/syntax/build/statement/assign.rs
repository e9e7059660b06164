use std::ops::Range;

use crate::language::Ident;
use crate::syntax::ast::{Statement, StatementKind};
use crate::syntax::build::Builder;
use crate::syntax::grammar::Rule;
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;

impl Builder<'_, '_, '_> {
    /// What begins with a variable: it is declared, or something is assigned.
    pub(super) fn variable_statement(&mut self, range: Range<usize>) -> Option<Statement> {
        let next = range.start + 1;
        if next == range.end {
            let (at, name) = (self.tokens.span(range.start), self.tokens.text(range.start));
            return self.refuse(problems::lone_variable(at, name, ";"));
        }
        if self.is_assigned(next) {
            return self.assign(range);
        }
        match self.tokens.text(next) {
            "," => self.receive(range),
            "[" => self.assign_element(range),
            "." => self.refuse_field(range),
            _ if self.tokens.kind(next) == Some(TokenKind::Word) => self.declare(range),
            _ => self.refuse_operator(range),
        }
    }

    /// `$x := e`
    fn assign(&mut self, range: Range<usize>) -> Option<Statement> {
        let variable = self.variable(range.start);
        match self.expression(self.after_sign(range.start + 1)..range.end, "a value") {
            Some(value) => self.whole(&range, StatementKind::Assign { variable, value }),
            None => self.faulty(&range, vec![variable]),
        }
    }

    /// What is left of an assignment whose other side was reported.
    pub(super) fn faulty(&mut self, range: &Range<usize>, variables: Vec<Ident>) -> Option<Statement> {
        self.progress.incomplete = true;
        self.whole(range, StatementKind::Faulty { variables })
    }

    /// `$x T`, `$x T := e`
    fn declare(&mut self, range: Range<usize>) -> Option<Statement> {
        let sign = self.find_outside(range.clone(), |index| self.is_assigned(index));
        let head = range.start..sign.unwrap_or(range.end);
        let comma = self.find_outside(head.clone(), |index| self.tokens.is_mark(index, ","));
        if let (Some(_), Some(_)) = (comma, sign) {
            return self.refuse(problems::typed_receiver(self.tokens.range_span(&head)));
        }
        let node = self.read(Rule::declare_piece, head, "`:=` or `;`")?;
        let variable = self.variable(range.start);
        let ty = self.type_name(&node.child(Rule::type_name)?);
        let value = sign.map(|sign| self.expression(self.after_sign(sign)..range.end, "a value"));
        let value = match value {
            // The variable is there all the same, so that its uses are not reported too.
            Some(None) => {
                self.progress.incomplete = true;
                None
            }
            Some(value) => value,
            None => None,
        };
        self.whole(&range, StatementKind::Declare { variable, ty, value })
    }

    /// `$a[i] := e`
    fn assign_element(&mut self, range: Range<usize>) -> Option<Statement> {
        let open = range.start + 1;
        let Some(close) = self.tokens.closing(open, &range) else {
            self.is_balanced(&range);
            return None;
        };
        if !self.is_assigned(close + 1) {
            let (last, found) = (self.tokens.span(close), self.tokens.text(close + 1));
            return self.refuse(problems::expected_assignment(last, found));
        }
        let inside = open + 1..close;
        if self.find_outside(inside.clone(), |index| self.is_slice_mark(index)).is_some() {
            let (array, at) =
                (self.tokens.text(range.start), self.tokens.range_span(&(range.start..close + 1)));
            return self.refuse(problems::assign_to_slice(at, array));
        }
        let array = self.variable(range.start);
        let index = self.expression(inside, "an index");
        let value = self.expression(self.after_sign(close + 1)..range.end, "a value");
        self.whole(&range, StatementKind::AssignElement { array, index: index?, value: value? })
    }

    /// A `:` that is not half of `::`.
    fn is_slice_mark(&self, index: usize) -> bool {
        let colon = |index: usize| self.tokens.is_mark(index, ":");
        let before = index.checked_sub(1).is_some_and(|before| colon(before) && self.is_joined(before));
        let after = colon(index + 1) && self.is_joined(index);
        colon(index) && !before && !after
    }

    /// `$row.field := e`, or nothing that is a statement.
    fn refuse_field(&mut self, range: Range<usize>) -> Option<Statement> {
        let sign = self.find_outside(range.clone(), |index| self.is_assigned(index));
        match sign {
            Some(sign) => {
                let at = self.tokens.range_span(&(range.start..sign));
                self.refuse(problems::assign_to_field(at))
            }
            None => {
                let (at, found) = (self.tokens.span(range.start), self.tokens.text(range.start));
                self.refuse(problems::not_a_statement(at, found))
            }
        }
    }

    /// `$x += e`, `$x == e`, and what else stands after a variable.
    fn refuse_operator(&mut self, range: Range<usize>) -> Option<Statement> {
        let next = range.start + 1;
        let updates = ["+", "-", "*", "/", "%", "^"].contains(&self.tokens.text(next))
            && self.tokens.is_mark(next + 1, "=")
            && self.is_joined(next);
        if updates {
            let at = self.tokens.range_span(&(next..next + 2));
            let (name, sign) = (self.tokens.text(range.start), self.tokens.text(next));
            return self.refuse(problems::update_operator(at, name, sign));
        }
        let (at, name) = (self.tokens.span(range.start), self.tokens.text(range.start));
        let compares = self.tokens.is_mark(next, "=");
        let found = if compares { "==" } else { self.tokens.text(next) };
        self.refuse(problems::lone_variable(at, name, found))
    }
}
