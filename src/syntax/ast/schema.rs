use super::{Action, Foreign, Table};
use crate::language::Ident;
use crate::source::{SourceId, Span};

/// One schema file. Items that could not be read were reported and are left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ast {
    /// The file.
    pub source: SourceId,
    /// From `database NAME;`; none if it was missing or wrong, which was reported.
    pub name: Option<Ident>,
    /// In source order.
    pub items: Vec<Item>,
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

/// `use TARGET as ALIAS;`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Use {
    /// The schema meant.
    pub target: UseTarget,
    /// Its name in this file.
    pub alias: Ident,
    /// The whole item.
    pub span: Span,
}

/// Which schema a `use` means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UseTarget {
    /// `ens`: a network schema.
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
