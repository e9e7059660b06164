//! Which relations of a FROM have at most one row for given rows of the others: the closure of the functional
//! dependencies that keys and equalities make.

use std::collections::BTreeSet;

use super::walk::{self, Node};
use super::{
    Action, BinaryOp, Expr, ExprKind, From, FromKind, JoinKind, RelationId, RelationSource, Schema, Table,
};

/// A condition that holds for the rows of a FROM.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    /// One conjunct.
    pub condition: &'a Expr,
    /// The relations it may determine; none means all. The ON of an outer join says nothing about rows of its
    /// preserved side: those are there even where it does not hold.
    pub about: Option<BTreeSet<RelationId>>,
}

impl Fact<'_> {
    fn is_about(&self, id: RelationId) -> bool {
        self.about.as_ref().is_none_or(|about| about.contains(&id))
    }
}

/// What `from` and `filter` say about the rows they leave.
pub fn facts<'a>(from: Option<&'a From>, filter: Option<&'a Expr>) -> Vec<Fact<'a>> {
    let mut facts = Vec::new();
    if let Some(from) = from {
        join_facts(from, &mut facts);
    }
    let all = filter.map(conjuncts).unwrap_or_default();
    facts.extend(all.into_iter().map(|condition| Fact { condition, about: None }));
    facts
}

fn join_facts<'a>(from: &'a From, facts: &mut Vec<Fact<'a>>) {
    let FromKind::Join { kind, left, right, on } = &from.kind else { return };
    join_facts(left, facts);
    join_facts(right, facts);
    let about = match kind {
        JoinKind::Inner | JoinKind::Cross => None,
        JoinKind::Left => Some(relations_of(right).into_iter().collect()),
        JoinKind::Right => Some(relations_of(left).into_iter().collect()),
        JoinKind::Full => return,
    };
    for condition in on.iter().flat_map(conjuncts) {
        facts.push(Fact { condition, about: about.clone() });
    }
}

/// The relations of a FROM, in source order.
pub fn relations_of(from: &From) -> Vec<RelationId> {
    match &from.kind {
        FromKind::Relation(id) => vec![*id],
        FromKind::Join { kind: _, left, right, on: _ } => {
            let mut all = relations_of(left);
            all.extend(relations_of(right));
            all
        }
    }
}

/// The operands of AND, however it is nested; the expression itself if it is no AND.
pub fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::And(all) => all.iter().flat_map(conjuncts).collect(),
        _ => vec![expr],
    }
}

/// The table a relation is an occurrence of, if it is one.
pub fn table_of<'s>(action: &Action, schema: &'s Schema, id: RelationId) -> Option<&'s Table> {
    match &action.relation(id)?.source {
        RelationSource::Table(name) => schema.table(name),
        _ => None,
    }
}

/// The relations of which there is at most one row for every choice of rows of `fixed`, `fixed` itself included.
///
/// Only base tables of `from` can be added: one is when a key of it, unique and never null, has every column equated
/// to an expression over constants, variables, context values and columns of relations that are determined. Relations
/// outside `from` that `facts` may read, those of enclosing queries, belong into `fixed`.
pub fn determined(
    action: &Action,
    schema: &Schema,
    from: &[RelationId],
    facts: &[Fact<'_>],
    fixed: &BTreeSet<RelationId>,
) -> BTreeSet<RelationId> {
    let mut known = fixed.clone();
    loop {
        let is_new = |id: &RelationId| !known.contains(id) && has_key(action, schema, *id, facts, &known);
        let new: Vec<RelationId> = from.iter().copied().filter(is_new).collect();
        if new.is_empty() {
            return known;
        }
        known.extend(new);
    }
}

fn has_key(
    action: &Action,
    schema: &Schema,
    id: RelationId,
    facts: &[Fact<'_>],
    known: &BTreeSet<RelationId>,
) -> bool {
    let Some(table) = table_of(action, schema, id) else { return false };
    let equated: BTreeSet<usize> = facts
        .iter()
        .filter(|fact| fact.is_about(id))
        .filter_map(|fact| equated_column(action, fact.condition, id, known))
        .collect();
    table.unique_keys().any(|key| key.iter().all(|column| equated.contains(column)))
}

/// The column of `id` that `condition` equates with something `known` determines.
fn equated_column(
    action: &Action,
    condition: &Expr,
    id: RelationId,
    known: &BTreeSet<RelationId>,
) -> Option<usize> {
    let ExprKind::Binary { operator: BinaryOp::Equal, left, right } = &condition.kind else { return None };
    let one_way = |column: &Expr, value: &Expr| match column.kind {
        ExprKind::Column { relation, column } if relation == id && reads_only(action, value, known) => {
            Some(column)
        }
        _ => None,
    };
    one_way(left, right).or_else(|| one_way(right, left))
}

/// True if the value of `expr` depends on rows of `known` and on no others.
pub fn reads_only(action: &Action, expr: &Expr, known: &BTreeSet<RelationId>) -> bool {
    let mut only = true;
    walk::walk(action, Node::Expr(expr), &mut |node| match node {
        Node::Query(_) => only = false,
        Node::Expr(Expr { kind: ExprKind::Column { relation, .. }, .. }) => {
            only &= known.contains(relation);
        }
        _ => {}
    });
    only
}
