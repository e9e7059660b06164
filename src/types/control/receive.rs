//! Variables that take what a call gives.

use crate::hir::{
    Body, Expr, ExprKind, From, FromKind, LocalId, OutputItem, Query, Relation, RelationId, RelationSource,
    Select, StatementKind, ViewCall,
};
use crate::interface::{Returns, RowColumn};
use crate::language::{Ident, Type};
use crate::source::Span;
use crate::syntax::ast::{self, Call};
use crate::types::action::Checker;
use crate::types::problems;
use crate::types::scope::{At, Place, Scope};
use crate::types::variable::Bound;

impl Checker<'_, '_> {
    /// The call an expression is, if it calls an action and not a function of the language.
    pub(super) fn action_call<'x>(&self, value: &'x ast::Expr) -> Option<&'x Call> {
        match &value.kind {
            ast::ExprKind::Function(call) if call.is_plain() && self.is_action(&call.call) => {
                Some(&call.call)
            }
            _ => None,
        }
    }

    /// True if a call means an action and not a function of the language.
    pub(in crate::types) fn is_action(&self, call: &Call) -> bool {
        let is_function = || !crate::language::functions::named(call.name.name.as_str()).is_empty();
        let is_word = || matches!(call.name.name.as_str(), "error" | "notice");
        let items = self.env.items;
        let name = &call.name.name;
        let is_named = || items.action(name).is_some() || items.foreign(name).is_some();
        call.foreign || call.alias.is_some() || (!is_word() && !is_function() && is_named())
    }

    /// True if the called action gives a table.
    pub(super) fn gives_table(&self, call: &Call) -> bool {
        matches!(self.returns_of(call), Some(Returns::Table(_)))
    }

    /// `$a, _ := f(..);`
    pub(super) fn receivers(
        &mut self,
        receivers: &[ast::Receiver],
        call: &Call,
        span: Span,
    ) -> Option<StatementKind> {
        if !self.is_action(call) {
            self.value_of_call(call);
            self.sink.report(problems::receivers_of_function(call, receivers.len()));
            return None;
        }
        let columns = self.returns_of(call).map(|returns| returns.columns().to_vec()).unwrap_or_default();
        if !columns.is_empty() && columns.len() != receivers.len() {
            self.sink.report(problems::receiver_count(call, receivers.len(), columns.len(), span));
        }
        let mut targets = Vec::new();
        for (position, receiver) in receivers.iter().enumerate() {
            let ty = columns.get(position).map_or(Type::Unknown, |column| column.ty.clone());
            targets.push(receiver.variable.as_ref().and_then(|variable| self.receiver(variable, ty)));
        }
        self.receive(&targets, call)
    }

    /// The variable a name means, declared with `ty` if it is new.
    fn receiver(&mut self, variable: &Ident, ty: Type) -> Option<LocalId> {
        match self.variables.find(&variable.name).cloned() {
            Some(Bound::Value(id)) => Some(id),
            Some(Bound::Row(_)) => {
                self.sink.report(problems::row_assigned(variable));
                None
            }
            None => Some(self.variables.declare(variable, ty, None)),
        }
    }

    /// Gives the values of a call's only row to variables.
    pub(in crate::types) fn receive(
        &mut self,
        targets: &[Option<LocalId>],
        call: &Call,
    ) -> Option<StatementKind> {
        let scope = Scope::default();
        let returns = self.returns_of(call);
        let (callee, arguments) = self.call_statement(call, At::new(&scope, Place::Value))?;
        let returns = returns?;
        if returns == Returns::Nothing {
            self.sink.report(problems::gives_nothing(call));
            return None;
        }
        let columns = returns.columns().to_vec();
        let optional = matches!(returns, Returns::Table(_));
        for (target, column) in targets.iter().zip(&columns) {
            if let Some(target) = target {
                self.take(*target, column, optional, call.span);
            }
        }
        if targets.len() != columns.len() {
            return None;
        }
        let targets = targets.to_vec();
        Some(match returns {
            Returns::Table(_) => {
                let spliced = self.is_composable(call);
                let view = ViewCall { callee, arguments, spliced, span: call.span };
                StatementKind::ReceiveQuery { targets, query: self.rows_of(view, columns) }
            }
            Returns::Row(_) | Returns::Nothing => StatementKind::Receive { targets, callee, arguments },
        })
    }

    /// Fits a column of a row to the variable that takes it.
    fn take(&mut self, target: LocalId, column: &RowColumn, optional: bool, span: Span) {
        let index = target.0 as usize;
        let Some(local) = self.variables.locals.get_mut(index) else { return };
        if local.ty == Type::Unknown && index >= self.variables.parameters {
            local.ty = column.ty.clone();
        }
        let (ty, declared) = (local.ty.clone(), local.span);
        self.variables.note(target, &column.ty, span, crate::types::infer::Strength::Strong);
        let given = Expr {
            kind: ExprKind::Column { relation: RelationId(u32::MAX), column: 0 },
            ty: column.ty.clone(),
            nullable: column.nullable,
            span,
        };
        self.coerce(given, &ty, Some((declared, "declared here")));
        self.flow.set(target, column.nullable || optional);
    }

    /// `SELECT every column FROM call`
    pub(in crate::types) fn rows_of(&mut self, view: ViewCall, columns: Vec<RowColumn>) -> Query {
        let span = view.span;
        let name = view.callee.action.clone();
        let source = RelationSource::View(view);
        let relation = self.add_relation(Relation { name, columns: columns.clone(), source, span });
        let item = |(column, of): (usize, &RowColumn)| OutputItem {
            expr: Expr {
                kind: ExprKind::Column { relation, column },
                ty: of.ty.clone(),
                nullable: of.nullable,
                span,
            },
            name: of.name.clone(),
        };
        let select = Select {
            distinct: false,
            items: columns.iter().enumerate().map(item).collect(),
            from: Some(From { kind: FromKind::Relation(relation), span }),
            filter: None,
            group_by: Vec::new(),
            having: None,
            grouped: false,
            span,
        };
        Query {
            ctes: Vec::new(),
            recursive: false,
            body: Body::Select(Box::new(select)),
            order_by: Vec::new(),
            limit: None,
            offset: None,
            columns,
            span,
        }
    }

    /// A call of a function of the language as a value.
    pub(in crate::types) fn value_of_call(&mut self, call: &Call) -> Expr {
        let scope = Scope::default();
        self.function(&ast::FunctionCall::plain(call.clone()), None, At::new(&scope, Place::Value))
    }
}
