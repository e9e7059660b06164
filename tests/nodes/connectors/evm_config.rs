//! What is wrong with a table is said by its key, before anything is read.

use kuneiform::oracle::store::memory::MemoryStore;

use super::chain::*;
use super::oracles::*;

async fn said(text: &str) -> String {
    let lines = Lines::default();
    match start(text, &MemoryStore::default(), &lines).await {
        Ok(supervisor) => {
            supervisor.stop().await;
            String::new()
        }
        Err(error) => format!("{}; {}", error.message, error.help.unwrap_or_default()),
    }
}

/// A table whose event is `event`, with one input.
fn with(event: &str, input: &str) -> String {
    let text = table("http://127.0.0.1:1", "");
    text.replace("event Deposit(address indexed from, uint256 amount)", event)
        .replace("'{from}', '{amount}'", &format!("'{input}'"))
}

#[test]
fn slips_are_named() {
    block_on(async {
        let usual = table("http://127.0.0.1:1", "");
        assert_eq!(said(&usual).await, "");
        for (found, put, expected) in [
            ("rpc = 'http://127.0.0.1:1'", "", "`oracles.deposits` has no key `rpc`"),
            ("'http://127.0.0.1:1'", "'ws://x'", "the key `rpc` of `oracles.deposits` is not an `http://`"),
            ("'http://127.0.0.1:1'", "'http://user:s3cret@x'", "the key `rpc`"),
            ("chain_id = 1", "", "has no key `chain_id`"),
            (
                "poll_ms = 2",
                "poll_ms = 0",
                "the key `poll_ms` of `oracles.deposits` is not a number from 1 to 3600000",
            ),
            ("poll_ms = 2", "pol_ms = 2", "the unknown key `pol_ms`; did you mean `poll_ms`?"),
            ("poll_ms = 2", "chunk = 0", "the key `chunk`"),
            ("poll_ms = 2", "start_block = -1", "the key `start_block`"),
            ("poll_ms = 2", "max_response_bytes = 10", "the key `max_response_bytes`"),
            (
                "poll_ms = 2",
                "finality = 'latest'",
                "the key `finality` of `oracles.deposits` is not `\"finalized\"`",
            ),
            ("poll_ms = 2", "finality = { confirmations = 0 }", "the key `finality`"),
            ("poll_ms = 2", "finality = { confirmations = 1, more = 2 }", "the key `finality`"),
            ("poll_ms = 2", "events = []", "events"),
            ("contract =", "contarct =", "`oracles.deposits.events[0]` has no key `contract`"),
            (ESCROW, "0x1", "the key `contract` of `oracles.deposits.events[0]` is not an address"),
            (ESCROW, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee", "the key `contract`"),
            ("event =", "more = 1\nevent =", "`oracles.deposits.events[0]` has the unknown key `more`"),
            ("dataset =", "datset =", "`oracles.deposits.events[0].submit[0]` has no key `dataset`"),
            ("'accounts'", "'a b'", "the key `submit` of `oracles.deposits.events[0]` makes no event"),
            (
                "'{amount}'",
                "1.5",
                "the key `inputs` of `oracles.deposits.events[0].submit[0]` is not a list of strings",
            ),
            ("submit = [ {", "submit = []\nx = [ {", "the key `submit` of `oracles.deposits.events[0]`"),
        ] {
            assert!(usual.contains(found), "{found}");
            let text = match text_parses(&usual.replacen(found, put, 1)) {
                Some(text) => text,
                None => continue,
            };
            let said = said(&text).await;
            assert!(said.contains(expected) && !said.contains("s3cret"), "{put}: {said}");
        }
        let good = usual.replace(ESCROW, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        assert_eq!(said(&good).await, "");
        let none: String = usual
            .lines()
            .take_while(|line| !line.starts_with("[["))
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(said(&none).await.contains("the key `events`"));
    });
}

fn text_parses(text: &str) -> Option<String> {
    text.parse::<toml::Table>().is_ok().then(|| text.to_owned())
}

#[test]
fn events_and_places_that_cannot_be_are_named() {
    block_on(async {
        let usual = "event Deposit(address indexed from, uint256 amount)";
        for (event, input, expected) in [
            ("Deposit", "", "the key `event` of `oracles.deposits.events[0]` is no event: "),
            ("function deposit(uint256 amount)", "", "is no event"),
            ("event Deposit(uint257 amount)", "", "is no event"),
            ("event Deposit(uint256 amount) anonymous", "", "is `anonymous`"),
            (
                "event D(uint8 indexed a, uint8 indexed b, uint8 indexed c, uint8 indexed d)",
                "",
                "is no event",
            ),
            (
                usual,
                "{amonut}",
                "the key `inputs[0]` of `oracles.deposits.events[0].submit[0]` names `{amonut}`, which the event `Deposit` does not have; did you mean `{amount}`?",
            ),
            (usual, "{}", "names `{}`"),
            (usual, "{amount", "a brace without its other one"),
            ("event Deposit(address, uint256 amount)", "{}", "names `{}`"),
            (
                "event Deposit(address contract)",
                "{contract}",
                "names `{contract}`, which is a parameter and something that every log has",
            ),
            ("event Deposit(uint8 a, uint8 a)", "{a}", "names `{a}`"),
            (
                "event Named(string indexed name)",
                "{name}",
                "of which a log has only a hash: it is an indexed `string`",
            ),
            ("event Named(uint256[] indexed ids)", "{ids}", "it is an indexed `uint256[]`"),
            ("event Moved(uint256[] ids)", "{ids} ", "names `{ids}`, which is a `uint256[]`"),
            ("event Moved(uint256[][] ids)", "{ids}", "which is a `uint256[][]`"),
            ("event Moved((uint256,bool) pair)", "{pair}", "which is a `(uint256,bool)`"),
        ] {
            let said = said(&with(event, input)).await;
            assert!(said.contains(expected), "{event} {input}: {said}");
        }
        // What is not named may be anything.
        for (event, input) in [
            ("event Named(string indexed name, (uint256,bool)[] pairs, address)", "x"),
            ("event Moved(uint256[] ids, bytes32[2] words)", "{ids}"),
            ("Deposit(address contract)", "{{contract}} {block_timestamp} {log_index}"),
        ] {
            assert_eq!(said(&with(event, input)).await, "", "{event}");
        }
    });
}

#[test]
fn two_tables_for_one_event_of_a_contract_are_refused() {
    block_on(async {
        let text = table("http://127.0.0.1:1", "");
        let (head, events) = text.split_once("[[").unwrap();
        let said = said(&format!("{head}[[{events}[[{events}")).await;
        assert!(
            said.contains("`events[0]` and `events[1]` of `oracles.deposits` are the same event"),
            "{said}"
        );
    });
}
