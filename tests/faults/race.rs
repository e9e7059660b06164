use std::sync::Arc;

use kuneiform::deploy::connect::connect;

use crate::support::here::Here;
use crate::support::{block_on, empty_database, verify};

const CODES: [&str; 3] = ["KF0710", "KF0711", "KF0714"];

fn base(number: usize) -> String {
    format!("database base;\naction one() public view {{ SELECT {number} AS one; }}\n")
}

fn over(number: usize) -> String {
    format!(
        "database over;\nuse base as b;\naction two() public view {{ SELECT x.one, {number} AS two FROM b.one() AS x; }}\n"
    )
}

fn alone(number: usize) -> String {
    format!(
        "database alone;\ntable t {{ id int primary }}\naction f() public {{ INSERT INTO t (id) VALUES ({number}); }}\n"
    )
}

/// Runs each in its own process, all at once: the exit codes and what was said.
fn at_once(here: &Arc<Here>, lines: Vec<(String, String)>) -> Vec<(i32, String)> {
    let barrier = Arc::new(std::sync::Barrier::new(lines.len()));
    let run = |(project, line): (String, String)| {
        let (here, barrier) = (here.clone(), barrier.clone());
        std::thread::spawn(move || {
            barrier.wait();
            here.kf(&project, &line)
        })
    };
    let threads: Vec<_> = lines.into_iter().map(run).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

/// All is well, or one of `CODES` says why not; never PostgreSQL's own words.
fn settle(done: &[(i32, String)]) -> usize {
    for (code, said) in done.iter().filter(|(code, _)| *code != 0) {
        assert_eq!(*code, 4, "{said}");
        assert!(CODES.iter().any(|known| said.contains(&format!("error[{known}]"))), "{said}");
        assert!(
            !["23505", "XX000", "40P01", "tuple concurrently"].iter().any(|raw| said.contains(raw)),
            "{said}"
        );
    }
    done.iter().filter(|(code, _)| *code == 0).count()
}

/// Everybody has another version of everything: first into an empty database, then over what is there.
#[test]
fn of_racing_processes_one_wins_each_version() {
    for count in [2, 8] {
        let here = Arc::new(Here::at(block_on(empty_database())));
        for round in 0..2 {
            let lines = (0..count).map(|number| {
                let project = format!("p{number}");
                let seed = round * 100 + number;
                here.write(&format!("{project}/base.kf"), &base(seed));
                here.write(&format!("{project}/over.kf"), &over(seed));
                here.write(&format!("{project}/alone.kf"), &alone(seed));
                // In crossing orders.
                let files =
                    if number % 2 == 0 { "alone.kf base.kf over.kf" } else { "over.kf base.kf alone.kf" };
                (project, format!("deploy {files} --yes=breaking --db DB"))
            });
            let won = settle(&at_once(&here, lines.collect()));
            assert!(won >= 1 || round == 0);
            block_on(async {
                let db = connect(&here.url).await.unwrap();
                let differences = verify::differences(&db).await;
                assert!(differences.is_empty(), "{differences:#?}");
            });
        }
    }
}

/// What is imported, what imports it, and something that goes away, all at once.
#[test]
fn an_importer_races_what_it_imports_and_a_drop() {
    let here = Arc::new(Here::at(block_on(empty_database())));
    here.write("first/base.kf", &base(0));
    here.write("first/over.kf", &over(0));
    here.write("first/alone.kf", &alone(0));
    here.fine("first", "deploy --db DB");
    here.write("base/base.kf", &base(1));
    here.write("over/over.kf", &over(1));
    here.write("alone/alone.kf", &alone(1));
    let lines = [
        ("base", "deploy base.kf --yes=breaking --db DB"),
        ("over", "deploy over.kf --yes=breaking --db DB"),
        ("alone", "deploy alone.kf --yes=breaking --db DB"),
        ("alone", "drop alone --yes=breaking,delete-data --db DB"),
    ];
    let lines = lines.map(|(project, line)| (project.to_owned(), line.to_owned()));
    settle(&at_once(&here, lines.to_vec()));
    block_on(async {
        let db = connect(&here.url).await.unwrap();
        let differences = verify::differences(&db).await;
        assert!(differences.is_empty(), "{differences:#?}");
    });
    for project in ["base", "over", "alone"] {
        here.fine(project, "deploy --yes=breaking --db DB");
    }
}
