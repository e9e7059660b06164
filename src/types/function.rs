use super::action::Checker;
use super::argument::{argument_hint, choose};
use super::problems;
use super::scope::{At, Place, Scope};
use crate::hir::walk::{self, Node};
use crate::hir::{self, Expr, ExprKind, FunctionCall, OrderKey};
use crate::language::functions::{self, Emit, Function, Gives, Kind, MEAN_SCALE, Nulls};
use crate::language::{DecimalType, Type};
use crate::syntax::ast;

impl Checker<'_, '_> {
    /// A call inside an expression: a function of the language, or `ERROR(..)`.
    pub fn function(&mut self, call: &ast::FunctionCall, hint: Option<&Type>, at: At<'_>) -> Expr {
        let span = call.call.span;
        let name = call.call.name.name.as_str();
        let is_action = self.is_action(&call.call);
        if !call.is_plain() && (is_action || name == "error") {
            self.sink.report(problems::not_an_aggregate(&call.call.name));
            return Expr::unknown(span);
        }
        if is_action {
            return self.action_value(&call.call, at);
        }
        if name == "error" {
            return self.error(&call.call, hint, at);
        }
        let rows = functions::named(name);
        if rows.is_empty() {
            self.unknown_function(&call.call);
            return Expr::unknown(span);
        }
        self.call_function(&rows, call, hint, at)
    }

    /// `ERROR(text)` where a value stands.
    fn error(&mut self, call: &ast::Call, hint: Option<&Type>, at: At<'_>) -> Expr {
        self.traits.may_raise = true;
        let message = self.message(call, at);
        let ty = hint.cloned().unwrap_or(Type::Null);
        Expr { kind: ExprKind::Error(Box::new(message)), ty, nullable: true, span: call.span }
    }

    /// The one argument of ERROR and NOTICE.
    pub fn message(&mut self, call: &ast::Call, at: At<'_>) -> Expr {
        let [message] = call.arguments.as_slice() else {
            self.sink.report(problems::argument_count(&call.name, (1, Some(1)), call.arguments.len(), None));
            return Expr::unknown(call.span);
        };
        let message = self.expression(message, Some(&Type::Text), at);
        self.coerce(message, &Type::Text, None)
    }

    fn unknown_function(&mut self, call: &ast::Call) {
        let name = call.name.name.as_str();
        let report = if let Some(instead) = changes_by_itself(name) {
            problems::not_repeatable(&call.name, instead)
        } else {
            let own = self.env.items.actions.iter().map(|item| item.ast.name.name.as_str());
            problems::unknown_function(&call.name, functions::all().map(|function| function.name).chain(own))
        };
        self.sink.report(report);
    }

    fn call_function(
        &mut self,
        rows: &[&'static Function],
        call: &ast::FunctionCall,
        hint: Option<&Type>,
        at: At<'_>,
    ) -> Expr {
        let span = call.call.span;
        let Some(first) = rows.first() else { return Expr::unknown(span) };
        if !self.may_stand(first, call, at) {
            return Expr::unknown(span);
        }
        let count = call.call.arguments.len();
        let takes = |row: &&&Function| {
            let (least, most) = row.arity();
            count >= least && most.is_none_or(|most| count <= most)
        };
        let fitting: Vec<&'static Function> = rows.iter().filter(takes).copied().collect();
        let Some(row) = fitting.first().copied() else {
            self.sink.report(problems::argument_count(&call.call.name, first.arity(), count, None));
            return Expr::unknown(span);
        };
        if count == 0 && row.name == "count" && !call.star {
            self.sink.report(problems::argument_count(&call.call.name, (1, Some(1)), 0, None));
        }
        let inner = at.in_place(argument_place(row, call, at.place));
        let arguments: Vec<Expr> = call
            .call
            .arguments
            .iter()
            .enumerate()
            .map(|(position, argument)| {
                let hint = argument_hint(row, position, hint);
                let skippable = position > 0 && row.emit == Emit::Form("COALESCE");
                self.perhaps_skippable(skippable, |checker| {
                    checker.expression(argument, hint.as_ref(), inner)
                })
            })
            .collect();
        let row = choose(&fitting, &arguments).unwrap_or(row);
        let arguments = self.arguments(row, arguments);
        self.read_arguments(row, &call.call, &arguments);
        self.check_scope(row, call, &arguments, at.scope);
        let ty = gives(row, &arguments);
        let nullable =
            nullable(row, &arguments) || call.filter.is_some() && !matches!(row.nulls, Nulls::Never);
        let order_by = self.function_order(call, row, inner);
        let filter = call
            .filter
            .as_ref()
            .map(|filter| self.skippable(|checker| checker.condition(filter, at.in_place(Place::Filter))));
        let over = call.over.as_ref().and_then(|over| self.window(over, at));
        let made = FunctionCall { function: row, arguments, distinct: call.distinct, order_by, filter, over };
        Expr { kind: ExprKind::Function(Box::new(made)), ty, nullable, span }
    }

    /// Reports aggregates and window functions where they cannot stand, and clauses that do not fit.
    fn may_stand(&mut self, function: &Function, call: &ast::FunctionCall, at: At<'_>) -> bool {
        let name = &call.call.name;
        let over = call.over.is_some();
        let report = match function.kind {
            Kind::Rows => Some(problems::rows_in_expression(name)),
            Kind::Scalar
                if over
                    || call.distinct
                    || call.filter.is_some()
                    || !call.order_by.is_empty()
                    || call.star =>
            {
                Some(problems::not_an_aggregate(name))
            }
            Kind::Window { .. } if !over => Some(problems::needs_window(name)),
            Kind::Window { .. } if call.distinct || call.filter.is_some() || !call.order_by.is_empty() => {
                Some(problems::not_an_aggregate(name))
            }
            Kind::Aggregate { .. } if over && (call.distinct || !call.order_by.is_empty()) => {
                Some(problems::window_clause(name))
            }
            Kind::Window { .. } | Kind::Aggregate { .. } if over && !at.place.takes_windows() => {
                Some(problems::window_position(name, at.place))
            }
            Kind::Aggregate { .. } if !over && !at.place.takes_aggregates() => {
                Some(problems::aggregate_position(name, at.place))
            }
            _ => None,
        };
        let stands = report.is_none();
        if let Some(report) = report {
            self.sink.report(report);
        }
        stands
    }

    fn function_order(&mut self, call: &ast::FunctionCall, row: &Function, at: At<'_>) -> Vec<hir::OrderBy> {
        if !call.order_by.is_empty() && row.kind != (Kind::Aggregate { ordered: true }) {
            self.sink.report(problems::order_without_effect(&call.call.name));
        }
        call.order_by.iter().map(|key| self.order_expression(key, at)).collect()
    }

    /// A sort key that is an expression, as in a window or an aggregate.
    pub fn order_expression(&mut self, key: &ast::OrderBy, at: At<'_>) -> hir::OrderBy {
        let expr = self.expression(&key.expr, None, at);
        self.comparable(hir::BinaryOp::Less, &expr, expr.span);
        hir::OrderBy { key: OrderKey::Expr(expr), descending: key.descending, nulls_first: key.nulls_first }
    }

    /// An aggregate over columns of an outer query only would belong to that query.
    fn check_scope(
        &mut self,
        row: &Function,
        call: &ast::FunctionCall,
        arguments: &[Expr],
        scope: &Scope<'_>,
    ) {
        if call.over.is_some() || !matches!(row.kind, Kind::Aggregate { .. }) {
            return;
        }
        let mut columns = Vec::new();
        for argument in arguments {
            walk::expressions(&self.made, Node::Expr(argument), &mut |expr| {
                if let ExprKind::Column { relation, .. } = expr.kind {
                    columns.push(relation);
                }
            });
        }
        if !columns.is_empty() && !columns.iter().any(|relation| scope.is_local(*relation)) {
            self.sink.report(problems::outer_aggregate(&call.call.name));
        }
    }
}

/// Functions of PostgreSQL whose result changes from call to call or replica to replica, with what to use instead.
fn changes_by_itself(name: &str) -> Option<&'static str> {
    Some(match name {
        "now"
        | "clock_timestamp"
        | "statement_timestamp"
        | "transaction_timestamp"
        | "timeofday"
        | "current_timestamp"
        | "current_time"
        | "current_date"
        | "localtime"
        | "localtimestamp" => "`@block_timestamp`",
        "random" | "gen_random_uuid" | "uuid_generate_v4" | "gen_random_bytes" | "setseed" => {
            "an argument or `@txid`"
        }
        "txid_current" | "pg_current_xact_id" => "`@txid`",
        _ => return None,
    })
}

fn argument_place(row: &Function, call: &ast::FunctionCall, outer: Place) -> Place {
    match row.kind {
        Kind::Scalar | Kind::Rows => outer,
        Kind::Aggregate { .. } if call.over.is_none() => Place::AggregateArgument,
        Kind::Aggregate { .. } | Kind::Window { .. } => Place::WindowArgument,
    }
}

fn gives(row: &Function, arguments: &[Expr]) -> Type {
    let ty = |index: usize| arguments.get(index).map_or(Type::Unknown, |argument| argument.ty.clone());
    match row.gives {
        Gives::Int => Type::Int,
        Gives::Text => Type::Text,
        Gives::Blob => Type::Blob,
        Gives::Bool => Type::Bool,
        Gives::Uuid => Type::Uuid,
        Gives::Decimal(precision, scale) => Type::decimal(precision, scale),
        Gives::Same(index) => ty(index),
        Gives::ArrayOf(index) => match ty(index) {
            Type::Unknown | Type::Null | Type::Array(_) => Type::Unknown,
            element => Type::array(element),
        },
        Gives::Elements => Type::Unknown,
        Gives::Sum(index) => match ty(index) {
            Type::Decimal(decimal) => Type::decimal(DecimalType::MAX_PRECISION, decimal.scale),
            Type::Unknown => Type::Unknown,
            _ => Type::decimal(DecimalType::MAX_PRECISION, 0),
        },
        Gives::Mean(index) => match ty(index) {
            Type::Decimal(decimal) => {
                Type::decimal(DecimalType::MAX_PRECISION, decimal.scale.max(MEAN_SCALE))
            }
            Type::Unknown => Type::Unknown,
            _ => Type::decimal(DecimalType::MAX_PRECISION, MEAN_SCALE),
        },
    }
}

fn nullable(row: &Function, arguments: &[Expr]) -> bool {
    let mut nullable = arguments.iter().map(|argument| argument.nullable);
    match row.nulls {
        Nulls::If(index) => nullable.nth(index).unwrap_or(true),
        Nulls::IfAny => nullable.any(|nullable| nullable),
        Nulls::IfAll => nullable.all(|nullable| nullable),
        Nulls::Never => false,
        Nulls::Maybe => true,
    }
}
