//! Which tables a dataset has, as far as that is certain: data that makes the very statements that were run.

use super::registry::Dataset;
use crate::interface::{Dbid, Options, Package, StatementKind, Table};
use crate::lower;
use crate::pg::print;
use crate::source::{Sources, roomy};

/// True if the tables of a package are all its statements are about.
pub fn is_told(package: &Package) -> bool {
    let statements = package.statements.iter().map(|it| (it.kind, it.sql.as_str()));
    makes(&package.interface.dbid, &package.tables, statements)
}

/// The tables of a deployed dataset: those recorded, else, where an older `kf` deployed it, those its source declares.
pub fn tables(dataset: &Dataset) -> Option<Vec<Table>> {
    let statements = || dataset.statements.iter().map(|it| (it.kind, it.sql.as_str()));
    let tables = dataset.tables.clone().or_else(|| declared(dataset))?;
    makes(&dataset.interface.dbid, &tables, statements()).then_some(tables)
}

/// The tables a source declares. They rest on nothing it imports, so its imports may be missing.
fn declared(dataset: &Dataset) -> Option<Vec<Table>> {
    let mut sources = Sources::new();
    sources.add(dataset.path.clone(), dataset.source.clone());
    let options = Options { owner: dataset.owner.clone(), profile: dataset.profile, ..Options::default() };
    let checked = crate::check(&sources, &options);
    let schema = checked.program()?.schema(&dataset.interface.dbid)?;
    Some(roomy(|| lower::tables(schema)))
}

/// True if `tables` are what the statements make.
fn makes<'s>(
    dbid: &Dbid,
    tables: &[Table],
    statements: impl Iterator<Item = (StatementKind, &'s str)>,
) -> bool {
    let about_tables =
        |kind| matches!(kind, StatementKind::Table | StatementKind::Index | StatementKind::ForeignKey);
    let mut run: Vec<&str> = statements.filter(|(kind, _)| about_tables(*kind)).map(|(_, sql)| sql).collect();
    let mut made: Vec<String> =
        lower::table::items(dbid, tables).iter().map(|item| print::item(item).text).collect();
    run.sort_unstable();
    made.sort_unstable();
    run == made
}
