use super::{Call, Delete, Expr, Insert, Query, Update};
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
    /// `INSERT ..;`
    Insert(Insert),
    /// `UPDATE ..;`
    Update(Update),
    /// `DELETE ..;`
    Delete(Delete),
    /// `IF condition THEN .. END IF;`
    If {
        /// The condition.
        condition: Expr,
        /// What then.
        then: Vec<PlStatement>,
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
    /// `RETURN;`
    Return,
}

/// How a RAISE raises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Severity {
    /// RAISE EXCEPTION
    Exception,
    /// RAISE NOTICE
    Notice,
}
