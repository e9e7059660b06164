//! The contracts of `examples/evm` on a local chain, and what a node makes of their events.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::process::Node;
use crate::signing::{Secp256k1, Signer};
use crate::support::anvil::{Anvil, text, word};
use serde_json::{Value, json};

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_compiled_contracts_are_those_of_their_sources() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/evm/build.sh");
    let output = Command::new("bash").arg(script).arg("--check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What the demo and the guide rely on: blocks come when asked for, old ones are final, and a reorg takes transactions away.
#[test]
fn a_local_chain_reorganises_what_is_not_final() {
    let anvil = Anvil::start();
    let escrow = anvil.deploy("Escrow");
    let depositor = "0x00000000000000000000000000000000000000aa";
    for _ in 0..3 {
        anvil.send(depositor, Some(&escrow.address), 5, &escrow.call("deposit()", ""));
    }
    let balance = |tag: &str| {
        let call = json!({"to": escrow.address, "data": escrow.call("balanceOf(address)", &word(depositor))});
        anvil.ask("eth_call", json!([call, tag]))
    };
    assert_eq!(balance("latest"), json!(format!("0x{}", word("f"))));
    let lost = anvil.ask("eth_getBlockByNumber", json!(["latest", false]));
    anvil.ask("anvil_reorg", json!([2, []]));
    assert_eq!(balance("latest"), json!(format!("0x{}", word("5"))));
    let found = anvil.ask("eth_getBlockByNumber", json!(["latest", false]));
    assert!(found["number"] == lost["number"] && found["hash"] != lost["hash"], "{found}\n{lost}");
    anvil.mine(4);
    assert_eq!(anvil.ask("eth_getBlockByNumber", json!(["finalized", false]))["hash"], found["hash"]);
    assert_eq!(balance("finalized"), balance("latest"));
}

/// A node of `examples/evm/names.toml` that follows the contract at `registrar`.
fn node_of_names(anvil: &Anvil, registrar: &str) -> Node {
    let mut node = Node::new();
    // The tests' server keeps nothing in a power cut.
    let toml = file("examples/evm/names.toml").replace(":7557\"", ":0\"\ndurable = false");
    let toml = toml.replace("../network/", "");
    node.write("node.toml", &toml);
    for schema in ["ens.kf", "social_network.kf"] {
        node.write(schema, &file(&format!("examples/network/{schema}")));
    }
    node.set("EVM_RPC", anvil.url());
    node.set("REGISTRAR", registrar.to_owned());
    node.start();
    node
}

fn rows(node: &Node, dataset: &str, action: &str, args: Value) -> Value {
    let asked = json!({"dataset": dataset, "action": action, "args": args});
    let (status, answer) = node.post("/v1/view", &asked);
    assert_eq!(status, 200, "{answer}\n{}", node.said());
    answer["rows"].clone()
}

/// Wallets with their names, by name.
fn owners(node: &Node) -> Value {
    let mut owners = rows(node, "ens", "get_ownership", json!([]));
    owners.as_array_mut().unwrap().sort_by_key(Value::to_string);
    owners
}

fn wait_for_owners(node: &Node, wanted: &Value) {
    let give_up = Instant::now() + Duration::from_secs(20);
    while owners(node) != *wanted {
        assert!(Instant::now() < give_up, "{}\n{}", owners(node), node.said());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What becomes of a post under `alice.eth`. Nonces only have to grow.
fn post(node: &Node, by: &Secp256k1, id: &str, nonce: i64) -> Value {
    let call = json!({"chain_id": "names", "caller": by.caller(), "dataset": "social_network",
                      "action": "make_post", "args": [id, "Hello", "alice.eth"], "nonce": nonce});
    let (status, receipt) = node.post("/v1/call?wait=true", &by.sign(&call));
    assert_eq!(status, 200, "{receipt}\n{}", node.said());
    receipt["status"].clone()
}

#[test]
fn who_owns_a_name_on_the_chain_posts_under_it_here() {
    let anvil = Anvil::start();
    let registrar = anvil.deploy("Registrar");
    let mut node = node_of_names(&anvil, &registrar.address);
    let (alice, bob) = (Secp256k1::new(1), Secp256k1::new(2));
    let (a, b) = (alice.caller(), bob.caller());

    let name = word("40") + &word(&a) + &text("alice");
    let registered =
        anvil.send(&b, Some(&registrar.address), 0, &registrar.call("register(string,address)", &name));
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(owners(&node), json!([]), "nothing of it is final");
    assert_eq!(post(&node, &alice, "p0", 1), "KF001");
    anvil.mine(4);
    wait_for_owners(&node, &json!([["alice.eth", a]]));
    assert_eq!(post(&node, &bob, "p1", 1), "KF001");
    assert_eq!(post(&node, &alice, "p1", 2), "OK");

    let token = registered["logs"][0]["topics"][3].as_str().unwrap();
    let transfer = word(&a) + &word(&b) + &word(token);
    let call = registrar.call("transferFrom(address,address,uint256)", &transfer);
    anvil.send(&a, Some(&registrar.address), 0, &call);
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(post(&node, &alice, "p2", 3), "OK", "the transfer is not final");
    anvil.mine(4);
    wait_for_owners(&node, &json!([["alice.eth", b], [null, a]]));
    assert_eq!(post(&node, &alice, "p3", 4), "KF001");
    assert_eq!(post(&node, &bob, "p3", 2), "OK");
    let posts = rows(&node, "social_network", "get_author_posts", json!([b]));
    let ids: Vec<&str> = posts.as_array().unwrap().iter().map(|row| row[0].as_str().unwrap()).collect();
    assert_eq!(ids, ["p1", "p2", "p3"]);
    assert_eq!(node.stop(), 0, "{}", node.said());
}

/// The blocks of a language that a page shows.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// What the guide shows is what runs: whole files of settings, and parts of contracts and schemas.
#[test]
fn the_guide_shows_the_files_of_the_examples() {
    let page = file("docs/guide/evm.md");
    let settings = [file("examples/evm/deposits.toml"), file("examples/evm/names.toml")];
    assert_eq!(blocks(&page, "toml"), settings);
    let read = |paths: &[&str]| paths.iter().map(|path| file(path)).collect::<String>();
    let contracts = read(&["examples/evm/Escrow.sol", "examples/evm/Registrar.sol"]);
    let schemas = read(
        &["accounts", "ens", "social_network"]
            .map(|name| format!("examples/network/{name}.kf"))
            .each_ref()
            .map(String::as_str),
    );
    for (language, text, count) in [("solidity", contracts, 2), ("kf", schemas, 3)] {
        let shown = blocks(&page, language);
        assert_eq!(shown.len(), count, "{language}");
        for part in shown.iter().flat_map(|block| block.split("\n\n")) {
            assert!(text.contains(part.trim_end()), "{language}:\n{part}");
        }
    }
}

/// `kf demo deposits` with this chain, in temporary files of its own. Exit code, what it printed, and what it left there.
fn demo(anvil: &Path, arguments: &[&str]) -> (i32, String, usize) {
    let folder = crate::support::scratch();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
    command.args(["demo", "deposits"]).args(arguments).env("KF_ANVIL", anvil).env("TMPDIR", folder.path());
    let output = command.env_remove("KF_DATABASE_URL").output().unwrap();
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), printed, std::fs::read_dir(folder.path()).unwrap().count())
}

#[test]
fn the_demo_ends_with_equal_sums_and_leaves_nothing() {
    let arguments = ["--kills", "3", "--deposits", "24", "--seed", "5"];
    let (code, printed, left) = demo(&crate::support::anvil::program(), &arguments);
    assert_eq!((code, left), (0, 0), "{printed}");
    assert!(
        printed.contains("equal after 3 kills: 24 deposits, ") && !printed.contains('\u{1b}'),
        "{printed}"
    );
    let sums = printed.lines().find(|line| line.starts_with("  sum ")).unwrap();
    let words: Vec<&str> = sums.split_whitespace().collect();
    assert!(words[1] == words[2] && words[1].len() > 18, "{printed}");
}

#[test]
fn the_demo_says_what_brings_a_chain() {
    let (code, printed, left) = demo(Path::new("/nowhere/anvil"), &[]);
    assert_eq!((code, left), (2, 0), "{printed}");
    assert!(
        printed.contains("cannot run `/nowhere/anvil`") && printed.contains("@foundry-rs/anvil"),
        "{printed}"
    );
}
