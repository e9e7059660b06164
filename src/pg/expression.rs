use super::{Ident, Query, Type};

/// An expression. The printer puts parentheses from the tree, never from the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expr {
    /// Digits with an optional sign and point.
    Number(String),
    /// A string.
    Text(String),
    /// Bytes: `'\x..'::bytea`
    Bytes(Vec<u8>),
    /// `true`, `false`
    Bool(bool),
    /// `NULL`
    Null,
    /// A parameter or variable of the function: `"$name"`
    Variable(Ident),
    /// A parameter of the function by its place, whatever it is called: `$1`
    Argument(usize),
    /// `FOUND`: whether the SELECT before had a row
    Found,
    /// A field of a composite variable: `("@ctx").caller`
    Field {
        /// The variable.
        variable: Ident,
        /// The field.
        field: Ident,
    },
    /// `relation.column`
    Column {
        /// An alias of FROM.
        relation: Ident,
        /// Its column.
        column: Ident,
    },
    /// A bare output column, in ORDER BY of a set operation.
    Output(Ident),
    /// `*` as in `count(*)`
    Star,
    /// `-e`, `+e`, `NOT e`
    Unary {
        /// The operator.
        operator: &'static str,
        /// Its operand.
        operand: Box<Expr>,
    },
    /// `left operator right`
    Binary {
        /// The operator.
        operator: &'static str,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `a AND b AND ..`
    And(Vec<Expr>),
    /// `a OR b OR ..`
    Or(Vec<Expr>),
    /// `e IS ..`, with the words after IS: `NULL`, `NOT NULL`, `TRUE`, `NOT FALSE`, ..
    Is {
        /// On what.
        operand: Box<Expr>,
        /// The words.
        what: &'static str,
    },
    /// `left IS [NOT] DISTINCT FROM right`
    IsDistinct {
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
        /// NOT
        negated: bool,
    },
    /// `e [NOT] BETWEEN low AND high`
    Between {
        /// On what.
        operand: Box<Expr>,
        /// Lower bound.
        low: Box<Expr>,
        /// Upper bound.
        high: Box<Expr>,
        /// NOT
        negated: bool,
    },
    /// `e [NOT] LIKE pattern [ESCAPE ..]`
    Like {
        /// On what.
        operand: Box<Expr>,
        /// The pattern.
        pattern: Box<Expr>,
        /// The escape character, or empty for none.
        escape: Option<String>,
        /// NOT
        negated: bool,
    },
    /// `e [NOT] IN (a, b)`
    InList {
        /// On what.
        operand: Box<Expr>,
        /// At least one.
        list: Vec<Expr>,
        /// NOT
        negated: bool,
    },
    /// `e [NOT] IN (SELECT ..)`
    InQuery {
        /// On what.
        operand: Box<Expr>,
        /// One column.
        query: Box<Query>,
        /// NOT
        negated: bool,
    },
    /// `left operator ANY|ALL (array)`
    Quantified {
        /// A comparison.
        operator: &'static str,
        /// ALL
        all: bool,
        /// Left operand.
        left: Box<Expr>,
        /// The array.
        array: Box<Expr>,
    },
    /// `[NOT] EXISTS (SELECT ..)`
    Exists {
        /// The query.
        query: Box<Query>,
        /// NOT
        negated: bool,
    },
    /// `(SELECT ..)`
    Subquery(Box<Query>),
    /// `CASE [operand] WHEN .. THEN .. [ELSE ..] END`
    Case {
        /// Compared with every WHEN.
        operand: Option<Box<Expr>>,
        /// At least one.
        branches: Vec<Branch>,
        /// ELSE
        otherwise: Option<Box<Expr>>,
    },
    /// `e::type`
    Cast(Box<Expr>, Type),
    /// `e COLLATE "C"`
    CollateC(Box<Expr>),
    /// `ARRAY[..]`
    Array(Vec<Expr>),
    /// `a[i]`
    Index {
        /// The array.
        array: Box<Expr>,
        /// The index.
        index: Box<Expr>,
    },
    /// `a[low:high]`
    Slice {
        /// The array.
        array: Box<Expr>,
        /// First.
        low: Option<Box<Expr>>,
        /// Last.
        high: Option<Box<Expr>>,
    },
    /// `ROW(..)`
    Row(Vec<Expr>),
    /// A call.
    Call(Box<Call>),
}

/// `WHEN .. THEN ..`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Branch {
    /// The condition, or a value compared with the operand.
    pub condition: Expr,
    /// The result.
    pub value: Expr,
}

/// Where a called name lives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Namespace {
    /// `pg_catalog.name(..)`
    Catalog,
    /// `kf.name(..)`
    Kf,
    /// `NAME(..)`: a form of the grammar, such as COALESCE
    Grammar,
    /// A dataset's schema, or one that somebody else fills.
    Schema(Ident),
}

/// A function call with everything it may carry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// Where the name lives.
    pub namespace: Namespace,
    /// The function.
    pub name: Ident,
    /// In order.
    pub arguments: Vec<Expr>,
    /// DISTINCT
    pub distinct: bool,
    /// ORDER BY inside the call.
    pub order_by: Vec<SortKey>,
    /// FILTER
    pub filter: Option<Expr>,
    /// OVER
    pub over: Option<Window>,
}

impl Call {
    /// `namespace.name(arguments)` and nothing more.
    pub fn plain(namespace: Namespace, name: &str, arguments: Vec<Expr>) -> Call {
        Call {
            namespace,
            name: Ident::new(name),
            arguments,
            distinct: false,
            order_by: Vec::new(),
            filter: None,
            over: None,
        }
    }
}

/// `e [DESC] [NULLS FIRST|LAST]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SortKey {
    /// The key.
    pub expr: Expr,
    /// DESC
    pub descending: bool,
    /// NULLS FIRST (true) or LAST (false); none where PostgreSQL's default is meant or nulls cannot come.
    pub nulls_first: Option<bool>,
}

/// `OVER (..)`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Window {
    /// PARTITION BY
    pub partition_by: Vec<Expr>,
    /// ORDER BY
    pub order_by: Vec<SortKey>,
    /// Frame.
    pub frame: Option<Frame>,
}

/// A window frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// In what offsets count.
    pub unit: FrameUnit,
    /// First row.
    pub start: FrameBound,
    /// Last row.
    pub end: Option<FrameBound>,
}

/// In what a frame's offsets count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FrameUnit {
    /// ROWS
    Rows,
    /// RANGE
    Range,
    /// GROUPS
    Groups,
}

/// One end of a frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FrameBound {
    /// UNBOUNDED PRECEDING
    UnboundedPreceding,
    /// n PRECEDING
    Preceding(Box<Expr>),
    /// CURRENT ROW
    CurrentRow,
    /// n FOLLOWING
    Following(Box<Expr>),
    /// UNBOUNDED FOLLOWING
    UnboundedFollowing,
}
