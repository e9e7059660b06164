//! A socket in front of the test server's that counts what a client sends, and breaks the connection after the n-th.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};

use kuneiform::deploy::connect::{Settings, connect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};

use super::scratch;

/// What happens once a request was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Both sides see the connection end at once: what a killed client or a broken wire looks like.
    Cut,
    /// The server does it, and its answer never comes.
    Unheard,
    /// The server hears nothing after it, and may still answer.
    Deaf,
    /// Its process in the server is told to end just before.
    Terminated,
}

#[derive(Debug)]
struct Shared {
    behind: PathBuf,
    admin: String,
    sent: AtomicUsize,
    at: AtomicUsize,
    fault: std::sync::Mutex<Fault>,
    /// Only requests that are this statement count.
    only: std::sync::Mutex<Option<&'static str>>,
    fired: AtomicBool,
}

/// The socket, with what it was told to do.
pub struct Proxy {
    shared: Arc<Shared>,
    folder: tempfile::TempDir,
    database: String,
    user: String,
}

impl Proxy {
    /// In front of the server of the database at `url`; needs a runtime that goes on, and a server with a socket: the
    /// one that the tests start has one.
    pub fn before(url: &str) -> Proxy {
        let settings = Settings::from_environment(url).unwrap();
        assert!(settings.hosts[0].is_socket(), "these tests need a server with a socket, and {url} has none");
        let host = &settings.hosts[0];
        let folder = scratch();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let shared = Arc::new(Shared {
            behind: PathBuf::from(&host.name).join(format!(".s.PGSQL.{}", host.port)),
            admin: url.to_owned(),
            sent: AtomicUsize::new(0),
            at: AtomicUsize::new(usize::MAX),
            fault: std::sync::Mutex::new(Fault::Cut),
            only: std::sync::Mutex::new(None),
            fired: AtomicBool::new(false),
        });
        let own = shared.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if let Ok(server) = UnixStream::connect(&own.behind).await {
                    tokio::spawn(carry(client, server, own.clone()));
                }
            }
        });
        let (database, user) = (settings.database.clone(), settings.user.clone());
        Proxy { shared, folder, database, user }
    }

    pub fn url(&self) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgresql://{}@{folder}/{}", self.user, self.database)
    }

    /// Breaks one connection after the `at`-th request from now on.
    pub fn arm(&self, at: usize, fault: Fault) {
        *self.shared.fault.lock().unwrap() = fault;
        self.shared.sent.store(0, Ordering::SeqCst);
        self.shared.fired.store(false, Ordering::SeqCst);
        self.shared.at.store(at, Ordering::SeqCst);
    }

    /// Breaks one connection at the next `COMMIT`.
    pub fn arm_at_commit(&self, fault: Fault) {
        *self.shared.only.lock().unwrap() = Some("COMMIT");
        self.arm(1, fault);
    }

    /// How many requests came since it was armed, and whether anything was broken.
    pub fn disarm(&self) -> (usize, bool) {
        self.shared.at.store(usize::MAX, Ordering::SeqCst);
        (self.shared.sent.load(Ordering::SeqCst), self.shared.fired.load(Ordering::SeqCst))
    }
}

impl Shared {
    /// Counts a request: the fault if it is the one.
    fn count(&self, kind: u8, body: &[u8]) -> Option<Fault> {
        let counts = match *self.only.lock().unwrap() {
            None => matches!(kind, b'Q' | b'S'),
            Some(only) => kind == b'Q' && body.strip_suffix(&[0]) == Some(only.as_bytes()),
        };
        if !counts {
            return None;
        }
        let sent = self.sent.fetch_add(1, Ordering::SeqCst) + 1;
        let hit = sent == self.at.load(Ordering::SeqCst) && !self.fired.swap(true, Ordering::SeqCst);
        hit.then(|| *self.fault.lock().unwrap())
    }
}

async fn carry(client: UnixStream, server: UnixStream, shared: Arc<Shared>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let process = Arc::new(AtomicI32::new(0));
    let down = tokio::spawn(answers(from_server, to_client, process.clone()));
    let stop = down.abort_handle();
    match requests(from_client, to_server, &shared, &process).await {
        // Both ends are dropped, in both directions.
        Some(Fault::Cut) => stop.abort(),
        _ => drop(down.await),
    }
}

/// Carries requests until the client ends or the fault comes.
async fn requests(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    shared: &Shared,
    process: &AtomicI32,
) -> Option<Fault> {
    let mut first = [0; 4];
    client.read_exact(&mut first).await.ok()?;
    let mut start = vec![0; u32::from_be_bytes(first) as usize - 4];
    client.read_exact(&mut start).await.ok()?;
    server.write_all(&[&first[..], &start].concat()).await.ok()?;
    loop {
        let mut head = [0; 5];
        client.read_exact(&mut head).await.ok()?;
        let mut body = vec![0; u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize - 4];
        client.read_exact(&mut body).await.ok()?;
        let fault = shared.count(head[0], &body);
        if fault == Some(Fault::Terminated) {
            let admin = connect(&shared.admin).await.unwrap();
            let sql = format!("SELECT pg_terminate_backend({})", process.load(Ordering::SeqCst));
            admin.client.batch_execute(&sql).await.unwrap();
        }
        let message = [&head[..], &body].concat();
        if fault == Some(Fault::Unheard) {
            // What comes back from here on is for nobody.
            process.store(-1, Ordering::SeqCst);
        }
        server.write_all(&message).await.ok()?;
        if matches!(fault, Some(Fault::Cut | Fault::Deaf)) {
            return fault;
        }
        if fault == Some(Fault::Unheard) {
            // Let the server do it.
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
            return fault;
        }
    }
}

/// Carries answers; remembers which process gives them, and keeps them to itself when nobody is to hear.
async fn answers(
    mut server: OwnedReadHalf,
    mut client: OwnedWriteHalf,
    process: Arc<AtomicI32>,
) -> Option<()> {
    loop {
        let mut head = [0; 5];
        server.read_exact(&mut head).await.ok()?;
        let mut body = vec![0; u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize - 4];
        server.read_exact(&mut body).await.ok()?;
        if head[0] == b'K' {
            process.store(i32::from_be_bytes([body[0], body[1], body[2], body[3]]), Ordering::SeqCst);
        }
        if process.load(Ordering::SeqCst) != -1 {
            client.write_all(&[&head[..], &body].concat()).await.ok()?;
        }
    }
}
