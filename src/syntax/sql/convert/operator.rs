//! Infix operators and tests.

use sqlparser::ast as sq;

use super::super::lexeme::Sign;
use super::super::problems;
use super::Converter;
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, Expr, ExprKind};

impl Converter<'_, '_, '_> {
    pub(super) fn binary(&mut self, left: sq::Expr, op: sq::BinaryOperator, right: sq::Expr) -> Option<Expr> {
        let chained = [&left, &right].into_iter().any(is_comparison);
        let left = self.boxed(left);
        let right = self.boxed(right);
        let (left, right) = (left?, right?);
        let at = self.lexemes.span_between(self.after(left.span), self.after(left.span));
        let Some(operator) = operator(&op) else {
            let text = self.lexemes.plain(at);
            return self.report(problems::unknown_operator(at, &text));
        };
        if chained && operator.is_comparison() {
            return self.report(problems::chained_comparison(at, operator.sign()));
        }
        let span = left.span.to(right.span);
        Some(Expr { kind: ExprKind::Binary { operator, at, left, right }, span })
    }

    /// `left op ANY (array)`; with a query, `= ANY` is IN and `<> ALL` is NOT IN.
    pub(super) fn quantified(
        &mut self,
        left: sq::Expr,
        op: sq::BinaryOperator,
        right: sq::Expr,
        all: bool,
    ) -> Option<Expr> {
        let chained = is_comparison(&left);
        let operand = self.boxed(left)?;
        let sign = self.after(operand.span);
        let at = self.lexemes.span_between(sign, sign);
        let span = self.closed(operand.span, sign + 2);
        let Some(operator) = operator(&op).filter(|operator| operator.is_comparison()) else {
            let text = self.lexemes.plain(at);
            return self.report(problems::unknown_operator(at, &text));
        };
        if chained {
            return self.report(problems::chained_comparison(at, operator.sign()));
        }
        let kind = match (right, operator, all) {
            (sq::Expr::Subquery(query), BinaryOp::Equal, false) => {
                ExprKind::InQuery { operand, query: self.boxed_query(*query)?, negated: false }
            }
            (sq::Expr::Subquery(query), BinaryOp::NotEqual, true) => {
                ExprKind::InQuery { operand, query: self.boxed_query(*query)?, negated: true }
            }
            (sq::Expr::Subquery(_), _, _) => {
                let help =
                    "use `EXISTS` with the comparison in its `WHERE`, or compare with `min()` or `max()`";
                return self.refuse(span, "a comparison with `ANY` or `ALL` rows of a query", help);
            }
            (array, operator, all) => {
                ExprKind::Quantified { operator, all, left: operand, array: self.boxed(array)? }
            }
        };
        Some(Expr { kind, span })
    }

    /// Tests, and whatever else is no expression of the language.
    pub(super) fn test(&mut self, expr: sq::Expr) -> Option<Expr> {
        match expr {
            sq::Expr::IsNull(operand) => {
                self.is(*operand, |operand| ExprKind::IsNull { operand, negated: false })
            }
            sq::Expr::IsNotNull(operand) => {
                self.is(*operand, |operand| ExprKind::IsNull { operand, negated: true })
            }
            sq::Expr::IsTrue(operand) => self.is_truth(*operand, true, false),
            sq::Expr::IsNotTrue(operand) => self.is_truth(*operand, true, true),
            sq::Expr::IsFalse(operand) => self.is_truth(*operand, false, false),
            sq::Expr::IsNotFalse(operand) => self.is_truth(*operand, false, true),
            sq::Expr::IsDistinctFrom(left, right) => self.is_distinct(*left, *right, false),
            sq::Expr::IsNotDistinctFrom(left, right) => self.is_distinct(*left, *right, true),
            sq::Expr::Between { expr, negated, low, high } => self.between(*expr, *low, *high, negated),
            sq::Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like(*expr, *pattern, escape_char.map(|escape| *escape), negated)
            }
            sq::Expr::InList { expr, list, negated } => self.in_list(*expr, list, negated),
            sq::Expr::InSubquery { expr, subquery, negated } => self.in_query(*expr, *subquery, negated),
            sq::Expr::Like { .. } => {
                let at = self.place(&expr);
                self.refuse(at, "LIKE ANY", "join the patterns by `OR`")
            }
            sq::Expr::Named { expr, name: _ } => {
                let at = self.place(&*expr);
                self.refuse(at, "a name for an argument", "leave it out")
            }
            sq::Expr::Tuple(_) => {
                let at = self.bracketed(self.place(&expr));
                self.refuse(at, "a row of values", "compare the columns one by one, joined by `AND`")
            }
            other => {
                let at = self.place(&other);
                self.refuse(at, "this expression", "")
            }
        }
    }

    /// `operand IS [NOT] word`, or ISNULL and NOTNULL.
    fn is(&mut self, operand: sq::Expr, kind: impl FnOnce(Box<Expr>) -> ExprKind) -> Option<Expr> {
        use sqlparser::keywords::Keyword::{IS, NOT};
        let operand = self.boxed(operand)?;
        let mut last = self.after(operand.span);
        last += usize::from(self.lexemes.keyword(last) == IS);
        last += usize::from(self.lexemes.keyword(last) == NOT);
        let span = self.up_to(operand.span, last);
        Some(Expr { kind: kind(operand), span })
    }

    fn is_truth(&mut self, operand: sq::Expr, truth: bool, negated: bool) -> Option<Expr> {
        self.is(operand, |operand| ExprKind::IsTruth { operand, truth, negated })
    }

    fn is_distinct(&mut self, left: sq::Expr, right: sq::Expr, negated: bool) -> Option<Expr> {
        let left = self.boxed(left);
        let right = self.boxed(right);
        let (left, right) = (left?, right?);
        let span = left.span.to(right.span);
        Some(Expr { kind: ExprKind::IsDistinct { left, right, negated }, span })
    }

    fn between(&mut self, operand: sq::Expr, low: sq::Expr, high: sq::Expr, negated: bool) -> Option<Expr> {
        let operand = self.boxed(operand);
        let low = self.boxed(low);
        let high = self.boxed(high);
        let (operand, low, high) = (operand?, low?, high?);
        let span = operand.span.to(high.span);
        Some(Expr { kind: ExprKind::Between { operand, low, high, negated }, span })
    }

    fn like(
        &mut self,
        operand: sq::Expr,
        pattern: sq::Expr,
        escape: Option<sq::Expr>,
        negated: bool,
    ) -> Option<Expr> {
        let end = escape.as_ref().map(|escape| self.place(escape));
        let operand = self.boxed(operand);
        let pattern = self.boxed(pattern);
        let escape = self.maybe(escape, Self::escape);
        let (operand, pattern) = (operand?, pattern?);
        let span = operand.span.to(end.unwrap_or(pattern.span));
        Some(Expr { kind: ExprKind::Like { operand, pattern, escape: escape?, negated }, span })
    }

    fn in_list(&mut self, operand: sq::Expr, list: Vec<sq::Expr>, negated: bool) -> Option<Expr> {
        let operand = self.boxed(operand);
        let list = self.expressions(list);
        let (operand, list) = (operand?, list?);
        let span = self.in_span(operand.span);
        Some(Expr { kind: ExprKind::InList { operand, list, negated }, span })
    }

    fn in_query(&mut self, operand: sq::Expr, query: sq::Query, negated: bool) -> Option<Expr> {
        let operand = self.boxed(operand);
        let query = self.boxed_query(query);
        let (operand, query) = (operand?, query?);
        let span = self.in_span(operand.span);
        Some(Expr { kind: ExprKind::InQuery { operand, query, negated }, span })
    }

    /// From the operand to the bracket that closes the list after `[NOT] IN`.
    fn in_span(&self, operand: Span) -> Span {
        let mut open = self.after(operand);
        while open < self.lexemes.list.len() && !self.lexemes.is_sign(open, Sign::Open) {
            open += 1;
        }
        self.closed(operand, open)
    }
}

/// True for a comparison that stands in no parentheses.
fn is_comparison(expr: &sq::Expr) -> bool {
    match expr {
        sq::Expr::BinaryOp { left: _, op, right: _ } => operator(op).is_some_and(BinaryOp::is_comparison),
        sq::Expr::AnyOp { .. } | sq::Expr::AllOp { .. } => true,
        _ => false,
    }
}

fn operator(op: &sq::BinaryOperator) -> Option<BinaryOp> {
    Some(match op {
        sq::BinaryOperator::Or => BinaryOp::Or,
        sq::BinaryOperator::And => BinaryOp::And,
        sq::BinaryOperator::Eq => BinaryOp::Equal,
        sq::BinaryOperator::NotEq => BinaryOp::NotEqual,
        sq::BinaryOperator::Lt => BinaryOp::Less,
        sq::BinaryOperator::LtEq => BinaryOp::LessEqual,
        sq::BinaryOperator::Gt => BinaryOp::Greater,
        sq::BinaryOperator::GtEq => BinaryOp::GreaterEqual,
        sq::BinaryOperator::StringConcat => BinaryOp::Concat,
        sq::BinaryOperator::Plus => BinaryOp::Add,
        sq::BinaryOperator::Minus => BinaryOp::Subtract,
        sq::BinaryOperator::Multiply => BinaryOp::Multiply,
        sq::BinaryOperator::Divide => BinaryOp::Divide,
        sq::BinaryOperator::Modulo => BinaryOp::Modulo,
        sq::BinaryOperator::PGExp => BinaryOp::Power,
        _ => return None,
    })
}
