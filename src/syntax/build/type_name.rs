use super::{Builder, Node};
use crate::language::{DecimalType, Type};
use crate::syntax::ast::TypeName;
use crate::syntax::grammar::Rule;
use crate::syntax::problems;

const FLOATS: &[&str] = &["float", "float4", "float8", "real", "double"];

impl<'t> Builder<'t, '_, '_> {
    /// The type in a `type_name` node; [`Type::Unknown`] if it was reported.
    pub(super) fn type_name(&mut self, node: &Node<'t>) -> TypeName {
        let element = self.element_type(node);
        let mut marks = node.all(Rule::array_mark);
        let ty = match (marks.next(), marks.next()) {
            (Some(_), Some(second)) => {
                self.reporter.report(problems::nested_array(second.span()));
                Type::Unknown
            }
            (Some(_), None) if element != Type::Unknown => Type::array(element),
            _ => element,
        };
        TypeName { ty, span: node.span() }
    }

    fn element_type(&mut self, node: &Node<'t>) -> Type {
        let Some(word) = node.child(Rule::type_word) else { return Type::Unknown };
        let span = word.span();
        if node.child(Rule::qualifier).is_some() {
            self.reporter.report(problems::qualified_type(node.span(), word.text()));
            return Type::Unknown;
        }
        let lower = word.text().to_ascii_lowercase();
        let precision = node.child(Rule::precision);
        if matches!(lower.as_str(), "decimal" | "numeric") {
            return self.decimal(&lower, span, precision);
        }
        let problem = match (Type::from_word(&lower), precision) {
            (Some(ty), None) => return ty,
            (Some(_), Some(precision)) => problems::type_takes_nothing(precision.span(), &lower),
            _ if FLOATS.contains(&lower.as_str()) => problems::float_type(span, word.text()),
            _ => problems::unknown_type(span, word.text()),
        };
        self.reporter.report(problem);
        Type::Unknown
    }

    fn decimal(&mut self, word: &str, span: crate::source::Span, precision: Option<Node<'t>>) -> Type {
        let Some(precision) = precision else {
            self.reporter.report(problems::bare_decimal(span, word));
            return Type::Unknown;
        };
        let mut numbers = precision.all(Rule::digits).map(|digits| digits.text().parse::<u16>().ok());
        let Some(total) = numbers.next() else { return Type::Unknown };
        let Some(scale) = numbers.next() else {
            self.reporter.report(problems::bare_decimal(span, word));
            return Type::Unknown;
        };
        match (total, scale) {
            (Some(total @ 1..=DecimalType::MAX_PRECISION), Some(scale)) if scale <= total => {
                Type::decimal(total, scale)
            }
            _ => {
                self.reporter.report(problems::decimal_range(precision.span()));
                Type::Unknown
            }
        }
    }
}
