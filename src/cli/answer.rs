//! The result of a call as a table, as JSON or as CSV.

use clap::ValueEnum;
use comfy_table::{Table, presets};
use serde_json::Value;

use super::terminal;
use crate::deploy::call::{Answer, Cell, Fault, json};
use crate::diagnostics::visible;
use crate::language::Type;

/// How a result is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// `{"columns":[{"name","type"}],"rows":[[..]],"notices":[..]}` on one line
    Json,
    /// With a header; null is empty, an empty text is `""`
    Csv,
}

/// The whole of what goes to stdout.
pub fn text(answer: &Answer, format: Format) -> String {
    match format {
        Format::Json => format!("{}\n", as_json(answer)),
        _ if answer.columns.is_empty() => String::new(),
        Format::Table => as_table(answer),
        Format::Csv => as_csv(answer),
    }
}

fn as_json(answer: &Answer) -> String {
    let shape = json::Shape::new(&answer.columns, &answer.rows, &answer.notices);
    // Strings, numbers and lists always serialise.
    serde_json::to_string(&shape).unwrap_or_default()
}

/// A cell for people and CSV; none for null.
fn plain(cell: &Cell, ty: &Type) -> Option<String> {
    match json::value(cell, ty) {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

fn as_table(answer: &Answer) -> String {
    let headers: Vec<String> = answer.columns.iter().map(|column| column.name.as_str().to_owned()).collect();
    let cells = |row: &Vec<Cell>| {
        row.iter().zip(&answer.columns).map(|(cell, column)| plain(cell, &column.ty)).collect::<Vec<_>>()
    };
    grid(&headers, &answer.rows.iter().map(cells).collect::<Vec<_>>())
}

/// A table with a line that counts its rows.
pub fn grid(headers: &[String], rows: &[Vec<Option<String>>]) -> String {
    let style = terminal::style_of_stdout();
    let plural = if rows.len() == 1 { "" } else { "s" };
    let count = format!("{} row{plural}\n", rows.len());
    if headers.is_empty() {
        return count;
    }
    let mut table = Table::new();
    table.load_preset(if style.unicode { presets::UTF8_FULL_CONDENSED } else { presets::ASCII_MARKDOWN });
    table.set_header(headers.iter().map(|header| visible(header).into_owned()));
    for row in rows {
        table.add_row(
            row.iter().map(|cell| {
                cell.as_ref().map_or_else(|| "null".to_owned(), |text| visible(text).into_owned())
            }),
        );
    }
    format!("{table}\n{count}")
}

fn as_csv(answer: &Answer) -> String {
    let quote = |text: &str| match text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    let header: Vec<String> = answer.columns.iter().map(|column| quote(column.name.as_str())).collect();
    let mut lines = vec![header.join(",")];
    for row in &answer.rows {
        let cells = row.iter().zip(&answer.columns);
        let cells: Vec<String> = cells
            .map(|(cell, column)| plain(cell, &column.ty).map_or_else(String::new, |text| quote(&text)))
            .collect();
        lines.push(cells.join(","));
    }
    lines.join("\r\n") + "\r\n"
}

/// A fault on one line: `{"error":{"code","sqlstate","message","help","trace":[{"path","line","column",..}]},"notices"}`.
pub fn fault_json(fault: &Fault) -> String {
    format!("{}\n", serde_json::json!({"error": json::fault(fault), "notices": fault.notices}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interface::RowColumn;
    use crate::language::Name;

    fn answer() -> Answer {
        let column = |name: &str, ty| RowColumn { name: Name::new(name), ty, nullable: true };
        let columns = vec![
            column("n", Type::Int),
            column("t", Type::Text),
            column("b", Type::Blob),
            column("u", Type::Uint256),
            column("a", Type::array(Type::Bool)),
        ];
        let one = |text: &str| Cell::One(text.into());
        let rows = vec![
            vec![
                one("-9223372036854775808"),
                one("a,\"b\u{1b}"),
                one("\\x00ff"),
                one("7"),
                Cell::Many(vec![Some("true".into()), None]),
            ],
            vec![Cell::Null, one(""), Cell::Null, Cell::Null, Cell::Null],
        ];
        Answer { columns, rows, notices: vec!["said".into()] }
    }

    #[test]
    fn json_loses_nothing() {
        insta::assert_snapshot!(text(&answer(), Format::Json), @r#"
        {"columns":[{"name":"n","type":"int"},{"name":"t","type":"text"},{"name":"b","type":"blob"},{"name":"u","type":"uint256"},{"name":"a","type":"bool[]"}],"rows":[[-9223372036854775808,"a,\"b\u001b","0x00ff","7",[true,null]],[null,"",null,null,null]],"notices":["said"]}
        "#);
    }

    #[test]
    fn csv_tells_null_from_empty() {
        insta::assert_snapshot!(text(&answer(), Format::Csv).replace(['\r', '\u{1b}'], ""), @r#"
        n,t,b,u,a
        -9223372036854775808,"a,""b",0x00ff,7,"[true,null]"
        ,"",,,
        "#);
    }

    #[test]
    fn a_table_is_safe_to_look_at() {
        let table = text(&answer(), Format::Table);
        assert!(
            !table.contains('\u{1b}') && table.contains("<U+001B>") && table.ends_with("2 rows\n"),
            "{table}"
        );
    }
}
