use tokio_postgres::{Client, Row};

use crate::deploy::connect::ask;
use crate::interface::Dbid;

const BLOCKERS: &str = include_str!("blockers.sql");

/// Who holds what a deploy of `datasets` waits for: `process 4711 (application psql, login me): idle in transaction, for 12 s`,
/// at most three, the longest first. None if it cannot be known.
pub async fn blockers(client: &Client, datasets: &[&Dbid]) -> Vec<String> {
    let dbids: Vec<&str> = datasets.iter().map(|dbid| dbid.as_str()).collect();
    let schemas: Vec<String> = datasets.iter().map(|dbid| dbid.pg_schema()).collect();
    let rows = ask::rows(client, BLOCKERS, &[&dbids, &schemas]).await;
    rows.unwrap_or_default().iter().map(shown).collect()
}

fn shown(row: &Row) -> String {
    let text = |name: &str| row.get::<_, Option<String>>(name).filter(|text| !text.is_empty());
    let process: i32 = row.get("pid");
    let who: Vec<String> = [("application", text("application")), ("login", text("login"))]
        .into_iter()
        .filter_map(|(word, text)| Some(format!("{word} `{}`", text?)))
        .collect();
    let who = if who.is_empty() { String::new() } else { format!(" ({})", who.join(", ")) };
    let state = text("state").unwrap_or_else(|| "state unknown".to_owned());
    let since = row.get::<_, Option<i64>>("seconds").map(|seconds| format!(", for {seconds} s"));
    format!("process {process}{who}: {state}{}", since.unwrap_or_default())
}
