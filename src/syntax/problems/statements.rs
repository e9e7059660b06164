use super::shown;
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::source::Span;

const EXISTING: &str = "statements are SQL, calls, `$x := ..`, `if`, `for`, `break`, `continue` and `return`";

/// `word` begins a statement of SQL or of another language that does not exist here.
pub fn foreign_statement(at: Span, word: &str) -> Diagnostic {
    let message = format!("`{}` is not a statement of the language", shown(word));
    let help = instead(&word.to_ascii_lowercase()).unwrap_or(EXISTING);
    Diagnostic::new(Code::UnknownStatement, at, message).help(help)
}

/// What to write instead of a statement of another language.
fn instead(word: &str) -> Option<&'static str> {
    Some(match word {
        "while" | "loop" | "foreach" | "repeat" | "until" => {
            "loops are bounded: `for $x in .. { .. }` goes over a range, an array or rows, and `break` ends it early"
        }
        "replace" | "merge" | "upsert" => {
            "write `INSERT INTO .. ON CONFLICT (key) DO UPDATE SET column = excluded.column`"
        }
        "truncate" => "write `DELETE FROM table;`",
        "create" | "alter" | "drop" | "table" => "tables and actions stand beside actions, not in them",
        "grant" | "revoke" => "who may call an action is said by its modifiers",
        "exit" => "a loop ends with `break`",
        "declare" | "let" | "var" | "set" => "a variable is declared by `$x TYPE := value;`",
        "perform" | "call" | "execute" => "a call is `f(..);`",
        "raise" | "throw" => "`ERROR('why');` raises, `NOTICE('what');` tells the caller",
        "exception" | "try" => "an error ends the action and undoes it: there is no handler",
        "end" => "a body ends with `}`",
        "begin" | "commit" | "rollback" | "savepoint" => {
            "an action is one transaction, which the host begins and ends"
        }
        "case" | "switch" | "match" => "write `if condition { .. } elseif condition { .. } else { .. }`",
        _ => return None,
    })
}

/// `word` may be a statement misspelt.
pub fn unknown_statement(at: Span, word: &str) -> Diagnostic {
    const WORDS: &[&str] = &["select", "insert", "update", "delete", "with"];
    match nearest(word, WORDS.iter().copied()) {
        Some(near) => {
            let near = if word.chars().any(char::is_uppercase) {
                near.to_ascii_uppercase()
            } else {
                near.to_owned()
            };
            let message = format!("expected a statement, found `{}`", shown(word));
            Diagnostic::new(Code::Syntax, at, message).did_you_mean(at, Some(&near))
        }
        None => foreign_statement(at, word),
    }
}

pub fn not_a_statement(at: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("expected a statement, found `{}`", shown(found)))
}

pub fn assign_to_context(at: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::AssignToContext, at, format!("`{}` cannot be assigned", shown(name)))
        .help("declare a variable for a value of your own: `$x := ..`")
}
