//! `kf call`: an action of a deployed dataset, with its result.

use std::io::Write;

use clap::ValueEnum;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::answer::{self, Format};
use super::database::{Database, block_on};
use super::{Exit, Failure, Outcome, interrupt, plans, terminal};
use crate::deploy::call::{
    Answer, Call, CallError, Context, Depth, Explained, Fault, Given, Kind, Role, call, explain_call,
};
use crate::deploy::connect::Session;
use crate::diagnostics::visible;

/// Call an action of a deployed dataset
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Arguments are written by type: 5, true, 0xab, 1.50, 67e55044-10b1-426f-9247-bb680e5fe0c8, null, text as it is
(except null, for which there is --args-json), arrays as JSON. What begins with `-` and is no number goes behind `--`.

Examples:
  kf call ens.get_ownership
  kf call ens.create_wallet w1 0xab --as oracle
  kf call social_network.make_post p1 'hello' satoshi --caller 0xab
  kf call social_network.get_author_posts 0xab --format json
  kf call social_network.get_author_posts 0xab --analyze")]
pub(super) struct Args {
    /// Name or DBID of the dataset, and the action
    #[arg(value_name = "DATASET.ACTION")]
    target: String,
    /// The action's arguments, in order
    #[arg(value_name = "ARG", allow_negative_numbers = true)]
    arguments: Vec<String>,
    /// The arguments as one JSON array
    #[arg(long, value_name = "JSON", conflicts_with = "arguments")]
    args_json: Option<String>,
    /// Who calls: @caller
    #[arg(long, value_name = "ID", env = "KF_CALLER", default_value = "local")]
    caller: String,
    /// Block height: @height
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true)]
    height: i64,
    /// Identity of the transaction: @txid [default: a new one]
    #[arg(long, value_name = "ID")]
    txid: Option<String>,
    /// Unix time of the block in seconds: @block_timestamp [default: now]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    block_timestamp: Option<i64>,
    /// How the caller comes in; `owner` is a user who owns the dataset
    #[arg(long = "as", value_enum, value_name = "ROLE", default_value = "public")]
    role: As,
    /// Show how it is done instead of what it gives: the plan of each statement that runs, by the line it is written on.
    /// The call runs, and is rolled back
    #[arg(long)]
    explain: bool,
    /// As --explain, with how many rows there really were, and how long each step took
    #[arg(long)]
    analyze: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    database: Database,
}

/// How a caller comes in, as it is typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum As {
    Public,
    Oracle,
    Owner,
}

impl From<As> for Role {
    fn from(role: As) -> Role {
        match role {
            As::Public => Role::Public,
            As::Oracle => Role::Oracle,
            As::Owner => Role::Owner,
        }
    }
}

pub(super) fn run(args: &Args) -> Outcome {
    let wanted = wanted(args)?;
    if args.explain || args.analyze {
        return explain(args, &wanted);
    }
    let outcome = block_on(async {
        let mut session = args.database.choose()?.session().await?;
        Ok(call_or_cancel(&mut session, &wanted).await)
    })?;
    match outcome {
        Ok(answer) => Ok(show(&answer, args.format)),
        Err(CallError::Refused(error)) => Err(Failure::from(*error)),
        Err(CallError::Fault(fault)) => told(&fault, args.format),
    }
}

/// Plans instead of a result.
fn explain(args: &Args, wanted: &Call) -> Outcome {
    let depth = if args.analyze { Depth::Measured } else { Depth::Expected };
    let outcome = block_on(async {
        let mut session = args.database.choose()?.session().await?;
        let canceller = session.canceller();
        Ok(interrupt::stoppable(&canceller, explain_call(&mut session, wanted, depth)).await.0)
    })?;
    match outcome {
        Ok(explained) => explained_to(&explained, args.format),
        Err(CallError::Refused(error)) => Err(Failure::from(*error)),
        Err(CallError::Fault(fault)) => told(&fault, args.format),
    }
}

fn explained_to(explained: &Explained, format: Format) -> Outcome {
    match format {
        Format::Json => terminal::print(&plans::json(explained)),
        Format::Csv => {
            return Err(Failure::usage("plans are no rows: they are written as `table` or as `json`"));
        }
        Format::Table => terminal::print(&plans::text(explained, terminal::style_of_stdout())),
    }
    match &explained.fault {
        None => Ok(Exit::Fine),
        Some(fault) if format == Format::Json => Ok(exit(fault)),
        Some(fault) => Err(failure(fault, exit(fault))),
    }
}

fn wanted(args: &Args) -> Result<Call, Failure> {
    let (dataset, action) = args.target.rsplit_once('.').ok_or_else(|| {
        Failure::usage(format!("`{}` is not `DATASET.ACTION`", args.target)).help("as `ens.create_wallet`")
    })?;
    let arguments = match &args.args_json {
        None => Given::Words(args.arguments.clone()),
        Some(text) => match serde_json::from_str(text) {
            Ok(Value::Array(values)) => Given::Json(values),
            Ok(_) => return Err(Failure::usage("--args-json is not a JSON array")),
            Err(error) => return Err(Failure::usage(format!("--args-json is not JSON: {error}"))),
        },
    };
    let context = fresh_context(args.caller.clone(), args.height, args.txid.clone(), args.block_timestamp);
    let (dataset, action, role) = (dataset.to_owned(), action.to_owned(), args.role.into());
    Ok(Call { dataset, action, arguments, context, role })
}

/// What a call made by hand is told, where nothing else is asked for.
pub(super) fn fresh_context(
    caller: String,
    height: i64,
    txid: Option<String>,
    block_timestamp: Option<i64>,
) -> Context {
    let now = now();
    let seconds = i64::try_from(now / 1_000_000_000).unwrap_or(i64::MAX);
    let fresh = || hex::encode(Sha256::digest(format!("{now} {}", std::process::id())));
    Context {
        caller,
        txid: txid.unwrap_or_else(fresh),
        height,
        block_timestamp: block_timestamp.unwrap_or(seconds),
        authenticator: "local".to_owned(),
    }
}

/// Nanoseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "a call made by hand happens now; what it reads is passed in")]
fn now() -> u128 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_nanos())
}

/// Ctrl-C stops the statement in the server, not only this end of it.
async fn call_or_cancel(session: &mut Session, wanted: &Call) -> Result<Answer, CallError> {
    let canceller = session.canceller();
    let mut calling = std::pin::pin!(call(session, wanted));
    tokio::select! {
        outcome = &mut calling => outcome,
        _ = tokio::signal::ctrl_c() => {
            canceller.cancel().await;
            calling.await
        }
    }
}

fn show(answer: &Answer, format: Format) -> Exit {
    if format != Format::Json {
        say(&answer.notices);
    }
    terminal::print(&answer::text(answer, format));
    Exit::Fine
}

/// What the action said, on stderr.
pub(super) fn say(notices: &[String]) {
    for notice in notices {
        let _ = std::io::stderr().write_all(format!("notice: {}\n", visible(notice)).as_bytes());
    }
}

/// A fault goes to stderr for people, and to stdout for programs.
fn told(fault: &Fault, format: Format) -> Outcome {
    let exit = exit(fault);
    if format == Format::Json {
        terminal::print(&answer::fault_json(fault));
        return Ok(exit);
    }
    say(&fault.notices);
    Err(failure(fault, exit))
}

/// What the process ends with.
pub(super) fn exit(fault: &Fault) -> Exit {
    match fault.kind {
        Kind::Raised => Exit::Raised,
        Kind::NotCallable => Exit::Usage,
        Kind::Database => Exit::Database,
        Kind::Bug => Exit::Bug,
    }
}

/// The fault at its place, with the calls that led there.
pub(super) fn failure(fault: &Fault, exit: Exit) -> Failure {
    let mut failure = Failure::new(exit, fault.message.clone());
    failure.code = Some(fault.code.clone());
    failure.help.clone_from(&fault.help);
    let mut places = fault.trace.iter();
    if let Some((place, at)) = places.next().and_then(|place| Some((place, place.at?))) {
        let label = format!("in {}.{}", place.dataset, place.action);
        failure = failure.at(&place.path, &place.source, at.start as usize..at.end as usize, label);
    }
    for place in places {
        let line = place.at.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        failure.notes.push(format!("called by {}.{} at {}{line}", place.dataset, place.action, place.path));
    }
    failure
}
