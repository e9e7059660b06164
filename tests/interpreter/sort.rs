//! Order: the author's keys, completed with what tells rows apart.

use std::cmp::Ordering;

use kuneiform::hir::{From, OrderBy, OrderKey, RelationSource, Select};

use super::expression::At;
use super::values::{Fault, Row, Value, total};
use super::{Frame, Machine, Scope};

/// A key's value and how it sorts.
#[derive(Clone)]
pub struct Key {
    pub value: Value,
    pub descending: bool,
    pub nulls_first: bool,
}

pub fn ascending(value: Value) -> Key {
    Key { value, descending: false, nulls_first: false }
}

/// Nulls come last unless the author says otherwise, whatever the direction.
pub fn compare(left: &[Key], right: &[Key]) -> Ordering {
    let one = |(left, right): (&Key, &Key)| match (left.value.is_null(), right.value.is_null()) {
        (false, false) if left.descending => total(&right.value, &left.value),
        (true, false) | (false, true) if left.nulls_first => total(&right.value, &left.value),
        _ => total(&left.value, &right.value),
    };
    left.iter().zip(right).map(one).fold(Ordering::Equal, Ordering::then)
}

impl<'p> Machine<'p> {
    /// The author's keys of a row.
    pub fn keys(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        order_by: &'p [OrderBy],
        output: &[Value],
    ) -> Result<Vec<Key>, Fault> {
        let key = |order: &'p OrderBy| {
            let value = match &order.key {
                OrderKey::Output(index) => output[*index].clone(),
                OrderKey::Expr(expr) => self.value(frame, at, expr)?,
            };
            Ok(Key { value, descending: order.descending, nulls_first: order.nulls_first.unwrap_or(false) })
        };
        order_by.iter().map(key).collect()
    }

    /// Keys that complete the order of a row of a SELECT.
    pub fn completion(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        select: &'p Select,
        output: &Row,
    ) -> Result<Vec<Key>, Fault> {
        let mut keys = match select.distinct {
            true => Vec::new(),
            false => self.row_keys(frame, at, select)?,
        };
        keys.extend(output.iter().cloned().map(ascending));
        Ok(keys)
    }

    /// What tells a row or a group from the others.
    pub fn row_keys(&mut self, frame: &Frame<'p>, at: At<'_>, select: &'p Select) -> Result<Vec<Key>, Fault> {
        let values = match &select.from {
            _ if select.grouped => self.values(frame, at, &select.group_by)?,
            Some(from) => primary_keys(frame, at.scope, from),
            None => Vec::new(),
        };
        Ok(values.into_iter().map(ascending).collect())
    }
}

/// The primary keys of the tables of a FROM.
pub fn primary_keys(frame: &Frame<'_>, scope: &Scope, from: &From) -> Row {
    let mut values = Vec::new();
    for id in kuneiform::hir::keys::relations_of(from) {
        if let RelationSource::Table(name) = &frame.action.relation(id).expect("a relation").source {
            let table = frame.schema.table(name).expect("a table");
            values.extend(table.primary_key.iter().map(|column| scope.rows[&id][*column].clone()));
        }
    }
    values
}
