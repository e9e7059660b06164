//! The scenario over a gateway, in Rust.

#[path = "scenario.rs"]
mod scenario;

use std::path::Path;

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::gateway::Gateway;
use super::rust_rpc as rust;
use super::support::block_on;
use super::{exposed, project, rust_client_is_up_to_date};
use rust::class::Class;
use rust::gallery::{Gallery, PutBareOptions};
use rust::{Error, Post, Session};
use scenario::{fault, names, scenario};

/// Posts as a caller.
struct Poster {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
    token: Option<&'static str>,
}

impl Poster {
    fn new(url: &str, token: Option<&'static str>) -> Session<Poster> {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Session::new(Poster { client, url: url.to_owned(), token })
    }
}

impl Post for Poster {
    async fn post(
        &mut self,
        path: &str,
        profile: &str,
        body: String,
    ) -> Result<(u16, String), Box<dyn std::error::Error + Send + Sync>> {
        let mut request = Request::post(format!("{}{path}", self.url))
            .header("Content-Type", "application/json")
            .header("Content-Profile", profile);
        if let Some(token) = self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let answer = self.client.request(request.body(Full::from(body))?).await?;
        let status = answer.status().as_u16();
        let text = answer.into_body().collect().await?.to_bytes();
        Ok((status, String::from_utf8(text.to_vec())?))
    }
}

#[test]
fn rust_calls_over_any_http_client() {
    let here = exposed();
    let gateway = Gateway::open(&here.url);
    let url = &gateway.url;
    block_on(async {
        let mut session = Poster::new(url, Some("token of 0xAb"));
        scenario(&mut Gallery::new(&mut session)).await.unwrap();
        names(Class::new(&mut session)).await.unwrap();
        let mut owner = Gallery::new(Poster::new(url, Some("token of 0xaa")));
        owner.clear().await.unwrap();
        assert_eq!(owner.list_things(i64::MIN).await.unwrap(), []);
        let mut nobody = Gallery::new(Poster::new(url, None));
        let refused = fault(nobody.put_bare(1, PutBareOptions::default()).await);
        assert_eq!((refused.sqlstate.as_str(), refused.is_raised()), ("42501", false));
        let mut forged = Gallery::new(Poster::new(url, Some("forged")));
        assert_eq!(fault(forged.whoami().await).sqlstate, "PGRST301");
        let gone = Gallery::new(Poster::new("http://127.0.0.1:1", None)).whoami().await;
        assert!(matches!(gone, Err(Error::Connection(_))), "{gone:?}");
    });
}

#[test]
fn the_client_over_a_gateway_is_up_to_date() {
    let here = project();
    here.write("p/kf.toml", super::EXPOSED);
    rust_client_is_up_to_date(&here, "client --lang rust --over rpc", Path::new("tests/client/rust_rpc"));
}
