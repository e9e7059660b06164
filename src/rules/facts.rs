use std::collections::BTreeMap;

use super::calls::Calls;
use crate::diagnostics::Sink;
use crate::hir::{Action, Callee, Program, Schema};
use crate::interface::{Options, Profile, Signature};
use crate::language::Name;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::ast::{self, Ast, Item};

/// What every rule may ask.
pub(super) struct Facts<'a> {
    pub program: &'a Program,
    /// For fixes, which must fit what is written.
    pub sources: &'a Sources,
    pub profile: Profile,
    /// Who calls whom.
    pub calls: Calls<'a>,
    /// What the actions were made of.
    actions: BTreeMap<(SourceId, &'a Name), &'a ast::Action>,
    /// Where errors are, sorted.
    errors: Vec<Span>,
}

impl<'a> Facts<'a> {
    pub fn new(
        program: &'a Program,
        asts: &'a [Ast],
        sources: &'a Sources,
        options: &Options,
        sink: &Sink,
    ) -> Facts<'a> {
        let mut actions = BTreeMap::new();
        for ast in asts {
            for item in &ast.items {
                if let Item::Action(action) = item {
                    actions.entry((ast.source, &action.name.name)).or_insert(action);
                }
            }
        }
        let mut errors: Vec<Span> = sink.error_spans().collect();
        errors.sort();
        Facts { program, sources, profile: options.profile, calls: Calls::of(program), actions, errors }
    }

    /// What an action was made of.
    pub fn ast(&self, schema: &Schema, action: &Action) -> Option<&'a ast::Action> {
        self.actions.get(&(schema.source, &action.name)).copied()
    }

    /// True if no error lies in `span`.
    pub fn is_sound(&self, span: Span) -> bool {
        let first =
            self.errors.partition_point(|error| (error.source, error.start) < (span.source, span.start));
        self.errors.get(first).is_none_or(|error| error.source != span.source || error.start >= span.end)
    }

    /// The actions without errors, in the order of the program.
    pub fn sound_actions(&self) -> impl Iterator<Item = Here<'_>> {
        let nodes = self.calls.nodes.iter().enumerate();
        nodes.filter(|(_, node)| self.is_sound(node.action.span)).map(|(index, node)| Here {
            facts: self,
            index,
            schema: node.schema,
            action: node.action,
            is_complete: self.ast(node.schema, node.action).is_some_and(|ast| !ast.incomplete),
        })
    }
}

/// One action and what is around it.
pub(super) struct Here<'f> {
    pub facts: &'f Facts<'f>,
    /// Index into the nodes of `facts.calls`.
    pub index: usize,
    pub schema: &'f Schema,
    pub action: &'f Action,
    /// False if a statement could not be read, so that "unused" would be a guess.
    pub is_complete: bool,
}

impl Here<'_> {
    /// The signature of an action that is called here.
    pub fn signature(&self, callee: &Callee) -> Option<&Signature> {
        self.facts.calls.action(callee).map(|action| &action.signature)
    }

    /// A callee's name as an author of this schema knows it.
    pub fn name_of(&self, callee: &Callee) -> String {
        super::calls::name_from(self.schema, &callee.dbid, &callee.action, self.facts.program)
    }
}
