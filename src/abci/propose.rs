use tendermint::abci::{request, response};
use tokio_util::bytes::Bytes;

use super::running::Running;
use super::votes::{Votes, is_well_formed};
use super::{App, Trouble, problems};
use crate::oracle::consensus::{Consensus, Proposal, Signatures, SignedExtension};

/// Calls of one block.
const CALLS: usize = 1000;

impl App {
    /// `PrepareProposal`: the votes for the block before, then users' calls as far as they may run and fit.
    pub(super) async fn prepare(
        &self,
        asked: request::PrepareProposal,
    ) -> Result<response::PrepareProposal, Trouble> {
        let mut running = self.0.running.lock().await;
        let running = running.as_mut().ok_or_else(problems::not_begun)?;
        let (height, timestamp) = (height(asked.height), asked.time.unix_timestamp());
        running.expect(height)?;
        let mut room = usize::try_from(asked.max_tx_bytes).unwrap_or(0);
        let is_good = |vote: &SignedExtension| running.counts(height - 1, vote);
        let mut votes = Votes::collect(asked.local_last_commit.as_ref(), is_good);
        votes.fit(room.saturating_sub(6), &running.powers);
        let first = votes.encode();
        if size(&first) > room {
            self.0.host.say(
                "warning: the votes do not fit into a block: `block.max_bytes` of CometBFT is too small",
            );
            return Ok(response::PrepareProposal { txs: Vec::new() });
        }
        room -= size(&first);
        let offered = running.calls.arrange(asked.txs.iter().map(|bytes| bytes.to_vec()).collect());
        let proposal = running.node.propose(height, timestamp, votes.extensions, offered).await?;
        // Ends at the first that does not fit, so that no call comes before a lower one of its caller's.
        let fits = |transaction: &Vec<u8>| match room.checked_sub(size(transaction)) {
            Some(left) => {
                room = left;
                true
            }
            None => false,
        };
        let calls = proposal.transactions.into_iter().take(CALLS).take_while(fits);
        Ok(response::PrepareProposal { txs: std::iter::once(first).chain(calls).map(Bytes::from).collect() })
    }

    /// `ProcessProposal`: accepts what [`App::prepare`] of any honest node gives. Depends on the block and on what is
    /// committed only.
    pub(super) async fn process(
        &self,
        asked: request::ProcessProposal,
    ) -> Result<response::ProcessProposal, Trouble> {
        let mut running = self.0.running.lock().await;
        let running = running.as_mut().ok_or_else(problems::not_begun)?;
        let (height, timestamp) = (height(asked.height), asked.time.unix_timestamp());
        running.expect(height)?;
        let Some((votes, proposal)) = read(&asked.txs, height, timestamp) else {
            return Ok(response::ProcessProposal::Reject);
        };
        let commit = asked.proposed_last_commit.as_ref();
        let is_good = votes.fits(commit)
            && proposal.extensions.iter().all(|vote| is_well_formed(&vote.extension, running.caps.bytes))
            && proposal.transactions.len() <= CALLS
            && running.node.verify(&proposal).await?;
        Ok(if is_good { response::ProcessProposal::Accept } else { response::ProcessProposal::Reject })
    }
}

impl Running {
    /// Whether a vote may stand in a block. Late ones were checked by nobody before.
    fn counts(&self, height: i64, vote: &SignedExtension) -> bool {
        let SignedExtension { validator, extension, signature } = vote;
        is_well_formed(extension, self.caps.bytes) && self.keys.holds(height, validator, extension, signature)
    }
}

/// A block of CometBFT's as consensus has it; none if its first transaction is no votes.
pub(super) fn read(transactions: &[Bytes], height: i64, timestamp: i64) -> Option<(Votes, Proposal)> {
    let (first, calls) = transactions.split_first()?;
    let votes = Votes::decode(first).ok()?;
    let extensions = votes.extensions.clone();
    let transactions = calls.iter().map(|bytes| bytes.to_vec()).collect();
    // Not `Proposal::new`: what is in another order is another block, and is refused.
    Some((votes, Proposal { height, timestamp, extensions, transactions }))
}

/// The height as a number.
pub(super) fn height(height: tendermint::block::Height) -> i64 {
    i64::try_from(height.value()).unwrap_or(i64::MAX)
}

/// What a transaction takes in a block: a tag, its length, itself.
fn size(transaction: &[u8]) -> usize {
    1 + prost::length_delimiter_len(transaction.len()) + transaction.len()
}
