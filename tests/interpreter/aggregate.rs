//! Aggregates and windows.

use kuneiform::hir::{FunctionCall, Window};
use kuneiform::language::Type;

use super::decimal::{Decimal, divide_rounding, ten_to};
use super::expression::At;
use super::functions::extreme;
use super::sort::{Key, compare};
use super::values::{Fault, Row, Value, same, same_rows};
use super::{Frame, Machine, Scope};

impl<'p> Machine<'p> {
    /// An aggregate over the rows of a group.
    pub fn aggregate(
        &mut self,
        frame: &Frame<'p>,
        group: &[Scope],
        call: &'p FunctionCall,
        ty: &Type,
    ) -> Result<Value, Fault> {
        let mut rows: Vec<(Vec<Key>, Row)> = Vec::new();
        for scope in group {
            let at = At::row(scope);
            if call.filter.as_ref().map_or(Ok(true), |filter| self.holds(frame, at, filter))? {
                let row = self.values(frame, at, &call.arguments)?;
                rows.push((self.keys(frame, at, &call.order_by, &row)?, row));
            }
        }
        rows.sort_by(|left, right| compare(&left.0, &right.0));
        let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        if call.distinct {
            let mut kept: Vec<Row> = Vec::new();
            for row in rows {
                if !kept.iter().any(|known| same_rows(known, &row)) {
                    kept.push(row);
                }
            }
            rows = kept;
        }
        Ok(of_rows(call.function.name, &rows, ty))
    }

    /// A function over a window.
    pub fn window(&mut self, frame: &Frame<'p>, at: At<'_>, call: &'p FunctionCall) -> Result<Value, Fault> {
        let Window { partition_by, order_by, frame: bounds } = call.over.as_ref().expect("a window");
        assert!(bounds.is_none(), "the interpreter does not know frames");
        let (peers, number) = at.peers.expect("rows");
        let mut ordered: Vec<(Vec<Key>, usize)> = Vec::new();
        let own = self.values(frame, peer(peers, number), partition_by)?;
        for other in 0..peers.len() {
            let at = peer(peers, other);
            if same_rows(&self.values(frame, at, partition_by)?, &own) {
                ordered.push((self.keys(frame, at, order_by, &[])?, other));
            }
        }
        ordered.sort_by(|left, right| compare(&left.0, &right.0));
        let place = ordered.iter().position(|(_, other)| *other == number).expect("itself");
        let first_tie =
            ordered.iter().position(|(keys, _)| compare(keys, &ordered[place].0).is_eq()).unwrap();
        let tells = |pair: &[(Vec<Key>, usize)]| compare(&pair[0].0, &pair[1].0).is_ne();
        let count = |number: usize| Value::Int(i64::try_from(number).unwrap());
        Ok(match call.function.name {
            "row_number" => count(place + 1),
            "rank" => count(first_tie + 1),
            "dense_rank" => count(1 + ordered[..=place].windows(2).filter(|pair| tells(pair)).count()),
            "lag" if place == 0 => Value::Null,
            "lag" => self.value(frame, peer(peers, ordered[place - 1].1), &call.arguments[0])?,
            "lead" => match ordered.get(place + 1) {
                Some((_, other)) => self.value(frame, peer(peers, *other), &call.arguments[0])?,
                None => Value::Null,
            },
            other => panic!("{other} over a window is not known"),
        })
    }
}

fn peer(peers: &[(Scope, Vec<Scope>)], number: usize) -> At<'_> {
    At { scope: &peers[number].0, group: None, peers: None }
}

/// An aggregate of the values of its arguments, row by row.
fn of_rows(name: &str, rows: &[Row], ty: &Type) -> Value {
    let present: Vec<&Row> =
        rows.iter().filter(|row| row.first().is_none_or(|value| !value.is_null())).collect();
    let values: Vec<Value> = present.iter().filter_map(|row| row.first().cloned()).collect();
    match name {
        "count" => Value::Int(i64::try_from(present.len()).unwrap()),
        "array_agg" if rows.is_empty() => Value::Null,
        "array_agg" => Value::Array(rows.iter().map(|row| row[0].clone()).collect()),
        _ if values.is_empty() => Value::Null,
        "min" | "max" => extreme(&values, name == "max"),
        "sum" => Value::Decimal(sum(&values)),
        "avg" => {
            let Type::Decimal(decimal) = ty else { panic!("{ty}") };
            let (sum, scale) = (sum(&values), u32::from(decimal.scale));
            let digits = divide_rounding(&(&sum.digits * ten_to(scale)), &(ten_to(sum.scale) * values.len()));
            Value::Decimal(Decimal { digits, scale })
        }
        "string_agg" => joined(&present),
        other => panic!("{other} is not known"),
    }
}

fn sum(values: &[Value]) -> Decimal {
    let number = |value: &Value| match value {
        Value::Int(number) => Decimal::whole(*number),
        Value::Uint(number) => Decimal::whole(number.clone()),
        Value::Decimal(decimal) => decimal.clone(),
        other => panic!("no number: {other:?}"),
    };
    values.iter().map(number).fold(Decimal::whole(0), |sum, number| sum.add(&number))
}

/// A row's separator stands before its text; the first row's is not needed, and a null one is empty.
fn joined(rows: &[&Row]) -> Value {
    let mut text = rows[0][0].text().to_owned();
    for row in &rows[1..] {
        if !same(&row[1], &Value::Null) {
            text.push_str(row[1].text());
        }
        text.push_str(row[0].text());
    }
    Value::Text(text)
}
