use super::{shown, syntax};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::language::Ident;
use crate::source::Span;

pub fn repeated_config(key: &Ident, earlier: Span) -> Diagnostic {
    let message = format!("`{}` is given twice", key.name);
    Diagnostic::new(Code::Duplicate, key.span, message).also(earlier, "first here")
}

pub fn second_extern(at: Span, first: Span) -> Diagnostic {
    syntax(at, "expected one `extern` in a file, found a second").also(first, "the first one")
}

pub fn unknown_interface_item(at: Span, found: &str) -> Diagnostic {
    let diagnostic = syntax(at, format!("expected `config` or `function`, found `{}`", shown(found)));
    match found.to_ascii_lowercase().as_str() {
        "database" | "use" | "table" | "action" | "procedure" | "foreign" => {
            diagnostic.help("a file that begins with `extern` only says which functions a host installs")
        }
        lower => diagnostic.did_you_mean(at, nearest(lower, ["config", "function"])),
    }
}

pub fn untyped_extern_parameter(at: Span) -> Diagnostic {
    syntax(at, "expected a type after this, found none")
        .help("an installed function says the types of its parameters")
}

pub fn extern_modifier(at: Span, word: &str) -> Diagnostic {
    let message = format!("expected `view` or nothing, found `{}`", shown(word));
    Diagnostic::new(Code::UnknownModifier, at, message)
        .label("not a modifier of a function")
        .help("the actions that call it say who may")
}
