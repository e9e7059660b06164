use super::EngineError;
use super::canon::{Canon, Hash};
use crate::deploy::call::Given;

/// Who a request comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// A user: public actions.
    User,
    /// What the network has agreed on: oracle actions.
    Oracle,
}

/// One call.
#[derive(Clone, PartialEq, Debug)]
pub struct Invocation {
    /// The dataset's DBID.
    pub dataset: String,
    /// The action.
    pub action: String,
    /// Its arguments.
    pub arguments: Given,
}

/// Calls that are done together or not at all.
#[derive(Clone, PartialEq, Debug)]
pub struct Request {
    /// Its identity: `@txid`, 1 to [`LONGEST_TXID`] bytes. A second request with the same one gets the status `KF010`.
    pub txid: String,
    /// `@caller`
    pub caller: String,
    /// `@signer`
    pub signer: Vec<u8>,
    /// `@authenticator`
    pub authenticator: String,
    /// Which actions it may call.
    pub by: By,
    /// In order.
    pub calls: Vec<Invocation>,
}

/// Requests that were agreed on, in order.
#[derive(Clone, PartialEq, Debug)]
pub struct Block {
    /// `@height`: one more than the last.
    pub height: i64,
    /// What consensus calls it.
    pub id: Vec<u8>,
    /// `@block_timestamp`: Unix time in seconds.
    pub timestamp: i64,
    /// In order.
    pub requests: Vec<Request>,
}

/// The longest identity of a request, in bytes.
pub const LONGEST_TXID: usize = 256;

impl Block {
    /// Whether the block can be run at all: every identity has 1 to [`LONGEST_TXID`] bytes, and no text has NUL, which
    /// PostgreSQL cannot hold. Needs no database; a node asks this before it agrees to a block.
    ///
    /// # Errors
    /// [`EngineError::Malformed`] with the first request that is wrong.
    pub fn check(&self) -> Result<(), EngineError> {
        let wrong = (0..).zip(&self.requests).find_map(|(at, request)| Some((at, request.fault()?)));
        wrong.map_or(Ok(()), |(request, why)| Err(EngineError::Malformed { request, why }))
    }
}

impl Request {
    fn fault(&self) -> Option<&'static str> {
        let called = self.calls.iter().flat_map(|call| [&call.dataset, &call.action]);
        let has_nul = |text: &String| text.contains('\0');
        if self.txid.is_empty() || self.txid.len() > LONGEST_TXID {
            return Some("its txid is empty or longer than 256 bytes");
        }
        let texts = [&self.txid, &self.caller, &self.authenticator];
        texts.into_iter().chain(called).any(has_nul).then_some("a text has NUL")
    }

    /// The leaf of the tree of requests.
    pub fn hash(&self) -> Hash {
        let Request { txid, caller, signer, authenticator, by, calls } = self;
        let mut canon = Canon::new("kuneiform.request.v1");
        canon.text(txid).text(caller).bytes(signer).text(authenticator);
        canon.tag(match by {
            By::User => 0,
            By::Oracle => 1,
        });
        canon.length(calls.len());
        for Invocation { dataset, action, arguments } in calls {
            canon.text(dataset).text(action);
            given(&mut canon, arguments);
        }
        canon.finish()
    }
}

fn given(canon: &mut Canon, arguments: &Given) {
    match arguments {
        Given::Words(words) => {
            canon.tag(0).length(words.len());
            for word in words {
                canon.text(word);
            }
        }
        Given::Json(values) => {
            canon.tag(1).length(values.len());
            for value in values {
                canon.text(&value.to_string());
            }
        }
    }
}
