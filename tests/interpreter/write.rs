//! INSERT, UPDATE and DELETE.

use kuneiform::hir::{
    Assignment, Conflict, ConflictAction, Delete, Expr, Insert, InsertSource, OutputItem, RelationId,
    RelationSource, Table, Update,
};

use super::expression::At;
use super::table::{check, check_keys, clash, defaults, keys};
use super::values::{Fault, Row, fault};
use super::{Frame, Machine, Scope};

/// True if a row gets the key another gives up.
fn takes_over(key: &[usize], changed: &[(Row, Row)]) -> bool {
    changed.iter().enumerate().any(|(place, (_, new))| {
        changed.iter().enumerate().any(|(other, (old, _))| place != other && clash(key, new, old))
    })
}

fn table<'p>(frame: &Frame<'p>, id: RelationId) -> &'p Table {
    match &frame.action.relation(id).expect("a relation").source {
        RelationSource::Table(name) => frame.schema.table(name).expect("a table"),
        other => panic!("no table: {other:?}"),
    }
}

/// A row to insert: computed when its turn comes, or at once.
enum Given<'p> {
    Written(&'p Vec<Expr>),
    Queried(Row),
}

impl<'p> Machine<'p> {
    fn returned(
        &mut self,
        frame: &Frame<'p>,
        scope: &Scope,
        items: &'p [OutputItem],
    ) -> Result<Option<Row>, Fault> {
        if items.is_empty() {
            return Ok(None);
        }
        items
            .iter()
            .map(|item| self.value(frame, At::row(scope), &item.expr))
            .collect::<Result<Row, _>>()
            .map(Some)
    }

    fn assigned(
        &mut self,
        frame: &Frame<'p>,
        scope: &Scope,
        row: &Row,
        assignments: &'p [Assignment],
    ) -> Result<Row, Fault> {
        let mut new = row.clone();
        for assignment in assignments {
            new[assignment.column] = self.value(frame, At::row(scope), &assignment.value)?;
        }
        Ok(new)
    }

    /// INSERT; what RETURNING gives.
    pub fn insert(&mut self, frame: &Frame<'p>, insert: &'p Insert) -> Result<Vec<Row>, Fault> {
        let table = table(frame, insert.target);
        let scope = self.with_ctes(frame, &Scope::default(), &insert.ctes)?;
        self.seen = Some(self.tables.clone());
        let (mut returned, mut fresh) = (Vec::new(), Vec::new());
        let (written, queried) = match &insert.source {
            InsertSource::Values(rows) => (rows.as_slice(), Vec::new()),
            InsertSource::Query(query) => (&[][..], self.query(frame, &scope, query)?),
        };
        let written = written.iter().map(Given::Written);
        for given in written.chain(queried.into_iter().map(Given::Queried)) {
            let values = match given {
                Given::Written(row) => self.values(frame, At::row(&scope), row)?,
                Given::Queried(row) => row,
            };
            let mut row = defaults(table)?;
            insert.columns.iter().zip(values).for_each(|(column, value)| row[*column] = value);
            check(table, &row)?;
            let Some(row) = self.place(frame, &scope, insert, table, row, &mut fresh)? else { continue };
            returned.extend(self.returned(frame, &scope.with(insert.target, row), &insert.returning)?);
        }
        self.seen = None;
        let rows = self.rows(frame.schema, table).clone();
        check_keys(table, &rows)?;
        self.check_references(frame.schema, table)?;
        Ok(returned)
    }

    /// Puts a row where it belongs; none if it gives way to one that is there.
    fn place(
        &mut self,
        frame: &Frame<'p>,
        scope: &Scope,
        insert: &'p Insert,
        table: &'p Table,
        row: Row,
        fresh: &mut Vec<Row>,
    ) -> Result<Option<Row>, Fault> {
        let rows = self.rows(frame.schema, table).clone();
        let met = insert.conflict.as_ref().and_then(|Conflict { arbiter, action }| {
            let arbiters = if arbiter.is_empty() { keys(table) } else { vec![arbiter.as_slice()] };
            let hit = rows.iter().position(|other| arbiters.iter().any(|key| clash(key, &row, other)));
            hit.map(|number| (number, action))
        });
        let new = match met {
            None => {
                self.rows(frame.schema, table).push(row.clone());
                row
            }
            Some((_, ConflictAction::Nothing)) => return Ok(None),
            Some((number, ConflictAction::Update { excluded, assignments, filter })) => {
                // A row may be touched once in a statement.
                if fresh.contains(&rows[number]) {
                    return Err(fault("21000"));
                }
                let scope = scope.with(insert.target, rows[number].clone()).with(*excluded, row);
                if !filter.as_ref().map_or(Ok(true), |filter| self.holds(frame, At::row(&scope), filter))? {
                    return Ok(None);
                }
                let new = self.assigned(frame, &scope, &rows[number], assignments)?;
                check(table, &new)?;
                self.rows(frame.schema, table)[number] = new.clone();
                new
            }
        };
        fresh.push(new.clone());
        Ok(Some(new))
    }

    /// UPDATE; what RETURNING gives.
    pub fn update(&mut self, frame: &Frame<'p>, update: &'p Update) -> Result<Vec<Row>, Fault> {
        let table = table(frame, update.target);
        let outer = self.with_ctes(frame, &Scope::default(), &update.ctes)?;
        let before = self.rows(frame.schema, table).clone();
        let (mut after, mut returned) = (before.clone(), Vec::new());
        for (number, row) in before.iter().enumerate() {
            let own = outer.with(update.target, row.clone());
            let candidates = match &update.from {
                Some(from) => self.from(frame, &own, from)?,
                None => vec![own],
            };
            for scope in candidates {
                if !update.filter.as_ref().map_or(Ok(true), |it| self.holds(frame, At::row(&scope), it))? {
                    continue;
                }
                let new = self.assigned(frame, &scope, row, &update.assignments)?;
                check(table, &new)?;
                let scope = scope.with(update.target, new.clone());
                returned.extend(self.returned(frame, &scope, &update.returning)?);
                after[number] = new;
                break;
            }
        }
        let pairs = before.into_iter().zip(after.iter().cloned());
        let changed: Vec<(Row, Row)> = pairs.filter(|(old, new)| old != new).collect();
        check_keys(table, &after)?;
        // PostgreSQL looks at keys row by row, in an order nobody knows.
        self.open |= changed.len() > 1 && keys(table).into_iter().any(|key| takes_over(key, &changed));
        *self.rows(frame.schema, table) = after;
        self.updated(frame.schema, table, &changed)?;
        self.check_references(frame.schema, table)?;
        Ok(returned)
    }

    /// DELETE; what RETURNING gives.
    pub fn delete(&mut self, frame: &Frame<'p>, delete: &'p Delete) -> Result<Vec<Row>, Fault> {
        let table = table(frame, delete.target);
        let outer = self.with_ctes(frame, &Scope::default(), &delete.ctes)?;
        let (mut kept, mut gone, mut returned) = (Vec::new(), Vec::new(), Vec::new());
        for row in self.rows(frame.schema, table).clone() {
            let scope = outer.with(delete.target, row.clone());
            if delete.filter.as_ref().map_or(Ok(true), |it| self.holds(frame, At::row(&scope), it))? {
                returned.extend(self.returned(frame, &scope, &delete.returning)?);
                gone.push(row);
            } else {
                kept.push(row);
            }
        }
        *self.rows(frame.schema, table) = kept;
        self.deleted(frame.schema, table, &gone)?;
        Ok(returned)
    }
}
