//! From the command line to packages that can be deployed.

use super::config::Config;
use super::database::Database;
use super::exposing;
use super::project::{self, Input, Paths, Reach};
use super::report::Reporting;
use super::{Exit, Failure};
use crate::interface::{Exposure, Owner};
use crate::{Compilation, compile};

/// What is deployed where.
#[derive(clap::Args, Debug)]
pub(super) struct Making {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    pub(super) database: Database,
    /// Who will own the schemas; without an owner they are network schemas, known by their names
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// Expose every public action to gateways in this PostgreSQL schema, instead of what kf.toml says
    #[arg(long, value_name = "NAME", conflicts_with = "no_expose")]
    expose: Option<String>,
    /// Take away what was exposed to gateways
    #[arg(long)]
    no_expose: bool,
    /// Every import must be in kf.lock, which is not changed
    #[arg(long)]
    locked: bool,
    #[command(flatten)]
    pub(super) reporting: Reporting,
}

/// Packages without errors, in dependency order.
pub(super) struct Made {
    input: Input,
    pub(super) compilation: Compilation,
}

impl Making {
    /// Compiles what is asked for; none if it has errors, which were reported, with what the process ends with.
    pub(super) fn packages(&self) -> Result<Result<Made, Exit>, Failure> {
        let mut input = project::load(&self.paths.paths)?;
        let owner = self.owner.clone().map(Owner);
        let database = Some(self.database.choose()?);
        let reach = Reach { owner, database, locked: self.locked, ..Reach::default() };
        input.project.config.expose = self.exposure(&input.project.config)?;
        let made = self.reporting.made(&mut input, &reach, |input, options| {
            let compilation = compile(&input.sources, options);
            exposing::check(&compilation.packages, input.project.config.expose.as_ref())?;
            Ok((compilation.diagnostics.clone(), compilation))
        })?;
        Ok(made.map(|compilation| Made { input, compilation }))
    }

    /// What gateways are to see: what the command line says, else what kf.toml says.
    fn exposure(&self, config: &Config) -> Result<Option<Exposure>, Failure> {
        match (&self.expose, self.no_expose) {
            (Some(schema), _) => exposing::in_schema(schema, config).map(Some),
            (None, true) => Ok(Some(Exposure::default())),
            (None, false) => Ok(config.expose.clone()),
        }
    }

    /// Writes into kf.lock what was relied on.
    pub(super) fn pin(&self, made: &Made) -> Result<(), Failure> {
        match self.locked {
            true => Ok(()),
            false => {
                made.input.pinned(&made.compilation.imported).write(&made.input.project.root).map(|_| ())
            }
        }
    }
}
