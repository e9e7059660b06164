//! `type = "exec"`: any program that speaks JSON, a line a message. `docs/guide/oracles.md` shows the protocol.

mod group;
mod lines;
mod protocol;
mod talk;

use std::process::Stdio;

use tokio::process::Command;
use toml::Table;

use super::{ConfigError, Oracle, OracleConfig, OracleContext, OracleError, Receiver, Started};
use group::Group;
use talk::Talk;

/// Keys of the table.
const KEYS: &[&str] = &["command", "directory", "environment", "config"];

/// A program of somebody else's that is an oracle.
pub struct ExecOracle;

/// The table of such an oracle.
struct Settings {
    /// The program and its arguments.
    command: Vec<String>,
    /// Where it runs.
    directory: Option<String>,
    /// Variables it has beside `PATH`.
    environment: Table,
    /// Handed to it.
    config: Table,
}

impl Settings {
    fn read(config: &OracleConfig) -> Result<Settings, ConfigError> {
        let mut keys = config.keys();
        let command: Vec<String> = keys.required("command")?;
        if command.is_empty() {
            return Err(keys.refuse("command", "a list with a program and its arguments"));
        }
        let settings = Settings {
            command,
            directory: keys.optional("directory")?,
            environment: keys.optional("environment")?.unwrap_or_default(),
            config: keys.optional("config")?.unwrap_or_default(),
        };
        if settings.environment.values().any(|value| value.as_str().is_none()) {
            return Err(keys.refuse("environment", "a table of strings"));
        }
        keys.end(KEYS)?;
        Ok(settings)
    }

    /// The program in a process group of its own, so that what it starts can be ended with it. Of the node's environment it
    /// gets the way to programs and nothing else: the rest may hold secrets of others.
    fn command(&self) -> Command {
        let (program, arguments) = self.command.split_first().map_or(("", &[][..]), |(a, b)| (a.as_str(), b));
        let mut command = Command::new(program);
        command.args(arguments).env_clear().process_group(0).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in ["PATH", "HOME", "LANG", "TZ"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        for (name, value) in &self.environment {
            command.env(name, value.as_str().unwrap_or_default());
        }
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        command
    }
}

impl Oracle for ExecOracle {
    fn start(&self, context: OracleContext, to: Receiver, config: OracleConfig) -> Started<'_> {
        Box::pin(async move {
            let settings = Settings::read(&config)?;
            let program = settings.command.first().cloned().unwrap_or_default();
            let failed = |error| OracleError::Failed(format!("`{program}` cannot be started: {error}"));
            let mut child = settings.command().spawn().map_err(failed)?;
            let group = Group::of(&child);
            let pipes = child.stdin.take().zip(child.stdout.take()).zip(child.stderr.take());
            let Some(((stdin, stdout), stderr)) = pipes else {
                return Err(OracleError::Failed("the program has no pipes".to_owned()));
            };
            context.spawn(talk::listen_to_errors(context.clone(), stderr));
            let talk = Talk { context: context.clone(), to, name: config.name().to_owned(), stdin };
            context.spawn(talk.run(child, group, stdout, settings.config));
            Ok(())
        })
    }
}
