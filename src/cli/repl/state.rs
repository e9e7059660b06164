//! What the prompt knows from one line to the next.

use tokio::runtime::Runtime;

use super::super::answer::{self, Format};
use super::super::call::{self, fresh_context};
use super::super::database::Chosen;
use super::super::interrupt::stoppable;
use super::super::{Exit, Failure, terminal};
use super::commands;
use super::line::{self, Line, Typed};
use super::names::Names;
use crate::deploy::call::call as call_alone;
use crate::deploy::call::{Call, CallError, Role, call_within, end, open};
use crate::deploy::connect::Session;
use crate::deploy::look::{known, look};

/// What to do after a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Next {
    Go,
    Leave,
}

/// The session and the circumstances of its calls.
pub(super) struct State {
    chosen: Chosen,
    runtime: Runtime,
    session: Option<Session>,
    /// True between `.begin` and `.commit` or `.rollback`.
    pub is_open: bool,
    /// What is deployed.
    pub names: Names,
    /// `@caller`
    pub caller: String,
    /// `@height`
    pub height: i64,
    /// `@txid`; a new one for each call where none is set.
    pub txid: Option<String>,
    /// `@block_timestamp`; now where none is set.
    pub block_timestamp: Option<i64>,
    /// How the caller comes in.
    pub role: Role,
    /// How many files are being read, one by another.
    pub reading: usize,
}

impl State {
    /// Connects, and looks at what is deployed.
    pub fn new(chosen: Chosen, caller: String, role: Role) -> Result<State, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::usage(format!("cannot begin: {error}")))?;
        let (session, is_open, names) = (None, false, Names::default());
        let (height, txid, block_timestamp) = (1, None, None);
        let mut state = State {
            chosen,
            runtime,
            session,
            is_open,
            names,
            caller,
            height,
            txid,
            block_timestamp,
            role,
            reading: 0,
        };
        state.refresh()?;
        Ok(state)
    }

    /// What stands before the next line; a star where a transaction is open.
    pub fn prompt(&self) -> &'static str {
        if self.is_open { "kf*> " } else { "kf> " }
    }

    /// The first lines on a terminal.
    pub fn greet(&self) {
        let count = self.names.0.len();
        let plural = if count == 1 { "" } else { "s" };
        terminal::print(&format!(
            "{count} dataset{plural} deployed; `.help` says what can be typed, Ctrl-D leaves\n"
        ));
    }

    /// Undoes what is open, since nobody can end it any more.
    pub fn leave(&mut self) {
        if std::mem::take(&mut self.is_open) {
            terminal::print("rolled back what was open\n");
        }
    }

    /// Looks again at what is deployed.
    pub fn refresh(&mut self) -> Result<(), Failure> {
        self.names = Names(self.with(async |session| Ok(known(session).await?))?);
        Ok(())
    }

    /// Runs one input.
    ///
    /// # Errors
    /// What was wrong with it, or what it ended with.
    pub fn run(&mut self, text: &str) -> Result<Next, Failure> {
        match line::parse(text).map_err(Failure::usage)? {
            Line::Empty => {}
            Line::Command(word, rest) => return commands::run(self, &word, &rest),
            Line::Set(name, value) => self.set(&name, value)?,
            Line::Query(sql) => self.query(&sql)?,
            Line::Call(typed) => self.call(&typed)?,
        }
        Ok(Next::Go)
    }

    /// Runs `work` on a session that is alive. One that has died is given up, and the next line gets a new one.
    pub fn with<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let State { chosen, runtime, session, is_open, .. } = self;
        runtime.block_on(async {
            settle().await;
            let mut alive = match session.take().filter(|session| !session.client.is_closed()) {
                Some(alive) => alive,
                None if std::mem::take(is_open) => return Err(lost()),
                None => chosen.session().await?,
            };
            let canceller = alive.canceller();
            let (outcome, _) = stoppable(&canceller, work(&mut alive)).await;
            settle().await;
            match alive.client.is_closed() {
                true if std::mem::take(is_open) => Err(lost()),
                true => outcome.map_err(|failure| failure.help(AGAIN)),
                false => {
                    *session = Some(alive);
                    outcome
                }
            }
        })
    }

    fn set(&mut self, name: &str, value: Option<String>) -> Result<(), Failure> {
        let number = |value: Option<String>| -> Result<Option<i64>, Failure> {
            let Some(text) = value else { return Ok(None) };
            text.parse()
                .map(Some)
                .map_err(|_| Failure::usage(format!("`@{name}` must be an int, not `{text}`")))
        };
        match name {
            "caller" => {
                let caller = value.filter(|caller| !caller.is_empty());
                self.caller = caller.ok_or_else(|| Failure::usage("`@caller` must be somebody"))?;
            }
            "txid" => self.txid = value,
            "height" => self.height = number(value)?.unwrap_or(1),
            "block_timestamp" => self.block_timestamp = number(value)?,
            _ => {
                let known = "what can be set: `@caller`, `@height`, `@txid`, `@block_timestamp`";
                return Err(Failure::usage(format!("`@{name}` cannot be set")).help(known));
            }
        }
        Ok(())
    }

    /// A call with the circumstances of now.
    pub fn wanted(&self, typed: &Typed) -> Result<Call, Failure> {
        Ok(Call {
            dataset: typed.dataset.clone(),
            action: typed.action.clone(),
            arguments: self.names.given(typed)?,
            context: fresh_context(self.caller.clone(), self.height, self.txid.clone(), self.block_timestamp),
            role: self.role,
        })
    }

    fn call(&mut self, typed: &Typed) -> Result<(), Failure> {
        let wanted = self.wanted(typed)?;
        let within = self.is_open;
        let outcome = self.with(async |session| {
            let outcome = match within {
                true => call_within(session, &wanted).await,
                false => call_alone(session, &wanted).await,
            };
            match outcome {
                // So that what becomes of the session is seen.
                Err(CallError::Refused(error)) => Err(Failure::from(*error)),
                Err(CallError::Fault(fault)) => Ok(Err(fault)),
                Ok(answer) => Ok(Ok(answer)),
            }
        })?;
        match outcome {
            Ok(answer) => {
                call::say(&answer.notices);
                terminal::print(&answer::text(&answer, Format::Table));
                Ok(())
            }
            Err(fault) => {
                call::say(&fault.notices);
                Err(call::failure(&fault, call::exit(&fault)))
            }
        }
    }

    fn query(&mut self, sql: &str) -> Result<(), Failure> {
        let (names, within) = (self.names.clone(), self.is_open);
        let place = move |dataset: &str, table: &str| names.place(dataset, table);
        let seen = self.with(async |session| {
            look(session, sql, &place, within).await.map_err(|error| refused(&error))
        })?;
        terminal::print(&answer::grid(&seen.columns, &seen.rows));
        Ok(())
    }

    /// `.begin`
    pub fn begin(&mut self) -> Result<(), Failure> {
        if self.is_open {
            return Err(
                Failure::usage("a transaction is open already").help("`.commit` or `.rollback` ends it")
            );
        }
        self.with(async |session| Ok(open(session).await?))?;
        self.is_open = true;
        Ok(())
    }

    /// `.commit` and `.rollback`
    pub fn end(&mut self, keep: bool) -> Result<(), Failure> {
        if !self.is_open {
            return Err(Failure::usage("no transaction is open").help("`.begin` opens one"));
        }
        let outcome = self.with(async |session| Ok(end(session, keep).await?));
        // A COMMIT that fails has rolled back.
        self.is_open = false;
        outcome
    }
}

const AGAIN: &str = "the next line connects again";

fn lost() -> Failure {
    Failure::new(Exit::Database, "the connection was lost, and the open transaction with it").help(AGAIN)
}

/// Lets the connection notice what has become of the server meanwhile.
async fn settle() {
    for _ in 0..4 {
        tokio::task::yield_now().await;
    }
}

/// What the database says of a query.
fn refused(error: &tokio_postgres::Error) -> Failure {
    let Some(said) = error.as_db_error() else {
        return Failure::new(Exit::Database, format!("the database cannot be asked: {error}"));
    };
    let state = said.code().code();
    let wrong = ["42", "22", "0A", "25"].iter().any(|class| state.starts_with(class));
    let exit = if wrong { Exit::Usage } else { Exit::Database };
    let failure = Failure::new(exit, format!("{} (SQLSTATE {state})", said.message()));
    match (said.hint(), state) {
        (_, "57014") => Failure::new(exit, "stopped"),
        (_, "42P01") => failure.help("tables are written `DATASET.TABLE`; `.tables` lists them"),
        (Some(hint), _) => failure.help(hint),
        _ => failure,
    }
}
