use super::lineage::Lineage;
use super::pair::Schemas;
use super::sql::{create, drop_tables};
use super::step::{Phase, Step, StepKind, Verdict};
use super::{column, foreign_key, index, key, probe, rename};
use crate::interface::{Dbid, Table};
use crate::language::Name;
use crate::lower::table;
use crate::pg::{Change, Ident, Item, print};

/// What turns the tables `old` of a dataset into `new`, whose `lineage` says what was what.
pub fn tables(dbid: &Dbid, old: &[Table], new: &[Table], lineage: &Lineage) -> Vec<Step> {
    let schemas = Schemas { dbid, old, new, lineage };
    let mut steps = gone(&schemas);
    steps.extend(new.iter().filter(|table| schemas.old_of(table).is_none()).map(|table| made(dbid, table)));
    for pair in schemas.pairs() {
        steps.extend(rename::table(&pair));
        steps.extend(column::steps(&pair));
        steps.extend(key::steps(&pair));
        steps.extend(index::steps(&pair));
        steps.extend(foreign_key::steps(&pair));
    }
    steps.extend(rename::steps(&schemas));
    steps
}

/// A dataset's schema and its first tables.
pub fn created(dbid: &Dbid, tables: &[Table]) -> Vec<Step> {
    let schema = Ident::new(dbid.pg_schema());
    let what = format!("PostgreSQL schema `{}` created", schema.as_str());
    let sql = create(Item::Schema(crate::pg::Schema { name: schema }));
    let first = Step::new(StepKind::SchemaCreated, Verdict::Safe, 1, what).run(Phase::CreateSchema, sql);
    std::iter::once(first).chain(tables.iter().map(|table| made(dbid, table))).collect()
}

/// All tables of a dataset and its schema go.
pub fn dropped(dbid: &Dbid, tables: &[Name]) -> Vec<Step> {
    let mut sql = Some(drop_tables(dbid, tables)).filter(|_| !tables.is_empty());
    let mut steps: Vec<Step> = tables.iter().map(|table| without(dbid, table, &mut sql)).collect();
    let schema = Ident::new(dbid.pg_schema());
    let what = format!("PostgreSQL schema `{}` dropped", schema.as_str());
    let sql = print::change(&Change::DropSchema(schema));
    steps.push(Step::new(StepKind::SchemaDropped, Verdict::Breaking, 0, what).run(Phase::DropSchema, sql));
    steps
}

/// A new table with everything of it.
fn made(dbid: &Dbid, it: &Table) -> Step {
    let step =
        Step::new(StepKind::TableCreated, Verdict::Safe, it.line, format!("table `{}` created", it.name));
    let mut step = step.run(Phase::CreateTables, create(Item::Table(table::table(dbid, it))));
    for index in &it.indexes {
        step = step.run(Phase::CreateIndexes, create(Item::Index(table::index(dbid, &it.name, index))));
    }
    for key in &it.foreign_keys {
        let made = table::foreign_key(dbid, &it.name, key);
        step = step.run(Phase::AddForeignKeys, create(Item::ForeignKey(made)));
    }
    step
}

/// Tables that go.
fn gone(schemas: &Schemas<'_>) -> Vec<Step> {
    let gone: Vec<&Table> = schemas.old.iter().filter(|table| schemas.new_of(table).is_none()).collect();
    let names: Vec<Name> = gone.iter().map(|table| table.name.clone()).collect();
    let mut sql = Some(drop_tables(schemas.dbid, &names)).filter(|_| !gone.is_empty());
    let step = |table: &&Table| {
        let step = without(schemas.dbid, &table.name, &mut sql);
        match schemas.new.iter().find(|new| is_alike(schemas, table, new)) {
            Some(new) => step.help(format!(
                "to keep its rows under the new name, write `table {} @renamed_from({})`",
                new.name, table.name
            )),
            None => step,
        }
    };
    gone.iter().map(step).collect()
}

/// A table that goes. One statement drops them all, because they may refer to each other; it is the first one's.
fn without(dbid: &Dbid, table: &Name, sql: &mut Option<String>) -> Step {
    let told = probe::tell(dbid, table, None, "row is in it", "rows are in it");
    let what = format!("table `{table}` dropped");
    let step = Step::new(StepKind::TableDropped, Verdict::Destructive, 0, what).ask(Some(told));
    sql.take().into_iter().fold(step, |step, sql| step.run(Phase::DropTables, sql))
}

/// True if a new table has the columns of an old one.
fn is_alike(schemas: &Schemas<'_>, old: &Table, new: &Table) -> bool {
    let columns =
        |table: &Table| table.columns.iter().map(|it| (it.name.clone(), it.ty.clone())).collect::<Vec<_>>();
    schemas.old_of(new).is_none() && columns(old) == columns(new)
}
