use super::{Builder, Node};
use crate::syntax::ast::{Literal, LiteralKind};
use crate::syntax::grammar::Rule;
use crate::syntax::problems;

impl<'t> Builder<'t, '_, '_> {
    /// The value of a `literal` node.
    pub(super) fn literal(&mut self, node: &Node<'t>) -> Option<Literal> {
        let inner = node.children().next()?;
        let text = inner.text();
        let kind = match inner.rule() {
            Rule::integer_literal => LiteralKind::Integer(text.to_owned()),
            Rule::decimal_literal => LiteralKind::Decimal(text.to_owned()),
            Rule::text_literal => LiteralKind::Text(unquote(text)),
            Rule::blob_literal => LiteralKind::Blob(self.blob(&inner)),
            Rule::true_literal => LiteralKind::Bool(true),
            Rule::false_literal => LiteralKind::Bool(false),
            _ => LiteralKind::Null,
        };
        Some(Literal { kind, span: inner.span() })
    }

    fn blob(&mut self, node: &Node<'t>) -> Vec<u8> {
        let digits = node.text().get(2..).unwrap_or("");
        match hex::decode(digits) {
            Ok(bytes) if !bytes.is_empty() => bytes,
            _ => {
                self.reporter.report(problems::odd_blob(node.span()));
                Vec::new()
            }
        }
    }
}

/// `'it''s'` → `it's`
pub(super) fn unquote(text: &str) -> String {
    let inside = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(text);
    inside.replace("''", "'")
}
