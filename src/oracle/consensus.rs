//! Where consensus meets events. Consensus itself stays outside: whatever orders blocks asks a node these questions, in
//! this order, and the node answers from its store.

use super::encoding::{Writer, hash};
use super::store::Failure;
use super::{Extension, Malformed, Powers, Seen, Threshold, Validator};

/// An extension with the vote it came with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedExtension {
    /// Who voted.
    pub validator: Validator,
    /// The extension as it was sent.
    pub extension: Vec<u8>,
    /// Over height and extension, in the way of the consensus engine.
    pub signature: Vec<u8>,
}

/// A block that is proposed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proposal {
    /// Its height.
    pub height: i64,
    /// Unix time in seconds.
    pub timestamp: i64,
    /// What came with the votes for the block before it.
    pub extensions: Vec<SignedExtension>,
    /// Calls of users, as consensus carries them.
    pub transactions: Vec<Vec<u8>>,
}

impl Proposal {
    /// With votes in the order of validators.
    pub fn new(
        height: i64,
        timestamp: i64,
        mut extensions: Vec<SignedExtension>,
        transactions: Vec<Vec<u8>>,
    ) -> Proposal {
        extensions.sort_by(|a, b| a.validator.cmp(&b.validator));
        Proposal { height, timestamp, extensions, transactions }
    }

    /// SHA-256 of all of it.
    pub fn hash(&self) -> [u8; 32] {
        let mut writer = Writer::new("kf.proposal.v1");
        writer.number(self.height);
        writer.number(self.timestamp);
        writer.count(self.extensions.len());
        for SignedExtension { validator, extension, signature } in &self.extensions {
            writer.text(&validator.0);
            writer.bytes(extension);
            writer.bytes(signature);
        }
        writer.count(self.transactions.len());
        self.transactions.iter().for_each(|transaction| writer.bytes(transaction));
        hash(&writer.finish())
    }
}

/// What consensus asks of a node, for each height in this order. Only [`Consensus::commit`] may leave something behind;
/// after a crash a height is asked for again from the beginning.
pub trait Consensus: Send {
    /// The last height that is committed, and the hash there.
    fn committed(&mut self) -> impl Future<Output = Result<(i64, [u8; 32]), Failure>> + Send;

    /// A block made of what came with the votes for the one before, and of users' transactions as far as they may run.
    /// Asked of one validator.
    fn propose(
        &mut self,
        height: i64,
        timestamp: i64,
        extensions: Vec<SignedExtension>,
        transactions: Vec<Vec<u8>>,
    ) -> impl Future<Output = Result<Proposal, Failure>> + Send;

    /// True if a block may be voted for. A false answer costs the proposer its turn, nothing else.
    fn verify(&mut self, proposal: &Proposal) -> impl Future<Output = Result<bool, Failure>> + Send;

    /// What this validator has to say with its vote for the block of this height.
    fn extend(&mut self, height: i64) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send;

    /// True if another's extension has the form of one. What it says is judged when the block is applied.
    fn verify_extension(&mut self, extension: &[u8]) -> bool {
        Extension::decode(extension).is_ok()
    }

    /// Applies a decided block without keeping it, and gives the hash every node must come to.
    fn finalize(&mut self, proposal: &Proposal) -> impl Future<Output = Result<[u8; 32], Failure>> + Send;

    /// Keeps what was finalised.
    fn commit(&mut self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// Whether a signature is the validator's own: the matter of whoever knows the keys.
pub trait Signatures {
    /// True if `validator` signed `extension` at `height`.
    fn holds(&self, height: i64, validator: &Validator, extension: &[u8], signature: &[u8]) -> bool;
}

/// For a validator that is alone: nobody else could have signed.
pub struct Alone;

impl Signatures for Alone {
    fn holds(&self, _: i64, _: &Validator, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

/// What validators have said with their votes for the block before this one. A proposer may leave out some of it, but not
/// so much that less than two thirds are left, and can put nothing into another's mouth. The first block has none.
///
/// # Errors
/// Why the block must not be voted for.
pub fn seen(
    proposal: &Proposal,
    initial_height: i64,
    before: &Powers,
    signatures: &(impl Signatures + ?Sized),
) -> Result<Seen, Malformed> {
    let Proposal { height, extensions, .. } = proposal;
    if *height == initial_height && extensions.is_empty() {
        return Ok(Seen::new());
    }
    let ascends = extensions.is_sorted_by(|a, b| a.validator < b.validator);
    if !ascends {
        return Err(Malformed("votes are not in the order of validators"));
    }
    let mut seen = Seen::new();
    let mut power = 0;
    for SignedExtension { validator, extension, signature } in extensions {
        if before.of(validator) == 0 {
            return Err(Malformed("a vote is of nobody's"));
        }
        if !signatures.holds(height - 1, validator, extension, signature) {
            return Err(Malformed("a vote is not signed by its validator"));
        }
        power += u128::from(before.of(validator));
        seen.insert(validator.clone(), Extension::decode(extension)?);
    }
    match power >= Threshold::TWO_THIRDS.needed(before.total()) {
        true => Ok(seen),
        false => Err(Malformed("votes of more than two thirds are missing")),
    }
}

/// Consensus of one validator: a block is what it says, of these transactions those that may run. Gives the height and the hash there.
///
/// # Errors
/// What stops the node; nothing of the block was kept.
pub async fn solo<C: Consensus>(
    node: &mut C,
    me: &Validator,
    timestamp: i64,
    transactions: Vec<Vec<u8>>,
) -> Result<(i64, [u8; 32]), Failure> {
    let (last, _) = node.committed().await?;
    let height = last + 1;
    let own =
        SignedExtension { validator: me.clone(), extension: node.extend(last).await?, signature: Vec::new() };
    let proposal = node.propose(height, timestamp, vec![own], transactions).await?;
    let hash = node.finalize(&proposal).await?;
    node.commit().await?;
    Ok((height, hash))
}
