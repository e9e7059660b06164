//! What one action does by itself, as its statements say it.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::walk::{self, Node};
use crate::hir::{
    Action, Callee, Conflict, ConflictAction, Expr, ExprKind, RelationId, RelationSource, Statement,
    StatementKind,
};
use crate::language::{ContextValue, Name};

/// What an action does.
#[derive(Default)]
pub(super) struct Facts<'a> {
    /// Tables of its schema that it reads.
    pub reads: BTreeSet<&'a Name>,
    /// Tables it writes, with the words of its statements.
    pub writes: BTreeMap<&'a Name, BTreeSet<&'static str>>,
    /// Actions it calls, or whose rows it reads.
    pub calls: BTreeSet<&'a Callee>,
    /// What it raises, in source order.
    pub raises: Vec<&'a Expr>,
    /// What it knows of the transaction.
    pub context: BTreeSet<ContextValue>,
    targets: BTreeSet<RelationId>,
}

impl<'a> Facts<'a> {
    /// Those of `action`.
    pub fn of(action: &'a Action) -> Facts<'a> {
        let mut facts = Facts::default();
        for statement in walk::statements(action) {
            facts.target(action, statement);
        }
        walk::body(action, &mut |node| facts.note(node));
        facts
    }

    fn target(&mut self, action: &'a Action, statement: &'a Statement) {
        let (word, target) = match &statement.kind {
            StatementKind::Insert(insert) => ("insert", insert.target),
            StatementKind::Update(update) => ("update", update.target),
            StatementKind::Delete(delete) => ("delete", delete.target),
            _ => return,
        };
        self.targets.insert(target);
        if let Some(RelationSource::Table(table)) = action.relation(target).map(|relation| &relation.source) {
            let words = self.writes.entry(table).or_default();
            words.insert(word);
            if let StatementKind::Insert(insert) = &statement.kind
                && let Some(Conflict { action: ConflictAction::Update { .. }, .. }) = insert.conflict
            {
                words.insert("update");
            }
        }
    }

    fn note(&mut self, node: Node<'a>) {
        self.calls.extend(node.callee());
        match node {
            Node::Relation(id, relation) if !self.targets.contains(&id) => {
                if let RelationSource::Table(table) = &relation.source {
                    self.reads.insert(table);
                }
            }
            Node::Statement(Statement { kind: StatementKind::Guard { message, .. }, .. })
            | Node::Statement(Statement { kind: StatementKind::Raise(message), .. }) => {
                self.raises.push(message)
            }
            Node::Expr(Expr { kind: ExprKind::Error(message), .. }) => self.raises.push(message),
            Node::Expr(Expr { kind: ExprKind::Context(value), .. }) => {
                self.context.insert(*value);
            }
            _ => {}
        }
    }
}
