use tokio_postgres::GenericClient;
use tokio_postgres::error::DbError;

use super::externs::{self, Trouble};
use super::{Place, Target, trace};
use crate::deploy::{DeployError, problems};
use crate::diagnostics::Code;

/// Whose fault it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The action refused, or could not do what it was asked with these arguments.
    Raised,
    /// The caller may not call it this way.
    NotCallable,
    /// The database: collisions, resources, a lost server.
    Database,
    /// The compiler: SQL that passed the check failed as SQL.
    Bug,
}

/// A call that was begun and rolled back. Nothing of the rows concerned is in it: they may be another schema's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Whose.
    pub kind: Kind,
    /// What `kf explain` explains: `KF001`, `KF0801`.
    pub code: String,
    /// The SQLSTATE.
    pub sqlstate: String,
    /// What happened; an author's own words for `KF001`. May hold any characters.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where, innermost first.
    pub trace: Vec<Place>,
    /// What the action said before, though it was rolled back.
    pub notices: Vec<String>,
}

/// Makes an error of the call's transaction readable.
///
/// # Errors
/// If it was not the server that refused, or it cannot be asked for the places.
pub async fn explain(
    client: &impl GenericClient,
    target: Option<&Target>,
    error: &tokio_postgres::Error,
) -> Result<Fault, DeployError> {
    let Some(said) = error.as_db_error() else { return Err(problems::database(error)) };
    let context = said.where_().unwrap_or_default();
    let (kind, code, message, help) = match externs::trouble(client, said).await {
        Some(trouble) => of_extern(&trouble, said),
        None => classify(said, context.is_empty(), target),
    };
    // The place helps, but the fault must be told even where the registry may not be read.
    let trace = trace::trace(client, context).await.unwrap_or_default();
    let sqlstate = said.code().code().to_owned();
    Ok(Fault { kind, code, sqlstate, message, help, trace, notices: Vec::new() })
}

type Told = (Kind, String, String, Option<String>);

fn classify(said: &DbError, outside: bool, target: Option<&Target>) -> Told {
    let state = said.code().code();
    let message = said.message().to_owned();
    let told = |kind, code: Code, message: String| (kind, code.id().to_owned(), message, None);
    if let (true, Some(target)) = (outside && state == "42501", target) {
        return not_callable(target);
    }
    match state {
        _ if state.starts_with("KF") => (Kind::Raised, state.to_owned(), message, own_help(state)),
        "25006" => (Kind::Raised, "KF006".to_owned(), "a view attempted a write".to_owned(), None),
        "54001" => (Kind::Raised, "KF007".to_owned(), "calls are too deep".to_owned(), None),
        "40001" | "40P01" | "55P03" => {
            let message = "the call kept colliding with others".to_owned();
            (Kind::Database, "KF012".to_owned(), message, Some("call again".to_owned()))
        }
        "57014" => told(Kind::Database, Code::CallFailed, "the call was cancelled".to_owned()),
        "23514" if said.datatype() == Some("finite") => {
            told(Kind::Raised, Code::ValueRefused, "a decimal must be a number".to_owned())
        }
        _ if state.starts_with("23") => told(Kind::Raised, Code::ConstraintBroken, constraint(said)),
        _ if state.starts_with("22") => told(Kind::Raised, Code::ValueRefused, message),
        _ if ["53", "54"].iter().any(|class| state.starts_with(class)) => {
            (Kind::Database, "KF009".to_owned(), message, None)
        }
        _ if ["42", "0A", "XX", "2F", "34", "24"].iter().any(|class| state.starts_with(class)) => {
            let help = "this is a bug in kf, not in your schema; please report it with the schema".to_owned();
            let message = format!("SQL that the compiler wrote failed: {message}");
            (Kind::Bug, Code::SqlRefused.id().to_owned(), message, Some(help))
        }
        _ => told(Kind::Database, Code::CallFailed, format!("{message} (SQLSTATE {state})")),
    }
}

/// The code of an error that was caught, of which no more is known than its SQLSTATE and what it says.
pub fn code_of(state: &str, message: &str) -> String {
    let code = |code: Code| code.id().to_owned();
    match state {
        _ if state.starts_with("KF") => state.to_owned(),
        "25006" => "KF006".to_owned(),
        "54001" => "KF007".to_owned(),
        "40001" | "40P01" | "55P03" => "KF012".to_owned(),
        "23514" if message.contains("kf.finite") => code(Code::ValueRefused),
        _ if state.starts_with("23") => code(Code::ConstraintBroken),
        _ if state.starts_with("22") => code(Code::ValueRefused),
        _ if ["53", "54"].iter().any(|class| state.starts_with(class)) => "KF009".to_owned(),
        _ if ["42", "0A", "XX", "2F", "34", "24"].iter().any(|class| state.starts_with(class)) => {
            code(Code::SqlRefused)
        }
        _ => code(Code::CallFailed),
    }
}

fn own_help(state: &str) -> Option<String> {
    (state == "KF002").then(|| "call as the owner: `--caller ID`, or `--as owner`".to_owned())
}

/// A host took away what it had installed, or what it installed does not work.
fn of_extern(trouble: &Trouble, said: &DbError) -> Told {
    let words = said.message();
    let (code, message, help) = match trouble {
        Trouble::Gone(path) => (
            Code::ExternMissing,
            format!("the extern function `{path}` cannot be called: {words}"),
            Some("`kf deploy` says what has to be installed".to_owned()),
        ),
        Trouble::Failed(path) => (
            Code::CallFailed,
            format!("the extern function `{path}` failed: {words} (SQLSTATE {})", said.code().code()),
            None,
        ),
    };
    (Kind::Database, code.id().to_owned(), message, help)
}

/// What the database says of a call it does not grant, said where it has no roles to grant to.
pub fn not_granted(target: &Target) -> Fault {
    let (kind, code, message, help) = not_callable(target);
    let sqlstate = "42501".to_owned();
    Fault { kind, code, sqlstate, message, help, trace: Vec::new(), notices: Vec::new() }
}

fn not_callable(target: &Target) -> Told {
    let visibility = target.signature.modifiers.visibility.word();
    let message = format!("`{}` is not callable this way: it is {visibility}", target.shown);
    let help = (visibility == "oracle").then(|| "call it with `--as oracle`".to_owned());
    let help = help.or_else(|| (visibility == "public").then(|| "call it without `--as oracle`".to_owned()));
    (Kind::NotCallable, Code::NotCallable.id().to_owned(), message, help)
}

/// Which constraint refused, without the row: `wallets` has such a row already.
fn constraint(said: &DbError) -> String {
    let table = said.table().unwrap_or("a table");
    let name = said.constraint().unwrap_or("a constraint");
    match said.code().code() {
        "23505" => format!("`{table}` has a row with this key already (`{name}`)"),
        "23503" => format!("a row of `{table}` would refer to a row that is not there (`{name}`)"),
        "23502" => format!("`{}` of `{table}` must not be null", said.column().unwrap_or("a column")),
        "23514" if said.datatype() == Some("uint256") => "a uint256 must be from 0 to 2^256 - 1".to_owned(),
        "23514" => format!("a check of `{table}` does not hold (`{name}`)"),
        _ => format!("a constraint of `{table}` does not hold (`{name}`)"),
    }
}
