//! The contracts of `examples/evm` on a local chain, and what a node makes of their events.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::json;
use support::anvil::{Anvil, word};

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
