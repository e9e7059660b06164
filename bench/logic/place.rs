//! A database with the schemas, their data, and the functions they are compared with.

use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;

use crate::support::project;
use crate::support::server::Server;

/// What every action is deployed and called with, for the session instead of a transaction.
const PIN: &str = include_str!("../../src/deploy/registry/pin.sql");

const FILES: [(&str, &str); 2] =
    [("people.kf", include_str!("people.kf")), ("logic.kf", include_str!("logic.kf"))];

/// A session that has the rights of whoever calls.
pub async fn prepare(server: &Server) -> Session {
    let mut session = server.database("logic").await;
    let files = FILES.map(|(name, text)| (name.to_owned(), text.to_owned()));
    deploy_packages(&mut session, &project::packages(&files), &mut |_| {}).await.unwrap();
    let client = &session.client;
    for sql in [include_str!("data.sql"), include_str!("hand.sql"), include_str!("late.sql")] {
        client.batch_execute(sql).await.unwrap();
    }
    client.batch_execute("VACUUM ANALYZE").await.unwrap();
    client.batch_execute(&PIN.replace("SET LOCAL", "SET")).await.unwrap();
    client.batch_execute("SET ROLE kf_public").await.unwrap();
    session
}
