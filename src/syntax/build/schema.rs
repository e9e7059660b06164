use super::name::Role;
use super::{Builder, Node};
use crate::language::Ident;
use crate::source::Span;
use crate::syntax::ast::{self, Action, Annotation, Ast, Use, UseConfig, UseTarget};
use crate::syntax::cut::{Item, ItemKind, Keyword};
use crate::syntax::grammar::Rule;
use crate::syntax::problems;

/// What was met on the way through a file.
#[derive(Default)]
struct Progress {
    /// The first `database`.
    database: Option<Span>,
    /// The first token of the annotations before the next action.
    annotation: Option<usize>,
    /// Those annotations.
    annotations: Vec<Annotation>,
    /// True while what follows belongs to junk that was reported.
    junk: bool,
    /// True right after an action.
    after_action: bool,
}

impl<'t> Builder<'t, '_, '_> {
    /// Reads every item of the file.
    pub(super) fn file(&mut self, items: &[Item]) -> Ast {
        let (source, items_read) = (self.tokens.source(), Vec::new());
        let mut ast = Ast { source, name: None, items: items_read, interface: None, tests: None };
        if items.first().is_some_and(|item| item.kind == ItemKind::Extern) {
            ast.interface = self.interface(items);
            return ast;
        }
        if items.first().is_some_and(|item| item.kind == ItemKind::Tests) {
            ast.tests = self.test_file(items);
            return ast;
        }
        let mut progress = Progress::default();
        let has_database = items.iter().any(|item| item.kind == ItemKind::Database);
        if !has_database && (!self.reporter.has_reported() || !items.is_empty()) {
            let first = items.first().map_or(self.tokens.len(), |item| item.range.start);
            let found = (first < self.tokens.len()).then(|| self.tokens.text(first));
            self.reporter.report(problems::missing_database(self.tokens.span(first), found));
            progress.junk = items.first().is_some_and(|item| item.kind == ItemKind::Junk);
        }
        for item in items {
            if self.reporter.is_full(self.tokens.span(item.range.start)) {
                break;
            }
            self.item(&mut ast, &mut progress, item);
        }
        self.count_items(&ast);
        ast
    }

    fn item(&mut self, ast: &mut Ast, progress: &mut Progress, item: &Item) {
        let after_action = std::mem::replace(&mut progress.after_action, item.kind == ItemKind::Action);
        if item.kind == ItemKind::Junk {
            return self.junk(progress, item, after_action);
        }
        if item.kind == ItemKind::Stray {
            return self.stray(progress, item);
        }
        progress.junk = false;
        let (at, text) = (self.tokens.span(item.range.start), self.tokens.text(item.range.start));
        match item.keyword {
            Keyword::Written => {}
            Keyword::Misspelt(meant) => self.reporter.report(problems::misspelt_keyword(at, text, meant)),
            Keyword::Missing(word) => self.reporter.report(problems::missing_keyword(at, text, word)),
        }
        if !matches!(item.kind, ItemKind::Action | ItemKind::Annotation) {
            self.drop_annotation(progress);
        }
        match item.kind {
            ItemKind::Database => self.database(ast, progress, item),
            ItemKind::Use => ast.items.extend(self.import(item).map(ast::Item::Use)),
            ItemKind::Table => ast.items.extend(self.table(item).map(ast::Item::Table)),
            ItemKind::Action => {
                let start = progress.annotation.take().unwrap_or(item.range.start);
                let annotations = std::mem::take(&mut progress.annotations);
                let action = self.action(start, item).map(|action| Action { annotations, ..action });
                ast.items.extend(action.map(ast::Item::Action));
                progress.junk = self.lost_a_brace();
            }
            ItemKind::Annotation => {
                if let Some(node) = self.read(Rule::annotation_piece, item.range.clone(), "") {
                    progress.annotation.get_or_insert(item.range.start);
                    let annotation = self.annotation(&node, &progress.annotations);
                    progress.annotations.extend(annotation);
                }
            }
            _ => ast.items.extend(self.foreign(item).map(ast::Item::Foreign)),
        }
    }

    /// One run of text that is no item is one mistake.
    fn junk(&mut self, progress: &mut Progress, item: &Item, after_action: bool) {
        self.drop_annotation(progress);
        if !std::mem::replace(&mut progress.junk, true) {
            let (at, text) = (self.tokens.span(item.range.start), self.tokens.text(item.range.start));
            let before = item.range.start.checked_sub(1);
            let before = before.filter(|before| after_action && self.tokens.is_mark(*before, "}"));
            let ended = before.map(|before| self.tokens.span(before));
            self.reporter.report(problems::unknown_item(at, text, ended));
        }
    }

    fn stray(&mut self, progress: &mut Progress, item: &Item) {
        self.drop_annotation(progress);
        let at = self.tokens.span(item.range.start);
        let brace = self.tokens.is_mark(item.range.start, "}");
        if !progress.junk && brace {
            self.reporter.report(problems::stray_brace(at));
        } else if !progress.junk {
            self.reporter.report(problems::stray_semicolon(at));
        }
        progress.junk |= brace;
    }

    /// Annotations stand before actions.
    fn drop_annotation(&mut self, progress: &mut Progress) {
        progress.annotations.clear();
        if let Some(index) = progress.annotation.take() {
            let (at, text) = (self.tokens.span(index), self.tokens.text(index));
            self.reporter.report(problems::misplaced_annotation(at, text));
        }
    }

    fn database(&mut self, ast: &mut Ast, progress: &mut Progress, item: &Item) {
        let keyword = self.tokens.span(item.range.start);
        if let Some(first) = progress.database {
            return self.reporter.report(problems::second_database(keyword, first));
        }
        progress.database = Some(keyword);
        if !ast.items.is_empty() {
            self.reporter.report(problems::late_database(keyword));
        }
        let node = self.read(Rule::database_piece, item.range.start + 1..item.range.end, "");
        let name = node.and_then(|node| node.child(Rule::name));
        ast.name = name.map(|name| self.name(&name, Role::Database));
    }

    /// `use TARGET [{..}] as ALIAS;`
    fn import(&mut self, item: &Item) -> Option<Use> {
        let node = self.read(Rule::use_piece, item.head(), "")?;
        let target = self.target(&node.child(Rule::use_target)?.children().next()?)?;
        let config = node.child(Rule::use_config).map(|config| self.config(&config));
        let alias = self.name(&node.child(Rule::name)?, Role::Alias);
        Some(Use { target, config, alias, span: self.tokens.range_span(&item.range) })
    }

    /// `{key: literal, ..}`
    fn config(&mut self, node: &Node<'t>) -> UseConfig {
        let mut entries: Vec<(Ident, ast::Literal)> = Vec::new();
        for option in node.all(Rule::use_option) {
            let key = option.child(Rule::name).map(|name| self.name(&name, Role::Other));
            let value = option.child(Rule::literal).and_then(|literal| self.literal(&literal));
            let Some((key, value)) = key.zip(value) else { continue };
            match entries.iter().find(|(earlier, _)| earlier.name == key.name) {
                Some((earlier, _)) => self.reporter.report(problems::repeated_config(&key, earlier.span)),
                None => entries.push((key, value)),
            }
        }
        UseConfig { entries, span: node.span() }
    }

    fn target(&mut self, node: &Node<'t>) -> Option<UseTarget> {
        let span = node.span();
        Some(match node.rule() {
            Rule::name => UseTarget::Network(self.name(node, Role::Other)),
            Rule::owned => self.owned(node, span)?,
            _ => UseTarget::Dbid { dbid: super::literal::unquote(node.text()), span },
        })
    }

    fn owned(&mut self, node: &Node<'t>, span: Span) -> Option<UseTarget> {
        let owner = node.child(Rule::blob_literal)?;
        if owner.text().len() < 4 || owner.text().len() % 2 != 0 {
            self.reporter.report(problems::odd_blob(owner.span()));
        }
        let name: Ident = self.name(&node.child(Rule::name)?, Role::Other);
        Some(UseTarget::Owned { owner: owner.text().to_owned(), name, span })
    }
}
