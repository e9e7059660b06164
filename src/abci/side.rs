//! What does not concern consensus: queries, and snapshots, of which there are none.

use tendermint::abci::{Code, request, response};

use super::propose::height;
use super::results::CODESPACE;
use super::{Answer, App};

impl App {
    /// `Query`: after the last block only, and without proofs.
    pub(super) async fn query(&self, asked: request::Query) -> response::Query {
        let (head, _) = self.head();
        if asked.prove {
            return none("there are no proofs");
        }
        if asked.height.value() != 0 && height(asked.height) != head {
            return none("only what is after the last block can be looked at");
        }
        match asked.path.as_str() {
            "/height" => value(head.to_string().into_bytes(), head),
            path => match self.0.host.query(path, &asked.data).await {
                Answer::Value(bytes, height) => value(bytes, height),
                Answer::None(why) => none(&why),
            },
        }
    }
}

fn value(bytes: Vec<u8>, height: i64) -> response::Query {
    let height = u64::try_from(height).unwrap_or(0).try_into().unwrap_or_default();
    response::Query {
        value: bytes.into(),
        height,
        codespace: CODESPACE.to_owned(),
        ..response::Query::default()
    }
}

/// No value, and why.
pub(super) fn none(why: &str) -> response::Query {
    let (code, log) = (Code::from(1), why.to_owned());
    response::Query { code, log, codespace: CODESPACE.to_owned(), ..response::Query::default() }
}

/// A node is brought up by its blocks, not by a copy of another's database.
pub(super) fn no_snapshots() -> response::ApplySnapshotChunk {
    response::ApplySnapshotChunk {
        result: response::ApplySnapshotChunkResult::Abort,
        refetch_chunks: Vec::new(),
        reject_senders: Vec::new(),
    }
}
