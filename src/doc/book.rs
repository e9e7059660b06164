//! What all pages are made from.

use std::collections::{BTreeMap, BTreeSet};

use maud::Markup;

use super::code::Text;
use super::facts::Facts;
use super::markdown;
use crate::hir::{Action, Origin, Program, Schema, Table, foreign};
use crate::interface::Dbid;
use crate::language::Name;
use crate::source::{SourceId, Sources, Span};

/// A project.
pub(super) struct Book<'a> {
    pub title: &'a str,
    pub program: &'a Program,
    pub sources: &'a Sources,
    /// One for each dataset: the project's own by name, then those that are only imported.
    pub chapters: Vec<Chapter<'a>>,
    texts: BTreeMap<SourceId, Text<'a>>,
}

/// A dataset.
pub(super) struct Chapter<'a> {
    pub schema: &'a Schema,
    /// Its page without the folder and `.html`.
    pub file: String,
    /// The comment above `database`.
    pub doc: Option<String>,
    facts: BTreeMap<&'a Name, Facts<'a>>,
}

/// The page a link stands on.
#[derive(Clone, Copy)]
pub(super) enum On<'a> {
    /// `index.html`
    Index,
    /// A page in `datasets/`.
    Dataset(&'a Dbid),
}

impl On<'_> {
    /// From the page to the site's folder.
    pub fn root(self) -> &'static str {
        match self {
            On::Index => "",
            On::Dataset(_) => "../",
        }
    }
}

impl<'a> Book<'a> {
    pub fn of(title: &'a str, program: &'a Program, sources: &'a Sources) -> Book<'a> {
        let texts: BTreeMap<SourceId, Text<'a>> =
            sources.iter().map(|(id, source)| (id, Text::of(&source.text))).collect();
        let mut schemas: Vec<&Schema> = program.schemas.iter().collect();
        schemas.sort_by_key(|schema| (schema.imported, &schema.name, &schema.dbid));
        let mut taken = BTreeSet::new();
        let mut chapters = Vec::new();
        for schema in &schemas {
            let alone = schemas.iter().filter(|other| other.name == schema.name).count() == 1;
            let mut file = if alone { schema.name.to_string() } else { schema.dbid.to_string() };
            while !taken.insert(file.clone()) {
                file.push('_');
            }
            let doc = texts.get(&schema.source).and_then(Text::head);
            let facts = schema.actions.iter().map(|action| (&action.name, Facts::of(action))).collect();
            chapters.push(Chapter { schema, file, doc, facts });
        }
        Book { title, program, sources, chapters, texts }
    }

    /// The chapter of a dataset.
    pub fn chapter(&self, dbid: &Dbid) -> Option<&Chapter<'a>> {
        self.chapters.iter().find(|chapter| chapter.schema.dbid == *dbid)
    }

    /// The colours of a source.
    pub fn text(&self, id: SourceId) -> Option<&Text<'a>> {
        self.texts.get(&id)
    }

    /// The comment about the item that begins or is named at `span`, without its marks.
    pub fn comment(&self, span: Span) -> Option<String> {
        self.text(span.source)?.about(span.start as usize)
    }

    /// `doc` as HTML for the page of `chapter`.
    pub fn prose(&self, chapter: &Chapter<'_>, doc: &str) -> Markup {
        markdown::render(doc, &|word| self.meant(chapter, word))
    }

    /// Where a link from `on` to `anchor` of `dataset` leads.
    pub fn href(&self, on: On<'_>, dataset: &Chapter<'_>, anchor: Option<&str>) -> String {
        let anchor = anchor.map(|anchor| format!("#{anchor}"));
        match (on, anchor) {
            (On::Dataset(dbid), Some(anchor)) if *dbid == dataset.schema.dbid => anchor,
            (_, anchor) => {
                let folder = if matches!(on, On::Index) { "datasets/" } else { "" };
                format!("{folder}{}.html{}", dataset.file, anchor.unwrap_or_default())
            }
        }
    }

    /// What a name in a comment of `chapter` means: an action or table of it, one of an import, or a dataset.
    fn meant(&self, chapter: &Chapter<'_>, word: &str) -> Option<String> {
        let on = On::Dataset(&chapter.schema.dbid);
        let word = word.trim_end_matches("()").to_ascii_lowercase();
        let of = |chapter: &Chapter<'_>, name: &str| {
            chapter.anchor_of(name).map(|anchor| self.href(on, chapter, Some(&anchor)))
        };
        match word.split_once('.') {
            None => of(chapter, &word).or_else(|| {
                let other = self.chapters.iter().find(|other| other.schema.name.as_str() == word)?;
                Some(self.href(on, other, None))
            }),
            Some((name, rest)) => of(self.known_as(chapter, name)?, rest),
        }
    }

    /// What `name` before a point means in `chapter`: an alias, or a dataset.
    pub fn known_as(&self, chapter: &Chapter<'_>, name: &str) -> Option<&Chapter<'a>> {
        let import = chapter.schema.imports.iter().find(|import| import.alias.as_str() == name);
        match import {
            Some(import) => self.chapter(&import.dbid),
            None => self.chapters.iter().find(|other| other.schema.name.as_str() == name),
        }
    }

    /// Datasets that import `chapter`.
    pub fn importers(&self, chapter: &Chapter<'_>) -> Vec<&Chapter<'a>> {
        let imports =
            |other: &&Chapter<'_>| other.schema.imports.iter().any(|it| it.dbid == chapter.schema.dbid);
        self.chapters.iter().filter(imports).collect()
    }

    /// Actions that call `action` of `chapter`.
    pub fn callers(&self, chapter: &Chapter<'_>, action: &Action) -> Vec<(&Chapter<'a>, &'a Action)> {
        let is_it =
            |callee: &&crate::hir::Callee| callee.dbid == chapter.schema.dbid && callee.action == action.name;
        let mut callers = Vec::new();
        for other in &self.chapters {
            for caller in other.written() {
                if other.facts(caller).is_some_and(|facts| facts.calls.iter().any(is_it)) {
                    callers.push((other, caller));
                }
            }
        }
        callers
    }
}

impl<'a> Chapter<'a> {
    /// What an action does by itself.
    pub fn facts(&self, action: &Action) -> Option<&Facts<'a>> {
        self.facts.get(&action.name)
    }

    /// Actions somebody wrote, in source order.
    pub fn written(&self) -> impl Iterator<Item = &'a Action> {
        self.schema.actions.iter().filter(|action| action.is_written())
    }

    /// Foreign procedures, in source order.
    pub fn foreign(&self) -> impl Iterator<Item = &'a Action> {
        let is_declared = |action: &&Action| {
            action.origin == Origin::Foreign && foreign::declared_name(&action.name) == action.name.as_str()
        };
        self.schema.actions.iter().filter(is_declared)
    }

    /// Functions of externs that are called.
    pub fn externs(&self) -> impl Iterator<Item = &'a Action> {
        self.schema.actions.iter().filter(|action| action.extern_target().is_some())
    }

    /// What the author calls an action, and its anchor.
    pub fn anchor(&self, action: &Action) -> String {
        match action.origin {
            Origin::Written => format!("action-{}", action.name),
            Origin::Foreign => format!("foreign-{}", foreign::declared_name(&action.name)),
            Origin::Extern(_) => format!("extern-{}", action.name),
        }
    }

    /// The anchor of the action or table `name`.
    fn anchor_of(&self, name: &str) -> Option<String> {
        let is_named = |action: &&Action| action.name.as_str() == name;
        let action = self.schema.actions.iter().find(is_named).map(|action| self.anchor(action));
        action.or_else(|| self.schema.table(&Name::new(name)).map(table_anchor))
    }
}

/// The anchor of a table.
pub(super) fn table_anchor(table: &Table) -> String {
    format!("table-{}", table.name)
}
