use super::{Action, Extern, Foreign, Literal, Table, TestFile};
use crate::language::Ident;
use crate::source::{SourceId, Span};

/// One file: a schema, the interface of an extern, or tests. Items that could not be read were reported and are left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ast {
    /// The file.
    pub source: SourceId,
    /// From `database NAME;`; none for an interface or tests, or if it was missing or wrong, which was reported.
    pub name: Option<Ident>,
    /// In source order.
    pub items: Vec<Item>,
    /// What an interface file declares, which has no items.
    pub interface: Option<Extern>,
    /// What a file of tests says, which has no items.
    pub tests: Option<TestFile>,
}

/// A top-level item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// `use ens as ens;`
    Use(Use),
    /// `table t { .. }`
    Table(Table),
    /// `action a() public { .. }`
    Action(Action),
    /// `foreign procedure f(text) returns (int)`
    Foreign(Foreign),
}

/// `use TARGET [{key: literal, ..}] as ALIAS;`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Use {
    /// The schema or extern meant.
    pub target: UseTarget,
    /// What stands in braces.
    pub config: Option<UseConfig>,
    /// Its name in this file.
    pub alias: Ident,
    /// The whole item.
    pub span: Span,
}

/// `{key: literal, ..}`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UseConfig {
    /// In source order.
    pub entries: Vec<(Ident, Literal)>,
    /// With the braces.
    pub span: Span,
}

/// Which schema or extern a `use` means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UseTarget {
    /// `ens`: a network schema, or an extern.
    Network(Ident),
    /// `0xOWNER.name`: a user-owned schema.
    Owned {
        /// As written, with `0x`.
        owner: String,
        /// The schema's name.
        name: Ident,
        /// Both.
        span: Span,
    },
    /// `'x1234..'`: by DBID.
    Dbid {
        /// The text between the quotes.
        dbid: String,
        /// The literal.
        span: Span,
    },
}
