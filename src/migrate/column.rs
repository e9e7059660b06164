use super::convert::{Conversion, conversion};
use super::pair::Pair;
use super::probe::{self, is};
use super::sql::alter;
use super::step::{Phase, Step, StepKind, Verdict};
use super::{check, online, rename, shape};
use crate::interface::{TableColumn, Value};
use crate::lower::cast_type;
use crate::lower::table::{self, ident};
use crate::pg::{Alteration, Expr};

/// What becomes of the columns of a table that stays.
pub(super) fn steps(pair: &Pair<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = pair.dropped().map(|column| dropped(pair, column)).collect();
    for new in &pair.new.columns {
        match pair.old_of(new) {
            None => steps.push(added(pair, new)),
            Some(old) => {
                steps.extend(rename::column(pair, old, new));
                steps.extend(retyped(pair, old, new));
                steps.extend(nullable(pair, old, new));
                steps.extend(default(pair, old, new));
                steps.extend(check::steps(pair, old, new));
            }
        }
    }
    steps
}

fn dropped(pair: &Pair<'_>, column: &TableColumn) -> Step {
    let (dbid, table) = (pair.schemas.dbid, &pair.old.name);
    let filled = Some(is(probe::column(&column.name), "NOT NULL"));
    let told = probe::tell(dbid, table, filled, "row has a value in it", "rows have a value in it");
    let what = format!("column {} dropped", shape::column(table, &column.name));
    let sql = alter(dbid, table, Alteration::DropColumn(ident(&column.name)));
    let step = Step::new(StepKind::ColumnDropped, Verdict::Destructive, pair.new.line, what);
    let step = step.ask(Some(told)).run(Phase::DropColumns, sql);
    let alike = |new: &&TableColumn| pair.old_of(new).is_none() && new.ty == column.ty;
    match pair.new.columns.iter().find(alike) {
        Some(new) => {
            let attribute = format!("`{} {} @renamed_from({})`", new.name, new.ty, column.name);
            step.help(format!("to keep the values under the new name, write {attribute}"))
        }
        None => step,
    }
}

fn added(pair: &Pair<'_>, column: &TableColumn) -> Step {
    let (dbid, table) = (pair.schemas.dbid, &pair.old.name);
    let default = column.default.as_ref().filter(|default| **default != Value::Null);
    let what = format!("column {} added", shape::column(&pair.new.name, &column.name));
    let mut step = Step::new(StepKind::ColumnAdded, Verdict::Safe, column.line, what);
    let add = Alteration::AddColumn(table::column(column));
    step = step.run(Phase::AddColumns, alter(dbid, &pair.new.name, add));
    match default {
        Some(default) => {
            step = step.note(format!("rows that are there get {}", shape::value(default)));
        }
        None if !column.nullable => {
            let (one, many) = ("row would have no value", "rows would have no value");
            step = step.ask(Some(probe::rows(dbid, table, None, one, many)));
        }
        None => {}
    }
    column.checks.iter().fold(step, |step, it| check::with(step, pair, column, it))
}

fn retyped(pair: &Pair<'_>, old: &TableColumn, new: &TableColumn) -> Option<Step> {
    if old.ty == new.ty {
        return None;
    }
    let dbid = pair.schemas.dbid;
    let what = format!("type of {}: `{}` to `{}`", shape::column(&pair.new.name, &new.name), old.ty, new.ty);
    let step = |verdict| Step::new(StepKind::TypeChanged, verdict, new.line, what);
    let step = match conversion(&probe::column(&old.name), &old.ty, &new.ty) {
        Conversion::Widening => step(Verdict::Safe),
        Conversion::Lossless => step(Verdict::Breaking),
        Conversion::Unless(lost) => {
            let says = (format!("value is no `{}`", new.ty), format!("values are no `{}`", new.ty));
            let probe = probe::rows(dbid, &pair.old.name, Some(lost), &says.0, &says.1);
            step(Verdict::Breaking).ask(Some(probe))
        }
        Conversion::Impossible => {
            let help = "add a column under a new name, fill it with an action, and drop this one later";
            return Some(step(Verdict::Refused).note("there is no such conversion").help(help));
        }
    };
    let ty = cast_type(&new.ty);
    let using = Expr::Cast(Box::new(Expr::Output(ident(&new.name))), ty.clone());
    let step = match old.default {
        Some(_) => {
            let drop = Alteration::DropDefault(ident(&new.name));
            step.run(Phase::DropDefaults, alter(dbid, &pair.new.name, drop))
        }
        None => step,
    };
    let change = Alteration::Type { column: ident(&new.name), ty, using };
    let step = step.run(Phase::ChangeTypes, alter(dbid, &pair.new.name, change));
    let set = new.default.as_ref().map(|value| alter(dbid, &pair.new.name, set_default(new, value)));
    Some(set.into_iter().fold(step, |step, sql| step.run(Phase::SetDefaults, sql)))
}

fn set_default(column: &TableColumn, value: &Value) -> Alteration {
    Alteration::SetDefault { column: ident(&column.name), value: table::value(value) }
}

fn nullable(pair: &Pair<'_>, old: &TableColumn, new: &TableColumn) -> Option<Step> {
    let (dbid, column) = (pair.schemas.dbid, shape::column(&pair.new.name, &new.name));
    let alter = |alteration| alter(dbid, &pair.new.name, alteration);
    match (old.nullable, new.nullable) {
        (true, false) => {
            let missing = Some(is(probe::column(&old.name), "NULL"));
            let probe = probe::rows(dbid, &pair.old.name, missing, "row has no value", "rows have no value");
            let what = format!("{column} must not be null any more");
            let step = Step::new(StepKind::NullForbidden, Verdict::Breaking, new.line, what);
            let sql = alter(Alteration::SetNotNull(ident(&new.name)));
            let online = online::not_null(pair, old, new);
            Some(step.ask(Some(probe)).run_or(Phase::SetNullability, sql, online))
        }
        (false, true) => {
            let step =
                Step::new(StepKind::NullAllowed, Verdict::Safe, new.line, format!("{column} may be null"));
            Some(step.run(Phase::SetNullability, alter(Alteration::DropNotNull(ident(&new.name)))))
        }
        _ => None,
    }
}

fn default(pair: &Pair<'_>, old: &TableColumn, new: &TableColumn) -> Option<Step> {
    let given = |column: &TableColumn| column.default.clone().filter(|default| *default != Value::Null);
    let (was, is) = (given(old), given(new));
    // A column whose type changes gets its default with its type.
    if was == is {
        return None;
    }
    let shown = |value: &Option<Value>| match value {
        Some(value) => format!("`{}`", shape::value(value)),
        None => "none".to_owned(),
    };
    let column = shape::column(&pair.new.name, &new.name);
    let what = format!("default of {column}: {} to {}", shown(&was), shown(&is));
    let step = Step::new(StepKind::DefaultChanged, Verdict::Safe, new.line, what);
    if old.ty != new.ty {
        return Some(step);
    }
    let alteration = match &is {
        Some(value) => set_default(new, value),
        None => Alteration::DropDefault(ident(&new.name)),
    };
    Some(step.run(Phase::SetDefaults, alter(pair.schemas.dbid, &pair.new.name, alteration)))
}
