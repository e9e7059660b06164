//! What looks through a whole table, done while others read and write it: before the transaction that switches to the next
//! version where the new functions rely on it, after it where they do not.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::pair::Pair;
use super::sql::{alter, build as build_index, drop_constraint, part, validate};
use crate::interface::{Dbid, Table, TableColumn, TableIndex, TableKey};
use crate::language::Name;
use crate::lower::table::{self, ident, qualified};
use crate::pg::print;
use crate::pg::{self, Alteration, Change, Check, Expr, Ident};

/// What is done instead of a statement where its table is large.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Online {
    /// The table whose size decides, as it is called before.
    pub table: Name,
    /// When the work is done.
    pub when: When,
    /// What is done outside of the transaction.
    pub work: Work,
    /// What the transaction runs in place of the statement.
    pub within: Vec<String>,
}

/// Before or after the transaction that switches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The new functions rely on it.
    Before,
    /// It makes them faster, or holds for old rows what already holds for new ones.
    After,
}

/// What looks through a table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Work {
    /// What is made.
    pub kind: WorkKind,
    /// The index or constraint, as PostgreSQL knows it meanwhile.
    pub name: String,
    /// What adds a constraint first, without looking at any row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
    /// What looks: `CREATE INDEX CONCURRENTLY ..` or `ALTER TABLE .. VALIDATE CONSTRAINT ..`.
    pub sql: String,
}

/// What looks through a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// An index is built.
    Index,
    /// A constraint is validated.
    Constraint,
}

/// Builds the index `name` of one of `tables`, if there is such a one.
pub fn build(dbid: &Dbid, tables: &[Table], name: &str) -> Option<Work> {
    let owned = tables.iter().flat_map(|table| table.indexes.iter().map(move |index| (table, index)));
    let (table, index) = owned.into_iter().find(|(_, index)| index.name == name)?;
    Some(built(table::index(dbid, &table.name, index)))
}

/// Validates a constraint of the table `name`.
pub fn validation(dbid: &Dbid, name: &Name, constraint: &str) -> Work {
    let sql = validate(dbid, name, constraint);
    Work { kind: WorkKind::Constraint, name: constraint.to_owned(), add: None, sql }
}

fn built(index: pg::Index) -> Work {
    let name = index.name.as_str().to_owned();
    Work { kind: WorkKind::Index, name, add: None, sql: build_index(index) }
}

/// A constraint that holds for new rows already is validated after.
pub(super) fn validated(pair: &Pair<'_>, constraint: &str) -> Online {
    let work = validation(pair.schemas.dbid, &pair.new.name, constraint);
    Online { table: pair.old.name.clone(), when: When::After, work, within: Vec::new() }
}

/// An index that only makes queries faster is built after.
pub(super) fn lookup(pair: &Pair<'_>, index: &TableIndex) -> Online {
    let work = built(table::index(pair.schemas.dbid, &pair.new.name, index));
    Online { table: pair.old.name.clone(), when: When::After, work, within: Vec::new() }
}

/// A unique index is there before: order and `ON CONFLICT` rely on it. None if a column of it is made or converted by the
/// transaction itself.
pub(super) fn unique_index(pair: &Pair<'_>, index: &TableIndex) -> Option<Online> {
    let work = unique(pair, &index.columns, &index.name)?;
    let aside = part(pair.schemas.dbid, &work.name);
    let rename = Change::RenameIndex { index: aside, to: Ident::new(&index.name) };
    Some(before(pair, work, vec![print::change(&rename)]))
}

/// The same for a unique constraint or the primary key, which then takes the index as its own.
pub(super) fn key(pair: &Pair<'_>, key: &TableKey, primary: bool) -> Option<Online> {
    let work = unique(pair, &key.columns, &key.name)?;
    let name = Ident::new(&key.name);
    let using = Alteration::AddKeyUsing { name, primary, index: Ident::new(&work.name) };
    Some(before(pair, work, vec![alter(pair.schemas.dbid, &pair.new.name, using)]))
}

/// A check that the column is not null spares `SET NOT NULL` the look through the table.
pub(super) fn not_null(pair: &Pair<'_>, old: &TableColumn, new: &TableColumn) -> Option<Online> {
    if old.ty != new.ty {
        return None;
    }
    let dbid = pair.schemas.dbid;
    let filled = Expr::Is { operand: Box::new(Expr::Output(ident(&old.name))), what: "NOT NULL" };
    let name = aside(&[pair.old.name.as_str(), old.name.as_str(), "not null"]);
    let check = Check { name: Ident::new(&name), condition: filled };
    let add = alter(dbid, &pair.old.name, Alteration::AddCheck(check));
    let work = Work { add: Some(add), ..validation(dbid, &pair.old.name, &name) };
    let set = alter(dbid, &pair.new.name, Alteration::SetNotNull(ident(&new.name)));
    Some(before(pair, work, vec![set, drop_constraint(dbid, &pair.new.name, &name)]))
}

fn before(pair: &Pair<'_>, work: Work, within: Vec<String>) -> Online {
    Online { table: pair.old.name.clone(), when: When::Before, work, within }
}

/// A unique index on the old table under a name aside; `name` is what it is for.
fn unique(pair: &Pair<'_>, columns: &[Name], name: &str) -> Option<Work> {
    let old = columns.iter().map(|column| {
        let new = pair.new.column(column)?;
        pair.old_of(new).filter(|old| old.ty == new.ty)
    });
    let old: Vec<&TableColumn> = old.collect::<Option<_>>()?;
    let columns: Vec<&str> = old.iter().map(|column| column.name.as_str()).collect();
    let name = aside(&[&[pair.old.name.as_str(), name], columns.as_slice()].concat());
    Some(built(pg::Index {
        name: Ident::new(&name),
        table: qualified(pair.schemas.dbid, &pair.old.name),
        columns: old.iter().map(|column| ident(&column.name)).collect(),
        unique: true,
    }))
}

/// A name that no author can spell, the same whenever the same is wanted.
fn aside(words: &[&str]) -> String {
    let mut digits = hex::encode(Sha256::digest(words.join(" ")));
    digits.truncate(16);
    format!("~{digits}")
}
