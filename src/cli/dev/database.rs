use std::path::PathBuf;

use super::block::some;
use crate::cli::{Exit, Failure};
use crate::deploy::connect::{Session, Settings, connect};
use crate::deploy::embedded::ThrowAway;
use crate::deploy::registry::{self, Listed};
use crate::deploy::testing::{Script, install};
use crate::deploy::{Consent, DeployError, Done, Outcome, apply, ensure, prepare, prepare_removal, remove};
use crate::diagnostics::Code;
use crate::interface::{Dbid, Package};

/// A server that ends with this process, and its database.
pub(super) struct Scratch {
    folder: PathBuf,
    /// None only while it is made anew.
    server: Option<ThrowAway>,
    /// True once what a host would install is there.
    is_furnished: bool,
}

/// What deploying came to.
pub(super) enum Deployed {
    /// It was done.
    Done(Changed),
    /// The database is as it was.
    Refused {
        /// Why.
        reasons: Vec<DeployError>,
        /// True if it could be done in a new database.
        lossy: bool,
    },
}

/// What is other in the database.
pub(super) struct Changed {
    /// What came of each schema.
    pub outcomes: Vec<Outcome>,
    /// Schemas that are no more among the project's, and were dropped.
    pub dropped: Vec<String>,
    /// True if the database was made anew.
    pub anew: bool,
}

impl Scratch {
    /// Makes a server.
    ///
    /// # Errors
    /// No PostgreSQL.
    pub fn start() -> Result<Scratch, Failure> {
        let folder = std::env::temp_dir().join(format!("kf-dev-{}", std::process::id()));
        let server = Some(ThrowAway::start(&folder)?);
        Ok(Scratch { folder, server, is_furnished: false })
    }

    /// The address of the database, which stays the same.
    pub fn url(&self) -> String {
        self.server.as_ref().map(ThrowAway::url).unwrap_or_default()
    }

    /// The way to the server, for the databases of tests.
    pub fn settings(&self) -> Result<Settings, DeployError> {
        Settings::from_environment(&self.url())
    }

    /// Deploys what is different, and drops what is none of `packages`. Callers may break; rows of schemas that are there go
    /// only with `reset`, with all the others. A new database begins with `scripts`.
    pub async fn deploy(
        &mut self,
        scripts: &[Script],
        packages: &[Package],
        reset: bool,
    ) -> Result<Deployed, Failure> {
        let reasons = match self.apply(scripts, packages).await {
            Ok(changed) => return Ok(Deployed::Done(changed)),
            Err(reasons) => reasons,
        };
        let loses = |error: &DeployError| {
            matches!(error.code, Code::ConsentNeeded | Code::TableChanged | Code::DataRefused)
        };
        let lossy = reasons.iter().any(loses);
        if !lossy || !reset {
            return Ok(Deployed::Refused { reasons, lossy });
        }
        self.make_anew()?;
        match self.apply(scripts, packages).await {
            Ok(changed) => Ok(Deployed::Done(Changed { anew: true, ..changed })),
            Err(reasons) => Ok(Deployed::Refused { reasons, lossy: false }),
        }
    }

    fn make_anew(&mut self) -> Result<(), Failure> {
        // the files have to be gone first
        drop(self.server.take());
        self.server = Some(ThrowAway::start(&self.folder)?);
        self.is_furnished = false;
        Ok(())
    }

    async fn apply(&mut self, scripts: &[Script], packages: &[Package]) -> Result<Changed, Vec<DeployError>> {
        let one = |error: DeployError| vec![error];
        let mut session = connect(&self.url()).await.map_err(one)?;
        ensure(&mut session).await.map_err(one)?;
        if !self.is_furnished {
            install(&self.settings().map_err(one)?, scripts).await.map_err(one)?;
            self.is_furnished = true;
        }
        let prepared = prepare(&session, packages).await?;
        let outcomes = apply(&mut session, &prepared, Consent::BREAKING, &mut |_| {}).await?;
        let dropped = drop_others(&mut session, packages).await?;
        session.close().await;
        Ok(Changed { outcomes, dropped, anew: false })
    }
}

/// Drops every schema that is none of `packages`, which import none of them any more; gives their names.
async fn drop_others(session: &mut Session, packages: &[Package]) -> Result<Vec<String>, Vec<DeployError>> {
    let listed = registry::list(session).await.map_err(|error| vec![error])?;
    let is_wanted = |it: &Listed| packages.iter().any(|package| package.interface.dbid.as_str() == it.dbid);
    let gone: Vec<Listed> = listed.into_iter().filter(|it| !is_wanted(it)).collect();
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let dbids: Vec<Dbid> = gone.iter().map(|it| Dbid::recorded(it.dbid.clone())).collect();
    let removal = prepare_removal(session, &dbids).await.map_err(|error| vec![error])?;
    remove(session, &removal, Consent::ALL).await?;
    Ok(gone.into_iter().map(|it| it.name).collect())
}

impl Changed {
    /// The schemas that came to `done`.
    pub fn of(&self, done: Done) -> Vec<&str> {
        let outcomes = self.outcomes.iter().filter(|outcome| outcome.done == done);
        outcomes.map(|outcome| outcome.name.as_str()).collect()
    }

    /// `created notes; updated reader; dropped old; 3 unchanged`
    pub fn summary(&self) -> String {
        let dropped = self.dropped.iter().map(String::as_str).collect();
        let groups =
            [("created", self.of(Done::Created)), ("updated", self.of(Done::Updated)), ("dropped", dropped)];
        let named = groups.iter().filter(|(_, names)| !names.is_empty());
        let mut parts: Vec<String> = named.map(|(word, names)| format!("{word} {}", some(names))).collect();
        match self.of(Done::Unchanged).len() {
            0 => {}
            count => parts.push(format!("{count} unchanged")),
        }
        let what = if parts.is_empty() { "nothing to deploy".to_owned() } else { parts.join("; ") };
        if self.anew { format!("database made anew; {what}") } else { what }
    }
}

/// Every reason, as `kf deploy` has them; that would be told to agree, and here there is another way.
pub(super) fn reasons(errors: Vec<DeployError>) -> Vec<Failure> {
    let failures = errors.into_iter().map(Failure::from);
    let unasked = failures.map(|mut failure| {
        failure.help = failure.help.filter(|_| failure.exit != Exit::Consent);
        failure
    });
    unasked.collect()
}
