//! `kf client`: typed clients of the project's schemas in other languages.

mod folder;

use std::path::PathBuf;

use clap::ValueEnum;

use super::compile::asked;
use super::exposing;
use super::project::{self, Input, Paths, Reaching};
use super::report::{self, Reporting};
use super::{Failure, Outcome};
use crate::client::{self, ClientError, File, Request};
use crate::interface::Exposure;
use crate::language::Name;
use folder::Folder;

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Language {
    #[value(name = "typescript")]
    TypeScript,
    Python,
    Go,
    Rust,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Over {
    /// A connection to the database: pg, psycopg, pgx, tokio-postgres
    Sql,
    /// What gateways serve of exposed schemas, at /rpc/NAME
    Rpc,
}

/// Write typed clients of schemas: a file for each, and one that they share
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf client --lang typescript -o src/kf      public actions of the current project
  kf client --lang go --only ens -o ens      of one schema, as package `ens`
  kf client --lang python --over rpc         for a gateway, as kf.toml exposes the schemas
  kf client --lang rust -o src/kf --check    for CI: is what is there up to date?

The same sources give the same bytes. Files that `kf client` wrote before and no schema has any more are removed.
Exit codes: 0 written, or up to date · 1 errors, nothing is written; with --check, a file differs ·
2 a path or kf.toml is wrong, nothing is public or exposed, a file cannot be written")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    /// The language
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    lang: Language,
    /// The folder to write to; its last part is the name of Go's package
    #[arg(short, long, value_name = "DIR", default_value = "client")]
    output: PathBuf,
    /// Only this schema; may be said again
    #[arg(long, value_name = "DATASET")]
    only: Vec<String>,
    /// What calls travel over
    #[arg(long, value_enum, value_name = "WAY", default_value = "sql")]
    over: Over,
    /// Over rpc: as if every public action were exposed in this PostgreSQL schema, if kf.toml does not say what is
    #[arg(long, value_name = "NAME")]
    expose: Option<String>,
    /// Write nothing; show how the files that are there differ
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    reaching: Reaching,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut input = project::load(&args.paths.paths)?;
    let exposure = exposure(args, &input)?;
    input.project.config.expose.clone_from(&exposure);
    let packages = match args.reporting.made(&mut input, &args.reaching.reach(), report::packages)? {
        Ok(packages) => packages,
        Err(wrong) => return Ok(wrong),
    };
    exposing::check(&packages, exposure.as_ref())?;
    let only: Vec<Name> = args.only.iter().map(|name| Name::new(name)).collect();
    let files = client::client(&asked(&input, &packages), &only, &request(args))?;
    finish(args, &files)
}

fn exposure(args: &Args, input: &Input) -> Result<Option<Exposure>, Failure> {
    match &args.expose {
        Some(schema) => exposing::in_schema(schema, &input.project.config).map(Some),
        None => Ok(input.project.config.expose.clone()),
    }
}

fn request(args: &Args) -> Request {
    let language = match args.lang {
        Language::TypeScript => client::Language::TypeScript,
        Language::Python => client::Language::Python,
        Language::Go => client::Language::Go,
        Language::Rust => client::Language::Rust,
    };
    let over = match args.over {
        Over::Sql => client::Over::Sql,
        Over::Rpc => client::Over::Rpc,
    };
    let last = args.output.file_name().map(|name| name.to_string_lossy().into_owned());
    Request { language, over, package: last.unwrap_or_else(|| "client".to_owned()) }
}

/// Writes, or compares. Where some schemas were left out, the files of others are none of ours.
fn finish(args: &Args, files: &[File]) -> Outcome {
    let folder = Folder::read(&args.output, files, args.only.is_empty())?;
    if args.check {
        return Ok(folder.compare());
    }
    folder.write()
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Failure {
        let failure = Failure::usage(error.message);
        match error.help {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}
