use super::action::Checker;
use super::problems;
use super::scope::{Scope, Visible};
use crate::hir::{Expr, ExprKind, RelationId};
use crate::interface::RowColumn;
use crate::language::{ContextValue, Ident, Name};
use crate::source::Span;

impl Checker<'_, '_> {
    /// A column by name. An unqualified name must be offered by one relation of the nearest level that offers it.
    pub fn column(&mut self, table: Option<&Ident>, column: &Ident, span: Span, scope: &Scope<'_>) -> Expr {
        if let Some(table) = table {
            return match scope.relation(table) {
                Some(visible) => self.qualified(&visible.clone(), table, column, span),
                None => {
                    self.unknown_relation(table, scope);
                    Expr::unknown(span)
                }
            };
        }
        for level in scope.levels() {
            let offers = self.offers(level, &column.name);
            match offers.as_slice() {
                [] => {}
                [(visible, position)] => return self.column_expr(visible, *position, span),
                several => {
                    let names: Vec<Name> = several.iter().map(|(visible, _)| visible.name.clone()).collect();
                    self.sink.report(problems::ambiguous_column(column, &names));
                    return Expr::unknown(span);
                }
            }
        }
        if !self.any_broken(scope) {
            self.unknown_column(column, scope);
        }
        Expr::unknown(span)
    }

    fn offers<'s>(&self, level: &'s Scope<'_>, name: &Name) -> Vec<(&'s Visible, usize)> {
        let hidden =
            |id: RelationId| level.merged.iter().any(|merged| merged.column == *name && merged.hidden == id);
        let offer = |visible: &'s Visible| {
            let columns = self.columns_of(visible.id);
            let position = columns.iter().position(|column| column.name == *name)?;
            (!hidden(visible.id)).then_some((visible, position))
        };
        level.relations.iter().filter_map(offer).collect()
    }

    fn qualified(&mut self, visible: &Visible, table: &Ident, column: &Ident, span: Span) -> Expr {
        let columns = self.columns_of(visible.id);
        match columns.iter().position(|known| known.name == column.name) {
            Some(position) => self.column_expr(visible, position, span),
            None => {
                if !self.is_broken(visible.id) {
                    let known: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                    let report = problems::unknown_column_of(&table.name, column, &known);
                    self.sink.report(report);
                }
                Expr::unknown(span)
            }
        }
    }

    /// The column at `position` of a relation, as an expression.
    pub fn column_expr(&self, visible: &Visible, position: usize, span: Span) -> Expr {
        let Some(column) = self.columns_of(visible.id).get(position) else { return Expr::unknown(span) };
        let kind = ExprKind::Column { relation: visible.id, column: position };
        Expr { kind, ty: column.ty.clone(), nullable: column.nullable || visible.outer, span }
    }

    /// The columns of a relation of this action.
    pub fn columns_of(&self, id: RelationId) -> &[RowColumn] {
        self.made.relations.get(id.0 as usize).map_or(&[], |relation| relation.columns.as_slice())
    }

    /// True if a relation's columns are not known because something was already reported.
    fn is_broken(&self, id: RelationId) -> bool {
        let Some(relation) = self.made.relations.get(id.0 as usize) else { return true };
        match &relation.source {
            crate::hir::RelationSource::Table(table) | crate::hir::RelationSource::Excluded(table) => {
                self.env.is_broken(table)
            }
            _ => relation.columns.is_empty(),
        }
    }

    fn any_broken(&self, scope: &Scope<'_>) -> bool {
        let broken = |level: &Scope<'_>| level.relations.iter().any(|visible| self.is_broken(visible.id));
        scope.levels().any(|level| level.broken || broken(level))
    }

    fn unknown_relation(&mut self, table: &Ident, scope: &Scope<'_>) {
        if scope.levels().any(|level| level.broken) {
            return;
        }
        let known: Vec<&str> =
            scope.levels().flat_map(|level| &level.relations).map(|visible| visible.name.as_str()).collect();
        self.sink.report(problems::unknown_relation(table, &known));
    }

    /// Reports a column that nothing offers. A query without FROM is one mistake, however many columns it names.
    fn unknown_column(&mut self, column: &Ident, scope: &Scope<'_>) {
        let relations = scope.levels().flat_map(|level| &level.relations);
        let known: Vec<&str> = relations
            .flat_map(|visible| self.columns_of(visible.id))
            .map(|column| column.name.as_str())
            .collect();
        let is_parameter = self.variables.find(&column.name).is_some();
        let meant = is_parameter || ContextValue::from_word(column.name.as_str()).is_some();
        let empty = scope.parent.is_some() && scope.levels().all(|level| level.relations.is_empty());
        if meant || !empty || !scope.without_from.replace(true) {
            let report = problems::unknown_column(column, &known, is_parameter);
            self.sink.report(report);
        }
    }
}
