//! A database with the example network, its data, and the functions it is compared with.

use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;

use crate::support::project;
use crate::support::server::Server;

/// What every action is deployed and called with, for the session instead of a transaction.
const PIN: &str = include_str!("../../src/deploy/registry/pin.sql");

/// An author whose posts are asked for, and who posts.
pub struct Probe {
    /// The wallet's address.
    pub address: String,
    /// The name it owns.
    pub name: String,
}

/// Makes a database of `names` names and gives a session in it that has the rights of whoever calls.
pub async fn prepare(server: &Server, names: i32) -> (Session, Vec<Probe>) {
    let mut session = server.database(&format!("names_{names}")).await;
    let packages = project::packages(&project::network());
    deploy_packages(&mut session, &packages, &mut |_| {}).await.unwrap();
    let client = &session.client;
    for sql in [include_str!("functions.sql"), include_str!("data.sql"), include_str!("loops.sql")] {
        client.batch_execute(sql).await.unwrap();
    }
    let posts = (names * 10).min(1_000_000);
    client.execute("SELECT bench.fill($1, $2)", &[&names, &posts]).await.unwrap();
    client.batch_execute("VACUUM ANALYZE").await.unwrap();
    let rows =
        client.query("SELECT address, name FROM bench.probes($1, $2)", &[&names, &posts]).await.unwrap();
    let probes: Vec<Probe> = rows.iter().map(|row| Probe { address: row.get(0), name: row.get(1) }).collect();
    assert_eq!(probes.len(), 100, "a hundred probes");
    client.batch_execute(&PIN.replace("SET LOCAL", "SET")).await.unwrap();
    client.batch_execute("SET ROLE kf_public").await.unwrap();
    (session, probes)
}
