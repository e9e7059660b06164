//! A gateway as PostgREST is one: it listens for HTTP, knows whom a token is of, and calls as `postgrest` says.

use std::sync::OnceLock;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use kuneiform::deploy::connect::connect;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::postgrest::{Request, answer};
use super::support::{block_on, server, session, with_user};

/// The schema it serves.
const SCHEMA: &str = "api";

/// A gateway that listens until it is dropped.
pub struct Gateway {
    /// What stands before `/rpc/..`.
    pub url: String,
    /// Ends it when it is dropped.
    _end: oneshot::Sender<()>,
}

impl Gateway {
    /// A gateway to the database at `database`.
    pub fn open(database: &str) -> Gateway {
        let (tell, told) = std::sync::mpsc::channel();
        let (end, ended) = oneshot::channel::<()>();
        let login = with_user(database, "authenticator");
        std::thread::spawn(move || {
            block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let routes = Router::new().route("/rpc/{function}", post(called)).with_state(login);
                // requests that still run when the test is over are of nobody
                tokio::select! {
                    served = async { axum::serve(listener, routes).await } => served.unwrap(),
                    _ = ended => {}
                }
            });
        });
        Gateway { url: format!("http://{}", told.recv().unwrap()), _end: end }
    }
}

/// Role and claims of whoever sends a request; none if nobody knows the token.
fn verified(headers: &HeaderMap) -> Option<(&'static str, Value)> {
    let Some(sent) = headers.get(header::AUTHORIZATION) else { return Some(("anon", json!({}))) };
    let caller = sent.to_str().ok()?.strip_prefix("Bearer token of ")?;
    Some(("authenticated", json!({ "sub": caller })))
}

async fn called(
    State(login): State<String>,
    Path(function): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let said = |name: &str| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !said("content-type").starts_with("application/json") {
        return refused(415, "PGRST102", "not JSON");
    }
    if said("content-profile") != SCHEMA {
        return refused(406, "PGRST106", "the schema must be one of the following: api");
    }
    let Some((role, claims)) = verified(&headers) else {
        return refused(401, "PGRST301", "no such token");
    };
    let mut session = session(&login).await;
    let request =
        Request { schema: SCHEMA, function: &function, method: "POST", role, claims, arguments: &body };
    let (status, answered) = answer(&mut session, &request).await;
    session.close().await;
    of_json(status, answered.unwrap_or_else(|fault| fault.to_string()))
}

fn refused(status: u16, code: &str, message: &str) -> Response {
    let fault = json!({ "code": code, "message": message, "details": null, "hint": null });
    of_json(status, fault.to_string())
}

fn of_json(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    if status == StatusCode::NO_CONTENT {
        return status.into_response();
    }
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

/// The roles of a gateway, which belong to the whole server.
pub fn roles() {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        let made = std::thread::spawn(|| {
            block_on(async {
                let db = connect(server()).await.unwrap();
                let sql = "CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN; \
                           CREATE ROLE authenticator LOGIN NOINHERIT; GRANT anon, authenticated TO authenticator";
                db.client.batch_execute(sql).await.unwrap();
                db.close().await;
            });
        });
        made.join().unwrap();
    });
}
