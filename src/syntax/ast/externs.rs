use super::{Literal, Parameter, ReturnsClause, TypeName};
use crate::language::Ident;
use crate::source::Span;

/// `extern NAME [in SCHEMA];` and what follows it: functions that a host installs in PostgreSQL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extern {
    /// What `use` calls it.
    pub name: Ident,
    /// The PostgreSQL schema the functions are in; none where it has the extern's name.
    pub schema: Option<Ident>,
    /// In source order.
    pub config: Vec<ConfigEntry>,
    /// In source order.
    pub functions: Vec<ExternFunction>,
    /// From `extern` to its `;`.
    pub span: Span,
}

/// `config NAME TYPE [default LITERAL];`: what every `use` of the extern chooses a value for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigEntry {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeName,
    /// Stands in where a `use` says nothing.
    pub default: Option<Literal>,
    /// The whole item.
    pub span: Span,
}

/// `function NAME(parameters) [view] [returns ..];`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExternFunction {
    /// Its name, here and in PostgreSQL.
    pub name: Ident,
    /// In order; each has a type.
    pub parameters: Vec<Parameter>,
    /// True for `view`: it only reads.
    pub view: bool,
    /// The declared result.
    pub returns: Option<ReturnsClause>,
    /// The comment lines right above it, without their marks.
    pub doc: Option<String>,
    /// The whole item.
    pub span: Span,
}
