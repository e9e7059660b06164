//! Every name the compiler makes. None is longer than PostgreSQL keeps, and no two things share one.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::hir::{Schema, Table};
use crate::interface::{Dbid, RowColumn};
use crate::language::Name;
use crate::pg::{Ident, QualifiedName};

/// Characters of the hash in a shortened name.
const HASH_DIGITS: usize = 10;

/// `full`, or its beginning, a `~` and a hash of the whole where it is too long. No source can spell a `~`, so a
/// shortened name never meets one that was not shortened.
fn shortened(full: &str) -> Ident {
    if full.len() <= Ident::MAX_BYTES { Ident::new(full) } else { hashed(full, full) }
}

/// The beginning of `shown`, a `~` and a hash of `identity`.
fn hashed(shown: &str, identity: &str) -> Ident {
    let mut digits = hex::encode(Sha256::digest(identity));
    digits.truncate(HASH_DIGITS);
    let mut end = shown.len().min(Ident::MAX_BYTES - HASH_DIGITS - 1);
    while !shown.is_char_boundary(end) {
        end -= 1;
    }
    Ident::new(format!("{}~{digits}", shown.get(..end).unwrap_or("")))
}

/// The PostgreSQL schema of a dataset: `"ds_ens"`.
pub(super) fn schema(dbid: &Dbid) -> Ident {
    shortened(&dbid.pg_schema())
}

/// `"get_ownership@ens"`: a function's name is its dataset's own, because PostgreSQL keeps one list of all functions
/// of a name, whatever their schemas are, and reads the whole of it.
pub(super) fn function(dbid: &Dbid, action: &Name) -> Ident {
    shortened(&format!("{action}@{dbid}"))
}

/// `"ds_ens"."get_ownership@ens"`
pub(super) fn qualified_function(dbid: &Dbid, action: &Name) -> QualifiedName {
    QualifiedName { schema: schema(dbid), name: function(dbid, action) }
}

/// `"ds_ens"."names"`
pub(super) fn table(dbid: &Dbid, name: &Name) -> QualifiedName {
    QualifiedName { schema: schema(dbid), name: ident(name) }
}

/// A name of the source as it is.
pub(super) fn ident(name: &Name) -> Ident {
    shortened(name.as_str())
}

/// The name of a role, or of a schema, that somebody else chose.
pub(super) fn role(name: &str) -> Ident {
    shortened(name)
}

/// A name as gateways see it.
pub(super) fn exposed(name: &str) -> Ident {
    shortened(name)
}

/// `"$name"`: neither `$` nor `@` can begin a name of the source, so that no column captures a parameter.
pub(super) fn variable(name: &Name) -> Ident {
    shortened(&format!("${name}"))
}

/// The variables of an action's locals, in order. Those of different scopes may share a name: `"$x"`, `"$x#2"`. No name
/// of the source has a `#`.
pub(super) fn variables<'n>(locals: impl Iterator<Item = &'n Name>) -> Vec<Ident> {
    let mut seen: BTreeMap<&Name, usize> = BTreeMap::new();
    let name = |name: &'n Name| {
        let number = seen.entry(name).and_modify(|number| *number += 1).or_insert(1);
        match number {
            1 => variable(name),
            number => shortened(&format!("${name}#{number}")),
        }
    };
    locals.map(name).collect()
}

/// A column of a function's result, which is a variable of the function: tools warn of one that is called like a
/// reserved word, so that `user` becomes `"user$"`. PL/pgSQL's own FOUND would hide `found`.
pub(super) fn result(columns: &[RowColumn]) -> Vec<Ident> {
    let mut taken = Taken::default();
    let is_special = |name: &str| name == "found" || RESERVED.contains(&name);
    let name = |name: &str| if is_special(name) { format!("{name}$") } else { name.to_owned() };
    columns.iter().map(|column| taken.fresh(&name(column.name.as_str()))).collect()
}

/// PostgreSQL's reserved words.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "system_user",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

/// `"@ctx"`, the first parameter of every function.
pub(super) fn context() -> Ident {
    Ident::new("@ctx")
}

/// Something of a table that PostgreSQL names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Part {
    /// Its primary key: `names_pkey`.
    PrimaryKey,
    /// The index at this place of [`Table::indexes`]: `names_wallet_id_idx`, `names_name_key`, or `names_` and the
    /// name its author gave it, because an index shares the namespace of all tables of its schema.
    Index(usize),
    /// The foreign key at this place: `names_wallet_id_fkey`.
    ForeignKey(usize),
    /// The check at this place of a column's checks: `names_length_check1`.
    Check {
        /// Index of the column.
        column: usize,
        /// Index of the check.
        check: usize,
    },
}

/// The names of all parts of a schema's tables.
pub(super) struct Parts(BTreeMap<(usize, Part), Ident>);

impl Parts {
    /// Names every part. Where two would share a name, or one the name of a table, each gets a hash of what it is, so
    /// that a name depends neither on the order of the source nor on what was named first.
    pub(super) fn of(schema: &Schema) -> Parts {
        let all: Vec<_> = schema.tables.iter().enumerate().flat_map(|(at, table)| parts(at, table)).collect();
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        for name in schema.tables.iter().map(|table| table.name.as_str()).chain(all.iter().map(|p| &*p.shown))
        {
            *taken.entry(name).or_default() += 1;
        }
        let is_alone = |shown: &str| taken.get(shown) == Some(&1);
        let name = |part: &Named| match is_alone(&part.shown) {
            true => shortened(&part.shown),
            false => hashed(&part.shown, &part.identity),
        };
        Parts(all.iter().map(|part| ((part.table, part.part), name(part))).collect())
    }

    /// The name of a part of the table at `table` in its schema.
    pub(super) fn get(&self, table: usize, part: Part) -> Ident {
        self.0.get(&(table, part)).cloned().unwrap_or_else(|| hashed("part", &format!("{table} {part:?}")))
    }
}

/// A part with the name it would like and what tells it apart from all others of its schema.
struct Named {
    table: usize,
    part: Part,
    shown: String,
    identity: String,
}

fn parts(at: usize, table: &Table) -> Vec<Named> {
    let columns = |indexes: &[usize]| -> Vec<&str> {
        indexes
            .iter()
            .filter_map(|index| table.columns.get(*index))
            .map(|column| column.name.as_str())
            .collect()
    };
    let of = table.name.as_str();
    let named = |part: Part, columns: &[&str], suffix: &str| {
        let shown = [&[of], columns, &[suffix]].concat().join("_");
        Named { table: at, part, shown, identity: format!("{of}({}) {part:?}", columns.join(",")) }
    };
    let mut all = vec![named(Part::PrimaryKey, &[], "pkey")];
    for (index, it) in table.indexes.iter().enumerate() {
        all.push(match &it.name {
            Some(name) => named(Part::Index(index), &[], name.as_str()),
            None => named(Part::Index(index), &columns(&it.columns), if it.unique { "key" } else { "idx" }),
        });
    }
    for (index, it) in table.foreign_keys.iter().enumerate() {
        all.push(named(Part::ForeignKey(index), &columns(&it.columns), "fkey"));
    }
    for (column, it) in table.columns.iter().enumerate() {
        for check in 0..it.checks.len() {
            let suffix = format!("check{}", check + 1);
            all.push(named(Part::Check { column, check }, &[it.name.as_str()], &suffix));
        }
    }
    all
}

/// Names that are taken in one statement: aliases, or CTEs.
#[derive(Default)]
pub(super) struct Taken(BTreeSet<String>);

impl Taken {
    /// A set in which `names` are taken from the start.
    pub(super) fn with(names: &[&str]) -> Taken {
        Taken(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// `wanted`, or the first of `wanted_2`, `wanted_3`, .. that is free.
    pub(super) fn fresh(&mut self, wanted: &str) -> Ident {
        let mut name = shortened(wanted).as_str().to_owned();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = shortened(&format!("{wanted}_{number}")).as_str().to_owned();
        }
        Ident::new(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interface::Owner;

    #[test]
    fn names_are_short_and_apart() {
        let long = "a".repeat(63);
        let owned = Dbid::owned(&Name::new("ens"), &Owner("0xab".into()));
        let other = Dbid::owned(&Name::new("ens"), &Owner("0xac".into()));
        let actions = [&long[..62], &long, "f", "get_ownership", "get_ownershi"].map(Name::new);
        let mut seen = BTreeSet::new();
        for dbid in [Dbid::network(&Name::new("ens")), Dbid::network(&Name::new("en")), owned, other] {
            for action in &actions {
                let name = function(&dbid, action);
                assert!(name.as_str().len() <= Ident::MAX_BYTES);
                assert!(seen.insert(name.clone()), "{name} twice");
            }
        }
    }

    #[test]
    fn a_short_name_is_readable() {
        let dbid = Dbid::network(&Name::new("ens"));
        assert_eq!(function(&dbid, &Name::new("get_ownership")).as_str(), "get_ownership@ens");
        assert_eq!(schema(&dbid).as_str(), "ds_ens");
        let owned = Dbid::owned(&Name::new("ens"), &Owner("0xab".into()));
        assert!(function(&owned, &Name::new("get_ownership")).as_str().starts_with("get_ownership@x"));
    }

    #[test]
    fn taken_names_are_numbered() {
        let mut taken = Taken::with(&["excluded"]);
        let names =
            ["posts", "posts", "posts_2", "excluded"].map(|name| taken.fresh(name).as_str().to_owned());
        assert_eq!(names, ["posts", "posts_2", "posts_2_2", "excluded_2"]);
        let long = "b".repeat(63);
        let (first, second) = (taken.fresh(&long), taken.fresh(&long));
        assert!(first != second && second.as_str().len() <= Ident::MAX_BYTES);
    }

    /// Tables `a(b_c)`, `a_b(c)` and `a_b_c_idx` would all make or be `a_b_c_idx`.
    #[test]
    fn parts_of_tables_do_not_meet() {
        let text = "database d;
            table a { id int pk, b_c int, #x index(b_c), #b_c_idx unique(b_c) }
            table a_b { id int pk, c int unique, #c_idx index(c), #y index(c) }
            table a_b_c_idx { id int pk, x int min(1) max(2) }";
        let mut sources = crate::Sources::new();
        sources.add("d.kf", text);
        let checked = crate::check(&sources, &crate::Options::default());
        assert!(!checked.has_errors(), "{:?}", checked.diagnostics());
        let schema = &checked.program().unwrap().schemas[0];
        let names: Vec<Ident> = Parts::of(schema).0.into_values().collect();
        let tables = schema.tables.iter().map(|table| ident(&table.name));
        let distinct: BTreeSet<Ident> = names.iter().cloned().chain(tables).collect();
        assert_eq!(distinct.len(), names.len() + schema.tables.len());
        assert!(names.iter().any(|name| name.as_str().starts_with("a_b_c_idx~")), "{names:?}");
        assert!(names.contains(&Ident::new("a_b_pkey")));
    }
}
