use super::{Call, Delete, Expr, Ident, Insert, Query, Update};
use crate::source::Span;

/// A statement of a PL/pgSQL body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlStatement {
    /// What it does.
    pub kind: PlStatementKind,
    /// What it was made of: PostgreSQL reports errors by the line a statement begins on.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlStatementKind {
    /// `PERFORM f(..);`
    PerformCall(Call),
    /// `PERFORM q.* FROM (query) AS q;`: a query for its effects.
    PerformQuery(Query),
    /// `RETURN QUERY query;`
    ReturnQuery(Query),
    /// `EXECUTE command [INTO a, b] USING c, d;`: SQL that is known when it runs.
    Execute {
        /// What is run.
        command: Command,
        /// What its only row goes to; empty to drop its rows.
        into: Vec<Ident>,
    },
    /// `RETURN QUERY EXECUTE command USING c, d;`
    ReturnExecute(Command),
    /// `INSERT ..;`
    Insert(Insert),
    /// `UPDATE ..;`
    Update(Update),
    /// `DELETE ..;`
    Delete(Delete),
    /// `PERFORM e;`: a value that nobody reads.
    PerformValue(Expr),
    /// `SELECT .. INTO a, b ..;`: the first row, or nulls.
    SelectInto {
        /// At least one, and one for every column of the query.
        targets: Vec<Ident>,
        /// The query.
        query: Query,
    },
    /// `target := e;`
    Assign {
        /// A variable.
        target: Ident,
        /// Its new value.
        value: Expr,
    },
    /// `array[index] := e;`
    AssignElement {
        /// A variable.
        array: Ident,
        /// Which element.
        index: Expr,
        /// Its new value.
        value: Expr,
    },
    /// `IF condition THEN .. ELSIF condition THEN .. ELSE .. END IF;`
    If {
        /// At least one.
        branches: Vec<PlBranch>,
        /// ELSE; empty for none.
        otherwise: Vec<PlStatement>,
    },
    /// `FOR counter IN low .. high LOOP .. END LOOP;`: the counter is an `int4` of the loop's own.
    ForRange {
        /// The counter.
        counter: Ident,
        /// First.
        low: Expr,
        /// Last.
        high: Expr,
        /// In order.
        body: Vec<PlStatement>,
    },
    /// `FOREACH target IN ARRAY array LOOP .. END LOOP;`
    ForEach {
        /// A variable.
        target: Ident,
        /// An array that is not null.
        array: Expr,
        /// In order.
        body: Vec<PlStatement>,
    },
    /// `FOR a, b IN query LOOP .. END LOOP;`: the targets are null after a query without rows.
    ForQuery {
        /// One for every column of the query.
        targets: Vec<Ident>,
        /// The query.
        query: Query,
        /// In order.
        body: Vec<PlStatement>,
    },
    /// `<<label>> WHILE condition LOOP .. END LOOP;`
    While {
        /// By which an EXIT inside another loop leaves it.
        label: Option<Ident>,
        /// Null ends the loop.
        condition: Expr,
        /// In order.
        body: Vec<PlStatement>,
    },
    /// `EXIT label WHEN condition;`
    Exit {
        /// Of the loop that is left; none for the innermost.
        label: Option<Ident>,
        /// When; none for always.
        when: Option<Expr>,
    },
    /// `CONTINUE;`
    Continue,
    /// `GET DIAGNOSTICS target = ROW_COUNT;`: how many rows the statement before wrote or gave.
    GetRowCount {
        /// A variable.
        target: Ident,
    },
    /// `RAISE severity USING ERRCODE = .., MESSAGE = ..;`
    Raise {
        /// EXCEPTION or NOTICE.
        severity: Severity,
        /// By which callers know it.
        sqlstate: &'static str,
        /// An expression of type text that is never null.
        message: Expr,
    },
    /// `BEGIN .. EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS ..; END;`: what raises is undone, and known.
    Catch {
        /// In order.
        body: Vec<PlStatement>,
        /// A variable for the SQLSTATE.
        state: Ident,
        /// A variable for what was said.
        message: Ident,
        /// A variable for where that was.
        context: Ident,
    },
    /// `RETURN;`
    Return,
    /// `RETURN e;`
    ReturnValue(Expr),
    /// `RETURN NEXT;`: a row of what the result's columns are at the moment.
    ReturnNext,
}

/// `IF condition THEN ..`, `ELSIF condition THEN ..`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlBranch {
    /// The condition.
    pub condition: Expr,
    /// In order.
    pub body: Vec<PlStatement>,
    /// What the branch was made of.
    pub span: Span,
}

/// SQL that is known when it runs, with its values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    /// An expression of type text.
    pub text: Expr,
    /// Its `$1`, `$2`, ..; at least one.
    pub using: Vec<Expr>,
}

/// How a RAISE raises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Severity {
    /// RAISE EXCEPTION
    Exception,
    /// RAISE NOTICE
    Notice,
}
