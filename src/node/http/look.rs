use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::reply::Problem;
use crate::deploy::registry;
use crate::engine::Receipt;
use crate::node::shared::Node;

/// The first one: a second request with the same txid never runs.
const RECEIPT: &str = "SELECT r.height, r.status, r.steps, r.row_count, r.result FROM kf.receipt AS r \
     WHERE r.txid = $1 ORDER BY r.height, r.position LIMIT 1";

/// `GET /v1/receipt/TXID`: what became of a call, or of an event as `event:ID`.
pub(super) async fn receipt(
    State(node): State<Arc<Node>>,
    Path(txid): Path<String>,
) -> Result<Response, Problem> {
    if node.pool.has(&txid) {
        return Ok((StatusCode::ACCEPTED, Json(pending(&txid))).into_response());
    }
    Ok(Json(find(&node, txid).await?).into_response())
}

/// What became of a call that had its block.
pub(in crate::node) async fn find(node: &Node, txid: String) -> Result<Value, Problem> {
    if txid.contains('\0') || txid.len() > 256 {
        return Err(unknown());
    }
    let lent = node.viewers.lend().await?;
    let row = lent.viewer.session.client.query_opt(RECEIPT, &[&txid]).await?;
    node.viewers.give_back(lent);
    let row = row.ok_or_else(unknown)?;
    let result: &[u8] = row.get(4);
    let receipt = Receipt {
        txid,
        status: row.get(1),
        steps: row.get(2),
        rows: row.get(3),
        result: result.try_into().unwrap_or_default(),
    };
    Ok(shown(row.get(0), &receipt))
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "unknown_txid", "no block has such a call, and none waits")
}

/// A call that waits.
pub(super) fn pending(txid: &str) -> Value {
    json!({"txid": txid, "state": "pending"})
}

/// A call that ran.
pub(super) fn shown(height: i64, receipt: &Receipt) -> Value {
    let Receipt { txid, status, steps, rows, result } = receipt;
    json!({"txid": txid, "state": "done", "height": height, "status": status, "steps": steps, "rows": rows,
           "result": hex::encode(result)})
}

/// `GET /v1/datasets`: what is deployed.
pub(super) async fn datasets(State(node): State<Arc<Node>>) -> Result<Json<Value>, Problem> {
    let lent = node.viewers.lend().await?;
    let listed = registry::list(&lent.viewer.session).await?;
    node.viewers.give_back(lent);
    let one = |it: &registry::Listed| json!({"dbid": it.dbid, "name": it.name, "owner": it.owner, "version": it.version});
    Ok(Json(json!({"datasets": listed.iter().map(one).collect::<Vec<_>>()})))
}

/// `GET /v1/status`: where the chain is.
pub(super) async fn status(State(node): State<Arc<Node>>) -> Json<Value> {
    Json(at(&node))
}

/// Where the chain is.
pub(in crate::node) fn at(node: &Node) -> Value {
    let head = node.head();
    json!({"chain_id": node.chain_id, "genesis": node.genesis, "height": head.height,
           "block_timestamp": head.timestamp, "app_hash": hex::encode(head.app_hash), "mempool": node.pool.len()})
}
