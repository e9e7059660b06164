//! The interface of an extern.

use super::doc::doc;
use super::name::Role;
use super::{Builder, Node};
use crate::language::{Modifier, limits};
use crate::source::Span;
use crate::syntax::ast::{ConfigEntry, Extern, ExternFunction, Parameter};
use crate::syntax::cut::{Item, ItemKind};
use crate::syntax::grammar::Rule;
use crate::syntax::problems;

impl<'t> Builder<'t, '_, '_> {
    /// Reads every item of an interface file, the first of which is `extern`.
    pub(super) fn interface(&mut self, items: &[Item]) -> Option<Extern> {
        let (first, rest) = items.split_first()?;
        let mut head = self.extern_head(first);
        let mut functions = Vec::new();
        let mut config = Vec::new();
        for item in rest {
            let at = self.tokens.span(item.range.start);
            if self.reporter.is_full(at) {
                break;
            }
            match item.kind {
                ItemKind::Config => config.extend(self.config_entry(item)),
                ItemKind::Function => functions.extend(self.extern_function(item)),
                ItemKind::Extern => {
                    let first = self.tokens.span(first.range.start);
                    self.reporter.report(problems::second_extern(at, first));
                }
                _ => {
                    let found = self.tokens.text(item.range.start);
                    self.reporter.report(problems::unknown_interface_item(at, found));
                }
            }
        }
        let span = Span::new(self.tokens.source(), 0, 0);
        self.count(span, config.len(), limits::PARAMETERS, "config entries");
        self.count(span, functions.len(), limits::ACTIONS, "functions");
        if let Some(head) = &mut head {
            (head.config, head.functions) = (config, functions);
        }
        head
    }

    /// `extern NAME [in SCHEMA];`
    fn extern_head(&mut self, item: &Item) -> Option<Extern> {
        let node = self.read(Rule::extern_piece, item.range.start + 1..item.range.end, "")?;
        let schema = node.child(Rule::extern_schema).and_then(|schema| schema.child(Rule::name));
        let schema = schema.map(|schema| self.name(&schema, Role::ExternSchema));
        let role = if schema.is_some() { Role::Other } else { Role::ExternSchema };
        let name = self.name(&node.child(Rule::name)?, role);
        let span = self.tokens.range_span(&item.range);
        Some(Extern { name, schema, config: Vec::new(), functions: Vec::new(), span })
    }

    /// `config NAME TYPE [default LITERAL];`
    fn config_entry(&mut self, item: &Item) -> Option<ConfigEntry> {
        let node = self.read(Rule::config_piece, item.range.start + 1..item.range.end, "")?;
        let name = self.name(&node.child(Rule::name)?, Role::Other);
        let ty = self.type_name(&node.child(Rule::type_name)?);
        let default = node.child(Rule::parameter_default).and_then(|default| default.child(Rule::literal));
        let default = default.and_then(|literal| self.literal(&literal));
        Some(ConfigEntry { name, ty, default, span: self.tokens.range_span(&item.range) })
    }

    /// `function NAME(..) [view] [returns ..];`
    fn extern_function(&mut self, item: &Item) -> Option<ExternFunction> {
        let node = self.read(Rule::function_piece, item.range.start + 1..item.range.end, "")?;
        let name = self.name(&node.child(Rule::name)?, Role::Other);
        let parameters: Vec<Parameter> = match node.child(Rule::parameters) {
            Some(list) => list.all(Rule::parameter).filter_map(|one| self.parameter(&one)).collect(),
            None => Vec::new(),
        };
        for parameter in parameters.iter().filter(|parameter| parameter.ty.is_none()) {
            self.reporter.report(problems::untyped_extern_parameter(parameter.span));
        }
        let mut view = false;
        for word in node.all(Rule::modifier) {
            view |= self.is_view(&word);
        }
        let returns = node.child(Rule::returns).and_then(|returns| self.returns(&returns));
        let doc = doc(self.tokens, item.range.start);
        Some(ExternFunction {
            name,
            parameters,
            view,
            returns,
            doc,
            span: self.tokens.range_span(&item.range),
        })
    }

    /// True for `view`, the only modifier of a function.
    fn is_view(&mut self, node: &Node<'t>) -> bool {
        let is_view = Modifier::from_word(&node.text().to_ascii_lowercase()) == Some(Modifier::View);
        if !is_view {
            self.reporter.report(problems::extern_modifier(node.span(), node.text()));
        }
        is_view
    }
}
