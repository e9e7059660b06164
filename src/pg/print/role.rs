//! What is printed where a database has one role instead of several.

use crate::pg::{Ident, Schema};

/// `SET LOCAL ROLE "kf_owner"`
pub fn set_role(role: &Ident) -> String {
    format!("SET LOCAL ROLE {role}")
}

/// `CREATE SCHEMA "ds_ens";`, which nobody but its owner may look into.
pub fn private_schema(schema: &Schema) -> String {
    format!("CREATE SCHEMA {};", schema.name)
}
