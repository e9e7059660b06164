//! What logs become: events, each behind the one before it.

use std::collections::BTreeMap;

use super::settings::Settings;
use super::signature::Undecodable;
use super::trouble::Trouble;
use super::wire::Log;
use crate::oracle::{Event, Submission};

/// Bits of a point that hold a log's number in its block.
const INDEX_BITS: u32 = 20;

/// The events of some logs.
#[derive(Default)]
pub(super) struct Events {
    /// In the order of the chain.
    pub(super) submissions: Vec<Submission>,
    /// Where the last of them is on the topic.
    pub(super) point: Option<i64>,
    /// What is to be said of logs that no event can say. They are passed over, on every node alike: whoever calls a contract
    /// must not be able to stop the oracle.
    pub(super) passed_over: Vec<String>,
}

impl Events {
    /// The events of `logs`, whose blocks have these `timestamps`, behind the one at `point`.
    ///
    /// # Errors
    /// If a log does not fit the key `event`.
    pub(super) fn of(
        logs: &[Log],
        timestamps: &BTreeMap<u64, u64>,
        point: Option<i64>,
        settings: &Settings,
    ) -> Result<Events, Trouble> {
        let mut events = Events { point, ..Events::default() };
        for log in logs {
            let timestamp = timestamps.get(&log.block_number).copied().unwrap_or_default();
            events.add(log, timestamp, settings)?;
        }
        Ok(events)
    }

    fn add(&mut self, log: &Log, timestamp: u64, settings: &Settings) -> Result<(), Trouble> {
        let Some(rule) = settings.rules.find(log) else { return Ok(()) };
        let point = point(log)?;
        let made = rule.targets(log, timestamp).and_then(|targets| {
            let source = format!("{}:{:#x}:{}", log.chain_id, log.transaction_hash, log.index);
            let submission = Submission { targets, source: Some(source), order: None };
            let submission = submission.after(settings.topic(), self.point, point);
            Event::new(submission.clone()).map_err(|why| Undecodable::Unfit(why.0))?;
            Ok(submission)
        });
        let place = || {
            format!(
                "log {} of transaction {:#x} in block {}",
                log.index, log.transaction_hash, log.block_number
            )
        };
        match made {
            Ok(submission) => {
                self.submissions.push(submission);
                self.point = Some(point);
            }
            Err(Undecodable::Misfit(why)) => return Err(Trouble::Misfit { place: place(), why }),
            Err(Undecodable::Unfit(why)) => {
                self.passed_over.push(format!("`{}` is passed over, {}: {why}", rule.event(), place()));
            }
        }
        Ok(())
    }
}

/// A log's place on the topic: its block's number, then its own.
fn point(log: &Log) -> Result<i64, Trouble> {
    let too_large = Trouble::Nonsense("the number of a block or of a log is too large");
    if log.index >> INDEX_BITS != 0 || log.block_number >> (63 - INDEX_BITS) != 0 {
        return Err(too_large);
    }
    i64::try_from(log.block_number << INDEX_BITS | log.index).map_err(|_| too_large)
}
