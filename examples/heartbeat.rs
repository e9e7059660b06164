//! An oracle of one's own in a node of one's own: `cargo run --example heartbeat [NODE.TOML]`, where the file has a table
//! `[oracles.heartbeat]` with `seconds`, and `database`. docs/guide/oracles.md shows the first half.
#![allow(dead_code, reason = "a test runs the oracle without the node")]

use kuneiform::node::NodeConfig;
use kuneiform::oracle::{
    Oracle, OracleConfig, OracleContext, OracleError, Receiver, Registry, Started, Submission,
};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// Counts on for ever.
pub struct Heartbeat;

impl Oracle for Heartbeat {
    fn start(&self, context: OracleContext, to: Receiver, config: OracleConfig) -> Started<'_> {
        Box::pin(async move {
            let mut keys = config.keys();
            let seconds: u64 = keys.required("seconds")?;
            keys.end(&["seconds"])?;
            context.clone().spawn(async move {
                let next = to.cursor("next").await.map_err(OracleError::failed)?;
                let mut next: i64 = next.and_then(|next| next.parse().ok()).unwrap_or(0);
                while !context.sleep(Duration::from_secs(seconds)).await {
                    let beat = Submission::new("monitor", "beat", [next]).source(next.to_string());
                    next += 1;
                    let cursor = vec![("next".to_owned(), Some(next.to_string()))];
                    to.submit_all(vec![beat], cursor).await.map_err(OracleError::failed)?;
                }
                Ok(())
            });
            Ok(())
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or("node.toml".to_owned());
    let config = NodeConfig::read(path.as_ref(), &|name| std::env::var(name).ok())?;
    let address = config.database.clone().ok_or("node.toml has no `database`")?;
    let registry = Registry::new().with("heartbeat", || Arc::new(Heartbeat));
    let say = Arc::new(|line: &str| println!("{line}"));
    kuneiform::node::run(config, &address, &registry, say).await?;
    Ok(())
}
