//! Every case of the corpus in real PostgreSQL: plpgsql_check finds nothing, and the calls written in it give what it says.
//!
//! `//> call f('a', 1) [as CALLER] [oracle|owner] [at HEIGHT]`, `//= value | value` for each row, `//! KF001 message`,
//! `//~ notice`. A call that is followed by nothing gives no rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/corpus.rs"]
mod corpus;
mod support;

use corpus::{Case, cases};
use kuneiform::deploy::call::{Answer, Call, CallError, Cell, Context, Given, Role, call};
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;
use kuneiform::{Options, Owner, Profile};
use serde_json::Value;
use support::{block_on, database, session};

/// Who owns the datasets of the corpus, where a case asks for an owner.
const OWNER: &str = "0x0a";

#[test]
fn the_corpus_is_right() {
    all(Profile::Node, &[]);
}

/// Every plan gives the same rows in the same order.
#[test]
fn the_corpus_is_right_under_other_plans() {
    all(Profile::Node, &["enable_hashjoin", "enable_hashagg", "enable_seqscan", "enable_material"]);
    all(
        Profile::Node,
        &["enable_mergejoin", "enable_nestloop", "enable_sort", "enable_indexscan", "enable_bitmapscan"],
    );
}

/// Without the rules of order everything still deploys and passes the check.
#[test]
fn the_corpus_is_sound_without_the_rules_of_order() {
    all(Profile::App, &[]);
}

/// Every case, with what the planner must do without.
fn all(profile: Profile, without: &[&str]) {
    let failed: Vec<String> = cases().iter().flat_map(|case| case_in(case, profile, without)).collect();
    assert!(failed.is_empty(), "without {without:?}\n{}", failed.join("\n"));
}

fn case_in(case: &Case, profile: Profile, without: &[&str]) -> Vec<String> {
    let owner = case.text.contains(" owner").then(|| Owner(OWNER.into()));
    let compilation = case.compile(&Options { profile, owner }, false).1;
    if compilation.packages.is_empty() {
        return vec![format!("{}: does not compile", case.name)];
    }
    block_on(async {
        let mut db = session(&database().await).await;
        for setting in without {
            db.client.batch_execute(&format!("SET {setting} = off")).await.unwrap();
        }
        if let Err(errors) = deploy_packages(&mut db, &compilation.packages, &mut |_| {}).await {
            return vec![format!("{}: {errors:#?}", case.name)];
        }
        let unused = compilation.diagnostics.iter().any(|diagnostic| diagnostic.code.id() == "KF0290");
        let mut failed = findings(&db, unused).await;
        if profile == Profile::Node {
            failed.extend(calls(case, &mut db).await);
        }
        db.close().await;
        failed.into_iter().map(|failure| format!("{}: {failure}", case.name)).collect()
    })
}

/// What plpgsql_check says of all functions, but for parameters the compiler said are unused, and for variables nobody
/// reads: a loop has to put its rows somewhere.
async fn findings(db: &Session, unused: bool) -> Vec<String> {
    let sql = "SELECT p.proname || ' line ' || coalesce(c.lineno::text, '?') || ': ' || c.level || ' ' || c.message
                 || coalesce(' ' || c.detail, '') || coalesce(' ' || c.query, '')
               FROM pg_catalog.pg_proc AS p
               JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
               CROSS JOIN LATERAL plpgsql_check_function_tb(p.oid, performance_warnings => false, security_warnings => true) AS c
               WHERE n.nspname LIKE 'ds\\_%' AND NOT ($1 AND c.message LIKE 'unused parameter%')
                 AND c.message NOT LIKE 'never read variable _$%'
               ORDER BY 1";
    db.client.batch_execute("CREATE EXTENSION IF NOT EXISTS plpgsql_check").await.unwrap();
    let rows = db.client.query(sql, &[&unused]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Runs the calls in order and compares.
async fn calls(case: &Case, db: &mut Session) -> Vec<String> {
    let mut failed = Vec::new();
    let mut lines = case.text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let Some(written) = line.strip_prefix("//> call ") else { continue };
        let mut wanted = Vec::new();
        while let Some(line) =
            lines.peek().filter(|line| ["//=", "//!", "//~"].iter().any(|it| line.starts_with(it)))
        {
            wanted.push((*line).to_owned());
            lines.next();
        }
        let found = told(call(db, &read(case, written)).await);
        if found != wanted {
            failed.push(format!("{written}\n  wanted {wanted:#?}\n  found  {found:#?}"));
        }
    }
    failed
}

fn told(outcome: Result<Answer, CallError>) -> Vec<String> {
    let (notices, rest) = match outcome {
        Ok(answer) => (answer.notices, answer.rows.iter().map(|row| shown(row)).collect()),
        Err(CallError::Fault(fault)) => {
            (fault.notices, vec![format!("//! {} {}", fault.code, fault.message)])
        }
        Err(CallError::Refused(error)) => (Vec::new(), vec![format!("//! refused {}", error.message)]),
    };
    notices.into_iter().map(|notice| format!("//~ {notice}")).chain(rest).collect()
}

fn shown(row: &[Cell]) -> String {
    let cell = |cell: &Cell| match cell {
        Cell::Null => "null".to_owned(),
        Cell::One(text) => text.clone(),
        Cell::Many(all) => {
            let all = all.iter().map(|one| one.clone().unwrap_or_else(|| "null".into()));
            format!("[{}]", all.collect::<Vec<_>>().join(", "))
        }
    };
    format!("//= {}", row.iter().map(cell).collect::<Vec<_>>().join(" | "))
}

/// `[schema.]action(arguments) [as CALLER] [oracle|owner] [at HEIGHT]`
fn read(case: &Case, text: &str) -> Call {
    let (target, rest) = text.split_once('(').unwrap();
    let (arguments, rest) = rest.rsplit_once(')').unwrap();
    let (dataset, action) = target.split_once('.').unwrap_or((case.schema(), target));
    let mut call = Call {
        dataset: dataset.into(),
        action: action.into(),
        arguments: Given::Json(split(arguments).iter().map(|part| value(part)).collect()),
        context: Context {
            caller: "0xcc".into(),
            txid: "tx".into(),
            height: 7,
            block_timestamp: 1_700_000_000,
            authenticator: "test".into(),
        },
        role: Role::Public,
    };
    let mut words = rest.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "oracle" => call.role = Role::Oracle,
            "owner" => call.role = Role::Owner,
            "as" => call.context.caller = words.next().unwrap().into(),
            "at" => call.context.height = words.next().unwrap().parse().unwrap(),
            other => panic!("{other}"),
        }
    }
    call
}

/// Parts between commas that stand in no quotes or brackets.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut part, mut quoted, mut depth) = (Vec::new(), String::new(), false, 0);
    for letter in text.chars() {
        match letter {
            '\'' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(letter);
    }
    if !part.trim().is_empty() {
        parts.push(part);
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

fn value(text: &str) -> Value {
    if let Some(inner) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Value::String(inner.replace("''", "'"));
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Value::Array(split(inner).iter().map(|part| value(part)).collect());
    }
    match (text, text.parse::<i64>()) {
        ("null", _) => Value::Null,
        ("true", _) => Value::Bool(true),
        ("false", _) => Value::Bool(false),
        (_, Ok(number)) => Value::Number(number.into()),
        (other, Err(_)) => Value::String(other.to_owned()),
    }
}
