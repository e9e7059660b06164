//! `kf client`: typed clients of the project's schemas in other languages.

mod folder;
mod kept;

use std::path::PathBuf;

use clap::ValueEnum;

use super::config::Client;
use super::project::{self, Input, Paths, Reach, Reaching};
use super::report::{self, Reporting};
use super::{Exit, Failure, Outcome};
use crate::client::{self, ClientError};
use crate::interface::Package;
use crate::language::Name;

use folder::Folder;
use kept::typed_folder;
pub(super) use kept::{Setting, folder as folder_of, listed};

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
  kf client                                  the clients that kf.toml lists as [[clients]]
  kf client --check                          for CI: are they up to date?
  kf client --lang typescript -o src/kf      public actions of the current project
  kf client --lang go --only ens -o ens      of one schema, as package `ens`
  kf client --lang python --over rpc         for a gateway, as kf.toml exposes the schemas
  kf client --lang rust -o src/kf --check    is what is there up to date?

The same sources give the same bytes. Files that `kf client` wrote before and no schema has any more are removed.
Exit codes: 0 written, or up to date · 1 errors, nothing is written; with --check, a file differs ·
2 a path or kf.toml is wrong, nothing is public or exposed, no client is listed, a file cannot be written")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    /// The language [default: every client that kf.toml lists]
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    lang: Option<Language>,
    /// The folder to write to; its last part is the name of Go's package
    #[arg(short, long, value_name = "DIR", default_value = "client", requires = "lang")]
    output: PathBuf,
    /// Only this schema; may be said again
    #[arg(long, value_name = "DATASET", requires = "lang")]
    only: Vec<String>,
    /// What calls travel over
    #[arg(long, value_enum, value_name = "WAY", default_value = "sql", requires = "lang")]
    over: Over,
    /// Over rpc: as if every public action were exposed in this PostgreSQL schema, if kf.toml does not say what is
    #[arg(long, value_name = "NAME", requires = "lang")]
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
    let input = project::load(&args.paths.paths)?;
    let clients = match args.lang {
        Some(language) => vec![args.typed(language)],
        None => configured(args, &input)?,
    };
    let folders = match folders(args, &input, &clients)? {
        Ok(folders) => folders,
        Err(wrong) => return Ok(wrong),
    };
    if args.check {
        let differing = folders.iter().filter(|folder| !folder.compare()).count();
        return Ok(if differing == 0 { Exit::Fine } else { Exit::Source });
    }
    for folder in &folders {
        folder.write()?;
        folder.tell();
    }
    Ok(Exit::Fine)
}

/// The folder of each client, none of which is touched yet. Schemas are compiled once for all clients of a setting.
fn folders(args: &Args, input: &Input, clients: &[Client]) -> Result<Result<Vec<Folder>, Exit>, Failure> {
    let mut made: Vec<(Setting, Input, Vec<Package>)> = Vec::new();
    let mut folders = Vec::new();
    for client in clients {
        let setting = Setting::of(client, input)?;
        if !made.iter().any(|it| it.0 == setting) {
            match packages(args, input, &setting, made.is_empty())? {
                Ok((input, packages)) => made.push((setting.clone(), input, packages)),
                Err(wrong) => return Ok(Err(wrong)),
            }
        }
        for (setting, input, packages) in made.iter().filter(|it| it.0 == setting) {
            let folder = if args.lang.is_some() { typed_folder } else { folder_of };
            folders.push(folder(client, input, packages, setting)?);
        }
    }
    Ok(Ok(folders))
}

/// The packages that clients of `setting` are made of, and what they were compiled of. What there is to say is said the
/// `first` time.
fn packages(
    args: &Args,
    input: &Input,
    setting: &Setting,
    first: bool,
) -> Result<Result<(Input, Vec<Package>), Exit>, Failure> {
    let mut input = input.clone();
    input.project.config.expose.clone_from(&setting.exposure);
    let reach = Reach { owner: setting.owner.clone(), ..args.reaching.reach() };
    let made = match first {
        true => args.reporting.made(&mut input, &reach, report::packages),
        false => args.reporting.made_again(&mut input, &reach, report::packages),
    };
    Ok(made?.map(|packages| (input, packages)))
}

/// The clients that kf.toml lists; an owner that is typed owns for all.
fn configured(args: &Args, input: &Input) -> Result<Vec<Client>, Failure> {
    let mut clients = listed(input)?;
    if clients.is_empty() {
        return Err(none_listed(input));
    }
    if !input.project.is_all_of(&args.paths.paths) {
        let failure = Failure::usage("the clients in `kf.toml` are of the whole project");
        return Err(failure.help("leave out PATH, or say `--lang LANGUAGE` for one client"));
    }
    if let Some(owner) = args.reaching.reach().owner {
        clients.iter_mut().for_each(|client| client.owner = Some(owner.clone()));
    }
    Ok(clients)
}

fn none_listed(input: &Input) -> Failure {
    let what = if input.project.has_config { "`kf.toml` lists no clients" } else { "there is no `kf.toml`" };
    let message = format!("no language is given, and {what}");
    Failure::usage(message)
        .help("say `--lang LANGUAGE`, or list them in kf.toml: `[[clients]]` with `lang` and `output`")
}

impl Args {
    /// The client that was typed.
    fn typed(&self, language: Language) -> Client {
        let language = match language {
            Language::TypeScript => client::Language::TypeScript,
            Language::Python => client::Language::Python,
            Language::Go => client::Language::Go,
            Language::Rust => client::Language::Rust,
        };
        let over = match self.over {
            Over::Sql => client::Over::Sql,
            Over::Rpc => client::Over::Rpc,
        };
        let only = self.only.iter().map(|name| Name::new(name)).collect();
        let (output, expose) = (self.output.clone(), self.expose.clone());
        Client { language, over, output, only, expose, owner: self.reaching.reach().owner }
    }
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
