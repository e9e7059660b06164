use std::collections::BTreeMap;

use alloy_primitives::B256;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::chain::{Chain, Final};
use super::chunk::Chunk;
use super::events::Events;
use super::position::Position;
use super::settings::Settings;
use super::trouble::Trouble;
use super::wire::{Header, Log};
use super::{Rpc, logs, problems};
use crate::oracle::{Level, OracleContext, Receiver, Submission, limits};

/// Blocks that are asked for at once.
const AT_ONCE: usize = 8;
/// Rounds in which the server was behind what was read before, until that is said.
const PATIENCE: u32 = 30;

/// Reads a chain, a chunk of blocks at a time.
pub(super) struct Reader {
    settings: Settings,
    chain: Chain,
    to: Receiver,
    context: OracleContext,
    chunk: Chunk,
    /// Whether the server has said which chain it has since the last trouble.
    is_known: bool,
    /// Rounds in a row in which the server was behind.
    behind: u32,
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
        Reader { settings, chain: Chain { rpc }, to, context, chunk, is_known: false, behind: 0 }
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
        let position = self.position().await?;
        let Some(last) = self.chain.last_final(self.settings.finality).await? else {
            return Ok(Round::Nothing);
        };
        let first = position.as_ref().map_or(self.settings.start_block, Position::next);
        self.look_back(position.as_ref(), last).await?;
        if last.number < first {
            return Ok(Round::Nothing);
        }
        let end = self.chunk.end(first, last.number);
        let Some(logs) = self.logs(first, end).await? else { return Ok(Round::Narrowed) };
        let timestamps = self.check_blocks(&logs).await?;
        let header = self.check_end(end, last, &logs).await?;
        // What was asked last must have come from the same chain as what was asked first.
        self.check_chain().await?;
        let before = position.and_then(|position| position.point);
        let events = Events::of(&logs, &timestamps, before, &self.settings)?;
        let chain = self.settings.chain_id;
        self.keep(events, first, Position { chain, block: end, hash: header.hash, point: None }).await?;
        Ok(Round::Read)
    }

    async fn check_chain(&self) -> Result<(), Trouble> {
        let (asked, found) = (self.settings.chain_id, self.chain.chain_id().await?);
        match asked == found {
            true => Ok(()),
            false => Err(problems::wrong_chain(&self.settings.name, asked, found).into()),
        }
    }

    async fn position(&self) -> Result<Option<Position>, Trouble> {
        let position = Position::remembered(&self.to).await?;
        let asked = self.settings.chain_id;
        match position.as_ref().filter(|position| position.chain != asked) {
            Some(other) => Err(problems::other_chain_before(&self.settings.name, asked, other.chain).into()),
            None => Ok(position),
        }
    }

    /// The last block that was read must be the same still, as far as the server has it.
    async fn look_back(&mut self, position: Option<&Position>, last: Final) -> Result<(), Trouble> {
        let Some(position) = position else { return Ok(()) };
        if last.number < position.block {
            self.behind = self.behind.saturating_add(1);
            if self.behind == PATIENCE {
                let (number, block) = (last.number, position.block);
                let message = format!(
                    "the server says that block {number} is the last final one, and block {block} was read before"
                );
                self.context.log(Level::Warn, message);
            }
            return Ok(());
        }
        self.behind = 0;
        let hash = match last.hash.filter(|_| last.number == position.block) {
            Some(hash) => hash,
            None if last.number == position.block => return Ok(()),
            None => self.chain.header(position.block).await?.ok_or(Trouble::Behind(position.block))?.hash,
        };
        match hash == position.hash {
            true => Ok(()),
            false => Err(Trouble::Reorganised { block: position.block, was: position.hash, is: hash }),
        }
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
        let hashes: BTreeMap<u64, B256> = logs.iter().map(|log| (log.block_number, log.block_hash)).collect();
        if let Some(log) = logs.iter().find(|log| hashes.get(&log.block_number) != Some(&log.block_hash)) {
            return Err(Trouble::Disagrees(log.block_number));
        }
        let header = async |(number, hash)| {
            let header = self.chain.header(number).await?.ok_or(Trouble::Behind(number))?;
            match header.hash == hash {
                true => Ok((number, header.timestamp)),
                false => Err(Trouble::Disagrees(number)),
            }
        };
        stream::iter(hashes).map(header).buffered(AT_ONCE).try_collect().await
    }

    /// The last block of the chunk. It is asked for after the logs: a server that has it had those before it, too.
    async fn check_end(&self, end: u64, last: Final, logs: &[Log]) -> Result<Header, Trouble> {
        let header = self.chain.header(end).await?.ok_or(Trouble::Behind(end))?;
        let of_log = logs.last().filter(|log| log.block_number == end).map(|log| log.block_hash);
        let of_final = last.hash.filter(|_| last.number == end);
        match of_log.into_iter().chain(of_final).all(|hash| hash == header.hash) {
            true => Ok(header),
            false => Err(Trouble::Disagrees(end)),
        }
    }

    /// Keeps events, and with the last of them how far the chain was read. Those before that are only kept again after a
    /// crash, which changes nothing.
    async fn keep(&self, events: Events, first: u64, position: Position) -> Result<(), Trouble> {
        let Events { submissions, point, passed_over } = events;
        let position = Position { point, ..position };
        let count = submissions.len();
        let mut left = submissions.into_iter().peekable();
        loop {
            let some: Vec<Submission> = left.by_ref().take(limits::BATCH).collect();
            let is_last = left.peek().is_none();
            let cursor = if is_last { position.cursor()? } else { Vec::new() };
            self.to.submit_all(some, cursor).await?;
            if is_last {
                break;
            }
        }
        passed_over.into_iter().for_each(|line| self.context.log(Level::Warn, line));
        let level = if count > 0 { Level::Info } else { Level::Debug };
        self.context.log(level, format!("{count} events in blocks {first} to {}", position.block));
        Ok(())
    }
}
