//! Programs that speak JSON lines are oracles, and end with everything they started.

use std::path::Path;
use std::time::Duration;

use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::store::postgres::{PostgresStore, ensure};
use kuneiform::oracle::store::{EventStore, PostgresSink};
use kuneiform::oracle::{Caps, Event, OracleConfig, OracleState, Registry, Submission, Supervisor};

use super::supervisor::{Lines, TIMING, observed, start, until};
use super::world::*;
use crate::support::{block_on, database, scratch, session};

/// The program of docs/guide/oracles.md.
fn feed() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/oracles.md");
    let page = std::fs::read_to_string(page).unwrap();
    page.split("```python\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

fn script(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Python's own error output says what is wrong with a program of these tests.
fn expected(symbol: &str, count: i64) -> Vec<Event> {
    let one = |number: i64| {
        let submission =
            Submission::new("prices", "set_price", [symbol.to_owned(), (100 + number).to_string()]);
        let previous = (number > 0).then(|| number - 1);
        Event::new(submission.source(format!("{symbol}:{number}")).after(symbol, previous, number)).unwrap()
    };
    (0..count).map(one).collect()
}

#[test]
fn the_program_of_the_guide_feeds_a_database_and_goes_on_after_a_restart() {
    block_on(async {
        let folder = scratch();
        let program = script(folder.path(), "feed.py", &feed());
        let url = database().await;
        let mut own = session(&url).await;
        ensure(&mut own).await.unwrap();
        let settings = own.settings.clone();
        for (round, count) in [(1, 3), (2, 7)] {
            let text = format!(
                "[prices]\ntype = 'exec'\ncommand = ['python3', '{program}']\n[prices.config]\nsymbol = 'BTC'\nuntil = {count}"
            );
            let configs = OracleConfig::read_all(&text.parse().unwrap(), &|_| None).unwrap();
            let (lines, sink) = (Lines::default(), std::sync::Arc::new(PostgresSink::new(settings.clone())));
            let started = Supervisor::start(&Registry::new(), configs, sink, lines.log(), TIMING).await;
            let supervisor = started.unwrap();
            let states = supervisor.states();
            until(&format!("round {round} ends:\n{}", lines.text()), async || {
                states.get()["prices"] == OracleState::Ended
            })
            .await;
            supervisor.stop().await;
            let mut store = PostgresStore(&own.client);
            for event in expected("BTC", count) {
                assert!(store.find(event.id()).await.unwrap().is_some(), "{}", lines.text());
            }
            assert_eq!(store.cursor("prices", "next").await, Ok(Some(count.to_string())));
            let pending = store.pending(&validator("a"), Caps::SOLO).await.unwrap();
            assert_eq!(pending.bodies().len(), usize::try_from(count).unwrap());
            assert!(lines.text().contains("feeding BTC"), "{}", lines.text());
        }
    });
}

#[test]
fn a_program_has_its_own_table_and_no_environment_of_the_node() {
    block_on(async {
        let folder = scratch();
        let program = script(
            folder.path(),
            "show.py",
            "import json, os, sys\n\
             start = json.loads(sys.stdin.readline())['start']\n\
             told = f\"{start['name']} {start['config']} {os.environ.get('OWN')} {'CARGO_MANIFEST_DIR' in os.environ} {os.getcwd()}\"\n\
             print(json.dumps({'log': {'level': 'info', 'message': told}}), flush=True)\n",
        );
        let directory = folder.path().canonicalize().unwrap().display().to_string();
        let text = format!(
            "[a]\ntype = 'exec'\ncommand = ['python3', '{program}']\ndirectory = '{directory}'\n\
             environment = {{ OWN = 'mine' }}\nconfig = {{ key = 'of a' }}\n[b]\ntype = 'exec'\ncommand = ['true']\n\
             config = {{ key = 'of b' }}"
        );
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&Registry::new(), &text, &store, &lines).await.unwrap();
        let states = supervisor.states();
        until("it ends", async || states.get()["a"] == OracleState::Ended).await;
        let said = format!("a Info: a {{'key': 'of a'}} mine False {directory}\n");
        assert!(lines.text().contains(&said), "{}", lines.text());
        supervisor.stop().await;
    });
}

#[test]
fn nonsense_is_answered_and_a_bad_end_is_tried_again() {
    block_on(async {
        let folder = scratch();
        let program = script(
            folder.path(),
            "bad.sh",
            "read start\n\
             echo 'hello'; read answer; echo \"$answer\" >&2\n\
             echo '{\"submit\": {\"id\": 7, \"events\": [{\"dbid\": \"a b\", \"action\": \"c\", \"inputs\": []}]}}'\n\
             read answer; echo \"$answer\" >&2\n\
             echo '{\"submit\": {\"id\": 8, \"events\": [{\"dbid\": \"a\", \"action\": \"c\", \"inputs\": [1.5]}]}}'\n\
             read answer; echo \"$answer\" >&2\n\
             exit 3\n",
        );
        let text = format!(
            "[bad]\ntype = 'exec'\ncommand = ['sh', '{program}']\n[none]\ntype = 'exec'\ncommand = ['/no/such']"
        );
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&Registry::new(), &text, &store, &lines).await.unwrap();
        until("it is tried again", async || lines.text().matches("exit status: 3; trying again").count() > 1)
            .await;
        supervisor.stop().await;
        let text = lines.text();
        for said in [
            "bad Warn: `hello` is no message",
            r#"{"error":{"id":null,"message":"expected value"#,
            r#"{"error":{"id":7,"message":"event 0: not canonical: a DBID is a name"#,
            "must be written as a string",
            "none Warn: `/no/such` cannot be started",
        ] {
            assert!(text.contains(said), "no {said} in\n{text}");
        }
        assert_eq!(observed(&store).await, 0);
    });
}

/// True if a process of this id is there and is no zombie.
fn lives(id: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/stat"));
    status.is_ok_and(|status| !status.rsplit(')').next().unwrap().trim_start().starts_with('Z'))
}

#[test]
fn a_program_ends_with_all_it_started() {
    block_on(async {
        let folder = scratch();
        let list = folder.path().join("ids");
        // One ends when it is told, with a child that would go on; one hears nothing at all.
        let polite = script(
            folder.path(),
            "polite.sh",
            &format!(
                "sleep 1000 & echo $! $$ >> {0}\nread start\nread stop\necho \"$stop\" >&2\n",
                list.display()
            ),
        );
        let deaf = script(
            folder.path(),
            "deaf.sh",
            &format!(
                "trap '' TERM\nsleep 1000 & echo $! $$ >> {}\nwhile true; do sleep 1; done\n",
                list.display()
            ),
        );
        let text = format!(
            "[polite]\ntype = 'exec'\ncommand = ['sh', '{polite}']\n[deaf]\ntype = 'exec'\ncommand = ['sh', '{deaf}']"
        );
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&Registry::new(), &text, &store, &lines).await.unwrap();
        let ids = || std::fs::read_to_string(&list).unwrap_or_default();
        until("both run", async || ids().lines().count() == 2).await;
        let ids: Vec<String> = ids().split_whitespace().map(str::to_owned).collect();
        assert!(ids.len() == 4 && ids.iter().all(|id| lives(id)), "{ids:?}");
        supervisor.stop().await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        until("all are gone", async || !ids.iter().any(|id| lives(id))).await;
        assert!(lines.text().contains(r#"{"stop":{}}"#), "{}", lines.text());
    });
}
