//! Blocks of requests: what fails alone, what stops the node, what is written down.

use kuneiform::deploy::connect::connect;
use kuneiform::engine::{By, EngineError, LONGEST_TXID, Local, Request, begin};
use serde_json::json;

use super::node::{Node, block, genesis, invocation, request, rules, statuses};
use crate::support::block_on;

#[test]
fn every_request_gets_a_receipt_and_those_that_fail_leave_nothing() {
    block_on(async {
        let mut node = Node::new().await;
        let oracle = |request: Request| Request { by: By::Oracle, ..request };
        let two = |txid: &str, second: i64| Request {
            calls: vec![
                invocation("transfer", json!(["ann", second, "bob", 1])),
                invocation("divide", json!(["ann", second])),
            ],
            ..request(txid, "", json!([]))
        };
        let outcome = node
            .run(&block(
                1,
                vec![
                    request("1", "open_account", json!(["ann", 10])),
                    request("2", "open_account", json!(["bob", 0])),
                    request("3", "open_account", json!(["bob", 0])),
                    request("4", "transfer", json!(["ann", 1, "bob", 11])),
                    request("5", "divide", json!(["ann", 0])),
                    request("6", "refuse", json!(["not today"])),
                    request("7", "deposit", json!(["ann", 5])),
                    oracle(request("8", "deposit", json!(["ann", 5]))),
                    oracle(request("9", "transfer", json!(["ann", 1, "bob", 1]))),
                    request("10", "secret", json!([])),
                    request("11", "nowhere", json!([])),
                    request("12", "divide", json!(["ann"])),
                    request("13", "divide", json!(["ann", "x"])),
                    request("1", "divide", json!(["ann", 3])),
                    Request { caller: String::new(), ..request("15", "divide", json!(["ann", 3])) },
                    two("16", 0),
                    two("17", 2),
                    request("18", "many", json!([9_999])),
                    request("19", "many", json!([10_000])),
                    request("20", "accounts_of", json!([0])),
                ],
            ))
            .await
            .unwrap();
        let wanted = [
            "OK", "OK", "23", "23", "22", "KF001", "KF004", "OK", "KF004", "KF004", "KF004", "KF011",
            "KF011", "KF010", "KF005", "22", "OK", "OK", "KF009", "OK",
        ];
        assert_eq!(statuses(&outcome), wanted);
        let used: Vec<(i64, i64)> = outcome.receipts.iter().map(|it| (it.steps, it.rows)).collect();
        assert_eq!([used[16], used[17], used[18], used[19]], [(2, 0), (10_000, 9_999), (0, 0), (3, 2)]);
        let sql = "SELECT string_agg(name || balance || encode(seal, 'hex'), ' ' ORDER BY name) FROM ds_bank.accounts";
        let told: String = node.session.client.query_one(sql, &[]).await.unwrap().get(0);
        assert_eq!(told, "ann7ca11e4 bob1ca11e4");
        assert_eq!(node.engine.head(&node.session.client).await.unwrap().unwrap().app_hash, outcome.app_hash);
    });
}

#[test]
fn a_block_that_was_committed_is_told_again_and_no_other_takes_its_place() {
    block_on(async {
        let mut node = Node::new().await;
        let first = block(
            1,
            vec![request("1", "open_account", json!(["ann", 10])), request("2", "refuse", json!(["no"]))],
        );
        let outcome = node.run(&first).await.unwrap();
        assert!(!outcome.replayed);
        let mut node = node.again().await;
        let again = node.run(&first).await.unwrap();
        assert!(again.replayed);
        assert_eq!(
            (&again.receipts, again.state, again.app_hash),
            (&outcome.receipts, outcome.state, outcome.app_hash)
        );
        assert_eq!(node.engine.committed(&node.session.client, 1).await.unwrap(), Some(again));
        assert_eq!(node.engine.committed(&node.session.client, 2).await.unwrap(), None);
        let other = block(1, vec![request("1", "open_account", json!(["ann", 11]))]);
        assert!(matches!(node.run(&other).await, Err(EngineError::Fork { height: 1, .. })));
        assert!(matches!(
            node.run(&block(3, Vec::new())).await,
            Err(EngineError::Gap { expected: 2, found: 3 })
        ));
        // The same request in a later block is not done again, whatever became of it.
        let later = node.run(&block(2, first.requests.clone())).await.unwrap();
        assert_eq!(statuses(&later), ["KF010", "KF010"]);
        assert_eq!(node.number("SELECT balance FROM ds_bank.accounts").await, 10);
    });
}

#[test]
fn what_no_database_can_hold_is_refused_before_anything_is_done() {
    block_on(async {
        let mut node = Node::new().await;
        let fine = || request("1", "open_account", json!(["ann", 10]));
        let long = "x".repeat(LONGEST_TXID);
        let wrong = [
            Request { txid: String::new(), ..fine() },
            Request { txid: format!("{long}x"), ..fine() },
            Request { txid: "1\0".into(), ..fine() },
            Request { caller: "\0".into(), ..fine() },
            request("1", "open\0", json!([])),
        ];
        for request in wrong {
            let refused = node.run(&block(1, vec![fine(), request])).await;
            assert!(matches!(refused, Err(EngineError::Malformed { request: 1, .. })), "{refused:?}");
        }
        let fits = Request { txid: long, ..fine() };
        let nul = request("2", "open_account", json!(["\0", 10]));
        assert_eq!(statuses(&node.run(&block(1, vec![fits, nul])).await.unwrap()), ["OK", "KF011"]);
    });
}

#[test]
fn what_was_written_down_cannot_be_changed() {
    block_on(async {
        let mut node = Node::new().await;
        node.run(&block(1, vec![request("1", "open_account", json!(["ann", 10]))])).await.unwrap();
        for sql in [
            "UPDATE kf.receipt SET status = 'KF001'",
            "DELETE FROM kf.receipt",
            "TRUNCATE kf.receipt",
            "UPDATE kf.block SET app_hash = ''",
            "DELETE FROM kf.block",
            "DELETE FROM kf.chain",
            "INSERT INTO kf.block SELECT 3, id, block_timestamp, calls, receipts, state, app_hash FROM kf.block",
        ] {
            let error = node.session.client.batch_execute(sql).await.unwrap_err();
            assert_eq!(error.code().unwrap().code(), "55000", "{sql}");
        }
        let transaction = begin(&mut node.session.client).await.unwrap();
        let other = node
            .engine
            .genesis(&transaction, &genesis(kuneiform::engine::Rules { budget: 1, ..rules() }))
            .await;
        assert!(matches!(other, Err(EngineError::OtherGenesis { .. })));
    });
}

#[test]
fn what_is_this_servers_fault_gives_up_the_block() {
    block_on(async {
        let mut node = Node::new().await;
        node.run(&block(1, vec![request("1", "open_account", json!(["ann", 10]))])).await.unwrap();
        let next = block(
            2,
            vec![request("2", "divide", json!(["ann", 2])), request("3", "divide", json!(["ann", 2]))],
        );
        // A lock that somebody holds, and a clock that runs out meanwhile.
        let other = connect(&node.url).await.unwrap();
        other.client.batch_execute("BEGIN; LOCK TABLE ds_bank.accounts").await.unwrap();
        node.engine = kuneiform::engine::Engine::start(
            &node.session.client,
            Local { patience: Some(std::time::Duration::from_millis(200)), durable: false },
        )
        .await
        .unwrap();
        match node.run(&next).await {
            Err(EngineError::Halt { sqlstate, .. }) => assert_eq!(sqlstate.as_deref(), Some("57014")),
            other => panic!("{other:?}"),
        }
        other.client.batch_execute("ROLLBACK").await.unwrap();
        // Rights that somebody took away: no other replica would refuse.
        let revoke = "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ds_bank FROM kf_public";
        other.client.batch_execute(revoke).await.unwrap();
        match node.run(&next).await {
            Err(EngineError::Halt { sqlstate, .. }) => assert_eq!(sqlstate.as_deref(), Some("42501")),
            other => panic!("{other:?}"),
        }
        other
            .client
            .batch_execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ds_bank TO kf_public")
            .await
            .unwrap();
        assert_eq!(statuses(&node.run(&next).await.unwrap()), ["OK", "OK"]);
        assert_eq!(node.number("SELECT balance FROM ds_bank.accounts").await, 2);
    });
}
