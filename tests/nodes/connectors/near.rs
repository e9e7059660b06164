//! Accounts of NEAR: what is reported, in which order, and that no fault of a server loses or doubles any of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::{OracleState, Submission};
use serde_json::json;

use super::oracles::{Lines, block_on, observed, start, until};
use crate::near_chain::{Did, IMPLICIT, KEY, NearChain, OTHER_KEY, unknown_block};
use crate::server::{Reply, Server};

fn toml(url: &str, more: &str) -> String {
    let on = |kind: &str, inputs: &str| {
        format!("[[near.on.{kind}.submit]]\ndataset = 'near'\naction = '{kind}'\ninputs = [{inputs}]\n")
    };
    [
        format!("[near]\ntype = 'near'\nrpc = '{url}'\nnetwork = 'testnet'\nstart_height = 1\npoll_ms = 1\nchunk = 3\n{more}\n"),
        on("account_created", "'{account_id}', '{kind}', '{implicit_address}', '{block_height}'"),
        on("account_deleted", "'{account_id}'"),
        on("address_named", "'{account_id}', '{implicit_address}'"),
        on("key_added", "'{account_id}', '{public_key}', '{permission}', '{receiver_id}', '{method_names}'"),
        on("key_deleted", "'{account_id}', '{public_key}', '{block_timestamp}', '{receipt_id}'"),
    ]
    .concat()
}

const WATCHED: &str = "accounts = ['alice.near', '*.team.near', '98793cd91a3f870fb126f66285808c7e094afcfc4eda8a970f6648cdf0dbd6de']";

/// Heights 2, 5, 6 and 7 have no block.
fn story() -> NearChain {
    let chain = NearChain::new();
    chain.add(1, "a", &[Did::Paid("bob.near"), Did::Wrote("bob.near", OTHER_KEY), Did::Stored("alice.near")]);
    chain.add(3, "a", &[Did::Wrote("alice.near", KEY), Did::Paid(IMPLICIT)]);
    chain.add(4, "a", &[Did::Paid(IMPLICIT), Did::Signed("alice.near", KEY), Did::Wrote("alice.near", KEY)]);
    chain.add(
        8,
        "a",
        &[Did::WroteForCalls("alice.near", OTHER_KEY), Did::Paid("x.team.near"), Did::Paid("team.near")],
    );
    chain.add(9, "a", &[Did::WroteForCalls("alice.near", OTHER_KEY), Did::KeyDeleted("alice.near", KEY)]);
    chain.add(10, "a", &[Did::Deleted("x.team.near"), Did::Paid("x.team.near"), Did::Deleted("alice.near")]);
    chain
}

/// What [`story`] tells those who look at [`WATCHED`], without the names of keys.
const TOLD: [&str; 10] = [
    "3000000 account_created 98793cd91a3f870fb126f66285808c7e094afcfc4eda8a970f6648cdf0dbd6de implicit 98793cd91a3f870fb126f66285808c7e094afcfc4eda8a970f6648cdf0dbd6de 3",
    "3000001 account_created alice.near named null 3",
    "3000002 key_added alice.near KEY FullAccess null null",
    "3000003 address_named alice.near 98793cd91a3f870fb126f66285808c7e094afcfc4eda8a970f6648cdf0dbd6de",
    "8000000 key_added alice.near OTHER FunctionCall game.near [move end]",
    "8000001 account_created x.team.near named null 8",
    "9000000 key_deleted alice.near KEY 9 R9-1",
    "10000000 key_deleted alice.near OTHER 10 R10-2",
    "10000001 account_deleted alice.near",
    "10000002 account_deleted x.team.near",
];
const LAST: &str = "10000003 account_created x.team.near named null 10";

fn told(events: &[Submission]) -> Vec<String> {
    let mut before = None;
    let line = |event: &Submission| {
        let order = event.order.clone().unwrap();
        assert_eq!((order.topic.as_str(), order.previous), ("near:testnet:near", before));
        before = Some(order.point);
        let call = &event.targets[0];
        let inputs = call.inputs.iter().map(|input| match input.to_json() {
            serde_json::Value::String(text) => text.replace(OTHER_KEY, "OTHER").replace(KEY, "KEY"),
            serde_json::Value::Array(many) => {
                format!("[{}]", many.iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join(" "))
            }
            other => other.to_string(),
        });
        format!("{} {} {}", order.point, call.action, inputs.collect::<Vec<_>>().join(" "))
    };
    events.iter().map(line).collect()
}

fn all() -> Vec<String> {
    TOLD.iter().chain([&LAST]).map(|line| (*line).to_owned()).collect()
}

#[test]
fn all_that_happens_is_told_once_and_in_order() {
    block_on(async {
        let chain = story();
        let asked = chain.clone();
        let server = Server::start(move |request| asked.answer(request)).await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&toml(&server.url, WATCHED), &store, &lines).await.unwrap();
        until("all is told", &lines, async || observed(&store).await.len() == all().len()).await;
        chain.add(11, "a", &[Did::Signed("bob.near", OTHER_KEY)]);
        chain.add(13, "a", &[Did::Paid("bob.near")]);
        chain.add(14, "a", &[Did::Wrote("y.team.near", KEY)]);
        until("what comes later is told", &lines, async || observed(&store).await.len() == all().len() + 3)
            .await;
        supervisor.stop().await;
        let events = observed(&store).await;
        assert_eq!(told(&events)[..all().len()], all());
        assert_eq!(events[0].source.as_deref(), Some("near:testnet:a3:0"));
        assert_eq!(lines.text(), "");
        // A key that was added is known: when it is used again, nobody is asked.
        assert_eq!(server.methods().iter().filter(|method| *method == "query").count(), 5);
    });
}

#[test]
fn a_server_that_hides_blocks_is_seen_through() {
    block_on(async {
        let chain = story();
        chain.0.lock().unwrap().hidden.extend([3, 4, 9]);
        let server = Server::start(move |request| chain.answer(request)).await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&toml(&server.url, WATCHED), &store, &lines).await.unwrap();
        until("all is told", &lines, async || observed(&store).await.len() == all().len()).await;
        supervisor.stop().await;
        assert_eq!(told(&observed(&store).await), all());
    });
}

#[test]
fn later_names_of_methods_are_found() {
    block_on(async {
        let chain = story();
        chain.0.lock().unwrap().is_renamed = true;
        let server = Server::start(move |request| chain.answer(request)).await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&toml(&server.url, WATCHED), &store, &lines).await.unwrap();
        until("all is told", &lines, async || observed(&store).await.len() == all().len()).await;
        supervisor.stop().await;
        assert_eq!(told(&observed(&store).await), all());
        let methods = server.methods();
        assert_eq!(methods.iter().filter(|method| method.starts_with("EXPERIMENTAL_")).count(), 1);
    });
}

#[test]
fn no_fault_loses_or_doubles_anything() {
    block_on(async {
        let chain = story();
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        let server = Server::start(move |request| {
            let good = chain.answer(request);
            match counted.fetch_add(1, Ordering::SeqCst) {
                0 => Reply::Raw { status: 429, headers: vec![("retry-after", "0".into())], body: vec![] },
                4 => Reply::status(502),
                12 => Reply::Close,
                20 => Reply::Cut(json!({"header": null}), 3),
                30 => Reply::Result(json!({"nothing": "of it"})),
                38 => {
                    let cause = json!({"name": "NOT_SYNCED_YET", "info": {}});
                    Reply::Error(json!({"name": "HANDLER_ERROR", "cause": cause, "code": -32000, "message": "Server error"}))
                }
                47 => Reply::Raw { status: 200, headers: vec![], body: vec![b' '; 200_000] },
                _ => good,
            }
        })
        .await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let text = toml(&server.url, &format!("{WATCHED}\nmax_response_bytes = 100000"))
            .replace("chunk = 3", "chunk = 1");
        let supervisor = start(&text, &store, &lines).await.unwrap();
        until("all is told", &lines, async || observed(&store).await.len() == all().len()).await;
        until("all went wrong", &lines, async || count.load(Ordering::SeqCst) > 60).await;
        supervisor.stop().await;
        assert_eq!(told(&observed(&store).await), all());
        for said in
            ["429", "502", "broke", "NOT_SYNCED_YET", "more than 100000 bytes", "answers something else"]
        {
            assert!(lines.text().contains(said), "{said}\n{}", lines.text());
        }
    });
}

/// The node is killed while the server holds back one answer after the other.
#[test]
fn a_node_that_is_killed_at_any_request_goes_on_where_it_was() {
    block_on(async {
        let chain = story();
        let mut requests = usize::MAX;
        let mut at = 0;
        while at < requests {
            let (asked, count) = (chain.clone(), Arc::new(AtomicUsize::new(0)));
            let counted = count.clone();
            let server = Server::start(move |request| match counted.fetch_add(1, Ordering::SeqCst) == at {
                true => Reply::Late(Duration::from_secs(60), json!(null)),
                false => asked.answer(request),
            })
            .await;
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let text = toml(&server.url, WATCHED).replace("chunk = 3", "chunk = 1");
            let killed = start(&text, &store, &lines).await.unwrap();
            until("it comes so far", &lines, async || count.load(Ordering::SeqCst) > at).await;
            drop(killed);
            let supervisor = start(&text, &store, &lines).await.unwrap();
            until("all is told", &lines, async || observed(&store).await.len() >= all().len()).await;
            supervisor.stop().await;
            assert_eq!(told(&observed(&store).await), all(), "killed at {at}");
            requests = requests.min(count.load(Ordering::SeqCst));
            at += 1;
        }
        assert!(at > 30, "{at}");
    });
}

#[test]
fn another_chain_is_not_read() {
    block_on(async {
        // The server of another network.
        let chain = story();
        chain.0.lock().unwrap().network = "mainnet".into();
        let asked = chain.clone();
        let server = Server::start(move |request| asked.answer(request)).await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&toml(&server.url, WATCHED), &store, &lines).await.unwrap();
        let states = supervisor.states();
        until("it ends", &lines, async || matches!(states.get()["near"], OracleState::Misconfigured(_)))
            .await;
        supervisor.stop().await;
        assert!(lines.text().contains("`network` of `oracles.near` is `testnet`"), "{}", lines.text());
        assert_eq!(observed(&store).await, []);
        assert_eq!(server.methods(), ["status"]);
    });
}

#[test]
fn a_server_that_goes_over_to_another_chain_is_noticed() {
    block_on(async {
        let chain = NearChain::new();
        chain.add(1, "a", &[]);
        let other = chain.fork();
        chain.add(3, "a", &[Did::Paid("alice.near")]);
        other.add(2, "b", &[]);
        other.add(4, "b", &[Did::Paid("x.team.near")]);
        let other = [chain.clone(), other];
        let which = Arc::new(AtomicUsize::new(0));
        let now = which.clone();
        let server = Server::start(move |request| other[now.load(Ordering::SeqCst)].answer(request)).await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&toml(&server.url, WATCHED), &store, &lines).await.unwrap();
        until("the first is told", &lines, async || observed(&store).await.len() == 1).await;
        which.store(1, Ordering::SeqCst);
        until("it is noticed", &lines, async || lines.text().contains("is on another chain")).await;
        assert_eq!(observed(&store).await.len(), 1);
        which.store(0, Ordering::SeqCst);
        chain.add(4, "a", &[Did::Deleted("alice.near")]);
        until("it goes on", &lines, async || observed(&store).await.len() == 2).await;
        supervisor.stop().await;
        assert_eq!(told(&observed(&store).await)[1], "4000000 account_deleted alice.near");
        assert!(lines.text().contains("the node can be read again"), "{}", lines.text());
    });
}

#[test]
fn a_node_without_the_first_blocks_is_refused_and_one_that_loses_a_block_waited_for() {
    block_on(async {
        let chain = story();
        chain.0.lock().unwrap().earliest = 4;
        let (asked, is_lost) = (chain.clone(), Arc::new(AtomicUsize::new(0)));
        let lost = is_lost.clone();
        let server = Server::start(move |request| {
            let id = &request.params()["block_id"];
            let is_it = request.method() == "block" && (*id == json!(9) || *id == json!("a9"));
            if is_it && lost.load(Ordering::SeqCst) == 0 { unknown_block() } else { asked.answer(request) }
        })
        .await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&toml(&server.url, WATCHED), &store, &lines).await.unwrap();
        until("it says so", &lines, async || lines.text().contains("no blocks before 4, and 1 is next"))
            .await;
        assert_eq!(observed(&store).await, []);
        chain.0.lock().unwrap().earliest = 0;
        until("the lost block is missed", &lines, async || lines.text().contains("before the one at 10"))
            .await;
        assert!(observed(&store).await.len() < all().len());
        is_lost.store(1, Ordering::SeqCst);
        until("all is told", &lines, async || observed(&store).await.len() == all().len()).await;
        supervisor.stop().await;
        assert_eq!(told(&observed(&store).await), all());
    });
}

#[test]
fn wrong_tables_are_named_by_their_keys() {
    block_on(async {
        let good = toml("http://localhost:1/s3cretkey", WATCHED);
        for (from, to, said) in [
            ("network = 'testnet'", "", "no key `network`"),
            ("start_height = 1", "", "no key `start_height`"),
            ("start_height = 1", "start_height = -1", "`start_height`"),
            ("chunk = 3", "chunk = 0", "the key `chunk`"),
            ("rpc = 'http", "rpc = 'ftp", "the key `rpc`"),
            (WATCHED, "accounts = ['Alice']", "the key `accounts`"),
            (WATCHED, "accounts = []", "the key `accounts`"),
            ("near.on.key_deleted", "near.on.key_removed", "the unknown key `key_removed`"),
            ("'{permission}'", "'{permit}'", "`inputs[2]` of `oracles.near.on.key_added.submit[0]`"),
            (
                "'{block_timestamp}'",
                "'{permission}'",
                "`inputs[2]` of `oracles.near.on.key_deleted.submit[0]`",
            ),
            ("poll_ms = 1", "pol_ms = 1", "the unknown key `pol_ms`"),
        ] {
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let error = start(&good.replace(from, to), &store, &lines).await.err();
            let error = error.unwrap_or_else(|| panic!("{to} is taken"));
            assert!(error.message.contains(said) && !error.message.contains("s3cretkey"), "{to}: {error}");
        }
        let nothing = good.split("[[").next().unwrap().to_owned();
        let error = start(&nothing, &MemoryStore::default(), &Lines::default()).await.err().unwrap();
        assert!(error.message.contains("the key `on`"), "{error}");
    });
}
