use std::cmp::Ordering;
use std::mem::discriminant;

use super::number::compare;
use super::pair::Pair;
use super::probe::{ROW, Stored};
use super::sql::{alter, drop_constraint, validate};
use super::step::{Phase, Probe, Step, StepKind, Verdict};
use super::{online, probe, shape};
use crate::interface::{Bound, TableCheck, TableColumn, Value};
use crate::language::Type;
use crate::lower::table;
use crate::pg::{Alteration, Expr};

/// What becomes of the bounds of a column that stays.
pub(super) fn steps(pair: &Pair<'_>, old: &TableColumn, new: &TableColumn) -> Vec<Step> {
    let mut gone: Vec<&TableCheck> = old.checks.iter().collect();
    let mut come: Vec<&TableCheck> = new.checks.iter().collect();
    if old.ty == new.ty {
        for (from, to) in kept(old, new) {
            gone.retain(|check| check.name != from.name);
            come.retain(|check| check.name != to.name);
        }
    }
    let mut steps = Vec::new();
    for check in come {
        let before = gone.iter().position(|it| discriminant(&it.bound) == discriminant(&check.bound));
        steps.push(match before {
            Some(index) => changed(pair, gone.remove(index), old, new, check),
            None => {
                let what = format!("`{}` of {} added", shape::bound(&check.bound), name(pair, new));
                // Nobody could mean NaN: the language has no such value.
                let verdict = if check.bound == Bound::Number { Verdict::Safe } else { Verdict::Breaking };
                let step = Step::new(StepKind::CheckAdded, verdict, new.line, what);
                with(step, pair, new, check)
            }
        });
    }
    steps.extend(gone.into_iter().map(|check| {
        let what = format!("`{}` of {} dropped", shape::bound(&check.bound), name(pair, new));
        without(Step::new(StepKind::CheckDropped, Verdict::Safe, new.line, what), pair, check)
    }));
    steps
}

/// The checks of a column that say the same, in both versions.
pub(super) fn kept<'a>(old: &'a TableColumn, new: &'a TableColumn) -> Vec<(&'a TableCheck, &'a TableCheck)> {
    let mut left: Vec<&TableCheck> = old.checks.iter().collect();
    let mut kept = Vec::new();
    for check in &new.checks {
        if let Some(index) = left.iter().position(|it| it.bound == check.bound) {
            kept.push((left.remove(index), check));
        }
    }
    kept
}

fn name(pair: &Pair<'_>, column: &TableColumn) -> String {
    shape::column(&pair.new.name, &column.name)
}

fn changed(
    pair: &Pair<'_>,
    before: &TableCheck,
    old: &TableColumn,
    new: &TableColumn,
    after: &TableCheck,
) -> Step {
    let (from, to) = (shape::bound(&before.bound), shape::bound(&after.bound));
    let column = name(pair, new);
    let what = match before.bound == after.bound {
        true => format!("`{to}` of {column} checked anew, because its type changes"),
        false => format!("`{from}` of {column} changed to `{to}`"),
    };
    let looser = is_looser(&before.bound, &after.bound) && super::convert::keeps(&old.ty, &new.ty);
    let verdict = if looser { Verdict::Safe } else { Verdict::Breaking };
    let step = without(Step::new(StepKind::CheckChanged, verdict, new.line, what), pair, before);
    with(step, pair, new, after)
}

/// True if whatever `before` allows `after` allows too.
fn is_looser(before: &Bound, after: &Bound) -> bool {
    match (before, after) {
        (Bound::MinLength(before), Bound::MinLength(after)) => after <= before,
        (Bound::MaxLength(before), Bound::MaxLength(after)) => after >= before,
        (Bound::Min(Value::Number(before)), Bound::Min(Value::Number(after))) => {
            compare(after, before) != Ordering::Greater
        }
        (Bound::Max(Value::Number(before)), Bound::Max(Value::Number(after))) => {
            compare(after, before) != Ordering::Less
        }
        _ => before == after,
    }
}

fn without(step: Step, pair: &Pair<'_>, check: &TableCheck) -> Step {
    let sql = drop_constraint(pair.schemas.dbid, &pair.old.name, &check.name);
    step.run(Phase::DropConstraints, sql)
}

/// The step with a check added to a column of the new version.
pub(super) fn with(step: Step, pair: &Pair<'_>, column: &TableColumn, check: &TableCheck) -> Step {
    let (dbid, table) = (pair.schemas.dbid, &pair.new.name);
    let add = alter(dbid, table, Alteration::AddCheck(table::check(column, check)));
    let step = step.ask(broken(pair, column, check)).run(Phase::AddChecks, add);
    let online = Some(online::validated(pair, &check.name));
    step.run_or(Phase::Validate, validate(dbid, table, &check.name), online)
}

/// True for the types that PostgreSQL keeps NaN in.
fn is_decimal(ty: &Type) -> bool {
    match ty {
        Type::Array(element) => is_decimal(element),
        _ => matches!(ty, Type::Decimal(_)),
    }
}

/// A probe for rows that break a bound.
fn broken(pair: &Pair<'_>, column: &TableColumn, check: &TableCheck) -> Option<Probe> {
    let was_decimal = || pair.old_of(column).is_some_and(|old| is_decimal(&old.ty));
    if check.bound == Bound::Number && !was_decimal() {
        return None;
    }
    let value = match Stored::of(pair, column, ROW) {
        Stored::Same(expr) | Stored::Default(expr) => expr,
        Stored::Null | Stored::Unknown => return None,
    };
    let holds = table::within(value, &column.ty, &check.bound);
    let breaks = Expr::Unary { operator: "NOT", operand: Box::new(holds) };
    let bound = shape::bound(&check.bound);
    let says = (format!("row breaks `{bound}`"), format!("rows break `{bound}`"));
    Some(probe::rows(pair.schemas.dbid, &pair.old.name, Some(breaks), &says.0, &says.1))
}
