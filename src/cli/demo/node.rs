//! `kf node run`, as a process that is killed and started again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use super::book::{Balances, Wei};
use super::problems;
use super::process::Process;
use crate::cli::Failure;
use crate::connectors::{Client, Endpoint, Limits};

const LIMITS: Limits = Limits { timeout: Duration::from_secs(30), bytes: 1 << 24 };

pub(super) struct Node {
    program: PathBuf,
    folder: PathBuf,
    environment: [(&'static str, String); 2],
    client: Client,
    starts: u32,
    /// None between two lives.
    process: Option<Process>,
    /// The view's address, once it listens.
    views: Option<Endpoint>,
}

impl Node {
    /// A node of the `node.toml` in `folder`, which reads the contract at `escrow` on the chain at `rpc`.
    pub(super) fn new(folder: &Path, rpc: &str, escrow: &str) -> Result<Node, Failure> {
        let program =
            std::env::current_exe().map_err(|error| problems::system("cannot find `kf`", &error))?;
        let client = Client::new(LIMITS).map_err(problems::node)?;
        let environment = [("EVM_RPC", rpc.to_owned()), ("ESCROW", escrow.to_owned())];
        let folder = folder.to_owned();
        Ok(Node { program, folder, environment, client, starts: 0, process: None, views: None })
    }

    pub(super) fn start(&mut self) -> Result<(), Failure> {
        self.starts += 1;
        let log = self.folder.join(format!("node-{}.log", self.starts));
        let environment: Vec<(&str, &str)> =
            self.environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.process = Some(Process::start(&self.program, &["node", "run"], &environment, log)?);
        Ok(())
    }

    /// Waits until it listens, which it does once its chain has begun.
    pub(super) async fn listens(&mut self) -> Result<(), Failure> {
        let process = self.process.as_mut().ok_or_else(|| problems::node("it was not started"))?;
        let address = process.says("listening on ").await?;
        self.views = Endpoint::parse(&format!("{address}/v1/view"));
        Ok(())
    }

    /// Ends it in the middle of whatever it does. How long it has lived.
    pub(super) async fn kill(&mut self) -> Result<Duration, Failure> {
        self.views = None;
        let Some(mut process) = self.process.take() else { return Ok(Duration::ZERO) };
        process.runs()?;
        let age = process.age();
        process.kill().await;
        Ok(age)
    }

    /// What `accounts` says, if it listens.
    pub(super) async fn balances(&mut self) -> Result<Balances, Failure> {
        if let Some(process) = &mut self.process {
            process.runs()?;
        }
        let views = self.views.as_ref().ok_or_else(|| problems::node("it does not listen"))?;
        let asked = json!({"dataset": "accounts", "action": "get_balances"}).to_string();
        let json = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let answer = self.client.send(views, Method::POST, &[json], asked.into_bytes()).await;
        let answer = answer.map_err(problems::node)?;
        let body: Value = serde_json::from_slice(&answer.body).map_err(problems::node)?;
        let rows = body.get("rows").and_then(Value::as_array).ok_or_else(|| problems::node(&body))?;
        rows.iter().map(|row| balance(row).ok_or_else(|| problems::node(row))).collect()
    }
}

/// Reads `["0xab..", "12"]`.
fn balance(row: &Value) -> Option<(String, Wei)> {
    let amount = row.get(1)?.as_str()?.parse().ok()?;
    Some((row.get(0)?.as_str()?.to_owned(), amount))
}
