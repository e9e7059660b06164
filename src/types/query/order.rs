use crate::hir::same::same;
use crate::hir::{BinaryOp, Expr, OrderBy, OrderKey, OutputItem, Select};
use crate::interface::RowColumn;
use crate::syntax::ast;
use crate::types::action::Checker;
use crate::types::problems;
use crate::types::scope::{At, Place, Scope};

impl Checker<'_, '_> {
    /// ORDER BY after one SELECT: an output name or number, else an expression over its relations.
    pub fn order_by(
        &mut self,
        keys: &[ast::OrderBy],
        items: &[OutputItem],
        scope: &Scope<'_>,
    ) -> Vec<OrderBy> {
        let mut made = Vec::new();
        for key in keys {
            let names: Vec<&crate::language::Name> = items.iter().map(|item| &item.name).collect();
            let key_made = match self.output_key(&key.expr, &names) {
                Some(position) => {
                    if let Some(item) = items.get(position) {
                        self.comparable(BinaryOp::Less, &item.expr, key.expr.span);
                    }
                    OrderKey::Output(position)
                }
                None if is_number(&key.expr) => continue,
                None => {
                    let expr = self.expression(&key.expr, None, At::new(scope, Place::OrderBy));
                    self.comparable(BinaryOp::Less, &expr, expr.span);
                    match items.iter().position(|item| same(&item.expr, &expr)) {
                        Some(position) => OrderKey::Output(position),
                        None => OrderKey::Expr(expr),
                    }
                }
            };
            made.push(OrderBy { key: key_made, descending: key.descending, nulls_first: key.nulls_first });
        }
        made
    }

    /// ORDER BY after a set operation: an output name or number and nothing else.
    pub fn order_by_output(&mut self, keys: &[ast::OrderBy], columns: &[RowColumn]) -> Vec<OrderBy> {
        let mut made = Vec::new();
        for key in keys {
            let names: Vec<&crate::language::Name> = columns.iter().map(|column| &column.name).collect();
            match self.output_key(&key.expr, &names) {
                Some(position) => made.push(OrderBy {
                    key: OrderKey::Output(position),
                    descending: key.descending,
                    nulls_first: key.nulls_first,
                }),
                None if is_number(&key.expr) => {}
                None => self.sink.report(problems::set_order(key.expr.span)),
            }
        }
        made
    }

    /// The output column a key names or counts.
    fn output_key(&mut self, key: &ast::Expr, names: &[&crate::language::Name]) -> Option<usize> {
        match &key.kind {
            ast::ExprKind::Column { table: None, column } => {
                names.iter().position(|name| **name == column.name)
            }
            ast::ExprKind::Literal(ast::LiteralKind::Integer(digits)) => {
                let position = digits.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                let found = position.filter(|position| *position < names.len());
                if found.is_none() {
                    self.sink.report(problems::no_such_output(key.span, names.len()));
                }
                found
            }
            _ => None,
        }
    }

    /// With DISTINCT only what is selected can order: the other values of a row are gone.
    pub fn check_distinct_order(&mut self, select: &Select, order_by: &[OrderBy]) {
        let selected = |expr: &Expr| select.items.iter().any(|item| same(&item.expr, expr));
        for key in order_by {
            if let OrderKey::Expr(expr) = &key.key
                && !selected(expr)
            {
                self.sink.report(problems::distinct_order(expr.span));
            }
        }
    }
}

fn is_number(expr: &ast::Expr) -> bool {
    matches!(expr.kind, ast::ExprKind::Literal(ast::LiteralKind::Integer(_)))
}
