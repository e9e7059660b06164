//! Through PgBouncer in transaction mode, which gives every transaction another server connection and keeps neither
//! prepared statements nor settings nor locks of a session.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::here::Here;
use crate::support::packages::{ens, social};
use crate::support::{block_on, empty_database, scratch, story};
use kuneiform::deploy::connect::{Settings, connect};

/// A pooler before the test server, stopped when dropped.
struct Pooler {
    process: Child,
    folder: tempfile::TempDir,
    user: String,
}

impl Pooler {
    /// With at most `size` server connections for the database at `url`; the tests' own server has the socket that this needs.
    fn before(url: &str, size: u32) -> Pooler {
        let settings = Settings::from_environment(url).unwrap();
        let host = &settings.hosts[0];
        assert!(host.is_socket(), "these tests need a server with a socket, and {url} has none");
        let folder = scratch();
        let owner = std::fs::metadata(&host.name).unwrap();
        std::os::unix::fs::chown(folder.path(), Some(owner.uid()), Some(owner.gid())).unwrap();
        let text = |name: &str, text: String| {
            std::fs::write(folder.path().join(name), text).unwrap();
            let mode = std::fs::Permissions::from_mode(0o644);
            std::fs::set_permissions(folder.path().join(name), mode).unwrap();
        };
        text("users", format!("\"{}\" \"\"\n", settings.user));
        text("pgbouncer.ini", configuration(folder.path(), &host.name, host.port, size));
        let mut command = Command::new(program());
        command.arg("-q").arg(folder.path().join("pgbouncer.ini"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // It refuses to run as root.
        if std::fs::metadata(folder.path().join("users")).unwrap().uid() == 0 {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let process = command.spawn().expect("tests need pgbouncer");
        let pooler = Pooler { process, folder, user: settings.user };
        let give_up = Instant::now() + Duration::from_secs(10);
        while UnixStream::connect(pooler.folder.path().join(".s.PGSQL.6432")).is_err() {
            assert!(Instant::now() < give_up, "pgbouncer does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        pooler
    }

    fn url(&self, database: &str) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgresql://{}@{folder}:6432/{database}", self.user)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> PathBuf {
    ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"]
        .map(PathBuf::from)
        .into_iter()
        .find(|path| path.exists())
        .unwrap_or_else(|| "pgbouncer".into())
}

fn configuration(folder: &Path, host: &str, port: u16, size: u32) -> String {
    let folder = folder.display();
    format!(
        "[databases]\n* = host={host} port={port}\n\
         [pgbouncer]\nlisten_port = 6432\nunix_socket_dir = {folder}\nunix_socket_mode = 0777\n\
         auth_type = trust\nauth_file = {folder}/users\nlogfile = {folder}/log\n\
         pool_mode = transaction\ndefault_pool_size = {size}\nserver_round_robin = 1\n"
    )
}

fn database_of(url: &str) -> String {
    url.rsplit('/').next().unwrap().to_owned()
}

#[test]
fn the_readmes_story_is_told_through_a_pooler() {
    let url = block_on(empty_database());
    let pooler = Pooler::before(&url, 3);
    story::tell(&Here::at(pooler.url(&database_of(&url))));
}

/// Several sessions share fewer server connections; nothing of one is seen by another, or stays behind.
#[test]
fn sessions_that_share_connections_leave_nothing_behind() {
    let url = block_on(empty_database());
    let pooler = Pooler::before(&url, 2);
    let through = pooler.url(&database_of(&url));
    let threads: Vec<_> = (0..6)
        .map(|number| {
            let through = through.clone();
            std::thread::spawn(move || block_on(work(&through, number)))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    block_on(async {
        // Whichever of the pool's connections answers, it is as it was.
        let session = connect(&through).await.unwrap();
        for _ in 0..4 {
            let found = session.client.simple_query(
                "SELECT current_user = session_user AND current_setting('role') = 'none', \
                 (SELECT count(*) FROM pg_prepared_statements), \
                 (SELECT count(*) FROM pg_settings WHERE source = 'session' \
                  AND name IN ('search_path', 'lock_timeout', 'statement_timeout', 'work_mem', 'jit', 'plan_cache_mode')), \
                 (SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database \
                  WHERE l.locktype = 'advisory' AND d.datname = current_database())",
            );
            let found = found.await.unwrap();
            let row = found.iter().find_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            });
            let cells: Vec<&str> = (0..4).map(|index| row.unwrap().get(index).unwrap()).collect();
            assert_eq!(cells, ["t", "0", "0", "0"]);
        }
    });
}

/// What looks through tables is done before and after the switch by statements that need no session.
#[test]
fn large_tables_are_looked_through_through_a_pooler() {
    let url = block_on(empty_database());
    let pooler = Pooler::before(&url, 2);
    let package = |columns: &str| {
        let mut sources = kuneiform::Sources::new();
        sources.add("shop.kf", format!("database shop;\ntable items {{ id int primary, {columns} }}\n"));
        kuneiform::compile(&sources, &kuneiform::Options::default()).packages
    };
    block_on(async {
        let mut session = connect(&pooler.url(&database_of(&url))).await.unwrap();
        let plain = package("name text, code text, size int");
        kuneiform::deploy::deploy_packages(&mut session, &plain, &mut |_| {}).await.unwrap();
        let next = package("name text, code text unique not_null, size int min(0), #by_name index(name)");
        let mut prepared = kuneiform::deploy::prepare(&session, &next).await.unwrap();
        prepared.manner.large = 0;
        let all = kuneiform::deploy::Consent::ALL;
        kuneiform::deploy::apply(&mut session, &prepared, all, &mut |_| {}).await.unwrap();
        let direct = connect(&url).await.unwrap();
        let found: String = direct
            .client
            .query_one_scalar(
                "SELECT concat_ws(' ', (SELECT count(*) FROM kf.pending), \
                 (SELECT string_agg(c.relname || i.indisvalid, ' ' ORDER BY c.relname COLLATE \"C\") FROM pg_index AS i \
                  JOIN pg_class AS c ON c.oid = i.indexrelid WHERE i.indrelid = 'ds_shop.items'::regclass), \
                 (SELECT bool_and(convalidated) FROM pg_constraint WHERE conrelid = 'ds_shop.items'::regclass))",
                &[],
            )
            .await
            .unwrap();
        assert_eq!(found, "0 items_by_nametrue items_code_keytrue items_pkeytrue t");
    });
}

/// Deploys and calls, as often as a pool of two has to change hands.
async fn work(through: &str, number: usize) {
    use kuneiform::deploy::call::{Call, Context, Given, Role, call};
    let mut session = connect(through).await.unwrap();
    let ens = ens();
    let deployed =
        kuneiform::deploy::deploy_packages(&mut session, &[ens.clone(), social(&ens)], &mut |_| {}).await;
    assert_eq!(deployed.unwrap().len(), 2);
    for turn in 0..15 {
        let caller = format!("0x{number}{turn}");
        let context = Context {
            caller,
            txid: String::new(),
            height: 0,
            block_timestamp: 0,
            authenticator: String::new(),
        };
        let wanted = Call {
            dataset: "ens".into(),
            action: "create_wallet".into(),
            arguments: Given::Words(vec![format!("w{number}_{turn}"), format!("0x{number}_{turn}")]),
            context,
            role: Role::Oracle,
        };
        call(&mut session, &wanted).await.unwrap();
    }
    session.close().await;
}
