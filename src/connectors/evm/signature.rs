use alloy_dyn_abi::{DynSolEvent, DynSolType, DynSolValue, Specifier};
use alloy_json_abi::Event;
use alloy_primitives::B256;

use super::wire::Log;
use super::{problems, value};
use crate::oracle::ConfigError;

/// A log that does not fit its event, or says what no input can hold.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum Undecodable {
    /// The key `event` is not what the contract does: nothing may be passed over.
    #[error("it does not fit the event: {0}")]
    Misfit(String),
    /// Whoever called the contract wrote something that cannot be kept.
    #[error("{0}")]
    Unfit(&'static str),
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
