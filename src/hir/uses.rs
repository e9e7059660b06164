//! What an action does with its parameters and variables.

use std::collections::BTreeSet;

use super::walk::{self, Node};
use super::{Action, Expr, ExprKind, LocalId, StatementKind};

/// The locals of an action, by what is done with them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Uses {
    /// Those an expression reads.
    pub read: BTreeSet<LocalId>,
    /// Those a loop gives its values or the columns of its rows to.
    pub of_loops: BTreeSet<LocalId>,
    /// Arrays one of whose elements is assigned.
    pub elements: BTreeSet<LocalId>,
    /// Those something other than a loop gives a value to.
    pub changed: BTreeSet<LocalId>,
    /// Those a query, or what writes rows, reads.
    pub in_queries: BTreeSet<LocalId>,
}

impl Uses {
    /// Those of `action`, queries included.
    pub fn of(action: &Action) -> Uses {
        let mut uses = Uses::default();
        action.body.iter().for_each(|statement| uses.visit(action, Node::Statement(statement), false));
        uses
    }

    /// Notes `node` and everything below it.
    fn visit(&mut self, action: &Action, node: Node<'_>, in_query: bool) {
        let in_query = in_query || is_query(node);
        match node {
            Node::Expr(Expr { kind: ExprKind::Local(id), .. }) => {
                self.read.insert(*id);
                if in_query {
                    self.in_queries.insert(*id);
                }
            }
            Node::Statement(statement) => self.note(&statement.kind),
            _ => {}
        }
        walk::children(action, node, &mut |child| self.visit(action, child, in_query));
    }

    fn note(&mut self, statement: &StatementKind) {
        match statement {
            StatementKind::ForRange { variable, .. } | StatementKind::ForEach { variable, .. } => {
                self.of_loops.insert(*variable);
            }
            StatementKind::ForQuery { targets, .. } => self.of_loops.extend(targets),
            StatementKind::AssignElement { array, .. } => {
                self.elements.insert(*array);
                self.changed.insert(*array);
            }
            StatementKind::Assign { target, .. } => {
                self.changed.insert(*target);
            }
            StatementKind::Receive { targets, .. } | StatementKind::ReceiveQuery { targets, .. } => {
                self.changed.extend(targets.iter().flatten());
            }
            _ => {}
        }
    }
}

/// True for what PostgreSQL plans.
fn is_query(node: Node<'_>) -> bool {
    match node {
        Node::Query(_) => true,
        Node::Statement(statement) => matches!(
            statement.kind,
            StatementKind::Insert(_) | StatementKind::Update(_) | StatementKind::Delete(_)
        ),
        _ => false,
    }
}
