use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

use super::DeployError;
use super::connect::reason;
use super::history::{Lost, NoWay};
use super::plan::{Break, Plan};
use crate::diagnostics::Code;
use crate::interface::Dbid;
use crate::language::Name;
use crate::migrate::{Step, Verdict, Work, WorkKind};
use crate::pg::{Header, print};

/// Functions for gateways belong to roles.
pub fn api_without_roles() -> DeployError {
    let message =
        "functions for gateways need the roles of Kuneiform, and everything in this database has one role";
    DeployError::new(Code::DatabaseRight, message)
        .help("deploy to a database where the roles can be made or were given; see docs/guide/deploying.md")
}

/// A setting or version of the server that would change what actions mean.
pub fn unsuitable(what: &str, found: &str, needed: &str) -> DeployError {
    DeployError::new(
        Code::DatabaseUnsuitable,
        format!("the server's {what} is `{found}`, but {needed} is needed"),
    )
}

/// The server replays what another one writes.
pub fn standby() -> DeployError {
    DeployError::new(Code::DatabaseUnsuitable, "the server is a standby, which only reads")
        .help("connect to its primary; with several hosts, `target_session_attrs=read-write` finds it")
}

/// The registry was written by a later `kf`.
pub fn later_registry(found: i32, known: i32) -> DeployError {
    let message =
        format!("the database's registry has version {found}, and this `kf` knows versions up to {known}");
    DeployError::new(Code::DatabaseUnsuitable, message).help("use a newer `kf`")
}

/// There is a schema `kf` that is not ours.
pub fn foreign_kf() -> DeployError {
    DeployError::new(Code::SchemaTaken, "the database has a schema `kf` that Kuneiform did not make")
        .help("use another database, or drop or rename that schema")
}

/// The database refused something for a reason that is not the deployed SQL's.
pub fn database(error: &tokio_postgres::Error) -> DeployError {
    let said = reason(error);
    let Some(state) = error.code() else {
        return DeployError::new(
            Code::DatabaseFailed,
            format!("the connection to the database failed: {said}"),
        );
    };
    let noted = |code: Code, message: String| {
        DeployError::new(code, message).note(format!("SQLSTATE {}", state.code()))
    };
    if *state == SqlState::INSUFFICIENT_PRIVILEGE {
        return noted(Code::DatabaseRight, format!("the database does not allow it: {said}"))
            .help("use a superuser, or a login that owns the database and is a member of `kf_owner`");
    }
    if is_collision(state) {
        return noted(Code::DeployBusy, format!("somebody else is using what this needs: {said}"))
            .help("try again");
    }
    noted(Code::DatabaseFailed, format!("the database failed: {said}"))
}

/// SQL of the user's own, shown as `shown`, that the database refused.
pub fn script_refused(shown: &str, text: &str, error: &tokio_postgres::Error) -> DeployError {
    let Some(said) = error.as_db_error() else { return database(error) };
    let refused =
        DeployError::new(Code::DatabaseFailed, format!("`{shown}` cannot be run: {}", said.message()));
    // PostgreSQL counts characters, from one.
    let line = |at: u32| 1 + text.chars().take(at as usize - 1).filter(|it| *it == '\n').count();
    let place = match said.position() {
        Some(ErrorPosition::Original(at)) if *at > 0 => format!("at {shown}:{}, ", line(*at)),
        _ => String::new(),
    };
    refused.note(format!("{place}SQLSTATE {}", said.code().code()))
}

/// True if the connection ended, or is about to, so that nobody said what became of a commit.
pub fn is_lost(error: &tokio_postgres::Error) -> bool {
    let ends = |state: &SqlState| ["08", "57P"].iter().any(|class| state.code().starts_with(class));
    error.code().is_none_or(ends)
}

/// True for errors that only say that others were working on the same things.
pub fn is_collision(state: &SqlState) -> bool {
    let code = state.code();
    ["40001", "40P01", "55P03", "55006"].contains(&code)
}

/// True for errors that are the server's trouble and not the statement's.
pub fn is_servers(state: &SqlState) -> bool {
    ["08", "53", "57", "58", "25"].iter().any(|class| state.code().starts_with(class))
}

/// The registry was written by an earlier `kf`, and something is to be read that it does not have.
pub fn earlier_registry(found: i32, known: i32) -> DeployError {
    let message = format!("the database's registry has version {found}, and version {known} is needed");
    DeployError::new(Code::DatabaseUnsuitable, message).help("`kf deploy` brings it up to date")
}

/// A step that cannot be done; `told` is what the rows say.
pub fn step_refused(code: Code, dataset: &Name, step: &Step, told: Vec<String>) -> DeployError {
    let mut error = DeployError::new(code, format!("`{dataset}`: {}: it cannot be done", step.what));
    error.notes = told.into_iter().chain(step.notes.iter().cloned()).collect();
    error.notes.extend(step.place.as_ref().map(|place| format!("at {}:{}", place.path, place.line)));
    let help = || "mend the rows with an action first".to_owned();
    error.help = step.help.clone().or_else(|| (code == Code::DataRefused).then(help));
    error
}

/// Importers that would not compile any more, one error for each.
pub fn broken(breaks: &[Break]) -> Vec<DeployError> {
    let mut names: Vec<&Name> = breaks.iter().map(|it| &it.dataset).collect();
    names.dedup();
    let error = |name: &Name| {
        let message = format!("`{name}` relies on what changes, and would be left broken");
        let mut error = DeployError::new(Code::ImportersLeft, message);
        error.notes.extend(breaks.iter().filter(|it| it.dataset == *name).map(broken_place));
        error.help(format!("mend `{name}` and deploy it together with what it imports"))
    };
    names.into_iter().map(error).collect()
}

/// `` `social.get_posts` at social.kf:10: no column `owner` [KF0203] ``
fn broken_place(it: &Break) -> String {
    let name = &it.dataset;
    let action = it.action.as_ref().map_or_else(|| name.to_string(), |action| format!("{name}.{action}"));
    format!("`{action}` at {}:{}: {} [{}]", it.place.path, it.place.line, it.why, it.code)
}

/// Datasets that stay import what is to be dropped; one error for each.
pub fn still_imported(breaks: &[Break]) -> Vec<DeployError> {
    let mut names: Vec<&Name> = breaks.iter().map(|it| &it.dataset).collect();
    names.dedup();
    let error = |name: &Name| {
        let message = format!("`{name}` imports what is to be dropped");
        let places = breaks.iter().filter(|it| it.dataset == *name).map(broken_place);
        let error = DeployError::new(Code::ImportersLeft, message);
        places.fold(error, DeployError::note).help(format!("name `{name}` too, so that both are dropped"))
    };
    names.into_iter().map(error).collect()
}

/// A dataset is not there, or not any more.
pub fn not_deployed(dbid: &Dbid) -> DeployError {
    DeployError::new(Code::DatasetUnknown, format!("`{dbid}` is not deployed in this database"))
}

/// Something that is no dataset rests on a table or function that has to be dropped, or lies in its schema.
pub fn depended(dataset: &Name, said: &DbError) -> DeployError {
    let message = format!("`{dataset}`: what others made depends on what has to be dropped");
    let error = DeployError::new(Code::DependedOn, message);
    let facts = said.detail().unwrap_or(said.message()).lines();
    facts
        .fold(error, DeployError::note)
        .help("drop that first, or change it so that it rests on something else")
}

/// An earlier version does not compile against what it imports by now.
pub fn version_unfit(dataset: &Name, version: i32, places: &[&Break]) -> DeployError {
    let message = format!("version {version} of `{dataset}` does not fit what it imports by now");
    let error = DeployError::new(Code::ImportMoved, message);
    let error = places.iter().fold(error, |error, place| error.note(broken_place(place)));
    error.help("name what it imports beside it, so that both go back together")
}

/// There is nothing to go back to.
pub fn no_version(dbid: &Dbid, to: Option<i32>, why: &NoWay) -> DeployError {
    match why {
        NoWay::First => {
            let message = format!("`{dbid}` has no earlier version to go back to");
            DeployError::new(Code::VersionUnknown, message)
                .help(format!("`kf show {dbid} --versions` lists those it had"))
        }
        NoWay::Unknown(first, last) => {
            let asked = to.map_or_else(String::new, |to| format!(" {to}"));
            let message = format!("`{dbid}` has no version{asked}, but versions {first} to {last}");
            DeployError::new(Code::VersionUnknown, message)
                .help(format!("`kf show {dbid} --versions` lists them"))
        }
    }
}

/// A version is known by its number alone.
pub fn version_not_kept(dbid: &Dbid, version: i32) -> DeployError {
    let message = format!("what version {version} of `{dbid}` was is not remembered");
    DeployError::new(Code::VersionUnknown, message).help("deploy its source")
}

/// Rows or values that a version had are gone.
pub fn version_lost(dbid: &Dbid, version: i32, lost: &[Lost]) -> DeployError {
    let message = format!("version {version} of `{dbid}` cannot be had back, because data of it is gone");
    let told = |it: &Lost| match &it.column {
        Some(column) => format!("the values of `{}.{column}` went with version {}", it.table, it.with),
        None => format!("the rows of `{}` went with version {}", it.table, it.with),
    };
    let error = DeployError::new(Code::VersionLost, message);
    lost.iter().map(told).fold(error, DeployError::note).help(format!(
        "to have it back without them, deploy its source, which `kf show {dbid} --version {version} --source` prints"
    ))
}

/// Somebody has to agree first.
pub fn consent(plan: &Plan, missing: &[&str]) -> DeployError {
    let message = match missing {
        ["breaking"] => "callers may be refused what they were given",
        ["delete-data"] => "rows or values would go for good",
        _ => "callers may be refused what they were given, and rows or values would go for good",
    };
    let mut error = DeployError::new(Code::ConsentNeeded, message);
    for dataset in &plan.datasets {
        let named = dataset.steps.iter().filter(|step| step.verdict > Verdict::Safe);
        error.notes.extend(named.map(|step| format!("`{}`: {}", dataset.name, step.what)));
    }
    error.help(format!("if that is meant, say `--yes={}`", missing.join(",")))
}

/// Importers that stay as they are rely on what would change.
pub fn importers_left(dataset: &Name, importers: &[String]) -> DeployError {
    let list = importers.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    DeployError::new(Code::ImportersLeft, format!("`{dataset}` changed, and {list} relies on what it was"))
        .help(format!("deploy {list} together with `{dataset}`"))
}

/// An import is neither deployed nor being deployed.
pub fn import_missing(dataset: &Name, import: &Dbid) -> DeployError {
    DeployError::new(Code::ImportMoved, format!("`{dataset}` imports `{import}`, which is not deployed"))
        .help(format!("deploy `{import}` first, or together with `{dataset}`"))
}

/// An import is deployed with other signatures than those it was compiled against.
pub fn import_differs(dataset: &Name, import: &Dbid) -> DeployError {
    let message =
        format!("`{dataset}` was compiled against another version of `{import}` than the one deployed");
    DeployError::new(Code::ImportMoved, message)
        .help(format!("deploy `{import}` together with `{dataset}`, or take what is deployed with `kf import` and compile again"))
}

/// What replicas must agree on would rest on what they may not agree on.
pub fn import_of_app(dataset: &Name, import: &Dbid) -> DeployError {
    let message =
        format!("`{dataset}` has the profile `node` and imports `{import}`, which has the profile `app`");
    DeployError::new(Code::ImportProfile, message)
        .note("replicas may not agree on what a dataset of the profile `app` gives")
        .help(format!("deploy `{import}` with the profile `node`, or `{dataset}` with `app`"))
}

/// Somebody was faster.
pub fn conflict(dataset: &Name) -> DeployError {
    let message = format!("`{dataset}` was deployed by somebody else in the meantime");
    DeployError::new(Code::DeployConflict, message).help("look at what is deployed now, and deploy again")
}

/// Its lock was not to be had in time.
pub fn busy(dataset: &Name) -> DeployError {
    let message =
        format!("`{dataset}`, or a dataset it imports, is being deployed or called by somebody else");
    DeployError::new(Code::DeployBusy, message).help("deploy again")
}

/// The PostgreSQL schema is there without a dataset.
pub fn schema_taken(dataset: &Name, schema: &str) -> DeployError {
    let message =
        format!("`{dataset}` needs the PostgreSQL schema `{schema}`, which exists and holds no dataset");
    DeployError::new(Code::SchemaTaken, message).help("drop or rename that schema, or use another database")
}

/// Rows came that do not fit, after they were asked.
pub fn data_refused(dataset: &Name, said: &str) -> DeployError {
    DeployError::new(Code::DataRefused, format!("`{dataset}`: rows that are there do not fit: {said}"))
        .help("mend the rows with an action first")
}

/// The new version is there, and something about old rows is not done.
pub fn left(code: Code, dataset: &Name, work: &Work, said: &str) -> DeployError {
    let (what, meanwhile) = match work.kind {
        WorkKind::Index => {
            (format!("its index `{}` is not built", work.name), "queries do without it until then")
        }
        WorkKind::Constraint => (
            format!("its constraint `{}` is not validated", work.name),
            "it holds for rows that are written from now on",
        ),
    };
    let message = format!("`{dataset}` is deployed, but {what} yet: {said}");
    DeployError::new(code, message).note(meanwhile)
}

/// What was made before the switch is kept for the next try.
pub fn kept_ahead(error: DeployError) -> DeployError {
    error.note(
        "indexes and checks that were made for the new version stay, and the next deploy of it uses them",
    )
}

/// PostgreSQL does not take what the compiler wrote; `place` is `path:line:column`.
pub fn sql_refused(dataset: &Name, place: &str, said: &str, state: &str) -> DeployError {
    let message = format!("PostgreSQL refused the SQL made from {place}: {said}");
    DeployError::new(Code::SqlRefused, message)
        .note(format!("dataset `{dataset}`, SQLSTATE {state}"))
        .help("this is a bug in kf, not in your schema; please report it with the schema")
}

/// A function of an extern is not there with these parameters. `others` are those that have its name.
pub fn extern_missing(
    dataset: &Name,
    path: &str,
    header: &Header,
    has_schema: bool,
    others: &[String],
) -> DeployError {
    let how = if others.is_empty() { "" } else { " with the parameters its interface file declares" };
    let message = format!("`{dataset}` calls `{path}`, which is not installed{how}");
    let error = DeployError::new(Code::ExternMissing, message);
    let error = match (has_schema, others) {
        (false, _) => error.note(format!("there is no schema {}", header.name.schema)),
        (true, []) => error,
        (true, others) => error.note(format!("installed is {}", others.join(", "))),
    };
    error.help(format!("install it: {}", print::create(header)))
}

/// A function of an extern gives something else back.
pub fn extern_result(path: &str, header: &Header, gives: &str) -> DeployError {
    let message = format!("`{path}` does not give back what its interface file declares, but {gives}");
    DeployError::new(Code::ExternMissing, message).help(format!("install {}", print::create(header)))
}

/// A function that is declared to only read is installed as one that may do anything.
pub fn extern_volatile(path: &str, header: &Header) -> DeployError {
    let message = format!("`{path}` is declared `view`, and is installed as VOLATILE");
    DeployError::new(Code::ExternMissing, message).help(format!(
        "if it only reads: {}; else leave `view` out of its interface file",
        print::alter_stable(header)
    ))
}

/// The role that actions run as lacks a right.
pub fn extern_right(path: &str, header: &Header, role: &str, what: &str, grant: &str) -> DeployError {
    let who = if header.is_view { "views" } else { "actions" };
    let message = format!("the role `{role}`, which {who} run as, may not {what} `{path}`");
    DeployError::new(Code::ExternMissing, message).help(format!("run {grant}"))
}

/// The connection broke at COMMIT and the database cannot be asked.
pub fn outcome_unknown(dataset: &Name) -> DeployError {
    let message =
        format!("the connection was lost while `{dataset}` was committed, and could not be had again");
    DeployError::new(Code::OutcomeUnknown, message)
        .help("deploy again when the database is back; what is done is left alone")
}

/// The connection broke, and nothing was committed.
pub fn connection_lost(dataset: &Name) -> DeployError {
    let message = format!("the connection was lost while `{dataset}` was deployed; nothing was changed");
    DeployError::new(Code::DatabaseFailed, message).help("deploy again")
}

/// A row of the registry cannot be read.
pub fn registry_unreadable(dbid: &str, why: &str) -> DeployError {
    let message = format!("the registry's entry of `{dbid}` cannot be read: {why}");
    DeployError::new(Code::DatabaseUnsuitable, message)
        .help("it was probably written by another version of `kf`")
}

/// Two functions for gateways would have one name; `of` is the dataset that has it, none if it is nobody's.
pub fn api_name_taken((schema, name): (&str, &str), dataset: &Name, of: Option<&Name>) -> DeployError {
    let by = of.map_or_else(|| "a function of somebody else".to_owned(), |of| format!("`{of}`"));
    let message = format!("`{dataset}` exposes `{schema}.{name}`, which is taken by {by}");
    DeployError::new(Code::ApiNameTaken, message).help(format!(
        "let its names begin with `{dataset}_`: `[expose.datasets] {dataset} = {{ prefix = \"{dataset}\" }}` in kf.toml"
    ))
}

/// Two datasets of one compilation would expose a function of one name.
pub fn two_of_a_name(function: (&str, &str), dataset: &Name, of: &Name) -> DeployError {
    api_name_taken(function, dataset, Some(of))
}

/// A role that is to call is not there.
pub fn api_role_missing(role: &str) -> DeployError {
    DeployError::new(
        Code::ApiRoleMissing,
        format!("the role `{role}`, which is to call what is exposed, does not exist"),
    )
    .help(format!(
        "`CREATE ROLE {role} NOLOGIN` makes it; or name the gateway's roles in `[expose.roles]` of kf.toml"
    ))
}

/// The schema of the functions for gateways is somebody else's.
pub fn api_schema_taken(schema: &str) -> DeployError {
    let message = format!(
        "the PostgreSQL schema `{schema}`, which is to hold what is exposed, is used for something else"
    );
    DeployError::new(Code::SchemaTaken, message)
        .help("expose in a schema that `kf` may make and keep, as `--expose api`")
}
