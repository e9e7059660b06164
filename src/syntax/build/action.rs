use super::doc::doc;
use super::name::Role;
use super::{Builder, Node};
use crate::language::{Modifier, limits};
use crate::syntax::ast::{Action, ModifierWord, Parameter, ReturnColumn, ReturnsClause, Statement};
use crate::syntax::cut::Item;
use crate::syntax::grammar::Rule;
use crate::syntax::problems;

/// More than the parameters and result columns that are allowed can take; reading more would only cost time.
const HEAD_TOKENS: usize = 16 * (limits::PARAMETERS + limits::COLUMNS);

impl<'t> Builder<'t, '_, '_> {
    /// `action NAME(..) .. { .. }`; `start` is its first token, annotations included.
    pub(super) fn action(&mut self, start: usize, item: &Item) -> Option<Action> {
        let head = item.head();
        let tokens = head.len();
        self.count(
            self.tokens.span(item.range.start),
            tokens,
            HEAD_TOKENS,
            "tokens in the head of an action",
        );
        let node = if tokens > HEAD_TOKENS { None } else { self.read(Rule::action_piece, head, "") };
        let mut action = node.and_then(|node| self.action_head(start, item, &node));
        let open = item.open?;
        self.check_closed(item, "action");
        let name = action.as_ref().map_or(self.tokens.span(open), |action| action.name.span);
        let (body, incomplete) = self.body(name, open + 1..item.close.unwrap_or(item.range.end));
        if let Some(action) = &mut action {
            action.body = body;
            action.incomplete = incomplete || item.close.is_none();
            action.lost_brace = self.progress.lost_brace;
        }
        action
    }

    fn action_head(&mut self, start: usize, item: &Item, node: &Node<'t>) -> Option<Action> {
        let name = self.name(&node.child(Rule::name)?, Role::Action);
        let parameters: Vec<Parameter> = match node.child(Rule::parameters) {
            Some(list) => list.all(Rule::parameter).filter_map(|one| self.parameter(&one)).collect(),
            None => Vec::new(),
        };
        self.count(name.span, parameters.len(), limits::PARAMETERS, "parameters");
        let modifiers = node.all(Rule::modifier).filter_map(|one| self.modifier(&one)).collect();
        let returns = node.child(Rule::returns).and_then(|returns| self.returns(&returns));
        let head_end = node.all(Rule::modifier).last().or_else(|| node.child(Rule::close_paren));
        let keyword = self.tokens.span(item.range.start);
        Some(Action {
            name,
            parameters,
            modifiers,
            returns,
            annotations: Vec::new(),
            body: Vec::<Statement>::new(),
            incomplete: false,
            lost_brace: false,
            doc: doc(self.tokens, start),
            header: head_end.map_or(keyword, |end| keyword.to(end.span())),
            span: self.item_span(start, item),
        })
    }

    pub(super) fn parameter(&mut self, node: &Node<'t>) -> Option<Parameter> {
        let name = self.name(&node.child(Rule::variable)?, Role::Parameter);
        let ty = node.child(Rule::type_name).map(|ty| self.type_name(&ty));
        let default = node.child(Rule::parameter_default).and_then(|default| default.child(Rule::literal));
        let default = default.and_then(|literal| self.literal(&literal));
        Some(Parameter { name, ty, default, span: node.span() })
    }

    fn modifier(&mut self, node: &Node<'t>) -> Option<ModifierWord> {
        let known = Modifier::from_word(&node.text().to_ascii_lowercase());
        if known.is_none() {
            self.reporter.report(problems::unknown_modifier(node.span(), node.text()));
        }
        known.map(|modifier| ModifierWord { modifier, span: node.span() })
    }

    pub(super) fn returns(&mut self, node: &Node<'t>) -> Option<ReturnsClause> {
        let list = node.children().last()?;
        let table = list.rule() == Rule::returns_table;
        let columns: Vec<ReturnColumn> = list
            .children()
            .filter_map(|child| match child.rule() {
                Rule::named_column => Some(child),
                Rule::result_column => child.children().next(),
                _ => None,
            })
            .filter_map(|column| self.return_column(&column))
            .collect();
        self.count(list.span(), columns.len(), limits::COLUMNS, "columns");
        Some(ReturnsClause { table, columns, span: node.span() })
    }

    /// `name type` or `type`
    fn return_column(&mut self, node: &Node<'t>) -> Option<ReturnColumn> {
        if node.rule() == Rule::type_name {
            return Some(ReturnColumn { name: None, ty: self.type_name(node) });
        }
        let name = self.name(&node.child(Rule::name)?, Role::Other);
        Some(ReturnColumn { name: Some(name), ty: self.type_name(&node.child(Rule::type_name)?) })
    }
}
