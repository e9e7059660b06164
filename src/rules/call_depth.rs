//! How deep calls nest. A cycle, which is legal inside a schema, counts as if it were gone through once: how often it
//! is gone through shows at run time, and is limited there.

use super::calls::How;
use super::facts::Facts;
use super::problems;
use crate::diagnostics::Sink;
use crate::language::limits;

pub(super) fn check(facts: &Facts<'_>, sink: &mut Sink) {
    let mut depths = vec![0usize; facts.calls.nodes.len()];
    for index in &facts.calls.callees_first {
        let Some(node) = facts.calls.nodes.get(*index) else { continue };
        let real = node.calls.iter().filter(|call| call.how != How::Spliced);
        let deepest = real.max_by_key(|call| (depths.get(call.to).copied(), std::cmp::Reverse(call.span)));
        let below = deepest.and_then(|call| depths.get(call.to)).copied().unwrap_or(0);
        if let Some(depth) = depths.get_mut(*index) {
            *depth = below + 1;
        }
        // one deeper than allowed; its callers are said nothing of
        if let Some(call) = deepest.filter(|_| below == limits::CALL_DEPTH) {
            sink.report(problems::calls_too_deep(node.action, call.span));
        }
    }
}
