//! Functions for gateways. Each is several statements that belong together.

use super::Printed;
use super::ddl::{self, function_identity};
use super::layout::{Doc, render};
use super::{literal, plpgsql};
use crate::pg::{Ident, RowType, SharedSchema, Wrapper};

/// CREATE SCHEMA, and the right to look into it.
pub(super) fn schema(schema: &SharedSchema) -> Doc {
    let SharedSchema { name, roles } = schema;
    let create = Doc::from(format!("CREATE SCHEMA IF NOT EXISTS {name};"));
    match roles.as_slice() {
        [] => create,
        roles => create + Doc::Hard + format!("GRANT USAGE ON SCHEMA {name} TO {};", listed(roles)),
    }
}

/// CREATE TYPE, CREATE FUNCTION, COMMENT, OWNER and GRANT.
pub(super) fn function(wrapper: &Wrapper) -> Printed {
    let Wrapper { rows, function, defaults, is_view, comment, roles } = wrapper;
    let types = function.parameters.iter().map(|parameter| &parameter.ty);
    let identity = function_identity(&function.name, types);
    let made = plpgsql::function_with(function, defaults);
    let mut parts: Vec<String> = rows.iter().map(|rows| self::rows(rows, roles)).collect();
    parts.push(made.text);
    if let Some(comment) = comment {
        parts.push(format!("COMMENT ON FUNCTION {identity} IS {};", literal::text(comment)));
    }
    if *is_view {
        let schema = &function.name.schema;
        parts.push(format!("GRANT USAGE, CREATE ON SCHEMA {schema} TO kf_reader;"));
        parts.push(format!("ALTER FUNCTION {identity} OWNER TO kf_reader;"));
        parts.push(format!("REVOKE CREATE ON SCHEMA {schema} FROM kf_reader;"));
    }
    if !roles.is_empty() {
        parts.push(format!("GRANT EXECUTE ON FUNCTION {identity} TO {};", listed(roles)));
    }
    Printed { text: parts.join("\n"), object: made.object, lines: Vec::new() }
}

/// `CREATE TYPE "api"."f_row" AS (..);`, or a table that those who may call can ask for its columns.
fn rows(rows: &RowType, roles: &[Ident]) -> String {
    let RowType { name, columns, is_table, is_keyed } = rows;
    let key = columns.first().filter(|_| *is_keyed).map(|first| format!("PRIMARY KEY ({})", first.name));
    let columns = columns.iter().map(ddl::column).chain(key.map(Doc::from));
    let head = if *is_table { format!("CREATE TABLE {name} ") } else { format!("CREATE TYPE {name} AS ") };
    let create = render(&(Doc::from(head) + Doc::list(columns).parenthesised() + ";")).text;
    match (*is_table, roles) {
        (false, _) | (true, []) => create,
        (true, roles) => format!("{create}\nGRANT SELECT ON {name} TO {};", listed(roles)),
    }
}

/// `"anon", "authenticated"`
fn listed(roles: &[Ident]) -> String {
    roles.iter().map(Ident::to_string).collect::<Vec<_>>().join(", ")
}
