use super::expression::{expression, restricted};
use super::layout::Doc;
use super::query::names;
use crate::pg::{
    Check, Column, ForeignKey, Grant, Grantee, Ident, Index, QualifiedName, Readers, ReferentialAction,
    Schema, Table, Type,
};

/// CREATE SCHEMA, and the right to look into it.
pub(super) fn schema(schema: &Schema) -> Doc {
    let Schema { name } = schema;
    Doc::from(format!("CREATE SCHEMA {name};"))
        + Doc::Hard
        + format!("GRANT USAGE ON SCHEMA {name} TO kf_public, kf_oracle;")
}

/// CREATE TABLE, an entry a line.
pub(super) fn table(table: &Table) -> Doc {
    let Table { name, columns, primary_key: (key, key_columns), unique, checks } = table;
    let mut entries: Vec<Doc> = columns.iter().map(column).collect();
    entries.push(constraint(key, "PRIMARY KEY ", names(key_columns)));
    entries.extend(unique.iter().map(|(name, columns)| constraint(name, "UNIQUE ", names(columns))));
    entries.extend(
        checks.iter().map(|Check { name, condition }| {
            constraint(name, "CHECK ", expression(condition).parenthesised())
        }),
    );
    let entries = Doc::join(entries, &(Doc::from(",") + Doc::Hard));
    Doc::from(format!("CREATE TABLE {name} (")) + (Doc::Hard + entries).nest() + Doc::Hard + ");"
}

pub(super) fn constraint(name: &Ident, words: &'static str, what: Doc) -> Doc {
    Doc::from(format!("CONSTRAINT {name} ")) + words + what
}

pub(super) fn column(column: &Column) -> Doc {
    let Column { name, ty, not_null, default } = column;
    let mut doc = Doc::from(format!("{name} {ty}"));
    if is_text(ty) {
        doc = doc + " COLLATE \"C\"";
    }
    if let Some(default) = default {
        doc = doc + " DEFAULT " + restricted(default);
    }
    doc + if *not_null { " NOT NULL" } else { "" }
}

pub(super) fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Text => true,
        Type::Array(element) => is_text(element),
        _ => false,
    }
}

/// CREATE INDEX
pub(super) fn index(index: &Index) -> Doc {
    index_with(index, "INDEX")
}

/// CREATE INDEX CONCURRENTLY
pub(super) fn build_index(index: &Index) -> Doc {
    index_with(index, "INDEX CONCURRENTLY")
}

fn index_with(index: &Index, words: &str) -> Doc {
    let Index { name, table, columns, unique } = index;
    let words = format!("{} {words}", if *unique { "CREATE UNIQUE" } else { "CREATE" });
    (Doc::from(format!("{words} {name} ON {table} ")) + names(columns) + ";").group()
}

/// ALTER TABLE .. ADD CONSTRAINT .. FOREIGN KEY
pub(super) fn foreign_key(key: &ForeignKey) -> Doc {
    let head =
        Doc::from(format!("ALTER TABLE {}", key.table)) + nested(format!("ADD CONSTRAINT {}", key.name));
    (head + (Doc::Line + references(key)).nest() + ";").group()
}

/// FOREIGN KEY (..) REFERENCES ..
pub(super) fn references(key: &ForeignKey) -> Doc {
    let ForeignKey { name: _, table: _, columns, parent, parent_columns, on_delete, on_update } = key;
    let mut doc = Doc::from("FOREIGN KEY ") + names(columns);
    doc = doc + Doc::Line + format!("REFERENCES {parent} ") + names(parent_columns);
    for (words, action) in [("ON DELETE ", on_delete), ("ON UPDATE ", on_update)] {
        if let Some(action) = action {
            doc = doc + Doc::Line + words + referential(*action);
        }
    }
    doc
}

fn nested(text: String) -> Doc {
    (Doc::Line + text).nest()
}

fn referential(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    }
}

/// ALTER FUNCTION .. OWNER TO; PostgreSQL asks of the new owner that it may create in the schema, if only for now.
pub(super) fn readers(readers: &Readers) -> Doc {
    let Readers { schema, tables, functions } = readers;
    let mut lines = vec![format!("GRANT USAGE, CREATE ON SCHEMA {schema} TO kf_reader;")];
    lines.extend(functions.iter().map(|(name, arguments)| {
        format!("ALTER FUNCTION {} OWNER TO kf_reader;", function_identity(name, arguments.iter()))
    }));
    lines.push(format!("REVOKE CREATE ON SCHEMA {schema} FROM kf_reader;"));
    let mut lines: Vec<Doc> = lines.into_iter().map(Doc::from).collect();
    if !tables.is_empty() {
        let tables = Doc::list(tables.iter().map(|table| table.to_string().into()));
        lines.push((Doc::from("GRANT SELECT ON ") + tables.nest() + " TO kf_reader;").group());
    }
    Doc::join(lines, &Doc::Hard)
}

/// GRANT EXECUTE
pub(super) fn grant(grant: &Grant) -> Doc {
    let Grant { function, arguments, to } = grant;
    let role = match to {
        Grantee::Public => "kf_public",
        Grantee::Oracle => "kf_oracle",
    };
    let types = Doc::list(arguments.iter().map(|ty| bare_type(ty).into()));
    Doc::from(format!("GRANT EXECUTE ON FUNCTION {function}")) + types.parenthesised() + " TO " + role + ";"
}

/// `"schema"."f"(kf.ctx, text)`
pub(super) fn function_identity<'t>(
    name: &QualifiedName,
    arguments: impl Iterator<Item = &'t Type>,
) -> String {
    let types: Vec<String> = arguments.map(bare_type).collect();
    format!("{name}({})", types.join(", "))
}

/// A type as it identifies a function: without precision, which PostgreSQL does not keep for parameters.
fn bare_type(ty: &Type) -> String {
    match ty {
        Type::Numeric(Some(_)) => Type::Numeric(None).to_string(),
        Type::Array(element) => format!("{}[]", bare_type(element)),
        other => other.to_string(),
    }
}
