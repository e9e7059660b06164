//! What a proposer says of the votes for the block before: the first transaction of every block.

use tendermint::abci::types::{BlockSignatureInfo, CommitInfo, ExtendedCommitInfo, ExtendedVoteInfo};
use tendermint::block::BlockIdFlag;

use crate::oracle::consensus::SignedExtension;
use crate::oracle::{Extension, Malformed, Powers, Reader, Threshold, Validator, Writer};

const DOMAIN: &str = "kf.votes.v1";
/// So many validators at most, as CometBFT has it.
const VOTES: usize = 10_000;
/// What each vote takes beside its extension, and its share of the rest.
pub(super) const OVERHEAD: usize = 160;

/// Votes that all were cast in one round, in the order of validators.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Votes {
    /// The round that decided the block before.
    pub round: i64,
    /// The extensions. A signature has the round before it, in eight bytes.
    pub extensions: Vec<SignedExtension>,
}

/// The round that stands before a signature.
pub(super) fn split(signature: &[u8]) -> Option<(i64, &[u8])> {
    let (round, signature) = signature.split_first_chunk::<8>()?;
    Some((i64::from_be_bytes(*round), signature))
}

fn join(round: i64, signature: &[u8]) -> Vec<u8> {
    [&round.to_be_bytes(), signature].concat()
}

fn is_for_the_block(info: BlockSignatureInfo) -> bool {
    info == BlockSignatureInfo::Flag(BlockIdFlag::Commit)
}

fn name(address: &[u8]) -> Validator {
    Validator(hex::encode(address))
}

impl Votes {
    /// What CometBFT knows of votes for the block before. What came late was checked by nobody: `is_good` says what counts.
    pub(super) fn collect(
        commit: Option<&ExtendedCommitInfo>,
        is_good: impl Fn(&SignedExtension) -> bool,
    ) -> Votes {
        let Some(commit) = commit else { return Votes { round: 0, extensions: Vec::new() } };
        let round = i64::from(commit.round.value());
        let vote = |vote: &ExtendedVoteInfo| {
            let signature = vote.extension_signature.as_ref()?;
            is_for_the_block(vote.sig_info).then(|| SignedExtension {
                validator: name(&vote.validator.address),
                extension: vote.vote_extension.to_vec(),
                signature: join(round, signature.as_bytes()),
            })
        };
        let mut extensions: Vec<SignedExtension> =
            commit.votes.iter().filter_map(vote).filter(is_good).collect();
        extensions.sort_by(|a, b| a.validator.cmp(&b.validator));
        Votes { round, extensions }
    }

    /// Leaves out the longest until what is left fits, as long as more than two thirds of the power are left.
    pub(super) fn fit(&mut self, bytes: usize, powers: &Powers) {
        let needed = Threshold::TWO_THIRDS.needed(powers.total());
        let mut power: u128 = self.extensions.iter().map(|it| u128::from(powers.of(&it.validator))).sum();
        while self.encode().len() > bytes {
            let spare = |it: &&SignedExtension| power - u128::from(powers.of(&it.validator)) >= needed;
            let longest = self.extensions.iter().filter(spare).max_by_key(|it| it.extension.len()).cloned();
            let Some(longest) = longest else { return };
            power -= u128::from(powers.of(&longest.validator));
            self.extensions.retain(|it| it.validator != longest.validator);
        }
    }

    /// The bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new(DOMAIN);
        writer.number(self.round);
        writer.count(self.extensions.len());
        for SignedExtension { validator, extension, signature } in &self.extensions {
            writer.fixed(&hex::decode(&validator.0).unwrap_or_default());
            writer.bytes(extension);
            writer.bytes(split(signature).unwrap_or_default().1);
        }
        writer.finish()
    }

    /// Reads what [`Votes::encode`] wrote.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn decode(bytes: &[u8]) -> Result<Votes, Malformed> {
        let mut reader = Reader::new(bytes, DOMAIN)?;
        let round = reader.number()?;
        let extensions = reader.many(VOTES, |reader| {
            let validator = name(&reader.fixed::<20>()?);
            let extension = reader.bytes()?.to_vec();
            Ok(SignedExtension { validator, extension, signature: join(round, reader.bytes()?) })
        })?;
        reader.end()?;
        Ok(Votes { round, extensions })
    }

    /// True if these are votes of the round, and of validators, that the block itself names.
    pub(super) fn fits(&self, commit: Option<&CommitInfo>) -> bool {
        let Some(commit) = commit else { return self.extensions.is_empty() };
        let voted = commit.votes.iter().filter(|vote| is_for_the_block(vote.sig_info));
        let voted: std::collections::BTreeSet<Validator> =
            voted.map(|vote| name(&vote.validator.address)).collect();
        self.round == i64::from(commit.round.value())
            && self.extensions.iter().all(|vote| voted.contains(&vote.validator))
    }
}

/// True if an extension is one that every node accepts.
pub(super) fn is_well_formed(extension: &[u8], most: usize) -> bool {
    extension.len() <= most && Extension::decode(extension).is_ok()
}
