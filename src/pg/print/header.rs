//! Functions that somebody else has to create: what they are looked for by, and what is said if they are not there.

use super::ddl::function_identity;
use crate::pg::{Header, Parameter, Result};

/// `"math"."divide"(text, numeric)`
pub fn identity(header: &Header) -> String {
    let Header { name, parameters, result: _, is_view: _ } = header;
    function_identity(name, parameters.iter().map(|parameter| &parameter.ty))
}

/// `CREATE FUNCTION "math"."divide"("round" text, "a" numeric) RETURNS numeric STABLE ..`
pub fn create(header: &Header) -> String {
    let Header { name, parameters, result, is_view } = header;
    let mut listed: Vec<String> = parameters.iter().map(typed).collect();
    let returns = match result {
        Result::Void => " RETURNS void".to_owned(),
        Result::Value(ty) => format!(" RETURNS {ty}"),
        Result::Set(ty) => format!(" RETURNS SETOF {ty}"),
        Result::Table(columns) => {
            let columns: Vec<String> = columns.iter().map(typed).collect();
            format!(" RETURNS TABLE ({})", columns.join(", "))
        }
        Result::Row(columns) => {
            listed.extend(columns.iter().map(|column| format!("OUT {}", typed(column))));
            String::new()
        }
    };
    let volatility = if *is_view { " STABLE" } else { "" };
    format!("CREATE FUNCTION {name}({}){returns}{volatility} ..", listed.join(", "))
}

/// `ALTER FUNCTION "math"."divide"(text, numeric) STABLE`
pub fn alter_stable(header: &Header) -> String {
    format!("ALTER FUNCTION {} STABLE", identity(header))
}

/// The role that calls it where there are several. `kf_owner` may do what `kf_reader` may, so that other actions can call it too.
pub fn caller(header: &Header) -> &'static str {
    if header.is_view { "kf_reader" } else { "kf_owner" }
}

/// `GRANT EXECUTE ON FUNCTION "math"."divide"(text, numeric) TO kf_reader`; `role` is quoted if it has to be.
pub fn grant_execute(header: &Header, role: &str) -> String {
    format!("GRANT EXECUTE ON FUNCTION {} TO {role}", identity(header))
}

/// `GRANT USAGE ON SCHEMA "math" TO kf_reader`; `role` is quoted if it has to be.
pub fn grant_usage(header: &Header, role: &str) -> String {
    format!("GRANT USAGE ON SCHEMA {} TO {role}", header.name.schema)
}

fn typed(Parameter { name, ty }: &Parameter) -> String {
    format!("{name} {ty}")
}
