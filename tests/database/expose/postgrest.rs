//! What PostgREST sends for a request, by its documentation and source: it looks functions up in the catalog, begins a
//! transaction (read only for GET, and for what is not volatile), sets role, search path and claims in one statement,
//! and calls by the names of the arguments. What comes back is told as a status and a body.

use kuneiform::deploy::connect::Session;
use serde_json::{Value, json};

/// A function as the gateway finds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Routine {
    pub name: String,
    /// Names, types, and whether they are required.
    pub arguments: Vec<(String, String, bool)>,
    pub volatility: String,
    pub is_set: bool,
    pub is_composite: bool,
    pub is_void: bool,
    pub comment: Option<String>,
}

const ROUTINES: &str = "
    SELECT p.proname::text, p.provolatile::text, p.proretset, t.typtype = 'c', obj_description(p.oid, 'pg_proc'),
      coalesce((SELECT array_agg(a.name ORDER BY a.place) FROM unnest(p.proargnames) WITH ORDINALITY AS a (name, place)), '{}'),
      coalesce((SELECT array_agg(format_type(a.type, NULL) ORDER BY a.place)
                FROM unnest(p.proargtypes) WITH ORDINALITY AS a (type, place)), '{}'),
      (p.pronargs - p.pronargdefaults)::int4, t.typname = 'void'
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_type AS t ON t.oid = p.prorettype
    WHERE n.nspname = $1 AND p.prokind = 'f' ORDER BY 1";

/// The schema cache.
pub async fn routines(session: &Session, schema: &str) -> Vec<Routine> {
    let rows = session.client.query(ROUTINES, &[&schema]).await.unwrap();
    let routine = |row: &tokio_postgres::Row| {
        let (names, types): (Vec<String>, Vec<String>) = (row.get(5), row.get(6));
        let required = usize::try_from(row.get::<_, i32>(7)).unwrap();
        let arguments = names.into_iter().zip(types).zip(0..);
        Routine {
            name: row.get(0),
            volatility: row.get(1),
            is_set: row.get(2),
            is_composite: row.get(3),
            is_void: row.get(8),
            comment: row.get(4),
            arguments: arguments.map(|((name, ty), place)| (name, ty, place < required)).collect(),
        }
    };
    rows.iter().map(routine).collect()
}

/// A request as its token and its words say.
pub struct Request<'a> {
    pub schema: &'a str,
    pub function: &'a str,
    pub method: &'a str,
    /// The role the token names.
    pub role: &'a str,
    /// The rest of the token's claims.
    pub claims: Value,
    /// The body of a POST, the query of a GET. Numbers as they are written: JSON text.
    pub arguments: &'a str,
}

/// The answer: an HTTP status, and the body as text, or of a fault the object that is the body.
pub async fn answer(session: &mut Session, request: &Request<'_>) -> (u16, Result<String, Value>) {
    let routines = routines(session, request.schema).await;
    let given: serde_json::Map<String, Value> = serde_json::from_str(request.arguments).unwrap();
    let fits = |it: &&Routine| {
        it.name == request.function
            && given.keys().all(|key| it.arguments.iter().any(|argument| argument.0 == *key))
            && it.arguments.iter().all(|argument| !argument.2 || given.contains_key(&argument.0))
    };
    let Some(routine) = routines.iter().find(fits) else { return (404, Err(unknown(request))) };
    let reads = request.method == "GET" || routine.volatility != "v";
    let begin = session.client.build_transaction().read_only(reads).start().await.unwrap();
    let mut claims = request.claims.clone();
    claims["role"] = json!(request.role);
    let prepare = "SELECT set_config('search_path', $1, true), set_config('role', $2, true), \
                   set_config('request.jwt.claims', $3, true), set_config('request.method', $4, true)";
    let (path, claims) = (format!("\"{}\"", request.schema), claims.to_string());
    if let Err(error) = begin.query(prepare, &[&path, &request.role, &claims, &request.method]).await {
        return told(&error, request.role);
    }
    let sql = call(request.schema, routine, &given);
    match begin.query_typed(&sql, &[(&request.arguments, tokio_postgres::types::Type::TEXT)]).await {
        Ok(rows) => {
            let body: Option<String> = rows[0].get(0);
            begin.commit().await.unwrap();
            match body {
                _ if routine.is_void => (204, Ok(String::new())),
                Some(body) => (200, Ok(body)),
                None if routine.is_set => (200, Ok("[]".to_owned())),
                None => (200, Ok("null".to_owned())),
            }
        }
        Err(error) => told(&error, request.role),
    }
}

fn unknown(request: &Request<'_>) -> Value {
    let message = format!("Could not find the function {}.{}", request.schema, request.function);
    json!({ "code": "PGRST202", "message": message, "details": null, "hint": null })
}

/// A call with the arguments taken from a JSON object by their names.
fn call(schema: &str, routine: &Routine, given: &serde_json::Map<String, Value>) -> String {
    let taken = routine.arguments.iter().filter(|argument| given.contains_key(&argument.0));
    let taken: Vec<&(String, String, bool)> = taken.collect();
    let named: Vec<String> = taken.iter().map(|it| format!("\"{0}\" := body.\"{0}\"", it.0)).collect();
    let typed: Vec<String> = taken.iter().map(|it| format!("\"{}\" {}", it.0, it.1)).collect();
    let body = match typed.is_empty() {
        true => "(SELECT $1::text) AS body".to_owned(),
        false => format!("json_to_record($1::text::json) AS body ({})", typed.join(", ")),
    };
    let call = format!("\"{schema}\".\"{}\"({})", routine.name, named.join(", "));
    let (source, shown) = match (routine.is_composite, routine.is_set) {
        (true, true) => (format!("SELECT r.* FROM {body}, LATERAL {call} AS r"), "json_agg(s)"),
        (true, false) => (format!("SELECT r.* FROM {body}, LATERAL {call} AS r"), "json_agg(s) -> 0"),
        (false, true) => (format!("SELECT {call} AS value FROM {body}"), "json_agg(s.value)"),
        (false, false) => (
            format!("SELECT r.value FROM {body}, LATERAL (SELECT {call} AS value) AS r"),
            "json_agg(s.value) -> 0",
        ),
    };
    format!("WITH source AS ({source}) SELECT ({shown})::text FROM (SELECT * FROM source) AS s")
}

/// The status PostgREST gives an SQLSTATE.
fn told(error: &tokio_postgres::Error, role: &str) -> (u16, Result<String, Value>) {
    let said = error.as_db_error().unwrap();
    let status = match said.code().code() {
        "42501" if role == "anon" => 401,
        "42501" => 403,
        "23503" | "23505" => 409,
        "25006" => 405,
        "42883" | "42P01" => 404,
        code if code.starts_with("PT") => code[2..].parse().unwrap_or(500),
        code if ["25", "40", "XX"].contains(&&code[..2]) => 500,
        _ => 400,
    };
    let (code, message) = (said.code().code(), said.message());
    (status, Err(json!({ "code": code, "message": message, "details": said.detail(), "hint": said.hint() })))
}
