//! A plan of PostgreSQL as an indented tree.

use std::fmt::Write;

use serde_json::Value;

use crate::diagnostics::render::{Ink, Style};
use crate::diagnostics::visible;

/// Conditions worth showing, by PostgreSQL's names of them.
const CONDITIONS: &[(&str, &str)] = &[
    ("Index Cond", "where"),
    ("Hash Cond", "on"),
    ("Merge Cond", "on"),
    ("Join Filter", "on"),
    ("Filter", "keeping"),
    ("One-Time Filter", "if"),
];

/// Adds `node` and all below it to `text`, indented by `depth` columns.
pub(super) fn draw(text: &mut String, node: &Value, depth: usize, style: Style) {
    let arrow = if style.unicode { "└ " } else { "- " };
    let _ = writeln!(
        text,
        "{:depth$}{arrow}{}{}",
        "",
        visible(&label(node)),
        style.paint(Ink::Quiet, &rows(node))
    );
    for child in node.get("Plans").and_then(Value::as_array).into_iter().flatten() {
        draw(text, child, depth + 2, style);
    }
}

/// A text member of a node.
pub(super) fn word<'n>(node: &'n Value, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Value::as_str)
}

/// A number of a node.
pub(super) fn number(node: &Value, key: &str) -> Option<f64> {
    node.get(key).and_then(Value::as_f64)
}

/// `Index Scan on names by names_pkey where (id = 'n7'::text)`
fn label(node: &Value) -> String {
    let mut label = word(node, "Node Type").unwrap_or("?").to_owned();
    if label == "ModifyTable" {
        label = word(node, "Operation").unwrap_or("Write").to_owned();
    }
    if let Some(kind) = word(node, "Join Type").filter(|kind| *kind != "Inner") {
        let _ = write!(label, " ({})", kind.to_lowercase());
    }
    let relation = word(node, "Relation Name").or(word(node, "CTE Name")).or(word(node, "Function Name"));
    if let Some(relation) = relation {
        let _ = write!(label, " on {relation}");
    }
    if let Some(index) = word(node, "Index Name") {
        let _ = write!(label, " by {index}");
    }
    for key in ["Sort Key", "Group Key"] {
        let keys = node.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let keys: Vec<&str> = keys.collect();
        if !keys.is_empty() {
            let _ = write!(label, " by {}", keys.join(", "));
        }
    }
    for (key, shown) in CONDITIONS {
        if let Some(condition) = word(node, key) {
            let _ = write!(label, " {shown} {condition}");
        }
    }
    label
}

/// `, 3 rows, 5 expected` of a measured plan, `, about 5 rows` of another.
fn rows(node: &Value) -> String {
    let Some(expected) = number(node, "Plan Rows") else { return String::new() };
    let plural = |count: f64| if count == 1.0 { "" } else { "s" };
    if word(node, "Node Type") == Some("ModifyTable") {
        return String::new();
    }
    match (number(node, "Actual Rows"), number(node, "Actual Loops")) {
        (Some(_), Some(0.0)) => "  never run".to_owned(),
        (Some(found), Some(loops)) if loops > 1.0 => {
            format!("  {found} row{}, {expected} expected, {loops} times", plural(found))
        }
        (Some(found), _) => format!("  {found} row{}, {expected} expected", plural(found)),
        _ => format!("  about {expected} row{}", plural(expected)),
    }
}
