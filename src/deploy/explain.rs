//! What an error of PostgreSQL means.

use super::connect::reason;
use super::plan::DatasetPlan;
use super::{DeployError, batch, problems};
use crate::diagnostics::Code;
use crate::interface::{Package, StatementKind};
use crate::language::Name;
use crate::migrate::Work;

/// What it means that PostgreSQL refused the statement `sql` of a package or of a step towards it.
pub fn refused(package: &Package, sql: &str, error: &tokio_postgres::Error) -> DeployError {
    let name = &package.interface.name;
    let Some(said) = error.as_db_error() else { return problems::connection_lost(name) };
    let code = said.code().code();
    let statement = package.statements.iter().find(|statement| statement.sql == sql);
    let about_rows =
        statement.is_none_or(|it| matches!(it.kind, StatementKind::Index | StatementKind::ForeignKey));
    let is_schema = statement.is_some_and(|it| it.kind == StatementKind::Schema);
    match code {
        "42P06" if is_schema => problems::schema_taken(name, &package.interface.dbid.pg_schema()),
        "23505" | "23503" | "23502" | "23514" | "22003" | "22P02" if about_rows => {
            problems::data_refused(name, said.message())
        }
        "55P03" => problems::busy(name),
        // Two writers of one catalog row, which the locks leave to outsiders.
        "XX000" | "23505" if said.schema().is_none_or(|schema| schema == "pg_catalog") => {
            problems::conflict(name)
        }
        "42501" => problems::database(error),
        "2BP01" => problems::depended(name, said),
        _ if problems::is_servers(said.code()) || problems::is_collision(said.code()) => {
            problems::database(error)
        }
        _ => {
            let place = match statement {
                Some(statement) => batch::place(package, statement, said),
                None => format!("a change of {}: `{sql}`", package.path),
            };
            problems::sql_refused(name, &place, said.message(), code)
        }
    }
}

/// What it means that something could not be made before a dataset switches.
pub fn prepared(name: &Name, error: &tokio_postgres::Error) -> DeployError {
    let said = reason(error);
    match error.code().map(|state| state.code()) {
        None => problems::connection_lost(name),
        Some("23505" | "23503" | "23502" | "23514" | "54000") => problems::data_refused(name, &said),
        Some("55P03") => problems::busy(name),
        // Tables and columns are those of a version that is there no more.
        Some("42P01" | "42703" | "42704" | "3F000") => problems::conflict(name),
        Some(_) => problems::database(error),
    }
}

/// What it means that something could not be done after a dataset has switched.
pub fn left(name: &Name, work: &Work, error: &tokio_postgres::Error) -> DeployError {
    let said = reason(error);
    match error.code().map(|state| state.code()) {
        Some("23505" | "23503" | "23502" | "23514" | "54000") => {
            problems::left(Code::DataRefused, name, work, &said)
                .help("mend the rows with an action, and run `kf deploy` again")
        }
        state => {
            let busy = error.code().is_some_and(problems::is_collision);
            let code = if busy { Code::DeployBusy } else { Code::DatabaseFailed };
            let left =
                problems::left(code, name, work, &said).help("run `kf deploy` again, which goes on with it");
            state.into_iter().fold(left, |left, state| left.note(format!("SQLSTATE {state}")))
        }
    }
}

/// What it means that a dataset could not be dropped.
pub fn dropping(name: &Name, error: &tokio_postgres::Error) -> DeployError {
    match error.as_db_error() {
        Some(said) if said.code().code() == "2BP01" => problems::depended(name, said),
        _ => stopped(error, name),
    }
}

/// What it means that a transaction about `name` was stopped.
pub fn stopped(error: &tokio_postgres::Error, name: &Name) -> DeployError {
    match error.code().map(|state| state.code()) {
        Some("55P03") => problems::busy(name),
        None => problems::connection_lost(name),
        _ => problems::database(error),
    }
}

/// What it means that a transaction could not be begun, locked or committed.
pub fn failed(error: &tokio_postgres::Error, chosen: &[(&Package, &DatasetPlan)]) -> DeployError {
    match chosen.first() {
        Some((package, _)) => stopped(error, &package.interface.name),
        None => problems::database(error),
    }
}
