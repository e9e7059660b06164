use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::reply::Problem;
use crate::node::shared::Node;

/// How long the database has to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /health`: 200 if the database answers and blocks go on.
pub(super) async fn health(State(node): State<Arc<Node>>) -> Result<Json<Value>, Problem> {
    if node.longest_idle.is_some_and(|longest| node.idle() > longest) {
        let seconds = node.idle().as_secs();
        return Err(Problem::unavailable(format!("there was no block for {seconds} seconds")));
    }
    match tokio::time::timeout(PATIENCE, answers(&node)).await {
        Ok(answered) => answered.map(|()| Json(json!({"status": "ok", "height": node.head().height}))),
        Err(_) => Err(Problem::unavailable("the database does not answer")),
    }
}

async fn answers(node: &Node) -> Result<(), Problem> {
    let lent = node.viewers.lend().await?;
    lent.viewer.session.client.batch_execute("SELECT 1").await?;
    node.viewers.give_back(lent);
    Ok(())
}

/// `GET /metrics`: for Prometheus.
pub(super) async fn metrics(State(node): State<Arc<Node>>) -> Result<impl IntoResponse, Problem> {
    let text = node
        .metrics
        .text(node.pool.len(), &node.states())
        .map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "bug", error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text))
}
