//! A view used as a relation: its query is put in the place of the call, so that PostgreSQL plans through it, or, where
//! that would change what it means, the view is called as a function.

use super::frame::{At, Binding, Bindings, ForeignCaller, Frame};
use super::literal::declared;
use super::query::{self, Use};
use super::{collation, expression, from, names};
use super::{context, externs};
use crate::hir::walk::{self, Node};
use crate::hir::{
    Action, Body, Callee, Expr, ExprKind, FromKind, FunctionCall, LocalId, OrderKey, OutputItem, Query,
    RelationSource, Schema, Select, StatementKind, ViewCall,
};
use crate::interface::CallEdge;
use crate::language::functions::Kind;
use crate::pg::{self, Call, Ident, Namespace};

/// The rows of a view, with the names of their columns.
pub(super) enum Rows {
    /// Its query; one that only reads its function is not planned through.
    Query { query: pg::Query, columns: Vec<Ident>, spliced: bool },
    /// Its function.
    Function { call: Call, columns: Vec<Ident> },
}

/// The rows of `call`.
pub(super) fn rows(at: At<'_>, call: &ViewCall) -> Rows {
    match View::of(at, call) {
        Some(view) => {
            note_call(at, &call.callee, true);
            Rows::Query {
                query: splice(at, call, view, Use::Spliced),
                columns: from::row_names(&view.query.columns),
                spliced: true,
            }
        }
        None if externs::is_extern(at.frame, &call.callee) => {
            let (query, columns) = externs::rows(at, &call.callee, &call.arguments);
            Rows::Query { query, columns, spliced: false }
        }
        None => {
            let returned = context::signature(at.frame, &call.callee).map(|it| it.returns.columns());
            let columns = names::result(returned.unwrap_or_default());
            Rows::Function { call: function_call(at, &call.callee, &call.arguments), columns }
        }
    }
}

/// The call of which a query gives all rows, and nothing else: a loop over them keeps the order the action gives.
pub(super) fn sole_call<'f>(frame: &'f Frame<'_>, query: &'f Query) -> Option<&'f ViewCall> {
    let Query { ctes, recursive: _, body, order_by, limit, offset, columns: _, span: _ } = query;
    let Body::Select(select) = body else { return None };
    let Select { distinct, items, from, filter, group_by: _, having: _, grouped, span: _ } = &**select;
    let FromKind::Relation(id) = from.as_ref()?.kind else { return None };
    let relation = frame.action.relation(id)?;
    let RelationSource::View(call) = &relation.source else { return None };
    let is_column =
        |(column, item): (usize, &OutputItem)| item.expr.kind == ExprKind::Column { relation: id, column };
    let is_whole = items.len() == relation.columns.len() && items.iter().enumerate().all(is_column);
    let is_bare = ctes.is_empty() && order_by.is_empty() && limit.is_none() && offset.is_none();
    (is_whole && is_bare && !distinct && !grouped && filter.is_none()).then_some(call)
}

/// All rows of a call, in the order the action gives them.
pub(super) fn all_rows<'f>(frame: &'f Frame<'f>, call: &'f ViewCall) -> pg::Query {
    let at = frame.at();
    if let Some(view) = View::of(at, call) {
        note_call(at, &call.callee, true);
        return splice(at, call, view, Use::Sequence);
    }
    match rows(at, call) {
        Rows::Query { query, .. } => query,
        Rows::Function { call, columns } => query::from_function(frame, call, &columns),
    }
}

/// A view that can be spliced.
#[derive(Clone, Copy)]
struct View<'f> {
    schema: &'f Schema,
    action: &'f Action,
    query: &'f Query,
}

impl<'f> View<'f> {
    fn of(at: At<'f>, call: &'f ViewCall) -> Option<View<'f>> {
        let schema = at.frame.unit.program.schema(&call.callee.dbid)?;
        let action = schema.action(&call.callee.action)?;
        let [statement] = action.body.as_slice() else { return None };
        let StatementKind::Query(query) = &statement.kind else { return None };
        let view = View { schema, action, query };
        let is_open =
            !at.frame.unit.apart && call.spliced && statement.is_result && !action.signature.modifiers.owner;
        (is_open && !captures(at, call, view)).then_some(view)
    }

    /// How often a parameter is read.
    fn uses(self, id: LocalId) -> usize {
        let mut count = 0;
        walk::expressions(self.action, Node::Query(self.query), &mut |expr| {
            count += usize::from(expr.kind == ExprKind::Local(id));
        });
        count
    }
}

/// The view's query with its names made unique and its parameters replaced. An argument that is more than a value is
/// computed once:
/// `WITH f_arguments AS (SELECT argument AS p) SELECT .. WHERE x = (SELECT a.p FROM f_arguments AS a)`
fn splice(at: At<'_>, call: &ViewCall, view: View<'_>, purpose: Use) -> pg::Query {
    let hoisted = at.frame.unit.hoists() && call.arguments.iter().all(|argument| is_steady(at, argument));
    let mut once = Vec::new();
    let cte = std::cell::OnceCell::new();
    let name = || cte.get_or_init(|| at.frame.unit.fresh_cte(&format!("{}_arguments", call.callee.action)));
    let values = view.action.locals.iter().zip(&call.arguments).zip(0u32..).map(|((local, value), id)| {
        if is_simple(at, value) || view.uses(LocalId(id)) < 2 {
            return Binding::Direct(value);
        }
        let column = names::ident(&local.name);
        once.push(pg::OutputItem { expr: declared(at, value, &local.ty), name: Some(column.clone()) });
        Binding::Once { value, cte: name().clone(), column, hoisted }
    });
    let values = values.collect();
    let arguments = cte.get().map(|name| pg::Cte {
        name: name.clone(),
        columns: Vec::new(),
        not_materialized: false,
        query: query::plain(once, None),
    });
    spliced(callee_frame(at, view, values), view, (arguments, hoisted), purpose)
}

fn spliced(
    frame: Frame<'_>,
    view: View<'_>,
    (arguments, hoisted): (Option<pg::Cte>, bool),
    purpose: Use,
) -> pg::Query {
    let mut ctes: Vec<pg::Cte> = arguments.into_iter().collect();
    if hoisted {
        frame.unit.hoist(&mut ctes, false);
    }
    let mut lowered = query::lower(&frame, view.query, purpose);
    lowered.ctes.splice(0..0, ctes);
    if hoisted {
        frame.unit.hoist(&mut lowered.ctes, lowered.recursive);
        lowered.recursive = false;
    }
    lowered
}

/// True for what reads nothing of the query it stands in, so that it means the same anywhere in the statement.
fn is_steady(at: At<'_>, expr: &Expr) -> bool {
    let mut steady = true;
    walk::walk(at.frame.action, Node::Expr(expr), &mut |node| match node {
        Node::Query(_) => steady = false,
        Node::Expr(expr) => match &expr.kind {
            ExprKind::Column { .. } => steady = false,
            ExprKind::Local(id) => match at.frame.binding(*id) {
                Some((caller, Binding::Direct(value))) => steady &= is_steady(caller, value),
                Some((_, Binding::Once { hoisted, .. })) => steady &= hoisted,
                None => {}
            },
            _ => {}
        },
        _ => {}
    });
    steady
}

fn callee_frame<'f>(caller: At<'f>, view: View<'f>, values: Vec<Binding<'f>>) -> Frame<'f> {
    let foreign_caller = match view.schema.dbid == caller.frame.schema.dbid {
        true => caller.frame.foreign_caller.clone(),
        false => ForeignCaller::Schema(caller.frame.schema.dbid.clone()),
    };
    let bindings = Bindings::Arguments { caller, values };
    Frame::new(caller.frame.unit, view.schema, view.action, bindings, foreign_caller)
}

/// `(SELECT a.p FROM f_arguments AS a)`
pub(super) fn bound_value(frame: &Frame<'_>, cte: &Ident, column: &Ident) -> pg::Expr {
    let alias = frame.unit.fresh_alias("a");
    let expr = pg::Expr::Column { relation: alias.clone(), column: column.clone() };
    let item = pg::OutputItem { expr, name: None };
    let from = pg::From::Cte { name: cte.clone(), alias };
    pg::Expr::Subquery(Box::new(query::plain(vec![item], Some(from))))
}

/// True for what costs nothing to say twice: a value, or a cast of one.
fn is_simple(at: At<'_>, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Context(_) | ExprKind::Column { .. } => true,
        ExprKind::Cast(operand) => is_simple(at, operand),
        ExprKind::Local(id) => match at.frame.binding(*id) {
            Some((caller, Binding::Direct(value))) => is_simple(caller, value),
            Some((_, Binding::Once { .. })) | None => true,
        },
        _ => false,
    }
}

/// True if an argument reads columns of the query the view is used in.
pub(super) fn reads_columns(at: At<'_>, expr: &Expr) -> bool {
    let mut reads = false;
    walk::expressions(at.frame.action, Node::Expr(expr), &mut |expr| match &expr.kind {
        ExprKind::Column { .. } => reads = true,
        ExprKind::Local(id) => {
            if let Some((caller, Binding::Direct(value) | Binding::Once { value, .. })) =
                at.frame.binding(*id)
            {
                reads |= reads_columns(caller, value);
            }
        }
        _ => {}
    });
    reads
}

/// True if the view has an aggregate over nothing but parameters, one of which would become something other than a
/// constant: SQL counts an aggregate over outer columns alone as one of the outer query.
fn captures(at: At<'_>, call: &ViewCall, view: View<'_>) -> bool {
    let is_constant = |value: &Expr| is_simple(at, value) && !reads_columns(at, value);
    let shifts = |id: &LocalId| call.arguments.get(id.0 as usize).is_some_and(|value| !is_constant(value));
    let mut captures = false;
    walk::expressions(view.action, Node::Query(view.query), &mut |expr| {
        if let ExprKind::Function(function) = &expr.kind
            && matches!(function.function.kind, Kind::Aggregate { .. })
            && function.over.is_none()
        {
            let (locals, columns) = aggregated(view.action, function);
            captures |= !columns && locals.iter().any(shifts);
        }
    });
    captures
}

/// The parameters an aggregate is taken over, and whether any column is among what it reads.
fn aggregated(action: &Action, call: &FunctionCall) -> (Vec<LocalId>, bool) {
    let (mut locals, mut columns) = (Vec::new(), false);
    let keys = call.order_by.iter().filter_map(|key| match &key.key {
        OrderKey::Expr(expr) => Some(expr),
        OrderKey::Output(_) => None,
    });
    for expr in call.arguments.iter().chain(keys).chain(&call.filter) {
        walk::expressions(action, Node::Expr(expr), &mut |expr| match &expr.kind {
            ExprKind::Local(id) => locals.push(*id),
            ExprKind::Column { .. } => columns = true,
            _ => {}
        });
    }
    (locals, columns)
}

/// True if a column of the view's rows carries `COLLATE "C"`.
pub(super) fn output_carries_c(at: At<'_>, call: &ViewCall, column: usize) -> bool {
    let Some(view) = View::of(at, call) else { return false };
    let frame = callee_frame(at, view, call.arguments.iter().map(Binding::Direct).collect());
    collation::output_carries_c(frame.at(), view.query, column)
}

/// True if the view has at most one row, which does not depend on the rows beside it.
pub(super) fn is_one_row(at: At<'_>, call: &ViewCall) -> bool {
    let Some(view) = View::of(at, call) else { return false };
    let frame = callee_frame(at, view, call.arguments.iter().map(Binding::Direct).collect());
    let is_free = !call.arguments.iter().any(|argument| reads_columns(at, argument));
    is_free && super::ties::is_one_row_query(&frame, view.query)
}

/// The one value of a call.
pub(super) fn value(at: At<'_>, callee: &Callee, arguments: &[Expr]) -> pg::Expr {
    let call = pg::Expr::Call(Box::new(function_call(at, callee, arguments)));
    externs::checked_value(at.frame, callee, call)
}

/// `"ds_ens"."f@ens"("@ctx", 'a'::text, ..)`, or `"math"."f"('up'::text, 'a'::text, ..)`
pub(super) fn function_call(at: At<'_>, callee: &Callee, arguments: &[Expr]) -> Call {
    let signature = context::signature(at.frame, callee);
    let argument = |(index, value): (usize, &Expr)| {
        let parameter = signature.and_then(|signature| signature.parameters.get(index));
        match parameter {
            Some(parameter) => declared(at, value, &parameter.ty),
            None => expression::lower(at, value),
        }
    };
    let rest = arguments.iter().enumerate().map(argument);
    if let Some((target, signature)) = externs::target(at.frame, callee) {
        return externs::call(at, target, signature, rest.collect());
    }
    note_call(at, callee, false);
    let arguments = std::iter::once(context::passed(at.frame, callee)).chain(rest).collect();
    let name = names::qualified_function(&callee.dbid, &callee.action);
    Call::plain(Namespace::Schema(name.schema), name.name.as_str(), arguments)
}

fn note_call(at: At<'_>, callee: &Callee, spliced: bool) {
    let edge = CallEdge { dataset: callee.dbid.clone(), action: callee.action.clone(), spliced };
    at.frame.unit.facts.borrow_mut().calls.insert(edge);
}
