//! What a call gave, as JSON that loses nothing.

use serde_json::{Value, json};

use super::{Cell, Fault, Place};
use crate::interface::RowColumn;
use crate::language::Type;

/// The shape of a result, in this order.
#[derive(serde::Serialize)]
pub struct Shape<'a> {
    columns: Vec<Column<'a>>,
    rows: Vec<Vec<Value>>,
    notices: &'a [String],
}

#[derive(serde::Serialize)]
struct Column<'a> {
    name: &'a str,
    r#type: &'a Type,
}

impl<'a> Shape<'a> {
    /// Of rows with these columns.
    pub fn new(columns: &'a [RowColumn], rows: &[Vec<Cell>], notices: &'a [String]) -> Shape<'a> {
        let row =
            |row: &Vec<Cell>| row.iter().zip(columns).map(|(cell, column)| value(cell, &column.ty)).collect();
        let rows = rows.iter().map(row).collect();
        let column = |column: &'a RowColumn| Column { name: column.name.as_str(), r#type: &column.ty };
        Shape { columns: columns.iter().map(column).collect(), rows, notices }
    }
}

/// Ints and booleans as JSON has them, blobs as `0x..`, decimals and uint256 as strings, so that no digit is lost.
pub fn value(cell: &Cell, ty: &Type) -> Value {
    match (cell, ty) {
        (Cell::Null, _) => Value::Null,
        (Cell::One(text), ty) => scalar(text, ty),
        (Cell::Many(texts), Type::Array(element)) => texts
            .iter()
            .map(|text| text.as_deref().map_or(Value::Null, |text| scalar(text, element)))
            .collect(),
        (Cell::Many(texts), _) => json!(texts),
    }
}

fn scalar(text: &str, ty: &Type) -> Value {
    match ty {
        Type::Int => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
        Type::Bool => json!(text == "true"),
        Type::Blob => json!(text.replacen("\\x", "0x", 1)),
        _ => json!(text),
    }
}

/// `{"code","sqlstate","message","help","trace":[{"path","line","column",..}]}`
pub fn fault(fault: &Fault) -> Value {
    let place = |place: &Place| {
        json!({"dataset": place.dataset, "action": place.action, "path": place.path,
               "line": place.at.map(|at| at.line), "column": place.at.map(|at| at.column)})
    };
    let trace: Vec<Value> = fault.trace.iter().map(place).collect();
    json!({"code": fault.code, "sqlstate": fault.sqlstate, "message": fault.message, "help": fault.help, "trace": trace})
}
