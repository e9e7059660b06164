use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::look::{self, shown};
use super::reply::{self, Problem};
use crate::node::pool::Fate;
use crate::node::shared::Node;
use crate::signed::{self, Envelope, Signed};

/// How long `?wait=true` waits for a receipt.
const WAIT: Duration = Duration::from_secs(20);

/// `POST /v1/call`: a signed call, into the next block.
pub(super) async fn call(
    State(node): State<Arc<Node>>,
    RawQuery(options): RawQuery,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    if node.longest_idle.is_none() {
        return Err(Problem::elsewhere());
    }
    let waits = waits(options.as_deref())?;
    let envelope: Envelope = reply::body(body)?;
    let signed = envelope.open(&node.chain_id)?;
    if signed.expires.is_some_and(|expires| expires <= node.head().height) {
        return Err(Problem::expired());
    }
    let txid = signed.request.txid.clone();
    let last = last(&node, &signed).await?;
    let added = node.pool.add(signed, last);
    let told = added.map_err(|full| Problem::from(full).with("txid", json!(txid)))?;
    let accepted = (StatusCode::ACCEPTED, Json(look::pending(&txid)));
    if !waits {
        return Ok(accepted.into_response());
    }
    match tokio::time::timeout(WAIT, told).await {
        Ok(Ok(Fate::Ran(height, receipt))) => Ok(Json(shown(height, &receipt)).into_response()),
        Ok(Ok(Fate::Replayed)) => Err(Problem::replayed().with("txid", json!(txid))),
        Ok(Ok(Fate::Expired)) => Err(Problem::expired().with("txid", json!(txid))),
        Ok(Err(_)) => Err(Problem::unavailable("the node stopped; ask for the receipt later")),
        Err(_) => Ok(accepted.into_response()),
    }
}

async fn last(node: &Node, signed: &Signed) -> Result<i64, Problem> {
    let lent = node.viewers.lend().await?;
    let last = signed::last(&lent.viewer.session.client, &signed.request.caller).await?;
    node.viewers.give_back(lent);
    Ok(last)
}

fn waits(options: Option<&str>) -> Result<bool, Problem> {
    match options {
        None | Some("" | "wait=false") => Ok(false),
        Some("wait=true") => Ok(true),
        Some(_) => {
            let message = "the only option is `wait`, `true` or `false`";
            Err(Problem::new(StatusCode::BAD_REQUEST, "bad_request", message))
        }
    }
}
