use super::{Literal, Statement, TypeName};
use crate::language::{Ident, Modifier};
use crate::source::Span;

/// `action NAME(parameters) modifiers [returns ..] { statements }`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// Its name.
    pub name: Ident,
    /// In order.
    pub parameters: Vec<Parameter>,
    /// Known ones, in source order; unknown words were reported.
    pub modifiers: Vec<ModifierWord>,
    /// The declared result.
    pub returns: Option<ReturnsClause>,
    /// What stands before it, in source order.
    pub annotations: Vec<Annotation>,
    /// In order; statements that could not be read were reported and are left out.
    pub body: Vec<Statement>,
    /// True if a statement of the body could not be read, so that "unused" would be a guess.
    pub incomplete: bool,
    /// True if a statement of the body lacks the `{` of its own, so that what follows may stand in the wrong block.
    pub lost_brace: bool,
    /// The comment lines right above it, without their marks.
    pub doc: Option<String>,
    /// From the word `action` to the modifiers' end.
    pub header: Span,
    /// The whole item.
    pub span: Span,
}

/// `foreign procedure NAME(parameters) [returns ..]`: an action of a schema that is named when it is called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Foreign {
    /// What calls of it say.
    pub name: Ident,
    /// In order.
    pub parameters: Vec<ForeignParameter>,
    /// The declared result.
    pub returns: Option<ReturnsClause>,
    /// The comment lines right above it, without their marks.
    pub doc: Option<String>,
    /// The whole item.
    pub span: Span,
}

/// `[$NAME] TYPE`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForeignParameter {
    /// Without `$`; means nothing.
    pub name: Option<Ident>,
    /// Its type.
    pub ty: TypeName,
    /// The whole parameter.
    pub span: Span,
}

/// `@NAME(key = LITERAL, ..)`: something the compiler only hands on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Annotation {
    /// Without `@`.
    pub name: Ident,
    /// In source order.
    pub entries: Vec<(Ident, Literal)>,
}

/// `$NAME [TYPE] [default LITERAL]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Without `$`.
    pub name: Ident,
    /// Declared; none is inferred from its uses.
    pub ty: Option<TypeName>,
    /// Stands in for an argument left out.
    pub default: Option<Literal>,
    /// The whole parameter.
    pub span: Span,
}

/// A modifier where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ModifierWord {
    /// Which.
    pub modifier: Modifier,
    /// Where.
    pub span: Span,
}

/// `returns (..)` or `returns table(..)`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReturnsClause {
    /// True for `returns table`.
    pub table: bool,
    /// In order.
    pub columns: Vec<ReturnColumn>,
    /// The whole clause.
    pub span: Span,
}

/// One column of a declared result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReturnColumn {
    /// Always there in `returns table`.
    pub name: Option<Ident>,
    /// Its type.
    pub ty: TypeName,
}
