use std::collections::BTreeMap;

use super::chain::{Chain, Final};
use super::chunk::Chunk;
use super::position::Position;
use super::settings::Settings;
use super::signature::Undecodable;
use super::trouble::Trouble;
use super::wire::{Header, Log};
use super::{Rpc, logs, problems};
use crate::oracle::{Event, Level, OracleContext, Receiver, Submission, limits};

/// Bits of a point that hold a log's number in its block.
const INDEX_BITS: u32 = 20;

/// Reads a chain, a chunk of blocks at a time.
pub(super) struct Reader {
    settings: Settings,
    chain: Chain,
    to: Receiver,
    context: OracleContext,
    chunk: Chunk,
    /// Whether the server has said which chain it has since the last trouble.
    is_known: bool,
}

/// What a round has done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Round {
    /// It has read blocks: there may be more.
    Read,
    /// It has asked for too many blocks, and will ask for fewer.
    Narrowed,
    /// There is nothing new.
    Nothing,
}

impl Reader {
    pub(super) fn new(settings: Settings, rpc: Rpc, to: Receiver, context: OracleContext) -> Reader {
        let chunk = Chunk::new(settings.chunk);
        Reader { settings, chain: Chain { rpc }, to, context, chunk, is_known: false }
    }

    /// Reads the next blocks that are final, and keeps their events together with how far that is.
    pub(super) async fn round(&mut self) -> Result<Round, Trouble> {
        let round = self.read().await;
        // Behind the same address may be another server now.
        self.is_known = round.is_ok();
        round
    }

    async fn read(&mut self) -> Result<Round, Trouble> {
        if !self.is_known {
            self.check_chain().await?;
        }
        let position = Position::remembered(&self.to).await?;
        if let Some(position) = &position {
            self.check_position(position)?;
        }
        let last = self.chain.last_final(self.settings.finality).await?;
        let number = match last {
            Final::Nothing => return Ok(Round::Nothing),
            Final::Number(number) | Final::Block(Header { number, .. }) => number,
        };
        let first = position.as_ref().map_or(self.settings.start_block, |position| position.block + 1);
        if number < first {
            return Ok(Round::Nothing);
        }
        if let Some(position) = &position {
            self.check_unchanged(position).await?;
        }
        let end = self.chunk.end(first, number);
        let Some(logs) = self.logs(first, end).await? else { return Ok(Round::Narrowed) };
        let timestamps = self.check_blocks(&logs).await?;
        // Asked for after the logs: a server that has this block had those before it when it answered.
        let header = self.chain.header(end).await?.ok_or(Trouble::Behind(end))?;
        if matches!(last, Final::Block(block) if block.number == end && block.hash != header.hash) {
            return Err(Trouble::Disagrees(end));
        }
        if logs.last().is_some_and(|log| log.block_number == end && log.block_hash != header.hash) {
            return Err(Trouble::Disagrees(end));
        }
        self.check_chain().await?;
        let before = position.and_then(|position| position.point);
        let (events, point) = self.submissions(&logs, &timestamps, before)?;
        let position = Position { chain: self.settings.chain_id, block: end, hash: header.hash, point };
        self.keep(events, first, &position).await?;
        Ok(Round::Read)
    }

    async fn check_chain(&self) -> Result<(), Trouble> {
        let (asked, found) = (self.settings.chain_id, self.chain.chain_id().await?);
        match asked == found {
            true => Ok(()),
            false => Err(problems::wrong_chain(&self.settings.name, asked, found).into()),
        }
    }

    fn check_position(&self, position: &Position) -> Result<(), Trouble> {
        let (asked, found) = (self.settings.chain_id, position.chain);
        match asked == found {
            true => Ok(()),
            false => Err(problems::other_chain_before(&self.settings.name, asked, found).into()),
        }
    }

    /// The last block that was read must be the same still.
    async fn check_unchanged(&self, position: &Position) -> Result<(), Trouble> {
        let header = self.chain.header(position.block).await?.ok_or(Trouble::Behind(position.block))?;
        if header.hash == position.hash {
            return Ok(());
        }
        let (was, is) = (format!("{:#x}", position.hash), format!("{:#x}", header.hash));
        Err(Trouble::Reorganised { block: position.block, was, is })
    }

    /// The logs of blocks `first` to `end`; none if the server was asked for too much and will be asked for less.
    async fn logs(&mut self, first: u64, end: u64) -> Result<Option<Vec<Log>>, Trouble> {
        let filter = self.settings.rules.filter(first, end);
        let answer = self.chain.logs(filter, self.settings.chain_id).await;
        if let Err(Trouble::Rpc(error)) = &answer
            && end > first
            && error.is_about_size()
        {
            let blocks = end - first + 1;
            self.context.log(Level::Debug, format!("{blocks} blocks at once are too many: {error}"));
            self.chunk.halve(blocks);
            return Ok(None);
        }
        let logs = logs::in_order(answer?, first, end, &self.settings.rules).map_err(Trouble::Nonsense)?;
        self.chunk.fitted();
        Ok(Some(logs))
    }

    /// The blocks of the logs must be those of the chain. Gives their timestamps.
    async fn check_blocks(&self, logs: &[Log]) -> Result<BTreeMap<u64, u64>, Trouble> {
        let mut timestamps = BTreeMap::new();
        let mut known: Option<Header> = None;
        for log in logs {
            let number = log.block_number;
            let header = match known.filter(|header| header.number == number) {
                Some(header) => header,
                None => self.chain.header(number).await?.ok_or(Trouble::Behind(number))?,
            };
            if header.hash != log.block_hash {
                return Err(Trouble::Disagrees(number));
            }
            timestamps.insert(number, header.timestamp);
            known = Some(header);
        }
        Ok(timestamps)
    }

    /// The events of the logs, each behind the one before it, and the point of the last.
    fn submissions(
        &self,
        logs: &[Log],
        timestamps: &BTreeMap<u64, u64>,
        before: Option<i64>,
    ) -> Result<(Vec<Submission>, Option<i64>), Trouble> {
        let (mut events, mut previous) = (Vec::new(), before);
        for log in logs {
            let Some(rule) = self.settings.rules.find(log) else { continue };
            let timestamp = timestamps.get(&log.block_number).copied().unwrap_or_default();
            let point = point(log)?;
            let made = rule.targets(log, timestamp).and_then(|targets| {
                let source = format!("{}:{:#x}:{}", log.chain_id, log.transaction_hash, log.index);
                let event = Submission { targets, source: Some(source), order: None };
                let event = event.after(self.settings.topic(), previous, point);
                Event::new(event.clone()).map_err(|why| Undecodable::Unfit(why.0))?;
                Ok(event)
            });
            match made {
                Ok(event) => {
                    events.push(event);
                    previous = Some(point);
                }
                Err(why) => self.pass_over(log, rule.event(), why)?,
            }
        }
        Ok((events, previous))
    }

    /// A log that no event can say is passed over, on every node alike: whoever calls a contract must not be able to stop it.
    fn pass_over(&self, log: &Log, event: &str, why: Undecodable) -> Result<(), Trouble> {
        let transaction = format!("{:#x}", log.transaction_hash);
        match why {
            Undecodable::Misfit(why) => {
                Err(Trouble::Misfit { block: log.block_number, transaction, index: log.index, why })
            }
            Undecodable::Unfit(why) => {
                let (block, index) = (log.block_number, log.index);
                let place = format!("log {index} of transaction {transaction} in block {block}");
                self.context.log(Level::Warn, format!("`{event}` is passed over, {place}: {why}"));
                Ok(())
            }
        }
    }

    /// Keeps events, and with the last of them how far the chain was read. Those before that are only kept again after a
    /// crash, which changes nothing.
    async fn keep(&self, events: Vec<Submission>, first: u64, position: &Position) -> Result<(), Trouble> {
        let count = events.len();
        let mut left = events.into_iter().peekable();
        loop {
            let some: Vec<Submission> = left.by_ref().take(limits::BATCH).collect();
            let is_last = left.peek().is_none();
            let cursor = if is_last { position.cursor()? } else { Vec::new() };
            self.to.submit_all(some, cursor).await?;
            if is_last {
                break;
            }
        }
        let level = if count > 0 { Level::Info } else { Level::Debug };
        self.context.log(level, format!("{count} events in blocks {first} to {}", position.block));
        Ok(())
    }
}

/// A log's place on the topic: its block's number, then its own.
fn point(log: &Log) -> Result<i64, Trouble> {
    let too_large = Trouble::Nonsense("a log's number is too large");
    if log.index >> INDEX_BITS != 0 || log.block_number >> (62 - INDEX_BITS) != 0 {
        return Err(too_large);
    }
    i64::try_from(log.block_number << INDEX_BITS | log.index).map_err(|_| too_large)
}
