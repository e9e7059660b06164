use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::{IsolationLevel, Transaction};

use super::reply::{self, Problem};
use crate::deploy::call::{Call, Cell, Context, Given, Role, json, read};
use crate::deploy::registry;
use crate::engine::Engine;
use crate::language::Visibility;
use crate::node::shared::Node;
use crate::node::viewers::Viewer;

/// What an answer may have.
const ROWS: usize = 100_000;
const BYTES: usize = 32 * 1024 * 1024;
/// The last block in the snapshot.
const LAST: &str = "SELECT b.height, b.block_timestamp FROM kf.block AS b ORDER BY b.height DESC LIMIT 1";

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::node) struct Asked {
    dataset: String,
    action: String,
    #[serde(default)]
    args: Vec<Value>,
    /// Who says to be asking. Nobody checks it.
    caller: Option<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    height: i64,
    #[serde(flatten)]
    shape: json::Shape<'a>,
}

/// `POST /v1/view`: a view of the state after the last block.
pub(super) async fn view(
    State(node): State<Arc<Node>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let asked = look(&node, reply::body(body)?).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], asked).into_response())
}

/// What a view gives, as JSON.
pub(in crate::node) async fn look(node: &Node, asked: Asked) -> Result<String, Problem> {
    let mut lent = node.viewers.lend().await?;
    let answer = answer(&mut lent.viewer, asked).await;
    if !lent.viewer.session.client.is_closed() {
        node.viewers.give_back(lent);
    }
    answer
}

async fn answer(viewer: &mut Viewer, asked: Asked) -> Result<String, Problem> {
    let Viewer { session, engine } = viewer;
    let notices = session.notices();
    let begin = session.client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
    let transaction = begin.read_only(true).start().await?;
    let answered = shown(&transaction, engine, asked, &notices).await;
    transaction.rollback().await?;
    answered
}

async fn shown(
    transaction: &Transaction<'_>,
    engine: &Engine,
    asked: Asked,
    notices: &crate::deploy::connect::Notices,
) -> Result<String, Problem> {
    let last = transaction.query_opt(LAST, &[]).await?;
    let (height, block_timestamp) = last.map_or((0, 0), |row| (row.get(0), row.get(1)));
    let dbid = registry::find(transaction, &asked.dataset).await?;
    let modifiers = read(transaction, &dbid, &asked.action).await?.signature.modifiers;
    if !modifiers.view || modifiers.visibility != Visibility::Public {
        let message = format!("`{}` is not a public view", asked.action);
        return Err(Problem::new(StatusCode::BAD_REQUEST, "not_a_view", message));
    }
    let context = Context {
        caller: asked.caller.unwrap_or_else(|| "anonymous".to_owned()),
        txid: "view".to_owned(),
        height,
        block_timestamp,
        authenticator: "none".to_owned(),
    };
    let (dataset, arguments) = (dbid.as_str().to_owned(), Given::Json(asked.args));
    let call = Call { dataset, action: asked.action, arguments, context, role: Role::Public };
    notices.take();
    let mut stream = engine.rows(transaction, &call).await?;
    let mut rows = Vec::new();
    let mut bytes = 0;
    while let Some(row) = stream.next(transaction).await? {
        bytes += row.iter().map(size).sum::<usize>();
        rows.push(row);
        if rows.len() > ROWS || bytes > BYTES {
            let message = "the view gives more than 100000 rows or 32 MiB";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too_many_rows", message));
        }
    }
    let said = notices.said();
    let shape = json::Shape::new(stream.columns(), &rows, &said);
    serde_json::to_string(&Shown { height, shape }).map_err(Problem::unavailable)
}

fn size(cell: &Cell) -> usize {
    match cell {
        Cell::Null => 4,
        Cell::One(text) => text.len() + 8,
        Cell::Many(all) => all.iter().flatten().map(|text| text.len() + 8).sum::<usize>() + 8,
    }
}
