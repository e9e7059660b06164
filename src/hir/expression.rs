use super::{Callee, LocalId, OrderBy, Query, RelationId};
use crate::language::functions::Function;
use crate::language::{ContextValue, Type};
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, FrameUnit, UnaryOp};

/// A typed expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Never `Unknown`; `Null` only for a bare null whose context gave it no type.
    pub ty: Type,
    /// True if it may be null.
    pub nullable: bool,
    /// Where.
    pub span: Span,
}

/// What an expression computes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExprKind {
    /// A value of the expression's type.
    Literal(Literal),
    /// A parameter or variable.
    Local(LocalId),
    /// `@name`
    Context(ContextValue),
    /// A column of a relation, by index.
    Column {
        /// Whose.
        relation: RelationId,
        /// Index into the relation's columns.
        column: usize,
    },
    /// Prefix operator.
    Unary {
        /// Which.
        operator: UnaryOp,
        /// On what.
        operand: Box<Expr>,
    },
    /// Infix operator other than AND and OR; both operands have the types its rule asks for.
    Binary {
        /// Which.
        operator: BinaryOp,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// AND of at least two.
    And(Vec<Expr>),
    /// OR of at least two.
    Or(Vec<Expr>),
    /// `IS [NOT] NULL`
    IsNull {
        /// On what.
        operand: Box<Expr>,
        /// NOT
        negated: bool,
    },
    /// `IS [NOT] TRUE|FALSE`
    IsTruth {
        /// On what.
        operand: Box<Expr>,
        /// TRUE or FALSE.
        truth: bool,
        /// NOT
        negated: bool,
    },
    /// `IS [NOT] DISTINCT FROM`
    IsDistinct {
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
        /// NOT
        negated: bool,
    },
    /// `[NOT] BETWEEN`
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
    /// `[NOT] LIKE`
    Like {
        /// On what.
        operand: Box<Expr>,
        /// The pattern.
        pattern: Box<Expr>,
        /// The escape, if not the backslash: one character or none.
        escape: Option<String>,
        /// NOT
        negated: bool,
    },
    /// `[NOT] IN (list)`
    InList {
        /// On what.
        operand: Box<Expr>,
        /// At least one.
        list: Vec<Expr>,
        /// NOT
        negated: bool,
    },
    /// `[NOT] IN (SELECT ..)`
    InQuery {
        /// On what.
        operand: Box<Expr>,
        /// One column.
        query: Box<Query>,
        /// NOT
        negated: bool,
    },
    /// op ANY|ALL (array)
    Quantified {
        /// A comparison.
        operator: BinaryOp,
        /// ALL
        all: bool,
        /// Left operand.
        left: Box<Expr>,
        /// An array of the left operand's type.
        array: Box<Expr>,
    },
    /// `[NOT] EXISTS`
    Exists {
        /// Any query.
        query: Box<Query>,
        /// NOT
        negated: bool,
    },
    /// A scalar subquery.
    Subquery(Box<Query>),
    /// CASE
    Case {
        /// Compared with every WHEN.
        operand: Option<Box<Expr>>,
        /// At least one.
        branches: Vec<Branch>,
        /// ELSE
        otherwise: Option<Box<Expr>>,
    },
    /// A cast to the expression's type, written or needed.
    Cast(Box<Expr>),
    /// `ARRAY[..]`
    Array(Vec<Expr>),
    /// `a[i]`
    Index {
        /// The array.
        array: Box<Expr>,
        /// 1-based.
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
    /// A function of the language.
    Function(Box<FunctionCall>),
    /// `ERROR(text)` where a value stands; its type is what the place asks for.
    Error(Box<Expr>),
    /// The one value of an action that gives a row of one column.
    Call {
        /// What is called.
        callee: Callee,
        /// One for every parameter, defaults filled in.
        arguments: Vec<Expr>,
    },
}

/// A value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Literal {
    /// `int`, `decimal` or `uint256`: digits with an optional `-` and point.
    Number(String),
    /// `text`
    Text(String),
    /// `blob`
    Blob(Vec<u8>),
    /// `bool`
    Bool(bool),
    /// null
    Null,
}

/// WHEN .. THEN ..
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Branch {
    /// A condition, or a value compared with the operand.
    pub condition: Expr,
    /// The result.
    pub value: Expr,
}

/// A call of a function of the language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionCall {
    /// Its row.
    pub function: &'static Function,
    /// In order; none for `count(*)`.
    pub arguments: Vec<Expr>,
    /// DISTINCT
    pub distinct: bool,
    /// ORDER BY inside the call.
    pub order_by: Vec<OrderBy>,
    /// FILTER
    pub filter: Option<Expr>,
    /// OVER
    pub over: Option<Window>,
}

/// A window, named windows written out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Window {
    /// PARTITION BY
    pub partition_by: Vec<Expr>,
    /// ORDER BY
    pub order_by: Vec<OrderBy>,
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
    /// Last row; none is the current row.
    pub end: Option<FrameBound>,
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

impl std::fmt::Display for Literal {
    /// As the language writes it.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Literal::Number(digits) => formatter.write_str(digits),
            Literal::Text(text) => write!(formatter, "'{}'", text.replace('\'', "''")),
            Literal::Blob(bytes) => write!(formatter, "0x{}", hex::encode(bytes)),
            Literal::Bool(value) => write!(formatter, "{value}"),
            Literal::Null => formatter.write_str("null"),
        }
    }
}

impl Expr {
    /// A value that was already reported as wrong.
    pub fn unknown(span: Span) -> Expr {
        Expr { kind: ExprKind::Literal(Literal::Null), ty: Type::Unknown, nullable: true, span }
    }
}
