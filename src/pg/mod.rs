//! Floor 1, a leaf over `source`: the part of PostgreSQL the compiler writes, as data, and the one place where it
//! becomes text. Knows nothing of the language being compiled.

mod change;
mod expression;
mod ident;
mod item;
mod plpgsql;
pub mod print;
mod query;
mod ty;
mod wrapper;

pub use change::{Alteration, Change};
pub use expression::{Branch, Call, Expr, Frame, FrameBound, FrameUnit, Namespace, SortKey, Window};
pub use ident::{Ident, QualifiedName};
pub use item::{
    Check, Column, ForeignKey, Function, Grant, Grantee, Header, Index, Item, Parameter, Readers,
    ReferentialAction, Result, Schema, Table, Volatility,
};
pub use plpgsql::{Command, PlBranch, PlStatement, PlStatementKind, Severity};
pub use query::{
    Assignment, Body, Conflict, ConflictAction, Cte, Delete, From, Insert, InsertSource, JoinKind,
    OutputItem, Query, Select, SetOperator, Update,
};
pub use ty::Type;
pub use wrapper::{RowType, SharedSchema, Wrapper};
