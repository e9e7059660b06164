use std::collections::BTreeMap;

use crate::hir::{Expr, ExprKind, OrderBy, OutputItem, Select};
use crate::interface::RowColumn;
use crate::language::limits;
use crate::language::{Ident, Name};
use crate::source::Span;
use crate::syntax::ast::{self, SelectItem};
use crate::types::action::Checker;
use crate::types::aggregate;
use crate::types::problems;
use crate::types::scope::{At, Place, Scope, Visible};

impl Checker<'_, '_> {
    /// Types one SELECT with the ORDER BY that follows it, which may use its relations.
    pub fn select(
        &mut self,
        select: &ast::Select,
        order_by: &[ast::OrderBy],
        scope: &mut Scope<'_>,
    ) -> (Select, Vec<OrderBy>, Vec<RowColumn>) {
        let from = select.from.as_ref().and_then(|from| self.from(from, scope));
        self.windows.push(select.windows.clone());
        let filter = self.filter(select.filter.as_ref(), scope);
        let items = self.items(&select.items, At::new(scope, Place::SelectList));
        let group_by = self.group_by(&select.group_by, &items, scope);
        let having =
            select.having.as_ref().map(|having| self.condition(having, At::new(scope, Place::Having)));
        let order_by = self.order_by(order_by, &items, scope);
        self.windows.pop();
        let columns = result_columns(&items);
        let mut made = Select {
            distinct: select.distinct,
            items,
            from,
            filter,
            group_by,
            having,
            grouped: false,
            span: select.span,
        };
        aggregate::check(self, &mut made, &order_by);
        if made.distinct {
            self.check_distinct_order(&made, &order_by);
        }
        (made, order_by, columns)
    }

    /// A select list or RETURNING list, stars written out.
    pub fn items(&mut self, items: &[SelectItem], at: At<'_>) -> Vec<OutputItem> {
        let mut made = Vec::new();
        for item in items {
            match item {
                SelectItem::Expr { expr, alias } => {
                    let value = self.expression(expr, None, at);
                    made.push(OutputItem { name: output_name(expr, alias.as_ref()), expr: value });
                }
                SelectItem::Star(span) => self.star(*span, at.scope, &mut made),
                SelectItem::TableStar { table, span } => match at.scope.relation(table) {
                    Some(visible) => self.all_columns(&visible.clone(), *span, &mut made),
                    None if at.scope.broken => {}
                    None => {
                        let known: Vec<&str> =
                            at.scope.relations.iter().map(|visible| visible.name.as_str()).collect();
                        self.sink.report(problems::unknown_relation(table, &known));
                    }
                },
            }
        }
        if made.len() > limits::COLUMNS {
            let span = made.first().map(|item| item.expr.span);
            self.sink.report(problems::too_many_columns(made.len(), span.unwrap_or(self.ast.span)));
        }
        made
    }

    fn star(&mut self, span: Span, scope: &Scope<'_>, made: &mut Vec<OutputItem>) {
        if scope.relations.is_empty() && !scope.broken {
            self.sink.report(problems::star_without_from(span));
        }
        for visible in &scope.relations {
            self.all_columns_but_hidden(visible, span, scope, made);
        }
    }

    fn all_columns(&mut self, visible: &Visible, span: Span, made: &mut Vec<OutputItem>) {
        self.all_columns_but_hidden(visible, span, &Scope::default(), made);
    }

    fn all_columns_but_hidden(
        &mut self,
        visible: &Visible,
        span: Span,
        scope: &Scope<'_>,
        made: &mut Vec<OutputItem>,
    ) {
        let names: Vec<Name> = self.columns_of(visible.id).iter().map(|column| column.name.clone()).collect();
        for (position, name) in names.into_iter().enumerate() {
            let hidden =
                scope.merged.iter().any(|merged| merged.column == name && merged.hidden == visible.id);
            if !hidden {
                made.push(OutputItem { expr: self.column_expr(visible, position, span), name });
            }
        }
    }

    /// Every column that can be named needs a name of its own.
    pub(super) fn check_names(&mut self, items: &[OutputItem]) {
        let mut seen: BTreeMap<&Name, Span> = BTreeMap::new();
        for item in items {
            if let Some(earlier) = seen.insert(&item.name, item.expr.span) {
                self.sink.report(problems::duplicate_result(&item.name, item.expr.span, earlier));
            }
        }
    }

    /// GROUP BY: an input column, else the name or number of an output column, else an expression.
    fn group_by(&mut self, keys: &[ast::Expr], items: &[OutputItem], scope: &Scope<'_>) -> Vec<Expr> {
        let mut made: Vec<Expr> = Vec::new();
        for key in keys {
            let output = match &key.kind {
                ast::ExprKind::Column { table: None, column } if !self.is_input(column, scope) => {
                    items.iter().find(|item| item.name == column.name).map(|item| item.expr.clone())
                }
                ast::ExprKind::Literal(ast::LiteralKind::Integer(digits)) => {
                    let position = digits.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                    let item = position.and_then(|position| items.get(position));
                    if item.is_none() {
                        self.sink.report(problems::no_such_output(key.span, items.len()));
                    }
                    Some(item.map_or_else(|| Expr::unknown(key.span), |item| item.expr.clone()))
                }
                _ => None,
            };
            made.push(match output {
                Some(expr) => expr,
                None => self.expression(key, None, At::new(scope, Place::GroupBy)),
            });
        }
        made.retain(|key| !matches!(key.kind, ExprKind::Literal(_)));
        made
    }

    /// True if an unqualified name means a column of this level.
    pub fn is_input(&self, column: &Ident, scope: &Scope<'_>) -> bool {
        let has =
            |visible: &Visible| self.columns_of(visible.id).iter().any(|known| known.name == column.name);
        scope.relations.iter().any(has)
    }
}

/// The name PostgreSQL would give, where it would give a telling one: the alias, the column, the function, the cast
/// operand's. Others are called by what they are.
fn output_name(expr: &ast::Expr, alias: Option<&Ident>) -> Name {
    if let Some(alias) = alias {
        return alias.name.clone();
    }
    match &expr.kind {
        ast::ExprKind::Column { column, .. } => column.name.clone(),
        ast::ExprKind::Field { field, .. } => field.name.clone(),
        ast::ExprKind::Variable(name) | ast::ExprKind::Context(name) => name.name.clone(),
        ast::ExprKind::Function(call) => call.call.name.name.clone(),
        ast::ExprKind::Cast { operand, .. } => output_name(operand, None),
        ast::ExprKind::Index { array, .. } | ast::ExprKind::Slice { array, .. } => output_name(array, None),
        ast::ExprKind::Case { otherwise: Some(otherwise), .. }
            if matches!(otherwise.kind, ast::ExprKind::Column { .. }) =>
        {
            output_name(otherwise, None)
        }
        ast::ExprKind::Case { .. } => Name::new("case"),
        ast::ExprKind::Exists { .. } => Name::new("exists"),
        ast::ExprKind::Array(_) => Name::new("array"),
        ast::ExprKind::Subquery(query) => match &query.body {
            ast::QueryBody::Select(select) => match select.items.first() {
                Some(SelectItem::Expr { expr, alias }) => output_name(expr, alias.as_ref()),
                _ => Name::new("column"),
            },
            ast::QueryBody::Operation { .. } => Name::new("column"),
        },
        _ => Name::new("column"),
    }
}

/// Names and types of the rows.
fn result_columns(items: &[OutputItem]) -> Vec<RowColumn> {
    let column = |item: &OutputItem| RowColumn {
        name: item.name.clone(),
        ty: item.expr.ty.clone(),
        nullable: item.expr.nullable,
    };
    items.iter().map(column).collect()
}
