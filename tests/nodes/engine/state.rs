//! What the hash of the state sees, and what it does not.

use kuneiform::deploy::call::Given;
use kuneiform::engine::{Request, Rules, begin};
use serde_json::json;

use super::life::blocks;
use super::node::{Node, block, request, rules};
use crate::support::block_on;
use crate::support::programs::{deployed, packages};

#[test]
fn every_value_of_every_type_is_seen() {
    block_on(async {
        let mut node = Node::new().await;
        let opened = ["ann", "bob"].map(|name| request(name, "open_account", json!([name, 10])));
        let moved = request("moved", "transfer", json!(["ann", 1, "bob", 1]));
        let outcome = node.run(&block(1, [&opened[..], &[moved]].concat())).await.unwrap();
        let before = node.state().await;
        assert_eq!(outcome.state, Some(before));
        let mut seen = std::collections::BTreeSet::from([before]);
        for change in [
            "balance = balance + 1",
            "rate = 0.501",
            "total = 7",
            "seal = '\\x00'",
            "seal = ''",
            "seal = NULL",
            "mark = NULL",
            "open = false",
            "tags = '{}'",
            "tags = '{a,b}'",
            "tags = '{\"a,b\"}'",
            "tags = '{NULL}'",
            "tags = '{\"NULL\"}'",
            "tags = NULL",
            "sums = '{1.50}'",
            "sums = '{1.5,NULL}'",
        ] {
            let transaction = begin(&mut node.session.client).await.unwrap();
            let sql = format!("UPDATE ds_bank.accounts SET {change} WHERE name = 'ann'");
            transaction.batch_execute(&sql).await.unwrap();
            let state = node.engine.state(&transaction).await.unwrap();
            assert!(seen.insert(state.hash), "{change}");
            transaction.rollback().await.unwrap();
        }
        // What is the same value in another form is the same state.
        for change in [
            "tags = array_append('[0:0]={ann}', caller) FROM (VALUES ('0xca11e4')) AS v (caller)",
            "rate = 0.5000",
        ] {
            let transaction = begin(&mut node.session.client).await.unwrap();
            let sql = format!("UPDATE ds_bank.accounts SET {change} WHERE name = 'ann'");
            transaction.batch_execute(&sql).await.unwrap();
            assert_eq!(node.engine.state(&transaction).await.unwrap().hash, before, "{change}");
            transaction.rollback().await.unwrap();
        }
    });
}

#[test]
fn the_state_is_hashed_as_often_as_the_chain_says() {
    block_on(async {
        let url = deployed(&packages(&[include_str!("bank.kf")], None)).await;
        let mut node = Node::of(url, Rules { state_every: 3, ..rules() }).await;
        for block in &blocks(7, 6) {
            let outcome = node.run(block).await.unwrap();
            assert_eq!(outcome.state.is_some(), block.height % 3 == 0, "{}", block.height);
            if let Some(state) = outcome.state {
                assert_eq!(node.state().await, state);
            }
        }
    });
}

#[test]
fn a_redeploy_between_blocks_is_part_of_the_state() {
    block_on(async {
        let mut node = Node::new().await;
        let opened = |txid: &str| request(txid, "open_account", json!([txid, 10]));
        let first = node.run(&block(1, vec![opened("ann")])).await.unwrap();
        let source = include_str!("bank.kf").replace("'refusing'", "'refusing it'");
        let packages = packages(&[source.as_str()], None);
        kuneiform::deploy::deploy_packages(&mut node.session, &packages, &mut |_| {}).await.unwrap();
        let heights = "SELECT sum(version * 10 + coalesce(height, 5))::int8 FROM kf.version";
        assert_eq!(node.number(heights).await, 10 + 5 + 20 + 1, "the second version came after block 1");
        let second = node.run(&block(2, Vec::new())).await.unwrap();
        assert_ne!(second.state, first.state);
        let words = Given::Words(vec!["bob".into(), "3".into()]);
        let mut bob = opened("bob");
        bob.calls[0].arguments = words;
        let third = node.run(&block(3, vec![Request { caller: "x".into(), ..bob }])).await.unwrap();
        assert!(third.receipts[0].is_ok());
        assert_eq!(third.state, Some(node.state().await));
    });
}
