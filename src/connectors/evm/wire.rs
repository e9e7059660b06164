//! What an EVM server's answers mean. Everything is checked, nothing is guessed: an answer that is not what the protocol
//! says is refused whole.

use alloy_primitives::{Address, B256};
use serde::Deserialize;
use serde_json::Value;

/// An answer that is not what the protocol says, by what is wrong with it.
pub(super) type Nonsense = &'static str;

/// Of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Header {
    pub(super) number: u64,
    pub(super) hash: B256,
    /// Seconds since 1970.
    pub(super) timestamp: u64,
}

/// A log in a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Log {
    pub(super) chain_id: u64,
    pub(super) address: Address,
    pub(super) topics: Vec<B256>,
    pub(super) data: Vec<u8>,
    pub(super) block_number: u64,
    pub(super) block_hash: B256,
    pub(super) transaction_hash: B256,
    /// In its block.
    pub(super) index: u64,
}

#[derive(Deserialize)]
struct WrittenHeader {
    number: String,
    hash: String,
    timestamp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenLog {
    address: String,
    topics: Vec<String>,
    data: String,
    block_number: String,
    block_hash: String,
    transaction_hash: String,
    log_index: String,
    #[serde(default)]
    removed: bool,
}

/// A number: `0x` and hexadecimal digits.
pub(super) fn quantity(value: &Value) -> Result<u64, Nonsense> {
    number(value.as_str().ok_or("a number is no text")?)
}

/// A block's header; none for null: the server has no such block.
pub(super) fn header(value: Value) -> Result<Option<Header>, Nonsense> {
    if value.is_null() {
        return Ok(None);
    }
    let written: WrittenHeader =
        serde_json::from_value(value).map_err(|_| "a block lacks number, hash or timestamp")?;
    let WrittenHeader { number: block, hash, timestamp } = written;
    Ok(Some(Header { number: number(&block)?, hash: word(&hash)?, timestamp: number(&timestamp)? }))
}

/// A list of logs of the chain `chain_id`.
pub(super) fn logs(value: Value, chain_id: u64) -> Result<Vec<Log>, Nonsense> {
    let Value::Array(values) = value else { return Err("the logs are no list") };
    values.into_iter().map(|value| log(value, chain_id)).collect()
}

fn log(value: Value, chain_id: u64) -> Result<Log, Nonsense> {
    let written: WrittenLog =
        serde_json::from_value(value).map_err(|_| "a log lacks something, or is in no block")?;
    if written.removed {
        return Err("a log was removed again");
    }
    let topics: Result<Vec<B256>, Nonsense> = written.topics.iter().map(|topic| word(topic)).collect();
    Ok(Log {
        chain_id,
        address: Address::from(bytes::<20>(&written.address)?),
        topics: topics?,
        data: hex::decode(digits(&written.data)?).map_err(|_| "bytes are not hexadecimal")?,
        block_number: number(&written.block_number)?,
        block_hash: word(&written.block_hash)?,
        transaction_hash: word(&written.transaction_hash)?,
        index: number(&written.log_index)?,
    })
}

fn digits(text: &str) -> Result<&str, Nonsense> {
    text.strip_prefix("0x").ok_or("bytes are not hexadecimal")
}

fn number(text: &str) -> Result<u64, Nonsense> {
    let digits = text.strip_prefix("0x").filter(|digits| (1..=16).contains(&digits.len()));
    let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    u64::from_str_radix(digits.ok_or("a number is not hexadecimal")?, 16)
        .map_err(|_| "a number is not hexadecimal")
}

fn word(text: &str) -> Result<B256, Nonsense> {
    bytes::<32>(text).map(B256::from)
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], Nonsense> {
    let mut bytes = [0; N];
    hex::decode_to_slice(digits(text)?, &mut bytes).map_err(|_| "a hash or an address is not hexadecimal")?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "(0x)?[0-9a-fA-F]{0,70}".prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-zA-Z]{1,12}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn good_log() -> Value {
        json!({"address": format!("0x{:040x}", 1), "topics": [format!("0x{:064x}", 2)], "data": "0x0aFF",
            "blockNumber": "0x3", "blockHash": format!("0x{:064x}", 4), "transactionHash": format!("0x{:064x}", 5),
            "logIndex": "0x6", "removed": false, "transactionIndex": "0x0", "more": {}})
    }

    #[test]
    fn what_the_protocol_says_is_read() {
        let log = log(good_log(), 9).unwrap();
        assert_eq!((log.chain_id, log.block_number, log.index), (9, 3, 6));
        assert_eq!((log.data, log.topics.len()), (vec![10, 255], 1));
        let block =
            json!({"number": "0xffffffffffffffff", "hash": format!("0x{:064x}", 1), "timestamp": "0x0"});
        assert_eq!(header(block).unwrap().unwrap().number, u64::MAX);
        assert_eq!(header(Value::Null), Ok(None));
        for bad in ["", "0x", "5", "0x+5", "0x10000000000000000", "0xg", "0X5", " 0x5"] {
            assert!(quantity(&json!(bad)).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_answer_panics(value in any_json()) {
            let _ = (quantity(&value), header(value.clone()), logs(value, 1));
        }

        #[test]
        fn a_log_with_one_wrong_member_is_refused_or_says_what_it_had(at in 0_usize..8, put in any_json()) {
            let keys = ["address", "topics", "data", "blockNumber", "blockHash", "transactionHash", "logIndex", "removed"];
            let mut value = good_log();
            value[keys[at]] = put.clone();
            if let Ok(log) = log(value, 1) {
                let text = |bytes: &[u8]| json!(format!("0x{}", hex::encode(bytes)));
                let said = match keys[at] {
                    "address" => text(log.address.as_slice()),
                    "topics" => log.topics.iter().map(|topic| text(topic.as_slice())).collect(),
                    "data" => text(&log.data),
                    "blockHash" => text(log.block_hash.as_slice()),
                    "transactionHash" => text(log.transaction_hash.as_slice()),
                    "removed" => json!(false),
                    "blockNumber" => json!(log.block_number),
                    _ => json!(log.index),
                };
                let number = |text: &Value| text.as_str().and_then(|text| u64::from_str_radix(text.get(2..)?, 16).ok());
                let lower: Value = serde_json::from_str(&put.to_string().to_lowercase()).unwrap_or_default();
                let is_same = said == lower || said.as_u64() == number(&put);
                prop_assert!(is_same, "{put} was read as {said}");
            }
        }
    }
}
