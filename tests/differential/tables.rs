//! The tables of a program, in the database and in the interpreter.

use kuneiform::deploy::connect::Session;
use kuneiform::hir::{Program, Table};
use kuneiform::language::Type;

use crate::interpreter::Machine;
use crate::interpreter::values::Value;

/// A row as text. An array is a list in JSON.
type Shown = Vec<Option<String>>;

/// One statement that reads every row of every table, with the number of its table.
pub fn reader(program: &Program) -> String {
    let tables = program.schemas.iter().flat_map(|schema| schema.tables.iter().map(move |it| (schema, it)));
    let select = |(number, (schema, table)): (usize, (&kuneiform::hir::Schema, &Table))| {
        let columns: Vec<String> = table.columns.iter().map(column).collect();
        let (schema, name) = (schema.dbid.pg_schema(), &table.name);
        format!("SELECT {number}::int4, ARRAY[{}] FROM \"{schema}\".\"{name}\"", columns.join(", "))
    };
    tables.enumerate().map(select).collect::<Vec<_>>().join(" UNION ALL ")
}

fn column(column: &kuneiform::hir::Column) -> String {
    match column.ty {
        Type::Array(_) => format!("to_json(\"{}\"::text[])::text", column.name),
        _ => format!("\"{}\"::text", column.name),
    }
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Array(all) => {
            let elements: Vec<Option<String>> = all.iter().map(Value::shown).collect();
            Some(serde_json::to_string(&elements).unwrap())
        }
        value => value.shown(),
    }
}

/// The tables whose rows are not those of the interpreter, by key.
pub async fn difference(
    db: &Session,
    reader: &str,
    program: &Program,
    machine: &Machine<'_>,
) -> Option<String> {
    let names = program.schemas.iter().flat_map(|schema| schema.tables.iter().map(move |it| (schema, it)));
    let names: Vec<_> = names.collect();
    let mut found: Vec<Vec<Shown>> = vec![Vec::new(); names.len()];
    for row in db.client.query(reader, &[]).await.unwrap() {
        found[usize::try_from(row.get::<_, i32>(0)).unwrap()].push(row.get(1));
    }
    for ((schema, table), mut found) in names.into_iter().zip(found) {
        let rows = machine.rows_of(schema, table);
        let mut wanted: Vec<Shown> = rows.iter().map(|row| row.iter().map(shown).collect()).collect();
        by_key(table, &mut found);
        by_key(table, &mut wanted);
        if found != wanted {
            let name = &table.name;
            return Some(format!(
                "rows of `{name}` afterwards\n  database    {found:?}\n  interpreter {wanted:?}"
            ));
        }
    }
    None
}

fn by_key(table: &Table, rows: &mut [Shown]) {
    rows.sort_by_key(|row| table.primary_key.iter().map(|column| row[*column].clone()).collect::<Vec<_>>());
}
