use std::ops::Range;

use super::doc::doc;
use super::indent::suspect;
use super::name::Role;
use super::{Builder, Node};
use crate::language::{Ident, Type, limits};
use crate::source::Span;
use crate::syntax::ast::{Attribute, AttributeKind, Column, ForeignKey, Index, IndexKind, Table, TypeName};
use crate::syntax::cut::{Entry, EntryKind, Item, entries};
use crate::syntax::grammar::Rule;
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;

impl<'t> Builder<'t, '_, '_> {
    /// `table NAME { entries }`
    pub(super) fn table(&mut self, item: &Item) -> Option<Table> {
        let node = self.read(Rule::table_piece, item.head(), "");
        let renamed_from = node.as_ref().and_then(|node| node.child(Rule::renamed_from));
        let renamed_from = renamed_from.and_then(|node| self.renamed_from(&node));
        let name = node.and_then(|node| node.child(Rule::name)).map(|name| self.name(&name, Role::Table));
        let open = item.open?;
        let span = self.tokens.range_span(&item.range);
        let mut table = Table {
            name: name.clone().unwrap_or_else(|| Ident::new("", span)),
            renamed_from,
            columns: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            doc: doc(self.tokens, item.range.start),
            span,
        };
        self.check_closed(item, "table");
        self.entries(&mut table, open + 1..item.close.unwrap_or(item.range.end));
        name.map(|_| table)
    }

    /// Reports a block that is never closed, unless a comment swallowed its end.
    pub(super) fn check_closed(&mut self, item: &Item, what: &str) {
        if let (Some(open), None, false) = (item.open, item.close, self.tokens.cut_short()) {
            let diagnostic = match suspect(self.tokens, open, item.range.end) {
                Some((inner, closer)) => {
                    let before = self.tokens.span(closer - 1);
                    problems::misplaced_brace(self.tokens.span(inner), before, self.tokens.span(closer))
                }
                None => {
                    let last = self.tokens.span(item.range.end - 1);
                    problems::unclosed_brace(self.tokens.span(open), last, what)
                }
            };
            self.reporter.report(diagnostic);
        }
    }

    fn entries(&mut self, table: &mut Table, inside: Range<usize>) {
        if inside.is_empty() {
            self.reporter.report(problems::empty_table(self.tokens.span(inside.end)));
        }
        let entries = entries(self.tokens, inside);
        let columns = entries.iter().filter(|entry| entry.kind == EntryKind::Column).count();
        self.count(table.name.span, columns, limits::COLUMNS, "columns");
        let most = if columns > limits::COLUMNS { limits::COLUMNS } else { entries.len() };
        for entry in entries.into_iter().take(most) {
            if self.reporter.is_full(self.tokens.span(entry.range.start)) {
                return;
            }
            if entry.range.is_empty() {
                let comma = entry.range.end;
                self.reporter.report(problems::empty_entry(self.tokens.span(comma), self.tokens.text(comma)));
                continue;
            }
            match entry.kind {
                EntryKind::Index => table.indexes.extend(self.index(&entry)),
                EntryKind::ForeignKey => table.foreign_keys.extend(self.foreign_key(&entry)),
                EntryKind::Column => table.columns.extend(self.column(&entry)),
            }
            if entry.lacks_comma {
                let last = self.tokens.span(entry.range.end - 1);
                self.reporter.report(problems::missing_comma(last, self.tokens.text(entry.range.end)));
            }
        }
    }

    fn column(&mut self, entry: &Entry) -> Option<Column> {
        let Some(node) = self.read(Rule::column_piece, entry.range.clone(), "`,`") else {
            return self.salvage(entry);
        };
        let name = self.name(&node.child(Rule::name)?, Role::Column);
        let ty = self.type_name(&node.child(Rule::type_name)?);
        let attributes = self.attributes(&node, ty.ty != Type::Unknown);
        Some(Column { name, ty, attributes, span: node.span() })
    }

    /// What is certain of a column that could not be read, so that its uses are not reported too.
    fn salvage(&self, entry: &Entry) -> Option<Column> {
        let (first, span) = (entry.range.start, self.tokens.range_span(&entry.range));
        if self.tokens.kind(first) != Some(TokenKind::Word) {
            return None;
        }
        let name = Ident::new(self.tokens.text(first), self.tokens.span(first));
        let key = |index: &usize| self.tokens.is_one_of(*index, &["primary", "primary_key", "pk"]);
        let keys = entry.range.clone().skip(1).filter(key).take(1);
        let attribute = |index| Attribute { kind: AttributeKind::PrimaryKey, span: self.tokens.span(index) };
        let ty = TypeName { ty: Type::Unknown, span };
        Some(Column { name, ty, attributes: keys.map(attribute).collect(), span })
    }

    fn index(&mut self, entry: &Entry) -> Option<Index> {
        let node = self.read(Rule::index_piece, entry.range.clone(), "`,`")?;
        let name = self.name(&node.child(Rule::index_name)?, Role::Index);
        let kind = match node.child(Rule::index_kind)?.children().next()?.rule() {
            Rule::k_unique => IndexKind::Unique,
            Rule::k_primary => IndexKind::Primary,
            _ => IndexKind::Lookup,
        };
        let columns = self.key_columns(&node.child(Rule::name_list)?);
        Some(Index { name, kind, columns, span: node.span() })
    }

    fn key_columns(&mut self, list: &Node<'t>) -> Vec<Ident> {
        let columns = self.names(list);
        self.count(list.span(), columns.len(), limits::INDEX_COLUMNS, "columns of a key");
        columns
    }

    fn foreign_key(&mut self, entry: &Entry) -> Option<ForeignKey> {
        let node = self.read(Rule::foreign_key_piece, entry.range.clone(), "`,`")?;
        let mut lists = node.all(Rule::name_list);
        let columns = self.key_columns(&lists.next()?);
        let parent_columns = lists.next().map_or(Vec::new(), |list| self.names(&list));
        let parent = self.name(&node.child(Rule::name)?, Role::Other);
        let actions = self.changes(&node);
        Some(ForeignKey { columns, parent, parent_columns, actions, span: node.span() })
    }

    /// From the first to the last token of an item, with what stands before it.
    pub(super) fn item_span(&self, start: usize, item: &Item) -> Span {
        self.tokens.range_span(&(start..item.range.end))
    }
}
