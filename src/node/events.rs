//! A look at the events of a database, from beside the node.

use serde_json::{Value, json};
use tokio_postgres::GenericClient;

use super::{NodeError, Trouble};
use crate::oracle::store::postgres::PostgresStore;
use crate::oracle::store::{Batch, EventStore, Failure, Record, Stage};
use crate::oracle::{Event, EventId, Outcome, Submission};

/// The states of events, by the words they are listed by.
pub const STATES: &[&str] = &["observed", "open", "approved", "applied", "rejected", "superseded", "expired"];
/// Under whose name a retry is submitted.
const ORACLE: &str = "retry";
/// What stands between a source and the number of a retry.
const RETRY: &str = "#retry-";
/// How often one event can be retried.
const RETRIES: u32 = 1000;

const IS_THERE: &str = "SELECT to_regclass('kf.event') IS NOT NULL";
const LIST: &str = "SELECT l.id, l.body, l.state, l.height, l.reason FROM ( \
       SELECT o.id, o.body, 'observed' AS state, NULL::int8 AS height, NULL AS reason FROM kf.observed AS o \
       WHERE NOT EXISTS (SELECT FROM kf.event AS e WHERE e.id = o.id) \
       UNION ALL SELECT e.id, e.body, e.status, coalesce(e.height, e.first_height), e.reason FROM kf.event AS e) AS l \
     WHERE $1::text IS NULL OR l.state = $1 ORDER BY l.height DESC NULLS FIRST, l.id LIMIT $2";

/// An event as it is listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Which.
    pub id: EventId,
    /// One of [`STATES`].
    pub state: String,
    /// The height at which it was decided, or came up; none if the chain does not know it.
    pub height: Option<i64>,
    /// The status of a rejection.
    pub reason: Option<String>,
    /// What it says.
    pub submission: Submission,
}

/// The latest events, at most `limit`, of one state or of all.
///
/// # Errors
/// If no node has run on this database, or it fails.
pub async fn list(
    client: &impl GenericClient,
    state: Option<&str>,
    limit: i64,
) -> Result<Vec<Listed>, NodeError> {
    be_there(client).await?;
    let rows = client.query(LIST, &[&state, &limit]).await.map_err(|error| failed(error.into()))?;
    let listed = |row: &tokio_postgres::Row| {
        let event = Event::read(row.get(1)).map_err(|error| failed(Failure::new(error.to_string())))?;
        let submission = event.submission().clone();
        Ok(Listed { id: event.id(), state: row.get(2), height: row.get(3), reason: row.get(4), submission })
    };
    rows.iter().map(listed).collect()
}

/// Everything that is known of an event.
///
/// # Errors
/// If there is none, or the database fails.
pub async fn show(client: &(impl GenericClient + Sync), id: EventId) -> Result<Value, NodeError> {
    be_there(client).await?;
    let Record { event, stage, votes } = find(client, id).await?.ok_or_else(|| unknown(id))?;
    let (height, reason) = match &stage {
        Stage::Observed => (None, None),
        Stage::Open { first_height, .. } => (Some(*first_height), None),
        Stage::Done { height, outcome } => (Some(*height), outcome.reason()),
    };
    let votes: Vec<String> = votes.into_iter().map(|validator| validator.0).collect();
    Ok(
        json!({"id": id.to_string(), "state": word(&stage), "height": height, "reason": reason, "votes": votes,
              "submission": event.submission()}),
    )
}

/// Submits a rejected or expired event again, as a new one: it has the same calls, no place on a topic, and a `source` with
/// the number of the retry behind it. Every node that retries the same event makes the same new one.
///
/// # Errors
/// If the event cannot be retried: it has another state, or one of its retries is on its way or applied.
pub async fn retry(client: &(impl GenericClient + Sync), id: EventId) -> Result<EventId, NodeError> {
    be_there(client).await?;
    let Record { event, stage, .. } = find(client, id).await?.ok_or_else(|| unknown(id))?;
    if !can_be_retried(&stage) {
        return Err(not_retried(id, word(&stage)));
    }
    for number in 1..=RETRIES {
        let again = again(event.submission(), number)?;
        match find(client, again.id()).await? {
            Some(record) if can_be_retried(&record.stage) => {}
            Some(record) => return Err(not_retried(again.id(), word(&record.stage))),
            None => {
                let id = again.id();
                let batch = Batch { events: vec![again], cursor: Vec::new() };
                PostgresStore(client).append(ORACLE, &batch).await.map_err(failed)?;
                return Ok(id);
            }
        }
    }
    Err(NodeError::new(Trouble::Config, format!("the event `{id}` was retried {RETRIES} times")))
}

/// The event of a retry. A retry of a retry counts on.
fn again(submission: &Submission, number: u32) -> Result<Event, NodeError> {
    let source = submission.source.as_deref().unwrap_or_default();
    let base = source.rsplit_once(RETRY).filter(|(_, number)| number.parse::<u32>().is_ok());
    let base = base.map_or(source, |(base, _)| base);
    let source = Some(format!("{base}{RETRY}{number}"));
    let again = Submission { targets: submission.targets.clone(), source, order: None };
    Event::new(again)
        .map_err(|error| NodeError::new(Trouble::Config, format!("the retry is no event: {error}")))
}

fn can_be_retried(stage: &Stage) -> bool {
    matches!(stage, Stage::Done { outcome: Outcome::Rejected(_) | Outcome::Expired, .. })
}

fn word(stage: &Stage) -> &'static str {
    match stage {
        Stage::Observed => "observed",
        Stage::Open { is_approved: false, .. } => "open",
        Stage::Open { is_approved: true, .. } => "approved",
        Stage::Done { outcome, .. } => outcome.word(),
    }
}

async fn find(client: &(impl GenericClient + Sync), id: EventId) -> Result<Option<Record>, NodeError> {
    PostgresStore(client).find(id).await.map_err(failed)
}

async fn be_there(client: &impl GenericClient) -> Result<(), NodeError> {
    let row = client.query_one(IS_THERE, &[]).await.map_err(|error| failed(error.into()))?;
    match row.get(0) {
        true => Ok(()),
        false => Err(NodeError::new(Trouble::Database, "no node has run on this database")
            .help("`kf node run` begins a chain")),
    }
}

fn failed(failure: Failure) -> NodeError {
    NodeError::new(Trouble::Database, format!("the events: {failure}"))
}

fn unknown(id: EventId) -> NodeError {
    NodeError::new(Trouble::Config, format!("there is no event `{id}`"))
        .help("`kf events list` shows those there are")
}

fn not_retried(id: EventId, state: &str) -> NodeError {
    NodeError::new(Trouble::Config, format!("the event `{id}` is {state}"))
        .help("what was rejected or has expired can be retried, once at a time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_is_another_event_and_the_same_on_every_node() {
        let first = Submission::new("a", "b", ["1"]).source("tx:1").after("t", Some(1), 2);
        let retry = again(&first, 1).unwrap();
        assert_eq!(retry.submission().source.as_deref(), Some("tx:1#retry-1"));
        assert_eq!((retry.submission().order.clone(), &retry.submission().targets), (None, &first.targets));
        assert_eq!(again(retry.submission(), 2), again(&first, 2));
        let bare = again(&Submission::new("a", "b", ["1"]), 3).unwrap();
        assert_eq!(bare.submission().source.as_deref(), Some("#retry-3"));
    }
}
