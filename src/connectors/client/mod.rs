//! HTTP with limits, over the parts that other clients are made of: nothing is followed, kept or retried behind the back of
//! who asks.

mod trouble;

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request, Response, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::Endpoint;
pub use trouble::Trouble;

/// What a server may take of us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// From the first byte of a request to the last of its answer.
    pub timeout: Duration,
    /// Bytes of an answer's body.
    pub bytes: usize,
}

/// A client that keeps connections open between requests. Clones share them.
#[derive(Clone)]
pub struct Client {
    pool: Pool<HttpsConnector<HttpConnector>, Full<Bytes>>,
    limits: Limits,
}

/// A whole answer, of whatever status.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The status: redirections are not followed.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, within the limits.
    pub body: Bytes,
}

impl Answer {
    /// How long the server asks to be left alone, where it says that in seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?;
        text.trim().parse().ok().map(Duration::from_secs)
    }
}

impl Client {
    /// Connects when it is first asked. Servers are known by the roots that browsers trust.
    ///
    /// # Errors
    /// If the machine's cryptography cannot do TLS.
    pub fn new(limits: Limits) -> Result<Client, Trouble> {
        let provider = rustls::crypto::ring::default_provider();
        let builder = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(provider)
            .map_err(|_| Trouble::Tls)?;
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        let connector = builder.https_or_http().enable_http1().wrap_connector(http);
        let pool = Pool::builder(TokioExecutor::new()).build(connector);
        Ok(Client { pool, limits })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// [`Trouble`] if there is no whole answer. A status like 500 is an answer.
    pub async fn send(
        &self,
        to: &Endpoint,
        method: Method,
        headers: &[(HeaderName, HeaderValue)],
        body: Vec<u8>,
    ) -> Result<Answer, Trouble> {
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = method;
        *request.uri_mut() = to.uri.clone();
        let agent = HeaderValue::from_static(concat!("kuneiform/", env!("CARGO_PKG_VERSION")));
        request.headers_mut().insert(USER_AGENT, agent);
        request.headers_mut().extend(headers.iter().cloned());
        let whole = async {
            let response =
                self.pool.request(request).await.map_err(|error| Trouble::of_request(&error, to))?;
            self.read(response).await
        };
        tokio::time::timeout(self.limits.timeout, whole)
            .await
            .unwrap_or(Err(Trouble::Timeout(self.limits.timeout)))
    }

    async fn read(&self, response: Response<Incoming>) -> Result<Answer, Trouble> {
        let (parts, body) = response.into_parts();
        let limited = Limited::new(body, self.limits.bytes);
        let body = limited.collect().await.map_err(|error| Trouble::of_body(&*error, self.limits.bytes))?;
        Ok(Answer { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    }
}
