//! FROM: one scope for each row.

use kuneiform::hir::{
    Body, CteId, CteSource, Expr, From, FromKind, JoinKind, Query, RelationId, RelationSource,
};
use std::rc::Rc;

use super::expression::At;
use super::values::{Fault, Row, Value, same_rows};
use super::{Frame, Machine, Scope};

impl Scope {
    pub fn with(&self, relation: RelationId, row: Row) -> Scope {
        let mut scope = self.clone();
        scope.rows.insert(relation, row);
        scope
    }
}

impl<'p> Machine<'p> {
    /// The rows of a FROM, seen from `scope`.
    pub fn from(&mut self, frame: &Frame<'p>, scope: &Scope, from: &'p From) -> Result<Vec<Scope>, Fault> {
        match &from.kind {
            FromKind::Relation(id) => {
                let rows = self.relation(frame, scope, *id)?;
                Ok(rows.into_iter().map(|row| scope.with(*id, row)).collect())
            }
            FromKind::Join { kind, left, right, on } => {
                self.join(frame, scope, *kind, (left, right), on.as_ref())
            }
        }
    }

    fn join(
        &mut self,
        frame: &Frame<'p>,
        scope: &Scope,
        kind: JoinKind,
        (left, right): (&'p From, &'p From),
        on: Option<&'p Expr>,
    ) -> Result<Vec<Scope>, Fault> {
        let lefts = self.from(frame, scope, left)?;
        let (mut joined, mut met) = (Vec::new(), Vec::new());
        for row in &lefts {
            // A lateral relation is computed for each row on its left.
            let rights = self.from(frame, row, right)?;
            met.resize(rights.len(), false);
            let mut found = false;
            for (number, both) in rights.into_iter().enumerate() {
                let holds = on.map_or(Ok(true), |on| self.holds(frame, At::row(&both), on))?;
                if holds {
                    (found, met[number]) = (true, true);
                    joined.push(both);
                }
            }
            if !found && matches!(kind, JoinKind::Left | JoinKind::Full) {
                joined.push(empty(frame, row, right));
            }
        }
        if matches!(kind, JoinKind::Right | JoinKind::Full) {
            let rights = self.from(frame, scope, right)?;
            met.resize(rights.len(), false);
            let alone = rights.iter().zip(met).filter(|(_, met)| !met);
            joined.extend(alone.map(|(row, _)| empty(frame, row, left)));
        }
        Ok(joined)
    }

    /// True if a condition holds; a null one does not.
    pub fn holds(&mut self, frame: &Frame<'p>, at: At<'_>, condition: &'p Expr) -> Result<bool, Fault> {
        self.value(frame, at, condition).map(|value| value.is_true())
    }

    fn relation(&mut self, frame: &Frame<'p>, scope: &Scope, id: RelationId) -> Result<Vec<Row>, Fault> {
        match &frame.action.relation(id).expect("a relation").source {
            RelationSource::Table(name) => {
                let tables = self.seen.as_ref().unwrap_or(&self.tables);
                Ok(tables[&(frame.schema.name.clone(), name.clone())].clone())
            }
            RelationSource::Cte(cte) => Ok(scope.ctes[cte].to_vec()),
            RelationSource::Query { query, .. } => self.query(frame, scope, query),
            RelationSource::View(view) => {
                let arguments = self.values(frame, At::row(scope), &view.arguments)?;
                self.call(frame, &view.callee, arguments)
            }
            RelationSource::Unnest { arrays, ordinality } => {
                let arrays = self.values(frame, At::row(scope), arrays)?;
                Ok(side_by_side(&arrays, *ordinality))
            }
            RelationSource::Excluded(_) => panic!("EXCLUDED is no relation of FROM"),
        }
    }

    /// `scope` with the rows of CTEs.
    pub fn with_ctes(
        &mut self,
        frame: &Frame<'p>,
        scope: &Scope,
        ctes: &[kuneiform::hir::CteId],
    ) -> Result<Scope, Fault> {
        let mut scope = scope.clone();
        for id in ctes {
            let cte = frame.action.cte(*id).expect("a CTE");
            let rows = match &cte.source {
                CteSource::Query(query) if cte.recursive => self.recursive(frame, &scope, *id, query)?,
                CteSource::Query(query) => self.query(frame, &scope, query)?,
                CteSource::View(view) => {
                    let arguments = self.values(frame, At::row(&scope), &view.arguments)?;
                    self.call(frame, &view.callee, arguments)?
                }
            };
            scope.ctes.insert(*id, Rc::new(rows));
        }
        Ok(scope)
    }
}

impl<'p> Machine<'p> {
    /// The rows of a recursive CTE: those of its first part, and again and again what the second makes of the new ones.
    fn recursive(
        &mut self,
        frame: &Frame<'p>,
        scope: &Scope,
        id: CteId,
        query: &'p Query,
    ) -> Result<Vec<Row>, Fault> {
        let Body::Operation { operator: _, all, left, right } = &query.body else {
            panic!("a recursive CTE is a UNION");
        };
        let (mut rows, mut scope) = (Vec::new(), scope.clone());
        let mut fresh = self.query(frame, &scope, left)?;
        loop {
            let mut added: Vec<Row> = Vec::new();
            for row in fresh {
                let known = |rows: &[Row]| rows.iter().any(|known| same_rows(known, &row));
                if *all || !(known(&rows) || known(&added)) {
                    added.push(row);
                }
            }
            if added.is_empty() {
                return Ok(rows);
            }
            rows.extend(added.iter().cloned());
            scope.ctes.insert(id, Rc::new(added));
            fresh = self.query(frame, &scope, right)?;
        }
    }
}

/// `scope` with nulls for the relations of a side that has no row for it.
fn empty(frame: &Frame<'_>, scope: &Scope, side: &From) -> Scope {
    let mut scope = scope.clone();
    for id in kuneiform::hir::keys::relations_of(side) {
        let width = frame.action.relation(id).expect("a relation").columns.len();
        scope.rows.insert(id, vec![Value::Null; width]);
    }
    scope
}

/// The elements of arrays; where one is shorter, nulls.
fn side_by_side(arrays: &[Value], numbered: bool) -> Vec<Row> {
    let arrays: Vec<&[Value]> = arrays.iter().map(|it| if it.is_null() { &[] } else { it.array() }).collect();
    let longest = arrays.iter().map(|array| array.len()).max().unwrap_or(0);
    let row = |place: usize| {
        let elements = arrays.iter().map(|array| array.get(place).cloned().unwrap_or(Value::Null));
        let number = numbered.then(|| Value::Int(i64::try_from(place + 1).unwrap()));
        elements.chain(number).collect()
    };
    (0..longest).map(row).collect()
}
