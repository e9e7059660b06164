//! What can be searched for, as a script: a page that is a file may not read another.

use serde_json::json;

use super::book::{Book, Chapter, On, table_anchor};
use super::raises;
use super::{markdown, table};
use crate::hir::{Action, foreign};

/// The script that gives the entries: `[kind, name, dataset, address, text]`.
pub(super) fn script(book: &Book<'_>) -> String {
    let entries: Vec<String> = entries(book).iter().map(|entry| entry.to_string()).collect();
    let entries = entries
        .join(",\n")
        .replace('<', "\\u003c")
        .replace("\u{2028}", "\\u2028")
        .replace("\u{2029}", "\\u2029");
    format!("// Made by kf doc: what can be searched for.\nwindow.kfSearch = [\n{entries}\n];\n")
}

fn entries(book: &Book<'_>) -> Vec<serde_json::Value> {
    let mut entries = Vec::new();
    for chapter in &book.chapters {
        let dataset = &chapter.schema.name;
        let page = book.href(On::Index, chapter, None);
        let told = |doc: Option<&str>| doc.map(markdown::summary).unwrap_or_default();
        entries.push(json!(["dataset", dataset, dataset, page, told(chapter.doc.as_deref())]));
        for table in &chapter.schema.tables {
            let href = book.href(On::Index, chapter, Some(&table_anchor(table)));
            entries.push(json!([
                "table",
                table.name,
                dataset,
                href,
                told(book.comment(table.span).as_deref())
            ]));
            for column in &table.columns {
                let href = book.href(On::Index, chapter, Some(&table::column_anchor(table, column)));
                let name = format!("{}.{}", table.name, column.name);
                let doc =
                    book.comment(column.span).map_or_else(|| column.ty.to_string(), |doc| told(Some(&doc)));
                entries.push(json!(["column", name, dataset, href, doc]));
            }
        }
        for action in
            chapter.schema.actions.iter().filter(|it| foreign::declared_name(&it.name) == it.name.as_str())
        {
            let href = book.href(On::Index, chapter, Some(&chapter.anchor(action)));
            entries.push(json!([kind(action), action.name, dataset, href, told(action.doc.as_deref())]));
            entries.extend(errors(book, chapter, action, &href));
        }
    }
    entries
}

fn kind(action: &Action) -> &'static str {
    match action.origin {
        crate::hir::Origin::Written if action.signature.modifiers.view => "view",
        crate::hir::Origin::Written => "action",
        crate::hir::Origin::Foreign => "foreign",
        crate::hir::Origin::Extern(_) => "extern",
    }
}

fn errors(book: &Book<'_>, chapter: &Chapter<'_>, action: &Action, href: &str) -> Vec<serde_json::Value> {
    let messages = raises::own(book, chapter, action);
    let dataset = &chapter.schema.name;
    messages
        .iter()
        .map(|it| json!(["error", it.text(), dataset, href, format!("raised by {}", action.name)]))
        .collect()
}
