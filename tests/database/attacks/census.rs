//! Every function PostgreSQL has is tried in a query: those of the language's own table are accepted, no other.

use std::collections::{BTreeMap, BTreeSet};

use kuneiform::language::functions;
use kuneiform::{Code, Options, Sources};

use crate::support::{block_on, database, session};

/// Arguments of every type, the first of which is tried first.
const ARGUMENTS: [&str; 9] = ["t.n", "t.s", "t.b", "t.a", "true", "t.u", "t.d", "t.g", "t.c"];

const TABLE: &str = "table t { id int primary, n int not_null, s text not_null, b blob not_null, a int[] not_null, u uuid not_null, d decimal(10,2) not_null, \
    g uint256 not_null, c text[] not_null }\n";

/// Names in lower case that can be written as a call.
fn is_word(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_ascii_lowercase())
        && chars.all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_')
}

/// Calls in one file: the compiler stops reading one after 200 faults.
const IN_ONE_FILE: usize = 150;

/// The codes each call is refused with; none where it compiles.
fn verdicts(calls: &[String]) -> Vec<BTreeSet<Code>> {
    let mut sources = Sources::new();
    let mut starts = Vec::new();
    for (file, calls) in calls.chunks(IN_ONE_FILE).enumerate() {
        let mut text = format!("database census_{file};\n{TABLE}");
        for (number, call) in calls.iter().enumerate() {
            starts.push((file, text.len()));
            text.push_str(&format!("action a{number}() public view {{ SELECT {call} AS r FROM t; }}\n"));
        }
        sources.add(format!("{file}.kf"), text);
    }
    let checked = kuneiform::check(&sources, &Options::default());
    let mut verdicts = vec![BTreeSet::new(); calls.len()];
    for diagnostic in checked.diagnostics() {
        if diagnostic.severity == kuneiform::Severity::Error {
            let place = (diagnostic.at.span.source.0 as usize, diagnostic.at.span.start as usize);
            verdicts[starts.partition_point(|start| *start <= place) - 1].insert(diagnostic.code);
        }
    }
    verdicts
}

/// All calls of `name` with up to three arguments.
fn plausible(name: &str) -> Vec<String> {
    let mut lists: Vec<Vec<&str>> = vec![vec![]];
    for first in ARGUMENTS {
        lists.push(vec![first]);
        for second in ARGUMENTS {
            lists.push(vec![first, second]);
        }
    }
    lists.extend(
        [
            ["t.s", "t.n", "t.n"],
            ["t.s", "t.s", "t.s"],
            ["t.s", "t.s", "t.n"],
            ["t.n", "t.n", "t.n"],
            ["t.s", "t.n", "t.s"],
        ]
        .map(Vec::from),
    );
    // hashes and formats are chosen by literals
    lists.extend([
        vec!["t.s", "'sha256'"],
        vec!["'%s'", "t.s"],
        vec!["t.s::uuid", "t.s"],
        vec!["t.n::decimal(16,6)", "t.s"],
        vec!["t.n::decimal(16,6)", "'YYYY'"],
        vec!["t.s", "'YYYY'"],
    ]);
    let mut calls: Vec<String> = lists.iter().map(|list| format!("{name}({})", list.join(", "))).collect();
    let over: Vec<String> = calls.iter().map(|call| format!("{call} OVER (ORDER BY t.id)")).collect();
    calls.push(format!("{name}(*)"));
    calls.extend(over);
    calls
}

#[test]
fn the_functions_a_query_may_call_are_those_of_the_table() {
    let names: Vec<String> = block_on(async {
        let db = session(&database().await).await;
        let sql = "SELECT DISTINCT p.proname::text FROM pg_proc AS p WHERE p.pronamespace = 'pg_catalog'::regnamespace ORDER BY 1";
        db.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    });
    assert!(names.len() > 2_500, "{}", names.len());
    let allowed: BTreeSet<&str> = functions::all().map(|function| function.name).collect();
    let words: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| is_word(name))
        .chain(allowed.iter().copied())
        .collect();
    assert!(words.len() * 100 > names.len() * 95, "{} of {}", words.len(), names.len());
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut codes: BTreeMap<Code, usize> = BTreeMap::new();
    for words in words.chunks(400) {
        let calls: Vec<String> = words
            .iter()
            .flat_map(|name| ["", "t.n", "t.s, t.n", "t.n, t.s, t.b"].map(|list| format!("{name}({list})")))
            .collect();
        for (verdicts, name) in verdicts(&calls).chunks(4).zip(words) {
            // A name is unknown if every call of it is refused for being one, whatever the arguments.
            let refused = |codes: &BTreeSet<Code>| {
                codes
                    .iter()
                    .any(|code| [Code::UnknownFunction, Code::NonDeterministic, Code::Syntax].contains(code))
            };
            verdicts.iter().flatten().for_each(|code| *codes.entry(*code).or_default() += 1);
            if !verdicts.iter().all(refused) {
                known.insert(*name);
            }
        }
    }
    let others: Vec<&&str> = known.iter().filter(|name| !allowed.contains(**name)).collect();
    assert_eq!(others, [&""; 0], "known, but not in the table; {codes:?}");
    // what gives rows stands in FROM, and nowhere else
    for name in allowed.iter().filter(|name| **name != "unnest") {
        let accepted = verdicts(&plausible(name)).iter().any(BTreeSet::is_empty);
        assert!(accepted, "`{name}` is in the table, and no plausible call of it compiles");
    }
}

/// A schema in front of a name, other case, a comment inside and quotes open no other door.
#[test]
fn no_spelling_reaches_another_function() {
    let mut calls = Vec::new();
    for name in [
        "pg_sleep",
        "set_config",
        "query_to_xml",
        "pg_read_file",
        "lo_import",
        "dblink",
        "now",
        "random",
        "nextval",
        "current_setting",
        "ts_stat",
        "version",
    ] {
        for spelling in [
            "pg_catalog.{}",
            "\"{}\"",
            "pg_catalog.\"{}\"",
            "\"pg_catalog\".{}",
            "kf.{}",
            "public.{}",
            "pg_catalog . {}",
            "{} ",
            "{}/**/",
            "/**/{}",
            "postgres.pg_catalog.{}",
        ] {
            let spelled = spelling.replace("{}", name);
            calls.extend(["", "t.s", "t.n", "t.s, t.s"].map(|list| format!("{spelled}({list})")));
            let shouted = spelling.replace("{}", &name.to_uppercase());
            calls.push(format!("{shouted}(t.s)"));
        }
    }
    let accepted: Vec<&String> = calls
        .iter()
        .zip(verdicts(&calls))
        .filter(|(_, codes)| codes.is_empty())
        .map(|(call, _)| call)
        .collect();
    assert_eq!(accepted, [""; 0]);
}
