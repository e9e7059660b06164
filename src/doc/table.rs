//! A table on the page of its dataset.

use maud::{Markup, html};

use super::action::listing;
use super::book::{Book, Chapter, On, table_anchor};
use super::fields::{self, Field, mark, to_action};
use crate::hir::{Action, Check, Column, ForeignKey, Table};
use crate::syntax::ast::ReferentialAction;

/// Everything about `table`.
pub(super) fn section(book: &Book<'_>, chapter: &Chapter<'_>, table: &Table) -> Markup {
    let anchor = table_anchor(table);
    let about = |column: &Column| book.comment(column.span).map(|doc| book.prose(chapter, &doc));
    let columns = table.columns.iter().enumerate().map(|(index, column)| Field {
        id: Some(column_anchor(table, column)),
        name: column.name.to_string(),
        ty: column.ty.clone(),
        marks: marks(table, index, column),
        doc: about(column),
    });
    let columns: Vec<Field> = columns.collect();
    html! {
        article.item id=(anchor) {
            header { h3 { a.self href={ "#" (anchor) } { (table.name) } } div.badges { span.badge.table { "table" } } }
            div.words {
                @if let Some(doc) = book.comment(table.span) { div.doc { (book.prose(chapter, &doc)) } }
                h4 { "Columns" }
                (fields::list(&columns))
                (keys(table))
                (users(book, chapter, table))
            }
            div.codes {
                @if let Some((place, code)) = listing(book, chapter, table.span) {
                    figure { figcaption { "Source " small { (place) } } (code) }
                }
            }
        }
    }
}

/// The anchor of a column.
pub(super) fn column_anchor(table: &Table, column: &Column) -> String {
    format!("column-{}-{}", table.name, column.name)
}

fn marks(table: &Table, index: usize, column: &Column) -> Vec<Markup> {
    let mut marks = Vec::new();
    let alone = |columns: &[usize]| columns == [index];
    if table.primary_key.contains(&index) {
        marks.push(html! { span.mark.key { @if alone(&table.primary_key) { "primary key" } @else { "part of the key" } } });
    } else {
        marks.push(mark(if column.nullable { "may be null" } else { "not null" }));
    }
    if table.indexes.iter().any(|index| index.unique && alone(&index.columns)) {
        marks.push(mark("unique"));
    }
    if let Some(default) = &column.default {
        marks.push(html! { span.mark { "default " code { (default) } } });
    }
    marks.extend(column.checks.iter().filter_map(check).map(|text| mark(&text)));
    for key in table.foreign_keys.iter().filter(|key| alone(&key.columns)) {
        marks.push(html! { span.mark { "→ " (parent(key)) } });
    }
    marks
}

fn check(check: &Check) -> Option<String> {
    Some(match check {
        Check::Min(least) => format!("≥ {least}"),
        Check::Max(most) => format!("≤ {most}"),
        Check::MinLength(least) => format!("length ≥ {least}"),
        Check::MaxLength(most) => format!("length ≤ {most}"),
        Check::Number => return None,
    })
}

fn parent(key: &ForeignKey) -> Markup {
    html! {
        @for (index, column) in key.parent_columns.iter().enumerate() {
            @if index > 0 { ", " }
            a href={ "#column-" (key.parent) "-" (column) } { code { (key.parent) "." (column) } }
        }
    }
}

/// The keys and indexes, those the compiler adds too.
fn keys(table: &Table) -> Markup {
    let names = |columns: &[usize]| {
        let names =
            columns.iter().filter_map(|index| table.columns.get(*index)).map(|column| column.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    html! {
        h4 { "Keys and indexes" }
        ul.keys {
            li { span.mark.key { "primary key" } " " code { (names(&table.primary_key)) } }
            @for index in &table.indexes {
                li {
                    span.mark { @if index.unique { "unique" } @else { "index" } } " " code { (names(&index.columns)) }
                    @if let Some(name) = &index.name { " " small { "#" (name) } }
                }
            }
            @for key in &table.foreign_keys {
                li {
                    span.mark { "foreign key" } " " code { (names(&key.columns)) } " → " (parent(key))
                    @for (when, action) in [("delete", key.actions.on_delete), ("update", key.actions.on_update)] {
                        @if let Some(action) = action { " " small { "on " (when) " " (word(action)) } }
                    }
                }
            }
        }
    }
}

fn word(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "no action",
        ReferentialAction::Cascade => "cascade",
        ReferentialAction::Restrict => "restrict",
        ReferentialAction::SetNull => "set null",
        ReferentialAction::SetDefault => "set default",
    }
}

fn users(book: &Book<'_>, chapter: &Chapter<'_>, table: &Table) -> Markup {
    let on = On::Dataset(&chapter.schema.dbid);
    let reads =
        |action: &&Action| chapter.facts(action).is_some_and(|facts| facts.reads.contains(&table.name));
    let writes =
        |action: &&Action| chapter.facts(action).is_some_and(|facts| facts.writes.contains_key(&table.name));
    let readers: Vec<&Action> = chapter.written().filter(reads).collect();
    let writers: Vec<&Action> = chapter.written().filter(writes).collect();
    let parents = |other: &&Table| other.foreign_keys.iter().any(|key| key.parent == table.name);
    let children: Vec<&Table> = chapter.schema.tables.iter().filter(parents).collect();
    html! {
        dl.touched {
            @for (word, actions) in [("Read by", readers), ("Written by", writers)] {
                @if !actions.is_empty() {
                    div { dt { (word) } dd { @for action in actions { (to_action(book, on, chapter, action)) } } }
                }
            }
            @if !children.is_empty() {
                div { dt { "Referred to by" } dd { @for table in children { (fields::to_table(&table.name)) } } }
            }
        }
    }
}
