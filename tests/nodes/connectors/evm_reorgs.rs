//! What is not final yet may go, and does not come. What was final may not go.

use kuneiform::oracle::store::memory::MemoryStore;
use kuneiform::oracle::{OracleState, Submission};

use super::chain::*;
use super::oracles::*;

#[test]
fn what_a_reorganisation_takes_away_before_it_is_final_never_comes() {
    block_on(async {
        for finality in ["'finalized'", "{ confirmations = 3 }"] {
            let chain = Chain::new();
            let server = chain.serve().await;
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let text = table(&server.url, &format!("finality = {finality}"));
            let supervisor = start(&text, &store, &lines).await.unwrap();
            for branch in 1..=10 {
                // Two blocks of a branch that loses, then of one that stays.
                let height = chain.height();
                chain.add(branch, vec![deposit(999)]);
                chain.add(branch, vec![deposit(999), deposit(999)]);
                settled(&server, &lines).await;
                chain.cut(height);
                chain.finalize(vec![deposit(branch)]);
            }
            (0..3).for_each(|_| chain.finalize(vec![]));
            until("all that stay", &lines, async || observed(&store).await.len() >= 10).await;
            settled(&server, &lines).await;
            supervisor.stop().await;
            let expected: Vec<String> = (1..=10).map(|branch: u32| branch.to_string()).collect();
            assert_eq!(amounts_of(&observed(&store).await), expected, "{}", lines.text());
        }
    });
}

#[test]
fn a_reorganisation_beneath_what_was_final_stops_the_oracle() {
    block_on(async {
        for (finality, higher) in [("'finalized'", 0), ("'finalized'", 2), ("{ confirmations = 1 }", 2)] {
            let chain = Chain::new();
            (1..=4).for_each(|amount| chain.finalize(vec![deposit(amount)]));
            chain.add(0, vec![]);
            let server = chain.serve().await;
            let (store, lines) = (MemoryStore::default(), Lines::default());
            let text = table(&server.url, &format!("finality = {finality}"));
            let supervisor = start(&text, &store, &lines).await.unwrap();
            until("all", &lines, async || observed(&store).await.len() == 4).await;
            settled(&server, &lines).await;
            chain.replace(2, |chain| {
                (0..2 + higher).for_each(|_| chain.add(7, vec![deposit(70)]));
                chain.final_is_head();
                chain.add(7, vec![]);
            });
            let states = supervisor.states();
            until("it stops", &lines, async || {
                matches!(&states.get()["deposits"], OracleState::Waiting { failures, .. } if *failures > 1)
            })
            .await;
            supervisor.stop().await;
            let said = "deposits Error: the chain was reorganised beneath what was final: block 4 was 0x";
            assert!(lines.text().contains(said), "{}", lines.text());
            assert_eq!(amounts_of(&observed(&store).await), ["1", "2", "3", "4"]);
        }
    });
}

#[test]
fn two_oracles_that_saw_different_branches_say_the_same() {
    block_on(async {
        let chain = Chain::new();
        chain.finalize(vec![deposit(1)]);
        let early = MemoryStore::default();
        let server = chain.serve().await;
        read(&table(&server.url, ""), 1, &early).await;
        chain.add(3, vec![deposit(9)]);
        chain.cut(1);
        chain.finalize(vec![deposit(2)]);
        let (one, _) = read(&table(&server.url, ""), 2, &early).await;
        let (other, _): (Vec<Submission>, _) =
            read(&table(&server.url, "chunk = 1\nfinality = 'safe'"), 2, &MemoryStore::default()).await;
        assert_eq!(one, other);
    });
}
