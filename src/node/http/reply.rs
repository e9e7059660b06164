//! Answers that say what is wrong: `{"error":{"code","message",..}}`. The codes stay as they are.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::deploy::DeployError;
use crate::deploy::call::{CallError, Fault, Kind, json as shown};
use crate::diagnostics::Code;
use crate::node::NodeError;
use crate::node::pool::Full;
use crate::signed::Refusal;

/// A request that is not done.
pub(in crate::node) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// More fields of the error.
    more: Option<(&'static str, Value)>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Problem {
        Problem { status, code, message: message.into(), more: None }
    }

    pub(super) fn with(mut self, name: &'static str, value: Value) -> Problem {
        self.more = Some((name, value));
        self
    }

    pub(super) fn late() -> Problem {
        Problem::new(StatusCode::GATEWAY_TIMEOUT, "timeout", "the node did not answer in time")
    }

    pub(super) fn unavailable(error: impl std::fmt::Display) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", error.to_string())
    }

    pub(super) fn elsewhere() -> Problem {
        let message = "CometBFT orders the blocks of this chain: send the call to its `broadcast_tx_sync`";
        Problem::new(StatusCode::MISDIRECTED_REQUEST, "elsewhere", message)
    }

    /// Not the JSON it should be.
    pub(in crate::node) fn malformed(error: serde_json::Error) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "bad_json", error.to_string())
    }

    /// What is wrong, in words.
    pub(in crate::node) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn replayed() -> Problem {
        let message = "the caller has used this nonce, or a greater one";
        Problem::new(StatusCode::CONFLICT, "replayed_nonce", message)
    }

    pub(super) fn expired() -> Problem {
        let message = "the height in `expires` has passed";
        Problem::new(StatusCode::CONFLICT, "expired", message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Problem { status, code, message, more } = self;
        let mut error = json!({"code": code, "message": message});
        if let (Some((name, value)), Some(fields)) = (more, error.as_object_mut()) {
            fields.insert(name.to_owned(), value);
        }
        (status, Json(json!({"error": error}))).into_response()
    }
}

/// Reads a body.
pub(super) fn body<T: DeserializeOwned>(body: Result<Bytes, BytesRejection>) -> Result<T, Problem> {
    let bytes = body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "a body has at most 1 MiB")
        }
        _ => Problem::new(StatusCode::BAD_REQUEST, "bad_request", "the body did not come whole"),
    })?;
    let read = serde_json::from_slice(&bytes);
    read.map_err(Problem::malformed)
}

pub(super) fn no_path() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this path")
}

pub(super) fn no_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this path takes another method")
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        match refusal {
            Refusal::Malformed(why) => Problem::new(StatusCode::BAD_REQUEST, "bad_payload", why),
            Refusal::WrongChain => {
                Problem::new(StatusCode::BAD_REQUEST, "wrong_chain", "the call is for another chain")
            }
            Refusal::BadSignature(why) => Problem::new(StatusCode::UNAUTHORIZED, "bad_signature", why),
        }
    }
}

impl From<Full> for Problem {
    fn from(full: Full) -> Problem {
        match full {
            Full::Replayed => Problem::replayed(),
            Full::Busy => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many calls wait for a block")
            }
            Full::Stopping => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "the node stops"),
        }
    }
}

impl From<NodeError> for Problem {
    fn from(error: NodeError) -> Problem {
        Problem::unavailable(error)
    }
}

impl From<tokio_postgres::Error> for Problem {
    fn from(error: tokio_postgres::Error) -> Problem {
        Problem::unavailable(crate::deploy::connect::reason(&error))
    }
}

impl From<DeployError> for Problem {
    fn from(error: DeployError) -> Problem {
        let (status, code) = match error.code {
            Code::DatasetUnknown => (StatusCode::NOT_FOUND, "unknown_dataset"),
            Code::UnknownAction => (StatusCode::NOT_FOUND, "unknown_action"),
            Code::ArgumentCount | Code::TypeMismatch => (StatusCode::BAD_REQUEST, "bad_arguments"),
            _ => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        };
        Problem::new(status, code, error.message)
    }
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Problem {
        match error {
            CallError::Refused(error) => Problem::from(*error),
            CallError::Fault(fault) => Problem::from(*fault),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        let (status, code) = match (fault.kind, fault.sqlstate.as_str()) {
            (Kind::Raised, _) => (StatusCode::UNPROCESSABLE_ENTITY, "raised"),
            (Kind::NotCallable, _) => (StatusCode::FORBIDDEN, "not_callable"),
            (Kind::Database, "57014") => (StatusCode::GATEWAY_TIMEOUT, "timeout"),
            (Kind::Database, _) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            (Kind::Bug, _) => (StatusCode::INTERNAL_SERVER_ERROR, "bug"),
        };
        Problem::new(status, code, fault.message.clone()).with("fault", shown::fault(&fault))
    }
}
