use tokio_postgres::GenericClient;
use tokio_postgres::error::SqlState;

use crate::deploy::connect::ask;
use crate::deploy::{DeployError, problems};
use crate::interface::Dbid;
use crate::migrate::{Work, WorkKind};

/// Work on a dataset's tables that is not done yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pending {
    /// The dataset.
    pub dbid: Dbid,
    /// What is to be done.
    pub work: Work,
    /// True if it was begun for a deploy that has not switched; else it is what a deploy that has left to do.
    pub ahead: bool,
}

const PENDING: &str = "SELECT p.dbid, p.name, p.kind, p.ahead, p.sql FROM kf.pending AS p \
     WHERE $1::text[] IS NULL OR p.dbid = ANY ($1) ORDER BY p.dbid, p.ahead DESC, p.kind DESC, p.name";

/// What is not done yet for some datasets, or for all. Nothing in a registry from before there was such work.
///
/// # Errors
/// If the registry cannot be read.
pub async fn pending(client: &impl GenericClient, of: Option<&[&str]>) -> Result<Vec<Pending>, DeployError> {
    match ask::rows(client, PENDING, &[&of]).await {
        Ok(rows) => Ok(rows.iter().map(read).collect()),
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Ok(Vec::new()),
        Err(error) => Err(problems::database(&error)),
    }
}

fn read(row: &tokio_postgres::Row) -> Pending {
    let kind = if row.get::<_, &str>(2) == "index" { WorkKind::Index } else { WorkKind::Constraint };
    let work = Work { kind, name: row.get(1), add: None, sql: row.get(4) };
    Pending { dbid: Dbid::recorded(row.get::<_, &str>(0)), work, ahead: row.get(3) }
}

/// As `kf.pending` calls it.
pub(in crate::deploy) fn word(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::Index => "index",
        WorkKind::Constraint => "constraint",
    }
}

impl Pending {
    /// In words: "index `items_name` is to be built".
    pub fn told(&self) -> String {
        let name = &self.work.name;
        match (self.ahead, self.work.kind) {
            (true, WorkKind::Index) => "an index was begun for a deploy that has not ended".to_owned(),
            (true, WorkKind::Constraint) => "a check was begun for a deploy that has not ended".to_owned(),
            (false, WorkKind::Index) => format!("index `{name}` is to be built"),
            (false, WorkKind::Constraint) => format!("constraint `{name}` is to be validated"),
        }
    }
}
