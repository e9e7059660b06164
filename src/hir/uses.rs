//! What an action does with its parameters and variables.

use std::collections::BTreeSet;

use super::walk::{self, Node};
use super::{Action, ExprKind, LocalId, StatementKind};

/// The locals of an action, by what is done with them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Uses {
    /// Those an expression reads.
    pub read: BTreeSet<LocalId>,
    /// Those a loop gives its values or the columns of its rows to.
    pub of_loops: BTreeSet<LocalId>,
    /// Arrays one of whose elements is assigned.
    pub elements: BTreeSet<LocalId>,
}

impl Uses {
    /// Those of `action`, queries included.
    pub fn of(action: &Action) -> Uses {
        let mut uses = Uses::default();
        walk::body(action, &mut |node| match node {
            Node::Expr(expr) => {
                if let ExprKind::Local(id) = expr.kind {
                    uses.read.insert(id);
                }
            }
            Node::Statement(statement) => uses.note(&statement.kind),
            _ => {}
        });
        uses
    }

    fn note(&mut self, statement: &StatementKind) {
        match statement {
            StatementKind::ForRange { variable, .. } | StatementKind::ForEach { variable, .. } => {
                self.of_loops.insert(*variable);
            }
            StatementKind::ForQuery { targets, .. } => self.of_loops.extend(targets),
            StatementKind::AssignElement { array, .. } => {
                self.elements.insert(*array);
            }
            _ => {}
        }
    }
}
