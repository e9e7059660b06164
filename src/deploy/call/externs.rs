use tokio_postgres::error::DbError;
use tokio_postgres::{GenericClient, Row};

use crate::deploy::connect::ask;

const CALLED: &str = "SELECT DISTINCT e.key, e.value ->> 'schema', e.value ->> 'function' \
     FROM kf.dataset AS d CROSS JOIN LATERAL jsonb_each(d.manifest -> 'externs') AS e ORDER BY 1";

/// What a function of an extern, `math.divide`, has to do with a refusal.
pub enum Trouble {
    /// It is gone or closed to actions.
    Gone(String),
    /// It failed itself.
    Failed(String),
}

/// The function of an extern that SQL failed for, if one did: then it is no fault of the compiler. Nothing where the
/// registry may not be read.
pub async fn trouble(client: &impl GenericClient, said: &DbError) -> Option<Trouble> {
    let state = said.code().code();
    let inside = said.where_()?.lines().next()?;
    if !["42", "0A", "XX", "2F", "34", "24", "3F"].iter().any(|class| state.starts_with(class)) {
        return None;
    }
    let rows = ask::rows(client, CALLED, &[]).await.ok()?;
    let path = |row: &Row| row.get::<_, String>(0);
    let failed = |row: &&Row| is_inside(inside, row.get(1), row.get(2));
    if let Some(row) = rows.iter().find(failed) {
        return Some(Trouble::Failed(path(row)));
    }
    let gone = |row: &&Row| is_gone(state, said.message(), row.get(1), row.get(2));
    rows.iter().find(gone).map(|row| Trouble::Gone(path(row)))
}

/// `PL/pgSQL function tools.divide(bigint,numeric) line 1 at RETURN`, `SQL function "divide" statement 1`
fn is_inside(context: &str, schema: &str, function: &str) -> bool {
    context.contains(&format!(" {schema}.{function}(")) || context.contains(&format!(" \"{function}\" "))
}

/// `function tools.divide(bigint, numeric) does not exist`, `permission denied for function divide`,
/// `schema "tools" does not exist`
fn is_gone(state: &str, message: &str, schema: &str, function: &str) -> bool {
    match state {
        "42883" => message.contains(&format!("{schema}.{function}(")),
        "42501" | "3F000" => message.split([' ', '"']).any(|word| word == schema || word == function),
        _ => false,
    }
}
