use std::time::Duration;

use serde_json::{Map, Value};

use crate::connectors::{Endpoint, Trouble};

/// Why there is no result.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum RpcError {
    /// No whole answer came.
    #[error("{0}")]
    Trouble(#[from] Trouble),
    /// The server did not want to, or could not.
    #[error("the server answers with status {status}")]
    Status {
        /// HTTP's.
        status: u16,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The body is no JSON object.
    #[error("the answer is not JSON-RPC")]
    NotJson,
    /// The object is no answer to what was asked.
    #[error("the answer is not JSON-RPC: {0}")]
    Unexpected(&'static str),
    /// The server understood, and refused.
    #[error("the server says: {} ({})", .0.message, .0.code)]
    Error(ErrorObject),
}

/// What a server says of an error.
#[derive(Clone, PartialEq, Debug)]
pub struct ErrorObject {
    /// Which one; 0 if it does not say.
    pub code: i64,
    /// In words.
    pub message: String,
    /// Every member of it, with those that the standard does not have.
    pub members: Map<String, Value>,
}

impl ErrorObject {
    /// The error of an answer, if it has one.
    pub(super) fn of(answer: &Value) -> Option<ErrorObject> {
        let error = answer.get("error").filter(|error| !error.is_null())?;
        let code = error.get("code").and_then(Value::as_i64).unwrap_or(0);
        let message = error.get("message").and_then(Value::as_str);
        let message = message.map_or_else(|| error.to_string(), str::to_owned);
        let members = error.as_object().cloned().unwrap_or_default();
        Some(ErrorObject { code, message, members })
    }
}

impl RpcError {
    /// How long the server asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            RpcError::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// True if the server says that it was asked too often, and not that it was asked for too much.
    pub fn is_rate_limit(&self) -> bool {
        match self {
            RpcError::Status { status, .. } => *status == 429,
            RpcError::Error(error) => {
                let message = error.message.to_ascii_lowercase();
                let words = ["rate limit", "too many requests", "per second", "request count", "capacity"];
                error.code == 429 || words.iter().any(|word| message.contains(word))
            }
            _ => false,
        }
    }

    /// True if asking for less at once may help: the server refuses what it has understood, does not end in time, or
    /// answers with too much.
    pub fn is_about_size(&self) -> bool {
        match self {
            RpcError::Trouble(trouble) => matches!(trouble, Trouble::TooLarge(_) | Trouble::Timeout(_)),
            RpcError::Status { status, .. } => *status == 413,
            RpcError::Error(_) => !self.is_rate_limit(),
            _ => false,
        }
    }

    /// The same without any part of the server's address.
    pub(super) fn hide(self, endpoint: &Endpoint) -> RpcError {
        match self {
            RpcError::Error(ErrorObject { code, message, members }) => {
                RpcError::Error(ErrorObject { code, message: endpoint.hide_in(&message), members })
            }
            other => other,
        }
    }
}
