//! When two outcomes are one.

use kuneiform::deploy::call::{Answer, CallError, Cell, Fault as Deployed};

use crate::interpreter::values::{Fault, Row, Value};

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Array(all) => Cell::Many(all.iter().map(Value::shown).collect()),
        value => Cell::One(value.shown().unwrap()),
    }
}

/// What is wrong with an outcome, if anything is.
pub fn difference(
    found: &Result<Answer, CallError>,
    wanted: &Result<Vec<Row>, Fault>,
    notices: &[String],
) -> Option<String> {
    match (found, wanted) {
        (Err(CallError::Refused(error)), _) => Some(format!("refused: {error}")),
        (Err(CallError::Fault(fault)), _) if is_bug(fault) => {
            Some(format!("bug: {} {}", fault.sqlstate, fault.message))
        }
        (Ok(answer), Ok(rows)) => {
            let width = answer.columns.len();
            let wanted: Vec<Vec<Cell>> = match width {
                0 => Vec::new(),
                _ => rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
            };
            if answer.rows != wanted {
                return Some(format!("rows\n  database    {:?}\n  interpreter {wanted:?}", answer.rows));
            }
            (answer.notices != notices)
                .then(|| format!("notices\n  database    {:?}\n  interpreter {notices:?}", answer.notices))
        }
        (Err(CallError::Fault(fault)), Err(wanted)) if same_fault(fault, wanted) => (fault.notices
            != notices)
            .then(|| format!("notices\n  database    {:?}\n  interpreter {notices:?}", fault.notices)),
        (Err(CallError::Fault(fault)), Err(wanted)) => Some(format!(
            "faults\n  database    {} {}\n  interpreter {wanted:?}",
            fault.sqlstate, fault.message
        )),
        (Err(CallError::Fault(fault)), Ok(rows)) => {
            Some(format!("database raises {} {}\n  interpreter {rows:?}", fault.sqlstate, fault.message))
        }
        (Ok(answer), Err(wanted)) => {
            Some(format!("database {:?}\n  interpreter raises {wanted:?}", answer.rows))
        }
    }
}

/// What a program that passed the check never raises.
fn is_bug(fault: &Deployed) -> bool {
    ["42", "0A", "XX"].iter().any(|class| fault.sqlstate.starts_with(class))
}

/// An author's error is compared to the letter, PostgreSQL's by its class.
fn same_fault(found: &Deployed, wanted: &Fault) -> bool {
    match wanted.state.starts_with("KF") {
        true => found.sqlstate == wanted.state && found.message == wanted.message,
        false => found.sqlstate[..2] == wanted.state[..2],
    }
}
