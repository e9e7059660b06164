use std::collections::BTreeSet;
use std::time::Duration;

use hyper::header::{ACCEPT, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use hyper::{Method, StatusCode};

use super::page::{self, Page, Unusable};
use super::settings::Settings;
use crate::connectors::{Answer, Backoff, Client, Endpoint};
use crate::oracle::{EventId, Level, OracleContext, OracleError, Receiver, Submission, SubmitError, limits};

/// Key of what the server said last.
const CURSOR: &str = "cursor";
/// Items of an answer that are written into the log; of the others only how many they are.
const SHOWN: usize = 5;

/// Asks one server.
pub struct Poller {
    context: OracleContext,
    to: Receiver,
    client: Client,
    settings: Settings,
    /// What the server wants to be told.
    cursor: Option<String>,
    /// Headers that ask for an answer only if it is another one.
    unless: Vec<(HeaderName, HeaderValue)>,
    /// The events of the answer before. Submitting one again would change nothing, but cost a look into the store.
    seen: BTreeSet<EventId>,
    /// What was said about the answer before.
    told: BTreeSet<String>,
}

/// Why a poll has failed, and how long the server asks to be left alone.
struct Failure(String, Option<Duration>);

impl From<SubmitError> for Failure {
    fn from(error: SubmitError) -> Failure {
        Failure(format!("events cannot be kept: {error}"), None)
    }
}

impl Poller {
    pub fn new(context: OracleContext, to: Receiver, client: Client, settings: Settings) -> Poller {
        let (unless, seen, told) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        Poller { context, to, client, settings, cursor: None, unless, seen, told }
    }

    /// Asks until it is cancelled.
    pub async fn run(mut self) -> Result<(), OracleError> {
        let context = self.context.clone();
        self.cursor = self.to.cursor(CURSOR).await.map_err(OracleError::failed)?;
        let mut backoff = Backoff::new(self.settings.poll);
        loop {
            let wait = match self.poll().await {
                Ok(is_more) => {
                    if backoff.reset() {
                        context.log(Level::Info, "the feed can be read again");
                    }
                    if is_more { Duration::ZERO } else { self.settings.poll }
                }
                Err(Failure(why, asked)) => {
                    let wait = backoff.wait(asked);
                    context.log(Level::Warn, format!("{why}; asking again in {:.1} s", wait.as_secs_f64()));
                    wait
                }
            };
            if context.is_cancelled() || context.sleep(wait).await {
                return Ok(());
            }
        }
    }

    /// Asks once. True if there is more at once: something was new, and the server has said how to go on.
    async fn poll(&mut self) -> Result<bool, Failure> {
        let url = self.url()?;
        let mut headers = self.settings.headers.clone();
        headers.push((ACCEPT, HeaderValue::from_static("application/json")));
        headers.extend(self.unless.iter().cloned());
        let context = self.context.clone();
        let answer = tokio::select! {
            () = context.cancelled() => return Ok(false),
            answer = self.client.send(&url, Method::GET, &headers, Vec::new()) => answer,
        };
        let answer = answer.map_err(|trouble| Failure(trouble.to_string(), None))?;
        if answer.status == StatusCode::NOT_MODIFIED && !self.unless.is_empty() {
            return Ok(false);
        }
        check(&answer)?;
        let page = page::read(&self.settings, &answer.body).map_err(|why| Failure(why, None))?;
        self.take(page, unless(&answer)).await
    }

    fn url(&self) -> Result<Endpoint, Failure> {
        let (Some(cursor), Some(value)) = (&self.settings.cursor, &self.cursor) else {
            return Ok(self.settings.url.clone());
        };
        let url = self.settings.url.with_query(&cursor.query, value);
        url.ok_or_else(|| Failure("the cursor does not fit in an address".to_owned(), None))
    }

    /// Keeps what is new, and where to go on, together.
    async fn take(&mut self, page: Page, unless: Vec<(HeaderName, HeaderValue)>) -> Result<bool, Failure> {
        let Page { events, unusable, next } = page;
        self.tell(&unusable);
        let all: BTreeSet<EventId> = events.iter().map(|event| event.id()).collect();
        let new = events.into_iter().filter(|event| !self.seen.contains(&event.id()));
        let new: Vec<Submission> = new.map(|event| event.submission().clone()).collect();
        let moved = next.filter(|next| self.cursor.as_ref() != Some(next));
        let is_new = !new.is_empty();
        self.submit(new, moved.clone()).await?;
        self.seen = all;
        // What an address with another cursor answers is nothing to compare with.
        self.unless = if moved.is_some() { Vec::new() } else { unless };
        let is_more = is_new && moved.is_some();
        self.cursor = moved.or(self.cursor.take());
        Ok(is_more)
    }

    async fn submit(&self, new: Vec<Submission>, next: Option<String>) -> Result<(), Failure> {
        let mut left = new.as_slice();
        while let Some((some, rest)) =
            left.split_at_checked(limits::BATCH).filter(|(_, rest)| !rest.is_empty())
        {
            self.to.submit_all(some.to_vec(), Vec::new()).await?;
            left = rest;
        }
        let cursor = next.map(|next| (CURSOR.to_owned(), Some(next)));
        if !left.is_empty() || cursor.is_some() {
            self.to.submit_all(left.to_vec(), cursor.into_iter().collect()).await?;
        }
        Ok(())
    }

    /// Writes down what cannot be used, once while the server goes on to send it.
    fn tell(&mut self, unusable: &[Unusable]) {
        let new: Vec<&Unusable> = unusable.iter().filter(|it| !self.told.contains(&it.item)).collect();
        for Unusable { index, why, .. } in new.iter().take(SHOWN) {
            self.context.log(Level::Warn, format!("item {index} is left out: {why}"));
        }
        if new.len() > SHOWN {
            let more = new.len() - SHOWN;
            self.context.log(Level::Warn, format!("{more} more items of the answer are left out"));
        }
        self.told = unusable.iter().map(|it| it.item.clone()).collect();
    }
}

/// Redirections are refused: the address they lead to would get the headers, which may be secrets.
fn check(answer: &Answer) -> Result<(), Failure> {
    let status = answer.status.as_u16();
    if answer.status.is_redirection() {
        let why = format!("the server answers with status {status}, and redirections are not followed");
        return Err(Failure(why, None));
    }
    if answer.status != StatusCode::OK {
        let why = format!("the server answers with status {status}");
        return Err(Failure(why, answer.retry_after()));
    }
    Ok(())
}

/// What to ask the next time: the server's own mark of this answer, else its time.
fn unless(answer: &Answer) -> Vec<(HeaderName, HeaderValue)> {
    let header = |from, to: HeaderName| answer.headers.get(from).map(|value| (to, value.clone()));
    header(ETAG, IF_NONE_MATCH).or_else(|| header(LAST_MODIFIED, IF_MODIFIED_SINCE)).into_iter().collect()
}
