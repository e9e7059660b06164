use super::{shown, syntax};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::language::{ContextValue, limits};
use crate::source::Span;

const ROWS: &str = "rows are written `expect f(1) returns (1, 'a'), (2, 'b');`";

pub fn second_tests(at: Span, first: Span) -> Diagnostic {
    syntax(at, "expected one `tests` in a file, found a second").also(first, "the first one")
}

pub fn unknown_test_item(at: Span, found: &str) -> Diagnostic {
    let diagnostic = syntax(at, format!("expected `setup` or `test`, found `{}`", shown(found)));
    match found.to_ascii_lowercase().as_str() {
        "database" | "use" | "table" | "action" | "procedure" | "foreign" => {
            diagnostic.help("a file that begins with `tests` has the names of the schema it tests")
        }
        lower => diagnostic.did_you_mean(at, nearest(lower, ["setup", "test"])),
    }
}

pub fn test_title(at: Span, bytes: usize) -> Diagnostic {
    let most = limits::NAME_BYTES * 4;
    match bytes > most {
        true => Diagnostic::new(
            Code::NameTooLong,
            at,
            format!("the title of a test is {bytes} bytes long, {most} are allowed"),
        ),
        false => syntax(at, "expected the title of a test, found none"),
    }
}

pub fn unknown_context_set(at: Span, word: &str) -> Diagnostic {
    let known = ContextValue::ALL.iter().map(|value| value.word());
    Diagnostic::new(Code::UnknownContext, at, format!("unknown context value `@{word}`"))
        .did_you_mean(at, nearest(word, known).map(|near| format!("@{near}")).as_deref())
}

pub fn rows_without_returns(at: Span) -> Diagnostic {
    syntax(at, "expected `;`, found `,`").help(ROWS)
}

pub fn query_without_returns(at: Span) -> Diagnostic {
    syntax(at, "expected a condition, found a query")
        .help("say which rows it has to give: `expect SELECT .. returns (1, 'a');`")
}

pub fn expected_row(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected `(` or `nothing`, found `{}`", shown(found))).help(ROWS)
}

pub fn after_row(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected `,` or `;`, found `{}`", shown(found))).help(ROWS)
}

pub fn expected_snapshot_word(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected `snapshot`, found `{}`", shown(found)))
}

pub fn expected_failure(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected a code, a text or `;`, found `{}`", shown(found)))
        .help("as `fails`, `fails KF002`, `fails 'only the owner'` or `fails KF001 'too late'`")
}

pub fn cannot_fail(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected a call or a statement of SQL, found `{}`", shown(found)))
}
