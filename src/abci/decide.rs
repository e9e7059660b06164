use std::time::Instant;

use tendermint::abci::{request, response};

use super::propose::{height, read};
use super::running::Pending;
use super::{App, Committed, Trouble, problems, results};
use crate::oracle::consensus::Consensus;

impl App {
    /// `FinalizeBlock`: runs the block in a transaction that stays open. Asked again, it is run again from what is
    /// committed. Misbehaviour is not looked at, and nothing changes validators or parameters.
    pub(super) async fn finalize(
        &self,
        asked: request::FinalizeBlock,
    ) -> Result<response::FinalizeBlock, Trouble> {
        let started = Instant::now();
        let mut running = self.0.running.lock().await;
        let running = running.as_mut().ok_or_else(problems::not_begun)?;
        let (height, timestamp) = (height(asked.height), asked.time.unix_timestamp());
        running.expect(height)?;
        running.pending = None;
        let read = read(&asked.txs, height, timestamp);
        let (_, proposal) = read.ok_or_else(|| problems::decided_without_votes(height))?;
        let app_hash = running.node.finalize(&proposal).await?;
        let decided = running.node.decided().ok_or_else(problems::nothing_finalised)?;
        let (tx_results, events) = (results::of_block(decided), results::events(decided));
        running.pending = Some(Pending { height, timestamp, app_hash, took: started.elapsed() });
        Ok(response::FinalizeBlock {
            events,
            tx_results,
            validator_updates: Vec::new(),
            consensus_param_updates: None,
            app_hash: app_hash.to_vec().try_into().unwrap_or_default(),
        })
    }

    /// `Commit`: keeps what was finalised.
    pub(super) async fn commit(&self) -> Result<response::Commit, Trouble> {
        let started = Instant::now();
        let mut running = self.0.running.lock().await;
        let running = running.as_mut().ok_or_else(problems::not_begun)?;
        let Pending { height, timestamp, app_hash, took } =
            running.pending.take().ok_or_else(problems::nothing_finalised)?;
        running.node.commit().await?;
        running.next = height.saturating_add(1);
        self.advance((height, app_hash));
        if let Some(decided) = running.node.decided() {
            let took = took + started.elapsed();
            self.0.host.committed(&Committed { height, timestamp, app_hash, decided, took });
        }
        let retain = match self.0.setup.retain_blocks {
            0 => 0,
            blocks => height.saturating_sub(blocks - 1).max(0),
        };
        let retain_height = u64::try_from(retain).unwrap_or(0).try_into().unwrap_or_default();
        Ok(response::Commit { retain_height, ..response::Commit::default() })
    }
}
