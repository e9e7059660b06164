//! Which relations of a FROM have at most one row for given rows of the others: the closure of the functional
//! dependencies that keys and equalities make.

use std::collections::{BTreeMap, BTreeSet};

use super::same::same;
use super::walk::{self, Node};
use super::{
    Action, BinaryOp, Body, CteSource, Expr, ExprKind, From, FromKind, JoinKind, Query, RelationId,
    RelationSource, Schema, Select, Table,
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

/// The columns that a relation's rows are told apart by: the primary key of a table, the numbers of `unnest` WITH
/// ORDINALITY.
pub fn row_key(action: &Action, schema: &Schema, id: RelationId) -> Option<Vec<usize>> {
    match &action.relation(id)?.source {
        RelationSource::Table(name) => schema.table(name).map(|table| table.primary_key.clone()),
        RelationSource::Unnest { arrays, ordinality: true } => number_key(action, arrays),
        _ => None,
    }
}

/// All keys of a relation that are plain to see, without looking into queries.
pub fn unique_keys(action: &Action, schema: &Schema, id: RelationId) -> Vec<Vec<usize>> {
    keys_of_relation(action, schema, id, 0)
}

/// The column that numbers the rows of arrays. Arrays that depend on another relation begin anew for each row of it.
fn number_key(action: &Action, arrays: &[Expr]) -> Option<Vec<usize>> {
    let is_given = |array: &Expr| reads(action, array).is_some_and(|reads| reads.is_empty());
    arrays.iter().all(is_given).then(|| vec![arrays.len()])
}

/// The relations of which there is at most one row for every choice of rows of `fixed`, `fixed` itself included.
///
/// A relation of `from` is when a key of it has every column equated to an expression over constants, variables,
/// context values and columns of relations that are determined. Relations outside `from` that `facts` may read, those
/// of enclosing queries, belong into `fixed`.
pub fn determined(
    action: &Action,
    schema: &Schema,
    from: &[RelationId],
    facts: &[Fact<'_>],
    fixed: &BTreeSet<RelationId>,
) -> BTreeSet<RelationId> {
    Closure::new(action, schema, from, facts, LOOK_INTO).of(fixed)
}

/// How many queries inside one another are searched for keys.
const LOOK_INTO: usize = 3;

/// What [`determined`] is computed from, gathered once.
struct Closure {
    relations: Vec<Member>,
}

/// A relation of the FROM.
struct Member {
    id: RelationId,
    keys: Keys,
    /// What its columns are equated to.
    equalities: Vec<Equality>,
}

/// Sets of column indexes. No two rows agree on all columns of one without a null among them; of a relation with the
/// empty set there is at most one row.
type Keys = Vec<Vec<usize>>;

/// `column = value`
struct Equality {
    column: usize,
    /// The relations the value is made of.
    reads: BTreeSet<RelationId>,
}

impl Closure {
    fn new(
        action: &Action,
        schema: &Schema,
        from: &[RelationId],
        facts: &[Fact<'_>],
        depth: usize,
    ) -> Closure {
        let mut equated: BTreeMap<RelationId, Vec<Equality>> = BTreeMap::new();
        for (id, equality) in facts.iter().flat_map(|fact| equalities(action, fact)) {
            equated.entry(id).or_default().push(equality);
        }
        let member = |id: &RelationId| Member {
            id: *id,
            keys: keys_of_relation(action, schema, *id, depth),
            equalities: equated.remove(id).unwrap_or_default(),
        };
        Closure { relations: from.iter().map(member).collect() }
    }

    fn of(&self, fixed: &BTreeSet<RelationId>) -> BTreeSet<RelationId> {
        let mut known = fixed.clone();
        loop {
            let before = known.len();
            for member in &self.relations {
                if !known.contains(&member.id) && member.is_fixed(&known) {
                    known.insert(member.id);
                }
            }
            if known.len() == before {
                return known;
            }
        }
    }

    /// True if fixing the rows of `fixed` fixes everything.
    fn all(&self, fixed: &BTreeSet<RelationId>) -> bool {
        let known = self.of(fixed);
        self.relations.iter().all(|member| known.contains(&member.id))
    }
}

impl Member {
    fn is_fixed(&self, known: &BTreeSet<RelationId>) -> bool {
        let of_known = self.equalities.iter().filter(|equality| equality.reads.is_subset(known));
        let equated: BTreeSet<usize> = of_known.map(|equality| equality.column).collect();
        self.keys.iter().any(|key| key.iter().all(|column| equated.contains(column)))
    }
}

/// What a fact equates, and of which relation, read in both directions.
fn equalities(action: &Action, fact: &Fact<'_>) -> Vec<(RelationId, Equality)> {
    let ExprKind::Binary { operator: BinaryOp::Equal, left, right } = &fact.condition.kind else {
        return Vec::new();
    };
    let one_way = |column: &Expr, value: &Expr| match column.kind {
        ExprKind::Column { relation, column } if fact.is_about(relation) => {
            reads(action, value).map(|reads| (relation, Equality { column, reads }))
        }
        _ => None,
    };
    one_way(left, right).into_iter().chain(one_way(right, left)).collect()
}

/// The relations an expression reads; none if it has a subquery, which may read anything.
fn reads(action: &Action, expr: &Expr) -> Option<BTreeSet<RelationId>> {
    let mut reads = Some(BTreeSet::new());
    walk::walk(action, Node::Expr(expr), &mut |node| match node {
        Node::Query(_) => reads = None,
        Node::Expr(Expr { kind: ExprKind::Column { relation, .. }, .. }) => {
            if let Some(reads) = &mut reads {
                reads.insert(*relation);
            }
        }
        _ => {}
    });
    reads
}

fn keys_of_relation(action: &Action, schema: &Schema, id: RelationId, depth: usize) -> Keys {
    match action.relation(id).map(|relation| &relation.source) {
        Some(RelationSource::Table(name)) => schema
            .table(name)
            .map(|table| table.unique_keys().map(<[usize]>::to_vec).collect())
            .unwrap_or_default(),
        Some(RelationSource::Unnest { arrays, ordinality: true }) => {
            number_key(action, arrays).into_iter().collect()
        }
        Some(RelationSource::Query { query, lateral: false }) => keys_of_query(action, schema, query, depth),
        Some(RelationSource::Cte(id)) => {
            match action.cte(*id).filter(|cte| !cte.recursive).map(|cte| &cte.source) {
                Some(CteSource::Query(query)) => keys_of_query(action, schema, query, depth),
                _ => Keys::new(),
            }
        }
        _ => Keys::new(),
    }
}

/// Keys that a query's rows have because of how they are made.
fn keys_of_query(action: &Action, schema: &Schema, query: &Query, depth: usize) -> Keys {
    let Some(depth) = depth.checked_sub(1) else { return Keys::new() };
    let every_column = || vec![(0..query.columns.len()).collect()];
    let select = match &query.body {
        Body::Select(select) => select,
        Body::Operation { all: false, .. } => return every_column(),
        Body::Operation { all: true, .. } => return Keys::new(),
    };
    let mut keys = if select.distinct { every_column() } else { Keys::new() };
    if select.grouped {
        let position = |expr: &Expr| select.items.iter().position(|item| same(&item.expr, expr));
        keys.extend(select.group_by.iter().map(position).collect::<Option<Vec<usize>>>());
    } else {
        keys.extend(kept_keys(action, schema, select, depth));
    }
    keys
}

/// Keys of one relation of a SELECT that are in its list and fix the rows of all the others.
fn kept_keys(action: &Action, schema: &Schema, select: &Select, depth: usize) -> Keys {
    let from = select.from.as_ref().map(relations_of).unwrap_or_default();
    let facts = facts(select.from.as_ref(), select.filter.as_ref());
    let closure = Closure::new(action, schema, &from, &facts, depth);
    if closure.all(&BTreeSet::new()) {
        return vec![Vec::new()];
    }
    let shown = |relation: RelationId, column: usize| {
        let wanted = ExprKind::Column { relation, column };
        select.items.iter().position(|item| item.expr.kind == wanted)
    };
    let mut kept = Keys::new();
    for Member { id, keys, equalities: _ } in &closure.relations {
        let in_list =
            |key: &Vec<usize>| key.iter().map(|column| shown(*id, *column)).collect::<Option<Vec<usize>>>();
        let mut in_list = keys.iter().filter_map(in_list).peekable();
        if in_list.peek().is_some() && closure.all(&BTreeSet::from([*id])) {
            kept.extend(in_list);
        }
    }
    kept
}
