use super::Flow;
use crate::hir::{IfBranch, StatementKind};
use crate::syntax::ast;
use crate::types::action::Checker;
use crate::types::scope::{At, Place, Scope};

impl Checker<'_, '_> {
    /// `if`: what is known after it is what every branch that goes on knows.
    pub(super) fn branches(
        &mut self,
        branches: &[ast::IfBranch],
        otherwise: Option<&[ast::Statement]>,
    ) -> StatementKind {
        let mut made = Vec::new();
        let mut after = Flow { ends: true, ..Flow::default() };
        let unreachable = self.flow.ends;
        for branch in branches {
            let scope = Scope::default();
            let condition = self.condition(&branch.condition, At::new(&scope, Place::Value));
            let mut not_taken = self.flow.clone();
            not_taken.assume(&condition, false);
            self.flow.assume(&condition, true);
            let body = self.block(&branch.body);
            after = std::mem::replace(&mut self.flow, not_taken).join(after);
            made.push(IfBranch { condition, body });
        }
        let otherwise = self.block(otherwise.unwrap_or_default());
        self.flow = std::mem::take(&mut self.flow).join(after);
        self.flow.ends |= unreachable;
        StatementKind::If { branches: made, otherwise }
    }
}
