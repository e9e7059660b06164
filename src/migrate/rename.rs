//! Tables and columns that stay under other names. Constraints and indexes are named after them, so they are renamed with them.

use std::collections::BTreeSet;

use super::pair::{Pair, Schemas};
use super::sql::{alter, part};
use super::step::{Phase, Step, StepKind, Verdict};
use super::{check, foreign_key, index, key, shape};
use crate::interface::TableColumn;
use crate::language::Name;
use crate::lower::table::ident;
use crate::pg::print;
use crate::pg::{Alteration, Change, Ident, QualifiedName};

/// A table under another name.
pub(super) fn table(pair: &Pair<'_>) -> Option<Step> {
    let (schemas, old, new) = (pair.schemas, &pair.old.name, &pair.new.name);
    if old == new {
        return None;
    }
    let step = |what| Step::new(StepKind::TableRenamed, Verdict::Safe, pair.new.line, what);
    let step = step(format!("table `{old}` renamed to `{new}`"));
    let rename = |from: &Ident, to: &Ident| {
        let table = QualifiedName { schema: Ident::new(schemas.dbid.pg_schema()), name: from.clone() };
        print::change(&Change::Table { table, alteration: Alteration::Rename(to.clone()) })
    };
    let in_the_way = schemas.pairs().any(|it| it.old.name == *new || it.new.name == *old);
    let aside = schemas.old.iter().position(|it| it.name == *old).filter(|_| in_the_way);
    let phases = [Phase::RenameTablesAside, Phase::RenameTables];
    Some(by_way_of(step, aside, phases, [&ident(old), &ident(new)], rename))
}

/// A column under another name.
pub(super) fn column(pair: &Pair<'_>, old: &TableColumn, new: &TableColumn) -> Option<Step> {
    if old.name == new.name {
        return None;
    }
    let what = format!("column {} renamed to `{}`", shape::column(&pair.new.name, &old.name), new.name);
    let step = Step::new(StepKind::ColumnRenamed, Verdict::Safe, new.line, what);
    let rename = |from: &Ident, to: &Ident| {
        let alteration = Alteration::RenameColumn { column: from.clone(), to: to.clone() };
        alter(pair.schemas.dbid, &pair.new.name, alteration)
    };
    let in_the_way = pair.columns().any(|(from, to)| from.name == new.name || to.name == old.name);
    let aside = pair.old.columns.iter().position(|it| it.name == old.name).filter(|_| in_the_way);
    let phases = [Phase::RenameColumnsAside, Phase::RenameColumns];
    Some(by_way_of(step, aside, phases, [&ident(&old.name), &ident(&new.name)], rename))
}

/// One statement, or two where others have to get out of the way first: by way of a name with the index `aside`, which no
/// source can spell and no part has.
fn by_way_of(
    step: Step,
    aside: Option<usize>,
    [first, second]: [Phase; 2],
    [from, to]: [&Ident; 2],
    rename: impl Fn(&Ident, &Ident) -> String,
) -> Step {
    match aside.map(|index| Ident::new(format!("~~{index}"))) {
        None => step.run(second, rename(from, to)),
        Some(aside) => step.run(first, rename(from, &aside)).run(second, rename(&aside, to)),
    }
}

/// One thing that stays under another name.
struct Renamed<'a> {
    pair: Pair<'a>,
    is_index: bool,
    from: &'a str,
    to: &'a str,
}

/// A step for each table some of whose parts get other names.
pub(super) fn steps(schemas: &Schemas<'_>) -> Vec<Step> {
    let all: Vec<Renamed<'_>> = schemas.pairs().flat_map(parts).collect();
    let taken = taken(schemas);
    let wanted: BTreeSet<&str> = all.iter().map(|it| it.to).collect();
    let mut steps: Vec<Step> = Vec::new();
    for pair in schemas.pairs() {
        let own = (0..).zip(&all).filter(|(_, it)| it.pair.new.name == pair.new.name);
        let what = format!("constraints and indexes of `{}` renamed", pair.new.name);
        let step = Step::new(StepKind::PartsRenamed, Verdict::Safe, pair.new.line, what);
        let step = own.fold(step, |step, (number, it)| it.run(step, number, &taken, &wanted));
        steps.extend(Some(step).filter(|step| !step.sql.is_empty()));
    }
    steps
}

/// Names that something has before, or a table has after.
fn taken<'a>(schemas: &Schemas<'a>) -> BTreeSet<&'a str> {
    let mut taken: BTreeSet<&str> = schemas.new.iter().map(|table| table.name.as_str()).collect();
    for table in schemas.old {
        taken.insert(table.name.as_str());
        taken.insert(&table.primary_key.name);
        taken.extend(table.uniques.iter().map(|key| key.name.as_str()));
        taken.extend(table.indexes.iter().map(|index| index.name.as_str()));
        taken.extend(table.foreign_keys.iter().map(|key| key.name.as_str()));
        taken.extend(table.columns.iter().flat_map(|column| &column.checks).map(|check| check.name.as_str()));
    }
    taken
}

fn parts(pair: Pair<'_>) -> Vec<Renamed<'_>> {
    let mut names: Vec<(bool, &str, &str)> = Vec::new();
    if key::keeps_primary_key(&pair) {
        names.push((false, &pair.old.primary_key.name, &pair.new.primary_key.name));
    }
    names.extend(key::kept(&pair).into_iter().map(|(from, to)| (false, &*from.name, &*to.name)));
    names.extend(foreign_key::kept(&pair).into_iter().map(|(from, to)| (false, &*from.name, &*to.name)));
    for (old, new) in pair.columns().filter(|(old, new)| old.ty == new.ty) {
        names.extend(check::kept(old, new).into_iter().map(|(from, to)| (false, &*from.name, &*to.name)));
    }
    names.extend(index::kept(&pair).into_iter().map(|(from, to)| (true, &*from.name, &*to.name)));
    let renamed = names.into_iter().filter(|(_, from, to)| from != to);
    renamed.map(|(is_index, from, to)| Renamed { pair, is_index, from, to }).collect()
}

impl Renamed<'_> {
    /// Straight to its new name if that is free and nothing waits for its old one, else aside first.
    fn run(&self, step: Step, number: usize, taken: &BTreeSet<&str>, wanted: &BTreeSet<&str>) -> Step {
        let (old, new) = (&self.pair.old.name, &self.pair.new.name);
        let is_table = self.pair.schemas.new.iter().any(|table| table.name.as_str() == self.from);
        let in_the_way = is_table || wanted.contains(self.from);
        if !taken.contains(self.to) && !in_the_way {
            return step.run(Phase::RenameParts, self.sql(new, self.from, self.to));
        }
        // No name of ours has a tilde and a number alone.
        let aside = format!("~{number}");
        let step = step.run(Phase::RenameAside, self.sql(old, self.from, &aside));
        step.run(Phase::RenameParts, self.sql(new, &aside, self.to))
    }

    fn sql(&self, table: &Name, from: &str, to: &str) -> String {
        let (dbid, to) = (self.pair.schemas.dbid, Ident::new(to));
        match self.is_index {
            true => print::change(&Change::RenameIndex { index: part(dbid, from), to }),
            false => alter(dbid, table, Alteration::RenameConstraint { constraint: Ident::new(from), to }),
        }
    }
}
