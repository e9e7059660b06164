//! Deploys through failures: servers killed at any moment, connections cut while a commit is under way.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::support::packages::ens_with;
use crate::support::{block_on, database, scratch};
use kuneiform::deploy::call::{Call, Context, Given, Role, call};
use kuneiform::deploy::connect::{Session, Settings, connect};
use kuneiform::deploy::embedded::Embedded;
use kuneiform::deploy::{DeployError, Done, deploy_packages};
use kuneiform::diagnostics::Code;
use kuneiform::interface::Package;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

async fn deploy(session: &mut Session, packages: &[Package]) -> Result<Vec<(Done, i32)>, DeployError> {
    let outcomes =
        deploy_packages(session, packages, &mut |_| {}).await.map_err(|mut errors| errors.remove(0))?;
    Ok(outcomes.into_iter().map(|outcome| (outcome.done, outcome.version)).collect())
}

fn version(number: usize) -> Package {
    ens_with(&format!("  RETURN QUERY SELECT 'version'::text, '{number}'::text;")).package()
}

/// What the dataset answers, and that the registry says the same.
async fn whole(session: &mut Session) -> Option<usize> {
    let hash: Option<String> =
        session.client.query_opt_scalar("SELECT sql_hash FROM kf.dataset", &[]).await.unwrap();
    let hash = hash?;
    let context = Context {
        caller: "a".into(),
        txid: String::new(),
        height: 0,
        block_timestamp: 0,
        authenticator: String::new(),
    };
    let wanted = Call {
        dataset: "ens".into(),
        action: "get_ownership".into(),
        arguments: Given::Words(vec![]),
        context,
        role: Role::Public,
    };
    let answer = call(session, &wanted).await.unwrap();
    let kuneiform::deploy::call::Cell::One(number) = &answer.rows[0][1] else { panic!("{answer:?}") };
    let number = number.parse().unwrap();
    assert_eq!(hash, version(number).hash(), "registry and functions are of different versions");
    Some(number)
}

/// A durable server, killed at different moments of a deploy: afterwards the dataset is wholly old or wholly new.
#[test]
fn a_server_killed_during_a_deploy_leaves_old_or_new() {
    let scratch = scratch();
    let server = Embedded::at(&scratch.path().join(".kf"));
    let url = server.start().unwrap();
    block_on(async {
        deploy(&mut connect(&url).await.unwrap(), &[version(0)]).await.unwrap();
        let mut last = 0;
        for number in 1..=5 {
            let pid = server.status().pid.unwrap();
            let delay = Duration::from_millis(4 * number as u64);
            let killer = std::thread::spawn(move || {
                std::thread::sleep(delay);
                assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
            });
            let outcome = match connect(&url).await {
                Ok(mut session) => {
                    tokio::time::timeout(Duration::from_secs(2), deploy(&mut session, &[version(number)]))
                        .await
                }
                Err(error) => Ok(Err(error)),
            };
            killer.join().unwrap();
            server.start().unwrap();
            let found = whole(&mut connect(&url).await.unwrap()).await.unwrap();
            assert!(found == number || found == last, "{found} is neither {last} nor {number}");
            if let Ok(Ok(_)) = outcome {
                assert_eq!(found, number, "what was acknowledged is there");
            }
            last = found;
        }
        deploy(&mut connect(&url).await.unwrap(), &[version(99)]).await.unwrap();
        assert_eq!(whole(&mut connect(&url).await.unwrap()).await, Some(99));
    });
    server.reset().unwrap();
}

/// When the connection breaks at the first COMMIT that follows a change.
#[derive(Clone, Copy, PartialEq)]
enum Cut {
    Before,
    After,
}

/// A socket in front of the test server's that breaks one connection. Gives the address in front.
async fn proxy(url: &str, cut: Cut) -> (String, tempfile::TempDir) {
    let settings = Settings::from_environment(url).unwrap();
    let behind = PathBuf::from(&settings.hosts[0].name).join(format!(".s.PGSQL.{}", settings.hosts[0].port));
    let folder = scratch();
    let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
    let left = Arc::new(AtomicU32::new(1));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = UnixStream::connect(&behind).await.unwrap();
            tokio::spawn(carry(client, server, cut, left.clone()));
        }
    });
    let host = folder.path().display();
    (format!("host={host} dbname={} user={}", settings.database, settings.user), folder)
}

async fn carry(mut client: UnixStream, mut server: UnixStream, cut: Cut, left: Arc<AtomicU32>) {
    let (mut up, mut down) = (vec![0; 65536], vec![0; 65536]);
    let mut changed = false;
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Ok(count @ 1..) = read else { return };
                let text = String::from_utf8_lossy(&up[..count]);
                changed |= text.contains("INSERT INTO kf.dataset");
                let now = changed && text.contains("COMMIT") && left.swap(0, Ordering::SeqCst) == 1;
                if now && cut == Cut::Before {
                    return;
                }
                server.write_all(&up[..count]).await.unwrap();
                if now {
                    // The server commits; its answer is never heard.
                    let _ = server.read(&mut down).await;
                    return;
                }
            }
            read = server.read(&mut down) => {
                let Ok(count @ 1..) = read else { return };
                if client.write_all(&down[..count]).await.is_err() { return }
            }
        }
    }
}

#[test]
fn a_commit_whose_answer_is_lost_is_looked_up() {
    if std::env::var("KF_TEST_DATABASE_URL").is_ok() {
        return; // The proxy stands before a socket.
    }
    block_on(async {
        let url = database().await;
        let (through, _folder) = proxy(&url, Cut::After).await;
        let mut session = connect(&through).await.unwrap();
        assert_eq!(deploy(&mut session, &[version(1)]).await.unwrap(), [(Done::Created, 1)]);
        assert_eq!(
            deploy(&mut session, &[version(1)]).await.unwrap(),
            [(Done::Unchanged, 1)],
            "the session was renewed"
        );
        let (through, _folder) = proxy(&url, Cut::Before).await;
        let error = deploy(&mut connect(&through).await.unwrap(), &[version(2)]).await.unwrap_err();
        assert_eq!(error.code, Code::DatabaseFailed);
        assert!(error.message.contains("nothing was changed"), "{}", error.message);
        assert_eq!(whole(&mut connect(&url).await.unwrap()).await, Some(1));
    });
}

#[test]
fn a_deploy_waits_for_calls_and_calls_see_one_version() {
    block_on(async {
        let url = database().await;
        let mut session = connect(&url).await.unwrap();
        deploy(&mut session, &[version(1)]).await.unwrap();
        let done = Arc::new(AtomicU32::new(0));
        let callers: Vec<_> = (0..3)
            .map(|_| {
                let (url, done) = (url.clone(), done.clone());
                std::thread::spawn(move || {
                    block_on(async {
                        let mut session = connect(&url).await.unwrap();
                        let mut calls = 0;
                        while done.load(Ordering::SeqCst) == 0 {
                            whole_answer(&mut session).await;
                            calls += 1;
                        }
                        calls
                    })
                })
            })
            .collect();
        for number in 2..20 {
            deploy(&mut session, &[version(number)]).await.unwrap();
        }
        done.store(1, Ordering::SeqCst);
        // Deploys that follow each other at once leave calls little room, but every caller gets some.
        let calls: Vec<usize> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
        assert!(calls.iter().all(|calls| *calls > 0), "{calls:?}");
    });
}

/// A call that must succeed while versions change.
async fn whole_answer(session: &mut Session) {
    let context = Context {
        caller: "a".into(),
        txid: String::new(),
        height: 0,
        block_timestamp: 0,
        authenticator: String::new(),
    };
    let wanted = Call {
        dataset: "ens".into(),
        action: "get_ownership".into(),
        arguments: Given::Words(vec![]),
        context,
        role: Role::Public,
    };
    assert_eq!(call(session, &wanted).await.unwrap().rows.len(), 1);
}
