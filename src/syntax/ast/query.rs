use super::{Call, Expr, WindowSpec};
use crate::language::Ident;
use crate::source::Span;

/// `[WITH ..] body [ORDER BY ..] [LIMIT ..] [OFFSET ..]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// Leading CTEs.
    pub with: Option<With>,
    /// The rows.
    pub body: QueryBody,
    /// The author's order.
    pub order_by: Vec<OrderBy>,
    /// At most so many rows.
    pub limit: Option<Expr>,
    /// After so many rows.
    pub offset: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// The rows of a query before they are ordered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum QueryBody {
    /// One SELECT.
    Select(Box<Select>),
    /// Two queries joined by a set operator; operands with an order or limit of their own stood in parentheses.
    Operation {
        /// Which.
        operator: SetOperator,
        /// True for `ALL`.
        all: bool,
        /// Left operand.
        left: Box<Query>,
        /// Right operand.
        right: Box<Query>,
    },
}

/// A set operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetOperator {
    /// `UNION`
    Union,
    /// `INTERSECT`
    Intersect,
    /// `EXCEPT`
    Except,
}

/// `WITH [RECURSIVE] ctes`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct With {
    /// `RECURSIVE`.
    pub recursive: bool,
    /// In order.
    pub ctes: Vec<Cte>,
    /// Where.
    pub span: Span,
}

/// `name [(columns)] AS ..`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cte {
    /// Its name.
    pub name: Ident,
    /// New names for its columns; empty keeps them.
    pub columns: Vec<Ident>,
    /// Its rows.
    pub body: CteBody,
}

/// Where a CTE's rows come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CteBody {
    /// `AS (SELECT ..)`
    Query(Box<Query>),
    /// `AS alias.view(..)`
    Call(Call),
}

/// `SELECT [DISTINCT] items [FROM ..] [WHERE ..] [GROUP BY ..] [HAVING ..] [WINDOW ..]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Select {
    /// `DISTINCT`.
    pub distinct: bool,
    /// In order.
    pub items: Vec<SelectItem>,
    /// The relations.
    pub from: Option<From>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `GROUP BY`.
    pub group_by: Vec<Expr>,
    /// `HAVING`.
    pub having: Option<Expr>,
    /// `WINDOW name AS (..)`.
    pub windows: Vec<NamedWindow>,
    /// Where.
    pub span: Span,
}

/// A named window.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedWindow {
    /// Its name.
    pub name: Ident,
    /// What it is.
    pub spec: WindowSpec,
}

/// One entry of a select list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SelectItem {
    /// `expr [AS alias]`
    Expr {
        /// The value.
        expr: Expr,
        /// Its name.
        alias: Option<Ident>,
    },
    /// `*`
    Star(Span),
    /// `table.*`
    TableStar {
        /// The relation.
        table: Ident,
        /// Where.
        span: Span,
    },
}

/// `expr [ASC|DESC] [NULLS FIRST|LAST]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderBy {
    /// The key: an expression, an output name or an output number.
    pub expr: Expr,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` (true) or `NULLS LAST` (false), if written.
    pub nulls_first: Option<bool>,
}

/// `relation joins`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct From {
    /// The leftmost relation.
    pub first: Relation,
    /// In order.
    pub joins: Vec<Join>,
}

/// `KIND JOIN relation condition`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Join {
    /// Which.
    pub kind: JoinKind,
    /// The right side.
    pub relation: Relation,
    /// How rows meet; `None` only for CROSS.
    pub condition: JoinCondition,
    /// From the word JOIN's beginning to the condition's end.
    pub span: Span,
}

/// Which rows a join keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JoinKind {
    /// `INNER JOIN`, `JOIN`
    Inner,
    /// `LEFT JOIN`
    Left,
    /// `RIGHT JOIN`
    Right,
    /// `FULL JOIN`
    Full,
    /// `CROSS JOIN`
    Cross,
}

/// How rows of a join meet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JoinCondition {
    /// `ON expr`
    On(Expr),
    /// `USING (columns)`
    Using(Vec<Ident>),
    /// CROSS
    None,
}

/// Something to select from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Relation {
    /// What.
    pub kind: RelationKind,
    /// `[AS] alias`.
    pub alias: Option<Ident>,
    /// New names for its columns after the alias; empty keeps them.
    pub columns: Vec<Ident>,
    /// Where.
    pub span: Span,
}

/// What a relation is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RelationKind {
    /// A table or a CTE.
    Named(Ident),
    /// `[LATERAL] (SELECT ..)`
    Query {
        /// The subquery.
        query: Box<Query>,
        /// True if it may refer to relations on its left.
        lateral: bool,
    },
    /// `alias.view(..)`, `view(..)` or a function that returns rows.
    Call(Call),
    /// `unnest(array, ..) [WITH ORDINALITY]`
    Unnest {
        /// Each of them makes a column; the shorter ones go on with nulls.
        arrays: Vec<Expr>,
        /// True if a last column numbers the rows from 1.
        ordinality: bool,
    },
    /// `(relation joins)`
    Nested(Box<From>),
}
