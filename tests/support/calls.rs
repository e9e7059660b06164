//! The calls written in a source, and what they give.
//!
//! `//> call f('a', 1) [as CALLER] [oracle|owner] [at HEIGHT]`, `//= value | value` for each row, `//! KF001 message`,
//! `//~ notice`. A call that is followed by nothing gives no rows.

use kuneiform::deploy::call::{Answer, Call, CallError, Cell, Context, Given, Role, call};
use kuneiform::deploy::connect::Session;
use serde_json::Value;

/// Runs the calls written in `text`, whose schema is `schema`, and compares.
pub async fn calls(text: &str, schema: &str, db: &mut Session) -> Vec<String> {
    let mut failed = Vec::new();
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let Some(written) = line.strip_prefix("//> call ") else { continue };
        let mut wanted = Vec::new();
        while let Some(line) =
            lines.peek().filter(|line| ["//=", "//!", "//~"].iter().any(|it| line.starts_with(it)))
        {
            wanted.push((*line).to_owned());
            lines.next();
        }
        let found = told(call(db, &read(schema, written)).await);
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
fn read(schema: &str, text: &str) -> Call {
    let (target, rest) = text.split_once('(').unwrap();
    let (arguments, rest) = rest.rsplit_once(')').unwrap();
    let (dataset, action) = target.split_once('.').unwrap_or((schema, target));
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
