use sqlparser::ast as sq;
use sqlparser::keywords::Keyword;

use super::super::lexeme::Sign;
use super::super::problems;
use super::super::rewrite::NOTHING;
use super::Converter;
use crate::language::Type;
use crate::source::Span;
use crate::syntax::ast::{Branch, Expr, ExprKind, Query, TypeName, UnaryOp};

impl Converter<'_, '_, '_> {
    pub(super) fn boxed(&mut self, expr: sq::Expr) -> Option<Box<Expr>> {
        self.expr(expr).map(Box::new)
    }

    /// Any expression.
    pub(super) fn expr(&mut self, expr: sq::Expr) -> Option<Expr> {
        match expr {
            sq::Expr::Value(value) => self.literal(value),
            sq::Expr::Identifier(ident) => self.identifier(ident),
            sq::Expr::CompoundIdentifier(parts) => self.compound(parts),
            sq::Expr::CompoundFieldAccess { root, access_chain } => self.access(*root, access_chain),
            sq::Expr::Nested(inner) => self.nested(*inner),
            sq::Expr::Function(function) => self.function(function),
            sq::Expr::UnaryOp { op, expr } => self.unary(op, *expr),
            sq::Expr::BinaryOp { left, op, right } => self.binary(*left, op, *right),
            sq::Expr::AnyOp { left, compare_op, right, is_some: _ } => {
                self.quantified(*left, compare_op, *right, false)
            }
            sq::Expr::AllOp { left, compare_op, right } => self.quantified(*left, compare_op, *right, true),
            sq::Expr::Exists { subquery, negated } => self.exists(*subquery, negated),
            sq::Expr::Subquery(query) => {
                let query = self.query(*query)?;
                let span = self.bracketed(query.span);
                Some(Expr { kind: ExprKind::Subquery(Box::new(query)), span })
            }
            sq::Expr::Case { case_token, end_token, operand, conditions, else_result } => {
                let span = self.span(case_token.0.span).to(self.span(end_token.0.span));
                self.case(span, operand, conditions, else_result)
            }
            sq::Expr::Cast { kind, expr, data_type, format } => {
                self.cast(&kind, *expr, data_type, format.is_some())
            }
            sq::Expr::Array(sq::Array { elem, named }) => self.array(elem, named),
            other => self.test(other),
        }
    }

    fn nested(&mut self, inner: sq::Expr) -> Option<Expr> {
        let Expr { kind, span } = self.expr(inner)?;
        Some(Expr { kind, span: self.bracketed(span) })
    }

    /// `NOT e`; the signs were rewritten and come as calls.
    fn unary(&mut self, op: sq::UnaryOperator, operand: sq::Expr) -> Option<Expr> {
        let operand = self.boxed(operand)?;
        let before = self.preceding(operand.span);
        let span = self.down_to(operand.span, before);
        if op != sq::UnaryOperator::Not {
            let found =
                before.and_then(|before| self.lexemes.get(before)).map(|sign| self.lexemes.shown(sign));
            return self.report(problems::unexpected(span, &found.unwrap_or_default()));
        }
        Some(Expr { kind: ExprKind::Unary { operator: UnaryOp::Not, operand }, span })
    }

    fn exists(&mut self, query: sq::Query, negated: bool) -> Option<Expr> {
        let query = Box::new(self.query(query)?);
        let mut span = self.with_keyword(self.bracketed(query.span), Keyword::EXISTS);
        if negated {
            span = self.with_keyword(span, Keyword::NOT);
        }
        Some(Expr { kind: ExprKind::Exists { query, negated }, span })
    }

    fn case(
        &mut self,
        span: Span,
        operand: Option<Box<sq::Expr>>,
        conditions: Vec<sq::CaseWhen>,
        otherwise: Option<Box<sq::Expr>>,
    ) -> Option<Expr> {
        let operand = self.maybe(operand, |this, operand| this.boxed(*operand));
        let branches = self.each(conditions, |this, branch| {
            let sq::CaseWhen { condition, result } = branch;
            let condition = this.expr(condition);
            let value = this.expr(result);
            Some(Branch { condition: condition?, value: value? })
        });
        let otherwise = self.maybe(otherwise, |this, otherwise| this.boxed(*otherwise));
        let kind = ExprKind::Case { operand: operand?, branches: branches?, otherwise: otherwise? };
        Some(Expr { kind, span })
    }

    fn cast(
        &mut self,
        kind: &sq::CastKind,
        operand: sq::Expr,
        ty: sq::DataType,
        format: bool,
    ) -> Option<Expr> {
        let operand = self.boxed(operand);
        let ty = self.type_name(ty);
        let (operand, ty) = (operand?, ty?);
        self.require(!format, ty.span, "`CAST` with a format", "")?;
        let span = match kind {
            sq::CastKind::DoubleColon => operand.span.to(ty.span),
            sq::CastKind::Cast => self.with_keyword(self.bracketed(operand.span.to(ty.span)), Keyword::CAST),
            sq::CastKind::TryCast | sq::CastKind::SafeCast => {
                return self.refuse(ty.span, "this cast", "write `CAST(e AS type)`");
            }
        };
        Some(Expr { kind: ExprKind::Cast { operand, ty }, span })
    }

    /// The one word that a type was rewritten to.
    fn type_name(&mut self, ty: sq::DataType) -> Option<TypeName> {
        if let sq::DataType::Custom(name, modifiers) = ty {
            let (idents, span) = self.parts(name)?;
            let known = idents.first().and_then(|ident| Type::try_from(ident.value.clone()).ok());
            if let Some(ty) = known.filter(|_| idents.len() == 1) {
                if modifiers.is_empty() {
                    return Some(TypeName { ty, span });
                }
                // `a::int[] (b)`: what stands in the parentheses is no part of the type.
                let (at, found) = self.lexemes.found(self.lexemes.at_or_after(span.range().end));
                return self.report(problems::expected(at, "an operator or a clause", &found));
            }
        }
        self.report(problems::unexpected(self.lexemes.span, "a type"))
    }

    fn array(&mut self, elements: Vec<sq::Expr>, named: bool) -> Option<Expr> {
        let nothing = matches!(elements.as_slice(), [sq::Expr::Identifier(ident)] if ident.value == NOTHING);
        let (elements, open) = match elements.first() {
            // The mark for an empty literal stands at its opening bracket.
            Some(mark) if nothing => (Vec::new(), Some(self.first(self.place(mark)))),
            _ => {
                let elements = self.expressions(elements)?;
                let open = elements.first().and_then(|element| self.preceding(element.span));
                (elements, open)
            }
        };
        let open = open.filter(|open| self.lexemes.is_sign(*open, Sign::OpenBracket));
        let Some(lexeme) = open.and_then(|open| self.lexemes.get(open)) else {
            return self.report(problems::unexpected(self.lexemes.span, "an array"));
        };
        let mut span = self.closed(self.lexemes.span_of(lexeme), open?);
        if named {
            span = self.with_keyword(span, Keyword::ARRAY);
        }
        Some(Expr { kind: ExprKind::Array(elements), span })
    }

    /// `(SELECT ..)` around which something else stands.
    pub(super) fn boxed_query(&mut self, query: sq::Query) -> Option<Box<Query>> {
        self.query(query).map(Box::new)
    }
}
