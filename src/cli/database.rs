//! Which database a command works on, and the way there.

use std::path::Path;

use super::node::chosen;
use super::project::Project;
use super::verbose::Verbosity;
use super::{Failure, terminal};
use crate::deploy::connect::{Session, connect};
use crate::deploy::embedded::Embedded;
use crate::node::NodeConfig;

/// The flag that says which database.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Address {
    /// Address of the database, as libpq takes it [default: `[database] url` in kf.toml, else a PostgreSQL of the
    /// project's own]
    #[arg(long = "db", value_name = "URL", env = "KF_DATABASE_URL", hide_env_values = true)]
    url: Option<String>,
}

/// The flags of every command that talks to a database.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Database {
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// The database that was chosen.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// The private one of the project.
    Embedded(Embedded),
    /// One at an address.
    Given(String),
}

impl Database {
    /// As [`Address::choose`].
    pub fn choose(&self) -> Result<Chosen, Failure> {
        self.verbosity.begin();
        self.address.choose()
    }

    /// As [`Address::choose_by`].
    pub fn choose_by(&self, config: Option<&Path>) -> Result<Chosen, Failure> {
        self.verbosity.begin();
        self.address.choose_by(config)
    }
}

impl Address {
    /// The database of the node that `config` describes, where it is given; the flag and the environment come first.
    pub fn choose_by(&self, config: Option<&Path>) -> Result<Chosen, Failure> {
        match config {
            Some(config) => Ok(chosen(self.url.clone(), config, NodeConfig::database(config)?)),
            None => self.choose(),
        }
    }

    /// The flag, else the environment, else `kf.toml`, else the project's own.
    pub fn choose(&self) -> Result<Chosen, Failure> {
        if let Some(url) = self.url.clone().filter(|url| !url.is_empty()) {
            return Ok(Chosen::Given(url));
        }
        let project = Project::current()?;
        Ok(match project.config.database_url {
            Some(url) => Chosen::Given(url),
            None => Chosen::Embedded(Embedded::at(&project.root.join(".kf"))),
        })
    }
}

impl Chosen {
    /// The address, once the server runs.
    pub fn address(&self) -> Result<String, Failure> {
        match self {
            Chosen::Given(url) => Ok(url.clone()),
            Chosen::Embedded(server) => {
                let _spinner = terminal::spinner("starting PostgreSQL");
                Ok(server.start()?)
            }
        }
    }

    /// A session in the database.
    pub async fn session(&self) -> Result<Session, Failure> {
        Ok(connect(&self.address()?).await?)
    }
}

/// Runs `work`, which talks to a database, on this thread.
pub fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::usage(format!("cannot begin: {error}")))?.block_on(work)
}
