use sqlparser::ast as sq;

use super::super::problems;
use super::Converter;
use crate::language::DecimalType;
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, LiteralKind};

/// Digits of the largest `uint256`; what fits an `int` depends on the context and is decided with the types.
const INTEGER_DIGITS: usize = 78;

impl Converter<'_, '_, '_> {
    pub(super) fn literal(&mut self, value: sq::ValueWithSpan) -> Option<Expr> {
        let sq::ValueWithSpan { value, span } = value;
        let span = self.span(span);
        let kind = match value {
            sq::Value::Number(text, false) => self.number(text, span)?,
            sq::Value::SingleQuotedString(text) => LiteralKind::Text(text),
            sq::Value::HexStringLiteral(digits) => LiteralKind::Blob(self.blob(&digits, span)?),
            sq::Value::Boolean(value) => LiteralKind::Bool(value),
            sq::Value::Null => LiteralKind::Null,
            _ => {
                let (_, found) = self.lexemes.found(self.first(span));
                return self.report(problems::unexpected(span, &found));
            }
        };
        Some(Expr { kind: ExprKind::Literal(kind), span })
    }

    /// Digits with an optional sign and point.
    fn number(&mut self, text: String, span: Span) -> Option<LiteralKind> {
        let decimal = text.contains('.');
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let most = if decimal { usize::from(DecimalType::MAX_PRECISION) } else { INTEGER_DIGITS };
        if digits > most {
            return self.report(problems::number_too_long(span, digits, most));
        }
        Some(if decimal { LiteralKind::Decimal(text) } else { LiteralKind::Integer(text) })
    }

    fn blob(&mut self, digits: &str, span: Span) -> Option<Vec<u8>> {
        match hex::decode(digits) {
            Ok(bytes) => Some(bytes),
            Err(_) => self.report(problems::odd_blob(span)),
        }
    }

    /// `ESCAPE '..'`; empty if there is none.
    pub(super) fn escape(&mut self, escape: sq::Expr) -> Option<String> {
        let at = self.place(&escape);
        match escape {
            sq::Expr::Value(sq::ValueWithSpan { value: sq::Value::SingleQuotedString(text), span: _ })
                if text.chars().count() <= 1 =>
            {
                Some(text)
            }
            _ => self.report(problems::escape_form(at)),
        }
    }
}
