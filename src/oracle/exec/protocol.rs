use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::oracle::{Level, Submission};

/// Version of the protocol, told to the program first.
pub const VERSION: u32 = 1;

/// What a program says: `{"submit": {..}}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Events in the order in which they happened, and what to remember with them.
    Submit(Submit),
    /// What was remembered?
    Get(Get),
    /// A line for the node's log.
    Log(Line),
}

/// `{"submit": {"id": 1, "events": [..], "cursor": {"block": "17000012"}}}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// Comes back with the answer.
    pub id: u64,
    /// All or none.
    #[serde(default)]
    pub events: Vec<Submission>,
    /// Kept with the events; null forgets a key.
    #[serde(default)]
    pub cursor: BTreeMap<String, Option<String>>,
}

/// `{"get": {"id": 2, "key": "block"}}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Get {
    /// Comes back with the answer.
    pub id: u64,
    /// Which.
    pub key: String,
}

/// `{"log": {"level": "info", "message": ".."}}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// How much it matters.
    pub level: Level,
    /// The words.
    pub message: String,
}

/// What a program is told.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Told<'a> {
    /// First of all.
    Start {
        /// [`VERSION`].
        protocol: u32,
        /// The oracle's name.
        name: &'a str,
        /// The table `config` of its table.
        config: &'a toml::Table,
    },
    /// Events and cursor were kept.
    Ack {
        /// Of the submission.
        id: u64,
        /// The ids of the events, in order.
        events: Vec<String>,
    },
    /// What was remembered.
    Value {
        /// Of the question.
        id: u64,
        /// Null if there is nothing.
        value: Option<String>,
    },
    /// Nothing of it was done.
    Error {
        /// Of what was said; null if it could not be read.
        id: Option<u64>,
        /// Why.
        message: String,
        /// True if it may be said again as it was.
        retry: bool,
    },
    /// The program has to end. Its standard input is closed after this.
    Stop {},
}
