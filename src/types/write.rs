//! INSERT, UPDATE and DELETE.

use std::collections::BTreeSet;

use super::action::Checker;
use super::problems;
use super::query::Names;
use super::scope::{At, Place, Scope};
use crate::hir::{
    Assignment, Conflict, ConflictAction, Delete, Expr, Insert, InsertSource, Query, RelationId,
    RelationSource, Table, Update,
};
use crate::language::{Ident, Type};
use crate::syntax::ast;

impl<'a> Checker<'a, '_> {
    /// Makes the target of a write visible under its alias or name.
    fn target(
        &mut self,
        table: &Ident,
        alias: Option<&Ident>,
        scope: &mut Scope<'_>,
    ) -> Option<(RelationId, &'a Table)> {
        let columns = self.table_columns(table, &Scope::default())?;
        let found = self.env.table(&table.name)?;
        let name = alias.unwrap_or(table);
        let source = RelationSource::Table(table.name.clone());
        let id = self.add_visible(name, columns, source, table.span, scope)?;
        Some((id, found))
    }

    pub fn insert(&mut self, insert: &ast::Insert) -> Option<Insert> {
        let mut scope = Scope::default();
        let (ctes, recursive) = self.with(insert.with.as_ref(), &mut scope);
        let rows = scope.clone();
        let Some((target, table)) = self.target(&insert.table, insert.alias.as_ref(), &mut scope) else {
            self.source_only(&insert.source, &rows);
            return None;
        };
        let columns = self.insert_columns(insert, table);
        let source = self.insert_source(&insert.source, &columns, table, &rows, insert);
        let conflict =
            insert.conflict.as_ref().and_then(|conflict| self.conflict(conflict, target, table, &scope));
        let returning = self.items(&insert.returning, At::new(&scope, Place::Returning));
        self.check_returning(&returning);
        Some(Insert { ctes, recursive, target, columns, source, conflict, returning })
    }

    /// Looks for faults in the rows of an insert whose table is not known.
    fn source_only(&mut self, source: &ast::InsertSource, scope: &Scope<'_>) {
        match source {
            ast::InsertSource::Values(rows) => {
                for value in rows.iter().flatten() {
                    self.expression(value, None, At::new(scope, Place::Values));
                }
            }
            ast::InsertSource::Query(query) => {
                self.query(query, scope);
            }
        }
    }

    /// Positions of the columns written to; every column that must have a value has to be among them.
    fn insert_columns(&mut self, insert: &ast::Insert, table: &Table) -> Vec<usize> {
        if insert.columns.is_empty() {
            return (0..table.columns.len()).collect();
        }
        let columns = self.positions(&insert.columns, table);
        let required = table.columns.iter().enumerate().filter(|(position, column)| {
            !column.nullable && column.default.is_none() && !columns.contains(position)
        });
        let missing: Vec<&str> = required.map(|(_, column)| column.name.as_str()).collect();
        let complete = columns.len() == insert.columns.len() && !self.env.is_broken(&table.name);
        if !missing.is_empty() && complete {
            self.sink.report(problems::missing_not_null(&insert.table, &missing, table.span));
        }
        columns
    }

    /// Positions of named columns of a table; unknown and repeated ones are reported.
    fn positions(&mut self, names: &[Ident], table: &Table) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for name in names {
            match table.columns.iter().position(|column| column.name == name.name) {
                Some(position) if found.contains(&position) => {
                    self.sink.report(problems::repeated_column(name))
                }
                Some(position) => found.push(position),
                None if self.env.is_broken(&table.name) => {}
                None => {
                    let known: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
                    self.sink.report(problems::unknown_column_of(&table.name, name, &known));
                }
            }
        }
        found
    }

    fn insert_source(
        &mut self,
        source: &ast::InsertSource,
        columns: &[usize],
        table: &Table,
        scope: &Scope<'_>,
        insert: &ast::Insert,
    ) -> InsertSource {
        let written = if insert.columns.is_empty() { columns.len() } else { insert.columns.len() };
        let exact = columns.len() == written;
        match source {
            ast::InsertSource::Values(rows) => {
                let mut made = Vec::new();
                for row in rows {
                    if row.len() != written {
                        let span = row.iter().map(|value| value.span).reduce(|one, other| one.to(other));
                        let span = span.unwrap_or(insert.table.span);
                        self.sink.report(problems::value_count(written, row.len(), &table.name, span));
                    }
                    made.push(self.insert_row(row, if exact { columns } else { &[] }, table, scope));
                }
                InsertSource::Values(made)
            }
            ast::InsertSource::Query(query) => {
                let mut made = self.query_with(query, scope, Names::Unsaid);
                if made.columns.len() != written && !made.columns.is_empty() {
                    let count = made.columns.len();
                    self.sink.report(problems::value_count(written, count, &table.name, made.span));
                } else if exact {
                    self.fit_to_columns(&mut made, columns, table);
                }
                InsertSource::Query(Box::new(made))
            }
        }
    }

    fn insert_row(
        &mut self,
        row: &[ast::Expr],
        columns: &[usize],
        table: &Table,
        scope: &Scope<'_>,
    ) -> Vec<Expr> {
        let mut made = Vec::new();
        for (position, value) in row.iter().enumerate() {
            let column = columns.get(position).and_then(|column| table.columns.get(*column));
            let hint = column.map(|column| &column.ty);
            let value = self.expression(value, hint, At::new(scope, Place::Values));
            made.push(match column {
                Some(column) => self.stored(value, column),
                None => value,
            });
        }
        made
    }

    fn fit_to_columns(&mut self, query: &mut Query, columns: &[usize], table: &Table) {
        for (position, column) in columns.iter().enumerate() {
            if let Some(column) = table.columns.get(*column) {
                let mark = self.sink.mark();
                self.fit_column(query, position, &column.ty);
                self.sink.note_since(mark, &format!("column `{}` is `{}`", column.name, column.ty));
            }
        }
    }

    /// A value stored into a column.
    fn stored(&mut self, value: Expr, column: &crate::hir::Column) -> Expr {
        let because = format!("column `{}` is `{}`", column.name, column.ty);
        let null = matches!(value.kind, crate::hir::ExprKind::Literal(crate::hir::Literal::Null));
        if null && value.ty != Type::Unknown && !column.nullable {
            self.sink.report(problems::null_into_required(column, value.span));
        }
        self.coerce(value, &column.ty, Some((column.span, &because)))
    }

    fn conflict(
        &mut self,
        conflict: &ast::Conflict,
        target: RelationId,
        table: &Table,
        scope: &Scope<'_>,
    ) -> Option<Conflict> {
        let arbiter = match &conflict.arbiter {
            Some(arbiter) => {
                let columns = self.positions(&arbiter.columns, table);
                if columns.len() == arbiter.columns.len()
                    && !is_key(table, &columns)
                    && !self.env.is_broken(&table.name)
                {
                    self.sink.report(problems::conflict_target(table, arbiter.span));
                }
                columns
            }
            None => Vec::new(),
        };
        let action = match &conflict.action {
            ast::ConflictAction::Nothing => ConflictAction::Nothing,
            ast::ConflictAction::Update { assignments, filter } => {
                if conflict.arbiter.is_none() {
                    self.sink.report(problems::conflict_needs_target(conflict.span));
                }
                let mut scope = scope.clone();
                let columns = self.columns_of(target).to_vec();
                let name = Ident::new("excluded", conflict.span);
                let source = RelationSource::Excluded(table.name.clone());
                let excluded = self.add_visible(&name, columns, source, conflict.span, &mut scope)?;
                self.skippable(|checker| {
                    let assignments = checker.assignments(assignments, table, &scope);
                    let filter = checker.filter(filter.as_ref(), &scope);
                    ConflictAction::Update { excluded, assignments, filter }
                })
            }
        };
        Some(Conflict { arbiter, action })
    }

    fn assignments(
        &mut self,
        assignments: &[ast::Assignment],
        table: &Table,
        scope: &Scope<'_>,
    ) -> Vec<Assignment> {
        let mut made = Vec::new();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for assignment in assignments {
            let position = table.columns.iter().position(|column| column.name == assignment.column.name);
            let column = position.and_then(|position| table.columns.get(position));
            let value = self.expression(
                &assignment.value,
                column.map(|column| &column.ty),
                At::new(scope, Place::Set),
            );
            match (position, column) {
                (Some(position), Some(column)) => {
                    if !seen.insert(position) {
                        self.sink.report(problems::repeated_column(&assignment.column));
                    }
                    let value = self.stored(value, column);
                    made.push(Assignment { column: position, value });
                }
                _ if self.env.is_broken(&table.name) => {}
                _ => {
                    let known: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
                    self.sink.report(problems::unknown_column_of(&table.name, &assignment.column, &known));
                }
            }
        }
        made
    }

    pub fn update(&mut self, update: &ast::Update) -> Option<Update> {
        let mut scope = Scope::default();
        let (ctes, recursive) = self.with(update.with.as_ref(), &mut scope);
        let (target, table) = self.target(&update.table, update.alias.as_ref(), &mut scope)?;
        let mut from = None;
        if let Some(written) = &update.from {
            from = self.from(written, &mut scope);
        }
        let assignments = self.assignments(&update.assignments, table, &scope);
        let filter = self.filter(update.filter.as_ref(), &scope);
        let returning = self.items(&update.returning, At::new(&scope, Place::Returning));
        self.check_returning(&returning);
        Some(Update { ctes, recursive, target, assignments, from, filter, returning })
    }

    pub fn delete(&mut self, delete: &ast::Delete) -> Option<Delete> {
        let mut scope = Scope::default();
        let (ctes, recursive) = self.with(delete.with.as_ref(), &mut scope);
        let (target, _) = self.target(&delete.table, delete.alias.as_ref(), &mut scope)?;
        let filter = self.filter(delete.filter.as_ref(), &scope);
        let returning = self.items(&delete.returning, At::new(&scope, Place::Returning));
        self.check_returning(&returning);
        Some(Delete { ctes, recursive, target, filter, returning })
    }

    /// RETURNING's columns need names of their own, like a select list's.
    fn check_returning(&mut self, items: &[crate::hir::OutputItem]) {
        for (position, item) in items.iter().enumerate() {
            if let Some(earlier) = items.iter().take(position).find(|earlier| earlier.name == item.name) {
                self.sink.report(problems::duplicate_result(&item.name, item.expr.span, earlier.expr.span));
            }
        }
    }
}

/// PostgreSQL infers the arbiter from a unique index on exactly these columns.
fn is_key(table: &Table, columns: &[usize]) -> bool {
    let same =
        |key: &[usize]| key.len() == columns.len() && columns.iter().all(|column| key.contains(column));
    let unique = table.indexes.iter().filter(|index| index.unique);
    same(&table.primary_key) || unique.map(|index| index.columns.as_slice()).any(same)
}
