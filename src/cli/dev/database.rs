use std::path::PathBuf;

use crate::cli::{Exit, Failure};
use crate::deploy::connect::{Settings, connect};
use crate::deploy::embedded::ThrowAway;
use crate::deploy::{Consent, DeployError, Done, Outcome, apply, ensure, prepare};
use crate::diagnostics::Code;
use crate::interface::Package;

/// A server that ends with this process, and its database.
pub(super) struct Scratch {
    folder: PathBuf,
    /// None only while it is made anew.
    server: Option<ThrowAway>,
}

/// What deploying came to.
pub(super) enum Deployed {
    /// It was done; true if the database was made anew for it.
    Done(Vec<Outcome>, bool),
    /// The database is as it was.
    Refused {
        /// Why.
        reasons: Vec<DeployError>,
        /// True if it could be done in a new database.
        lossy: bool,
    },
}

impl Scratch {
    /// Makes a server.
    ///
    /// # Errors
    /// No PostgreSQL.
    pub fn start() -> Result<Scratch, Failure> {
        let folder = std::env::temp_dir().join(format!("kf-dev-{}", std::process::id()));
        let server = Some(ThrowAway::start(&folder)?);
        Ok(Scratch { folder, server })
    }

    /// The address of the database, which stays the same.
    pub fn url(&self) -> String {
        self.server.as_ref().map(ThrowAway::url).unwrap_or_default()
    }

    /// The way to the server, for the databases of tests.
    pub fn settings(&self) -> Result<Settings, DeployError> {
        Settings::from_environment(&self.url())
    }

    /// Deploys what is different. Callers may break; rows go only with `reset`, with all the others.
    pub async fn deploy(&mut self, packages: &[Package], reset: bool) -> Result<Deployed, Failure> {
        let reasons = match self.apply(packages).await {
            Ok(outcomes) => return Ok(Deployed::Done(outcomes, false)),
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
        match self.apply(packages).await {
            Ok(outcomes) => Ok(Deployed::Done(outcomes, true)),
            Err(reasons) => Ok(Deployed::Refused { reasons, lossy: false }),
        }
    }

    fn make_anew(&mut self) -> Result<(), Failure> {
        // the files have to be gone first
        drop(self.server.take());
        self.server = Some(ThrowAway::start(&self.folder)?);
        Ok(())
    }

    async fn apply(&self, packages: &[Package]) -> Result<Vec<Outcome>, Vec<DeployError>> {
        let one = |error: DeployError| vec![error];
        let mut session = connect(&self.url()).await.map_err(one)?;
        ensure(&mut session).await.map_err(one)?;
        let prepared = prepare(&session, packages).await?;
        let outcomes = apply(&mut session, &prepared, Consent::BREAKING, &mut |_| {}).await;
        session.close().await;
        outcomes
    }
}

/// `created notes; updated reader; 3 unchanged`
pub(super) fn summary(outcomes: &[Outcome]) -> String {
    let of = |done: Done| outcomes.iter().filter(move |outcome| outcome.done == done);
    let mut parts = Vec::new();
    for (done, word) in [(Done::Created, "created"), (Done::Updated, "updated")] {
        let names: Vec<&str> = of(done).map(|outcome| outcome.name.as_str()).collect();
        if !names.is_empty() {
            parts.push(format!("{word} {}", super::block::some(&names)));
        }
    }
    match of(Done::Unchanged).count() {
        0 => {}
        count => parts.push(format!("{count} unchanged")),
    }
    if parts.is_empty() { "nothing to deploy".to_owned() } else { parts.join("; ") }
}

/// Every reason, as `kf deploy` shows them.
pub(super) fn reasons(errors: Vec<DeployError>) -> String {
    let failures = errors.into_iter().map(Failure::from);
    // `kf deploy` would be told to agree; here there is another way
    let told = failures.map(|mut failure| {
        failure.help = failure.help.filter(|_| failure.exit != Exit::Consent);
        super::rendered(&failure)
    });
    told.collect()
}
