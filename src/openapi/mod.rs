//! Floor 3: what a gateway serves of exposed datasets, as an OpenAPI 3.1 document. A pure function of packages.

mod path;
mod schema;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::interface::{Exposed, Package};

/// One exposed action with its dataset.
struct Operation<'p> {
    package: &'p Package,
    exposed: Exposed<'p>,
}

/// The document of all that `packages` expose, as PostgREST serves it: `/rpc/NAME`, GET and POST for views, POST for
/// actions. `title` names the API. The same packages give the same document.
pub fn document(title: &str, packages: &[Package]) -> Value {
    let mut operations: Vec<Operation<'_>> = packages.iter().flat_map(operations).collect();
    operations.sort_by(|a, b| a.exposed.name.cmp(&b.exposed.name));
    let mut paths = Map::new();
    let mut schemas = Map::new();
    schemas.insert("error".to_owned(), schema::error());
    for operation in &operations {
        paths.insert(format!("/rpc/{}", operation.exposed.name), path::item(operation));
        schemas.extend(path::schemas(operation));
    }
    let tags: BTreeSet<&str> = operations.iter().map(|it| it.package.interface.name.as_str()).collect();
    let tags: Vec<Value> = tags.into_iter().map(|name| json!({ "name": name })).collect();
    json!({
        "openapi": "3.1.0",
        "info": { "title": title, "version": version(&paths, &schemas) },
        "security": [{ "bearer": [] }],
        "tags": tags,
        "paths": paths,
        "components": { "schemas": schemas, "responses": path::responses(), "securitySchemes": schemes() },
    })
}

fn operations(package: &Package) -> Vec<Operation<'_>> {
    let expose = package.manifest.expose.as_ref();
    let exposed = expose.map(|expose| expose.functions(&package.interface)).unwrap_or_default();
    exposed.into_iter().map(|exposed| Operation { package, exposed }).collect()
}

/// Changes with what is described: the beginning of its SHA-256.
fn version(paths: &Map<String, Value>, schemas: &Map<String, Value>) -> String {
    let text = format!("{}{}", Value::Object(paths.clone()), Value::Object(schemas.clone()));
    hex::encode(Sha256::digest(text)).chars().take(12).collect()
}

fn schemes() -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A token the gateway verifies. It names the role to call as, and who calls.",
        },
    })
}
