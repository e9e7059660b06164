//! What tells the rows of a SELECT apart, as far as its list reads them.

use std::collections::{BTreeMap, BTreeSet};

use super::collation::collated;
use super::frame::{At, Frame};
use super::{compose, expression};
use crate::hir::keys;
use crate::hir::walk::{self, Node};
use crate::hir::{
    BinaryOp, Body, CteSource, Expr, ExprKind, From, FromKind, JoinKind, Query, RelationId, RelationSource,
    Select,
};
use crate::language::Type;
use crate::pg;

/// Keys that decide between rows.
pub(super) struct Ties {
    /// In order.
    pub(super) keys: Vec<pg::Expr>,
    /// True if no two rows are equal in them. If not, rows that are equal in them are equal in all that the select list
    /// reads, so that nothing but their number tells them apart.
    pub(super) apart: bool,
}

/// A column of a relation.
type Key = (RelationId, usize);

/// Keys that decide between rows of `select` which are equal in `ordered`. Besides the select list, `shown` is what
/// shows that rows are not the same.
pub(super) fn ties(at: At<'_>, select: &Select, ordered: &[&Expr], shown: &[&Expr]) -> Ties {
    let lowered = |expr: &Expr| collated(at, expr, expression::lower(at, expr));
    if select.grouped {
        let ordered: Vec<pg::Expr> = ordered.iter().map(|expr| lowered(expr)).collect();
        let keys = select.group_by.iter().map(lowered).filter(|key| !ordered.contains(key)).collect();
        return Ties { keys, apart: true };
    }
    let Some(from) = &select.from else { return Ties { keys: Vec::new(), apart: true } };
    let relations = keys::relations_of(from);
    let ordered = ordered.iter().filter_map(|expr| column_of(expr)).collect();
    let known = Known::of(at.frame, from, select.filter.as_ref(), &relations, ordered);
    let (columns, apart) = row_keys(&known, select, shown);
    Ties { keys: columns.into_iter().map(|key| column_key(at, key)).collect(), apart }
}

/// True if a FROM has at most one row that passes its filter.
fn is_one_row(frame: &Frame<'_>, from: &From, filter: Option<&Expr>) -> bool {
    let relations = keys::relations_of(from);
    Known::of(frame, from, filter, &relations, BTreeSet::new()).settles_all(&[])
}

/// True for a query or a view that has at most one row whatever stands beside it.
fn is_one_row_relation(frame: &Frame<'_>, id: RelationId) -> bool {
    match frame.action.relation(id).map(|relation| &relation.source) {
        Some(RelationSource::Query { query, lateral: false }) => is_one_row_query(frame, query),
        Some(RelationSource::View(call)) => compose::is_one_row(frame.at(), call),
        Some(RelationSource::Cte(cte)) => match frame.action.cte(*cte).map(|cte| &cte.source) {
            Some(CteSource::Query(query)) => is_one_row_query(frame, query),
            Some(CteSource::View(call)) => compose::is_one_row(frame.at(), call),
            None => false,
        },
        _ => false,
    }
}

/// True if a query has at most one row.
pub(super) fn is_one_row_query(frame: &Frame<'_>, query: &Query) -> bool {
    let Body::Select(select) = &query.body else { return false };
    match &select.from {
        None => true,
        Some(_) if select.grouped => select.group_by.is_empty(),
        Some(from) => is_one_row(frame, from, select.filter.as_ref()),
    }
}

/// Columns that tell the rows of a FROM apart: of tables the primary key, of numbered arrays the number, of anything else what is read of it. And
/// whether they tell all of them apart.
fn row_keys(known: &Known<'_>, select: &Select, shown: &[&Expr]) -> (Vec<Key>, bool) {
    let read = columns_read(known, select, shown);
    let chosen = known.choose(known.relations.iter().copied().filter(|id| read.contains_key(id)));
    let columns_of = |id: RelationId| -> Vec<usize> {
        match keys::row_key(known.frame.action, known.frame.schema, id) {
            Some(key) if chosen.contains(&id) => key,
            Some(_) => Vec::new(),
            None if known.settles(&chosen, id) => Vec::new(),
            None => read.get(&id).into_iter().flatten().copied().collect(),
        }
    };
    let all =
        known.relations.iter().flat_map(|id| columns_of(*id).into_iter().map(move |column| (*id, column)));
    (all.filter(|key| !known.has(*key)).collect(), known.settles_all(&chosen))
}

fn column_key(at: At<'_>, (relation, column): Key) -> pg::Expr {
    let ty = at.frame.action.relation(relation).and_then(|it| it.columns.get(column)).map(|it| it.ty.clone());
    let expr = Expr {
        kind: ExprKind::Column { relation, column },
        ty: ty.unwrap_or(Type::Unknown),
        nullable: true,
        span: at.frame.action.span,
    };
    collated(at, &expr, expression::lower(at, &expr))
}

fn column_of(expr: &Expr) -> Option<Key> {
    match expr.kind {
        ExprKind::Column { relation, column } => Some((relation, column)),
        _ => None,
    }
}

/// What the select list, the order and `shown` read, correlated subqueries included, of each relation.
fn columns_read(
    known: &Known<'_>,
    select: &Select,
    shown: &[&Expr],
) -> BTreeMap<RelationId, BTreeSet<usize>> {
    let mut read: BTreeMap<RelationId, BTreeSet<usize>> = BTreeMap::new();
    let mut note = |(relation, column): Key| {
        if known.relations.contains(&relation) {
            read.entry(relation).or_default().insert(column);
        }
    };
    known.ordered.iter().copied().for_each(&mut note);
    for expr in select.items.iter().map(|item| &item.expr).chain(shown.iter().copied()) {
        let visit = &mut |expr: &Expr| column_of(expr).into_iter().for_each(&mut note);
        walk::expressions(known.frame.action, Node::Expr(expr), visit);
    }
    read
}

/// What is known of the rows of one FROM.
struct Known<'k> {
    frame: &'k Frame<'k>,
    relations: &'k [RelationId],
    facts: Vec<keys::Fact<'k>>,
    /// Columns that rows are equal in already.
    ordered: BTreeSet<Key>,
    /// Relations whose row is given: those of enclosing queries, and those that have but one.
    outer: BTreeSet<RelationId>,
    /// Relations that an outer join may fill with nulls.
    optional: BTreeSet<RelationId>,
}

impl<'k> Known<'k> {
    fn of(
        frame: &'k Frame<'k>,
        from: &'k From,
        filter: Option<&'k Expr>,
        relations: &'k [RelationId],
        ordered: BTreeSet<Key>,
    ) -> Known<'k> {
        let mut optional = BTreeSet::new();
        note_optional(from, &mut optional);
        let all = (0u32..).take(frame.action.relations.len()).map(RelationId);
        let is_given = |id: &RelationId| !relations.contains(id) || is_one_row_relation(frame, *id);
        let outer = all.filter(is_given).collect();
        Known { frame, relations, facts: keys::facts(Some(from), filter), ordered, outer, optional }
    }

    /// True if rows are equal in a column already: by order, or because the filter says what it is.
    fn has(&self, key: Key) -> bool {
        self.ordered.contains(&key) || self.is_pinned(key)
    }

    /// `column = constant`, where no outer join may put a null instead.
    fn is_pinned(&self, (id, column): Key) -> bool {
        let is_it = |expr: &Expr| column_of(expr) == Some((id, column));
        let is_about = |fact: &keys::Fact<'_>| fact.about.as_ref().is_none_or(|about| about.contains(&id));
        let pins = |fact: &keys::Fact<'_>| match &fact.condition.kind {
            ExprKind::Binary { operator: BinaryOp::Equal, left, right } if is_about(fact) => {
                (is_it(left) && self.is_given(right)) || (is_it(right) && self.is_given(left))
            }
            _ => false,
        };
        !self.optional.contains(&id) && self.facts.iter().any(pins)
    }

    /// True if an expression has one value for all rows.
    fn is_given(&self, expr: &Expr) -> bool {
        let mut given = true;
        walk::walk(self.frame.action, Node::Expr(expr), &mut |node| match node {
            Node::Query(_) => given = false,
            Node::Expr(expr) => given &= column_of(expr).is_none_or(|(id, _)| self.outer.contains(&id)),
            _ => {}
        });
        given
    }

    /// True if rows are equal in a whole key of a relation.
    fn has_key(&self, id: RelationId) -> bool {
        let keys = keys::unique_keys(self.frame.action, self.frame.schema, id);
        keys.iter().any(|key| key.iter().all(|column| self.has((id, *column))))
    }

    /// The relations with at most one row once the rows of `chosen` are given too.
    fn from(&self, chosen: &[RelationId]) -> BTreeSet<RelationId> {
        let keyed = self.relations.iter().filter(|id| self.has_key(**id));
        let fixed: BTreeSet<RelationId> = self.outer.iter().chain(keyed).chain(chosen).copied().collect();
        keys::determined(self.frame.action, self.frame.schema, self.relations, &self.facts, &fixed)
    }

    /// True if `chosen` leave no choice of a row of `id`. Whether an outer join finds its row may depend on every
    /// other relation, so an optional one is settled only when all are.
    fn settles(&self, chosen: &[RelationId], id: RelationId) -> bool {
        let known = self.from(chosen);
        let is_settled = !self.optional.contains(&id) || self.relations.iter().all(|it| known.contains(it));
        self.has_key(id) || (known.contains(&id) && is_settled)
    }

    fn settles_all(&self, chosen: &[RelationId]) -> bool {
        let known = self.from(chosen);
        self.relations.iter().all(|id| known.contains(id))
    }

    /// Relations whose keys settle the rows of all `read`, none of them superfluous.
    fn choose(&self, read: impl Iterator<Item = RelationId>) -> Vec<RelationId> {
        let is_keyed = |id: &RelationId| keys::row_key(self.frame.action, self.frame.schema, *id).is_some();
        let mut chosen: Vec<RelationId> = Vec::new();
        for id in read.filter(is_keyed) {
            if !self.settles(&chosen, id) {
                chosen.push(id);
            }
        }
        for id in chosen.clone() {
            let others: Vec<RelationId> = chosen.iter().copied().filter(|other| *other != id).collect();
            if self.settles(&others, id) {
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
