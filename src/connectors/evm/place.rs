use alloy_dyn_abi::{DynSolType, DynSolValue};

use super::signature::{Signature, Undecodable};
use super::wire::Log;
use super::{problems, value};
use crate::oracle::{ConfigError, Input};

/// What every log has, by the name it has in texts.
const OF_EVERY_LOG: &[(&str, Place)] = &[
    ("chain_id", Place::ChainId),
    ("block_number", Place::BlockNumber),
    ("block_hash", Place::BlockHash),
    ("block_timestamp", Place::BlockTimestamp),
    ("transaction_hash", Place::TransactionHash),
    ("log_index", Place::LogIndex),
    ("contract", Place::Contract),
];

/// Something of a log that a text has a place for.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Place {
    /// A parameter, by its number, and its type.
    Parameter(usize, DynSolType),
    /// A number among the parameters, as the 32 bytes that it is on the chain.
    Word(usize, DynSolType),
    ChainId,
    BlockNumber,
    BlockHash,
    /// Seconds since 1970.
    BlockTimestamp,
    TransactionHash,
    /// In its block.
    LogIndex,
    Contract,
}

impl Place {
    /// What `name`, with `:hex` behind it or without, means in the text of `key` in `table`. `is_alone` says that nothing
    /// else is in that text.
    ///
    /// # Errors
    /// If the event has no such name, or what it names cannot be an input.
    pub(super) fn find(
        table: &str,
        key: &str,
        name: &str,
        is_alone: bool,
        signature: &Signature,
    ) -> Result<Place, ConfigError> {
        let (name, form) = name.split_once(':').map_or((name, None), |(name, form)| (name, Some(form)));
        let of_log = OF_EVERY_LOG.iter().find(|(own, _)| *own == name).map(|(_, place)| place.clone());
        let named = |own: &str| !own.is_empty() && own == name;
        let found = signature.parameters.iter().position(|parameter| named(&parameter.name));
        let Some((index, parameter)) = found.and_then(|at| Some((at, signature.parameters.get(at)?))) else {
            let found = of_log.ok_or_else(|| unknown(table, key, name, signature))?;
            return form.map_or(Ok(found), |form| Err(problems::unfit_form(table, key, name, form)));
        };
        if of_log.is_some() || signature.parameters.iter().filter(|other| named(&other.name)).count() > 1 {
            return Err(problems::ambiguous_placeholder(table, key, name));
        }
        let kind = &parameter.kind;
        if parameter.indexed && value::is_hashed(kind) {
            return Err(problems::hashed_placeholder(table, key, name, &kind.sol_type_name()));
        }
        let is_usable = value::is_scalar(kind) || is_alone && value::element(kind).is_some();
        if !is_usable {
            return Err(problems::unusable_placeholder(table, key, name, &kind.sol_type_name()));
        }
        match (form, kind) {
            (None, _) => Ok(Place::Parameter(index, kind.clone())),
            (Some("hex"), DynSolType::Uint(_)) => Ok(Place::Word(index, kind.clone())),
            (Some(form), _) => Err(problems::unfit_form(table, key, name, form)),
        }
    }

    /// What stands there for a log.
    pub(super) fn input(
        &self,
        values: &[DynSolValue],
        log: &Log,
        timestamp: u64,
    ) -> Result<Input, Undecodable> {
        let value = |index: &usize| values.get(*index).ok_or(Undecodable::Unfit("it lacks a value"));
        let text = match self {
            Place::Parameter(index, kind) => return value::input(kind, value(index)?),
            Place::Word(index, kind) => value::word(kind, value(index)?)?,
            Place::ChainId => log.chain_id.to_string(),
            Place::BlockNumber => log.block_number.to_string(),
            Place::BlockHash => format!("{:#x}", log.block_hash),
            Place::BlockTimestamp => timestamp.to_string(),
            Place::TransactionHash => format!("{:#x}", log.transaction_hash),
            Place::LogIndex => log.index.to_string(),
            Place::Contract => format!("{:#x}", log.address),
        };
        Ok(Input::One(text))
    }
}

fn unknown(table: &str, key: &str, name: &str, signature: &Signature) -> ConfigError {
    let parameters = signature.parameters.iter().map(|parameter| parameter.name.as_str());
    let of_log = OF_EVERY_LOG.iter().map(|(name, _)| *name);
    let known: Vec<&str> = parameters.filter(|name| !name.is_empty()).chain(of_log).collect();
    problems::unknown_placeholder(table, key, name, &signature.name, &known)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::U256;

    use super::*;

    #[test]
    fn numbers_are_spelled_as_words_and_nothing_else_is() {
        let event = "event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)";
        let signature = Signature::parse("names", event).unwrap();
        let find = |name| Place::find("names", "inputs[0]", name, true, &signature);
        assert_eq!(find("tokenId:hex"), Ok(Place::Word(2, DynSolType::Uint(256))));
        for wrong in ["from:hex", "tokenId:HEX", "tokenId:", "block_number:hex"] {
            let error = find(wrong).unwrap_err();
            assert!(error.message.contains(&format!("`{{{wrong}}}`, a form")), "{}", error.message);
        }
        assert!(find("token:hex").unwrap_err().help.unwrap().contains("`{tokenId}`"));
        let seven = DynSolValue::Uint(U256::from(7), 8);
        assert_eq!(value::word(&DynSolType::Uint(8), &seven), Ok(format!("0x{:064}", 7)));
        let large = DynSolValue::Uint(U256::from(256), 8);
        assert!(value::word(&DynSolType::Uint(8), &large).is_err());
    }
}
