//! What a statement costs once views and CTEs stand in the place of their names, counted before anything is made
//! larger. Whatever is past a limit was reported, and counts as one for what uses it.

use std::collections::BTreeMap;

use super::calls::How;
use super::facts::Facts;
use super::problems;
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{Action, Callee, CteId, CteSource, RelationSource};
use crate::interface::Dbid;
use crate::language::{Name, limits};
use crate::source::Span;

pub(super) fn check(facts: &Facts<'_>, sink: &mut Sink) {
    composition_depth(facts, sink);
    number_of_calls(facts, sink);
    relations(facts, sink);
}

fn composition_depth(facts: &Facts<'_>, sink: &mut Sink) {
    let mut depths = vec![0usize; facts.calls.nodes.len()];
    for index in &facts.calls.callees_first {
        let Some(node) = facts.calls.nodes.get(*index) else { continue };
        let mut depth = 0;
        for call in node.calls.iter().filter(|call| call.how == How::Spliced) {
            let below = depths.get(call.to).copied().unwrap_or(0) + 1;
            if below > limits::COMPOSITION_DEPTH {
                sink.report(problems::composition_too_deep(node.action, call.span));
            } else {
                depth = depth.max(below);
            }
        }
        if let Some(known) = depths.get_mut(*index) {
            *known = depth;
        }
    }
}

fn number_of_calls(facts: &Facts<'_>, sink: &mut Sink) {
    let mut totals = vec![0usize; facts.calls.nodes.len()];
    for index in &facts.calls.callees_first {
        let Some(node) = facts.calls.nodes.get(*index) else { continue };
        let mut total = 0usize;
        for call in node.calls.iter().filter(|call| call.how != How::Spliced) {
            total = total.saturating_add(totals.get(call.to).copied().unwrap_or(0)).saturating_add(1);
        }
        if total > limits::CALLS {
            sink.report(problems::too_many_calls(node.action, total));
            total = 1;
        }
        if let Some(known) = totals.get_mut(*index) {
            *known = total;
        }
    }
}

fn relations(facts: &Facts<'_>, sink: &mut Sink) {
    let mut views: BTreeMap<(&Dbid, &Name), usize> = BTreeMap::new();
    for index in &facts.calls.callees_first {
        let Some(node) = facts.calls.nodes.get(*index) else { continue };
        let count = Count { action: node.action, views: &views, ctes: BTreeMap::new() };
        let size = match count.action() {
            Ok(size) => size,
            Err((span, size)) => {
                sink.report(problems::expansion_too_large(span, size));
                1
            }
        };
        views.insert((&node.schema.dbid, &node.action.name), size);
    }
}

/// Counts relations in one action.
struct Count<'a, 'v> {
    action: &'a Action,
    /// Sizes of the actions counted before.
    views: &'v BTreeMap<(&'a Dbid, &'a Name), usize>,
    /// Sizes of CTEs counted before, and 1 for those being counted: a recursion is gone through once here.
    ctes: BTreeMap<CteId, usize>,
}

impl<'a> Count<'a, '_> {
    /// The size of the action, or the first CTE or statement that is too large.
    fn action(mut self) -> Result<usize, (Span, usize)> {
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

    fn view(&self, callee: &'a Callee) -> usize {
        self.views.get(&(&callee.dbid, &callee.action)).copied().unwrap_or(1)
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
