//! `kf node run` as a process: signed calls, refusals, oracles, and being killed.

mod outages;
mod outside;

use std::time::{Duration, Instant};

use crate::process::Node;
use crate::signing::{Ed25519, Secp256k1, Signer};
use serde_json::{Value, json};

const LEDGER: &str = "database ledger;

table balances {
    who text primary,
    amount int notnull
}

action deposit($who text, $amount int) oracle {
    INSERT INTO balances (who, amount) VALUES ($who, $amount)
    ON CONFLICT (who) DO UPDATE SET amount = balances.amount + excluded.amount;
}

action add($amount int) public {
    INSERT INTO balances (who, amount) VALUES (@caller, $amount)
    ON CONFLICT (who) DO UPDATE SET amount = balances.amount + excluded.amount;
}

action fail() public {
    ERROR('no');
}

action balance($who text) public view returns table(amount int) {
    SELECT amount FROM balances WHERE who = $who;
}

action all_balances() public view returns table(who text, amount int) {
    SELECT who, amount FROM balances;
}
";

/// Submits 120 deposits to three people, each worth its number, and one that no action takes.
const FEED: &str = r#"#!/bin/sh
read line
echo '{"get":{"id":0,"key":"next"}}'
read line
i=$(echo "$line" | sed 's/.*"value":"\([0-9]*\)".*/\1/;t;s/.*/0/')
while [ "$i" -lt 120 ]; do
  amount=$i
  [ "$i" -eq 7 ] && amount='"many"'
  echo "{\"submit\":{\"id\":1,\"events\":[{\"dbid\":\"ledger\",\"action\":\"deposit\",\"inputs\":[\"u$((i % 3))\",$amount],\"source\":\"s:$i\"}],\"cursor\":{\"next\":\"$((i + 1))\"}}}"
  read line || exit 0
  case "$line" in
    *'"retry":true'*) sleep 0.05; continue;;
    *stop*) exit 0;;
  esac
  i=$((i + 1))
  sleep 0.01
done
"#;
const DEPOSITED: i64 = 119 * 120 / 2 - 7;

fn toml(oracle: &str) -> String {
    format!(
        "[node]\nchain_id = 'test-1'\nlisten = '127.0.0.1:0'\nblock_interval_ms = 200\ndurable = false\n\
         [[genesis.schemas]]\nfile = 'ledger.kf'\n{oracle}"
    )
}

fn node(oracle: &str) -> Node {
    let node = Node::new();
    node.write("ledger.kf", LEDGER);
    node.write("feed.sh", FEED);
    node.write("node.toml", &toml(oracle));
    node
}

fn payload(caller: &str, action: &str, args: Value, nonce: i64) -> Value {
    json!({"chain_id": "test-1", "caller": caller, "dataset": "ledger", "action": action, "args": args, "nonce": nonce})
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"]["code"].as_str().unwrap_or("none"))
}

#[test]
fn signed_calls_run_once_and_nothing_else_does() {
    let mut node = node("");
    node.start();
    let signers: [&dyn Signer; 2] = [&Ed25519::new(7), &Secp256k1::new(9)];
    for signer in signers {
        let caller = signer.caller();
        let signed = signer.sign(&payload(&caller, "add", json!([9_007_199_254_740_993_i64]), 5));
        let (status, receipt) = node.post("/v1/call?wait=true", &signed);
        assert_eq!((status, &receipt["status"]), (200, &json!("OK")), "{receipt}");
        let txid = receipt["txid"].as_str().unwrap();
        assert_eq!(node.get(&format!("/v1/receipt/{txid}")), (200, receipt.clone()));
        let asked = json!({"dataset": "ledger", "action": "balance", "args": [caller]});
        let (status, rows) = node.post("/v1/view", &asked);
        assert_eq!((status, &rows["rows"]), (200, &json!([[9_007_199_254_740_993_i64]])), "{rows}");
        assert!(rows["height"].as_i64() >= receipt["height"].as_i64());

        let again = node.post("/v1/call", &signed);
        assert_eq!((code(&again), &again.1["error"]["txid"]), ((409, "replayed_nonce"), &json!(txid)));
        let lower = signer.sign(&payload(&caller, "add", json!([1]), 4));
        assert_eq!(code(&node.post("/v1/call", &lower)), (409, "replayed_nonce"));
        let (status, failed) =
            node.post("/v1/call?wait=true", &signer.sign(&payload(&caller, "fail", json!([]), 6)));
        assert_eq!((status, &failed["status"]), (200, &json!("KF001")), "{failed}");
        refusals(&node, signer);
    }
    views(&node);
    let (status, health) = node.get("/health");
    assert_eq!((status, &health["status"]), (200, &json!("ok")));
    let metrics = node.text("/metrics");
    for wanted in
        ["kf_calls_total{status=\"OK\"} 2", "kf_calls_total{status=\"KF001\"} 2", "kf_block_seconds_bucket"]
    {
        assert!(metrics.contains(wanted), "{wanted}\n{metrics}");
    }
    assert_eq!(node.stop(), 0, "{}", node.said());
    assert!(node.said().contains("stopped at height"), "{}", node.said());

    node.write("ledger.kf", &LEDGER.replace("action fail()", "action fails()"));
    let (exit, said) = node.run_to_the_end();
    assert!(exit == 4 && said.contains("`schema ledger` was another"), "{exit} {said}");
    node.write("ledger.kf", LEDGER);
    node.write(
        "node.toml",
        &toml("[genesis]\nevent_lifetime = 7\n").replace("[[genesis.schemas]]\nfile = 'ledger.kf'\n", ""),
    );
    let (exit, said) = node.run_to_the_end();
    assert!(exit == 4 && said.contains("`event_lifetime` was another"), "{exit} {said}");
}

fn refusals(node: &Node, signer: &dyn Signer) {
    let caller = signer.caller();
    let good = payload(&caller, "add", json!([1]), 100);
    let with = |key: &str, value: Value| {
        let mut changed = good.clone();
        changed[key] = value;
        signer.sign(&changed)
    };
    let mut forged = signer.sign(&good);
    forged["payload"] = json!(forged["payload"].as_str().unwrap().replace("[1]", "[2]"));
    let post = |body: &Value| node.post("/v1/call", body);
    assert_eq!(code(&post(&forged)), (401, "bad_signature"));
    assert_eq!(code(&post(&with("caller", json!(Ed25519::new(8).caller())))), (401, "bad_signature"));
    assert_eq!(code(&post(&with("chain_id", json!("test-2")))), (400, "wrong_chain"));
    assert_eq!(code(&post(&with("expires", json!(1)))), (409, "expired"));
    assert_eq!(code(&post(&with("nonce", json!(0)))), (400, "bad_payload"));
    assert_eq!(code(&post(&with("caller", json!("0xAB")))), (400, "bad_payload"));
    assert_eq!(code(&post(&with("more", json!(1)))), (400, "bad_payload"));
    assert_eq!(code(&post(&json!({"payload": good.to_string(), "signature": "0x"}))), (401, "bad_signature"));
    assert_eq!(code(&post(&json!({"payload": good.to_string()}))), (400, "bad_json"));
    let unknown = signer.sign(&payload(&caller, "nothing", json!([]), 101));
    assert_eq!(node.post("/v1/call?wait=true", &unknown).1["status"], "KF004");
    let oracle = signer.sign(&payload(&caller, "deposit", json!(["u", 1]), 102));
    assert_eq!(node.post("/v1/call?wait=true", &oracle).1["status"], "KF004");
}

fn views(node: &Node) {
    let view = |action: &str, args: Value| {
        node.post("/v1/view", &json!({"dataset": "ledger", "action": action, "args": args}))
    };
    assert_eq!(code(&view("add", json!([1]))), (400, "not_a_view"));
    assert_eq!(code(&view("balanc", json!([]))), (404, "unknown_action"));
    assert_eq!(code(&view("balance", json!([1, 2]))), (400, "bad_arguments"));
    let other = json!({"dataset": "leger", "action": "balance"});
    assert_eq!(code(&node.post("/v1/view", &other)), (404, "unknown_dataset"));
    assert_eq!(code(&node.get("/v1/view")), (405, "method_not_allowed"));
    assert_eq!(code(&node.get("/v2")), (404, "not_found"));
    assert_eq!(code(&node.get("/v1/receipt/none")), (404, "unknown_txid"));
    assert_eq!(code(&node.post("/v1/view", &json!("x".repeat(1_050_000)))), (413, "too_large"));
    assert_eq!(node.get("/v1/datasets").1["datasets"][0]["dbid"], "ledger");
}

#[test]
fn a_node_that_is_killed_loses_nothing_and_doubles_nothing() {
    let mut node = node("");
    let feed = node.path("feed.sh");
    node.write("node.toml", &toml(&format!("[oracles.feed]\ntype = 'exec'\ncommand = ['sh', '{feed}']\n")));
    let mut height = 0;
    for round in 1..=3 {
        node.start();
        // Other moments in every run.
        let wait = u64::from(std::process::id()) * round * 7919 % 500;
        std::thread::sleep(Duration::from_millis(wait));
        let now = node.get("/v1/status").1["height"].as_i64().unwrap();
        assert!(now >= height, "{now} after {height}, after {wait} ms");
        height = now;
        node.kill();
    }
    node.start();
    let give_up = Instant::now() + Duration::from_secs(60);
    let mut sum = 0;
    while sum != DEPOSITED && Instant::now() < give_up {
        std::thread::sleep(Duration::from_millis(100));
        let (_, rows) = node.post("/v1/view", &json!({"dataset": "ledger", "action": "all_balances"}));
        sum = rows["rows"].as_array().unwrap().iter().map(|row| row[1].as_i64().unwrap()).sum();
    }
    assert_eq!(sum, DEPOSITED, "{}", node.said());
    assert!(node.text("/metrics").contains("kf_oracle_state{oracle=\"feed\""));
    assert_eq!(node.stop(), 0, "{}", node.said());
    events(&node);
}

/// The one deposit that was refused can be looked at, and submitted again once.
fn events(node: &Node) {
    let (code, listed) = node.kf(&["events", "list", "--limit", "1000", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let applied = listed.as_array().unwrap().iter().filter(|event| event["state"] == "applied").count();
    assert_eq!((code, applied), (0, 119));
    let (_, rejected) = node.kf(&["events", "list", "--state", "rejected"]);
    assert!(rejected.contains("ledger.deposit  KF011"), "{rejected}");
    // The node's file says which database. What its oracles need is not asked for.
    let file = format!(
        "[node]\nchain_id = 'test-1'\ndatabase = '{}'\n[oracles.feed]\nkey = '${{NOBODY_SETS_THIS}}'",
        node.database()
    );
    node.write("there/node.toml", &file);
    let by_file = ["events", "list", "--state", "rejected", "--config", "there/node.toml"];
    assert_eq!(node.kf_without_address(&by_file), (0, rejected.clone()));
    let (code, said) = node.kf_without_address(&["events", "list", "--config", "none.toml"]);
    assert!(code == 2 && said.contains("none.toml"), "{code} {said}");
    let id = rejected.split_whitespace().nth(2).unwrap();
    let (code, shown) = node.kf(&["events", "show", id]);
    assert!(code == 0 && shown.contains("\"source\": \"s:7\""), "{shown}");
    let (code, again) = node.kf(&["events", "retry", id]);
    assert_eq!((code, again.trim().len()), (0, 64), "{again}");
    let (_, observed) = node.kf(&["events", "list", "--state", "observed"]);
    assert!(observed.contains(again.trim()), "{observed}");
    let (code, twice) = node.kf(&["events", "retry", id]);
    assert!(code == 2 && twice.contains("is observed"), "{code} {twice}");
    let applied = listed.as_array().unwrap().iter().find(|event| event["state"] == "applied").unwrap();
    let (code, refused) = node.kf(&["events", "retry", applied["id"].as_str().unwrap()]);
    assert!(code == 2 && refused.contains("is applied"), "{code} {refused}");
}

/// Every `node.toml` that a page shows can be read.
#[test]
fn every_node_toml_that_is_shown_is_read() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (page, schemas) in [("guide/node.md", 1), ("guide/cometbft.md", 1), ("reference/node-toml.md", 2)] {
        let text = std::fs::read_to_string(docs.join(page)).unwrap();
        let shown = text.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
        let environment = |_: &str| Some("secret".to_owned());
        let config = kuneiform::node::NodeConfig::parse(shown, page.as_ref(), &environment).unwrap();
        assert_eq!((config.schemas.len(), config.oracles.len()), (schemas, 1), "{page}");
    }
}
