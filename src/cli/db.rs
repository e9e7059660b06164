//! `kf db`: the project's own PostgreSQL, and a look at any database.

use std::io::{BufRead, IsTerminal, Write};
use std::os::unix::process::CommandExt;
use std::process::Command as Process;

use super::database::{Address, Chosen, Database, block_on};
use super::{Exit, Failure, Outcome, terminal};
use crate::deploy::connect::{Session, Settings};
use crate::deploy::embedded::Embedded;
use crate::deploy::registry;
use crate::diagnostics::visible;

/// The project's database: start, stop, status, url, psql, reset
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf db status                       where it is, and what is deployed in it
  kf db psql -c 'TABLE ds_ens.names' look into it
  kf db stop                         until a command needs it again

Without --db, KF_DATABASE_URL and `[database] url` in kf.toml, the database is a private PostgreSQL under `.kf`
in the project. Every command that needs it starts it; it runs on until `kf db stop`.")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Start the project's own PostgreSQL, making it if need be
    Start(Address),
    /// Stop the project's own PostgreSQL
    Stop(Address),
    /// Where the database is, whether it runs, and what is deployed in it
    Status(Database),
    /// Print the address, without its password
    Url(Address),
    /// Open psql in the database
    Psql(Psql),
    /// Delete the project's own database with everything in it
    Reset(Reset),
}

#[derive(clap::Args, Debug)]
struct Psql {
    #[command(flatten)]
    database: Address,
    /// Arguments for psql
    #[arg(value_name = "ARG", trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

#[derive(clap::Args, Debug)]
struct Reset {
    #[command(flatten)]
    database: Address,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args) -> Outcome {
    match &args.command {
        Command::Start(database) => start(database),
        Command::Stop(database) => stop(database),
        Command::Status(database) => status(database),
        Command::Url(database) => url(database),
        Command::Psql(args) => psql(args),
        Command::Reset(args) => reset(args),
    }
}

/// The private server, or a complaint that there is another.
fn own(database: &Address, verb: &str) -> Result<Embedded, Failure> {
    match database.choose()? {
        Chosen::Embedded(server) => Ok(server),
        Chosen::Given(_) => {
            Err(Failure::usage(format!("cannot {verb} a database that is not the project's own"))
                .help("an address is given by `--db`, KF_DATABASE_URL or `[database] url` in kf.toml"))
        }
    }
}

fn start(database: &Address) -> Outcome {
    let chosen = Chosen::Embedded(own(database, "start")?);
    terminal::print(&format!("{}\n", chosen.address()?));
    Ok(Exit::Fine)
}

fn stop(database: &Address) -> Outcome {
    let stopped = own(database, "stop")?.stop()?;
    terminal::print(if stopped { "stopped\n" } else { "was not running\n" });
    Ok(Exit::Fine)
}

fn url(database: &Address) -> Outcome {
    let chosen = database.choose()?;
    let address = chosen.address()?;
    let shown = match chosen {
        Chosen::Embedded(_) => address,
        Chosen::Given(_) => Settings::from_environment(&address)?.without_password(),
    };
    terminal::print(&format!("{shown}\n"));
    Ok(Exit::Fine)
}

fn status(database: &Database) -> Outcome {
    let chosen = database.choose()?;
    let mut report = String::new();
    let mut line = |name: &str, value: &str| report.push_str(&format!("{name:<10}{}\n", visible(value)));
    let reachable = match &chosen {
        Chosen::Given(url) => {
            line("database", &Settings::from_environment(url)?.describe());
            true
        }
        Chosen::Embedded(server) => {
            let found = server.status();
            let version = found.major.map_or_else(String::new, |major| format!(" {major}"));
            let state = match (&found.place, found.pid) {
                (None, _) => "not made yet".to_owned(),
                (Some(_), None) => "stopped".to_owned(),
                (Some(_), Some(pid)) => format!("running as process {pid}"),
            };
            line("database", &format!("the project's own PostgreSQL{version}, {state}"));
            if let Some(place) = &found.place {
                line("files", &place.root.display().to_string());
                line("log", &place.log().display().to_string());
            }
            found.pid.is_some()
        }
    };
    if reachable {
        report.push_str(&block_on(async { datasets(&chosen.session().await?).await })?);
    }
    terminal::print(&report);
    Ok(Exit::Fine)
}

/// A line for each deployed dataset.
async fn datasets(session: &Session) -> Result<String, Failure> {
    if !registry::check(session).await? {
        return Ok("datasets  none\n".to_owned());
    }
    let listed = registry::list(session).await?;
    let mut text: String =
        registry::weaker(session).await?.iter().map(|it| format!("weaker    {it}\n")).collect();
    text.push_str(&format!("datasets  {}\n", listed.len()));
    for dataset in listed {
        let owner = dataset.owner.map_or_else(|| "network".to_owned(), |owner| format!("owner {owner}"));
        let line = format!(
            "  {} version {}, {owner}, deployed {} as {}",
            dataset.name, dataset.version, dataset.deployed_at, dataset.dbid
        );
        text.push_str(&format!("{}\n", visible(&line)));
    }
    Ok(text)
}

fn psql(args: &Psql) -> Outcome {
    let chosen = args.database.choose()?;
    let settings = Settings::from_environment(&chosen.address()?)?;
    let beside = match &chosen {
        Chosen::Embedded(server) => {
            Some(server.binaries()?.program("psql")).filter(|program| program.exists())
        }
        Chosen::Given(_) => None,
    };
    let program = beside.unwrap_or_else(|| "psql".into());
    let mut command = Process::new(&program);
    command.arg(settings.without_password()).args(&args.arguments);
    if let Some(password) = &settings.password {
        command.env("PGPASSWORD", password);
    }
    // Only comes back if psql could not be run.
    let error = command.exec();
    Err(Failure::usage(format!("cannot run `{}`: {error}", program.display()))
        .help("install the PostgreSQL client programs"))
}

fn reset(args: &Reset) -> Outcome {
    let server = own(&args.database, "delete")?;
    if server.status().place.is_none() {
        terminal::print("nothing to delete\n");
        return Ok(Exit::Fine);
    }
    if !args.yes && !confirmed()? {
        return Err(Failure::usage("nothing was deleted"));
    }
    server.reset()?;
    terminal::print("deleted\n");
    Ok(Exit::Fine)
}

fn confirmed() -> Result<bool, Failure> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Err(
            Failure::usage("not asked whether to delete the database").help("say `kf db reset --yes`")
        );
    }
    let _ = std::io::stderr().write_all(b"delete the project's database with everything in it? [y/N] ");
    let mut answer = String::new();
    // No answer is a no.
    let _ = input.lock().read_line(&mut answer);
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
