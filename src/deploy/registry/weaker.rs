use std::fmt;

use super::roles::KF_OWNER;
use crate::deploy::connect::{Session, ask};
use crate::deploy::{DeployError, problems};

/// A wall that a database lacks because of what its logins may do, or of what else is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Weaker {
    /// There are no roles; everything belongs to this login.
    OneRole(String),
    /// Whoever may call may also run what PostgreSQL lets everybody run.
    OpenFunctions,
    /// Other things than datasets are in the database.
    Shared,
}

impl fmt::Display for Weaker {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Weaker::OneRole(login) => write!(
                to,
                "everything belongs to `{login}`, which may make no roles: only the compiler and `kf` keep callers from \
                 what is not public, and views from writing"
            ),
            Weaker::OpenFunctions => write!(
                to,
                "whoever may call may also run what PostgreSQL lets everybody run, as `pg_sleep`: only a superuser can \
                 take that away"
            ),
            Weaker::Shared => {
                write!(
                    to,
                    "the database holds other things too: what everybody may do in it was left as it is"
                )
            }
        }
    }
}

const ASKED: &str = "SELECT pg_get_userbyid(n.nspowner)::text, m.private, EXISTS ( \
       SELECT FROM pg_catalog.pg_proc AS p WHERE p.oid = 'pg_catalog.pg_sleep(float8)'::regprocedure \
         AND (p.proacl IS NULL OR p.proacl::text ~ '[{,]=X')) \
     FROM kf.meta AS m JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'kf'";

/// What is weaker in this database than in one that a superuser deployed to and that holds nothing else. There has to be a
/// registry.
///
/// # Errors
/// If the registry cannot be read.
pub async fn weaker(session: &Session) -> Result<Vec<Weaker>, DeployError> {
    let row = ask::row(&session.client, ASKED, &[]).await.map_err(|error| problems::database(&error))?;
    let (owner, private, open): (String, bool, bool) = (row.get(0), row.get(1), row.get(2));
    Ok(match (owner == KF_OWNER, private) {
        (false, _) => vec![Weaker::OneRole(owner)],
        (true, false) => vec![Weaker::Shared],
        (true, true) if open => vec![Weaker::OpenFunctions],
        (true, true) => Vec::new(),
    })
}
