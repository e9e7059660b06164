use alloy_dyn_abi::{DynSolEvent, DynSolType, DynSolValue, Specifier};
use alloy_json_abi::Event;
use alloy_primitives::B256;

use super::wire::Log;
use super::{problems, value};
use crate::connectors::template::NoText;
use crate::oracle::ConfigError;

/// A log that does not fit its event, or says what no input can hold.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum Undecodable {
    /// The key `event` is not what the contract does: nothing may be passed over.
    #[error("it does not fit the key `event`: {0}")]
    Misfit(String),
    /// Whoever called the contract wrote something that cannot be kept.
    #[error("{0}")]
    Unfit(&'static str),
}

impl From<NoText> for Undecodable {
    fn from(why: NoText) -> Undecodable {
        Undecodable::Unfit(why.0)
    }
}

/// An event as its ABI says it.
pub(super) struct Signature {
    pub(super) name: String,
    /// The hash by which logs are known.
    pub(super) topic: B256,
    pub(super) parameters: Vec<Parameter>,
    event: DynSolEvent,
}

/// A parameter of an event.
pub(super) struct Parameter {
    /// Empty if it has none.
    pub(super) name: String,
    pub(super) kind: DynSolType,
    /// Whether it is a topic of its own, which holds only the hash of what is longer than a word.
    pub(super) indexed: bool,
}

impl Signature {
    /// Reads `event Deposit(address indexed from, uint256 amount)`.
    ///
    /// # Errors
    /// If it is no event, or one that cannot be asked for.
    pub(super) fn parse(table: &str, text: &str) -> Result<Signature, ConfigError> {
        let no_event = |why: String| problems::no_event(table, &why);
        let event = Event::parse(text).map_err(|error| no_event(error.to_string()))?;
        if event.anonymous {
            return Err(problems::anonymous(table));
        }
        let mut parameters = Vec::new();
        for input in &event.inputs {
            let kind = input.resolve().map_err(|error| no_event(error.to_string()))?;
            parameters.push(Parameter { name: input.name.clone(), kind, indexed: input.indexed });
        }
        let of = |indexed: bool| {
            let chosen = parameters.iter().filter(move |parameter| parameter.indexed == indexed);
            chosen.map(|parameter| value::raw(&parameter.kind)).collect::<Vec<_>>()
        };
        let topic = event.selector();
        let decoder = DynSolEvent::new(Some(topic), of(true), DynSolType::Tuple(of(false)))
            .ok_or_else(|| no_event("more than three parameters are indexed".to_owned()))?;
        Ok(Signature { name: event.name.clone(), topic, parameters, event: decoder })
    }

    /// The values of a log, in the order of the parameters. Texts are still bytes.
    pub(super) fn decode(&self, log: &Log) -> Result<Vec<DynSolValue>, Undecodable> {
        let misfit = |error: alloy_dyn_abi::Error| Undecodable::Misfit(error.to_string());
        let decoded = self.event.decode_log_parts(log.topics.iter().copied(), &log.data).map_err(misfit)?;
        let (mut indexed, mut body) = (decoded.indexed.into_iter(), decoded.body.into_iter());
        let next = |parameter: &Parameter| if parameter.indexed { indexed.next() } else { body.next() };
        let values: Option<Vec<DynSolValue>> = self.parameters.iter().map(next).collect();
        values.ok_or_else(|| Undecodable::Misfit("values are missing".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::Address;
    use proptest::prelude::*;

    use super::*;

    const EVENTS: &[&str] = &[
        "event A(address indexed a, uint256 b)",
        "event A(uint8 a, int16 b, bool c, bytes3 d, function e)",
        "event A(string a, bytes b, string[] c, uint256[][] d)",
        "event A((string, uint256[])[] a, bytes32[2] b, (bool, (bytes, int8)) c)",
        "event A(string indexed a, uint256[] indexed b, (bytes) indexed c)",
        "event A()",
    ];

    fn log(topics: Vec<B256>, data: Vec<u8>) -> Log {
        let (address, block_hash, transaction_hash) = (Address::ZERO, B256::ZERO, B256::ZERO);
        Log { chain_id: 1, address, topics, data, block_number: 1, block_hash, transaction_hash, index: 0 }
    }

    /// Words as a malicious contract would write them: places and lengths that are small, huge or in between.
    fn word() -> impl Strategy<Value = [u8; 32]> {
        let small = (0_u8..8).prop_map(|number| {
            let mut word = [0; 32];
            word[31] = number * 32;
            word
        });
        let long = (any::<u8>(), 0_usize..32).prop_map(|(byte, at)| {
            let mut word = [0; 32];
            word[at] = byte;
            word
        });
        prop_oneof![4 => small, 2 => long, 1 => any::<[u8; 32]>(), 1 => Just([0xff; 32])]
    }

    proptest! {
        #[test]
        fn no_log_panics(
            at in 0..EVENTS.len(),
            topics in prop::collection::vec(any::<[u8; 32]>(), 0..4),
            words in prop::collection::vec(word(), 0..24),
            cut in 0_usize..32,
        ) {
            let signature = Signature::parse("a", EVENTS[at]).unwrap();
            let mut data = words.concat();
            data.truncate(data.len().saturating_sub(cut));
            let topics = std::iter::once(signature.topic).chain(topics.into_iter().map(B256::from)).collect();
            if let Ok(values) = signature.decode(&log(topics, data)) {
                prop_assert_eq!(values.len(), signature.parameters.len());
                for (parameter, one) in signature.parameters.iter().zip(&values) {
                    if !(parameter.indexed && value::is_hashed(&parameter.kind)) {
                        let _ = value::input(&parameter.kind, one);
                    }
                }
            }
        }
    }
}
