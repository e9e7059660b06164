//! Events in PostgreSQL, beside the registry. An oracle writes through a connection of its own, a block through its
//! transaction; every method is one statement, so that each is whole in the first case too.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::{GenericClient, Row};

use super::{Batch, EventStore, Failure, Opened, Record, Resolved, Stage, moved};
use crate::deploy::connect::{Session, ask, reason};
use crate::deploy::{DeployError, problems as database, registry};
use crate::oracle::problems;
use crate::oracle::{Caps, Claim, Claims, Event, EventId, Extension, Outcome, Threshold, Validator, Vote};

const SCHEMA: &str = include_str!("schema.sql");
/// Version of `schema.sql`; raised with every change of it.
const VERSION: i32 = 1;

/// Makes registry and tables where they are missing. Safe when several do it at once.
///
/// # Errors
/// If the server does not suit, the login may not, or the tables are a later version's.
pub async fn ensure(session: &mut Session) -> Result<(), DeployError> {
    registry::ensure(session).await?;
    let attempt = make(session).await.map_err(|error| database::database(&error))?;
    match attempt {
        Some(later) => Err(problems::later_store(later, VERSION)),
        None => Ok(()),
    }
}

/// The version that is there, if it is later than ours.
async fn make(session: &mut Session) -> Result<Option<i32>, tokio_postgres::Error> {
    let transaction = session.client.transaction().await?;
    transaction.batch_execute("SELECT pg_advisory_xact_lock(27494, 1)").await?;
    let there = "SELECT to_regclass('kf.event_meta') IS NOT NULL";
    let mut version = None;
    if transaction.query_one(there, &[]).await?.get(0) {
        let row = transaction.query_opt("SELECT m.version FROM kf.event_meta AS m", &[]).await?;
        version = row.map(|row| row.get::<_, i32>(0));
    }
    if version.is_some_and(|version| version >= VERSION) {
        return Ok(version.filter(|version| *version > VERSION));
    }
    transaction.batch_execute("SET LOCAL ROLE kf_owner").await?;
    transaction.batch_execute(SCHEMA).await?;
    let remember = "INSERT INTO kf.event_meta (version) VALUES ($1) \
                    ON CONFLICT (only_row) DO UPDATE SET version = excluded.version";
    transaction.execute(remember, &[&VERSION]).await?;
    transaction.commit().await?;
    Ok(None)
}

/// The store of the database that a connection or transaction is in.
pub struct PostgresStore<'a, C>(pub &'a C);

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Failure {
        Failure { message: reason(&error), sqlstate: error.code().map(|state| state.code().to_owned()) }
    }
}

fn damaged(what: &str) -> Failure {
    let message = format!("the event store is damaged: {what}");
    // data_corrupted
    Failure { message, sqlstate: Some("XX001".to_owned()) }
}

fn id(row: &Row, column: &str) -> Result<EventId, Failure> {
    EventId::from_bytes(row.get(column)).ok_or_else(|| damaged("an id has not 32 bytes"))
}

fn event(row: &Row) -> Result<Event, Failure> {
    Event::read(row.get("body")).map_err(|error| damaged(&error.to_string()))
}

fn ids(of: &[EventId]) -> Vec<&[u8]> {
    of.iter().map(|id| id.0.as_slice()).collect()
}

fn claim(row: &Row) -> Result<(EventId, Claim), Failure> {
    let event = event(row)?;
    let threshold: &str = row.get("threshold");
    let threshold: Threshold = threshold.parse().map_err(|_| damaged("a threshold"))?;
    let claim = Claim {
        claimed_by: Validator(row.get("claimed_by")),
        first_height: row.get("first_height"),
        threshold,
        is_approved: row.get::<_, &str>("status") == "approved",
        event,
    };
    Ok((claim.event.id(), claim))
}

impl<C: GenericClient + Sync> EventStore for PostgresStore<'_, C> {
    async fn append(&mut self, oracle: &str, batch: &Batch) -> Result<usize, Failure> {
        let sql = "WITH given AS (SELECT * FROM unnest($2::bytea[], $3::bytea[]) WITH ORDINALITY AS g (id, body, position)), \
             kept AS (INSERT INTO kf.observed (id, oracle, body) \
               SELECT g.id, $1, g.body FROM given AS g \
               WHERE NOT EXISTS (SELECT FROM kf.event AS e WHERE e.id = g.id AND e.height IS NOT NULL) \
               ORDER BY g.position ON CONFLICT (id) DO NOTHING RETURNING 1), \
             moved AS (INSERT INTO kf.cursor (oracle, key, value) \
               SELECT $1, c.key, c.value FROM unnest($4::text[], $5::text[]) AS c (key, value) WHERE c.value IS NOT NULL \
               ON CONFLICT (oracle, key) DO UPDATE SET value = excluded.value), \
             forgotten AS (DELETE FROM kf.cursor AS k USING unnest($4::text[], $5::text[]) AS c (key, value) \
               WHERE k.oracle = $1 AND k.key = c.key AND c.value IS NULL) \
             SELECT count(*) FROM kept";
        let all: Vec<EventId> = batch.events.iter().map(Event::id).collect();
        let bodies: Vec<&[u8]> = batch.events.iter().map(Event::body).collect();
        // Two values for a key in one statement would be an error; the last one counts.
        let cursor: BTreeMap<&str, Option<&str>> =
            batch.cursor.iter().map(|(key, value)| (key.as_str(), value.as_deref())).collect();
        let (keys, values): (Vec<&str>, Vec<Option<&str>>) = cursor.into_iter().unzip();
        let row = ask::row(self.0, sql, &[&oracle, &ids(&all), &bodies, &keys, &values]).await?;
        usize::try_from(row.get::<_, i64>(0)).map_err(|_| damaged("a count"))
    }

    async fn cursor(&mut self, oracle: &str, key: &str) -> Result<Option<String>, Failure> {
        let sql = "SELECT c.value FROM kf.cursor AS c WHERE c.oracle = $1 AND c.key = $2";
        Ok(ask::perhaps(self.0, sql, &[&oracle, &key]).await?.map(|row| row.get(0)))
    }

    async fn pending(&mut self, validator: &Validator, caps: Caps) -> Result<Extension, Failure> {
        let most = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let sql = "SELECT o.body FROM kf.observed AS o \
             WHERE NOT EXISTS (SELECT FROM kf.event AS e WHERE e.id = o.id) ORDER BY o.sequence LIMIT $1";
        let rows = ask::rows(self.0, sql, &[&most(caps.bodies)]).await?;
        let bodies: Vec<Vec<u8>> = rows.iter().map(|row| row.get(0)).collect();
        let sql = "SELECT o.id FROM kf.observed AS o JOIN kf.event AS e ON e.id = o.id \
             WHERE e.status = 'open' \
               AND NOT EXISTS (SELECT FROM kf.vote AS v WHERE v.id = o.id AND v.validator = $1) \
             ORDER BY o.sequence LIMIT $2";
        let rows = ask::rows(self.0, sql, &[&validator.0, &most(caps.ids)]).await?;
        let known: Result<Vec<EventId>, Failure> = rows.iter().map(|row| id(row, "id")).collect();
        Ok(Extension::fill(bodies, known?, caps))
    }

    async fn claims(&mut self) -> Result<Claims, Failure> {
        let sql = "SELECT e.body, e.threshold, e.claimed_by, e.first_height, e.status FROM kf.event AS e \
             WHERE e.height IS NULL";
        let open: Result<_, Failure> = ask::rows(self.0, sql, &[]).await?.iter().map(claim).collect();
        let rows = ask::rows(self.0, "SELECT v.id, v.validator FROM kf.vote AS v", &[]).await?;
        let vote = |row: &Row| Ok(Vote { id: id(row, "id")?, validator: Validator(row.get("validator")) });
        let votes: Result<BTreeSet<Vote>, Failure> = rows.iter().map(vote).collect();
        Ok(Claims { open: open?, votes: votes? })
    }

    async fn heads(&mut self, topics: &BTreeSet<&str>) -> Result<BTreeMap<String, i64>, Failure> {
        let topics: Vec<&str> = topics.iter().copied().collect();
        let sql = "SELECT t.topic, t.point FROM kf.topic AS t WHERE t.topic = ANY ($1)";
        let rows = ask::rows(self.0, sql, &[&topics]).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    async fn resolved(&mut self, given: &[EventId]) -> Result<BTreeSet<EventId>, Failure> {
        let sql = "SELECT e.id FROM kf.event AS e WHERE e.id = ANY ($1) AND e.height IS NOT NULL";
        let rows = ask::rows(self.0, sql, &[&ids(given)]).await?;
        rows.iter().map(|row| id(row, "id")).collect()
    }

    async fn record(
        &mut self,
        height: i64,
        opened: &[Opened],
        votes: &BTreeSet<Vote>,
    ) -> Result<(), Failure> {
        let sql = "INSERT INTO kf.event (id, body, claimed_by, threshold, first_height) \
             SELECT n.id, n.body, n.claimed_by, n.threshold, $5 \
             FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::text[]) AS n (id, body, claimed_by, threshold)";
        let all: Vec<EventId> = opened.iter().map(|it| it.event.id()).collect();
        let bodies: Vec<&[u8]> = opened.iter().map(|it| it.event.body()).collect();
        let by: Vec<&str> = opened.iter().map(|it| it.claimed_by.0.as_str()).collect();
        let thresholds: Vec<String> = opened.iter().map(|it| it.threshold.to_string()).collect();
        ask::run(self.0, sql, &[&ids(&all), &bodies, &by, &thresholds, &height]).await?;
        let sql = "INSERT INTO kf.vote (id, validator, height) \
             SELECT n.id, n.validator, $3 FROM unnest($1::bytea[], $2::text[]) AS n (id, validator)";
        let seen: Vec<EventId> = votes.iter().map(|vote| vote.id).collect();
        let by: Vec<&str> = votes.iter().map(|vote| vote.validator.0.as_str()).collect();
        ask::run(self.0, sql, &[&ids(&seen), &by, &height]).await?;
        Ok(())
    }

    async fn approve(&mut self, approved: &[EventId]) -> Result<(), Failure> {
        let sql = "UPDATE kf.event SET status = 'approved' WHERE id = ANY ($1) AND height IS NULL";
        ask::run(self.0, sql, &[&ids(approved)]).await?;
        Ok(())
    }

    async fn resolve(&mut self, height: i64, resolved: &[Resolved]) -> Result<(), Failure> {
        let sql = "WITH done AS (SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[]) AS d (id, status, reason)), \
             written AS (UPDATE kf.event AS e SET status = d.status, reason = d.reason, height = $4 \
               FROM done AS d WHERE e.id = d.id AND e.height IS NULL RETURNING 1), \
             unvoted AS (DELETE FROM kf.vote AS v USING done AS d WHERE v.id = d.id), \
             unseen AS (DELETE FROM kf.observed AS o USING done AS d WHERE o.id = d.id), \
             moved AS (INSERT INTO kf.topic (topic, point) SELECT * FROM unnest($5::text[], $6::int8[]) \
               ON CONFLICT (topic) DO UPDATE SET point = excluded.point) \
             SELECT count(*) FROM written";
        let all: Vec<EventId> = resolved.iter().map(|it| it.event.id()).collect();
        let words: Vec<&str> = resolved.iter().map(|it| it.outcome.word()).collect();
        let reasons: Vec<Option<&str>> = resolved.iter().map(|it| it.outcome.reason()).collect();
        let (topics, points): (Vec<&str>, Vec<i64>) = moved(resolved).into_iter().unzip();
        let parameters: [&dyn ask::Bound; 6] = [&ids(&all), &words, &reasons, &height, &topics, &points];
        let row = ask::row(self.0, sql, &parameters).await?;
        let is_whole = usize::try_from(row.get::<_, i64>(0)) == Ok(resolved.len());
        if is_whole { Ok(()) } else { Err(damaged("an event was decided twice")) }
    }

    async fn list(&mut self, word: Option<&str>, most: usize) -> Result<Vec<Record>, Failure> {
        let sql = "SELECT l.body, l.first_height, l.status, l.height, l.reason, \
               ARRAY(SELECT v.validator FROM kf.vote AS v WHERE v.id = l.id) AS votes \
             FROM (SELECT e.id, e.body, e.first_height, e.status, e.height, e.reason FROM kf.event AS e \
               UNION ALL SELECT o.id, o.body, NULL, NULL, NULL, NULL FROM kf.observed AS o \
               WHERE NOT EXISTS (SELECT FROM kf.event AS e WHERE e.id = o.id)) AS l \
             WHERE $1::text IS NULL OR coalesce(l.status, 'observed') = $1 \
             ORDER BY l.height DESC NULLS FIRST, l.id LIMIT $2";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        ask::rows(self.0, sql, &[&word, &most]).await?.iter().map(record).collect()
    }

    async fn find(&mut self, wanted: EventId) -> Result<Option<Record>, Failure> {
        let sql = "SELECT coalesce(e.body, o.body) AS body, e.first_height, e.status, e.height, e.reason, \
               ARRAY(SELECT v.validator FROM kf.vote AS v WHERE v.id = i.id) AS votes \
             FROM (SELECT $1::bytea AS id) AS i LEFT JOIN kf.event AS e ON e.id = i.id \
             LEFT JOIN kf.observed AS o ON o.id = i.id WHERE coalesce(e.body, o.body) IS NOT NULL";
        let row = ask::perhaps(self.0, sql, &[&wanted.0.as_slice()]).await?;
        row.as_ref().map(record).transpose()
    }
}

fn record(row: &Row) -> Result<Record, Failure> {
    let votes: Vec<String> = row.get("votes");
    let status: Option<&str> = row.get("status");
    let stage = match (status, row.get("height")) {
        (None, _) => Stage::Observed,
        (Some(status), Some(height)) => {
            let outcome = Outcome::recorded(status, row.get("reason"));
            Stage::Done { height, outcome: outcome.ok_or_else(|| damaged("a status"))? }
        }
        (Some(status), None) => {
            Stage::Open { first_height: row.get("first_height"), is_approved: status == "approved" }
        }
    };
    Ok(Record { event: event(row)?, stage, votes: votes.into_iter().map(Validator).collect() })
}
