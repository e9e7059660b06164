//! Results for programs: JSON Lines.

use serde_json::{Value, json};

use super::Report;
use super::compare::Compared;
use super::coverage::{self, File};
use crate::deploy::call::{Cell, json as shapes};
use crate::deploy::testing::Unmet;
use crate::interface::{BodyLine, RowColumn, Test};

/// A line for each test, and one for all of them.
pub(super) fn text(report: &Report<'_>, covered: &[File<'_>]) -> String {
    let mut text = String::new();
    for (test, result) in report.tests.iter().zip(&report.results) {
        text.push_str(&format!("{}\n", one(test, result)));
    }
    let (tests, failed) = (report.results.len(), report.failed());
    let summary = json!({"tests": tests, "passed": tests - failed, "failed": failed,
                         "seconds": report.took.as_secs_f64(), "written": report.written,
                         "coverage": coverage::json(covered)});
    text + &format!("{}\n", json!({ "summary": summary }))
}

/// A test as an object.
pub(super) fn one(test: &Test, result: &Compared) -> Value {
    let mut failures: Vec<Value> = result.outcome.unmet.iter().map(|unmet| failure(test, unmet)).collect();
    failures.extend(result.changed.iter().map(|changed| {
        place(json!({"kind": "snapshot", "wanted": changed.kept, "found": changed.found}), test, changed.at)
    }));
    let status = if result.passed() { "passed" } else { "failed" };
    let all = json!({"schema": test.schema.as_str(), "title": test.title, "status": status,
                     "seconds": result.outcome.took.as_secs_f64(), "failures": failures,
                     "notices": result.outcome.notices});
    place(all, test, test.at)
}

/// What is said, with where.
fn place(mut said: Value, test: &Test, at: BodyLine) -> Value {
    if let Value::Object(fields) = &mut said {
        fields.insert("path".to_owned(), json!(test.path));
        fields.insert("line".to_owned(), json!(at.line));
        fields.insert("column".to_owned(), json!(at.column));
    }
    said
}

fn failure(test: &Test, unmet: &Unmet) -> Value {
    let said = match unmet {
        Unmet::Condition { sides, .. } => {
            let sides: Vec<Value> = sides.iter().map(|(cell, ty)| shapes::value(cell, ty)).collect();
            json!({"kind": "condition", "sides": sides})
        }
        Unmet::Rows { columns, found, wanted, unordered, .. } => {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            json!({"kind": "rows", "columns": names, "unordered": unordered,
                   "wanted": rows(wanted, columns), "found": rows(found, columns)})
        }
        Unmet::NotRaised { wanted, .. } => json!({"kind": "not_raised", "wanted": wanted}),
        Unmet::RaisedOther { wanted, fault, .. } => {
            json!({"kind": "raised_other", "wanted": wanted, "error": shapes::fault(fault)})
        }
        Unmet::Raised(fault) => json!({"kind": "raised", "error": shapes::fault(fault)}),
        Unmet::TimedOut { fault, limit } => {
            json!({"kind": "timed_out", "limit": limit.as_secs_f64(), "error": shapes::fault(fault)})
        }
    };
    place(said, test, unmet.at(test))
}

fn rows(rows: &[Vec<Cell>], columns: &[RowColumn]) -> Value {
    let row = |row: &Vec<Cell>| -> Value {
        row.iter().zip(columns).map(|(cell, column)| shapes::value(cell, &column.ty)).collect()
    };
    rows.iter().map(row).collect()
}
