//! Calls every few milliseconds while one version follows another.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::{Duration, Instant};

use kuneiform::deploy::call::{Call, Cell, Context, Given, Role, call};
use kuneiform::deploy::connect::{Session, connect};

use super::shop::deploy_with;
use crate::support::{block_on, database};

/// One version of both schemas; each says which it is, `rest` is what else differs.
fn version(number: usize, names: &str, ownership: &str, own: &str) -> [String; 2] {
    let ens = format!(
        "database ens;\ntable names {{ {names} }}\n\
         action get_ownership() public view {{ SELECT n.id, {ownership} AS holder, 'e{number}' AS mark FROM names AS n; }}\n\
         action claim($id text, $owner text) public returns (mark text) {{\n\
           INSERT INTO names (id, owner) VALUES ($id, $owner) ON CONFLICT (id) DO UPDATE SET owner = $owner;\n\
           RETURN 'e{number}';\n}}\n"
    );
    let social = format!(
        "database social;\nuse ens as ens;\ntable posts {{ id int primary, author text not_null }}\n\
         action posts_of($owner text) public view {{\n\
           WITH own AS ens.get_ownership()\n\
           SELECT p.id, own.mark AS theirs, 's{number}' AS ours FROM posts AS p JOIN own ON own.id = p.author WHERE own.{own} = $owner;\n}}\n\
         action post($id int, $author text, $owner text) public returns (theirs text, ours text) {{\n\
           $theirs := ens.claim($author, $owner);\n\
           INSERT INTO posts (id, author) VALUES ($id, $author);\n\
           RETURN $theirs, 's{number}';\n}}\n"
    );
    [ens, social]
}

/// What follows what: a column, an index and a bound, another view and its importer at once, a type, a key, less.
fn versions() -> Vec<[String; 2]> {
    let plain = "id text primary, owner text not_null";
    let bounded = "id text primary maxlen(40), owner text not_null, note text default('n'), size int default(1), #o index(owner)";
    let mut other = version(4, bounded, "n.owner", "holder");
    for text in &mut other {
        *text = text.replace("holder", "keeper");
    }
    vec![
        version(1, plain, "n.owner", "holder"),
        version(2, &format!("{plain}, note text default('n'), size int default(1)"), "n.owner", "holder"),
        version(3, bounded, "n.owner", "holder"),
        other,
        version(
            5,
            &bounded.replace("size int default(1)", "size decimal(30,2) not_null default(1)"),
            "n.owner",
            "holder",
        ),
        version(
            6,
            &bounded.replace("note text default('n')", "label text default('n') @renamed_from(note)"),
            "n.owner || ''",
            "holder",
        ),
        version(7, plain, "n.owner", "holder"),
    ]
}

async fn one(db: &mut Session, dataset: &str, action: &str, words: &[&str]) -> Vec<String> {
    let context = Context {
        caller: "a".into(),
        txid: String::new(),
        height: 0,
        block_timestamp: 0,
        authenticator: String::new(),
    };
    let arguments = Given::Words(words.iter().map(|word| (*word).to_owned()).collect());
    let wanted =
        Call { dataset: dataset.into(), action: action.into(), arguments, context, role: Role::Public };
    let answer = call(db, &wanted).await.unwrap_or_else(|error| panic!("{dataset}.{action}: {error:?}"));
    let text = |cell: &Cell| match cell {
        Cell::One(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    answer.rows.first().unwrap().iter().map(text).collect()
}

/// Calls until told to stop, and counts them: the versions seen, and the longest wait.
async fn calls(url: &str, number: i32, stop: &AtomicBool, made: &AtomicI32) -> (BTreeSet<String>, Duration) {
    let mut db = connect(url).await.unwrap();
    let (mut seen, mut count, mut longest) = (BTreeSet::new(), 0, Duration::ZERO);
    while !stop.load(Ordering::SeqCst) {
        count += 1;
        let begun = Instant::now();
        let id = (number * 1_000_000 + count).to_string();
        let rows = match count % 4 {
            0 => one(&mut db, "social", "posts_of", &["ann"]).await.split_off(1),
            1 => one(&mut db, "social", "post", &[&id, "a.eth", "ann"]).await,
            2 => vec![one(&mut db, "ens", "get_ownership", &[]).await.remove(2)],
            _ => one(&mut db, "ens", "claim", &["a.eth", "ann"]).await,
        };
        longest = longest.max(begun.elapsed());
        let versions: BTreeSet<&str> = rows.iter().map(|mark| &mark[1..]).collect();
        assert_eq!(versions.len(), 1, "a call sees one version of all it calls: {rows:?}");
        seen.extend(versions.into_iter().map(str::to_owned));
        made.store(count, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    (seen, longest)
}

#[test]
fn every_call_sees_one_version_and_no_error() {
    block_on(async {
        let url = database().await;
        let mut db = connect(&url).await.unwrap();
        let versions = versions();
        let texts = |number: usize| versions[number].each_ref().map(String::as_str);
        deploy_with(&mut db, &texts(0), |_| {}).await.unwrap();
        one(&mut db, "social", "post", &["1", "a.eth", "ann"]).await;
        let stop = Arc::new(AtomicBool::new(false));
        let callers: Vec<_> = (1..=2)
            .map(|number| {
                let (url, stop, made) = (url.clone(), stop.clone(), Arc::new(AtomicI32::new(0)));
                let counted = made.clone();
                (made, std::thread::spawn(move || block_on(calls(&url, number, &stop, &counted))))
            })
            .collect();
        for number in 1..=versions.len() {
            // Everything is called, twice by each.
            for (made, thread) in &callers {
                let enough = made.load(Ordering::SeqCst) + 8;
                while made.load(Ordering::SeqCst) < enough && !thread.is_finished() {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
            if number < versions.len() && !callers.iter().any(|(_, thread)| thread.is_finished()) {
                deploy_with(&mut db, &texts(number), |manner| manner.large = 0).await.unwrap();
            }
        }
        stop.store(true, Ordering::SeqCst);
        for (_, thread) in callers {
            let (seen, longest) = thread.join().unwrap();
            let all: BTreeSet<String> = (1..=7).map(|number: i32| number.to_string()).collect();
            assert_eq!(seen, all);
            assert!(longest < Duration::from_secs(5), "{longest:?}");
        }
    });
}
