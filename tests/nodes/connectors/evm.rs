//! Logs of a chain become events: in order, each once.

use kuneiform::oracle::Submission;
use kuneiform::oracle::store::memory::MemoryStore;

use super::chain::*;
use super::oracles::*;
use crate::server::Reply;

#[test]
fn deposits_become_events_in_order_and_two_equal_ones_are_two() {
    block_on(async {
        let chain = Chain::new();
        chain.finalize(vec![deposit(5), deposit(5)]);
        chain.finalize(vec![]);
        chain.finalize(vec![deposit(7)]);
        let server = chain.serve().await;
        let (events, _) = read(&table(&server.url, ""), 3, &MemoryStore::default()).await;
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
        assert_eq!(events[0].targets, events[1].targets);
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
            ("start_block = 9", vec![]),
            ("finality = 'safe'", vec!["1", "2"]),
            ("finality = { confirmations = 1 }", vec!["1", "2", "3"]),
            ("finality = { confirmations = 4 }\nchunk = 1", vec![]),
            ("finality = { confirmations = 40 }", vec![]),
            ("chunk = 1", vec!["1", "2"]),
        ] {
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let supervisor = start(&table(&server.url, more), &store, &lines).await.unwrap();
            until(more, &lines, async || observed(&store).await.len() == amounts.len()).await;
            settled(&server, &lines).await;
            supervisor.stop().await;
            assert_eq!(amounts_of(&observed(&store).await), amounts, "{more}\n{}", lines.text());
        }
    });
}

#[test]
fn a_chain_is_followed_over_connections_that_stay_open() {
    block_on(async {
        let chain = Chain::new();
        let server = chain.serve().await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let supervisor = start(&table(&server.url, ""), &store, &lines).await.unwrap();
        for number in 1..20 {
            chain.finalize(vec![deposit(number)]);
            let count = usize::try_from(number).unwrap();
            until("it follows", &lines, async || observed(&store).await.len() == count).await;
        }
        supervisor.stop().await;
        let (connections, requests) = (server.connections(), server.methods().len());
        assert!(connections < requests / 10, "{connections} connections for {requests} requests");
        assert!(lines.text().contains("deposits Info: 1 events in blocks 19 to 19"), "{}", lines.text());
    });
}

#[test]
fn fewer_blocks_are_asked_for_where_an_answer_would_be_too_large() {
    block_on(async {
        let chain = Chain::new();
        (1..=200).for_each(|number| chain.finalize(vec![deposit(number)]));
        let width = |filter: &serde_json::Value| {
            let number = |key: &str| i64::from_str_radix(&filter[key].as_str().unwrap()[2..], 16).unwrap();
            number("toBlock") - number("fromBlock") + 1
        };
        let refusals = [
            serde_json::json!({"code": -32005, "message": "query returned more than 10000 results"}),
            serde_json::json!({"code": -32602, "message": "Log response size exceeded"}),
            serde_json::json!({"code": -32000, "message": "exceed maximum block range: 30"}),
        ];
        for refusal in refusals {
            let server = chain
                .serve_but(move |_, asked, reply| match asked.method() {
                    "eth_getLogs" if width(&asked.params()[0]) > 30 => Reply::Error(refusal.clone()),
                    _ => reply,
                })
                .await;
            let (_, lines) = read(&table(&server.url, ""), 200, &MemoryStore::default()).await;
            assert!(!lines.text().contains("Warn"), "{}", lines.text());
        }
        // By the size of the answer itself.
        let server = chain.serve().await;
        let text = table(&server.url, "max_response_bytes = 10000");
        let (_, lines) = read(&text, 200, &MemoryStore::default()).await;
        assert!(lines.text().contains("more than 10000 bytes"), "{}", lines.text());
    });
}

#[test]
fn more_logs_than_are_submitted_at_once_are_kept_in_pieces() {
    block_on(async {
        let chain = Chain::new();
        chain.finalize((0..10_500).map(deposit).collect());
        let server = chain.serve().await;
        let (store, lines) = (MemoryStore::default(), Lines::default());
        let text = table(&server.url, "").replace("1000\n", "20000\n");
        let supervisor = start(&text, &store, &lines).await.unwrap();
        until("all", &lines, async || lines.text().contains("10500 events in blocks 0 to 1")).await;
        supervisor.stop().await;
        let events = observed(&store).await;
        assert_eq!(events.len(), 10_500);
        assert_eq!(events.last().unwrap().order.as_ref().unwrap().point, (1 << 20) + 10_499);
    });
}

#[test]
fn several_contracts_and_events_are_read_in_one_order() {
    block_on(async {
        let chain = Chain::new();
        let named = "0x6eaf0a0ba1a5a6c5a4f4b8e8f2d5a4d3e2c1b0a0987654321fedcba987654321";
        chain.finalize(vec![log(OTHER, &[DEPOSIT, &word(7)], &word(1)), deposit(2)]);
        chain.finalize(vec![log(ESCROW, &[named], "0x"), log(OTHER, &[DEPOSIT, &word(7)], &word(3))]);
        let server = chain.serve().await;
        let text =
            table(&server.url, "").replace(&format!("'{ESCROW}'"), &format!("['{ESCROW}', '{OTHER}']"));
        let (events, _) = read(&text, 3, &MemoryStore::default()).await;
        assert_eq!(amounts_of(&events), ["1", "2", "3"]);
        // Each event of its own contract: the other two pairs are asked for with them, and not wanted.
        let second = format!(
            "contract = '{OTHER}'\nevent = 'Moved(uint256 amount)'\nsubmit = \
            [{{ dataset = 'a', action = 'b', inputs = ['{{contract}}', '{{amount}}'] }}]"
        );
        let moved = format!("{:#x}", alloy_primitives::keccak256("Moved(uint256)"));
        chain.finalize(vec![log(OTHER, &[&moved], &word(4)), log(ESCROW, &[&moved], &word(5))]);
        let text = format!("{}\n[[deposits.events]]\n{second}", table(&server.url, ""));
        let (events, _) = read(&text, 2, &MemoryStore::default()).await;
        assert_eq!(amounts_of(&events), ["2", "4"]);
    });
}
