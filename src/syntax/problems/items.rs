use super::{either, shown, syntax, told};
use crate::diagnostics::{Code, Diagnostic};
use crate::language::Ident;
use crate::source::Span;

/// `found` is the token at `at`, or nothing at the end of the file.
pub fn unexpected(at: Span, expected: &[&str], found: Option<&str>) -> Diagnostic {
    syntax(at, format!("expected {}, found {}", either(expected), told(found.unwrap_or_default())))
}

/// Something is missing at the end of `before`; `mark` is inserted by the fix if it is a punctuation mark.
pub fn missing(before: Span, expected: &[&str], found: Option<&str>, mark: Option<&str>) -> Diagnostic {
    let found = told(found.unwrap_or_default());
    let diagnostic = syntax(before, format!("expected {} after this, found {found}", either(expected)));
    match mark {
        Some(mark) => diagnostic.fix(format!("insert `{mark}`"), false, before.after(), mark),
        None => diagnostic,
    }
}

/// The fix is offered if what follows may be a statement, or nothing.
pub fn missing_semicolon(before: Span, found: &str, fixable: bool) -> Diagnostic {
    let report = syntax(before, format!("expected `;` after this, found {}", told(found)));
    if fixable { report.fix("insert `;`", true, before.after(), ";") } else { report }
}

pub fn missing_comma(before: Span, found: &str) -> Diagnostic {
    let message = format!("expected `,` after this, found {}", told(found));
    syntax(before, message).fix("insert `,`", true, before.after(), ",")
}

pub fn missing_database(at: Span, found: Option<&str>) -> Diagnostic {
    syntax(at, format!("expected `database NAME;`, found {}", told(found.unwrap_or_default())))
        .help("a file begins with the name of its schema")
}

pub fn late_database(at: Span) -> Diagnostic {
    syntax(at, "expected `database` before everything else, found it after other items")
        .help("move it to the top of the file")
}

pub fn second_database(at: Span, first: Span) -> Diagnostic {
    syntax(at, "expected one `database` in a file, found a second").also(first, "the first one")
}

pub fn misspelt_keyword(at: Span, found: &str, meant: &str) -> Diagnostic {
    let expected = if meant == "database" { "`database NAME;`" } else { "`use`, `table` or `action`" };
    syntax(at, format!("expected {expected}, found `{}`", shown(found))).did_you_mean(at, Some(meant))
}

/// `found` is what should follow the keyword `word`.
pub fn missing_keyword(at: Span, found: &str, word: &str) -> Diagnostic {
    let start = Span::new(at.source, at.range().start, at.range().start);
    syntax(at, format!("expected `{word}`, found `{}`", shown(found))).fix(
        format!("insert `{word}`"),
        true,
        start,
        format!("{word} "),
    )
}

/// `ended` is the `}` of an action right before it.
pub fn unknown_item(at: Span, found: &str, ended: Option<Span>) -> Diagnostic {
    let diagnostic = syntax(at, format!("expected `use`, `table` or `action`, found `{}`", shown(found)));
    let diagnostic = match ended {
        Some(ended) => diagnostic.also(ended, "the action before ends here"),
        None => diagnostic,
    };
    match found.to_ascii_lowercase().as_str() {
        "select" | "insert" | "update" | "delete" | "with" => {
            diagnostic.help("statements stand inside an action")
        }
        "init" => {
            diagnostic.help("write an action with the modifier `owner`, and call it once after deploying")
        }
        "extern" => diagnostic.help("declare it in a file of its own, which begins with `extern NAME;`"),
        "create" | "alter" | "drop" => diagnostic.help(
            "a table is written `table NAME { column type, .. }`, an action `action NAME(..) modifiers { .. }`",
        ),
        "grant" | "revoke" | "transfer" => diagnostic.help(
            "who may call an action is said by its modifiers, and who owns a schema when it is deployed",
        ),
        "set" | "unuse" | "{" => {
            diagnostic.help("a file is one schema, which reaches others by `use NAME as ALIAS;`")
        }
        _ => diagnostic,
    }
}

pub fn stray_brace(at: Span) -> Diagnostic {
    syntax(at, "expected `use`, `table` or `action`, found `}`").label("closes nothing").fix(
        "remove it",
        false,
        at,
        "",
    )
}

pub fn stray_semicolon(at: Span) -> Diagnostic {
    syntax(at, "expected `use`, `table` or `action`, found `;`")
        .help("only `database` and `use` end with `;`")
        .fix("remove it", true, at, "")
}

/// `what`, opened by `open`, is never closed; `last` is the last token of it.
pub fn unclosed_brace(open: Span, last: Span, what: &str) -> Diagnostic {
    syntax(last, format!("{what} is not closed: expected `}}`"))
        .label("expected `}` after this")
        .also(open, "opened here")
}

/// `closer` closes `open`, but stands further left, so that it was probably meant for a brace around it; `last` is the
/// token before it.
pub fn misplaced_brace(open: Span, last: Span, closer: Span) -> Diagnostic {
    syntax(last, "`{` is not closed: expected `}`")
        .label("expected `}` after this")
        .also(open, "opened here")
        .also(closer, "this `}` stands further left, as if it closed something around it")
}

pub fn unclosed_bracket(at: Span, open: &str, close: &str, before: Span) -> Diagnostic {
    syntax(at, format!("`{open}` is not closed: expected `{close}`"))
        .label("opened here")
        .also(before, format!("expected `{close}` before this"))
}

pub fn stray_bracket(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("`{found}` closes nothing"))
}

pub fn empty_table(at: Span) -> Diagnostic {
    syntax(at, "expected a column (`name type`), found `}`").help("a table has at least a primary key")
}

pub fn empty_entry(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected a column, an index or a foreign key, found `{found}`"))
}

pub fn misplaced_annotation(at: Span, text: &str) -> Diagnostic {
    syntax(at, format!("expected an action after `{}`", shown(text)))
}

pub fn repeated_annotation(name: &Ident, earlier: Span) -> Diagnostic {
    let message = format!("annotation `@{}` stands here twice", name.name);
    Diagnostic::new(Code::Duplicate, name.span, message).also(earlier, "first here")
}

pub fn repeated_key(key: &Ident, earlier: Span) -> Diagnostic {
    let message = format!("`{}` is said twice in one annotation", key.name);
    Diagnostic::new(Code::Duplicate, key.span, message).also(earlier, "first here")
}

pub fn parameter_without_sign(at: Span, name: &str) -> Diagnostic {
    syntax(at, format!("expected a parameter (`$name`), found `{}`", shown(name)))
        .help(format!("write `${}`", shown(name)))
        .fix("insert `$`", false, Span { end: at.start, ..at }, "$")
}

pub fn late_modifier(at: Span, word: &str) -> Diagnostic {
    syntax(at, format!("expected `{{`, found `{}`", shown(word))).help("modifiers stand before `returns`")
}

pub fn change_said_twice(at: Span, words: &str) -> Diagnostic {
    syntax(at, format!("expected one `{words}`, found a second"))
}

/// `what` is a plural: "columns".
pub fn too_many(at: Span, found: usize, most: usize, what: &str) -> Diagnostic {
    Diagnostic::new(Code::TooMany, at, format!("{found} {what} where at most {most} are allowed"))
}
