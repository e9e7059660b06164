//! A node whose connection breaks in a commit, whose database stops, and that is killed, while calls are on their way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kuneiform::deploy::connect::connect;
use kuneiform::deploy::embedded::Embedded;
use serde_json::{Value, json};

use super::{DEPOSITED, FEED, LEDGER, payload, toml};
use crate::process::{Node, post_to};
use crate::signing::{Ed25519, Signer};
use crate::support::proxy::{Fault, Proxy};
use crate::support::{block_on, empty_database, scratch};

fn prepared(mut node: Node, oracle: bool) -> Node {
    node.write("ledger.kf", LEDGER);
    node.write("feed.sh", FEED);
    let feed = node.path("feed.sh");
    let oracle = match oracle {
        true => format!("[oracles.feed]\ntype = 'exec'\ncommand = ['sh', '{feed}']\n"),
        false => String::new(),
    };
    node.write("node.toml", &toml(&oracle));
    node.start();
    node
}

fn add(signer: &Ed25519, nonce: i64) -> Value {
    signer.sign(&payload(&signer.caller(), "add", json!([1]), nonce))
}

/// What the database says: the sum of a caller's calls, and how many receipts are there of calls that were done. The chain
/// has no gap.
fn kept(url: &str, caller: &str) -> (i64, i64) {
    block_on(async {
        let session = connect(url).await.unwrap();
        let one = async |sql: String| session.client.query_one(&sql, &[]).await.unwrap().get::<_, i64>(0);
        let sum =
            format!("SELECT coalesce(sum(amount), 0)::int8 FROM ds_ledger.balances WHERE who = '{caller}'");
        let receipts = "SELECT count(*) FROM kf.receipt WHERE status = 'OK' AND txid NOT LIKE 'event:%'";
        let twice = "SELECT count(*) - count(DISTINCT txid) FROM kf.receipt";
        let gaps = "SELECT max(height) - min(height) + 1 - count(*) FROM kf.block";
        assert_eq!((one(twice.into()).await, one(gaps.into()).await), (0, 0));
        let kept = (one(sum).await, one(receipts.into()).await);
        session.close().await;
        kept
    })
}

/// What the feed's events have come to; none while the node has no database.
fn deposited(node: &Node, others: &str) -> Option<i64> {
    let (status, rows) = node.post("/v1/view", &json!({"dataset": "ledger", "action": "all_balances"}));
    if status == 503 {
        return None;
    }
    let rows = rows["rows"].as_array().unwrap_or_else(|| panic!("{rows} {}", node.said()));
    Some(rows.iter().filter(|row| row[0] != others).map(|row| row[1].as_i64().unwrap()).sum())
}

/// Waits until everything that the feed has submitted is there.
fn settle(node: &Node, caller: &str) {
    for _ in 0..600 {
        if deposited(node, caller) == Some(DEPOSITED) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{:?} of {DEPOSITED}: {}", deposited(node, caller), node.said());
}

#[test]
fn a_commit_that_nobody_heard_the_end_of_is_looked_up() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = block_on(empty_database());
    let proxy = runtime.block_on(async { Proxy::before(&url) });
    let mut node = prepared(Node::at(proxy.url()), false);
    let signer = Ed25519::new(3);
    let mut nonce = 0;
    for fault in [Fault::Unheard, Fault::Cut, Fault::Deaf, Fault::Terminated, Fault::Unheard] {
        proxy.arm_at_commit(fault);
        for _ in 0..4 {
            nonce += 1;
            let (status, receipt) = node.post("/v1/call?wait=true", &add(&signer, nonce));
            assert_eq!(
                (status, &receipt["status"]),
                (200, &json!("OK")),
                "{fault:?}: {receipt} {}",
                node.said()
            );
        }
        assert!(proxy.disarm().1, "{fault:?} did not happen");
        assert_eq!(kept(&url, &signer.caller()), (nonce, nonce), "{fault:?}");
    }
    assert_eq!(node.stop(), 0, "{}", node.said());
}

#[test]
fn a_server_that_is_stopped_and_started_again_costs_nothing() {
    let folder = scratch();
    let server = Embedded::at(folder.path());
    let url = server.start().unwrap();
    let mut node = prepared(Node::at(url.clone()), true);
    let signer = Ed25519::new(4);
    let done = AtomicBool::new(false);
    let calls = std::thread::scope(|scope| {
        let address = node.address();
        let (signer, done) = (&signer, &done);
        let caller = scope.spawn(move || {
            let mut nonce = 0;
            while !done.load(Ordering::Relaxed) {
                let answer = post_to(&address, "/v1/call?wait=true", &add(signer, nonce + 1));
                match answer {
                    Some((200, receipt)) => assert_eq!(receipt["status"], "OK"),
                    // Whoever asks while there is no database may ask again.
                    Some((503, _)) => {
                        std::thread::sleep(Duration::from_millis(10));
                        continue;
                    }
                    other => panic!("{other:?}"),
                }
                nonce += 1;
            }
            nonce
        });
        std::thread::sleep(Duration::from_millis(300));
        let pid = server.status().pid.unwrap().to_string();
        // An immediate shutdown: the server comes up again as after a crash.
        assert!(std::process::Command::new("kill").args(["-QUIT", &pid]).status().unwrap().success());
        while server.status().pid.is_some() {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(server.start().unwrap(), url);
        settle(&node, &signer.caller());
        done.store(true, Ordering::Relaxed);
        caller.join().unwrap()
    });
    assert!(calls > 0);
    assert_eq!(kept(&url, &signer.caller()), (calls, calls), "{}", node.said());
    assert_eq!(node.stop(), 0, "{}", node.said());
    server.stop().unwrap();
}

#[test]
fn what_was_answered_outlives_the_node_and_nothing_runs_twice() {
    let url = block_on(empty_database());
    let mut node = prepared(Node::at(url.clone()), true);
    let signer = Ed25519::new(5);
    let mut answered = Vec::new();
    let mut nonce = 0;
    for round in 1..=4_u64 {
        let address = node.address();
        // Other moments in every run.
        let wait = 50 + u64::from(std::process::id()) * round * 7919 % 400;
        let told = std::thread::scope(|scope| {
            let caller = scope.spawn(|| {
                let mut told = Vec::new();
                loop {
                    nonce += 1;
                    let Some((status, answer)) =
                        post_to(&address, "/v1/call?wait=true", &add(&signer, nonce))
                    else {
                        return told;
                    };
                    assert_eq!((status, &answer["status"]), (200, &json!("OK")));
                    told.push(answer["txid"].as_str().unwrap().to_owned());
                }
            });
            std::thread::sleep(Duration::from_millis(wait));
            node.kill();
            caller.join().unwrap()
        });
        answered.extend(told);
        node.start();
    }
    settle(&node, &signer.caller());
    for txid in &answered {
        assert_eq!(node.get(&format!("/v1/receipt/{txid}")).1["status"], "OK");
    }
    let (sum, receipts) = kept(&url, &signer.caller());
    // Each kill may have taken the answer to one call that was done.
    let most = i64::try_from(answered.len()).unwrap() + 4;
    assert!(sum == receipts && sum + 4 >= most && sum <= most, "{sum} {receipts} {}", answered.len());
    assert_eq!(node.stop(), 0, "{}", node.said());
}
