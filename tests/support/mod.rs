//! One private PostgreSQL for a test process, and a database of its own for each test.
//!
//! `KF_TEST_DATABASE_URL` names another server, whose login must be a superuser. Without PostgreSQL tests fail.
#![allow(dead_code, missing_docs, reason = "each test file uses what it needs")]

pub mod anvil;
pub mod calls;
pub mod corpus;
pub mod here;
pub mod packages;
pub mod programs;
pub mod proxy;
pub mod story;
pub mod verify;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use kuneiform::deploy::connect::{Session, connect};
use kuneiform::deploy::embedded::ThrowAway;

static SERVER: OnceLock<(String, Option<ThrowAway>)> = OnceLock::new();
static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A name no other test process uses.
pub fn unique(prefix: &str) -> String {
    format!("{prefix}_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

/// A folder for a test that the server's user can reach, deleted when dropped.
pub fn scratch() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("kf-test-").tempdir().unwrap();
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// The address of the test server's maintenance database. The server is started at the first call and ends with the process.
pub fn server() -> &'static str {
    let (url, _) = SERVER.get_or_init(|| match std::env::var("KF_TEST_DATABASE_URL") {
        Ok(url) => (url, None),
        Err(_) => {
            let folder: PathBuf = std::env::temp_dir().join(unique("kf-test"));
            let server = ThrowAway::start(&folder).expect("tests need PostgreSQL");
            (server.url(), Some(server))
        }
    });
    url
}

/// The address `url` with another database.
pub fn with_database(url: &str, database: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (rest, query) =
                rest.split_once('?').map_or((rest, String::new()), |(a, b)| (a, format!("?{b}")));
            let authority = rest.split('/').next().unwrap();
            format!("{scheme}://{authority}/{database}{query}")
        }
        None => format!("{url} dbname={database}"),
    }
}

/// The address `url` with another login.
pub fn with_user(url: &str, user: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            format!("{scheme}://{user}@{}", rest.rsplit_once('@').map_or(rest, |(_, rest)| rest))
        }
        None => format!("{url} user={user}"),
    }
}

/// A runtime that drives everything on the test's own thread.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// An empty database of its own.
pub async fn empty_database() -> String {
    copy_of("template0").await
}

/// A database of its own that is as `template` is. Its files are copied, which takes a quarter of what it takes to log
/// them block by block; before 15 PostgreSQL knows no other way.
async fn copy_of(template: &str) -> String {
    let name = unique("kf_test");
    let session = connect(server()).await.unwrap();
    let copying = "SELECT CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 'STRATEGY file_copy' ELSE '' END";
    let copying: String = session.client.query_one_scalar(copying, &[]).await.unwrap();
    let make = format!("CREATE DATABASE {name} TEMPLATE {template} {copying}");
    session.client.batch_execute(&make).await.unwrap();
    session.close().await;
    with_database(server(), &name)
}

/// A session of the test server's superuser in the database at `url`.
pub async fn session(url: &str) -> Session {
    connect(url).await.unwrap()
}

static TEMPLATE: OnceLock<String> = OnceLock::new();

/// A database of its own with everything the first deploy makes.
pub async fn database() -> String {
    let template = TEMPLATE.get_or_init(|| {
        std::thread::spawn(|| {
            block_on(async {
                let url = empty_database().await;
                let mut session = connect(&url).await.unwrap();
                kuneiform::deploy::registry::ensure(&mut session).await.unwrap();
                session.close().await;
                url.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned()
            })
        })
        .join()
        .unwrap()
    });
    copy_of(template).await
}
