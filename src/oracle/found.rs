use std::collections::{BTreeMap, BTreeSet};

use super::encoding::{Writer, hash};
use super::{Claim, Claims, EventId, Vote};

/// SHA-256 of everything that a block reads of the events to decide by: all that is undecided with its votes, which of the
/// events it mentions are decided, and where the topics are that it looked at. A node whose tables were changed behind its
/// back comes to another hash at the first block that reads the change, whether the change would have mattered or not.
pub(super) fn found(claims: &Claims, decided: &BTreeSet<EventId>, heads: &BTreeMap<String, i64>) -> [u8; 32] {
    let mut writer = Writer::new("kf.found.v1");
    writer.count(claims.open.len());
    for (id, Claim { claimed_by, first_height, threshold, is_approved, .. }) in &claims.open {
        writer.fixed(&id.0);
        writer.text(&claimed_by.0);
        writer.number(*first_height);
        writer.text(&threshold.to_string());
        writer.tag(u8::from(*is_approved));
    }
    writer.count(claims.votes.len());
    for Vote { id, validator } in &claims.votes {
        writer.fixed(&id.0);
        writer.text(&validator.0);
    }
    writer.count(decided.len());
    decided.iter().for_each(|id| writer.fixed(&id.0));
    writer.count(heads.len());
    for (topic, point) in heads {
        writer.text(topic);
        writer.number(*point);
    }
    hash(&writer.finish())
}
