//! Statements that decide what runs: blocks and their scopes, variables, branches, loops, and the ways an action ends.

mod assign;
mod branch;
mod flow;
mod loops;
mod receive;
mod returns;

use super::action::Checker;
use super::problems;
use super::scope::{At, Place, Scope};
use crate::hir::{Expr, Statement, StatementKind};
use crate::language::Type;
use crate::syntax::ast;
pub(super) use flow::Flow;
pub(super) use returns::Returned;

impl Checker<'_, '_> {
    /// The statements of a block, in a scope of their own.
    fn block(&mut self, statements: &[ast::Statement]) -> Vec<Statement> {
        self.variables.enter();
        let made = self.statements(statements);
        self.variables.leave();
        made
    }

    /// Statements one after the other. Those that nothing reaches are checked too, and the first of them is reported.
    pub fn statements(&mut self, statements: &[ast::Statement]) -> Vec<Statement> {
        let mut made = Vec::new();
        let mut said = false;
        for statement in statements {
            if self.flow.ends && !said {
                self.sink.report(problems::unreachable(statement.span));
                said = true;
            }
            made.extend(self.statement(statement));
        }
        made
    }

    /// A statement of control flow, which may become several or, if it was reported, none.
    pub fn control(&mut self, statement: &ast::Statement) -> Vec<Statement> {
        let span = statement.span;
        let kind = match &statement.kind {
            ast::StatementKind::Declare { variable, ty, value } => {
                self.declaration(variable, ty, value.as_ref())
            }
            ast::StatementKind::Assign { variable, value } => self.assignment(variable, value),
            ast::StatementKind::Faulty { variables } => {
                variables.iter().for_each(|variable| self.unread_assignment(variable));
                None
            }
            ast::StatementKind::AssignElement { array, index, value } => {
                self.element_assignment(array, index, value)
            }
            ast::StatementKind::Receive { receivers, call } => self.receivers(receivers, call, span),
            ast::StatementKind::If { branches, otherwise } => {
                Some(self.branches(branches, otherwise.as_deref()))
            }
            ast::StatementKind::For { variable, source, body } => self.for_loop(variable, source, body),
            ast::StatementKind::Break => self.jump(StatementKind::Break, span),
            ast::StatementKind::Continue => self.jump(StatementKind::Continue, span),
            ast::StatementKind::Return(values) => self.return_values(values, span),
            ast::StatementKind::ReturnNext(values) => self.return_next(values, span),
            ast::StatementKind::ReturnQuery(query) => return self.return_query(query, span),
            ast::StatementKind::SetContext(set) => return self.set_context(set, span),
            ast::StatementKind::Expect(expect) => return self.expect(expect, span),
            ast::StatementKind::Call(_)
            | ast::StatementKind::Query(_)
            | ast::StatementKind::Insert(_)
            | ast::StatementKind::Update(_)
            | ast::StatementKind::Delete(_) => None,
        };
        kind.map(|kind| Statement { kind, is_result: false, span }).into_iter().collect()
    }

    /// An expression outside a query.
    fn value(&mut self, expr: &ast::Expr, hint: Option<&Type>) -> Expr {
        let scope = Scope::default();
        self.expression(expr, hint, At::new(&scope, Place::Value))
    }
}
