use std::collections::BTreeSet;
use std::time::Duration;

use super::client::{Near, Trouble, Which};
use super::event;
use super::position::Position;
use super::read::{BlockChanges, Happened, Thing, What};
use super::settings::Settings;
use super::walk::{self, Anchor};
use super::wire::Header;
use crate::connectors::{Backoff, problems};
use crate::oracle::{Level, OracleContext, OracleError, Receiver, Submission, SubmitError, limits};

/// Things that are remembered to be there, so that they are asked for once.
const KNOWN: usize = 50_000;
/// Events after which what was read is kept before more is read.
const MANY: usize = 2_000;

/// Follows one chain.
pub struct Reader {
    context: OracleContext,
    to: Receiver,
    near: Near,
    settings: Settings,
    /// How far events were kept.
    at: Position,
    /// The node was asked what chain it is.
    is_checked: bool,
    known: BTreeSet<Thing>,
}

/// Blocks that were read.
struct Read {
    events: Vec<Submission>,
    to: Position,
    /// There may be more.
    is_more: bool,
    /// Why there are not more of them.
    trouble: Option<Trouble>,
}

/// Why nothing more was read.
enum Stop {
    /// For a while.
    Trouble(Trouble),
    /// For ever.
    End(OracleError),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Stop {
        Stop::Trouble(trouble)
    }
}

impl From<SubmitError> for Stop {
    fn from(error: SubmitError) -> Stop {
        Stop::Trouble(Trouble::new(format!("events cannot be kept: {error}")))
    }
}

impl Reader {
    pub fn new(context: OracleContext, to: Receiver, near: Near, settings: Settings) -> Reader {
        let at = Position { anchor: Anchor::Start(settings.start_height), point: None };
        Reader { context, to, near, settings, at, is_checked: false, known: BTreeSet::new() }
    }

    /// Reads until it is cancelled.
    pub async fn run(mut self) -> Result<(), OracleError> {
        self.at = self.remembered().await?;
        let context = self.context.clone();
        let mut backoff = Backoff::new(self.settings.poll);
        while !context.is_cancelled() {
            let wait = match self.round().await {
                Ok(is_more) => {
                    if backoff.reset() {
                        context.log(Level::Info, "the node can be read again");
                    }
                    if is_more { Duration::ZERO } else { self.settings.poll }
                }
                Err(Stop::End(error)) => return Err(error),
                Err(Stop::Trouble(Trouble { why, retry_after })) => {
                    // What was learned since the events that were kept is learned again.
                    self.known.clear();
                    self.is_checked = false;
                    let wait = backoff.wait(retry_after);
                    context.log(Level::Warn, format!("{why}; trying again in {:.1} s", wait.as_secs_f64()));
                    wait
                }
            };
            if context.sleep(wait).await {
                break;
            }
        }
        Ok(())
    }

    async fn remembered(&self) -> Result<Position, OracleError> {
        let remembered = self.to.cursor(Position::key()).await.map_err(OracleError::failed)?;
        let Some(text) = remembered else { return Ok(self.at.clone()) };
        let (network, position) = Position::read(&text).ok_or_else(|| {
            OracleError::Failed("what this oracle remembers is not what it writes".to_owned())
        })?;
        let Settings { name, network: asked, .. } = &self.settings;
        match network == *asked {
            true => Ok(position),
            false => Err(problems::other_network_before(name, asked, &network).into()),
        }
    }

    /// Reads some blocks and keeps what they say together with how far that is. True if there are more.
    async fn round(&mut self) -> Result<bool, Stop> {
        let context = self.context.clone();
        let read = tokio::select! {
            () = context.cancelled() => return Ok(false),
            read = self.read() => read?,
        };
        let Read { events, to, is_more, trouble } = read;
        if to != self.at {
            self.keep(events, &to).await?;
            self.at = to;
        }
        match trouble {
            None => Ok(is_more),
            Some(trouble) => Err(trouble.into()),
        }
    }

    async fn read(&mut self) -> Result<Read, Stop> {
        if !self.is_checked {
            self.check().await?;
            self.is_checked = true;
        }
        let head = self.near.block(Which::Final).await?;
        let head = head.ok_or_else(|| Trouble::new("the node has no final block"))?;
        let mut read = Read { events: Vec::new(), to: self.at.clone(), is_more: true, trouble: None };
        for _ in 0..self.settings.chunk {
            match self.block(&head, &mut read).await {
                Ok(true) if read.events.len() <= MANY => {}
                Ok(is_more) => return Ok(Read { is_more, ..read }),
                Err(trouble) => return Ok(Read { trouble: Some(trouble), ..read }),
            }
        }
        Ok(read)
    }

    /// Reads the next block. False if there is none; with trouble, nothing of it was read.
    async fn block(&mut self, head: &Header, read: &mut Read) -> Result<bool, Trouble> {
        let Some(block) = walk::next(&self.near, &read.to.anchor, head).await? else { return Ok(false) };
        let happened = self.happened(&block).await?;
        let made = event::events(&self.settings, &block, &happened, &mut read.to.point);
        for why in made.unfit {
            self.context.log(Level::Warn, format!("passed over in block {}: {why}", block.height));
        }
        read.events.extend(made.events);
        read.to.anchor = Anchor::After { height: block.height, hash: block.hash };
        Ok(true)
    }

    /// Is it the chain, and does the node still have what comes next?
    async fn check(&self) -> Result<(), Stop> {
        let status = self.near.status().await?;
        if status.chain_id != self.settings.network {
            let Settings { name, network, .. } = &self.settings;
            return Err(Stop::End(problems::wrong_network(name, network, &status.chain_id).into()));
        }
        match status.sync_info.earliest_block_height {
            Some(earliest) if earliest > self.at.anchor.next() => {
                let next = self.at.anchor.next();
                let why = format!(
                    "the node has no blocks before {earliest}, and {next} is next: it takes an archival node"
                );
                Err(Trouble::new(why).into())
            }
            _ => Ok(()),
        }
    }

    /// What happened in a block to accounts that are looked at.
    async fn happened(&mut self, block: &Header) -> Result<Vec<Happened>, Trouble> {
        let watched = &self.settings.accounts;
        let touched = self.near.touched(&block.hash, |account| watched.has(account)).await?;
        if touched.is_empty() {
            return Ok(Vec::new());
        }
        let accounts = self.near.changes(&block.hash, "account_changes", &touched).await?;
        let keys = self.near.changes(&block.hash, "all_access_key_changes", &touched).await?;
        let changes = BlockChanges::new(accounts, keys);
        let before = self.there_before(block, changes.questions()).await?;
        let happened = changes.happened(&before);
        self.learn(before, &happened);
        Ok(happened)
    }

    /// Those of `things` that were there before a block.
    async fn there_before(&self, block: &Header, things: Vec<Thing>) -> Result<BTreeSet<Thing>, Trouble> {
        let mut there = BTreeSet::new();
        let mut gone: BTreeSet<String> = BTreeSet::new();
        for thing in things {
            // Accounts come before their keys, and an account that is not there has none.
            if walk::is_first(block) || gone.contains(&thing.account) {
                continue;
            }
            if self.known.contains(&thing) || self.near.is_there(&block.prev_hash, &thing).await? {
                there.insert(thing);
            } else if thing.key.is_none() {
                gone.insert(thing.account);
            }
        }
        Ok(there)
    }

    fn learn(&mut self, before: BTreeSet<Thing>, happened: &[Happened]) {
        if self.known.len() > KNOWN {
            self.known.clear();
        }
        self.known.extend(before);
        for Happened { account, what, .. } in happened {
            let thing = |key: Option<&String>| Thing { account: account.clone(), key: key.cloned() };
            match what {
                What::AccountCreated => drop(self.known.insert(thing(None))),
                What::AccountDeleted => self.known.retain(|known| known.account != *account),
                What::KeyAdded(key, _) => drop(self.known.insert(thing(Some(key)))),
                What::KeyDeleted(key) => drop(self.known.remove(&thing(Some(key)))),
            }
        }
    }

    /// More events than are kept at once are the same ones if they are kept again.
    async fn keep(&self, mut events: Vec<Submission>, to: &Position) -> Result<(), SubmitError> {
        while events.len() > limits::BATCH {
            let rest = events.split_off(limits::BATCH);
            self.to.submit_all(std::mem::replace(&mut events, rest), Vec::new()).await?;
        }
        self.to.submit_all(events, to.cursor(&self.settings.network)).await?;
        Ok(())
    }
}
