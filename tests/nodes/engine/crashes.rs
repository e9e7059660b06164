//! The server's process of the node is killed in the middle of blocks and while they are committed.

use std::time::Duration;

use kuneiform::deploy::connect::connect;
use kuneiform::engine::{Block, Outcome};

use super::life::blocks;
use super::node::Node;
use crate::support::block_on;

/// Runs a block, coming back after each crash, which happens `after` the block began; how often it crashed.
async fn run(mut node: Node, block: &Block, kills: &[Duration]) -> (Node, Outcome, usize) {
    let (mut crashes, mut kills) = (0, kills.iter());
    loop {
        let killer = kills.next().map(|after| {
            let (url, after) = (node.url.clone(), *after);
            let pid = node.pid;
            async move {
                let other = connect(&url).await.unwrap();
                tokio::time::sleep(after).await;
                other.client.execute("SELECT pg_terminate_backend($1)", &[&pid]).await.unwrap();
                other.close().await;
            }
        });
        let outcome = match killer {
            // Both at once: the server decides which comes first.
            Some(killer) => tokio::join!(node.run(block), killer).0,
            None => node.run(block).await,
        };
        match outcome {
            Ok(outcome) => return (node, outcome, crashes),
            Err(error) => {
                assert!(error.is_passing(), "{error}");
                crashes += 1;
                node = node.again().await;
            }
        }
    }
}

#[test]
fn killed_at_any_point_the_chain_goes_on_without_loss_or_double() {
    block_on(async {
        let blocks = blocks(6, 25);
        let (mut node, mut calm) = (Node::new().await, Node::new().await);
        let mut crashes = 0;
        for block in &blocks {
            let kills: Vec<Duration> = [0, 3, 9, 20, 30, 45]
                .map(|millis| Duration::from_millis(millis + block.height as u64))
                .to_vec();
            let (again, outcome, crashed) = run(node, block, &kills).await;
            node = again;
            crashes += crashed;
            let wanted = calm.run(block).await.unwrap();
            assert_eq!(outcome.receipts, wanted.receipts);
            assert_eq!((outcome.state, outcome.app_hash), (wanted.state, wanted.app_hash));
        }
        assert!(crashes >= 6, "{crashes} crashes");
        // The last may have come after the last block.
        node = node.again().await;
        assert_eq!(node.state().await, calm.state().await);
        assert_eq!(node.number("SELECT count(*) FROM kf.receipt").await, 6 * 25);
    });
}
