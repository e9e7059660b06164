//! One function: its path, its arguments and its answers.

use serde_json::{Map, Value, json};

use super::{Operation, schema};
use crate::interface::{Expose, Parameter, Returns, Rows};
use crate::language::Type;

/// What is at `/rpc/NAME`.
pub fn item(operation: &Operation<'_>) -> Value {
    let mut item = Map::new();
    let is_view = operation.exposed.signature.modifiers.view;
    if is_view {
        let mut get = common(operation, &operation.exposed.name);
        let parameters = &operation.exposed.signature.parameters;
        let parameters: Vec<Value> = parameters.iter().map(|it| in_query(operation, it)).collect();
        get.insert("parameters".to_owned(), json!(parameters));
        item.insert("get".to_owned(), Value::Object(get));
    }
    let id =
        if is_view { format!("{}_post", operation.exposed.name) } else { operation.exposed.name.clone() };
    let mut post = common(operation, &id);
    post.insert("requestBody".to_owned(), body(operation));
    item.insert("post".to_owned(), Value::Object(post));
    Value::Object(item)
}

/// What GET and POST share.
fn common(operation: &Operation<'_>, id: &str) -> Map<String, Value> {
    let mut common = Map::new();
    common.insert("operationId".to_owned(), json!(id));
    common.insert("tags".to_owned(), json!([operation.package.interface.name.as_str()]));
    let manifest = operation.package.manifest.actions.get(operation.exposed.action);
    if let Some(doc) = manifest.and_then(|it| it.doc.as_deref()) {
        let (summary, description) = doc.split_once('\n').unwrap_or((doc, ""));
        common.insert("summary".to_owned(), json!(summary.trim()));
        if !description.trim().is_empty() {
            common.insert("description".to_owned(), json!(description.trim()));
        }
    }
    common.insert("responses".to_owned(), answers(operation));
    common
}

fn answers(operation: &Operation<'_>) -> Value {
    let given = given(operation);
    let mut answers = Map::new();
    let (status, answer) = match given {
        Some(schema) => (
            "200",
            json!({ "description": "what it gives back", "content": { "application/json": { "schema": schema } } }),
        ),
        None => ("204", json!({ "description": "it is done, and gives nothing back" })),
    };
    answers.insert(status.to_owned(), answer);
    for status in ["400", "401", "403", "404"] {
        answers.insert(status.to_owned(), json!({ "$ref": format!("#/components/responses/{status}") }));
    }
    if !operation.exposed.signature.modifiers.view {
        answers.insert("409".to_owned(), json!({ "$ref": "#/components/responses/409" }));
    }
    Value::Object(answers)
}

/// The schema of the answer; none for nothing.
fn given(operation: &Operation<'_>) -> Option<Value> {
    let row = || json!({ "$ref": format!("#/components/schemas/{}_row", operation.exposed.name) });
    match &operation.exposed.signature.returns {
        Returns::Table(_) => Some(json!({ "type": "array", "items": row() })),
        _ if is_rows(operation) => Some(row()),
        other => {
            let only = other.columns().first()?;
            Some(schema::nullable(schema::of(expose(operation), &only.ty), only.nullable))
        }
    }
}

/// True if it gives a row or rows, and not a value or nothing.
fn is_rows(operation: &Operation<'_>) -> bool {
    let returns = &operation.exposed.signature.returns;
    let are_wanted = expose(operation).is_some_and(|it| it.rows != Rows::Type);
    are_wanted || matches!(returns, Returns::Table(_)) || returns.columns().len() > 1
}

/// The rows, where there are any.
pub fn schemas(operation: &Operation<'_>) -> Option<(String, Value)> {
    let returns = &operation.exposed.signature.returns;
    let columns = returns.columns();
    let property = |it: &crate::interface::RowColumn| {
        (it.name.to_string(), schema::nullable(schema::of(expose(operation), &it.ty), it.nullable))
    };
    let mut properties: Map<String, Value> = columns.iter().map(property).collect();
    if properties.is_empty() {
        properties.insert("done".to_owned(), json!({ "type": "boolean" }));
    }
    if expose(operation).is_some_and(|it| it.rows == Rows::Numbered) {
        properties.entry("position").or_insert_with(|| json!({ "type": "integer", "format": "int64" }));
    }
    let required: Vec<&String> = properties.keys().collect();
    let row = json!({ "type": "object", "properties": properties, "required": required });
    is_rows(operation).then(|| (format!("{}_row", operation.exposed.name), row))
}

/// Arguments of a POST: one object.
fn body(operation: &Operation<'_>) -> Value {
    let parameters = &operation.exposed.signature.parameters;
    let property = |it: &Parameter| {
        let mut schema = schema::nullable(schema::of(expose(operation), &it.ty), true);
        if let (Some(default), Some(object)) = (&it.default, schema.as_object_mut()) {
            object.insert("default".to_owned(), schema::default(default, &it.ty));
        }
        (it.name.to_string(), schema)
    };
    let properties: Map<String, Value> = parameters.iter().map(property).collect();
    let required = parameters.iter().filter(|it| it.default.is_none()).map(|it| it.name.as_str());
    let required: Vec<&str> = required.collect();
    let schema = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

/// An argument of a GET. Arrays are written as PostgreSQL does.
fn in_query(operation: &Operation<'_>, parameter: &Parameter) -> Value {
    let schema = match &parameter.ty {
        Type::Array(element) => {
            json!({ "type": "string", "description": format!("an array of {element}, as `{{a,b}}`") })
        }
        ty => schema::of(expose(operation), ty),
    };
    json!({
        "name": parameter.name.as_str(),
        "in": "query",
        "required": parameter.default.is_none(),
        "schema": schema,
    })
}

fn expose<'p>(operation: &Operation<'p>) -> Option<&'p Expose> {
    operation.package.manifest.expose.as_ref()
}

/// Answers that every function may give.
pub fn responses() -> Value {
    let fault = |description: &str| {
        json!({
            "description": description,
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/error" } } },
        })
    };
    json!({
        "400": fault("the action raised, and the message says why; or an argument is not of its type"),
        "401": fault("nobody calls: there is no token, or it lacks the claim"),
        "403": fault("whoever calls may not"),
        "404": fault("no function takes these arguments"),
        "409": fault("a row is in the way, or is missed"),
    })
}
