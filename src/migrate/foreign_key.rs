use std::collections::BTreeSet;

use super::pair::Pair;
use super::sql::{alter, drop_constraint, validate};
use super::step::{Phase, Step, StepKind, Verdict};
use super::{index, key, online, probe, shape};
use crate::interface::{OnChange, TableForeignKey};
use crate::language::Name;
use crate::lower::table;
use crate::pg::Alteration;

/// What becomes of the foreign keys of a table that stays.
pub(super) fn steps(pair: &Pair<'_>) -> Vec<Step> {
    let matched = matched(pair);
    let mut steps = Vec::new();
    for key in &pair.new.foreign_keys {
        match matched.iter().find(|(_, to)| to.name == key.name) {
            None => steps.push(added(pair, key)),
            Some((from, _)) => steps.extend(changed(pair, from, key)),
        }
    }
    for key in
        pair.old.foreign_keys.iter().filter(|key| !matched.iter().any(|(from, _)| from.name == key.name))
    {
        let what = format!("foreign key {} dropped", shape::foreign_key(&pair.old.name, key));
        let step = Step::new(StepKind::ForeignKeyDropped, Verdict::Safe, pair.new.line, what);
        steps.push(without(step, pair, key));
    }
    steps
}

/// The foreign keys from the same columns to the same columns, in both versions.
fn matched<'a>(pair: &Pair<'a>) -> Vec<(&'a TableForeignKey, &'a TableForeignKey)> {
    let mut left: Vec<&TableForeignKey> = pair.old.foreign_keys.iter().collect();
    let mut matched = Vec::new();
    for key in &pair.new.foreign_keys {
        if let Some(at) = left.iter().position(|old| target(pair, old).is_some_and(|it| it == ends(key))) {
            matched.push((left.remove(at), key));
        }
    }
    matched
}

/// The foreign keys that stay untouched.
pub(super) fn kept<'a>(pair: &Pair<'a>) -> Vec<(&'a TableForeignKey, &'a TableForeignKey)> {
    let matched = matched(pair).into_iter();
    matched.filter(|(from, to)| changes(from) == changes(to) && !is_rebuilt(pair, from, to)).collect()
}

type Ends = (Vec<Name>, Name, Vec<Name>);

fn ends(key: &TableForeignKey) -> Ends {
    (key.columns.clone(), key.parent.clone(), key.parent_columns.clone())
}

/// What an old key says, in new names.
fn target(pair: &Pair<'_>, key: &TableForeignKey) -> Option<Ends> {
    let parent = pair.schemas.pair_of_old(&key.parent)?;
    Some((pair.renamed(&key.columns)?, parent.new.name.clone(), parent.renamed(&key.parent_columns)?))
}

/// What happens to children, the default spelt out.
fn changes(key: &TableForeignKey) -> [OnChange; 2] {
    [key.on_delete, key.on_update].map(|change| change.unwrap_or(OnChange::NoAction))
}

fn added(pair: &Pair<'_>, key: &TableForeignKey) -> Step {
    let is_new = |name: &Name| pair.new.column(name).is_some_and(|column| pair.old_of(column).is_none());
    let verdict = if key.columns.iter().any(is_new) { Verdict::Safe } else { Verdict::Breaking };
    let what = format!("foreign key {} added", shape::foreign_key(&pair.new.name, key));
    let parent = pair.schemas.pair_of_new(&key.parent);
    let probe = probe::orphans(pair, &key.columns, parent.as_ref(), &key.parent_columns);
    with(Step::new(StepKind::ForeignKeyAdded, verdict, key.line, what).ask(probe), pair, key)
}

fn changed(pair: &Pair<'_>, from: &TableForeignKey, to: &TableForeignKey) -> Option<Step> {
    let shown = shape::foreign_key(&pair.new.name, to);
    let step = if changes(from) != changes(to) {
        let (was, is) = (shape::on_change(from), shape::on_change(to));
        let what = format!("foreign key {shown}: {was} to {is}");
        Step::new(StepKind::ForeignKeyChanged, Verdict::Breaking, to.line, what)
    } else if is_rebuilt(pair, from, to) {
        let what = format!("foreign key {shown} checked anew, because a column or a key it rests on changes");
        Step::new(StepKind::ForeignKeyRebuilt, Verdict::Safe, to.line, what)
    } else {
        return None;
    };
    Some(with(without(step, pair, from), pair, to))
}

/// True if a key has to be made anew although it says the same: a type changes, or the parent's key is another.
fn is_rebuilt(pair: &Pair<'_>, from: &TableForeignKey, to: &TableForeignKey) -> bool {
    let Some(parent) = pair.schemas.pair_of_new(&to.parent) else { return true };
    let retyped = |pair: &Pair<'_>, names: &[Name]| {
        let mut columns = pair.columns().filter(|(_, new)| names.contains(&new.name));
        columns.any(|(old, new)| old.ty != new.ty)
    };
    retyped(pair, &to.columns)
        || retyped(&parent, &to.parent_columns)
        || loses_key(&parent, &from.parent_columns)
}

/// True if something that makes `columns` of the old table unique is dropped.
fn loses_key(pair: &Pair<'_>, columns: &[Name]) -> bool {
    let set = |columns: &[Name]| columns.iter().cloned().collect::<BTreeSet<Name>>();
    let wanted = set(columns);
    let primary = !key::keeps_primary_key(pair) && set(&pair.old.primary_key.columns) == wanted;
    let (uniques, indexes) = (key::kept(pair), index::kept(pair));
    let unique = pair.old.uniques.iter().filter(|key| !uniques.iter().any(|(from, _)| from.name == key.name));
    let lookup = pair.old.indexes.iter().filter(|it| !indexes.iter().any(|(from, _)| from.name == it.name));
    primary
        || unique.map(|key| set(&key.columns)).any(|it| it == wanted)
        || lookup.filter(|index| index.unique).map(|index| set(&index.columns)).any(|it| it == wanted)
}

fn without(step: Step, pair: &Pair<'_>, key: &TableForeignKey) -> Step {
    step.run(Phase::DropForeignKeys, drop_constraint(pair.schemas.dbid, &pair.old.name, &key.name))
}

fn with(step: Step, pair: &Pair<'_>, key: &TableForeignKey) -> Step {
    let (dbid, name) = (pair.schemas.dbid, &pair.new.name);
    let made = table::foreign_key(dbid, name, key);
    let add = alter(dbid, name, Alteration::AddForeignKey(made));
    let online = Some(online::validated(pair, &key.name));
    let step = step.run(Phase::AddForeignKeys, add);
    step.run_or(Phase::Validate, validate(dbid, name, &key.name), online)
}
