use serde::{Deserialize, Serialize};

use super::walk::Anchor;

/// The key of the cursor.
const KEY: &str = "position";

/// How far a chain was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Position {
    pub anchor: Anchor,
    /// Where the last event is on the topic; none if there was none.
    pub point: Option<i64>,
}

/// What a cursor holds. Kept with the events of what was read, in one transaction.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    network: String,
    /// Of the last block that was read.
    height: u64,
    hash: String,
    point: Option<i64>,
}

impl Position {
    /// What `text` says, and of which network that is; none if it was not written by [`Position::cursor`].
    pub fn read(text: &str) -> Option<(String, Position)> {
        let Written { network, height, hash, point } = serde_json::from_str(text).ok()?;
        Some((network, Position { anchor: Anchor::After { height, hash }, point }))
    }

    /// What is kept; nothing before the first block.
    pub fn cursor(&self, network: &str) -> Vec<(String, Option<String>)> {
        let Anchor::After { height, hash } = self.anchor.clone() else { return Vec::new() };
        let written = Written { network: network.to_owned(), height, hash, point: self.point };
        vec![(KEY.to_owned(), serde_json::to_string(&written).ok())]
    }

    /// The key under which it is.
    pub fn key() -> &'static str {
        KEY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let position =
            Position { anchor: Anchor::After { height: 7, hash: "H".into() }, point: Some(7_000_000) };
        let cursor = position.cursor("testnet");
        let text = cursor[0].1.as_deref().unwrap();
        assert_eq!(Position::read(text), Some(("testnet".to_owned(), position)));
        assert_eq!(Position { anchor: Anchor::Start(5), point: None }.cursor("testnet"), []);
        assert_eq!(Position::read("7 H"), None);
    }
}
