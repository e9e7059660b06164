//! The API: `docs/reference/http.md`.

mod call;
mod health;
pub(super) mod look;
pub(super) mod reply;
pub(super) mod view;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::shared::Node;
use reply::Problem;

/// Bytes of a request's body.
const BODY_BYTES: usize = 1024 * 1024;
/// How long a request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(30);

/// Every path there is.
pub(super) fn router(node: Arc<Node>) -> Router {
    Router::new()
        .route("/v1/view", post(view::view))
        .route("/v1/call", post(call::call))
        .route("/v1/receipt/{txid}", get(look::receipt))
        .route("/v1/datasets", get(look::datasets))
        .route("/v1/status", get(look::status))
        .route("/health", get(health::health))
        .route("/metrics", get(health::metrics))
        .fallback(|| async { reply::no_path() })
        .method_not_allowed_fallback(|| async { reply::no_method() })
        .layer(middleware::from_fn(in_time))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(node)
}

/// Gives up on what takes too long: a body that does not come, a database that does not answer.
async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::late().into_response(),
    }
}
