//! Files of tests.

use super::Builder;
use super::literal::unquote;
use super::name::Role;
use crate::language::{Ident, limits};
use crate::source::Span;
use crate::syntax::ast::{Action, Test, TestFile};
use crate::syntax::cut::{Item, ItemKind};
use crate::syntax::grammar::Rule;
use crate::syntax::problems;
use crate::syntax::scan::TokenKind;

impl Builder<'_, '_, '_> {
    /// Reads every item of a file of tests, the first of which is `tests`.
    pub(super) fn test_file(&mut self, items: &[Item]) -> Option<TestFile> {
        let (first, rest) = items.split_first()?;
        let schema = self.tested(first);
        self.testing = true;
        let (mut setups, mut tests) = (Vec::new(), Vec::new());
        for item in rest {
            let at = self.tokens.span(item.range.start);
            if self.reporter.is_full(at) {
                break;
            }
            match item.kind {
                ItemKind::Setup => setups.extend(self.setup(item)),
                ItemKind::Test => tests.extend(self.test(item, tests.len() + 1)),
                ItemKind::Tests => {
                    self.reporter.report(problems::second_tests(at, self.tokens.span(first.range.start)));
                }
                _ => {
                    let found = self.tokens.text(item.range.start);
                    self.reporter.report(problems::unknown_test_item(at, found));
                }
            }
        }
        self.count(self.tokens.span(first.range.start), tests.len(), limits::ACTIONS, "tests");
        let before: Vec<_> = setups.iter().flat_map(|setup: &Action| setup.body.iter().cloned()).collect();
        for test in &mut tests {
            test.setup = before.len();
            test.action.body.splice(0..0, before.iter().cloned());
        }
        Some(TestFile { schema: schema?, setups, tests })
    }

    /// `tests NAME;`
    fn tested(&mut self, item: &Item) -> Option<Ident> {
        let node = self.read(Rule::tests_piece, item.range.start + 1..item.range.end, "")?;
        node.child(Rule::name).map(|name| self.name(&name, Role::Other))
    }

    /// `setup { .. }`
    fn setup(&mut self, item: &Item) -> Option<Action> {
        let head = item.range.start + 1..item.open.map_or(item.range.end, |open| open + 1);
        self.read(Rule::setup_piece, head, "")?;
        let name = Ident::new("setup", self.tokens.span(item.range.start));
        self.block_of(item, name, "setup")
    }

    /// `test "title" { .. }`
    fn test(&mut self, item: &Item, number: usize) -> Option<Test> {
        let title = item.range.start + 1;
        let head = title..item.open.map_or(item.range.end, |open| open + 1);
        self.read(Rule::test_piece, head, "")?;
        let text = self.tokens.text(title);
        let text = match self.tokens.kind(title) {
            Some(TokenKind::Quoted) => unquote_double(text),
            _ => unquote(text),
        };
        let title_span = self.tokens.span(title);
        if text.trim().is_empty() || text.len() > limits::NAME_BYTES * 4 {
            self.reporter.report(problems::test_title(title_span, text.len()));
        }
        let name = Ident::new(&format!("test {number}"), title_span);
        let action = self.block_of(item, name, "test")?;
        Some(Test { title: text, title_span, action, setup: 0 })
    }

    /// The statements between the braces of `item`, as the body of an action.
    fn block_of(&mut self, item: &Item, name: Ident, what: &str) -> Option<Action> {
        let open = item.open?;
        self.check_closed(item, what);
        let span: Span = name.span;
        let (body, incomplete) = self.body(span, open + 1..item.close.unwrap_or(item.range.end));
        Some(Action {
            name,
            parameters: Vec::new(),
            modifiers: Vec::new(),
            returns: None,
            annotations: Vec::new(),
            body,
            incomplete,
            lost_brace: false,
            doc: None,
            header: span,
            span: self.item_span(item.range.start, item),
        })
    }
}

/// `"say ""it"""` → `say "it"`
fn unquote_double(text: &str) -> String {
    let inside = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    inside.replace("\"\"", "\"")
}
