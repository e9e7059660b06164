use alloy_primitives::B256;
use serde::{Deserialize, Serialize};

use super::trouble::Trouble;
use crate::oracle::Receiver;

/// The key of the cursor.
const KEY: &str = "position";

/// How far a chain was read. Kept with the events of what was read, in one transaction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Position {
    /// Which chain.
    pub(super) chain: u64,
    /// The last block whose logs were read.
    pub(super) block: u64,
    /// Its hash then.
    pub(super) hash: B256,
    /// Where the last event is on the topic; none if there was none.
    pub(super) point: Option<i64>,
}

impl Position {
    /// What was remembered; none for an oracle that has read nothing.
    pub(super) async fn remembered(by: &Receiver) -> Result<Option<Position>, Trouble> {
        let Some(text) = by.cursor(KEY).await? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|error| Trouble::Position(error.to_string()))
    }

    /// The first block that was not read.
    pub(super) fn next(&self) -> u64 {
        self.block.saturating_add(1)
    }

    /// What a cursor holds.
    pub(super) fn cursor(&self) -> Result<Vec<(String, Option<String>)>, Trouble> {
        let text = serde_json::to_string(self).map_err(|error| Trouble::Position(error.to_string()))?;
        Ok(vec![(KEY.to_owned(), Some(text))])
    }
}
