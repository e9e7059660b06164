use super::pair::Pair;
use super::sql::{alter, drop_constraint};
use super::step::{Phase, Step, StepKind, Verdict};
use super::{online, probe, shape};
use crate::interface::{Table, TableKey};
use crate::language::Name;
use crate::lower::table;
use crate::pg::Alteration;

/// What becomes of the primary key and the unique constraints of a table that stays.
pub(super) fn steps(pair: &Pair<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = primary_key(pair).into_iter().collect();
    let (old, new) = (&pair.old.uniques, &pair.new.uniques);
    let kept = kept(pair);
    for key in new.iter().filter(|key| !kept.iter().any(|(_, to)| to.name == key.name)) {
        let what = format!("unique {} added", shape::columns(&pair.new.name, &key.columns));
        let add = alter(pair.schemas.dbid, &pair.new.name, Alteration::AddUnique(table::key(key)));
        let step = Step::new(StepKind::UniqueAdded, verdict(pair, &key.columns), line(pair, key), what);
        let step = asked(step, pair, &key.columns);
        steps.push(step.run_or(Phase::AddKeys, add, online::key(pair, key, false)));
    }
    for key in old.iter().filter(|key| !kept.iter().any(|(from, _)| from.name == key.name)) {
        // PostgreSQL drops it with its column.
        if pair.renamed(&key.columns).is_some() {
            let what = format!("unique {} dropped", shape::columns(&pair.old.name, &key.columns));
            let drop = drop_constraint(pair.schemas.dbid, &pair.old.name, &key.name);
            let step = Step::new(StepKind::UniqueDropped, Verdict::Safe, pair.new.line, what);
            steps.push(step.run(Phase::DropConstraints, drop));
        }
    }
    steps
}

/// The unique constraints that stay, in both versions.
pub(super) fn kept<'a>(pair: &Pair<'a>) -> Vec<(&'a TableKey, &'a TableKey)> {
    let mut left: Vec<&TableKey> = pair.old.uniques.iter().collect();
    let mut kept = Vec::new();
    for key in &pair.new.uniques {
        let same = |old: &&TableKey| pair.renamed(&old.columns).is_some_and(|columns| columns == key.columns);
        if let Some(index) = left.iter().position(same) {
            kept.push((left.remove(index), key));
        }
    }
    kept
}

/// True if the primary key stays as it is.
pub(super) fn keeps_primary_key(pair: &Pair<'_>) -> bool {
    pair.renamed(&pair.old.primary_key.columns).is_some_and(|old| old == pair.new.primary_key.columns)
}

fn primary_key(pair: &Pair<'_>) -> Option<Step> {
    if keeps_primary_key(pair) {
        return None;
    }
    let (dbid, columns) = (pair.schemas.dbid, &pair.new.primary_key.columns);
    let was = shape::list(&pair.old.primary_key.columns);
    let what = format!("primary key of `{}`: `({was})` to `({})`", pair.new.name, shape::list(columns));
    let line = columns.first().and_then(|name| pair.new.column(name)).map_or(pair.new.line, |it| it.line);
    let drop = drop_constraint(dbid, &pair.old.name, &pair.old.primary_key.name);
    let key = Alteration::AddPrimaryKey(table::key(&pair.new.primary_key));
    let verdict = if has_key_within(pair, columns) { Verdict::Safe } else { Verdict::Breaking };
    let step = Step::new(StepKind::PrimaryKeyChanged, verdict, line, what);
    let step = asked(step, pair, columns).run(Phase::DropConstraints, drop);
    let online = online::key(pair, &pair.new.primary_key, true);
    Some(step.run_or(Phase::AddKeys, alter(dbid, &pair.new.name, key), online))
}

/// The verdict on a new demand that `columns` are unique. Nobody could fill a new column differently before.
pub(super) fn verdict(pair: &Pair<'_>, columns: &[Name]) -> Verdict {
    let is_new = |name: &Name| pair.new.column(name).is_some_and(|column| pair.old_of(column).is_none());
    let safe = columns.iter().any(is_new) || has_key_within(pair, columns);
    if safe { Verdict::Safe } else { Verdict::Breaking }
}

/// The step with a probe for what would stand twice, if anything could.
pub(super) fn asked(step: Step, pair: &Pair<'_>, columns: &[Name]) -> Step {
    if has_key_within(pair, columns) { step } else { step.ask(probe::duplicates(pair, columns)) }
}

/// True if a part of `columns` was unique before, and still means the same.
fn has_key_within(pair: &Pair<'_>, columns: &[Name]) -> bool {
    let same_type = |name: &Name| {
        let new = pair.new.column(name);
        new.and_then(|new| Some(pair.old_of(new)?.ty == new.ty)).unwrap_or(false)
    };
    let within = |old: &[Name]| {
        let now = pair.renamed(old);
        now.is_some_and(|now| now.iter().all(|name| columns.contains(name) && same_type(name)))
    };
    keys(pair.old).any(within)
}

/// The columns of everything that makes rows unique.
pub(super) fn keys(table: &Table) -> impl Iterator<Item = &[Name]> {
    let indexes = table.indexes.iter().filter(|index| index.unique).map(|index| index.columns.as_slice());
    let constraints = std::iter::once(&table.primary_key).chain(&table.uniques);
    constraints.map(|key| key.columns.as_slice()).chain(indexes)
}

/// The line of a unique constraint's column.
fn line(pair: &Pair<'_>, key: &TableKey) -> u32 {
    let column = key.columns.first().and_then(|name| pair.new.column(name));
    column.map_or(pair.new.line, |column| column.line)
}
