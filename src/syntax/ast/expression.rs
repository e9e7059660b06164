use super::{OrderBy, Query};
use crate::language::{Ident, Type};
use crate::source::Span;

/// A type where it is written; [`Type::Unknown`] if it was reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeName {
    /// Which.
    pub ty: Type,
    /// Where.
    pub span: Span,
}

/// A value written out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Literal {
    /// Which.
    pub kind: LiteralKind,
    /// Where, sign included.
    pub span: Span,
}

/// Kinds of literal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LiteralKind {
    /// Digits with an optional `-`.
    Integer(String),
    /// Digits, a point, digits, with an optional `-`.
    Decimal(String),
    /// The value, quotes undoubled.
    Text(String),
    /// `0x..`
    Blob(Vec<u8>),
    /// `true`, `false`
    Bool(bool),
    /// `null`
    Null,
}

/// An expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// What an expression computes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExprKind {
    /// A value.
    Literal(LiteralKind),
    /// `$name`
    Variable(Ident),
    /// `@name`
    Context(Ident),
    /// `[table.]column`
    Column {
        /// The qualifier.
        table: Option<Ident>,
        /// The column.
        column: Ident,
    },
    /// `$row.field`
    Field {
        /// The variable.
        variable: Ident,
        /// The field.
        field: Ident,
    },
    /// `-e`, `+e`, `NOT e`, `!e`
    Unary {
        /// Which.
        operator: UnaryOp,
        /// On what.
        operand: Box<Expr>,
    },
    /// `left op right`
    Binary {
        /// Which.
        operator: BinaryOp,
        /// Where the operator stands.
        at: Span,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `e IS [NOT] NULL`
    IsNull {
        /// On what.
        operand: Box<Expr>,
        /// `NOT`.
        negated: bool,
    },
    /// `e IS [NOT] TRUE|FALSE`
    IsTruth {
        /// On what.
        operand: Box<Expr>,
        /// TRUE or FALSE.
        truth: bool,
        /// `NOT`.
        negated: bool,
    },
    /// `left IS [NOT] DISTINCT FROM right`
    IsDistinct {
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
        /// `NOT`.
        negated: bool,
    },
    /// `e [NOT] BETWEEN low AND high`
    Between {
        /// On what.
        operand: Box<Expr>,
        /// Lower bound, inclusive.
        low: Box<Expr>,
        /// Upper bound, inclusive.
        high: Box<Expr>,
        /// `NOT`.
        negated: bool,
    },
    /// `e [NOT] LIKE pattern [ESCAPE 'c']`
    Like {
        /// On what.
        operand: Box<Expr>,
        /// The pattern.
        pattern: Box<Expr>,
        /// One character, or empty for none.
        escape: Option<String>,
        /// `NOT`.
        negated: bool,
    },
    /// `e [NOT] IN (list)`
    InList {
        /// On what.
        operand: Box<Expr>,
        /// At least one.
        list: Vec<Expr>,
        /// `NOT`.
        negated: bool,
    },
    /// `e [NOT] IN (SELECT ..)`
    InQuery {
        /// On what.
        operand: Box<Expr>,
        /// One column.
        query: Box<Query>,
        /// `NOT`.
        negated: bool,
    },
    /// `left op ANY|ALL (array)`
    Quantified {
        /// A comparison.
        operator: BinaryOp,
        /// True for ALL.
        all: bool,
        /// Left operand.
        left: Box<Expr>,
        /// An array.
        array: Box<Expr>,
    },
    /// `[NOT] EXISTS (SELECT ..)`
    Exists {
        /// Any query.
        query: Box<Query>,
        /// `NOT`.
        negated: bool,
    },
    /// `(SELECT ..)` as a value
    Subquery(Box<Query>),
    /// `CASE [operand] WHEN .. THEN .. [ELSE ..] END`
    Case {
        /// Compared with every WHEN.
        operand: Option<Box<Expr>>,
        /// At least one.
        branches: Vec<Branch>,
        /// `ELSE`.
        otherwise: Option<Box<Expr>>,
    },
    /// `e::type`, `CAST(e AS type)`
    Cast {
        /// On what.
        operand: Box<Expr>,
        /// To what.
        ty: TypeName,
    },
    /// `[a, b]`, `ARRAY[a, b]`
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
        /// First, 1-based, inclusive.
        low: Option<Box<Expr>>,
        /// Last, inclusive.
        high: Option<Box<Expr>>,
    },
    /// `f(..)`, `alias.f(..)`, with everything a call may carry
    Function(Box<FunctionCall>),
}

/// `WHEN condition THEN value`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Branch {
    /// A condition, or a value compared with the CASE operand.
    pub condition: Expr,
    /// The result.
    pub value: Expr,
}

/// `[alias.]name(arguments)`, or `name[dbid, action](arguments)`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// An import's alias.
    pub alias: Option<Ident>,
    /// A function or an action.
    pub name: Ident,
    /// True for a call of a foreign procedure, whose first two arguments stand in brackets.
    pub foreign: bool,
    /// In order.
    pub arguments: Vec<Expr>,
    /// From the name to the closing parenthesis.
    pub span: Span,
}

/// A call inside an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionCall {
    /// The function and its arguments; `count(*)` has none and `star` set.
    pub call: Call,
    /// `(*)`.
    pub star: bool,
    /// `DISTINCT` before the arguments.
    pub distinct: bool,
    /// `ORDER BY` inside the parentheses.
    pub order_by: Vec<OrderBy>,
    /// `FILTER (WHERE ..)`.
    pub filter: Option<Expr>,
    /// `OVER ..`.
    pub over: Option<Over>,
}

impl FunctionCall {
    /// `call` and nothing more.
    pub fn plain(call: Call) -> FunctionCall {
        FunctionCall { call, star: false, distinct: false, order_by: Vec::new(), filter: None, over: None }
    }

    /// True if it is nothing more than its call: no `*`, DISTINCT, ORDER BY, FILTER or OVER.
    pub fn is_plain(&self) -> bool {
        let FunctionCall { call: _, star, distinct, order_by, filter, over } = self;
        !star && !distinct && order_by.is_empty() && filter.is_none() && over.is_none()
    }
}

/// `OVER name` or `OVER (..)`
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Over {
    /// A window of the WINDOW clause.
    Named(Ident),
    /// Written out.
    Spec(WindowSpec),
}

/// `[name] [PARTITION BY ..] [ORDER BY ..] [frame]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WindowSpec {
    /// The window this one extends.
    pub base: Option<Ident>,
    /// `PARTITION BY`.
    pub partition_by: Vec<Expr>,
    /// `ORDER BY`.
    pub order_by: Vec<OrderBy>,
    /// `ROWS ..`, `RANGE ..`, `GROUPS ..`.
    pub frame: Option<Frame>,
    /// Where.
    pub span: Span,
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

/// In what a frame's offsets count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FrameUnit {
    /// `ROWS`
    Rows,
    /// `RANGE`
    Range,
    /// `GROUPS`
    Groups,
}

/// One end of a frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FrameBound {
    /// `UNBOUNDED PRECEDING`
    UnboundedPreceding,
    /// `n PRECEDING`
    Preceding(Box<Expr>),
    /// `CURRENT ROW`
    CurrentRow,
    /// `n FOLLOWING`
    Following(Box<Expr>),
    /// `UNBOUNDED FOLLOWING`
    UnboundedFollowing,
}

/// A prefix operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// `NOT`, and `!`, which binds tightest
    Not,
}

/// An infix operator.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BinaryOp {
    /// `OR`
    Or,
    /// `AND`
    And,
    /// `=`, `==`
    Equal,
    /// `<>`, `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `||`
    Concat,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `^`
    Power,
}

impl BinaryOp {
    /// As SQL writes it.
    pub fn sign(self) -> &'static str {
        match self {
            BinaryOp::Or => "OR",
            BinaryOp::And => "AND",
            BinaryOp::Equal => "=",
            BinaryOp::NotEqual => "<>",
            BinaryOp::Less => "<",
            BinaryOp::LessEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterEqual => ">=",
            BinaryOp::Concat => "||",
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Modulo => "%",
            BinaryOp::Power => "^",
        }
    }

    /// True for `=`, `<>`, `<`, `<=`, `>` and `>=`.
    pub fn is_comparison(self) -> bool {
        use BinaryOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
        matches!(self, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual)
    }

    /// True for AND and OR.
    pub fn is_logical(self) -> bool {
        matches!(self, BinaryOp::And | BinaryOp::Or)
    }
}
