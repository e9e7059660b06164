use super::{CteId, Expr, From, LocalId, OutputItem, Query, RelationId, TestStep};
use crate::interface::Dbid;
use crate::language::Name;
use crate::source::Span;

/// One statement of an action.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// True if its rows are the action's result.
    pub is_result: bool,
    /// Where.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StatementKind {
    /// A SELECT: the action's result, or run and thrown away.
    Query(Query),
    /// INSERT
    Insert(Insert),
    /// UPDATE
    Update(Update),
    /// DELETE
    Delete(Delete),
    /// A call whose result, if any, is thrown away.
    Call {
        /// What is called.
        callee: Callee,
        /// One for every parameter, defaults filled in.
        arguments: Vec<Expr>,
    },
    /// `SELECT CASE WHEN condition THEN ERROR(message) END;`: IF condition THEN RAISE.
    Guard {
        /// When it raises.
        condition: Expr,
        /// What it says.
        message: Expr,
    },
    /// `ERROR(message);`
    Raise(Expr),
    /// `NOTICE(message);`
    Notice(Expr),
    /// `target := value`; a declaration without a value assigns null.
    Assign {
        /// A parameter or variable.
        target: LocalId,
        /// Of the target's type.
        value: Expr,
    },
    /// `array[index] := value`; an element past the end extends the array with nulls.
    AssignElement {
        /// A variable of array type.
        array: LocalId,
        /// 1-based.
        index: Expr,
        /// Of the element's type.
        value: Expr,
    },
    /// `$a, _ := f(..)` of an action that gives one row.
    Receive {
        /// One for every column of the row; none drops it.
        targets: Vec<Option<LocalId>>,
        /// What is called.
        callee: Callee,
        /// One for every parameter, defaults filled in.
        arguments: Vec<Expr>,
    },
    /// `$a, _ := f(..)` of an action that gives a table: its only row, or nulls if it gives none; a second row raises.
    ReceiveQuery {
        /// One for every column of the query; none drops it.
        targets: Vec<Option<LocalId>>,
        /// All columns of the call, in FROM.
        query: Query,
    },
    /// `if`
    If {
        /// At least one; a null condition is false.
        branches: Vec<IfBranch>,
        /// `else`; empty for none.
        otherwise: Vec<Statement>,
    },
    /// `for $i in low..high`: both inclusive, ascending; no pass if a bound is null.
    ForRange {
        /// Of type int.
        variable: LocalId,
        /// First.
        low: Expr,
        /// Last.
        high: Expr,
        /// In order.
        body: Vec<Statement>,
    },
    /// `for $x in array`: no pass if the array is null.
    ForEach {
        /// Of the element's type.
        variable: LocalId,
        /// The array.
        array: Expr,
        /// In order.
        body: Vec<Statement>,
    },
    /// `for $r in SELECT ..`, `for $r in f(..)`: a cursor loop. Each column of `$r` is a local of its own.
    ForQuery {
        /// One for every column of the query.
        targets: Vec<LocalId>,
        /// Its rows, in their total order.
        query: Query,
        /// In order.
        body: Vec<Statement>,
    },
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// Ends the action: `return;`, and what follows the statement whose rows are the result of `return SELECT ..`.
    Return,
    /// `return e, e;`: the one row of an action that gives a row.
    ReturnRow(Vec<Expr>),
    /// `return next e, e;`: one more row of an action that gives a table.
    ReturnNext(Vec<Expr>),
    /// What only tests do.
    Test(TestStep),
}

/// `if`, `elseif`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IfBranch {
    /// The condition.
    pub condition: Expr,
    /// In order.
    pub body: Vec<Statement>,
}

/// An action that is called.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Callee {
    /// Its schema, the caller's own included.
    pub dbid: Dbid,
    /// Its name.
    pub action: Name,
}

/// INSERT
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Insert {
    /// Leading CTEs, in order.
    pub ctes: Vec<CteId>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target, a relation of source `Table`.
    pub target: RelationId,
    /// Indexes of the table's columns, in the order of the values.
    pub columns: Vec<usize>,
    /// The rows.
    pub source: InsertSource,
    /// ON CONFLICT
    pub conflict: Option<Conflict>,
    /// RETURNING; empty for none.
    pub returning: Vec<OutputItem>,
}

/// Where inserted rows come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InsertSource {
    /// Rows written out, each with a value for every column.
    Values(Vec<Vec<Expr>>),
    /// Rows of a query.
    Query(Box<Query>),
}

/// ON CONFLICT
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// Indexes of the columns of a key; empty means any key.
    pub arbiter: Vec<usize>,
    /// What then.
    pub action: ConflictAction,
}

/// What to do with a row that is already there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConflictAction {
    /// DO NOTHING
    Nothing,
    /// DO UPDATE
    Update {
        /// The row that was to be inserted: a relation of source `Excluded`.
        excluded: RelationId,
        /// SET
        assignments: Vec<Assignment>,
        /// WHERE
        filter: Option<Expr>,
    },
}

/// `column = value`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// Index of the target's column.
    pub column: usize,
    /// Its new value.
    pub value: Expr,
}

/// UPDATE
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Update {
    /// Leading CTEs, in order.
    pub ctes: Vec<CteId>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target, a relation of source `Table`.
    pub target: RelationId,
    /// SET
    pub assignments: Vec<Assignment>,
    /// FROM
    pub from: Option<From>,
    /// WHERE
    pub filter: Option<Expr>,
    /// RETURNING; empty for none.
    pub returning: Vec<OutputItem>,
}

/// DELETE
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delete {
    /// Leading CTEs, in order.
    pub ctes: Vec<CteId>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// The target, a relation of source `Table`.
    pub target: RelationId,
    /// WHERE
    pub filter: Option<Expr>,
    /// RETURNING; empty for none.
    pub returning: Vec<OutputItem>,
}
