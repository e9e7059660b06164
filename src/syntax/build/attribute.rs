use super::name::Role;
use super::{Builder, Node};
use crate::language::Ident;
use crate::syntax::ast::{Attribute, AttributeKind, Literal, ReferentialAction, ReferentialActions};
use crate::syntax::grammar::Rule;
use crate::syntax::problems;

impl<'t> Builder<'t, '_, '_> {
    /// The attributes of a column; unknown ones are reported, unless its type is, which explains them.
    pub(super) fn attributes(&mut self, column: &Node<'t>, type_known: bool) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        let mut quiet = !type_known;
        for node in column.all(Rule::attribute).filter_map(|node| node.children().next()) {
            if node.rule() != Rule::unknown_attribute {
                quiet = !type_known;
                attributes.extend(self.attribute(&node));
            } else if !std::mem::replace(&mut quiet, true) {
                let word = node.child(Rule::word).unwrap_or(node);
                self.reporter.report(problems::unknown_attribute(word.span(), word.text()));
            }
        }
        attributes
    }

    fn attribute(&mut self, node: &Node<'t>) -> Option<Attribute> {
        let kind = match node.rule() {
            Rule::primary_key => AttributeKind::PrimaryKey,
            Rule::not_null => AttributeKind::NotNull,
            Rule::unique => AttributeKind::Unique,
            Rule::default_value => AttributeKind::Default(self.argument(node)?),
            Rule::minimum => AttributeKind::Min(self.argument(node)?),
            Rule::maximum => AttributeKind::Max(self.argument(node)?),
            Rule::minimum_length => AttributeKind::MinLength(self.argument(node)?),
            Rule::maximum_length => AttributeKind::MaxLength(self.argument(node)?),
            Rule::renamed_from => AttributeKind::RenamedFrom(self.renamed_from(node)?),
            _ => AttributeKind::References {
                parent: self.name(&node.child(Rule::name)?, Role::Other),
                columns: node.child(Rule::name_list).map_or(Vec::new(), |list| self.names(&list)),
                actions: self.changes(node),
            },
        };
        Some(Attribute { kind, span: node.span() })
    }

    /// The name in `@renamed_from(name)`; another word behind the `@` is reported.
    pub(super) fn renamed_from(&mut self, node: &Node<'t>) -> Option<Ident> {
        let word = node.child(Rule::context)?;
        if !word.text().eq_ignore_ascii_case("@renamed_from") {
            self.reporter.report(problems::unknown_attribute(word.span(), word.text()));
            return None;
        }
        Some(self.name(&node.child(Rule::name)?, Role::Other))
    }

    fn argument(&mut self, node: &Node<'t>) -> Option<Literal> {
        self.literal(&node.child(Rule::literal)?)
    }

    /// The names of a `name_list`.
    pub(super) fn names(&mut self, list: &Node<'t>) -> Vec<Ident> {
        list.all(Rule::name).map(|name| self.name(&name, Role::Other)).collect()
    }

    /// What the `on_change` parts of `node` say.
    pub(super) fn changes(&mut self, node: &Node<'t>) -> ReferentialActions {
        let mut actions = ReferentialActions::default();
        for change in node.all(Rule::on_change) {
            let delete = change.child(Rule::on_delete).is_some();
            let slot = if delete { &mut actions.on_delete } else { &mut actions.on_update };
            if slot.is_some() {
                let words = if delete { "on delete" } else { "on update" };
                self.reporter.report(problems::change_said_twice(change.span(), words));
            }
            let what = change.child(Rule::change).and_then(|what| what.children().next());
            *slot = what.map(|what| referential_action(what.rule()));
        }
        actions
    }
}

fn referential_action(rule: Rule) -> ReferentialAction {
    match rule {
        Rule::cascade => ReferentialAction::Cascade,
        Rule::restrict => ReferentialAction::Restrict,
        Rule::set_null => ReferentialAction::SetNull,
        Rule::set_default => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}
