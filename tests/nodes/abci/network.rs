//! The part of consensus: validators in turn propose, all judge, vote and apply, in the order that is documented.

use ed25519_dalek::{Signer, SigningKey};
use kuneiform::oracle::store::postgres::PostgresStore;
use kuneiform::oracle::store::{Batch, EventStore};
use kuneiform::oracle::{Event, Submission};
use prost::Message;
use prost::bytes::Bytes;
use sha2::{Digest, Sha256};
use tendermint_proto::google::protobuf::{Duration, Timestamp};
use tendermint_proto::v0_38::abci as pb;
use tendermint_proto::v0_38::crypto::{PublicKey, public_key};
use tendermint_proto::v0_38::types as pbt;

use super::client::{Client, ask};
use crate::process::Node;
use crate::support::{block_on, session};

pub const CHAIN: &str = "net-1";
pub const ACCEPT: i32 = 1;
pub const REJECT: i32 = 2;
const VOTED: i32 = 2;
const BLOCK_BYTES: i64 = 4 * 1024 * 1024;

pub struct Member {
    pub node: Node,
    pub client: Client,
    key: SigningKey,
}

/// What CometBFT knows of a vote.
#[derive(Clone)]
pub struct Vote {
    pub address: Bytes,
    pub extension: Bytes,
    pub signature: Bytes,
}

pub struct Network {
    pub members: Vec<Member>,
    pub height: i64,
    pub round: i32,
    /// For the block before.
    pub votes: Vec<Vote>,
    pub app_hash: Bytes,
    /// The last block.
    pub txs: Vec<Bytes>,
    pub results: Vec<pb::ExecTxResult>,
    pub events: Vec<pb::Event>,
}

impl Member {
    /// A process of its own with a database of its own.
    pub fn new(seed: u8, schema: &str) -> Member {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let mut node = Node::new();
        node.write("facts.kf", schema);
        let toml = format!(
            "[node]\nchain_id = '{CHAIN}'\nlisten = '127.0.0.1:0'\ndurable = false\n\
             [[genesis.schemas]]\nfile = 'facts.kf'\n\
             [abci]\nlisten = '127.0.0.1:0'\nretain_blocks = 3\nvalidator = '{}'\n",
            hex::encode_upper(address(&key))
        );
        node.write("node.toml", &toml);
        let client = start(&mut node);
        Member { node, client, key }
    }

    pub fn address(&self) -> Bytes {
        address(&self.key)
    }

    /// Ends the process at once and starts it again.
    pub fn crash(&mut self) {
        self.node.kill();
        self.client = start(&mut self.node);
    }

    pub fn info(&mut self) -> (i64, Bytes) {
        let info = ask!(self.client, Info, pb::RequestInfo::default()).unwrap();
        (info.last_block_height, info.last_block_app_hash)
    }

    /// The vote with an extension, signed in the way of CometBFT.
    pub fn vote(&self, height: i64, round: i32, extension: Bytes) -> Vote {
        let said = pbt::CanonicalVoteExtension {
            extension: extension.to_vec(),
            height,
            round: round.into(),
            chain_id: CHAIN.to_owned(),
        };
        let signature = self.key.sign(&said.encode_length_delimited_to_vec()).to_bytes().to_vec();
        Vote { address: self.address(), extension, signature: signature.into() }
    }

    /// Its oracles have seen these.
    pub fn observes(&self, events: &[Submission]) {
        block_on(async {
            let session = session(self.node.url()).await;
            let events = events.iter().map(|it| Event::new(it.clone()).unwrap()).collect();
            let batch = Batch { events, cursor: Vec::new() };
            PostgresStore(&session.client).append("test", &batch).await.unwrap();
            session.close().await;
        });
    }

    pub fn process(&mut self, request: pb::RequestProcessProposal) -> i32 {
        ask!(self.client, ProcessProposal, request).unwrap().status
    }

    pub fn accepts_extension(&mut self, height: i64, extension: &[u8]) -> bool {
        let request = pb::RequestVerifyVoteExtension {
            hash: vec![0; 32].into(),
            validator_address: self.address(),
            height,
            vote_extension: extension.to_vec().into(),
        };
        ask!(self.client, VerifyVoteExtension, request).unwrap().status == ACCEPT
    }

    pub fn check(&mut self, tx: &[u8]) -> u32 {
        let request = pb::RequestCheckTx { tx: tx.to_vec().into(), r#type: 0 };
        ask!(self.client, CheckTx, request).unwrap().code
    }

    pub fn query(&mut self, path: &str, data: &str, height: i64) -> (u32, String) {
        let (data, path) = (data.as_bytes().to_vec().into(), path.to_owned());
        let request = pb::RequestQuery { data, path, height, prove: false };
        let answer = ask!(self.client, Query, request).unwrap();
        let value = String::from_utf8(answer.value.to_vec()).unwrap();
        (answer.code, if answer.code == 0 { value } else { answer.log })
    }
}

fn start(node: &mut Node) -> Client {
    node.start();
    let said = node.said();
    let address = said.lines().find_map(|line| line.strip_prefix("waiting for CometBFT on tcp://"));
    Client::new(address.unwrap())
}

fn address(key: &SigningKey) -> Bytes {
    Sha256::digest(key.verifying_key().as_bytes())[..20].to_vec().into()
}

fn time(height: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds: 1_700_000_000 + height, nanos: 5 })
}

impl Network {
    pub fn new(count: u8, schema: &str) -> Network {
        let members = (1..=count).map(|seed| Member::new(seed, schema)).collect();
        let (votes, txs, results, events) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Network { members, height: 0, round: 0, votes, app_hash: Bytes::new(), txs, results, events }
    }

    pub fn genesis(&self) -> pb::RequestInitChain {
        let validator = |member: &Member| pb::ValidatorUpdate {
            pub_key: Some(PublicKey {
                sum: Some(public_key::Sum::Ed25519(member.key.verifying_key().to_bytes().to_vec())),
            }),
            power: 10,
        };
        let params = pbt::ConsensusParams {
            block: Some(pbt::BlockParams { max_bytes: BLOCK_BYTES, max_gas: -1 }),
            evidence: Some(pbt::EvidenceParams {
                max_age_num_blocks: 100_000,
                max_age_duration: Some(Duration { seconds: 172_800, nanos: 0 }),
                max_bytes: 1_048_576,
            }),
            validator: Some(pbt::ValidatorParams { pub_key_types: vec!["ed25519".to_owned()] }),
            version: Some(pbt::VersionParams { app: 0 }),
            abci: Some(pbt::AbciParams { vote_extensions_enable_height: 1 }),
        };
        pb::RequestInitChain {
            time: time(0),
            chain_id: CHAIN.to_owned(),
            consensus_params: Some(params),
            validators: self.members.iter().map(validator).collect(),
            app_state_bytes: b"{}".to_vec().into(),
            initial_height: 1,
        }
    }

    /// `InitChain` of all; they must give one hash.
    pub fn begin(&mut self) {
        let genesis = self.genesis();
        let hashes: Vec<Bytes> = (self.members.iter_mut())
            .map(|member| ask!(member.client, InitChain, genesis.clone()).unwrap().app_hash)
            .collect();
        assert!(hashes.iter().all(|hash| *hash == hashes[0] && hash.len() == 32));
        self.app_hash = hashes[0].clone();
    }

    pub fn commit_info(&self) -> pb::CommitInfo {
        let vote = |member: &Member| {
            let voted = self.votes.iter().any(|vote| vote.address == member.address());
            let validator = Some(pb::Validator { address: member.address(), power: 10 });
            pb::VoteInfo { validator, block_id_flag: if voted { VOTED } else { 1 } }
        };
        let votes = if self.height == 0 { Vec::new() } else { self.members.iter().map(vote).collect() };
        pb::CommitInfo { round: self.round, votes }
    }

    /// What the next proposer makes of the calls that wait.
    pub fn prepare(&mut self, mempool: &[Bytes], max_tx_bytes: i64) -> Result<Vec<Bytes>, String> {
        let vote = |vote: &Vote| pb::ExtendedVoteInfo {
            validator: Some(pb::Validator { address: vote.address.clone(), power: 10 }),
            vote_extension: vote.extension.clone(),
            extension_signature: vote.signature.clone(),
            block_id_flag: VOTED,
        };
        let votes = self.votes.iter().map(vote).collect();
        let proposer = self.proposer();
        let request = pb::RequestPrepareProposal {
            max_tx_bytes,
            txs: mempool.to_vec(),
            local_last_commit: Some(pb::ExtendedCommitInfo { round: self.round, votes }),
            misbehavior: Vec::new(),
            height: self.height + 1,
            time: time(self.height + 1),
            next_validators_hash: vec![1; 32].into(),
            proposer_address: self.members[proposer].address(),
        };
        Ok(ask!(self.members[proposer].client, PrepareProposal, request)?.txs)
    }

    pub fn proposer(&self) -> usize {
        usize::try_from(self.height + 1).unwrap() % self.members.len()
    }

    pub fn proposal(&self, txs: &[Bytes]) -> pb::RequestProcessProposal {
        pb::RequestProcessProposal {
            txs: txs.to_vec(),
            proposed_last_commit: Some(self.commit_info()),
            misbehavior: Vec::new(),
            hash: vec![2; 32].into(),
            height: self.height + 1,
            time: time(self.height + 1),
            next_validators_hash: vec![1; 32].into(),
            proposer_address: self.members[self.proposer()].address(),
        }
    }

    pub fn block(&self, txs: &[Bytes]) -> pb::RequestFinalizeBlock {
        let it = self.proposal(txs);
        pb::RequestFinalizeBlock {
            txs: it.txs,
            decided_last_commit: it.proposed_last_commit,
            misbehavior: Vec::new(),
            hash: it.hash,
            height: it.height,
            time: it.time,
            next_validators_hash: it.next_validators_hash,
            proposer_address: it.proposer_address,
        }
    }

    /// What each says with its vote for the next block; the others accept it.
    pub fn extend(&mut self, round: i32) -> Vec<Vote> {
        let height = self.height + 1;
        let mut votes = Vec::new();
        for index in 0..self.members.len() {
            let request = pb::RequestExtendVote {
                hash: vec![2; 32].into(),
                height,
                time: time(height),
                next_validators_hash: vec![1; 32].into(),
                proposer_address: self.members[index].address(),
                ..Default::default()
            };
            let extension = ask!(self.members[index].client, ExtendVote, request).unwrap().vote_extension;
            for member in &mut self.members {
                assert!(member.accepts_extension(height, &extension));
            }
            votes.push(self.members[index].vote(height, round, extension));
        }
        votes
    }

    /// A height from the proposal to the commit.
    pub fn decide(&mut self, mempool: &[Bytes]) {
        let txs = self.prepare(mempool, BLOCK_BYTES - 100_000).unwrap();
        self.apply(txs);
    }

    /// A height with this block.
    pub fn apply(&mut self, txs: Vec<Bytes>) {
        let proposal = self.proposal(&txs);
        for member in &mut self.members {
            assert_eq!(member.process(proposal.clone()), ACCEPT);
        }
        let round = self.round + 1;
        let votes = self.extend(round);
        let request = self.block(&txs);
        let answers: Vec<pb::ResponseFinalizeBlock> = (self.members.iter_mut())
            .map(|member| ask!(member.client, FinalizeBlock, request.clone()).unwrap())
            .collect();
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        for member in &mut self.members {
            let retain = ask!(member.client, Commit, pb::RequestCommit {}).unwrap().retain_height;
            assert_eq!(retain, (self.height - 1).max(0));
        }
        self.committed(txs, answers[0].clone(), votes, round);
    }

    pub fn committed(
        &mut self,
        txs: Vec<Bytes>,
        answer: pb::ResponseFinalizeBlock,
        votes: Vec<Vote>,
        round: i32,
    ) {
        assert_eq!(txs.len(), answer.tx_results.len());
        (self.height, self.round, self.votes, self.txs) = (self.height + 1, round, votes, txs);
        (self.app_hash, self.results, self.events) = (answer.app_hash, answer.tx_results, answer.events);
    }
}
