//! Aggregates.

use kuneiform::hir::FunctionCall;
use kuneiform::language::Type;
use kuneiform::language::functions::Kind;

use super::decimal::{Decimal, divide_rounding, ten_to};
use super::expression::At;
use super::functions::extreme;
use super::sort::{Key, ascending, compare};
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
                let mut keys = self.keys(frame, at, &call.order_by, &row)?;
                // Where the order shows, equal values cannot be told apart.
                if call.function.kind == (Kind::Aggregate { ordered: true }) {
                    keys.extend(row.iter().cloned().map(ascending));
                }
                rows.push((keys, row));
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
}

/// An aggregate of the values of its arguments, row by row.
pub fn of_rows(name: &str, rows: &[Row], ty: &Type) -> Value {
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
