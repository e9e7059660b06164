//! Whatever a server does: each log once, none that was not final, and no end of the oracle by it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::{OracleState, Submission};
use serde_json::{Value, json};

use super::chain::*;
use super::oracles::*;
use crate::server::{Asked, Reply};

type Fault = Arc<dyn Fn(&Asked, Reply) -> Reply + Send + Sync>;

fn result(reply: Reply) -> Value {
    match reply {
        Reply::Result(value) => value,
        other => panic!("{other:?}"),
    }
}

fn fault(change: impl Fn(&Asked, Value) -> Reply + Send + Sync + 'static) -> Fault {
    Arc::new(move |asked, reply| change(asked, result(reply)))
}

/// A fault of the logs only; other answers are left alone.
fn of_logs(change: impl Fn(&mut Vec<Value>) + Send + Sync + 'static) -> Fault {
    fault(move |asked, mut value| {
        if asked.method() == "eth_getLogs" {
            change(value.as_array_mut().unwrap());
        }
        Reply::Result(value)
    })
}

/// A fault of one member of the first log.
fn of_log(member: &'static str, put: Value) -> Fault {
    of_logs(move |logs| {
        if let Some(log) = logs.first_mut() {
            log[member] = put.clone();
        }
    })
}

fn raw(status: u16, body: impl Into<Vec<u8>>) -> Fault {
    let reply = Reply::Raw { status, headers: vec![], body: body.into() };
    Arc::new(move |_, _| reply.clone())
}

/// Everything that may be wrong with one answer, by name.
fn faults() -> Vec<(&'static str, Fault)> {
    vec![
        ("status 429", raw(429, "")),
        ("status 500", raw(500, "<html>")),
        ("status 503 with JSON", raw(503, r#"{"id":1,"result":"0x1"}"#)),
        ("a redirection", raw(302, "")),
        ("no body", raw(200, "")),
        ("no JSON", raw(200, "<html>")),
        ("JSON that is cut off", raw(200, r#"{"id":1,"result":[{"#)),
        ("another id", raw(200, r#"{"id":"1","result":[]}"#)),
        ("no result", raw(200, r#"{"id":1}"#)),
        ("a body that is cut off", fault(|_, value| Reply::Cut(value, 1))),
        ("the end of the connection", fault(|_, _| Reply::Close)),
        ("silence", fault(|_, value| Reply::Late(Duration::from_secs(60), value))),
        ("a huge body", raw(200, vec![b' '; 2_000_000])),
        ("deep JSON", raw(200, "[".repeat(100_000))),
        ("an error", fault(|_, _| Reply::Error(json!({"code": -32000, "message": "header not found"})))),
        ("a limit", fault(|_, _| Reply::Error(json!({"code": 429, "message": "too many requests"})))),
        ("an odd error", fault(|_, _| Reply::Error(json!("no")))),
        ("null", fault(|_, _| Reply::Result(Value::Null))),
        ("a number", fault(|_, _| Reply::Result(json!(5)))),
        ("an empty text", fault(|_, _| Reply::Result(json!("")))),
        ("garbage digits", fault(|_, _| Reply::Result(json!("0xzz")))),
        ("a large number", fault(|_, _| Reply::Result(json!("0x10000000000000000")))),
        ("an empty object", fault(|_, _| Reply::Result(json!({})))),
        ("a list of nothing", fault(|_, _| Reply::Result(json!([null])))),
        ("a list of objects", fault(|_, _| Reply::Result(json!([{}])))),
        ("logs twice", of_logs(|logs| logs.extend(logs.clone()))),
        ("logs backwards", of_logs(|logs| logs.reverse())),
        (
            "two logs at one place",
            of_logs(|logs| {
                if let Some(mut log) = logs.first().cloned() {
                    log["data"] = json!(word(99));
                    logs.push(log);
                }
            }),
        ),
        ("a removed log", of_log("removed", json!(true))),
        ("a pending log", of_log("blockNumber", Value::Null)),
        ("a log of another block", of_log("blockNumber", json!("0x63"))),
        ("a log of another branch", of_log("blockHash", json!(word(77)))),
        ("a log of another contract", of_log("address", json!(OTHER))),
        ("a short address", of_log("address", json!("0x1111"))),
        ("a log of another event", of_log("topics", json!([word(1)]))),
        ("a log without topics", of_log("topics", json!([]))),
        ("half a byte", of_log("data", json!("0x123"))),
        ("a huge index", of_log("logIndex", json!("0xffffffffffffffff"))),
    ]
}

fn a_chain() -> Chain {
    let chain = Chain::new();
    chain.finalize(vec![deposit(5), deposit(5), deposit(6)]);
    chain.finalize(vec![]);
    chain.finalize(vec![deposit(7)]);
    chain.add(0, vec![deposit(8)]);
    chain
}

/// Reads `chain` through a server of which the answer `nth` has the fault.
async fn with_fault(chain: Chain, name: &'static str, fault: Fault, nth: usize) -> Vec<Submission> {
    let server = chain
        .serve_but(move |count, asked, reply| if count == nth { fault(asked, reply) } else { reply })
        .await;
    let (store, lines) = (MemoryStore::default(), Lines::default());
    let text = table(&server.url, "max_response_bytes = 1000000\nchunk = 2").replace("1000\n", "400\n");
    let supervisor = start(&text, &store, &lines).await.unwrap();
    let what = format!("{name} at request {nth}");
    until(&what, &lines, async || observed(&store).await.len() >= 4 && server.methods().len() > nth + 6)
        .await;
    let state = supervisor.states().get()["deposits"].clone();
    supervisor.stop().await;
    assert_eq!(state, OracleState::Running, "{what}: {}", lines.text());
    observed(&store).await
}

#[test]
fn every_fault_at_every_request_is_waited_out() {
    block_on(async {
        let chain = a_chain();
        let server = chain.serve().await;
        let (expected, _) = read(&table(&server.url, ""), 4, &MemoryStore::default()).await;
        let mut all = Vec::new();
        for (name, fault) in faults() {
            for nth in 0..10 {
                let events = with_fault(chain.clone(), name, fault.clone(), nth);
                all.push(async move { (name, nth, events.await) });
            }
        }
        // So many at once, so that none has to wait for longer than a request may take.
        let mut all = stream::iter(all).buffered(8);
        while let Some((name, nth, events)) = all.next().await {
            assert_eq!(events, expected, "{name} at request {nth}");
        }
    });
}

/// What is said of a fault that does not end.
async fn said_of(change: impl Fn(usize, &Asked, Reply) -> Reply + Send + Sync + 'static) -> String {
    let server = a_chain().serve_but(change).await;
    let (store, lines) = (MemoryStore::default(), Lines::default());
    let text = table(&format!("{}/v2/s3cretkey", server.url), "max_response_bytes = 10000");
    let supervisor = start(&text.replace("1000\n", "100\n"), &store, &lines).await.unwrap();
    let trouble = || lines.text().contains("Warn") || lines.text().contains("Error");
    until("something is said", &lines, async || trouble()).await;
    supervisor.stop().await;
    assert_eq!(observed(&store).await.len(), 0, "{}", lines.text());
    lines.text()
}

#[test]
fn faults_are_told_in_words_and_the_address_never_is() {
    block_on(async {
        let cases: Vec<(Fault, &str)> = vec![
            (raw(502, ""), "the server answers with status 502; asking again in"),
            (raw(200, "<html>"), "the answer is not JSON-RPC"),
            (raw(200, vec![b' '; 20_000]), "the answer has more than 10000 bytes"),
            (fault(|_, value| Reply::Cut(value, 1)), "the connection broke:"),
            (fault(|_, value| Reply::Late(Duration::from_secs(60), value)), "no whole answer after 0.1 s"),
            (of_log("removed", json!(true)), "the server answers nonsense: a log was removed again"),
            (of_log("blockHash", json!(word(77))), "the server's answers disagree about block 1"),
            (of_log("address", json!(OTHER)), "a log is of a contract or an event that was not asked for"),
            (of_log("blockNumber", json!("0x63")), "a log is of a block that was not asked for"),
        ];
        for (fault, expected) in cases {
            let said = said_of(move |_, asked, reply| fault(asked, reply)).await;
            assert!(said.contains(expected), "no {expected} in {said}");
        }
        let echo = |_: usize, asked: &Asked, _: Reply| {
            let message = format!("no access for {} with\ns3cretkey", asked.line);
            Reply::Error(json!({"code": -32000, "message": message}))
        };
        let said = said_of(echo).await;
        assert!(said.contains("no access for POST /v2/*** with *** (-32000)"), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
        // Nobody listens there.
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let text = table("http://127.0.0.1:1/s3cretkey", "");
        let supervisor = start(&text, &store, &lines).await.unwrap();
        until("it cannot connect", &lines, async || lines.text().contains("cannot connect: ")).await;
        supervisor.stop().await;
        assert!(!lines.text().contains("s3cret") && !lines.text().contains("127.0.0.1"), "{}", lines.text());
    });
}

#[test]
fn a_server_is_left_alone_for_as_long_as_it_asks() {
    block_on(async {
        let server = a_chain()
            .serve_but(|count, _, reply| match count {
                2 => Reply::Raw { status: 429, headers: vec![("retry-after", "1".into())], body: vec![] },
                _ => reply,
            })
            .await;
        let began = Instant::now();
        let (_, lines) = read(&table(&server.url, ""), 4, &MemoryStore::default()).await;
        assert!(began.elapsed() >= Duration::from_secs(1), "{}", lines.text());
        assert!(lines.text().contains("status 429; asking again in 1.0 s"), "{}", lines.text());
        assert!(lines.text().contains("the server answers again"), "{}", lines.text());
    });
}

#[test]
fn a_server_of_another_chain_is_refused_at_any_time() {
    block_on(async {
        let chain = a_chain();
        for until_request in [0, 1, 5, 6, 9] {
            let wrong = move |count: usize, asked: &Asked, reply: Reply| match asked.method() {
                "eth_chainId" if count >= until_request => Reply::Result(json!("0x5")),
                _ => reply,
            };
            let server = chain.serve_but(wrong).await;
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let supervisor = start(&table(&server.url, "chunk = 2"), &store, &lines).await.unwrap();
            let states = supervisor.states();
            until("it is refused", &lines, async || {
                matches!(states.get()["deposits"], OracleState::Misconfigured(_))
            })
            .await;
            supervisor.stop().await;
            let text = lines.text();
            assert!(
                text.contains(
                    "the key `chain_id` of `oracles.deposits` is 1, and the server of `rpc` has chain 5"
                ),
                "{text}"
            );
            // Of what was asked before its last chain id nothing was kept.
            assert_eq!(
                observed(&store).await.len(),
                if until_request > 5 { 3 } else { 0 },
                "{until_request} {text}"
            );
        }
    });
}

/// One of two servers behind an address has none of the newest blocks.
#[test]
fn a_replica_that_is_behind_is_waited_for() {
    block_on(async {
        let chain = a_chain();
        for behind in 1..=8 {
            let old = Chain::new();
            let server = chain
                .serve_but(move |count, asked, reply| {
                    let is_old = (3..3 + behind).contains(&count) && asked.method() != "eth_chainId";
                    if is_old { Reply::Result(old.answer(asked)) } else { reply }
                })
                .await;
            let (events, lines) = read(&table(&server.url, ""), 4, &MemoryStore::default()).await;
            assert_eq!(amounts_of(&events), ["5", "5", "6", "7"], "{behind} {}", lines.text());
        }
    });
}
