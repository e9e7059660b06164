use crate::pg::Ident;

/// `CREATE DATABASE "a" TEMPLATE "b"`
pub fn create_database(name: &Ident, template: Option<&Ident>) -> String {
    let template = template.map_or_else(String::new, |template| format!(" TEMPLATE {template}"));
    format!("CREATE DATABASE {name}{template};")
}

/// `DROP DATABASE IF EXISTS "a" WITH (FORCE)`
pub fn drop_database(name: &Ident) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE);")
}
