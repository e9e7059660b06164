use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::calls::{Call, Calls, Node, OfSchema};
use crate::diagnostics::Sink;
use crate::hir::{Action, Callee, Program, Schema};
use crate::interface::{Dbid, Options, Profile, Signature};
use crate::language::Name;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::ast::{self, Ast, Item};

/// What every rule may ask.
pub(super) struct Facts<'a> {
    pub program: &'a Program,
    /// For fixes, which must fit what is written.
    sources: &'a Sources,
    profile: Profile,
    /// Who calls whom.
    pub calls: Calls<'a>,
    /// What the actions were made of.
    actions: BTreeMap<(SourceId, &'a Name), &'a ast::Action>,
    /// Where errors are, sorted.
    errors: Vec<Span>,
}

impl<'a> Facts<'a> {
    /// `calls` says what the actions of each schema call.
    pub fn new(
        program: &'a Program,
        asts: &'a [Ast],
        sources: &'a Sources,
        options: &Options,
        calls: &BTreeMap<Dbid, OfSchema>,
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
        Facts {
            program,
            sources,
            profile: options.profile,
            calls: Calls::of(program, calls),
            actions,
            errors,
        }
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

    /// An action, and what is around it, unless it has an error.
    pub fn here<'f>(&'f self, index: usize, rests_on: &'f RestsOn) -> Option<Here<'f>> {
        let node = self.calls.nodes.get(index).filter(|node| self.is_sound(node.action.span))?;
        let is_complete = self.ast(node.schema, node.action).is_some_and(|ast| !ast.incomplete);
        Some(Here { schema: node.schema, action: node.action, is_complete, facts: self, index, rests_on })
    }
}

/// The schemas whose actions were looked into.
pub(super) type RestsOn = RefCell<BTreeSet<Dbid>>;

/// One action and what is around it: all that a rule which is asked of an action may know. What it says is remembered for
/// as long as this is the same.
pub(super) struct Here<'f> {
    pub schema: &'f Schema,
    pub action: &'f Action,
    /// False if a statement could not be read, so that "unused" would be a guess.
    pub is_complete: bool,
    facts: &'f Facts<'f>,
    /// Index into the nodes of `facts.calls`.
    index: usize,
    rests_on: &'f RestsOn,
}

impl<'f> Here<'f> {
    /// What the action was made of.
    pub fn ast(&self) -> Option<&'f ast::Action> {
        self.facts.ast(self.schema, self.action)
    }

    /// What is written at a place of this schema.
    pub fn text(&self, span: Span) -> &'f str {
        self.facts.sources.slice(span)
    }

    pub fn profile(&self) -> Profile {
        self.facts.profile
    }

    /// What is called here, in source order.
    pub fn calls(&self) -> &'f [Call] {
        self.facts.calls.nodes.get(self.index).map_or(&[], |node| &node.calls)
    }

    /// True if `call` is of a view.
    pub fn calls_view(&self, call: &Call) -> bool {
        self.facts.calls.nodes.get(call.to).is_some_and(|node| node.action.signature.modifiers.view)
    }

    /// The signature of an action that is called here.
    pub fn signature(&self, callee: &Callee) -> Option<&'f Signature> {
        self.facts.calls.action(callee).map(|action| &action.signature)
    }

    /// A callee's name as an author of this schema knows it.
    pub fn name_of(&self, callee: &Callee) -> String {
        super::calls::name_from(self.schema, &callee.dbid, &callee.action, self.facts.program)
    }

    /// What an action does that is called here, or by one that was looked into.
    pub fn look_into(&self, callee: &Callee) -> Option<&'f Node<'f>> {
        self.look_at(self.facts.calls.position(callee)?)
    }

    /// The same by its index in the graph of calls.
    pub fn look_at(&self, index: usize) -> Option<&'f Node<'f>> {
        let node = self.facts.calls.nodes.get(index)?;
        self.rests_on.borrow_mut().insert(node.schema.dbid.clone());
        Some(node)
    }

    /// The name of what was looked into.
    pub fn name_at(&self, node: &Node<'_>) -> String {
        super::calls::name_from(self.schema, &node.schema.dbid, &node.action.name, self.facts.program)
    }
}
