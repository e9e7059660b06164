use std::ops::Range;

use super::words::SQL;
use crate::syntax::ast::{Statement, StatementKind};
use crate::syntax::build::Builder;
use crate::syntax::problems;

impl Builder<'_, '_, '_> {
    /// `return`, `return e, e`, `return next e, e`, `return SELECT ..`
    pub(super) fn return_statement(&mut self, range: Range<usize>) -> Option<Statement> {
        let values = range.start + 1..range.end;
        let kind = if values.is_empty() {
            StatementKind::Return(Vec::new())
        } else if self.tokens.is_word(values.start, "next") && self.tokens.is_one_of(values.start + 1, SQL) {
            let (at, next) = (self.tokens.span(values.start), self.tokens.span(values.start + 1));
            return self.refuse(problems::return_query(at, next, "next"));
        } else if self.tokens.is_word(values.start, "next") {
            let values = self.expressions(values.start + 1..values.end, "a value")?;
            StatementKind::ReturnNext(values)
        } else if self.tokens.is_one_of(values.start, SQL) {
            StatementKind::ReturnQuery(self.query(values)?)
        } else if self.tokens.is_word(values.start, "query")
            && self.tokens.is_word(values.start + 1, "execute")
        {
            let at = self.tokens.span(values.start).to(self.tokens.span(values.start + 1));
            return self.refuse(problems::made_query(at));
        } else if self.is_plpgsql_query(values.start) {
            let (at, next) = (self.tokens.span(values.start), self.tokens.span(values.start + 1));
            return self.refuse(problems::return_query(at, next, "query"));
        } else {
            StatementKind::Return(self.expressions(values, "a value")?)
        };
        self.whole(&range, kind)
    }

    /// `query SELECT`
    fn is_plpgsql_query(&self, index: usize) -> bool {
        self.tokens.is_word(index, "query") && self.tokens.is_one_of(index + 1, SQL)
    }
}
