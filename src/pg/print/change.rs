use super::ddl::{build_index, column, constraint, is_text, references};
use super::expression::{expression, restricted};
use super::layout::Doc;
use super::query::names;
use crate::pg::{Alteration, Change, Check};

/// A change as one statement.
pub(super) fn change(change: &Change) -> Doc {
    match change {
        Change::Table { table, alteration } => {
            let head = Doc::from(format!("ALTER TABLE {table}"));
            (head + (Doc::Line + self::alteration(alteration)).nest() + ";").group()
        }
        Change::DropTables(tables) => {
            let list = Doc::list(tables.iter().map(|table| Doc::from(table.to_string())));
            (Doc::from("DROP TABLE ") + list + ";").group()
        }
        Change::BuildIndex(index) => build_index(index),
        Change::RenameIndex { index, to } => format!("ALTER INDEX {index} RENAME TO {to};").into(),
        Change::DropIndex(index) => format!("DROP INDEX {index};").into(),
        Change::DropSchema(schema) => format!("DROP SCHEMA {schema};").into(),
    }
}

fn alteration(alteration: &Alteration) -> Doc {
    match alteration {
        Alteration::Rename(to) => format!("RENAME TO {to}").into(),
        Alteration::AddColumn(it) => Doc::from("ADD COLUMN ") + column(it),
        Alteration::DropColumn(column) => format!("DROP COLUMN {column}").into(),
        Alteration::RenameColumn { column, to } => format!("RENAME COLUMN {column} TO {to}").into(),
        Alteration::Type { column, ty, using } => {
            let collate = if is_text(ty) { " COLLATE \"C\"" } else { "" };
            let head = Doc::from(format!("ALTER COLUMN {column} TYPE {ty}{collate}"));
            head + Doc::Line + "USING " + expression(using)
        }
        Alteration::SetNotNull(column) => format!("ALTER COLUMN {column} SET NOT NULL").into(),
        Alteration::DropNotNull(column) => format!("ALTER COLUMN {column} DROP NOT NULL").into(),
        Alteration::SetDefault { column, value } => {
            Doc::from(format!("ALTER COLUMN {column} SET DEFAULT ")) + restricted(value)
        }
        Alteration::DropDefault(column) => format!("ALTER COLUMN {column} DROP DEFAULT").into(),
        Alteration::AddPrimaryKey((name, columns)) => {
            Doc::from("ADD ") + constraint(name, "PRIMARY KEY ", names(columns))
        }
        Alteration::AddUnique((name, columns)) => {
            Doc::from("ADD ") + constraint(name, "UNIQUE ", names(columns))
        }
        Alteration::AddKeyUsing { name, primary, index } => {
            let words = if *primary { "PRIMARY KEY" } else { "UNIQUE" };
            format!("ADD CONSTRAINT {name} {words} USING INDEX {index}").into()
        }
        Alteration::AddCheck(Check { name, condition }) => {
            let condition = expression(condition).parenthesised();
            Doc::from("ADD ") + constraint(name, "CHECK ", condition) + " NOT VALID"
        }
        Alteration::AddForeignKey(key) => {
            let head = Doc::from(format!("ADD CONSTRAINT {}", key.name));
            head + (Doc::Line + references(key) + Doc::Line + "NOT VALID").nest()
        }
        Alteration::Validate(name) => format!("VALIDATE CONSTRAINT {name}").into(),
        Alteration::RenameConstraint { constraint, to } => {
            format!("RENAME CONSTRAINT {constraint} TO {to}").into()
        }
        Alteration::DropConstraint(name) => format!("DROP CONSTRAINT {name}").into(),
    }
}
