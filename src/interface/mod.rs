//! Floor 2: what crosses the wall between the compiler and everything else, as serde data: what importers see
//! ([`Interface`]), what a dataset reads, writes and calls ([`Manifest`]), its tables ([`Table`]), and what
//! is deployed ([`Package`]).

mod dbid;
mod expose;
mod externs;
mod manifest;
mod options;
mod package;
mod signature;
mod table;
mod testing;

pub use dbid::{Dbid, Owner};
pub use expose::{Expose, Exposed, Exposure, Identity, Integers, Roles, Rows};
pub use externs::ExternFunction;
pub use manifest::{Access, ActionManifest, CallEdge, Determinism, Manifest};
pub use options::{Imported, Options, Pinned, Profile};
pub use package::{BodyLine, Package, Statement, StatementKind};
pub use signature::{Interface, Parameter, Returns, RowColumn, Signature};
pub use table::{
    Bound, OnChange, Table, TableCheck, TableColumn, TableForeignKey, TableIndex, TableKey, Value,
};
pub use testing::{Expectation, Expected, Point, PointKind, Test};
