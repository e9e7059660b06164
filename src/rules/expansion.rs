//! How deep views stand in views, and how many calls one call makes. Whatever is past a limit was reported, and counts as one
//! for what uses it.

use super::calls::How;
use super::facts::Facts;
use super::problems;
use crate::diagnostics::Sink;
use crate::language::limits;

pub(super) fn check(facts: &Facts<'_>, sink: &mut Sink) {
    composition_depth(facts, sink);
    number_of_calls(facts, sink);
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
