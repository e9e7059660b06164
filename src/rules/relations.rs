//! How many relations a statement reads once views and CTEs stand in the place of their names, counted before anything is
//! made larger. What is past the limit was reported, and counts as one for what uses it.

use std::collections::BTreeMap;

use super::calls::Calls;
use super::facts::Facts;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{Action, Callee, CteId, CteSource, Program, RelationSource, Schema};
use crate::interface::Dbid;
use crate::language::limits;
use crate::source::Span;

/// What was counted of the actions of each schema.
pub(super) type Counted = BTreeMap<Dbid, Vec<Size>>;

/// What was counted of an action.
#[derive(Clone, Debug)]
pub(super) struct Size {
    /// Its relations, or the first CTE or statement that has too many.
    relations: Result<usize, (Span, usize)>,
    /// The sizes of views that this was counted with.
    rests_on: Vec<(Callee, usize)>,
}

/// Reports what is too large, and gives what it counted. `before` has what is known of schemas that are the same.
pub(super) fn check(facts: &Facts<'_>, before: Counted, sink: &mut Sink) -> Counted {
    let calls = &facts.calls;
    let mut counted = by_action(facts.program, before);
    let mut sizes = vec![None; calls.nodes.len()];
    for index in &calls.callees_first {
        let (Some(node), Some(slot)) = (calls.nodes.get(*index), counted.get_mut(*index)) else { continue };
        let known = slot.take().filter(|size| size.still_holds(calls, &sizes));
        let size = known.unwrap_or_else(|| Size::of(node.action, calls, &sizes));
        if let Err((span, relations)) = size.relations {
            sink.report(problems::expansion_too_large(span, relations));
        }
        if let Some(known) = sizes.get_mut(*index) {
            *known = Some(size.relations.unwrap_or(1));
        }
        *slot = Some(size);
    }
    by_schema(facts.program, counted)
}

/// One for each action of the program, in order.
fn by_action(program: &Program, mut counted: Counted) -> Vec<Option<Size>> {
    let of = |schema: &Schema| {
        let sizes = counted.remove(&schema.dbid).unwrap_or_default().into_iter().map(Some);
        sizes.chain(std::iter::repeat_with(|| None)).take(schema.actions.len()).collect::<Vec<_>>()
    };
    program.schemas.iter().flat_map(of).collect()
}

fn by_schema(program: &Program, counted: Vec<Option<Size>>) -> Counted {
    let mut counted = counted.into_iter();
    let mut of = |schema: &Schema| counted.by_ref().take(schema.actions.len()).flatten().collect();
    program.schemas.iter().map(|schema| (schema.dbid.clone(), of(schema))).collect()
}

impl Size {
    fn of(action: &Action, calls: &Calls<'_>, sizes: &[Option<usize>]) -> Size {
        let mut count = Count { action, calls, sizes, rests_on: BTreeMap::new(), ctes: BTreeMap::new() };
        let relations = count.action();
        let rests_on = count.rests_on.into_iter().map(|(callee, size)| (callee.clone(), size)).collect();
        Size { relations, rests_on }
    }

    fn still_holds(&self, calls: &Calls<'_>, sizes: &[Option<usize>]) -> bool {
        self.rests_on.iter().all(|(callee, size)| size_of(callee, calls, sizes) == *size)
    }
}

/// One for a view that is not counted yet: a recursion is gone through once here.
fn size_of(callee: &Callee, calls: &Calls<'_>, sizes: &[Option<usize>]) -> usize {
    let position = calls.position(callee);
    position.and_then(|position| sizes.get(position).copied().flatten()).unwrap_or(1)
}

/// Counts relations in one action.
struct Count<'a, 's> {
    action: &'a Action,
    calls: &'s Calls<'a>,
    /// Sizes of the actions counted so far, by their index in `calls`.
    sizes: &'s [Option<usize>],
    /// Sizes of views that were asked for.
    rests_on: BTreeMap<&'a Callee, usize>,
    /// Sizes of CTEs counted before, and 1 for those being counted: a recursion is gone through once here.
    ctes: BTreeMap<CteId, usize>,
}

impl<'a> Count<'a, '_> {
    /// The size of the action, or the first CTE or statement that is too large.
    fn action(&mut self) -> Result<usize, (Span, usize)> {
        // in the order they were met, so that one CTE after another is counted and no recursion is deep
        for (id, cte) in (0..).map(CteId).zip(&self.action.ctes) {
            let size = self.cte(id);
            if size > limits::EXPANSION {
                return Err((cte.span, size));
            }
        }
        let mut total = 0usize;
        for statement in &self.action.body {
            let size = self.node(Node::Statement(statement));
            if size > limits::EXPANSION {
                return Err((statement.span, size));
            }
            total = total.saturating_add(size);
        }
        Ok(total)
    }

    fn node(&mut self, node: Node<'a>) -> usize {
        let own = match node {
            // a CTE costs where it is read
            Node::Cte(..) => return 0,
            Node::Relation(_, relation) => match &relation.source {
                RelationSource::Table(_) | RelationSource::Excluded(_) | RelationSource::Unnest { .. } => 1,
                RelationSource::Cte(id) => self.cte(*id),
                RelationSource::Query { .. } | RelationSource::View(_) => 0,
            },
            Node::View(call) if call.spliced => self.view(&call.callee),
            Node::View(_) => 1,
            _ => 0,
        };
        let mut total = own;
        walk::children(self.action, node, &mut |child| total = total.saturating_add(self.node(child)));
        total
    }

    fn view(&mut self, callee: &'a Callee) -> usize {
        let size = size_of(callee, self.calls, self.sizes);
        self.rests_on.insert(callee, size);
        size
    }

    fn cte(&mut self, id: CteId) -> usize {
        if let Some(known) = self.ctes.get(&id) {
            return *known;
        }
        self.ctes.insert(id, 1);
        let size = match self.action.cte(id).map(|cte| &cte.source) {
            Some(CteSource::Query(query)) => self.node(Node::Query(query)),
            Some(CteSource::View(call)) => self.node(Node::View(call)),
            None => 0,
        };
        self.ctes.insert(id, size);
        size
    }
}
