//! What a test told, against what it expects.

use serde::Deserialize;
use serde_json::Value;

use super::{Taken, Unmet};
use crate::deploy::call::{Cell, Fault, Kind, code_of};
use crate::interface::{Expectation, Expected, Test};

/// What a test told of one expectation.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub(super) struct Told {
    expectation: usize,
    #[serde(default)]
    found: Vec<String>,
    #[serde(default)]
    wanted: Vec<String>,
    #[serde(default)]
    sides: Vec<Value>,
    state: Option<String>,
    message: Option<String>,
    pub(super) context: Option<String>,
}

/// What one telling comes to.
pub(super) enum Verdict {
    /// It is as expected.
    Met,
    /// It is not.
    Unmet(Box<Unmet>),
    /// Rows, which somebody else has to compare.
    Taken(Taken),
}

/// Judges one telling of `test`; none if it is about no expectation of it.
pub(super) fn judge(test: &Test, told: &Told) -> Option<Verdict> {
    test.expectations.get(told.expectation).map(|expectation| verdict(expectation, told))
}

fn verdict(expectation: &Expectation, told: &Told) -> Verdict {
    let at = expectation.at;
    match &expectation.kind {
        Expected::Holds(types) => {
            let sides = told.sides.iter().map(cell).zip(types.iter().cloned()).collect();
            Verdict::Unmet(Box::new(Unmet::Condition { at, sides }))
        }
        Expected::Rows { columns, unordered } => {
            let (columns, unordered) = (columns.clone(), *unordered);
            let (found, wanted) = (rows(&told.found), rows(&told.wanted));
            match is_same(&told.found, &told.wanted, unordered) {
                true => Verdict::Met,
                false => Verdict::Unmet(Box::new(Unmet::Rows { at, columns, found, wanted, unordered })),
            }
        }
        Expected::Snapshot(columns) => {
            Verdict::Taken(Taken { at, columns: columns.clone(), rows: rows(&told.found) })
        }
        Expected::Fails { code, text } => {
            let wanted = words(code.as_deref(), text.as_deref());
            let Some(state) = &told.state else {
                return Verdict::Unmet(Box::new(Unmet::NotRaised { at, wanted }));
            };
            let message = told.message.clone().unwrap_or_default();
            let found = code_of(state, &message);
            let fits = code.as_ref().is_none_or(|code| *code == found)
                && text.as_ref().is_none_or(|text| message.contains(text.as_str()));
            if fits {
                return Verdict::Met;
            }
            let fault = Box::new(Fault {
                kind: Kind::Raised,
                code: found,
                sqlstate: state.clone(),
                message,
                help: None,
                trace: Vec::new(),
                notices: Vec::new(),
            });
            Verdict::Unmet(Box::new(Unmet::RaisedOther { at, wanted, fault }))
        }
    }
}

fn is_same(found: &[String], wanted: &[String], unordered: bool) -> bool {
    if !unordered {
        return found == wanted;
    }
    let sorted = |rows: &[String]| {
        let mut rows = rows.to_vec();
        rows.sort();
        rows
    };
    sorted(found) == sorted(wanted)
}

/// `KF002`, `'only the owner'`, `KF001 'too late'`, `an error`
fn words(code: Option<&str>, text: Option<&str>) -> String {
    let text = text.map(|text| format!("'{}'", text.replace('\'', "''")));
    let parts: Vec<String> = code.map(str::to_owned).into_iter().chain(text).collect();
    if parts.is_empty() { "an error".to_owned() } else { parts.join(" ") }
}

fn rows(texts: &[String]) -> Vec<Vec<Cell>> {
    let row = |text: &String| {
        let values: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
        values.iter().map(cell).collect()
    };
    texts.iter().map(row).collect()
}

fn cell(value: &Value) -> Cell {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    match value {
        Value::Array(values) => Cell::Many(values.iter().map(text).collect()),
        other => text(other).map_or(Cell::Null, Cell::One),
    }
}
