//! What one file says, with nothing resolved: data only. Expressions, queries and statements know nothing that is
//! true of schema files only, so that a second front end can reuse them.

mod action;
mod expression;
mod externs;
mod query;
mod schema;
mod statement;
mod table;
mod testing;

pub use action::{
    Action, Annotation, Foreign, ForeignParameter, ModifierWord, Parameter, ReturnColumn, ReturnsClause,
};
pub use expression::{
    BinaryOp, Branch, Call, Expr, ExprKind, Frame, FrameBound, FrameUnit, FunctionCall, Literal, LiteralKind,
    Over, TypeName, UnaryOp, WindowSpec,
};
pub use externs::{ConfigEntry, Extern, ExternFunction};
pub use query::{
    Cte, CteBody, From, Join, JoinCondition, JoinKind, NamedWindow, OrderBy, Query, QueryBody, Relation,
    RelationKind, Select, SelectItem, SetOperator, With,
};
pub use schema::{Ast, Item, Use, UseConfig, UseTarget};
pub use statement::{
    Arbiter, Assignment, Conflict, ConflictAction, Delete, ForSource, IfBranch, Insert, InsertSource,
    Receiver, Statement, StatementKind, Update,
};
pub use table::{
    Attribute, AttributeKind, Column, ForeignKey, Index, IndexKind, ReferentialAction, ReferentialActions,
    Table,
};
pub use testing::{Expect, SetContext, Subject, Test, TestFile};
