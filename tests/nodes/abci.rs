//! `kf node run` under ABCI 2.0: a driver asks over the socket what CometBFT asks, in its order and out of it.

mod client;
mod network;

use crate::signing::{Ed25519, Secp256k1, Signer};
use client::ask;
use kuneiform::abci::{Votes, encode};
use kuneiform::oracle::{Caps, Event, Extension, Submission};
use network::{ACCEPT, CHAIN, Network, REJECT};
use prost::bytes::Bytes;
use serde_json::{Value, json};
use tendermint_proto::v0_38::abci as pb;
use tendermint_proto::v0_38::abci::request::Value as Asked;

const FACTS: &str = "database facts;
table facts { name text primary, times int not_null }
table notes { who text primary, said int not_null }
action happened($name text) oracle {
    INSERT INTO facts (name, times) VALUES ($name, 1)
    ON CONFLICT (name) DO UPDATE SET times = facts.times + 1;
}
action say($number int) public {
    INSERT INTO notes (who, said) VALUES (@caller, $number)
    ON CONFLICT (who) DO UPDATE SET said = excluded.said;
}
action fail() public { ERROR('no'); }
action all_facts() public view returns table(name text, times int) { SELECT name, times FROM facts; }
action all_notes() public view returns table(who text, said int) { SELECT who, said FROM notes; }
";

fn payload(signer: &dyn Signer, action: &str, args: Value, nonce: i64) -> Value {
    json!({"chain_id": CHAIN, "caller": signer.caller(), "dataset": "facts", "action": action, "args": args,
           "nonce": nonce})
}

fn signed(signer: &dyn Signer, payload: &Value) -> Bytes {
    let body = signer.sign(payload);
    let signature = hex::decode(body["signature"].as_str().unwrap().strip_prefix("0x").unwrap()).unwrap();
    encode(body["payload"].as_str().unwrap(), &signature).into()
}

fn call(signer: &dyn Signer, action: &str, args: Value, nonce: i64) -> Bytes {
    signed(signer, &payload(signer, action, args, nonce))
}

fn fact(name: &str) -> Submission {
    Submission::new("facts", "happened", [name])
}

/// The rows of a view, by a query and over HTTP.
fn rows(network: &mut Network, member: usize, action: &str) -> Value {
    let asked = json!({"dataset": "facts", "action": action});
    let (code, told) = network.members[member].query("/view", &asked.to_string(), 0);
    assert_eq!(code, 0, "{told}");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (told["height"].as_i64(), &network.members[member].node.post("/v1/view", &asked).1),
        (Some(network.height), &told)
    );
    told["rows"].clone()
}

/// Everything before the first block, in order and out of it.
fn handshake(network: &mut Network) {
    let genesis = network.genesis();
    let refused = |network: &mut Network, change: &dyn Fn(&mut pb::RequestInitChain)| {
        let mut other = genesis.clone();
        change(&mut other);
        ask!(network.members[0].client, InitChain, other).unwrap_err()
    };
    let echoed = ask!(network.members[0].client, Echo, pb::RequestEcho { message: "a".into() });
    assert_eq!(echoed.unwrap().message, "a");
    assert_eq!(network.members[0].info(), (0, vec![0; 32].into()));
    assert!(network.prepare(&[], 1000).unwrap_err().contains("has not begun"));
    assert!(ask!(network.members[0].client, Commit, pb::RequestCommit {}).unwrap_err().contains("not begun"));
    assert!(refused(network, &|it| it.chain_id = "net-2".into()).contains("`net-2`"));
    assert!(refused(network, &|it| it.validators.clear()).contains("no validators"));
    assert!(
        refused(network, &|it| it.consensus_params.as_mut().unwrap().abci = None)
            .contains("vote_extensions_enable_height")
    );
    let wrong = json!({"genesis": "00"}).to_string();
    assert!(refused(network, &|it| it.app_state_bytes = wrong.clone().into()).contains("node.toml"));
    assert!(network.members[0].client.hangs_up_at(&[0xff; 12]));
    assert!(network.members[0].client.hangs_up_at(&[3, 0xff, 0xff, 0xff]));
    network.begin();
    let first = network.app_hash.clone();
    // CometBFT asks again if it has died before the first block.
    network.members[1].crash();
    network.begin();
    assert_eq!(network.app_hash, first);
    assert!(refused(network, &|it| it.validators.truncate(2)).contains("other validators"));
    assert_eq!(network.members[1].info().0, 0);
    snapshots(network);
}

fn snapshots(network: &mut Network) {
    let client = &mut network.members[0].client;
    assert!(ask!(client, ListSnapshots, pb::RequestListSnapshots {}).unwrap().snapshots.is_empty());
    let offer = pb::RequestOfferSnapshot {
        snapshot: Some(pb::Snapshot { height: 5, format: 1, chunks: 1, ..Default::default() }),
        app_hash: vec![0; 32].into(),
    };
    assert_eq!(ask!(client, OfferSnapshot, offer).unwrap().result, 2, "abort");
}

#[test]
fn four_validators_agree_whatever_happens_to_them() {
    let mut network = Network::new(4, FACTS);
    handshake(&mut network);
    events_by_votes(&mut network);
    calls_of_users(&mut network);
    proposals_of_liars(&mut network);
    votes_of_liars(&mut network);
    crashes(&mut network);
    for index in 0..4 {
        assert_eq!(rows(&mut network, index, "all_facts"), json!([["known", 1], ["late", 1]]));
        assert_eq!(network.members[index].info(), (network.height, network.app_hash.clone()));
    }
    assert_eq!(network.members[0].node.stop(), 0, "{}", network.members[0].node.said());
}

fn events_by_votes(network: &mut Network) {
    for member in &network.members[..3] {
        member.observes(&[fact("known")]);
    }
    network.members[3].observes(&[fact("false")]);
    for _ in 0..4 {
        network.decide(&[]);
    }
    let told: Vec<&str> = network.events.iter().map(|event| event.r#type.as_str()).collect();
    assert!(told.is_empty(), "{told:?}");
    for index in 0..4 {
        assert_eq!(rows(network, index, "all_facts"), json!([["known", 1]]));
    }
    assert_eq!(network.members[0].query("/height", "", 0), (0, "4".to_owned()));
}

fn calls_of_users(network: &mut Network) {
    let (alice, bob) = (Ed25519::new(7), Secp256k1::new(9));
    let good = call(&alice, "say", json!([1]), 5);
    let mut other = payload(&alice, "say", json!([1]), 50);
    other["chain_id"] = json!("net-2");
    let mut late = payload(&alice, "say", json!([1]), 50);
    late["expires"] = json!(3);
    let mut forged = good.to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let checked: Vec<u32> = [
        good.clone(),
        Bytes::from_static(b"garbage"),
        signed(&alice, &other),
        forged.clone().into(),
        signed(&alice, &late),
    ]
    .iter()
    .map(|tx| network.members[2].check(tx))
    .collect();
    assert_eq!(checked, [0, 2, 3, 4, 6]);
    // Out of order, twice, and with what nobody should have let through.
    let mempool = [
        call(&alice, "fail", json!([]), 6),
        good.clone(),
        forged.into(),
        call(&bob, "say", json!([3]), 1),
        good.clone(),
        Bytes::new(),
    ];
    network.decide(&mempool);
    let codes: Vec<(u32, &str)> = network.results.iter().map(|it| (it.code, it.log.as_str())).collect();
    assert_eq!(codes, [(0, ""), (0, "OK"), (0, "OK"), (1, "KF001")]);
    let txid = network.results[1].events[0].attributes[0].value.clone();
    let (code, receipt) = network.members[3].query("/receipt", &txid, 0);
    assert!(code == 0 && receipt.contains("\"status\":\"OK\""), "{receipt}");
    assert_eq!(network.members[1].check(&good), 5);
    assert_eq!(rows(network, 1, "all_notes").as_array().unwrap().len(), 2);
    for (path, data, height) in [
        ("/none", "", 0),
        ("/view", "{", 0),
        ("/receipt", "none", 0),
        ("/height", "", 2),
        ("/height", "", -1),
    ] {
        assert_ne!(network.members[0].query(path, data, height).0, 0, "{path} {data} {height}");
    }
    let (status, elsewhere) = network.members[0].node.post("/v1/call", &json!({}));
    assert_eq!((status, &elsewhere["error"]["code"]), (421, &json!("elsewhere")));
    let limited = network.prepare(&[call(&bob, "say", json!([4]), 2), call(&bob, "say", json!([5]), 3)], 700);
    let sizes: usize = limited.as_ref().unwrap().iter().map(|tx| tx.len() + 3).sum();
    assert!(limited.unwrap().len() == 2 && sizes <= 700, "{sizes}");
    assert_eq!(network.prepare(&[], 50).unwrap(), Vec::<Bytes>::new());
}

/// Each is refused by all, and none of it stays behind.
fn proposals_of_liars(network: &mut Network) {
    let alice = Ed25519::new(7);
    let honest = network.prepare(&[call(&alice, "say", json!([2]), 10)], 1_000_000).unwrap();
    assert_eq!(honest.len(), 2);
    let votes = Votes::decode(&honest[0]).unwrap();
    let with = |change: &dyn Fn(&mut Votes)| {
        let mut changed = votes.clone();
        change(&mut changed);
        vec![Bytes::from(changed.encode()), honest[1].clone()]
    };
    let body = Event::new(fact("false")).unwrap().body().to_vec();
    let invented = Extension::fill([body], [], Caps::NETWORK).encode();
    let mut forged_call = honest[1].to_vec();
    *forged_call.last_mut().unwrap() ^= 1;
    let lies = [
        ("nothing", Vec::new()),
        ("no votes", vec![honest[1].clone()]),
        ("garbage before", vec![Bytes::from_static(b"votes"), honest[1].clone()]),
        ("more behind the votes", vec![[honest[0].to_vec(), vec![0]].concat().into()]),
        ("words of another", with(&|it| it.extensions[1].extension.clone_from(&invented))),
        (
            "one signature for all",
            with(&|it| it.extensions[1].signature = it.extensions[0].signature.clone()),
        ),
        ("votes twice", with(&|it| it.extensions.insert(0, it.extensions[0].clone()))),
        ("another order", with(&|it| it.extensions.reverse())),
        ("too few", with(&|it| it.extensions.truncate(2))),
        ("another round", with(&|it| it.round += 1)),
        ("a stranger", with(&|it| it.extensions[0].validator.0 = "00".repeat(20))),
        ("a forged call", vec![honest[0].clone(), forged_call.into()]),
        ("a call twice", vec![honest[0].clone(), honest[1].clone(), honest[1].clone()]),
        ("an old nonce", vec![honest[0].clone(), call(&alice, "say", json!([2]), 6)]),
        ("garbage behind", vec![honest[0].clone(), Bytes::from_static(b"call")]),
    ];
    for (lie, txs) in lies {
        let proposal = network.proposal(&txs);
        for member in &mut network.members {
            assert_eq!(member.process(proposal.clone()), REJECT, "{lie}");
        }
    }
    let mut few = network.proposal(&honest);
    few.proposed_last_commit.as_mut().unwrap().votes.truncate(3);
    assert_eq!(network.members[0].process(few), REJECT, "votes that the block does not name");
    let less = with(&|it| it.extensions.truncate(3));
    let less = network.proposal(&less);
    assert_eq!(network.members[0].process(less), ACCEPT, "one may be missing");
    let mut ahead = network.proposal(&honest);
    ahead.height += 1;
    assert!(ask!(network.members[0].client, ProcessProposal, ahead).unwrap_err().contains("the next is"));
    network.apply(honest);
}

/// A vote that came late was checked by nobody. It is left out, and the rest decides.
fn votes_of_liars(network: &mut Network) {
    let next = network.height + 1;
    let largest: Vec<Vec<u8>> = (0..2).map(|byte| vec![byte; 65_000]).collect();
    let full = Extension::fill(largest, [], Caps::NETWORK).encode();
    assert!(full.len() > 130_000);
    let member = &mut network.members[0];
    for (extension, accepted) in [
        (Vec::new(), true),
        (full, true),
        (b"garbage".to_vec(), false),
        (vec![0; 200_000], false),
        (Votes { round: 0, extensions: Vec::new() }.encode(), false),
    ] {
        assert_eq!(member.accepts_extension(next, &extension), accepted, "{} bytes", extension.len());
    }
    let garbage = network.members[0].vote(network.height, network.round, Bytes::from_static(b"garbage"));
    network.votes[0] = garbage;
    network.votes[1].signature = vec![1; 64].into();
    let two = network.prepare(&[], 1_000_000).unwrap();
    assert_eq!(Votes::decode(&two[0]).unwrap().extensions.len(), 2);
    let two = network.proposal(&two);
    assert_eq!(network.members[2].process(two), REJECT, "two of four are not enough");
    let again = network.members[1].vote(network.height, network.round, network.votes[1].extension.clone());
    network.votes[1] = again;
    network.members.iter().for_each(|member| member.observes(&[fact("late")]));
    for _ in 0..3 {
        network.decide(&[]);
    }
}

/// Validator 0 dies at every point of a height, and says the same afterwards.
fn crashes(network: &mut Network) {
    let alice = Ed25519::new(7);
    let (height, before) = (network.height, network.app_hash.clone());
    let txs = network.prepare(&[call(&alice, "say", json!([3]), 20)], 1_000_000).unwrap();
    let request = network.block(&txs);
    let finalize = |network: &mut Network, index: usize| {
        ask!(network.members[index].client, FinalizeBlock, request.clone())
    };
    let first = finalize(network, 0).unwrap();
    // Asked again without a commit: by one that has forgotten, and by one that has died.
    assert_eq!(finalize(network, 0).unwrap(), first);
    network.members[0].crash();
    assert_eq!(network.members[0].info(), (height, before.clone()));
    assert!(ask!(network.members[0].client, Commit, pb::RequestCommit {}).unwrap_err().contains("finalised"));
    assert_eq!(finalize(network, 0).unwrap(), first);
    ask!(network.members[0].client, Commit, pb::RequestCommit {}).unwrap();
    assert!(ask!(network.members[0].client, Commit, pb::RequestCommit {}).unwrap_err().contains("finalised"));
    network.members[0].crash();
    assert_eq!(network.members[0].info(), (height + 1, first.app_hash.clone()));
    assert!(finalize(network, 0).unwrap_err().contains("the next is"));
    let refused = ask!(network.members[0].client, InitChain, network.genesis());
    assert!(refused.unwrap_err().contains("has begun"));
    // The others have voted, and come to the same.
    let others: Vec<_> =
        (1..4).map(|index| network.members[index].vote(height + 1, 0, Bytes::new())).collect();
    for index in 1..4 {
        assert_eq!(finalize(network, index).unwrap(), first);
        ask!(network.members[index].client, Commit, pb::RequestCommit {}).unwrap();
    }
    network.committed(txs, first, others, 0);
    network.decide(&[call(&alice, "say", json!([4]), 21)]);
    assert_eq!(network.results[1].log, "OK");
}

#[test]
fn a_node_without_its_database_stops_rather_than_answer() {
    let mut network = Network::new(1, FACTS);
    network.begin();
    network.decide(&[]);
    let txs = network.prepare(&[], 1_000_000).unwrap();
    let request = network.block(&txs);
    let member = &mut network.members[0];
    let name = member.node.url().rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    crate::support::block_on(async {
        let session = crate::support::session(crate::support::server()).await;
        let end = "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity AS a WHERE a.datname = $1";
        session.client.execute(end, &[&name]).await.unwrap();
        session.close().await;
    });
    let said = member.client.last_words(Asked::FinalizeBlock(request));
    assert!(matches!(said, Some(pb::response::Value::Exception(_))), "{said:?}");
    assert_eq!(member.node.ended(), 4, "{}", member.node.said());
}
