use super::action::Checker;
use super::guard;
use super::problems;
use super::query::Names;
use super::scope::{At, Place, Scope};
use crate::hir::{Expr, ExprKind, Statement, StatementKind};
use crate::interface::Parameter;
use crate::resolve::fit;
use crate::source::Span;
use crate::syntax::ast::{self, Call};

impl Checker<'_, '_> {
    /// One statement of the source, which may become several or, if it was reported, none.
    pub fn statement(&mut self, statement: &ast::Statement) -> Vec<Statement> {
        self.with_early(|checker| checker.late_statement(statement))
    }

    /// The statement itself.
    fn late_statement(&mut self, statement: &ast::Statement) -> Vec<Statement> {
        let span = statement.span;
        let kind = match &statement.kind {
            ast::StatementKind::Call(call) => self.call_kind(call),
            ast::StatementKind::Query(query) => {
                let scope = Scope::default();
                // Declared results have declared names.
                let names = if self.ast.returns.is_some() { Names::Unsaid } else { Names::Said };
                let query = self.own_query(|checker| checker.query_with(query, &scope, names));
                return guard::statements(query, span);
            }
            ast::StatementKind::Insert(insert) => {
                self.own_query(|checker| checker.insert(insert)).map(StatementKind::Insert)
            }
            ast::StatementKind::Update(update) => {
                self.own_query(|checker| checker.update(update)).map(StatementKind::Update)
            }
            ast::StatementKind::Delete(delete) => {
                self.own_query(|checker| checker.delete(delete)).map(StatementKind::Delete)
            }
            _ => return self.control(statement),
        };
        kind.map(|kind| Statement { kind, is_result: false, span }).into_iter().collect()
    }

    fn call_kind(&mut self, call: &Call) -> Option<StatementKind> {
        let scope = Scope::default();
        let at = At::new(&scope, Place::Value);
        match (call.alias.as_ref(), call.name.name.as_str()) {
            (None, "error") => {
                self.traits.may_raise = true;
                let message = self.message(call, at);
                self.flow.ends = true;
                Some(StatementKind::Raise(message))
            }
            (None, "notice") => Some(StatementKind::Notice(self.message(call, at))),
            _ => {
                let (callee, arguments) = self.call_statement(call, at)?;
                Some(StatementKind::Call { callee, arguments })
            }
        }
    }

    /// A WHERE clause.
    pub fn filter(&mut self, filter: Option<&ast::Expr>, scope: &Scope<'_>) -> Option<Expr> {
        filter.map(|filter| self.condition(filter, At::new(scope, Place::Where)))
    }

    /// LIMIT and OFFSET: a number that no row decides.
    pub fn limit(&mut self, limit: Option<&ast::Expr>, outer: &Scope<'_>) -> Option<Expr> {
        limit.map(|limit| self.int(limit, At::new(outer, Place::Limit)))
    }
}

/// The default of a parameter as an argument of a call at `span`.
pub(super) fn default_argument(parameter: &Parameter, span: Span) -> Option<Expr> {
    let written = parameter.default.as_ref()?;
    let literal = problems::read_default(written)?;
    let value = fit(&literal, &parameter.ty).ok()?;
    let nullable = value == crate::hir::Literal::Null;
    Some(Expr { kind: ExprKind::Literal(value), ty: parameter.ty.clone(), nullable, span })
}
