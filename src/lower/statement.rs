use super::frame::{At, Frame, Hoisted, Unit};
use super::query::{self, Use};
use super::{assign, compose, control, expression, optional, range, receive, result, testing, write};
use crate::hir::{Action, Expr, Literal, Query, Schema, Statement, StatementKind};
use crate::language::Type;
use crate::pg::{self, Call, Ident, Namespace, PlBranch, PlStatement, PlStatementKind, Severity};
use crate::source::Span;

/// What an author's ERROR raises.
const RAISED: &str = "KF001";
/// What tells an author's NOTICE from one of PostgreSQL's.
const SAID: &str = "KF000";

/// Where statements are lowered: what holds for all of an action's body, and whether a loop is around them.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) unit: &'s Unit<'s>,
    pub(super) schema: &'s Schema,
    pub(super) action: &'s Action,
    pub(super) in_loop: bool,
    /// What a `break` leaves, where that is not the loop PL/pgSQL would leave.
    exit: Option<&'s Ident>,
}

impl<'s> Scope<'s> {
    /// The body of `action`.
    pub(super) fn of(unit: &'s Unit<'s>, schema: &'s Schema, action: &'s Action) -> Scope<'s> {
        Scope { unit, schema, action, in_loop: false, exit: None }
    }

    /// The same, inside a loop that is left by its label, if it has one.
    pub(super) fn inside_loop<'t>(self, exit: Option<&'t Ident>) -> Scope<'t>
    where
        's: 't,
    {
        Scope { in_loop: true, exit, ..self }
    }

    /// What `make` makes in the frame of a statement of its own, which has a WITH if it `hoists`.
    pub(super) fn frame<T>(self, hoists: bool, make: impl FnOnce(&Frame<'_>) -> T) -> T {
        make(&self.unit.statement(self.schema, self.action, hoists))
    }

    /// A value outside any query.
    pub(super) fn value<T>(self, make: impl FnOnce(At<'_>) -> T) -> T {
        self.frame(false, |frame| make(frame.at()))
    }

    /// A query that is a statement of its own, with the CTEs that were moved out of spliced views.
    pub(super) fn query(self, make: impl for<'f> FnOnce(&'f Frame<'f>) -> pg::Query) -> pg::Query {
        let frame = self.unit.statement(self.schema, self.action, true);
        let query = make(&frame);
        query_with_hoisted(query, self.unit.take_hoisted())
    }
}

/// The statements of a function that the statements of an action become.
pub(super) fn statements(scope: Scope<'_>, all: &[Statement]) -> Vec<PlStatement> {
    let mut made = Vec::new();
    all.iter().for_each(|statement| lower(scope, statement, &mut made));
    made.into_iter().map(optional::split).collect()
}

fn lower(scope: Scope<'_>, statement: &Statement, made: &mut Vec<PlStatement>) {
    let span = statement.span;
    let kind = match &statement.kind {
        StatementKind::Query(_)
        | StatementKind::Insert(_)
        | StatementKind::Update(_)
        | StatementKind::Delete(_) => rows(scope, statement),
        StatementKind::Assign { target, value } => return assign::assign(scope, *target, value, made, span),
        StatementKind::AssignElement { array, index, value } => {
            return assign::assign_element(scope, *array, [index, value], made, span);
        }
        StatementKind::Receive { targets, callee, arguments } => {
            receive::row(scope, targets, callee, arguments)
        }
        StatementKind::ReceiveQuery { targets, query } => {
            return receive::only_row(scope, targets, query, made, span);
        }
        StatementKind::If { branches, otherwise } => control::branches(scope, branches, otherwise),
        StatementKind::ForRange { variable, low, high, body } => {
            return range::lower(scope, *variable, [low, high], body, made, span);
        }
        StatementKind::ForEach { variable, array, body } => control::for_each(scope, *variable, array, body),
        StatementKind::ForQuery { targets, query, body } => {
            return control::for_query(scope, targets, query, body, made, span);
        }
        StatementKind::Break => PlStatementKind::Exit { label: scope.exit.cloned(), when: None },
        StatementKind::Continue => PlStatementKind::Continue,
        StatementKind::Return => PlStatementKind::Return,
        StatementKind::ReturnRow(values) => return result::row(scope, values, made, span),
        StatementKind::ReturnNext(values) => return result::next(scope, values, made, span),
        StatementKind::Test(step) => return testing::lower(scope, step, made, span),
        _ => scope.value(|at| simple(at, &statement.kind, span)),
    };
    made.push(PlStatement { kind, span });
}

/// A query, or what writes rows.
fn rows(scope: Scope<'_>, statement: &Statement) -> PlStatementKind {
    let frame = scope.unit.statement(scope.schema, scope.action, true);
    let kind = match &statement.kind {
        StatementKind::Insert(it) => write::insert(&frame, it, statement.is_result),
        StatementKind::Update(it) => write::update(&frame, it, statement.is_result),
        StatementKind::Delete(it) => write::delete(&frame, it, statement.is_result),
        StatementKind::Query(it) => query(&frame, it, statement.is_result),
        // INVARIANT: `lower` sends nothing else here.
        _ => PlStatementKind::Return,
    };
    with_hoisted(kind, scope.unit.take_hoisted())
}

/// What calls or raises.
fn simple(at: At<'_>, kind: &StatementKind, span: Span) -> PlStatementKind {
    match kind {
        StatementKind::Call { callee, arguments } => {
            PlStatementKind::PerformCall(compose::function_call(at, callee, arguments))
        }
        StatementKind::Guard { condition, message } => {
            let raise = raise(Severity::Exception, RAISED, text(at, message));
            when(expression::lower(at, condition), raise, span)
        }
        StatementKind::Raise(message) => raise(Severity::Exception, RAISED, text(at, message)),
        StatementKind::Notice(message) => raise(Severity::Notice, SAID, text(at, message)),
        // INVARIANT: `lower` takes every other kind.
        _ => PlStatementKind::Return,
    }
}

/// Puts the CTEs that were moved out of spliced views before a query's own.
fn query_with_hoisted(query: pg::Query, hoisted: Hoisted) -> pg::Query {
    match with_hoisted(PlStatementKind::ReturnQuery(query), hoisted) {
        PlStatementKind::ReturnQuery(query) => query,
        // INVARIANT: it is the kind it was.
        _ => query::plain(Vec::new(), None),
    }
}

/// Puts the CTEs that were moved out of spliced views before the statement's own.
fn with_hoisted(mut kind: PlStatementKind, hoisted: Hoisted) -> PlStatementKind {
    let with = match &mut kind {
        PlStatementKind::ReturnQuery(query) | PlStatementKind::PerformQuery(query) => match &mut query.body {
            pg::Body::Insert(insert) => Some((&mut insert.ctes, &mut insert.recursive)),
            pg::Body::Update(update) => Some((&mut update.ctes, &mut update.recursive)),
            pg::Body::Delete(delete) => Some((&mut delete.ctes, &mut delete.recursive)),
            pg::Body::Select(_) | pg::Body::Operation { .. } => Some((&mut query.ctes, &mut query.recursive)),
        },
        PlStatementKind::Insert(insert) => Some((&mut insert.ctes, &mut insert.recursive)),
        PlStatementKind::Update(update) => Some((&mut update.ctes, &mut update.recursive)),
        PlStatementKind::Delete(delete) => Some((&mut delete.ctes, &mut delete.recursive)),
        _ => None,
    };
    if let Some((ctes, recursive)) = with {
        *recursive |= hoisted.recursive;
        ctes.splice(0..0, hoisted.ctes);
    }
    kind
}

fn query<'f>(frame: &'f Frame<'f>, query: &'f Query, is_result: bool) -> PlStatementKind {
    match is_result {
        true => PlStatementKind::ReturnQuery(query::lower(frame, query, Use::Result)),
        false => PlStatementKind::PerformQuery(query::lower(frame, query, Use::Rows)),
    }
}

/// `IF condition THEN statement END IF;`
pub(super) fn when(condition: pg::Expr, then: PlStatementKind, span: Span) -> PlStatementKind {
    let body = vec![PlStatement { kind: then, span }];
    PlStatementKind::If { branches: vec![PlBranch { condition, body, span }], otherwise: Vec::new() }
}

pub(super) fn raise(severity: Severity, sqlstate: &'static str, message: pg::Expr) -> PlStatementKind {
    PlStatementKind::Raise { severity, sqlstate, message }
}

/// A message, which PostgreSQL refuses to be null: `COALESCE(message, '(null)')`
fn text(at: At<'_>, message: &Expr) -> pg::Expr {
    match at.literal(message) {
        Some(Literal::Text(text)) => return pg::Expr::Text(text.clone()),
        Some(Literal::Null) => return pg::Expr::Text("(null)".to_owned()),
        _ => {}
    }
    let value = expression::lower(at, message);
    let value =
        if message.ty == Type::Text { value } else { pg::Expr::Cast(Box::new(value), pg::Type::Text) };
    if !message.nullable {
        return value;
    }
    let arguments = vec![value, pg::Expr::Text("(null)".to_owned())];
    pg::Expr::Call(Box::new(Call::plain(Namespace::Grammar, "COALESCE", arguments)))
}
