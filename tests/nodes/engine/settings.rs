//! A server that is set otherwise is refused by the setting's name.

use kuneiform::deploy::connect::connect;
use kuneiform::engine::{Engine, EngineError, Local, SETTINGS, begin};

use super::node::{Node, block, local};
use crate::support::{block_on, empty_database};

/// The setting that `Engine::start` refuses a session with this command for.
async fn refused(url: &str, command: &str, local: Local) -> Option<String> {
    let session = connect(url).await.unwrap();
    session.client.batch_execute(command).await.unwrap();
    match Engine::start(&session.client, local).await {
        Ok(_) => None,
        Err(EngineError::Setting { name, .. }) => Some(name),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn wrong_settings_are_refused_by_name() {
    block_on(async {
        let url = Node::new().await.url;
        for (name, value) in [
            ("session_replication_role", "replica"),
            ("max_stack_depth", "'1MB'"),
            ("zero_damaged_pages", "on"),
            ("ignore_checksum_failure", "on"),
            ("plpgsql.extra_errors", "'all'"),
            ("gin_fuzzy_search_limit", "1000"),
        ] {
            assert!(SETTINGS.iter().any(|setting| setting.name == name));
            // The registry says so itself of what makes a deploy unsafe.
            if name != "session_replication_role" {
                assert_eq!(
                    refused(&url, &format!("SET {name} = {value}"), local()).await.as_deref(),
                    Some(name)
                );
            }
        }
        assert_eq!(refused(&url, "SELECT 1", local()).await, None);
        assert_eq!(refused(&url, "SELECT 1", Local::default()).await.as_deref(), Some("fsync"));
    });
}

#[test]
fn a_database_without_registry_and_a_stricter_transaction_are_refused() {
    block_on(async {
        let session = connect(&empty_database().await).await.unwrap();
        assert!(matches!(Engine::start(&session.client, local()).await, Err(EngineError::Refused(_))));
        let mut node = Node::new().await;
        let strict = node.session.client.build_transaction();
        let strict =
            strict.isolation_level(tokio_postgres::IsolationLevel::Serializable).start().await.unwrap();
        match node.engine.block(&strict, &block(1, Vec::new())).await {
            Err(EngineError::Setting { name, .. }) => assert_eq!(name, "transaction_isolation"),
            other => panic!("{other:?}"),
        }
        strict.rollback().await.unwrap();
        let transaction = begin(&mut node.session.client).await.unwrap();
        node.engine.block(&transaction, &block(1, Vec::new())).await.unwrap();
    });
}
