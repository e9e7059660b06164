use tendermint::abci::{request, response};

use super::propose::height;
use super::votes::is_well_formed;
use super::{App, Trouble, problems};
use crate::oracle::consensus::Consensus;

impl App {
    /// `ExtendVote`: what this validator's oracles have seen and the chain has not decided.
    pub(super) async fn extend(&self, asked: request::ExtendVote) -> Result<response::ExtendVote, Trouble> {
        let mut running = self.0.running.lock().await;
        let running = running.as_mut().ok_or_else(problems::not_begun)?;
        running.expect(height(asked.height))?;
        let vote_extension = match self.0.setup.validator {
            Some(_) => running.node.extend(height(asked.height)).await?,
            None => Vec::new(),
        };
        Ok(response::ExtendVote { vote_extension: vote_extension.into() })
    }

    /// `VerifyVoteExtension`: form and size only. What it says is judged when it is in a block.
    pub(super) async fn verify(
        &self,
        asked: &request::VerifyVoteExtension,
    ) -> Result<response::VerifyVoteExtension, Trouble> {
        let running = self.0.running.lock().await;
        let running = running.as_ref().ok_or_else(problems::not_begun)?;
        Ok(match is_well_formed(&asked.vote_extension, running.caps.bytes) {
            true => response::VerifyVoteExtension::Accept,
            false => response::VerifyVoteExtension::Reject,
        })
    }
}
