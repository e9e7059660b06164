//! What composition costs: actions generated from `examples/network` beside functions written by hand over the same
//! tables. Prints ratios of what was measured side by side; `bench/README.md` says how to read them.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

#[path = "composition/place.rs"]
mod place;
#[path = "composition/shapes.rs"]
mod shapes;

use std::time::{Duration, Instant};

use kuneiform::deploy::connect::Session;
use place::Probe;
use shapes::{BASE, GENERATED, GET_AUTHOR_POSTS, MAKE_POST, Shape};
use support::measure::{Rounds, verdict};
use support::server::{Server, block_on, circumstances};
use tokio_postgres::Statement;

const SIZES: [i32; 3] = [10_000, 100_000, 1_000_000];
/// How often every shape is measured.
const ROUNDS: usize = 300;
/// How often before, untimed.
const WARM_UP: usize = 10;
/// Calls of a shape in a round, from the client and in the server.
const CALLS: usize = 50;
const LOOPED: usize = 100;

fn main() {
    let asked: Vec<i32> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if asked.is_empty() { SIZES.to_vec() } else { asked };
    block_on(run(&sizes));
}

async fn run(sizes: &[i32]) {
    let server = Server::start();
    let mut is_first = true;
    for names in sizes {
        let (session, probes) = place::prepare(&server, *names).await;
        if std::mem::take(&mut is_first) {
            println!("{}, nothing flushed to disk", circumstances(&session).await);
            println!(
                "time of each as a multiple of the first: median of {ROUNDS} rounds (half of the rounds within)"
            );
        }
        agree(&session, &probes).await;
        Bench { session: &session, probes: &probes, shapes: GET_AUTHOR_POSTS, inserts: false }
            .compare(&format!("get_author_posts, {names} names"), 1.15)
            .await;
        Bench { session: &session, probes: &probes, shapes: MAKE_POST, inserts: true }
            .compare(&format!("make_post, {names} names"), 1.2)
            .await;
        session.close().await;
    }
}

/// Every way to get the posts gives the same ten.
async fn agree(session: &Session, probes: &[Probe]) {
    for probe in probes {
        let mut answers = Vec::new();
        for shape in GET_AUTHOR_POSTS {
            let rows = session.client.query(shape.statement, &[&"0xa", &probe.address]).await.unwrap();
            let mut ids: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            ids.sort();
            answers.push(ids);
        }
        assert_eq!(answers[BASE].len(), 10, "an author has ten posts");
        assert!(answers.iter().all(|answer| *answer == answers[BASE]), "the shapes disagree: {answers:?}");
    }
}

/// Ways to do one thing, and where.
struct Bench<'a> {
    session: &'a Session,
    probes: &'a [Probe],
    shapes: &'static [Shape],
    inserts: bool,
}

impl Bench<'_> {
    async fn compare(&self, title: &str, goal: f64) {
        let mut prepared = Vec::new();
        let mut loops = Vec::new();
        for shape in self.shapes {
            prepared.push(self.session.client.prepare(shape.statement).await.unwrap());
            let looped = format!("SELECT loops.{}($1, $2, $3, $4)", shape.in_loop);
            loops.push(self.session.client.prepare(&looped).await.unwrap());
        }
        let mut client = Rounds::new(self.shapes.len());
        let mut server = Rounds::new(self.shapes.len());
        for round in 0..WARM_UP + ROUNDS {
            for shape in client.order(round) {
                let from_client =
                    self.client_round(&prepared[shape], round, &format!("c{round}_{shape}_")).await;
                let in_server = self.server_round(&loops[shape], &format!("s{round}_{shape}_")).await;
                if round >= WARM_UP {
                    client.note(shape, from_client, CALLS);
                    server.note(shape, in_server, LOOPED);
                }
            }
        }
        report(title, goal, self.shapes, &client, &server);
    }

    /// Calls for one probe after the other, each awaited, each its own transaction.
    async fn client_round(&self, statement: &Statement, round: usize, run: &str) -> Duration {
        let ids: Vec<String> = (0..CALLS).map(|call| format!("{run}{call}")).collect();
        let probes = self.probes.iter().cycle().skip(round * CALLS % self.probes.len());
        let begin = Instant::now();
        for (probe, id) in probes.zip(&ids) {
            let rows = match self.inserts {
                true => self.session.client.query(statement, &[&probe.address, id, &probe.name]).await,
                false => self.session.client.query(statement, &[&"0xa", &probe.address]).await,
            };
            rows.unwrap();
        }
        begin.elapsed()
    }

    /// Many calls in a loop of the server, in one transaction.
    async fn server_round(&self, looped: &Statement, run: &str) -> Duration {
        let addresses: Vec<&str> = self.probes.iter().map(|probe| probe.address.as_str()).collect();
        let names: Vec<&str> = self.probes.iter().map(|probe| probe.name.as_str()).collect();
        let calls = i32::try_from(LOOPED).unwrap();
        let begin = Instant::now();
        self.session.client.execute(looped, &[&calls, &addresses, &names, &run]).await.unwrap();
        begin.elapsed()
    }
}

fn report(title: &str, goal: f64, shapes: &[Shape], client: &Rounds, server: &Rounds) {
    println!("\n{title}\n{:42} {:18} quiet   {:18} quiet", "", "from a client", "in the server");
    for (index, shape) in shapes.iter().enumerate() {
        let cell = |rounds: &Rounds| {
            format!("{:18} {:5.2}", rounds.ratio(index, BASE).show(), rounds.quiet_ratio(index, BASE))
        };
        println!("{:42} {}   {}", shape.name, cell(client), cell(server));
    }
    let [from_client, in_server] = [client, server].map(|rounds| rounds.ratio(GENERATED, BASE));
    println!(
        "goal {goal}: {} from a client, {} in the server",
        verdict(from_client, goal),
        verdict(in_server, goal)
    );
}
