//! Tables that are known by their SQL alone: packages that were not made by the compiler, and datasets whose recorded
//! SQL no data accounts for. What is new is made, indexes and foreign keys are replaced, and a table stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use super::registry::{Dataset, Recorded};
use crate::interface::{Package, Statement, StatementKind};
use crate::migrate::{Phase, Step, StepKind, Verdict};
use crate::pg::print;
use crate::pg::{Change, Ident, QualifiedName};

/// Everything is made.
pub fn created(package: &Package) -> Vec<Step> {
    package.statements.iter().filter_map(made).collect()
}

/// The differences between what was run and what the package would run.
pub fn changed(package: &Package, dataset: &Dataset, dropped_foreign_keys: &mut Vec<String>) -> Vec<Step> {
    let key = |kind: StatementKind, name: &str| (kind, name.to_owned());
    let old: BTreeMap<_, &Recorded> =
        dataset.statements.iter().map(|it| (key(it.kind, &it.name), it)).collect();
    let new: BTreeSet<_> = package.statements.iter().map(|it| key(it.kind, &it.name)).collect();
    let mut steps = Vec::new();
    for statement in &package.statements {
        match old.get(&key(statement.kind, &statement.name)) {
            Some(known) if known.sql == statement.sql => {}
            Some(_) if matches!(statement.kind, StatementKind::Table | StatementKind::Schema) => {
                steps.push(unknown(format!("{} would change", shown(statement.kind, &statement.name))));
            }
            Some(known) => {
                steps.extend(gone(package, known, dropped_foreign_keys));
                steps.extend(made(statement));
            }
            None => steps.extend(made(statement)),
        }
    }
    for (_, known) in old.iter().filter(|(key, _)| !new.contains(*key)) {
        steps.extend(gone(package, known, dropped_foreign_keys));
    }
    steps
}

fn made(statement: &Statement) -> Option<Step> {
    let (kind, phase) = match statement.kind {
        StatementKind::Schema => (StepKind::SchemaCreated, Phase::CreateSchema),
        StatementKind::Table => (StepKind::TableCreated, Phase::CreateTables),
        StatementKind::Index => (StepKind::IndexAdded, Phase::CreateIndexes),
        StatementKind::ForeignKey => (StepKind::ForeignKeyAdded, Phase::AddForeignKeys),
        StatementKind::Function
        | StatementKind::Owner
        | StatementKind::Grant
        | StatementKind::ApiSchema
        | StatementKind::ApiFunction => return None,
    };
    let what = format!("{} created", shown(statement.kind, &statement.name));
    Some(Step::new(kind, Verdict::Safe, 0, what).run(phase, statement.sql.clone()))
}

fn gone(package: &Package, known: &Recorded, dropped_foreign_keys: &mut Vec<String>) -> Option<Step> {
    let what = format!("{} dropped", shown(known.kind, &known.name));
    match known.kind {
        StatementKind::Table => Some(unknown(format!("`{}` would be dropped", known.name))),
        StatementKind::Index => {
            let schema = Ident::new(package.interface.dbid.pg_schema());
            let index = QualifiedName { schema, name: Ident::new(&known.name) };
            let step = Step::new(StepKind::IndexDropped, Verdict::Safe, 0, what);
            Some(step.run(Phase::DropConstraints, print::change(&Change::DropIndex(index))))
        }
        StatementKind::ForeignKey => {
            dropped_foreign_keys.push(known.name.clone());
            Some(Step::new(StepKind::ForeignKeyDropped, Verdict::Safe, 0, what))
        }
        StatementKind::Schema
        | StatementKind::Function
        | StatementKind::Owner
        | StatementKind::Grant
        | StatementKind::ApiSchema
        | StatementKind::ApiFunction => None,
    }
}

fn unknown(what: String) -> Step {
    let note = "its columns are not recorded as data, so that nothing can be said about what it would become";
    let help = "add a table under a new name, and an action that copies the rows";
    Step::new(StepKind::TablesUnknown, Verdict::Refused, 0, what).note(note).help(help)
}

fn shown(kind: StatementKind, name: &str) -> String {
    let word = match kind {
        StatementKind::Schema => "PostgreSQL schema",
        StatementKind::Table => "table",
        StatementKind::Index => "index",
        StatementKind::ForeignKey => "foreign key",
        StatementKind::Function | StatementKind::Owner | StatementKind::Grant => "action",
        StatementKind::ApiSchema => "API schema",
        StatementKind::ApiFunction => "API function",
    };
    format!("{word} `{name}`")
}
