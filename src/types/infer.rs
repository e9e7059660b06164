//! Types of parameters that declare none, from every use.

use crate::language::Type;
use crate::source::Span;

/// How much a use says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Strength {
    /// A cast around it: perhaps a conversion, perhaps all that is ever said.
    Cast,
    /// A number literal beside it, which would follow any numeric type.
    Literal,
    /// The type of a column, an argument, another parameter.
    Strong,
}

/// One use that asks for a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Use {
    pub ty: Type,
    pub span: Span,
    pub strength: Strength,
}

/// What is known of one untyped parameter.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Evidence(Vec<Use>);

impl Evidence {
    pub fn add(&mut self, ty: &Type, span: Span, strength: Strength) {
        let known = |known: &Use| known.span == span && known.ty == *ty;
        if !ty.is_open() && !self.0.iter().any(known) {
            self.0.push(Use { ty: ty.clone(), span, strength });
        }
    }

    /// The uses that count: the strong ones if there are any.
    fn counting(&self) -> impl Iterator<Item = &Use> {
        let strongest = self.0.iter().map(|usage| usage.strength).max();
        self.0.iter().filter(move |usage| Some(usage.strength) == strongest)
    }

    /// The type the uses ask for: the first one's.
    pub fn ty(&self) -> Option<&Type> {
        self.counting().next().map(|usage| &usage.ty)
    }

    /// The first use and those that disagree with it, if any do.
    pub fn disagreement(&self) -> Option<(&Use, Vec<&Use>)> {
        let mut uses = self.counting();
        let first = uses.next()?;
        let others: Vec<&Use> = uses.filter(|usage| usage.ty != first.ty).collect();
        (!others.is_empty()).then_some((first, others))
    }
}
