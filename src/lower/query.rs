use super::collation::{self, collated};
use super::expression;
use super::frame::{At, Frame};
use super::literal::beside;
use super::{compose, from, names, ordering};
use crate::hir::{Body, Cte, CteId, CteSource, JoinKind, OutputItem, Query, Select, SetOperator};
use crate::language::Type;
use crate::pg;

/// What a query's rows are for, which decides whether their order can be seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Use {
    /// They are what an action returns.
    Result,
    /// They are taken one after the other: by a loop, or by an insert in which an earlier one may stand in the way of
    /// a later one.
    Sequence,
    /// They are read by another query.
    Rows,
    /// A view's rows, read by the query it is spliced into: what its author ordered them by is no property of them.
    Spliced,
    /// One side of a set operation.
    Operand {
        /// Of a recursive CTE, whose sides must have one type to the last digit.
        recursive: bool,
    },
    /// It is only asked whether there are any.
    Existence,
}

/// A query.
pub(super) fn lower<'f>(frame: &'f Frame<'f>, query: &'f Query, purpose: Use) -> pg::Query {
    let ctes = ctes(frame, &query.ctes);
    let body = body(frame, query, purpose);
    let order_by = ordering::order_by(frame, query, purpose);
    let count = |count: &Option<crate::hir::Expr>| count.as_ref().map(|it| beside(frame.at(), it));
    let (limit, offset) = (count(&query.limit), count(&query.offset));
    pg::Query { ctes, recursive: query.recursive, body, order_by, limit, offset }
}

fn body<'f>(frame: &'f Frame<'f>, query: &'f Query, purpose: Use) -> pg::Body {
    match &query.body {
        Body::Select(it) => {
            let at = frame.at().inside(it, &query.order_by);
            pg::Body::Select(Box::new(select(at, it, purpose)))
        }
        Body::Operation { operator, all, left, right } => {
            let recursive = matches!(purpose, Use::Operand { recursive: true });
            let side = |query| Box::new(lower(frame, query, Use::Operand { recursive }));
            let (left, right) = (side(left), side(right));
            pg::Body::Operation { operator: set_operator(*operator), all: *all, left, right }
        }
    }
}

fn select<'f>(at: At<'f>, select: &'f Select, purpose: Use) -> pg::Select {
    let from = select.from.as_ref().map(|it| from::lower(at.frame, it));
    // What EXISTS selects is never computed. Without rows to group an aggregate makes one, so a grouped list stays.
    let unread = purpose == Use::Existence && !select.grouped && !select.distinct;
    let items = if unread { &[][..] } else { &select.items };
    let one = |expr: &crate::hir::Expr| expression::lower(at, expr);
    pg::Select {
        distinct: select.distinct,
        items: items.iter().map(|item| output(at, select, item, purpose)).collect(),
        from,
        filter: select.filter.as_ref().map(one),
        group_by: select.group_by.iter().map(one).collect(),
        having: select.having.as_ref().map(one),
    }
}

fn output(at: At<'_>, select: &Select, item: &OutputItem, purpose: Use) -> pg::OutputItem {
    let value = item_value(at, select, item);
    let expr = match purpose {
        Use::Operand { recursive } => {
            let value = if select.distinct { value } else { collated(at, &item.expr, value) };
            if recursive { unlimited(value, &item.expr.ty) } else { value }
        }
        _ => value,
    };
    pg::OutputItem { expr, name: Some(names::ident(&item.name)) }
}

/// A value of a select list.
pub(super) fn item_value(at: At<'_>, select: &Select, item: &OutputItem) -> pg::Expr {
    let value = expression::lower(at, &item.expr);
    if collation::items_say_c(select) { collated(at, &item.expr, value) } else { value }
}

/// A decimal without its precision, which a recursive query would have to repeat on both sides.
fn unlimited(value: pg::Expr, ty: &Type) -> pg::Expr {
    match ty {
        Type::Decimal(_) => pg::Expr::Cast(Box::new(value), pg::Type::Numeric(None)),
        _ => value,
    }
}

/// The CTEs of a WITH, in order.
pub(super) fn ctes<'f>(frame: &'f Frame<'f>, ids: &'f [CteId]) -> Vec<pg::Cte> {
    ids.iter().filter_map(|id| Some(cte(frame, *id, frame.action.cte(*id)?))).collect()
}

/// `name AS (..)`, for a spliced view `name AS NOT MATERIALIZED (..)`: PostgreSQL plans through it as if it stood
/// where it is read, however often that is.
fn cte<'f>(frame: &'f Frame<'f>, id: CteId, cte: &'f Cte) -> pg::Cte {
    let name = frame.cte_name(id);
    let (query, given, not_materialized) = match &cte.source {
        CteSource::Query(query) => {
            let recursive = cte.recursive;
            let purpose = if recursive { Use::Operand { recursive } } else { Use::Rows };
            (lower(frame, query, purpose), from::row_names(&query.columns), false)
        }
        CteSource::View(call) => match compose::rows(frame.at(), call) {
            compose::Rows::Query { query, columns, spliced } => (query, columns, spliced),
            compose::Rows::Function { call, columns } => {
                (from_function(frame, call, &columns), columns, false)
            }
        },
    };
    let columns = from::renamed(&given, from::distinct_names(&cte.columns));
    pg::Cte { name, columns, not_materialized, query }
}

/// `SELECT f.a AS a, f.b AS b FROM call AS f`
pub(super) fn from_function<'f>(frame: &'f Frame<'f>, call: pg::Call, columns: &[pg::Ident]) -> pg::Query {
    let alias = frame.unit.fresh_alias("rows");
    let item = |column: &pg::Ident| pg::OutputItem {
        expr: pg::Expr::Column { relation: alias.clone(), column: column.clone() },
        name: Some(column.clone()),
    };
    let items = columns.iter().map(item).collect();
    let from = pg::From::Function { call: Box::new(call), alias: alias.clone(), columns: Vec::new() };
    plain(items, Some(from))
}

/// `SELECT items FROM from`
pub(super) fn plain(items: Vec<pg::OutputItem>, from: Option<pg::From>) -> pg::Query {
    let select =
        pg::Select { distinct: false, items, from, filter: None, group_by: Vec::new(), having: None };
    of_body(pg::Body::Select(Box::new(select)))
}

/// A query that is nothing but its body.
pub(super) fn of_body(body: pg::Body) -> pg::Query {
    pg::Query { ctes: Vec::new(), recursive: false, body, order_by: Vec::new(), limit: None, offset: None }
}

fn set_operator(operator: SetOperator) -> pg::SetOperator {
    match operator {
        SetOperator::Union => pg::SetOperator::Union,
        SetOperator::Intersect => pg::SetOperator::Intersect,
        SetOperator::Except => pg::SetOperator::Except,
    }
}

pub(super) fn join_kind(kind: JoinKind) -> pg::JoinKind {
    match kind {
        JoinKind::Inner => pg::JoinKind::Inner,
        JoinKind::Left => pg::JoinKind::Left,
        JoinKind::Right => pg::JoinKind::Right,
        JoinKind::Full => pg::JoinKind::Full,
        JoinKind::Cross => pg::JoinKind::Cross,
    }
}
