//! Floor 3: the checked program, data only: every name bound, every expression typed. Nothing here is wrong; a
//! program with errors is not lowered.

mod action;
mod expression;
mod externs;
pub mod foreign;
pub mod keys;
mod query;
pub mod same;
mod schema;
mod statement;
mod testing;
mod uses;
pub mod walk;
pub mod window;

pub use crate::syntax::ast::{
    BinaryOp, FrameUnit, JoinKind, ReferentialAction, ReferentialActions, SetOperator, UnaryOp,
};
pub use action::{Action, Local, LocalId, Origin};
pub use expression::{Branch, Expr, ExprKind, Frame, FrameBound, FunctionCall, Literal, Window};
pub use externs::{ConfigValue, ExternTarget, ExternUse};
pub use query::{
    Body, Cte, CteId, CteSource, From, FromKind, OrderBy, OrderKey, OutputItem, Query, Relation, RelationId,
    RelationSource, Select, ViewCall,
};
pub use schema::{Check, Column, ForeignKey, Import, Index, Program, Schema, Table};
pub use statement::{
    Assignment, Callee, Conflict, ConflictAction, Delete, IfBranch, Insert, InsertSource, Statement,
    StatementKind, Update,
};
pub use testing::{Expectation, Test, TestStep};
pub use uses::Uses;
