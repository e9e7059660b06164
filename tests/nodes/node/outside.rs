//! From a server outside to the rows of a schema, through `kf node run`.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::near_chain::{Did, IMPLICIT, KEY, NearChain, OTHER_KEY};
use crate::process::Node;
use crate::server::{Reply, Server};

fn rows(node: &Node, dataset: &str, action: &str, args: Value) -> Value {
    node.post("/v1/view", &json!({"dataset": dataset, "action": action, "args": args})).1["rows"].clone()
}

fn until(node: &Node, what: &str, mut holds: impl FnMut() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < give_up, "{what}\n{}", node.said());
        std::thread::sleep(Duration::from_millis(50));
    }
}

const PRICES: &str = "database prices;

table closes {
    symbol text not_null,
    day text not_null,
    price decimal(38,20) not_null,
    note text,
    #pk primary(symbol, day)
}

action set_close($symbol text, $day text, $price decimal(38,20), $note text) oracle {
    INSERT INTO closes (symbol, day, price, note) VALUES ($symbol, $day, $price, $note);
}

action all_closes() public view returns table(symbol text, day text, price text, note text) {
    SELECT symbol, day, price::text, note FROM closes;
}
";

#[test]
fn a_json_feed_becomes_rows() {
    let runtime = Runtime::new().unwrap();
    let body = r#"{"closes": [{"symbol": "A", "day": "2024-01-02", "close": 1.00000000000000000001, "note": null},
        {"symbol": "A", "day": "2024-01-03"}, {"symbol": "B", "day": "2024-01-03", "close": 7}]}"#;
    let answer = move |_: &_| Reply::Raw { status: 200, headers: vec![], body: body.into() };
    let server = runtime.block_on(Server::start(answer));
    let mut node = Node::new();
    node.write("prices.kf", PRICES);
    node.write("node.toml", &format!(
        "[node]\nchain_id = 'test-1'\nlisten = '127.0.0.1:0'\nblock_interval_ms = 200\ndurable = false\n\
         [[genesis.schemas]]\nfile = 'prices.kf'\n\
         [oracles.closes]\ntype = 'http'\nurl = '{}/day?key=s3cretkey'\npoll_ms = 50\nitems = '/closes'\n\
         id = 'close:{{/symbol}}:{{/day}}'\n[[oracles.closes.submit]]\ndataset = 'prices'\naction = 'set_close'\n\
         inputs = ['{{/symbol}}', '{{/day}}', '{{/close}}', '{{?/note}}']\n",
        server.url
    ));
    let closes = |node: &Node| rows(node, "prices", "all_closes", json!([]));
    node.start();
    until(&node, "both are there", || closes(&node).as_array().unwrap().len() == 2);
    node.kill();
    node.start();
    std::thread::sleep(Duration::from_millis(300));
    let expected = json!([
        ["A", "2024-01-02", "1.00000000000000000001", null],
        ["B", "2024-01-03", "7.00000000000000000000", null]
    ]);
    assert_eq!(closes(&node), expected);
    assert!(node.text("/metrics").contains("kf_oracle_state{oracle=\"closes\",state=\"running\"} 1"));
    assert!(node.said().contains("item 1 is left out: `/close` is not there"), "{}", node.said());
    assert_eq!(node.stop(), 0);
    assert!(!node.said().contains("s3cretkey"));
    let (_, rejected) = node.kf(&["events", "list", "--state", "rejected"]);
    assert_eq!(rejected, "no events\n");
}

/// The files of examples/near-accounts, with the chain of these tests.
fn near_node(url: &str) -> Node {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/near-accounts");
    let read = |file: &str| std::fs::read_to_string(example.join(file)).unwrap();
    let toml = read("node.toml")
        .replace("${NEAR_RPC}", url)
        .replace("start_height = 200000000", "start_height = 1\npoll_ms = 20")
        .replace("[[genesis", "listen = '127.0.0.1:0'\nblock_interval_ms = 200\ndurable = false\n[[genesis");
    let node = Node::new();
    node.write("near_accounts.kf", &read("near_accounts.kf"));
    node.write("node.toml", &toml);
    node
}

#[test]
fn accounts_of_near_become_rows() {
    let runtime = Runtime::new().unwrap();
    let chain = NearChain::new();
    let asked = chain.clone();
    let server = runtime.block_on(Server::start(move |request| asked.answer(request)));
    chain.add(
        1,
        "a",
        &[Did::Wrote("example.testnet", KEY), Did::Paid(IMPLICIT), Did::Paid("x.example.testnet")],
    );
    chain.add(
        4,
        "a",
        &[Did::WroteForCalls("example.testnet", OTHER_KEY), Did::Signed("example.testnet", KEY)],
    );
    let mut node = near_node(&server.url);
    let account = |node: &Node, id: &str| rows(node, "near_accounts", "get_account", json!([id]));
    let names = |node: &Node| rows(node, "near_accounts", "get_names", json!([IMPLICIT]));
    node.start();
    until(&node, "the second key is there", || account(&node, "example.testnet") == json!([["named", 1, 2]]));
    assert_eq!(account(&node, "x.example.testnet"), json!([["named", 1, 0]]));
    assert_eq!(account(&node, IMPLICIT), json!([]), "nobody looks at it");
    assert_eq!(names(&node), json!([["example.testnet"]]));
    node.kill();
    chain.add(5, "a", &[Did::KeyDeleted("example.testnet", KEY)]);
    chain.add(7, "a", &[Did::Deleted("x.example.testnet"), Did::Wrote("y.example.testnet", KEY)]);
    node.start();
    until(&node, "the new account has its key", || {
        account(&node, "y.example.testnet") == json!([["named", 7, 1]])
    });
    assert_eq!(account(&node, "example.testnet"), json!([["named", 1, 1]]));
    assert_eq!(account(&node, "x.example.testnet"), json!([]));
    assert_eq!(names(&node), json!([["y.example.testnet"]]));
    assert_eq!(node.stop(), 0, "{}", node.said());
    let (_, listed) = node.kf(&["events", "list", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert!(listed.as_array().unwrap().iter().all(|event| event["state"] == "applied"), "{listed}");
    assert_eq!(listed.as_array().unwrap().len(), 10);
}
