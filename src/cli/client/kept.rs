//! Clients as `kf.toml` lists them, and what each is made of.

use super::folder::Folder;
use crate::cli::compile::asked;
use crate::cli::config::Client;
use crate::cli::project::Input;
use crate::cli::{Failure, exposing};
use crate::client::{Request, client as generate};
use crate::interface::{Exposure, Owner, Package};

/// What the packages depend on that clients are made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::cli) struct Setting {
    /// Who owns the schemas.
    pub owner: Option<Owner>,
    /// What gateways see of them.
    pub exposure: Option<Exposure>,
}

impl Setting {
    /// That of `client` in the project of `input`.
    ///
    /// # Errors
    /// A name that no PostgreSQL schema can have.
    pub fn of(client: &Client, input: &Input) -> Result<Setting, Failure> {
        let config = &input.project.config;
        let exposure = match &client.expose {
            Some(schema) => Some(exposing::in_schema(schema, config)?),
            None => config.expose.clone(),
        };
        Ok(Setting { owner: client.owner.clone(), exposure })
    }
}

/// The clients of `kf.toml`, in folders from the current one.
///
/// # Errors
/// The current folder is gone.
pub(in crate::cli) fn listed(input: &Input) -> Result<Vec<Client>, Failure> {
    let placed = |client: &Client| {
        let output = input.project.below(&client.output)?;
        Ok(Client { output, ..client.clone() })
    };
    input.project.config.clients.iter().map(placed).collect()
}

/// The folder of a client that `kf.toml` lists, as it is and as `packages` of `input` want it. What else `kf client` wrote
/// there is to go.
///
/// # Errors
/// A schema that is not there or not exposed, an action that cannot be exposed, a folder that cannot be read; each says of
/// which client.
pub(in crate::cli) fn folder(
    client: &Client,
    input: &Input,
    packages: &[Package],
    setting: &Setting,
) -> Result<Folder, Failure> {
    read(client, true, input, packages, setting).map_err(|mut failure| {
        failure.notes.push(format!("for the client in `{}`, which `kf.toml` lists", client.output.display()));
        failure
    })
}

/// The same of a client that was typed. Where some schemas were left out, the files of others are none of its.
///
/// # Errors
/// As [`folder`], without saying of which.
pub(super) fn typed_folder(
    client: &Client,
    input: &Input,
    packages: &[Package],
    setting: &Setting,
) -> Result<Folder, Failure> {
    read(client, client.only.is_empty(), input, packages, setting)
}

fn read(
    client: &Client,
    all: bool,
    input: &Input,
    packages: &[Package],
    setting: &Setting,
) -> Result<Folder, Failure> {
    exposing::check(packages, setting.exposure.as_ref())?;
    let files = generate(&asked(input, packages), &client.only, &request(client))?;
    Folder::read(&client.output, &files, all)
}

fn request(client: &Client) -> Request {
    let last = client.output.file_name().map(|name| name.to_string_lossy().into_owned());
    let package = last.unwrap_or_else(|| "client".to_owned());
    Request { language: client.language, over: client.over, package }
}
