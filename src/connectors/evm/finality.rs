use toml::Value;

use crate::oracle::FromKey;

/// When a block is held to stay for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Finality {
    /// The chain's own finality.
    Finalized,
    /// The chain's `safe`: sooner, and only as good as the validators of an epoch.
    Safe,
    /// So many blocks stand above it.
    Confirmations(u64),
}

impl FromKey for Finality {
    const EXPECTED: &'static str = "`\"finalized\"`, `\"safe\"` or `{ confirmations = N }` with N above 0";

    fn from_key(value: Value) -> Option<Finality> {
        if let Value::String(word) = &value {
            return match word.as_str() {
                "finalized" => Some(Finality::Finalized),
                "safe" => Some(Finality::Safe),
                _ => None,
            };
        }
        let Value::Table(mut table) = value else { return None };
        let blocks = u64::from_key(table.remove("confirmations")?)?;
        (table.is_empty() && blocks > 0).then_some(Finality::Confirmations(blocks))
    }
}
