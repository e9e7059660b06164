use super::{shown, syntax, told};
use crate::diagnostics::{Code, Diagnostic};
use crate::language::limits;
use crate::source::Span;

pub fn too_many_statements(at: Span) -> Diagnostic {
    let message = format!("more than {} statements in one action", limits::STATEMENTS);
    Diagnostic::new(Code::TooMany, at, message).help("split it into several actions")
}

/// Something that stands where a value, `what`, should.
pub fn expected_value(at: Span, what: &str, found: &str) -> Diagnostic {
    syntax(at, format!("expected {what}, found {}", told(found)))
}

/// A query where a value, `what`, should stand.
pub fn bare_query(at: Span, what: &str, found: &str) -> Diagnostic {
    syntax(at, format!("expected {what}, found `{}`", shown(found)))
        .help("a query in parentheses is a value: `(SELECT ..)`")
}

pub fn else_without_if(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("`{}` without an `if` before it", shown(found)))
        .help("it stands right after the `}` of an `if` or `elseif`")
}

pub fn after_else(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("`{}` after `else`", shown(found))).help("`else` comes last")
}

pub fn condition_after_else(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected `{{` or `if` after `else`, found {}", told(found)))
        .help("write `elseif condition { .. }`")
}

pub fn elsif(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected `elseif`, found `{}`", shown(found))).fix(
        "write `elseif`",
        true,
        at,
        "elseif",
    )
}

/// A body without braces, which evidently begins with `found`.
pub fn missing_braces(at: Span, keyword: &str, found: &str) -> Diagnostic {
    syntax(at, format!("expected `{{`, found `{}`", shown(found))).help(body_form(keyword))
}

/// A head without its brace, of which `before` is the last word; the next line begins with `found`.
pub fn missing_brace_after(before: Span, keyword: &str, found: &str) -> Diagnostic {
    let message = format!("expected `{{` after this, found `{}`", shown(found));
    syntax(before, message).help(body_form(keyword))
}

/// A body without braces that may begin anywhere after the statement's `keyword`.
pub fn brace_somewhere(at: Span, keyword: &str) -> Diagnostic {
    let message = format!("expected `{{` somewhere after `{}`, found none", keyword.to_ascii_lowercase());
    syntax(at, message).help(body_form(keyword))
}

fn body_form(keyword: &str) -> String {
    let form = match keyword.to_ascii_lowercase().as_str() {
        "for" => "`for $x in .. { .. }`",
        "else" => "`else { .. }`",
        _ => "`if condition { .. } elseif condition { .. } else { .. }`",
    };
    format!("a body stands in braces: {form}")
}

/// `named` says that `found` is a name followed by `in`.
pub fn loop_variable(at: Span, found: &str, named: bool) -> Diagnostic {
    let diagnostic = syntax(at, format!("expected a variable (`$name`), found {}", told(found)));
    match named {
        true => diagnostic.fix(format!("write `${}`", shown(found)), true, at, format!("${found}")),
        false => diagnostic.help("a loop is `for $x in .. { .. }`"),
    }
}

pub fn expected_in(at: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected `in`, found {}", told(found))).help("a loop is `for $x in .. { .. }`")
}

/// `return word SELECT ..`
pub fn return_query(at: Span, next: Span, word: &str) -> Diagnostic {
    syntax(at, format!("expected a query after `return`, found `{word}`")).fix(
        "remove it",
        true,
        Span::new(at.source, at.range().start, next.range().start),
        "",
    )
}

/// `return query execute ..`
pub fn made_query(at: Span) -> Diagnostic {
    syntax(at, "expected a query after `return`, found `query execute`").help(
        "queries are checked when the schema is compiled: write the query itself, with `if` around variants",
    )
}

/// `for ($i = 0; $i < n; ..) { .. }`
pub fn counting_loop(at: Span) -> Diagnostic {
    syntax(at, "expected a variable (`$name`) and `in`, found steps with `;` between them")
        .help("a loop that counts is `for $i in 1..10 { .. }`")
}

/// `break` and `continue` stand alone.
pub fn nothing_after(at: Span, word: &str, found: &str) -> Diagnostic {
    let word = word.to_ascii_lowercase();
    syntax(at, format!("expected `;` after `{word}`, found `{}`", shown(found)))
        .help(format!("`{word}` is about the innermost loop; a condition stands in an `if` around it"))
}

/// `if c THEN {`, `for .. LOOP {`
pub fn word_before_brace(at: Span, brace: Span, found: &str) -> Diagnostic {
    syntax(at, format!("expected `{{`, found `{}`", shown(found))).fix(
        "remove it",
        true,
        Span::new(at.source, at.range().start, brace.range().start),
        "",
    )
}

/// `..` where a value stands.
pub fn range_here(at: Span) -> Diagnostic {
    syntax(at, "a range is not a value").help("a range stands once, after `in`: `for $i in 1..10 { .. }`")
}
