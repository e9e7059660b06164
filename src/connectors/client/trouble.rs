use std::error::Error;
use std::time::Duration;

use http_body_util::LengthLimitError;
use hyper_util::client::legacy::Error as RequestError;

use crate::connectors::Endpoint;

/// Why there is no whole answer. Never says the address.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Trouble {
    /// No connection: with the system's word for it.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The connection ended before the answer, or what came was not HTTP.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// It took too long.
    #[error("no whole answer after {:.1} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The body has more bytes than are taken.
    #[error("the answer has more than {0} bytes")]
    TooLarge(usize),
    /// This machine cannot do TLS.
    #[error("cannot do TLS")]
    Tls,
}

impl Trouble {
    pub(super) fn of_request(error: &RequestError, to: &Endpoint) -> Trouble {
        // TLS names the host that it does not believe.
        let word = to.hide_in(&innermost(error));
        match error.is_connect() {
            true => Trouble::Connect(word),
            false => Trouble::Broken(word),
        }
    }

    pub(super) fn of_body(error: &(dyn Error + 'static), limit: usize) -> Trouble {
        match error.is::<LengthLimitError>() {
            true => Trouble::TooLarge(limit),
            false => Trouble::Broken(innermost(error)),
        }
    }
}

/// The last cause of an error: outer ones only say where it was noticed.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
