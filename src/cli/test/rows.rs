//! Rows as the language writes them.

use crate::deploy::call::Cell;
use crate::diagnostics::visible;
use crate::interface::RowColumn;
use crate::language::Type;

/// `(1, 'it''s', null)`
pub(super) fn row(cells: &[Cell], columns: &[RowColumn]) -> String {
    let cells: Vec<String> = cells.iter().zip(columns).map(|(one, column)| cell(one, &column.ty)).collect();
    format!("({})", cells.join(", "))
}

/// `(id, body)`
pub(super) fn head(columns: &[RowColumn]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    format!("({})", names.join(", "))
}

/// One value on one line.
pub(super) fn cell(cell: &Cell, ty: &Type) -> String {
    match (cell, ty) {
        (Cell::Null, _) => "null".to_owned(),
        (Cell::One(text), ty) => scalar(text, ty),
        (Cell::Many(texts), ty) => {
            let element = match ty {
                Type::Array(element) => element,
                other => other,
            };
            let one = |text: &Option<String>| {
                text.as_ref().map_or_else(|| "null".to_owned(), |text| scalar(text, element))
            };
            format!("[{}]", texts.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}

fn scalar(text: &str, ty: &Type) -> String {
    match ty {
        Type::Int | Type::Bool | Type::Decimal(_) | Type::Uint256 => text.to_owned(),
        Type::Blob => text.replacen("\\x", "0x", 1),
        _ => format!("'{}'", visible(text).replace('\'', "''")),
    }
}
