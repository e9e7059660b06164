//! JSON-RPC 2.0 over HTTP, one request at a time. Of its own, because clients that are maintained keep neither
//! `Retry-After` nor members of error objects beyond the standard's, and both are needed.

mod answer;
mod error;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use super::{Client, Endpoint, Limits};
pub use error::{ErrorObject, RpcError};

/// A JSON-RPC server. Clones share its connections.
#[derive(Clone)]
pub struct Rpc {
    client: Client,
    endpoint: Endpoint,
    next: Arc<AtomicU64>,
}

impl Rpc {
    /// Connects when it is first asked.
    ///
    /// # Errors
    /// If the machine's cryptography cannot do TLS.
    pub fn new(endpoint: Endpoint, limits: Limits) -> Result<Rpc, RpcError> {
        Ok(Rpc { client: Client::new(limits)?, endpoint, next: Arc::new(AtomicU64::new(1)) })
    }

    /// Asks for `method` with `params`, an array or an object, and gives the `result`, which may be null.
    ///
    /// # Errors
    /// [`RpcError`]; whatever the server says in it has no part of its address.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, RpcError> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let asked = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        let json = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let body = asked.to_string().into_bytes();
        let answer = self.client.send(&self.endpoint, Method::POST, &[json], body).await?;
        answer::read(id, &answer).map_err(|error| error.hide(&self.endpoint))
    }
}
