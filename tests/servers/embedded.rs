//! The private server: fresh, again, twice at once, killed at any time, deep in the file system.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{block_on, scratch};
use kuneiform::deploy::connect::connect;
use kuneiform::deploy::embedded::Embedded;

/// A durable server for one test, which must not outlive it.
struct Guarded {
    server: Embedded,
    folder: PathBuf,
    _folder: tempfile::TempDir,
}

fn guarded(below: &str) -> Guarded {
    let scratch = scratch();
    let folder = scratch.path().join(below).join(".kf");
    Guarded { server: Embedded::at(&folder), folder, _folder: scratch }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.server.reset().unwrap();
    }
}

/// From 16 on there is no setting that shows it.
const COLLATION: &str = "SELECT datcollate FROM pg_database WHERE datname = current_database()";

fn value(url: &str, sql: &str) -> String {
    block_on(async {
        let session = connect(url).await.unwrap();
        let value: String = session.client.query_one_scalar(sql, &[]).await.unwrap();
        session.close().await;
        value
    })
}

fn run(url: &str, sql: &str) {
    block_on(async { connect(url).await.unwrap().client.batch_execute(sql).await.unwrap() });
}

fn kill(pid: i32) {
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
}

#[test]
fn starts_keeps_data_stops_and_resets() {
    let kf = guarded("");
    assert_eq!(kf.server.status().place, None);
    assert!(!kf.folder.exists(), "asking must not make anything");
    let url = kf.server.start().unwrap();
    assert_eq!(value(&url, "SHOW fsync"), "on");
    assert_eq!(value(&url, COLLATION), "C");
    assert_eq!(value(&url, "SHOW server_encoding"), "UTF8");
    assert_eq!(value(&url, "SHOW listen_addresses"), "");
    run(&url, "CREATE TABLE t (v text); INSERT INTO t VALUES ('kept')");
    let pid = kf.server.status().pid.unwrap();
    assert_eq!(kf.server.start().unwrap(), url, "a running server is used");
    assert_eq!(kf.server.status().pid, Some(pid));
    assert!(kf.server.stop().unwrap());
    assert!(!kf.server.stop().unwrap());
    assert_eq!(kf.server.status().pid, None);
    let started = Instant::now();
    kf.server.start().unwrap();
    eprintln!("restart took {:?}", started.elapsed());
    assert_eq!(value(&url, "SELECT v FROM t"), "kept");
    kf.server.reset().unwrap();
    assert_eq!(kf.server.status().place, None);
}

#[test]
fn survives_kills_at_any_time() {
    let kf = guarded("");
    let url = kf.server.start().unwrap();
    run(&url, "CREATE TABLE t (n int)");
    for n in 1..=2 {
        run(&url, &format!("INSERT INTO t VALUES ({n})"));
        kill(kf.server.status().pid.unwrap());
        assert_eq!(kf.server.start().unwrap(), url);
        assert_eq!(value(&url, "SELECT count(*)::text FROM t"), n.to_string());
    }
}

#[test]
fn a_left_over_process_number_is_not_taken_for_the_server() {
    let kf = guarded("");
    let url = kf.server.start().unwrap();
    let status = kf.server.status();
    let data = status.place.unwrap().data();
    let pid_file = std::fs::read_to_string(data.join("postmaster.pid")).unwrap();
    kill(status.pid.unwrap());
    // After a reboot or in a new container the number may belong to any process, here this one.
    let other = pid_file.replacen(&status.pid.unwrap().to_string(), &std::process::id().to_string(), 1);
    std::thread::sleep(Duration::from_millis(50));
    std::fs::write(data.join("postmaster.pid"), other).unwrap();
    assert_eq!(kf.server.status().pid, None);
    kf.server.start().unwrap();
    assert_eq!(value(&url, "SELECT 'up'"), "up");
}

#[test]
fn a_half_made_cluster_is_made_anew() {
    let kf = guarded("");
    let unfinished = kf.folder.join("postgres/data.new");
    std::fs::create_dir_all(&unfinished).unwrap();
    std::fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    give_to_server_user(&kf.folder.join("postgres"));
    let url = kf.server.start().unwrap();
    assert_eq!(value(&url, "SELECT 'up'"), "up");
    assert!(!unfinished.exists());
}

/// What `kf` itself does when it makes the folder as root.
fn give_to_server_user(folder: &Path) {
    if Command::new("id").arg("-u").output().unwrap().stdout.trim_ascii() == b"0" {
        assert!(Command::new("chown").arg("-R").arg("postgres").arg(folder).status().unwrap().success());
    }
}

#[test]
fn many_starting_at_once_get_one_server() {
    let kf = guarded("");
    let starters: Vec<_> = (0..6)
        .map(|_| {
            let server = kf.server.clone();
            std::thread::spawn(move || server.start().unwrap())
        })
        .collect();
    let urls: Vec<String> = starters.into_iter().map(|starter| starter.join().unwrap()).collect();
    assert!(urls.iter().all(|url| *url == urls[0]));
    assert_eq!(value(&urls[0], "SELECT 'up'"), "up");
}

#[test]
fn a_deep_project_works() {
    let kf = guarded(&"a folder with ünusual näme/".repeat(6));
    let url = kf.server.start().unwrap();
    assert_eq!(value(&url, "SELECT 'up'"), "up");
    let place = kf.server.status().place.unwrap();
    assert!(place.socket.starts_with("/tmp") && place.root.as_os_str().len() > 107);
}

#[test]
fn root_may_work_where_the_server_user_cannot_look() {
    if Command::new("id").arg("-u").output().unwrap().stdout.trim_ascii() != b"0" {
        return; // Only root has the difficulty.
    }
    use std::os::unix::fs::PermissionsExt;
    let kf = guarded("closed/project");
    let closed = kf.folder.parent().unwrap().parent().unwrap();
    std::fs::create_dir_all(closed.join("project")).unwrap();
    std::fs::set_permissions(closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    let url = kf.server.start().unwrap();
    assert_eq!(value(&url, "SELECT 'up'"), "up");
    let root = kf.server.status().place.unwrap().root;
    assert!(!root.starts_with(closed), "{root:?}");
    kf.server.reset().unwrap();
    assert!(!root.exists());
}
