use std::collections::BTreeSet;

use crate::hir::{StatementKind, ViewCall};
use crate::interface::Returns;
use crate::language::{Ident, Name, Type};
use crate::source::Span;
use crate::syntax::ast::{self, Call, ForSource};
use crate::types::action::Checker;
use crate::types::problems;
use crate::types::query::Names;
use crate::types::result;
use crate::types::scope::{At, Place, Scope};
use crate::types::variable::Bound;

impl Checker<'_, '_> {
    pub(super) fn for_loop(
        &mut self,
        variable: &Ident,
        source: &ForSource,
        body: &[ast::Statement],
    ) -> Option<StatementKind> {
        match source {
            ForSource::Range { low, high } => self.range_loop(variable, low, high, body),
            ForSource::Array(array) => self.array_loop(variable, array, body),
            ForSource::Query(query) => self.query_loop(variable, query, body),
            ForSource::Call(call) if !self.is_action(call) => {
                let kind = ast::ExprKind::Function(Box::new(ast::FunctionCall::plain(call.clone())));
                self.array_loop(variable, &ast::Expr { kind, span: call.span }, body)
            }
            ForSource::Call(call) => self.call_loop(variable, call, body),
        }
    }

    fn range_loop(
        &mut self,
        variable: &Ident,
        low: &ast::Expr,
        high: &ast::Expr,
        body: &[ast::Statement],
    ) -> Option<StatementKind> {
        let scope = Scope::default();
        let at = At::new(&scope, Place::Value);
        let (low, high) = (self.int(low, at), self.int(high, at));
        let (variable, body) = self.pass(body, |checker| {
            let id = checker.variables.declare(variable, Type::Int, None);
            checker.flow.set(id, false);
            id
        });
        Some(StatementKind::ForRange { variable, low, high, body })
    }

    fn array_loop(
        &mut self,
        variable: &Ident,
        array: &ast::Expr,
        body: &[ast::Statement],
    ) -> Option<StatementKind> {
        let scope = Scope::default();
        let (array, element) = self.array_operand(array, At::new(&scope, Place::Value));
        let (variable, body) = self.pass(body, |checker| checker.variables.declare(variable, element, None));
        Some(StatementKind::ForEach { variable, array, body })
    }

    fn query_loop(
        &mut self,
        variable: &Ident,
        query: &ast::Query,
        body: &[ast::Statement],
    ) -> Option<StatementKind> {
        let scope = Scope::default();
        let mut query = self.own_query(|checker| checker.query_with(query, &scope, Names::Said));
        result::name_nulls(&mut query);
        Some(self.row_loop(variable, query, body))
    }

    /// `for $r in f(..)`: the rows of an action.
    fn call_loop(&mut self, variable: &Ident, call: &Call, body: &[ast::Statement]) -> Option<StatementKind> {
        let scope = Scope::default();
        let returns = self.returns_of(call);
        let called = self.call_statement(call, At::new(&scope, Place::Value));
        let (Some((callee, arguments)), Some(Returns::Table(columns))) = (called.clone(), &returns) else {
            if called.is_some() && returns.is_some() {
                self.sink.report(problems::no_rows_to_loop(call));
            }
            // What the body says of the row cannot be known to be wrong.
            self.pass(body, |checker| checker.variables.declare(variable, Type::Unknown, None));
            return None;
        };
        let spliced = self.is_composable(call);
        let query = self.rows_of(ViewCall { callee, arguments, spliced, span: call.span }, columns.clone());
        Some(self.row_loop(variable, query, body))
    }

    fn row_loop(
        &mut self,
        variable: &Ident,
        query: crate::hir::Query,
        body: &[ast::Statement],
    ) -> StatementKind {
        let columns: Vec<(Name, Type)> =
            query.columns.iter().map(|column| (column.name.clone(), column.ty.clone())).collect();
        let (targets, body) = self.pass(body, |checker| {
            let targets = checker.variables.declare_row(variable, &columns);
            for (target, column) in targets.iter().zip(&query.columns) {
                checker.flow.set(*target, column.nullable);
            }
            targets
        });
        StatementKind::ForQuery { targets, query, body }
    }

    /// The body of a loop, whose variable `declare` declares. What the body assigns may be null at its beginning and
    /// after the loop; a loop may make no pass at all.
    fn pass<T>(
        &mut self,
        body: &[ast::Statement],
        declare: impl FnOnce(&mut Self) -> T,
    ) -> (T, Vec<crate::hir::Statement>) {
        self.forget_assigned(body);
        let before = self.flow.clone();
        self.variables.enter();
        let variable = declare(self);
        self.loops += 1;
        let made = self.block(body);
        self.loops -= 1;
        self.variables.leave();
        self.flow = before;
        (variable, made)
    }

    fn forget_assigned(&mut self, body: &[ast::Statement]) {
        let mut names = BTreeSet::new();
        assigned(body, &mut names);
        for name in names {
            if let Some(Bound::Value(id)) = self.variables.find(name) {
                self.flow.not_null.remove(id);
            }
        }
    }

    /// `break;`, `continue;`
    pub(super) fn jump(&mut self, kind: StatementKind, span: Span) -> Option<StatementKind> {
        if self.loops == 0 {
            let word = if kind == StatementKind::Break { "break" } else { "continue" };
            self.sink.report(problems::outside_loop(word, span));
            return None;
        }
        self.flow.ends = true;
        Some(kind)
    }
}

/// The variables that statements assign, nested ones too.
fn assigned<'s>(statements: &'s [ast::Statement], names: &mut BTreeSet<&'s Name>) {
    for statement in statements {
        match &statement.kind {
            ast::StatementKind::Assign { variable, .. } => {
                names.insert(&variable.name);
            }
            ast::StatementKind::Faulty { variables } => {
                names.extend(variables.iter().map(|it| &it.name));
            }
            ast::StatementKind::Receive { receivers, .. } => {
                names.extend(receivers.iter().filter_map(|it| it.variable.as_ref()).map(|it| &it.name));
            }
            ast::StatementKind::If { branches, otherwise } => {
                branches.iter().for_each(|branch| assigned(&branch.body, names));
                otherwise.iter().for_each(|otherwise| assigned(otherwise, names));
            }
            ast::StatementKind::For { body, .. } => assigned(body, names),
            _ => {}
        }
    }
}
