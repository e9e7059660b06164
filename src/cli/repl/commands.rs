//! What begins with a dot.

use super::super::call::{self, As};
use super::super::{Failure, answer, plans, terminal};
use super::line;
use super::state::{Next, State};
use crate::deploy::call::{CallError, Depth, explain_call};
use crate::deploy::look::Known;
use crate::diagnostics::nearest;
use crate::language::Name;
use clap::ValueEnum;

/// Every command: its word, what follows it, what it does.
pub(super) const COMMANDS: &[(&str, &str, &str)] = &[
    ("tables", "[DATASET]", "the tables of the datasets, with their columns"),
    ("actions", "[DATASET]", "the actions of the datasets, with their parameters"),
    ("describe", "NAME", "a dataset, `DATASET.TABLE` or `DATASET.ACTION`"),
    ("explain", "CALL", "how a call is done: the plan of each statement; it is rolled back"),
    ("analyze", "CALL", "the same with rows and times as they were"),
    ("as", "public|oracle|owner", "how the caller comes in"),
    ("context", "", "who calls, when and how"),
    ("begin", "", "one transaction for the lines that follow"),
    ("commit", "", "keep what they did"),
    ("rollback", "", "undo what they did"),
    ("read", "FILE", "run the lines of a file; the first error ends it"),
    ("refresh", "", "look again at what is deployed"),
    ("help", "", "this list"),
    ("quit", "", "leave, as Ctrl-D does"),
];

/// Runs the command `word`.
pub(super) fn run(state: &mut State, word: &str, rest: &str) -> Result<Next, Failure> {
    match word {
        "tables" => terminal::print(&tables(state, rest)?),
        "actions" => terminal::print(&actions(state, rest)?),
        "describe" => terminal::print(&describe(state, rest)?),
        "explain" => explain(state, rest, Depth::Expected)?,
        "analyze" => explain(state, rest, Depth::Measured)?,
        "as" => {
            let role = As::from_str(rest, true);
            state.role = role
                .map_err(|_| Failure::usage(format!("`{rest}` is not `public`, `oracle` or `owner`")))?
                .into();
        }
        "context" => terminal::print(&context(state)),
        "begin" => state.begin()?,
        "commit" => state.end(true)?,
        "rollback" => state.end(false)?,
        "read" => return read(state, rest),
        "refresh" => state.refresh()?,
        "help" => terminal::print(&help()),
        "quit" | "exit" => return Ok(Next::Leave),
        _ => {
            let failure = Failure::usage(format!("no command `.{word}`"));
            let near = nearest(word, COMMANDS.iter().map(|(word, ..)| *word));
            return Err(failure.help(
                near.map_or("`.help` lists them".to_owned(), |near| format!("did you mean `.{near}`?")),
            ));
        }
    }
    Ok(Next::Go)
}

/// The datasets that `rest` means: one, or all.
fn meant<'s>(state: &'s State, rest: &str) -> Result<Vec<&'s Known>, Failure> {
    match rest {
        "" => Ok(state.names.0.iter().collect()),
        name => Ok(vec![state.names.must(name)?]),
    }
}

fn grid(headers: &[&str], rows: Vec<Vec<String>>) -> String {
    let headers: Vec<String> = headers.iter().map(|&header| header.to_owned()).collect();
    let rows: Vec<Vec<Option<String>>> =
        rows.into_iter().map(|row| row.into_iter().map(Some).collect()).collect();
    answer::grid(&headers, &rows)
}

fn tables(state: &State, rest: &str) -> Result<String, Failure> {
    let row = |known: &Known| {
        let columns = |columns: &Vec<(String, String)>| {
            columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let table = |(name, all): (&String, &Vec<(String, String)>)| {
            vec![format!("{}.{name}", known.name), columns(all)]
        };
        known.tables.iter().map(table).collect::<Vec<_>>()
    };
    Ok(grid(&["table", "columns"], meant(state, rest)?.into_iter().flat_map(row).collect()))
}

fn actions(state: &State, rest: &str) -> Result<String, Failure> {
    let row = |known: &Known| {
        let action = |(name, signature): (&Name, &crate::interface::Signature)| {
            vec![signature.render(&format!("{}.{name}", known.name))]
        };
        known.interface.actions.iter().map(action).collect::<Vec<_>>()
    };
    Ok(grid(&["action"], meant(state, rest)?.into_iter().flat_map(row).collect()))
}

/// A dataset, a table or an action, whichever has that name.
fn describe(state: &State, name: &str) -> Result<String, Failure> {
    if name.is_empty() {
        return Err(Failure::usage("`.describe` needs a name").help("as `.describe ens.names`"));
    }
    if state.names.dataset(name).is_some() {
        return Ok(tables(state, name)? + &actions(state, name)?);
    }
    let (dataset, member) = name.rsplit_once('.').unwrap_or((name, ""));
    let known = state.names.must(dataset)?;
    if let Some(columns) = known.tables.get(&member.to_ascii_lowercase()) {
        let rows = columns.iter().map(|(name, ty)| vec![name.clone(), ty.clone()]);
        return Ok(grid(&["column", "type"], rows.collect()));
    }
    if let Some(signature) = known.interface.actions.get(&Name::new(member)) {
        return Ok(format!("{}\n", signature.render(name)));
    }
    let members =
        known.tables.keys().map(String::as_str).chain(known.interface.actions.keys().map(Name::as_str));
    let failure = Failure::usage(format!("`{dataset}` has no table and no action `{member}`"));
    Err(match nearest(member, members) {
        Some(near) => failure.help(format!("did you mean `{dataset}.{near}`?")),
        None => failure.help(format!("`.describe {dataset}` lists what it has")),
    })
}

fn explain(state: &mut State, rest: &str, depth: Depth) -> Result<(), Failure> {
    if state.is_open {
        let help = "`.commit` or `.rollback` ends the one that is open";
        return Err(Failure::usage("plans are made in a transaction of their own").help(help));
    }
    let typed = line::call(rest.trim_end_matches(';')).map_err(Failure::usage)?;
    let wanted = state.wanted(&typed)?;
    let explained = state.with(async |session| match explain_call(session, &wanted, depth).await {
        Ok(explained) => Ok(explained),
        Err(CallError::Refused(error)) => Err(Failure::from(*error)),
        Err(CallError::Fault(fault)) => Err(call::failure(&fault, call::exit(&fault))),
    })?;
    terminal::print(&plans::text(&explained, terminal::style_of_stdout()));
    explained.fault.as_ref().map_or(Ok(()), |fault| Err(call::failure(fault, call::exit(fault))))
}

fn context(state: &State) -> String {
    let or = |value: Option<String>, without: &str| value.unwrap_or_else(|| without.to_owned());
    let role = format!("{:?}", state.role).to_ascii_lowercase();
    let timestamp = or(state.block_timestamp.map(|seconds| seconds.to_string()), "(now)");
    let lines = [
        ("@caller", state.caller.clone()),
        ("@height", state.height.to_string()),
        ("@txid", or(state.txid.clone(), "(a new one for each call)")),
        ("@block_timestamp", timestamp),
        ("as", role),
    ];
    lines.iter().map(|(name, value)| format!("{name:<17} {}\n", crate::diagnostics::visible(value))).collect()
}

/// Runs a file as a pipe is run.
fn read(state: &mut State, path: &str) -> Result<Next, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!("cannot read `{path}`: {}", super::super::project::reason(&error)))
    })?;
    if state.reading >= DEEPEST {
        return Err(Failure::usage(format!("`{path}` is read by itself")));
    }
    state.reading += 1;
    let outcome = lines(state, &text);
    state.reading -= 1;
    outcome
}

/// Files that read files that read files.
const DEEPEST: usize = 16;

fn lines(state: &mut State, text: &str) -> Result<Next, Failure> {
    let mut input = String::new();
    for line in text.lines() {
        input.push_str(line);
        input.push('\n');
        if line::is_complete(&input) && state.run(&std::mem::take(&mut input))? == Next::Leave {
            return Ok(Next::Leave);
        }
    }
    state.run(&input)
}

fn help() -> String {
    let mut text = "\
ens.create_wallet('w1', 0xab)     a call; by name: `$id := 'w1'`
SELECT n.id FROM ens.names AS n;  a look into tables, up to the `;`
@caller := '0xab'                 who calls; also @height, @txid, @block_timestamp

"
    .to_owned();
    for (word, rest, what) in COMMANDS {
        text.push_str(&format!("{:<33} {what}\n", format!(".{word} {rest}").trim_end()));
    }
    text
}
