//! A private server for one benchmark. It does not flush to disk, so that what is compared is work, not the disk.

use std::path::PathBuf;

use kuneiform::deploy::connect::{Session, connect};
use kuneiform::deploy::embedded::ThrowAway;
use kuneiform::deploy::registry;

/// A server that ends with this process.
pub struct Server(ThrowAway);

impl Server {
    /// Starts it.
    pub fn start() -> Server {
        let folder: PathBuf = std::env::temp_dir().join(format!("kf-bench-{}", std::process::id()));
        Server(ThrowAway::start(&folder).expect("the benchmark needs PostgreSQL"))
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        let url = self.0.url();
        let (before, query) = url.split_once('?').map_or((url.as_str(), None), |(a, b)| (a, Some(b)));
        let (scheme, rest) = before.split_once("://").expect("the server's address is a URL");
        let authority = rest.split('/').next().unwrap_or_default();
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        format!("{scheme}://{authority}/{database}{query}")
    }

    /// Makes a database with roles and registry, and a session of the server's superuser in it.
    pub async fn database(&self, name: &str) -> Session {
        let session = connect(&self.0.url()).await.expect("the server answers");
        let made = session.client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).await;
        made.expect("a database can be made");
        session.close().await;
        let mut session = connect(&self.url(name)).await.expect("the database answers");
        registry::ensure(&mut session).await.expect("the registry can be made");
        session
    }

    /// Drops a database that nobody uses any more.
    pub async fn drop_database(&self, name: &str) {
        let session = connect(&self.0.url()).await.expect("the server answers");
        let dropped = session.client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        dropped.expect("a database can be dropped");
        session.close().await;
    }
}

/// What the numbers depend on, for the head of a report: PostgreSQL's version and the number of cores.
pub async fn circumstances(session: &Session) -> String {
    let version = session.client.query_one("SHOW server_version", &[]).await.expect("the server answers");
    let version: String = version.get(0);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("PostgreSQL {version}, {cores} cores, {} {}", std::env::consts::ARCH, std::env::consts::OS)
}

/// Runs everything on this thread.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made")
        .block_on(work)
}
