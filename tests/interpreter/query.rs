//! Queries.

use kuneiform::hir::{Body, Expr, Query, Select, SetOperator};

use super::expression::{At, Peer};
use super::sort::{Key, ascending, compare};
use super::values::{Fault, Row, Value, fault, same_rows};
use super::{Frame, Machine, Scope};

/// A row with the keys it sorts by.
type Sorted = (Vec<Key>, Row);

impl<'p> Machine<'p> {
    /// The rows of a query in their order.
    pub fn query(&mut self, frame: &Frame<'p>, scope: &Scope, query: &'p Query) -> Result<Vec<Row>, Fault> {
        let scope = self.with_ctes(frame, scope, &query.ctes)?;
        let mut rows = match &query.body {
            Body::Select(select) => self.select(frame, &scope, query, select)?,
            Body::Operation { operator, all, left, right } => {
                let (left, right) = (self.query(frame, &scope, left)?, self.query(frame, &scope, right)?);
                let rows = combined(*operator, *all, left, right);
                let keyed = |row: Row| {
                    let mut keys = self.keys(frame, At::row(&scope), &query.order_by, &row)?;
                    keys.extend(row.iter().cloned().map(ascending));
                    Ok((keys, row))
                };
                rows.into_iter().map(keyed).collect::<Result<Vec<Sorted>, Fault>>()?
            }
        };
        rows.sort_by(|left, right| compare(&left.0, &right.0));
        let skipped = self.count(frame, &scope, query.offset.as_ref(), "2201X")?.unwrap_or(0);
        let most = self.count(frame, &scope, query.limit.as_ref(), "2201W")?.unwrap_or(usize::MAX);
        Ok(rows.into_iter().skip(skipped).take(most).map(|(_, row)| row).collect())
    }

    fn count(
        &mut self,
        frame: &Frame<'p>,
        scope: &Scope,
        expr: Option<&'p Expr>,
        negative: &'static str,
    ) -> Result<Option<usize>, Fault> {
        let Some(expr) = expr else { return Ok(None) };
        match self.value(frame, At::row(scope), expr)? {
            Value::Null => Ok(None),
            value => usize::try_from(value.int()).map(Some).map_err(|_| fault(negative)),
        }
    }

    fn select(
        &mut self,
        frame: &Frame<'p>,
        scope: &Scope,
        query: &'p Query,
        select: &'p Select,
    ) -> Result<Vec<Sorted>, Fault> {
        let peers = self.peers(frame, scope, select)?;
        let mut rows: Vec<Sorted> = Vec::new();
        for (number, Peer { scope, group, keys: _ }) in peers.iter().enumerate() {
            let group = select.grouped.then_some(group.as_slice());
            let at = At { scope, group, peers: Some((&peers, number)) };
            let output = select
                .items
                .iter()
                .map(|item| self.value(frame, at, &item.expr))
                .collect::<Result<Row, _>>()?;
            if select.distinct && rows.iter().any(|(_, row)| same_rows(row, &output)) {
                continue;
            }
            let mut keys = self.keys(frame, at, &query.order_by, &output)?;
            keys.extend(self.completion(frame, at, select, &output)?);
            rows.push((keys, output));
        }
        Ok(rows)
    }

    /// The rows that pass WHERE, or the groups that pass HAVING, with a row of each.
    fn peers(&mut self, frame: &Frame<'p>, scope: &Scope, select: &'p Select) -> Result<Vec<Peer>, Fault> {
        let rows = match &select.from {
            Some(from) => self.from(frame, scope, from)?,
            None => vec![scope.clone()],
        };
        let mut kept = Vec::new();
        for row in rows {
            if select.filter.as_ref().map_or(Ok(true), |filter| self.holds(frame, At::row(&row), filter))? {
                kept.push(row);
            }
        }
        if !select.grouped {
            let mut peers = Vec::new();
            for scope in kept {
                let keys = self.row_keys(frame, At::row(&scope), select)?;
                peers.push(Peer { scope, group: Vec::new(), keys });
            }
            return Ok(peers);
        }
        let mut groups: Vec<(Row, Vec<Scope>)> = Vec::new();
        if select.group_by.is_empty() {
            groups.push((Vec::new(), Vec::new()));
        }
        for row in kept {
            let key = self.values(frame, At::row(&row), &select.group_by)?;
            match groups.iter_mut().find(|(known, _)| same_rows(known, &key)) {
                Some((_, group)) => group.push(row),
                None => groups.push((key, vec![row])),
            }
        }
        let mut passed = Vec::new();
        for (_, group) in groups {
            let first = group.first().unwrap_or(scope).clone();
            let at = At { scope: &first, group: Some(&group), peers: None };
            if select.having.as_ref().map_or(Ok(true), |having| self.holds(frame, at, having))? {
                let keys = self.row_keys(frame, at, select)?;
                passed.push(Peer { scope: first, group, keys });
            }
        }
        Ok(passed)
    }
}

fn distinct(rows: Vec<Row>) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::new();
    for row in rows {
        if !kept.iter().any(|known| same_rows(known, &row)) {
            kept.push(row);
        }
    }
    kept
}

fn combined(operator: SetOperator, all: bool, left: Vec<Row>, right: Vec<Row>) -> Vec<Row> {
    if operator == SetOperator::Union {
        let both = [left, right].concat();
        return if all { both } else { distinct(both) };
    }
    let intersect = operator == SetOperator::Intersect;
    let (left, mut right) = if all { (left, right) } else { (distinct(left), distinct(right)) };
    let mut kept = Vec::new();
    for row in left {
        // Each row on the right answers for one on the left.
        let met = right.iter().position(|other| same_rows(other, &row));
        if let Some(met) = met {
            right.swap_remove(met);
        }
        if met.is_some() == intersect {
            kept.push(row);
        }
    }
    kept
}
