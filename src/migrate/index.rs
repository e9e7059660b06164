use super::pair::Pair;
use super::sql::{create, drop_index};
use super::step::{Phase, Step, StepKind, Verdict};
use super::{key, online, shape};
use crate::interface::TableIndex;
use crate::lower::table;
use crate::pg::Item;

/// What becomes of the indexes of a table that stays.
pub(super) fn steps(pair: &Pair<'_>) -> Vec<Step> {
    let (dbid, kept) = (pair.schemas.dbid, kept(pair));
    let mut steps = Vec::new();
    for index in pair.new.indexes.iter().filter(|index| !kept.iter().any(|(_, to)| to.name == index.name)) {
        let what = format!("{} {} added", word(index), shape::columns(&pair.new.name, &index.columns));
        let verdict = if index.unique { key::verdict(pair, &index.columns) } else { Verdict::Safe };
        let step = Step::new(StepKind::IndexAdded, verdict, index.line, what);
        let step = if index.unique { key::asked(step, pair, &index.columns) } else { step };
        let made = create(Item::Index(table::index(dbid, &pair.new.name, index)));
        let online =
            if index.unique { online::unique_index(pair, index) } else { Some(online::lookup(pair, index)) };
        steps.push(step.run_or(Phase::CreateIndexes, made, online));
    }
    for index in pair.old.indexes.iter().filter(|index| !kept.iter().any(|(from, _)| from.name == index.name))
    {
        // PostgreSQL drops it with its column.
        if pair.renamed(&index.columns).is_some() {
            let what = format!("{} {} dropped", word(index), shape::columns(&pair.old.name, &index.columns));
            let step = Step::new(StepKind::IndexDropped, Verdict::Safe, pair.new.line, what);
            steps.push(step.run(Phase::DropConstraints, drop_index(dbid, &index.name)));
        }
    }
    steps
}

fn word(index: &TableIndex) -> &'static str {
    if index.unique { "unique index" } else { "index" }
}

/// The indexes that stay, in both versions.
pub(super) fn kept<'a>(pair: &Pair<'a>) -> Vec<(&'a TableIndex, &'a TableIndex)> {
    let mut left: Vec<&TableIndex> = pair.old.indexes.iter().collect();
    let mut kept = Vec::new();
    for index in &pair.new.indexes {
        let same = |old: &&TableIndex| {
            let columns = pair.renamed(&old.columns);
            old.unique == index.unique && columns.is_some_and(|columns| columns == index.columns)
        };
        if let Some(at) = left.iter().position(same) {
            kept.push((left.remove(at), index));
        }
    }
    kept
}
