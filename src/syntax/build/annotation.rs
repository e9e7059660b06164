use super::name::Role;
use super::{Builder, Node};
use crate::language::Ident;
use crate::syntax::ast::{Annotation, Literal};
use crate::syntax::grammar::Rule;
use crate::syntax::problems;

impl<'t> Builder<'t, '_, '_> {
    /// `@NAME(key = LITERAL, ..)`, which stands after `earlier` before one action.
    pub(super) fn annotation(&mut self, node: &Node<'t>, earlier: &[Annotation]) -> Option<Annotation> {
        let name = self.name(&node.child(Rule::context)?, Role::Other);
        if let Some(first) = earlier.iter().find(|one| one.name.name == name.name) {
            self.reporter.report(problems::repeated_annotation(&name, first.name.span));
        }
        let mut entries: Vec<(Ident, Literal)> = Vec::new();
        for entry in node.all(Rule::annotation_entry) {
            let key = self.name(&entry.child(Rule::name)?, Role::Other);
            let literal = self.literal(&entry.child(Rule::literal)?)?;
            if let Some((first, _)) = entries.iter().find(|(known, _)| known.name == key.name) {
                self.reporter.report(problems::repeated_key(&key, first.span));
            }
            entries.push((key, literal));
        }
        Some(Annotation { name, entries })
    }
}
