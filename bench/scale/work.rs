//! What is measured: deploys and calls in one database.

use std::time::{Duration, Instant};

use kuneiform::Package;
use kuneiform::deploy::call::{Call, CallError, Context, Given, Role, call};
use kuneiform::deploy::connect::{Session, connect};
use kuneiform::deploy::deploy_packages;

use crate::schemas::{CLUSTER, Shape, cluster};
use crate::support::cpu::Backend;
use crate::support::server::Server;

/// What some work took, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// On the clock.
    pub clock: f64,
    /// Of this thread and the server's process together, on processors.
    pub processor: f64,
}

impl Cost {
    /// The mean of some.
    pub fn mean(costs: &[Cost]) -> Cost {
        let sum = |of: fn(&Cost) -> f64| costs.iter().map(of).sum::<f64>() / costs.len() as f64;
        Cost { clock: sum(|it| it.clock), processor: sum(|it| it.processor) }
    }

    /// `2.31/1.90 ms`: for one of `count`.
    pub fn each(self, count: usize) -> String {
        let each = |seconds: f64| seconds * 1e3 / count as f64;
        format!("{:.2}/{:.2} ms", each(self.clock), each(self.processor))
    }

    /// As the rounds take it.
    pub fn processor_time(self) -> Duration {
        Duration::from_secs_f64(self.processor)
    }
}

/// Works in one database.
pub struct Worker {
    session: Option<Session>,
    url: String,
}

impl Worker {
    /// In a new database.
    pub async fn start(server: &Server, database: &str) -> Worker {
        let session = server.database(database).await;
        Worker { session: Some(session), url: server.url(database) }
    }

    /// Drops the database.
    pub async fn end(self, server: &Server, database: &str) {
        if let Some(session) = self.session {
            session.close().await;
        }
        server.drop_database(database).await;
    }

    /// The open session.
    pub fn session(&self) -> &Session {
        self.session.as_ref().expect("a session is open")
    }

    /// As a new process would: a session of its own.
    pub async fn deploy(&mut self, packages: &[Package]) -> Cost {
        if let Some(session) = self.session.take() {
            session.close().await;
        }
        let mut session = connect(&self.url).await.expect("the database answers");
        let watch = Watch::start(&session).await;
        let done = deploy_packages(&mut session, packages, &mut |_| {}).await;
        done.expect("the packages deploy");
        let cost = watch.stop();
        self.session = Some(session);
        cost
    }

    /// Every case of the comparison, in the order of their names.
    pub async fn cases(&mut self, prefix: &str) -> Vec<Cost> {
        let chain = cluster(prefix, Shape::Chain, None);
        let deployed = self.deploy(&chain).await;
        let leaf = cluster(prefix, Shape::Chain, Some(CLUSTER - 1));
        let leaf_changed = self.deploy(&leaf[CLUSTER - 1..]).await;
        let star = format!("{prefix}s");
        self.deploy(&cluster(&star, Shape::Star, None)).await;
        let hub = cluster(&star, Shape::Star, Some(0));
        let hub_changed = self.deploy(&hub[..1]).await;
        let unchanged = self.deploy(&hub).await;
        let top = format!("{prefix}_{}", CLUSTER - 1);
        self.put(&top, 1).await.expect("the chain runs");
        let watch = Watch::start(self.session()).await;
        for id in 2..7 {
            self.put(&top, id).await.expect("the chain runs");
        }
        vec![deployed, leaf_changed, hub_changed, unchanged, watch.stop()]
    }

    /// Calls `put` of a dataset.
    pub async fn put(&mut self, dataset: &str, id: i64) -> Result<(), CallError> {
        let context = Context {
            caller: "0xaa".to_owned(),
            txid: String::new(),
            height: 1,
            block_timestamp: 1,
            authenticator: String::new(),
        };
        let call_of = Call {
            dataset: dataset.to_owned(),
            action: "put".to_owned(),
            arguments: Given::Words([id.to_string(), "a note".to_owned(), "0xaa".to_owned()].to_vec()),
            context,
            role: Role::Public,
        };
        let session = self.session.as_mut().expect("a session is open");
        call(session, &call_of).await.map(|_| ())
    }

    /// Rows in `kept` of all datasets whose names begin with `prefix`.
    pub async fn rows(&self, prefix: &str) -> usize {
        let mut count = 0;
        for place in 0..CLUSTER {
            let sql = format!("SELECT count(*) FROM \"ds_{prefix}_{place}\".kept");
            count += self.session().client.query_one(&sql, &[]).await.unwrap().get::<_, i64>(0) as usize;
        }
        count
    }
}

/// Clock and processors since some moment.
struct Watch {
    backend: Backend,
    before: (Instant, Duration, Duration),
}

impl Watch {
    async fn start(session: &Session) -> Watch {
        let backend = Backend::of(session).await;
        let before = (Instant::now(), own(), backend.time());
        Watch { backend, before }
    }

    fn stop(&self) -> Cost {
        let (clock, mine, server) = self.before;
        let processor = own() - mine + self.backend.time() - server;
        Cost { clock: clock.elapsed().as_secs_f64(), processor: processor.as_secs_f64() }
    }
}

/// Processor time of this thread so far.
fn own() -> Duration {
    let text =
        std::fs::read_to_string("/proc/thread-self/schedstat").expect("the kernel counts processor time");
    let nanoseconds = text.split_whitespace().next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.expect("a number of nanoseconds"))
}
