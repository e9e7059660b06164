//! How values of logs are spelled as inputs.

use alloy_dyn_abi::DynSolValue;
use alloy_primitives::{Address, B256, I256, U256};
use kuneiform::oracle::store::memory::MemoryStore;
use serde_json::{Value, json};

use super::chain::*;
use super::oracles::*;

/// A table whose event is `event`, with these inputs.
fn with(url: &str, event: &str, inputs: &[&str]) -> String {
    let inputs: Vec<String> = inputs.iter().map(|input| format!("'{input}'")).collect();
    table(url, "")
        .replace("event Deposit(address indexed from, uint256 amount)", event)
        .replace("'{from}', '{amount}'", &inputs.join(", "))
}

fn data(values: Vec<DynSolValue>) -> String {
    format!("0x{}", hex::encode(DynSolValue::Tuple(values).abi_encode_params()))
}

fn topic(event: &str) -> String {
    format!("{:#x}", alloy_primitives::keccak256(event))
}

/// The inputs of the one event that a chain of one log makes.
async fn inputs(event: &str, inputs: &[&str], topics: &[&str], data: &str) -> Vec<Value> {
    let chain = Chain::new();
    chain.finalize(vec![]);
    chain.finalize(vec![deposit(0), log(ESCROW, topics, data)]);
    let server = chain.serve().await;
    let (events, _) = read(&with(&server.url, event, inputs), 1, &MemoryStore::default()).await;
    events[0].targets[0].inputs.iter().map(|input| input.to_json()).collect()
}

#[test]
fn every_kind_of_value_is_spelled_in_one_way() {
    block_on(async {
        let event = "event All(address a, bool b, uint8 c, uint256 d, int256 e, bytes4 f, bytes g, string h, uint16[] i, string[2] j)";
        let names = ["{a}", "{b}", "{c}", "{d}", "{e}", "{f}", "{g}", "{h}", "{i}", "{j}"];
        let topic = topic("All(address,bool,uint8,uint256,int256,bytes4,bytes,string,uint16[],string[2])");
        let text = |text: &str| DynSolValue::String(text.to_owned());
        let data = data(vec![
            DynSolValue::Address(Address::repeat_byte(0xAB)),
            DynSolValue::Bool(true),
            DynSolValue::Uint(U256::from(255), 8),
            DynSolValue::Uint(U256::MAX, 256),
            DynSolValue::Int(I256::MIN, 256),
            DynSolValue::FixedBytes(B256::right_padding_from(&[0xDE, 0xAD, 0, 1]), 4),
            DynSolValue::Bytes(vec![]),
            text("zoë {x}"),
            DynSolValue::Array(vec![
                DynSolValue::Uint(U256::from(1), 16),
                DynSolValue::Uint(U256::from(2), 16),
            ]),
            DynSolValue::FixedArray(vec![text(""), text("é")]),
        ]);
        let found = inputs(event, &names, &[&topic], &data).await;
        let max = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
        let min = "-57896044618658097711785492504343953926634992332820282019728792003956564819968";
        let address = "0xabababababababababababababababababababab";
        let expected =
            json!([address, "true", "255", max, min, "0xdead0001", "0x", "zoë {x}", ["1", "2"], ["", "é"]]);
        assert_eq!(Value::Array(found), expected);
    });
}

#[test]
fn what_every_log_has_is_there_too_and_texts_may_have_both() {
    block_on(async {
        let places = [
            "{chain_id}",
            "{block_number}",
            "{block_hash}",
            "{block_timestamp}",
            "{transaction_hash}",
            "{log_index}",
            "{contract}",
            "{{{from}:{amount}}}",
            "fixed",
            "",
        ];
        let chain = Chain::new();
        chain.finalize(vec![]);
        chain.finalize(vec![log(OTHER, &[DEPOSIT], "0x"), deposit(12)]);
        let server = chain.serve().await;
        let event = "event Deposit(address indexed from, uint256 amount)";
        let (events, _) = read(&with(&server.url, event, &places), 1, &MemoryStore::default()).await;
        let found: Vec<Value> = events[0].targets[0].inputs.iter().map(|input| input.to_json()).collect();
        let both = format!("{{{ALICE}:12}}");
        let (block, transaction) = (word(2), word(2001));
        let expected = ["1", "2", &block, "1700000002", &transaction, "1", ESCROW, &both, "fixed", ""];
        assert_eq!(found, expected);
    });
}

#[test]
fn the_hashes_of_events_are_those_of_the_chain() {
    // Of contracts that everybody knows: names of types are written out, names of parameters do not count.
    for (event, hash) in [
        (
            "event Transfer(address indexed from, address indexed to, uint value)",
            "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        ),
        ("event Deposit(address indexed dst, uint wad)", DEPOSIT),
        (
            "NameRegistered(string name, bytes32 indexed label, address indexed owner, uint cost, uint expires)",
            "0xca6abbe9d7f11422cb6ca7629fbf6fe9efb1c621f71ce8f02b9f2a230097404f",
        ),
    ] {
        block_on(async {
            let chain = Chain::new();
            let server = chain.serve().await;
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let supervisor = start(&with(&server.url, event, &["x"]), &store, &lines).await.unwrap();
            until("it asks", &lines, async || server.methods().contains(&"eth_getLogs".to_owned())).await;
            supervisor.stop().await;
            let asked =
                server.asked.lock().unwrap().iter().find(|asked| asked.method() == "eth_getLogs").cloned();
            assert_eq!(asked.unwrap().params()[0]["topics"], json!([[hash]]));
        });
    }
}

#[test]
fn a_log_that_no_event_can_say_is_passed_over_and_one_that_does_not_fit_stops_the_oracle() {
    block_on(async {
        let event = "event Named(string name)";
        let topic = topic("Named(string)");
        let named = |bytes: &[u8]| log(ESCROW, &[&topic], &data(vec![DynSolValue::Bytes(bytes.to_vec())]));
        let chain = Chain::new();
        let long = vec![b'a'; 70_000];
        chain.finalize(vec![named(b"one"), named(b"\xff\xfe"), named(b"a\0b"), named(&long), named(b"two")]);
        let server = chain.serve().await;
        let text = with(&server.url, event, &["{name}"]);
        let (events, lines) = read(&text, 2, &MemoryStore::default()).await;
        let point = |index: i64| (1 << 20) + index;
        assert_eq!(events[1].order.as_ref().unwrap().previous, Some(point(0)));
        assert_eq!(events[1].order.as_ref().unwrap().point, point(4));
        for (index, why) in [(1, "it has a text that is not UTF-8"), (2, "it has a text with a NUL"), (3, "")]
        {
            let said =
                format!("Warn: `Named` is passed over, log {index} of transaction {}", word(1000 + index));
            let line = lines.text().lines().find(|line| line.contains(&said)).map(str::to_owned);
            assert!(line.unwrap_or_else(|| panic!("{}", lines.text())).contains(why), "{}", lines.text());
        }

        for (topics, data) in [
            (vec![topic.as_str()], word(5)),
            (vec![topic.as_str()], "0x".to_owned()),
            (vec![topic.as_str()], format!("{}{}", word(32), "f".repeat(64))),
            (vec![topic.as_str(), DEPOSIT], data(vec![DynSolValue::String("x".into())])),
        ] {
            let chain = Chain::new();
            chain.finalize(vec![named(b"one"), log(ESCROW, &topics, &data)]);
            let server = chain.serve().await;
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let supervisor = start(&with(&server.url, event, &["{name}"]), &store, &lines).await.unwrap();
            until("it stops", &lines, async || lines.text().contains("does not fit the key `event`: ")).await;
            supervisor.stop().await;
            let place = format!("Error: log 1 of transaction {} in block 1", word(1001));
            assert!(lines.text().contains(&place), "{}", lines.text());
            assert!(observed(&store).await.is_empty());
        }
    });
}

#[test]
fn a_log_becomes_several_calls_that_are_made_together() {
    block_on(async {
        let chain = Chain::new();
        chain.finalize(vec![deposit(3)]);
        let server = chain.serve().await;
        let second = "{ dataset = 'audit', action = 'seen', inputs = ['{transaction_hash}'] } ]";
        let text = table(&server.url, "").replace("} ]", &format!("}}, {second}"));
        let (events, _) = read(&text, 1, &MemoryStore::default()).await;
        let calls: Vec<(&str, &str)> =
            events[0].targets.iter().map(|target| (target.dbid.as_str(), target.action.as_str())).collect();
        assert_eq!(calls, [("accounts", "deposit"), ("audit", "seen")]);
    });
}
