//! JSON over HTTP: what becomes an event, and that no fault of a server loses or doubles any of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kuneiform::oracle::Submission;
use kuneiform::oracle::store::memory::MemoryStore;
use serde_json::json;

use super::oracles::{Lines, block_on, observed, start, until};
use crate::server::{Asked, Reply, Server};

const CURSOR: &str = "cursor = { query = 'since', pointer = '/next' }";

fn toml(url: &str, more: &str) -> String {
    format!(
        "[feed]\ntype = 'http'\nurl = '{url}/trades?key=s3cretkey'\npoll_ms = 1\nitems = '/data'\nid = 'trade:{{/id}}'\n\
         headers = {{ authorization = 'Bearer t0psecret' }}\n{more}\n\
         [[feed.submit]]\ndataset = 'prices'\naction = 'trade'\ninputs = ['{{/id}}', '{{/price}}', '{{?/note}}']\n"
    )
}

fn reply(body: impl Into<Vec<u8>>, headers: &[(&'static str, &str)]) -> Reply {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Reply::Raw { status: 200, headers, body: body.into() }
}

/// The items `from` to `to`, as a server writes them, and where to go on.
fn page(from: usize, to: usize) -> String {
    let items: Vec<String> =
        (from..to).map(|id| format!(r#"{{ "id": {id}, "price": {id}.10000000000000000001 }}"#)).collect();
    format!(r#"{{"data": [{}], "next": "after {to}"}}"#, items.join(","))
}

/// What was submitted, by the sources' numbers.
async fn told(store: &MemoryStore) -> Vec<(usize, Submission)> {
    let number =
        |it: &Submission| it.source.as_ref().unwrap().strip_prefix("trade:").unwrap().parse().unwrap();
    let mut told: Vec<_> = observed(store).await.into_iter().map(|it| (number(&it), it)).collect();
    told.sort();
    told
}

async fn are_told(store: &MemoryStore, count: usize) -> bool {
    told(store).await.iter().map(|(id, _)| *id).eq(0..count)
}

fn header<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    asked.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

#[test]
fn items_are_submitted_once_and_what_did_not_change_is_not_sent_again() {
    block_on(async {
        let count = Arc::new(AtomicUsize::new(3));
        let counted = count.clone();
        let server = Server::start(move |asked| {
            let (count, tag) =
                (counted.load(Ordering::SeqCst), format!("\"v{}\"", counted.load(Ordering::SeqCst)));
            match header(asked, "if-none-match") == Some(&tag) {
                true => Reply::Raw { status: 304, headers: vec![], body: vec![] },
                false => reply(page(0, count), &[("etag", &tag)]),
            }
        })
        .await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&toml(&server.url, ""), &store, &lines).await.unwrap();
        until("three are there", &lines, async || are_told(&store, 3).await).await;
        let asked_before = server.asked.lock().unwrap().len();
        until("it goes on asking", &lines, async || server.asked.lock().unwrap().len() > asked_before + 3)
            .await;
        count.store(5, Ordering::SeqCst);
        until("five are there", &lines, async || are_told(&store, 5).await).await;
        supervisor.stop().await;
        let expected = Submission::new(
            "prices",
            "trade",
            ["4".into(), "4.10000000000000000001".into(), kuneiform::oracle::Input::Null],
        );
        assert_eq!(told(&store).await[4].1, expected.source("trade:4"));
        let asked = server.asked.lock().unwrap().clone();
        assert_eq!(asked[0].line, "GET /trades?key=s3cretkey");
        assert_eq!(
            (header(&asked[0], "authorization"), header(&asked[0], "if-none-match")),
            (Some("Bearer t0psecret"), None)
        );
        assert_eq!(header(&asked[2], "if-none-match"), Some("\"v3\""));
        assert_eq!(lines.text(), "");
    });
}

/// Answers pages of three of `count` items, by `since`.
fn pages(asked: &Asked, count: usize) -> Reply {
    let since = asked.line.split("since=after%20").nth(1);
    let from: usize = since.map_or(0, |since| since.parse().unwrap());
    reply(page(from, count.min(from + 3)), &[])
}

#[test]
fn a_cursor_leads_from_page_to_page_and_is_kept() {
    block_on(async {
        let count = Arc::new(AtomicUsize::new(10));
        let counted = count.clone();
        let server = Server::start(move |asked| pages(asked, counted.load(Ordering::SeqCst))).await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        // With an hour between polls all pages come at once.
        let text = toml(&server.url, CURSOR).replace("poll_ms = 1\n", "poll_ms = 3600000\n");
        let supervisor = start(&text, &store, &lines).await.unwrap();
        until("ten are there", &lines, async || are_told(&store, 10).await).await;
        supervisor.stop().await;
        count.store(11, Ordering::SeqCst);
        let before = server.asked.lock().unwrap().len();
        let supervisor = start(&text, &store, &lines).await.unwrap();
        until("the next is there", &lines, async || are_told(&store, 11).await).await;
        supervisor.stop().await;
        assert_eq!(server.asked.lock().unwrap()[before].line, "GET /trades?key=s3cretkey&since=after%2010");
        assert_eq!(lines.text(), "");
    });
}

#[test]
fn a_node_that_is_killed_at_any_request_goes_on_where_it_was() {
    block_on(async {
        for at in 0..5 {
            let count = Arc::new(AtomicUsize::new(0));
            let counted = count.clone();
            let server = Server::start(move |asked| match counted.fetch_add(1, Ordering::SeqCst) == at {
                true => Reply::Late(Duration::from_secs(60), json!(null)),
                false => pages(asked, 12),
            })
            .await;
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let killed = start(&toml(&server.url, CURSOR), &store, &lines).await.unwrap();
            until("it comes so far", &lines, async || count.load(Ordering::SeqCst) > at).await;
            drop(killed);
            let supervisor = start(&toml(&server.url, CURSOR), &store, &lines).await.unwrap();
            until("all are there", &lines, async || are_told(&store, 12).await).await;
            supervisor.stop().await;
        }
    });
}

#[test]
fn no_fault_loses_or_doubles_anything() {
    block_on(async {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        let server = Server::start(move |asked| match counted.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::Raw { status: 429, headers: vec![("retry-after", "1".into())], body: vec![] },
            1 => Reply::status(503),
            2 => Reply::Close,
            3 => Reply::Cut(json!({"data": []}), 2),
            4 => reply(&page(0, 3).as_bytes()[..40], &[]),
            5 => reply("<html>", &[]),
            6 => reply(r#"{"error": "try later"}"#, &[]),
            7 => reply(vec![b' '; 5000], &[]),
            8 => Reply::Raw {
                status: 302,
                headers: vec![("location", "http://127.0.0.1:1/".into())],
                body: vec![],
            },
            9 => Reply::Late(Duration::from_millis(400), json!(null)),
            // Without having been asked for it.
            10 => Reply::Raw { status: 304, headers: vec![], body: vec![] },
            _ => pages(asked, 7),
        })
        .await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let text = toml(&server.url, &format!("{CURSOR}\nmax_response_bytes = 4000\ntimeout_ms = 200"));
        let began = std::time::Instant::now();
        let supervisor = start(&text, &store, &lines).await.unwrap();
        until("seven are there", &lines, async || are_told(&store, 7).await).await;
        supervisor.stop().await;
        assert!(began.elapsed() > Duration::from_secs(1), "it waits as long as it was asked to");
        let text = lines.text();
        for said in [
            "status 429; asking again in 1.0 s",
            "status 503",
            "the connection broke",
            "is not JSON: EOF",
            "is not JSON: expected value",
            "nothing at `items`",
            "more than 4000 bytes",
            "status 302, and redirections are not followed",
            "no whole answer after 0.2 s",
            "status 304",
            "can be read again",
        ] {
            assert!(text.contains(said), "no {said} in\n{text}");
        }
        assert!(!text.contains("s3cret") && !text.contains("127.0.0.1") && !text.contains("t0p"), "{text}");
    });
}

#[test]
fn items_that_cannot_be_used_are_told_of_once() {
    block_on(async {
        let body = Arc::new(Mutex::new(r#"{"data": [{"id": 0, "price": 1}, {"id": 7}]}"#.to_owned()));
        let now = body.clone();
        let server = Server::start(move |_| reply(now.lock().unwrap().clone(), &[])).await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&toml(&server.url, ""), &store, &lines).await.unwrap();
        until("it asks often", &lines, async || server.asked.lock().unwrap().len() > 5).await;
        assert_eq!(lines.text(), "feed Warn: item 1 is left out: `/price` is not there\n");
        let bad: Vec<String> = (10..20).map(|id| format!(r#"{{"id": {id}}}"#)).collect();
        *body.lock().unwrap() = format!(r#"{{"data": [{}, {{"id": 1, "price": 2}}]}}"#, bad.join(","));
        until("the next is there", &lines, async || are_told(&store, 2).await).await;
        supervisor.stop().await;
        assert_eq!(lines.text().lines().count(), 7, "{}", lines.text());
        assert!(lines.text().contains("5 more items of the answer are left out"));
    });
}

#[test]
fn wrong_tables_are_named_by_their_keys() {
    block_on(async {
        let good = toml("http://localhost:1", CURSOR);
        for (from, to, said) in [
            ("id = 'trade:{/id}'", "", "no key `id`"),
            ("trade:{/id}", "trade:{id}", "the key `id`"),
            ("items = '/data'", "items = 'data'", "the key `items` of `oracles.feed` is not a JSON pointer"),
            ("url = 'http", "url = 'ftp", "the key `url`"),
            ("'{/price}'", "'{/price'", "`inputs[1]` of `oracles.feed.submit[0]`"),
            ("pointer = '/next'", "pointr = '/next'", "`oracles.feed.cursor` has no key `pointer`"),
            ("query = 'since',", "", "`oracles.feed.cursor` has no key `query`"),
            ("authorization", "'a b'", "`headers.a b`"),
            ("[[feed.submit]]", "[[feed.submitted]]", "`submit`"),
            ("poll_ms = 1", "poll_ms = 0", "`poll_ms`"),
            ("poll_ms = 1", "pole_ms = 1", "the unknown key `pole_ms`"),
        ] {
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let error = start(&good.replace(from, to), &store, &lines).await.err();
            let error = error.unwrap_or_else(|| panic!("{to} is taken"));
            assert!(error.message.contains(said), "{to}: {error}");
            assert!(!error.message.contains("s3cretkey") && !error.message.contains("t0psecret"), "{error}");
        }
    });
}
