//! Row order. SQL leaves it open wherever it is not asked for, and two replicas then differ. Under profile `node` the
//! order of rows is completed to a total one, and only where it can be seen.

use std::collections::{BTreeMap, BTreeSet};

use super::collation::collated;
use super::frame::{At, Frame};
use super::query::{Use, item_value};
use super::{expression, names};
use crate::hir::keys;
use crate::hir::walk::{self, Node};
use crate::hir::{
    Body, Expr, ExprKind, From, FromKind, JoinKind, Literal, OrderBy, OrderKey, Query, RelationId, Select,
};
use crate::interface::{Determinism, Profile};
use crate::pg::{self, SortKey};

/// ORDER BY of a query.
pub(super) fn order_by<'f>(frame: &'f Frame<'f>, query: &'f Query, purpose: Use) -> Vec<SortKey> {
    let is_cut = query.limit.is_some() || query.offset.is_some();
    let is_seen = match purpose {
        Use::Result | Use::Sequence => true,
        Use::Rows | Use::Spliced | Use::Operand { .. } => is_cut,
        Use::Existence => false,
    };
    if !is_seen && matches!(purpose, Use::Spliced | Use::Existence) {
        return Vec::new();
    }
    let mut keys: Vec<SortKey> = query.order_by.iter().map(|key| written(frame, query, key)).collect();
    let written = keys.len();
    if is_seen && frame.unit.profile == Profile::Node {
        keys.extend(completion(frame, query, &keys));
    }
    if purpose == Use::Result {
        let determinism = determinism(frame, query, keys.len() > written);
        frame.unit.facts.borrow_mut().determinism = Some(determinism);
    }
    keys
}

fn determinism(frame: &Frame<'_>, query: &Query, completed: bool) -> Determinism {
    match (frame.unit.profile, completed) {
        (_, true) => Determinism::Completed,
        _ if is_single(frame, query) || is_limited_to_one(query) => Determinism::Single,
        (Profile::App, _) => Determinism::Free,
        (Profile::Node, _) => Determinism::Ordered,
    }
}

fn is_limited_to_one(query: &Query) -> bool {
    let Some(Expr { kind: ExprKind::Literal(Literal::Number(digits)), .. }) = &query.limit else {
        return false;
    };
    digits == "0" || digits == "1"
}

/// True if the query has at most one row before LIMIT.
fn is_single(frame: &Frame<'_>, query: &Query) -> bool {
    let Body::Select(select) = &query.body else { return false };
    match &select.from {
        None => true,
        Some(_) if select.grouped => select.group_by.is_empty(),
        Some(from) => {
            let relations = keys::relations_of(from);
            let known = Known::of(frame, from, select.filter.as_ref(), &relations).from(&[]);
            relations.iter().all(|id| known.contains(id))
        }
    }
}

/// A key as its author wrote it. Nulls come last unless the author said otherwise, which for DESC is not what
/// PostgreSQL would do.
fn written<'f>(frame: &'f Frame<'f>, query: &'f Query, key: &'f OrderBy) -> SortKey {
    let (expr, nullable) = match &key.key {
        OrderKey::Output(index) => {
            (output(frame, query, *index), query.columns.get(*index).is_some_and(|column| column.nullable))
        }
        OrderKey::Expr(expr) => {
            let at = at_body(frame, query);
            (collated(at, expr, expression::lower(at, expr)), expr.nullable)
        }
    };
    SortKey { expr, descending: key.descending, nulls_first: nulls_first(key, nullable) }
}

/// What has to be said about nulls.
pub(super) fn nulls_first(key: &OrderBy, nullable: bool) -> Option<bool> {
    let wanted = key.nulls_first.unwrap_or(false);
    (nullable && wanted != key.descending).then_some(wanted)
}

fn at_body<'f>(frame: &'f Frame<'f>, query: &'f Query) -> At<'f> {
    match &query.body {
        Body::Select(select) => frame.at().inside(select),
        Body::Operation { .. } => frame.at(),
    }
}

/// A column of the result as a key: the column it is, else its name, else its value. A set operation knows names and
/// places only.
fn output<'f>(frame: &'f Frame<'f>, query: &'f Query, index: usize) -> pg::Expr {
    let name = query.columns.get(index).map(|column| &column.name);
    let is_only = query.columns.iter().filter(|column| Some(&column.name) == name).count() == 1;
    let named = name.filter(|_| is_only).map(|name| pg::Expr::Output(names::ident(name)));
    match &query.body {
        Body::Operation { .. } => named.unwrap_or_else(|| pg::Expr::Number((index + 1).to_string())),
        Body::Select(select) => {
            let Some(item) = select.items.get(index) else { return pg::Expr::Null };
            let at = frame.at().inside(select);
            let value = item_value(at, select, item);
            let value = if select.distinct { value } else { collated(at, &item.expr, value) };
            match value {
                pg::Expr::Column { .. } => value,
                pg::Expr::CollateC(_) if !select.distinct => value,
                _ => named.unwrap_or(value),
            }
        }
    }
}

/// The keys that make the order total.
fn completion<'f>(frame: &'f Frame<'f>, query: &'f Query, written: &[SortKey]) -> Vec<SortKey> {
    let is_new = |expr: &pg::Expr| !written.iter().any(|key| key.expr == *expr);
    let keys: Vec<pg::Expr> = match &query.body {
        _ if is_single(frame, query) => Vec::new(),
        Body::Select(select) if !select.distinct => {
            let items = query.order_by.iter().filter_map(|key| match &key.key {
                OrderKey::Output(index) => select.items.get(*index).map(|item| &item.expr),
                OrderKey::Expr(expr) => Some(expr),
            });
            ties(frame.at().inside(select), select, &items.collect::<Vec<_>>())
        }
        _ => (0..query.columns.len()).map(|index| output(frame, query, index)).collect(),
    };
    keys.into_iter().filter(is_new).map(ascending).collect()
}

/// A key that was added. Nulls come last without being told.
pub(super) fn ascending(expr: pg::Expr) -> SortKey {
    SortKey { expr, descending: false, nulls_first: None }
}

/// Keys that decide between rows of `select` which are equal in `ordered`. Rows equal in all of them are equal in
/// everything the select list reads, so that nobody can tell them apart.
pub(super) fn ties(at: At<'_>, select: &Select, ordered: &[&Expr]) -> Vec<pg::Expr> {
    let lowered = |expr: &Expr| collated(at, expr, expression::lower(at, expr));
    if select.grouped {
        let ordered: Vec<pg::Expr> = ordered.iter().map(|expr| lowered(expr)).collect();
        return select.group_by.iter().map(lowered).filter(|key| !ordered.contains(key)).collect();
    }
    let columns = row_keys(at.frame, select, ordered);
    columns.into_iter().map(|(relation, column)| key_column(at, relation, column)).collect()
}

fn key_column(at: At<'_>, relation: RelationId, column: usize) -> pg::Expr {
    let ty = at.frame.action.relation(relation).and_then(|it| it.columns.get(column)).map(|it| it.ty.clone());
    let span = at.frame.action.span;
    let expr = Expr {
        kind: ExprKind::Column { relation, column },
        ty: ty.unwrap_or(crate::language::Type::Unknown),
        nullable: true,
        span,
    };
    collated(at, &expr, expression::lower(at, &expr))
}

/// Columns that tell apart the rows of a FROM, as far as the select list reads them: of tables the primary key, of
/// anything else what is read of it.
fn row_keys(frame: &Frame<'_>, select: &Select, ordered: &[&Expr]) -> Vec<(RelationId, usize)> {
    let Some(from) = &select.from else { return Vec::new() };
    let relations = keys::relations_of(from);
    let mut known = Known::of(frame, from, select.filter.as_ref(), &relations);
    let ordered: BTreeSet<(RelationId, usize)> = ordered.iter().filter_map(|expr| column_of(expr)).collect();
    known.given.extend(relations.iter().copied().filter(|id| has_key_in(frame, *id, &ordered)));
    let read = columns_read(frame, select, &ordered, &relations);
    let chosen = known.choose(relations.iter().copied().filter(|id| read.contains_key(id)));
    let columns_of = |id: RelationId| -> Vec<usize> {
        match keys::table_of(frame.action, frame.schema, id) {
            Some(table) if chosen.contains(&id) => table.primary_key.clone(),
            Some(_) => Vec::new(),
            None => read.get(&id).into_iter().flatten().copied().collect(),
        }
    };
    let all = relations.iter().flat_map(|id| columns_of(*id).into_iter().map(move |column| (*id, column)));
    all.filter(|key| !ordered.contains(key)).collect()
}

fn column_of(expr: &Expr) -> Option<(RelationId, usize)> {
    match expr.kind {
        ExprKind::Column { relation, column } => Some((relation, column)),
        _ => None,
    }
}

fn has_key_in(frame: &Frame<'_>, id: RelationId, ordered: &BTreeSet<(RelationId, usize)>) -> bool {
    let Some(table) = keys::table_of(frame.action, frame.schema, id) else { return false };
    table.unique_keys().any(|key| key.iter().all(|column| ordered.contains(&(id, *column))))
}

/// What the select list and the order read, correlated subqueries included, of each relation.
fn columns_read(
    frame: &Frame<'_>,
    select: &Select,
    ordered: &BTreeSet<(RelationId, usize)>,
    relations: &[RelationId],
) -> BTreeMap<RelationId, BTreeSet<usize>> {
    let mut read: BTreeMap<RelationId, BTreeSet<usize>> = BTreeMap::new();
    let mut note = |(relation, column): (RelationId, usize)| {
        if relations.contains(&relation) {
            read.entry(relation).or_default().insert(column);
        }
    };
    ordered.iter().copied().for_each(&mut note);
    for item in &select.items {
        let visit = &mut |expr: &Expr| column_of(expr).into_iter().for_each(&mut note);
        walk::expressions(frame.action, Node::Expr(&item.expr), visit);
    }
    read
}

/// What is known of the rows of one FROM.
struct Known<'k> {
    frame: &'k Frame<'k>,
    relations: &'k [RelationId],
    facts: Vec<keys::Fact<'k>>,
    /// Relations whose row is given: those of enclosing queries, and those whose key the order has already.
    given: BTreeSet<RelationId>,
    /// Relations that an outer join may fill with nulls.
    optional: BTreeSet<RelationId>,
}

impl<'k> Known<'k> {
    fn of(
        frame: &'k Frame<'k>,
        from: &'k From,
        filter: Option<&'k Expr>,
        relations: &'k [RelationId],
    ) -> Known<'k> {
        let mut optional = BTreeSet::new();
        note_optional(from, &mut optional);
        let all =
            (0..frame.action.relations.len()).map(|id| RelationId(u32::try_from(id).unwrap_or(u32::MAX)));
        let given = all.filter(|id| !relations.contains(id)).collect();
        Known { frame, relations, facts: keys::facts(Some(from), filter), given, optional }
    }

    /// The relations with at most one row once the rows of `chosen` are given too.
    fn from(&self, chosen: &[RelationId]) -> BTreeSet<RelationId> {
        let fixed: BTreeSet<RelationId> = self.given.iter().chain(chosen).copied().collect();
        keys::determined(self.frame.action, self.frame.schema, self.relations, &self.facts, &fixed)
    }

    /// True if `chosen` leave no choice of a row of `id`. Whether an outer join finds its row may depend on every
    /// other relation, so an optional one is fixed only when all are.
    fn fixes(&self, chosen: &[RelationId], id: RelationId) -> bool {
        let known = self.from(chosen);
        let is_settled = !self.optional.contains(&id) || self.relations.iter().all(|it| known.contains(it));
        self.given.contains(&id) || (known.contains(&id) && is_settled)
    }

    /// Tables whose keys fix the rows of all `read`, none of them superfluous.
    fn choose(&self, read: impl Iterator<Item = RelationId>) -> Vec<RelationId> {
        let is_table = |id: &RelationId| keys::table_of(self.frame.action, self.frame.schema, *id).is_some();
        let mut chosen: Vec<RelationId> = Vec::new();
        for id in read.filter(is_table) {
            if !self.fixes(&chosen, id) {
                chosen.push(id);
            }
        }
        for id in chosen.clone() {
            let others: Vec<RelationId> = chosen.iter().copied().filter(|other| *other != id).collect();
            if self.fixes(&others, id) {
                chosen = others;
            }
        }
        chosen
    }
}

fn note_optional(from: &From, optional: &mut BTreeSet<RelationId>) {
    let FromKind::Join { kind, left, right, on: _ } = &from.kind else { return };
    note_optional(left, optional);
    note_optional(right, optional);
    let (left_too, right_too) = match kind {
        JoinKind::Inner | JoinKind::Cross => (false, false),
        JoinKind::Left => (false, true),
        JoinKind::Right => (true, false),
        JoinKind::Full => (true, true),
    };
    for (side, is_optional) in [(left, left_too), (right, right_too)] {
        if is_optional {
            optional.extend(keys::relations_of(side));
        }
    }
}
