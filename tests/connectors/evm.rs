//! Logs of a chain become events: in order, each once.

use kuneiform::oracle::Submission;
use kuneiform::oracle::store::memory::MemoryStore;

use crate::chain::*;
use crate::oracles::*;
use crate::server::Server;

/// Runs the oracle of `text` until it has brought `count` events.
async fn read(text: &str, count: usize, store: &MemoryStore) -> Vec<Submission> {
    let lines = Lines::default();
    let supervisor = start(text, store, &lines).await.unwrap();
    until(&format!("{count} events"), &lines, async || observed(store).await.len() == count).await;
    supervisor.stop().await;
    observed(store).await
}

/// Waits until `server` was asked for the newest block again, twice.
async fn settled(server: &Server, lines: &Lines) {
    let asked = || server.methods().len();
    let before = asked();
    until("it looks again", lines, async || asked() > before + 6).await;
}

#[test]
fn deposits_become_events_in_order_and_two_equal_ones_are_two() {
    block_on(async {
        let chain = Chain::new();
        chain.finalize(vec![deposit(5), deposit(5)]);
        chain.finalize(vec![]);
        chain.finalize(vec![deposit(7)]);
        let server = chain.serve().await;
        let events = read(&table(&server.url, ""), 3, &MemoryStore::default()).await;
        let point = |block: i64, index: i64| (block << 20) + index;
        let expected = [
            (point(1, 0), None, "5", word(1000)),
            (point(1, 1), Some(point(1, 0)), "5", word(1001)),
            (point(3, 0), Some(point(1, 1)), "7", word(3000)),
        ];
        for (event, (point, previous, amount, transaction)) in events.iter().zip(expected) {
            let source = format!("1:{transaction}:{}", point & 0xfffff);
            let expected = Submission::new("accounts", "deposit", [ALICE, amount]).source(source);
            assert_eq!(*event, expected.after("evm:1:deposits", previous, point));
        }
    });
}

#[test]
fn only_final_blocks_from_the_first_one_on_are_read() {
    block_on(async {
        let chain = Chain::new();
        chain.finalize(vec![deposit(1)]);
        chain.finalize(vec![deposit(2)]);
        chain.add(0, vec![deposit(3)]);
        chain.add(0, vec![deposit(4)]);
        let server = chain.serve().await;
        for (more, amounts) in [
            ("", vec!["1", "2"]),
            ("start_block = 2", vec!["2"]),
            ("finality = 'safe'", vec!["1", "2"]),
            ("finality = { confirmations = 1 }", vec!["1", "2", "3"]),
            ("finality = { confirmations = 4 }\nchunk = 1", vec![]),
            ("chunk = 1", vec!["1", "2"]),
        ] {
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let supervisor = start(&table(&server.url, more), &store, &lines).await.unwrap();
            until(more, &lines, async || observed(&store).await.len() == amounts.len()).await;
            settled(&server, &lines).await;
            supervisor.stop().await;
            let found: Vec<String> = observed(&store).await.iter().map(amount).collect();
            assert_eq!(found, amounts, "{more}\n{}", lines.text());
        }
    });
}

fn amount(event: &Submission) -> String {
    event.targets[0].inputs[1].to_json().as_str().unwrap().to_owned()
}
