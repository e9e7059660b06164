//! The prompt of a terminal: history, completion, inputs of several lines.

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::super::{Exit, Failure, Outcome};
use super::commands::COMMANDS;
use super::names::Names;
use super::state::{Next, State};
use super::{history, line};

/// What rustyline asks while a line is typed.
struct Assistant(Names);

impl Helper for Assistant {}
impl Highlighter for Assistant {}

impl Hinter for Assistant {
    type Hint = String;
}

impl Completer for Assistant {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let words: Vec<&str> = COMMANDS.iter().map(|(word, ..)| *word).collect();
        Ok(self.0.complete(line.get(..at).unwrap_or(line), &words))
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match line::is_complete(context.input()) {
            true => ValidationResult::Valid(None),
            false => ValidationResult::Incomplete,
        })
    }
}

/// Asks until Ctrl-D or `.quit`. Errors are told, and the prompt goes on.
pub(super) fn run(state: &mut State) -> Outcome {
    let failed = |error: ReadlineError| Failure::usage(format!("cannot read from the terminal: {error}"));
    let config = Config::builder().completion_type(CompletionType::List).build();
    let mut editor: Editor<Assistant, FileHistory> = Editor::with_config(config).map_err(failed)?;
    let kept = history::file().filter(|file| history::prepare(file).is_ok());
    if let Some(file) = &kept {
        // There is none yet the first time.
        let _ = editor.load_history(file);
    }
    state.greet();
    loop {
        editor.set_helper(Some(Assistant(state.names.clone())));
        let typed = match editor.readline(state.prompt()) {
            Ok(typed) => typed,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(failed(error)),
        };
        if history::is_kept(&typed) && editor.add_history_entry(&typed).is_ok_and(|added| added) {
            keep(&mut editor, kept.as_deref());
        }
        match state.run(&typed) {
            Ok(Next::Leave) => break,
            Ok(Next::Go) => {}
            Err(failure) => failure.show(),
        }
    }
    state.leave();
    Ok(Exit::Fine)
}

/// A history that cannot be kept is none to speak of.
fn keep(editor: &mut Editor<Assistant, FileHistory>, file: Option<&std::path::Path>) {
    if let Some(file) = file {
        let _ = editor.append_history(file).map(|()| history::close(file));
    }
}
