use super::{Call, Expect, Expr, From, Query, SelectItem, SetContext, TypeName, With};
use crate::language::Ident;
use crate::source::Span;

/// One statement of an action, without its `;`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Where.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StatementKind {
    /// `f(..);`, `alias.f(..);`, `ERROR(..);`, `NOTICE(..);`
    Call(Call),
    /// `[WITH ..] SELECT ..;`
    Query(Query),
    /// `[WITH ..] INSERT ..;`
    Insert(Insert),
    /// `[WITH ..] UPDATE ..;`
    Update(Update),
    /// `[WITH ..] DELETE ..;`
    Delete(Delete),
    /// `$x T;`, `$x T := e;`
    Declare {
        /// Without `$`.
        variable: Ident,
        /// Its type.
        ty: TypeName,
        /// Its first value; none is null.
        value: Option<Expr>,
    },
    /// `$x := e;`, which declares `$x` if no variable of that name is in scope.
    Assign {
        /// Without `$`.
        variable: Ident,
        /// The value.
        value: Expr,
    },
    /// `$x := ..;`, `$a, _ := ..;` where what is assigned was reported: the variables are there all the same, so that
    /// their uses are not reported too.
    Faulty {
        /// Without `$`.
        variables: Vec<Ident>,
    },
    /// `$a[i] := e;`
    AssignElement {
        /// The array, without `$`.
        array: Ident,
        /// 1-based.
        index: Expr,
        /// The value.
        value: Expr,
    },
    /// `$a, _ := f(..);`, `_ := f(..);`
    Receive {
        /// One for every value of the call's row.
        receivers: Vec<Receiver>,
        /// The call.
        call: Call,
    },
    /// `if c {..} elseif c {..} else {..}`
    If {
        /// At least one.
        branches: Vec<IfBranch>,
        /// `else`.
        otherwise: Option<Vec<Statement>>,
    },
    /// `for $x in source {..}`
    For {
        /// Without `$`.
        variable: Ident,
        /// What it goes through.
        source: ForSource,
        /// In order.
        body: Vec<Statement>,
    },
    /// `break;`
    Break,
    /// `continue;`
    Continue,
    /// `return;`, `return e, e;`
    Return(Vec<Expr>),
    /// `return SELECT ..;`, `return WITH .. SELECT ..;`
    ReturnQuery(Query),
    /// `return next e, e;`
    ReturnNext(Vec<Expr>),
    /// `@caller := e;`, in tests.
    SetContext(SetContext),
    /// `expect ..;`, in tests.
    Expect(Expect),
}

/// What takes one value of a call's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receiver {
    /// A variable without `$`; none for `_`, which drops the value.
    pub variable: Option<Ident>,
    /// Where.
    pub span: Span,
}

/// `if condition {..}`, `elseif condition {..}`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IfBranch {
    /// A null is false.
    pub condition: Expr,
    /// In order.
    pub body: Vec<Statement>,
}

/// What a loop goes through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ForSource {
    /// `low..high`, both inclusive
    Range {
        /// First.
        low: Expr,
        /// Last.
        high: Expr,
    },
    /// `array e`, `$arr`, `[a, b]`
    Array(Expr),
    /// `SELECT ..`, `WITH .. SELECT ..`
    Query(Query),
    /// `f(..)`, `alias.f(..)`: the rows of an action
    Call(Call),
}

/// `INSERT INTO table [AS alias] [(columns)] source [ON CONFLICT ..] [RETURNING ..]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Insert {
    /// Leading CTEs.
    pub with: Option<With>,
    /// The target.
    pub table: Ident,
    /// Its name inside the statement.
    pub alias: Option<Ident>,
    /// Empty means all, in the table's order.
    pub columns: Vec<Ident>,
    /// The rows.
    pub source: InsertSource,
    /// `ON CONFLICT`.
    pub conflict: Option<Conflict>,
    /// `RETURNING`; empty for none.
    pub returning: Vec<SelectItem>,
}

/// Where inserted rows come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InsertSource {
    /// `VALUES (..), (..)`
    Values(Vec<Vec<Expr>>),
    /// `SELECT ..`
    Query(Box<Query>),
}

/// `ON CONFLICT [arbiter] DO ..`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// Which key; none means any, and only with DO NOTHING.
    pub arbiter: Option<Arbiter>,
    /// What then.
    pub action: ConflictAction,
    /// The whole clause.
    pub span: Span,
}

/// `(columns)`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arbiter {
    /// The columns of a key, in any order.
    pub columns: Vec<Ident>,
    /// Where.
    pub span: Span,
}

/// What to do with a row that is already there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConflictAction {
    /// `DO NOTHING`
    Nothing,
    /// `DO UPDATE SET .. [WHERE ..]`
    Update {
        /// The assignments.
        assignments: Vec<Assignment>,
        /// Only if it holds.
        filter: Option<Expr>,
    },
}

/// `column = value`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// The column.
    pub column: Ident,
    /// Its new value.
    pub value: Expr,
}

/// `UPDATE table [AS alias] SET .. [FROM ..] [WHERE ..] [RETURNING ..]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Update {
    /// Leading CTEs.
    pub with: Option<With>,
    /// The target.
    pub table: Ident,
    /// Its name inside the statement.
    pub alias: Option<Ident>,
    /// The assignments.
    pub assignments: Vec<Assignment>,
    /// Other relations.
    pub from: Option<From>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// `RETURNING`; empty for none.
    pub returning: Vec<SelectItem>,
}

/// `DELETE FROM table [AS alias] [WHERE ..] [RETURNING ..]`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delete {
    /// Leading CTEs.
    pub with: Option<With>,
    /// The target.
    pub table: Ident,
    /// Its name inside the statement.
    pub alias: Option<Ident>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// `RETURNING`; empty for none.
    pub returning: Vec<SelectItem>,
}
