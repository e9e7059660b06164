use std::collections::BTreeSet;

use crate::hir::{Expr, ExprKind, LocalId};

/// What is known where a statement stands.
#[derive(Clone, Debug, Default)]
pub(in crate::types) struct Flow {
    /// Locals that are not null.
    pub not_null: BTreeSet<LocalId>,
    /// True if nothing gets here.
    pub ends: bool,
}

impl Flow {
    /// What is known where two ways meet.
    pub fn join(self, other: Flow) -> Flow {
        match (self.ends, other.ends) {
            (true, _) => other,
            (false, true) => self,
            (false, false) => {
                Flow { not_null: self.not_null.intersection(&other.not_null).copied().collect(), ends: false }
            }
        }
    }

    /// Notes what a local was given.
    pub fn set(&mut self, id: LocalId, nullable: bool) {
        if nullable {
            self.not_null.remove(&id);
        } else {
            self.not_null.insert(id);
        }
    }

    /// Notes that `condition` is true, or that it is not.
    pub fn assume(&mut self, condition: &Expr, holds: bool) {
        match &condition.kind {
            ExprKind::IsNull { operand, negated } if *negated == holds => {
                if let ExprKind::Local(id) = operand.kind {
                    self.not_null.insert(id);
                }
            }
            ExprKind::And(list) if holds => list.iter().for_each(|part| self.assume(part, true)),
            // `x IS NULL OR ..` is not true: `x IS NULL` is false, for it is never null.
            ExprKind::Or(list) if !holds => list.iter().for_each(|part| self.assume(part, false)),
            ExprKind::Binary { operator, left, right } if holds && operator.is_comparison() => {
                for side in [left, right] {
                    if let ExprKind::Local(id) = side.kind {
                        self.not_null.insert(id);
                    }
                }
            }
            _ => {}
        }
    }
}
