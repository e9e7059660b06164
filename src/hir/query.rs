use super::{Callee, Expr};
use crate::interface::RowColumn;
use crate::language::Name;
use crate::source::Span;
use crate::syntax::ast::{JoinKind, SetOperator};

/// A query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// Leading CTEs, in order.
    pub ctes: Vec<CteId>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The rows.
    pub body: Body,
    /// The author's order.
    pub order_by: Vec<OrderBy>,
    /// At most so many rows.
    pub limit: Option<Expr>,
    /// After so many rows.
    pub offset: Option<Expr>,
    /// Names and types of its rows.
    pub columns: Vec<RowColumn>,
    /// Where.
    pub span: Span,
}

/// The rows of a query before they are ordered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// One SELECT.
    Select(Box<Select>),
    /// Two queries with the same types of columns.
    Operation {
        /// Which.
        operator: SetOperator,
        /// ALL
        all: bool,
        /// Left operand.
        left: Box<Query>,
        /// Right operand.
        right: Box<Query>,
    },
}

/// One SELECT.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Select {
    /// DISTINCT
    pub distinct: bool,
    /// The select list, stars written out.
    pub items: Vec<OutputItem>,
    /// FROM
    pub from: Option<From>,
    /// WHERE
    pub filter: Option<Expr>,
    /// GROUP BY
    pub group_by: Vec<Expr>,
    /// HAVING
    pub having: Option<Expr>,
    /// True if it groups: GROUP BY, HAVING or an aggregate in its list.
    pub grouped: bool,
    /// Where.
    pub span: Span,
}

/// An entry of a select list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputItem {
    /// The value.
    pub expr: Expr,
    /// Its name.
    pub name: Name,
}

/// A sort key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderBy {
    /// By what.
    pub key: OrderKey,
    /// DESC
    pub descending: bool,
    /// NULLS FIRST (true) or NULLS LAST (false), if written.
    pub nulls_first: Option<bool>,
}

/// What rows are sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OrderKey {
    /// A column of the result, by index.
    Output(usize),
    /// An expression over the relations.
    Expr(Expr),
}

/// FROM, as a tree of joins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct From {
    /// What.
    pub kind: FromKind,
    /// Where.
    pub span: Span,
}

/// A leaf or a join.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FromKind {
    /// One relation.
    Relation(RelationId),
    /// Two sides.
    Join {
        /// Which rows are kept.
        kind: JoinKind,
        /// Left side.
        left: Box<From>,
        /// Right side.
        right: Box<From>,
        /// None only for CROSS. USING is written out as equalities.
        on: Option<Expr>,
    },
}

/// Index into `Action::relations`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RelationId(pub u32);

/// One occurrence of something to select from or write to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Relation {
    /// Its alias, or its name; lowering makes names unique.
    pub name: Name,
    /// What its columns are here. An outer join does not change these; it makes expressions nullable.
    pub columns: Vec<RowColumn>,
    /// Where its rows come from.
    pub source: RelationSource,
    /// Where.
    pub span: Span,
}

/// Where a relation's rows come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RelationSource {
    /// A table of the action's own schema.
    Table(Name),
    /// A CTE.
    Cte(CteId),
    /// A subquery.
    Query {
        /// It.
        query: Box<Query>,
        /// True if it refers to relations on its left.
        lateral: bool,
    },
    /// The rows of a view.
    View(ViewCall),
    /// The elements of arrays, side by side.
    Unnest {
        /// One for every column, before the one that numbers the rows.
        arrays: Vec<Expr>,
        /// True if the last column numbers the rows from 1.
        ordinality: bool,
    },
    /// The row an INSERT .. ON CONFLICT was to insert.
    Excluded(Name),
}

/// A view used as a relation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ViewCall {
    /// The view.
    pub callee: Callee,
    /// One for every parameter, defaults filled in.
    pub arguments: Vec<Expr>,
    /// True if its query is put in the place of the call; else it is called as a function.
    pub spliced: bool,
    /// The call.
    pub span: Span,
}

/// Index into `Action::ctes`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CteId(pub u32);

/// A common table expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cte {
    /// Its name.
    pub name: Name,
    /// Its columns, renamed if it renames them.
    pub columns: Vec<RowColumn>,
    /// Where its rows come from.
    pub source: CteSource,
    /// True if its own query refers to it.
    pub recursive: bool,
    /// Its name in the source.
    pub span: Span,
}

/// Where a CTE's rows come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CteSource {
    /// A query.
    Query(Box<Query>),
    /// A view.
    View(ViewCall),
}
