use super::shown;
use crate::diagnostics::{Code, Diagnostic};
use crate::language::limits;
use crate::source::Span;
use crate::syntax::scan::describe;

pub fn too_large(at: Span, bytes: usize) -> Diagnostic {
    let message = format!("the file has {bytes} bytes; at most {} are read", limits::SOURCE_BYTES);
    Diagnostic::new(Code::SourceTooLarge, at, message)
}

pub fn too_many_errors(at: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        Code::TooMany,
        at,
        format!("more than {most} errors in this file; the rest is not listed"),
    )
}

pub fn too_deep(at: Span) -> Diagnostic {
    let message = format!("brackets are nested deeper than {}", limits::NESTING);
    Diagnostic::new(Code::NestingTooDeep, at, message).help("split it into several statements or actions")
}

/// `place` says where: "in a comment".
pub fn control_character(at: Span, c: char, place: &str) -> Diagnostic {
    Diagnostic::new(Code::ControlCharacter, at, format!("control character {} {place}", describe(c)))
        .label("not visible, so it is refused")
        .fix("remove it", false, at, "")
}

pub fn unknown_character(at: Span, c: char) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownToken,
        at,
        match c {
            ' '..='~' => format!("`{c}` is not part of the language"),
            _ if c.is_whitespace() => format!("{} is not a space of the language", describe(c)),
            _ => format!("`{c}` ({}) is not part of the language", describe(c)),
        },
    );
    if c.is_whitespace() { diagnostic.fix("write a space", true, at, " ") } else { diagnostic }
}

pub fn letters_not_ascii(at: Span, word: &str) -> Diagnostic {
    let message = format!("`{}` is not a name: names have ASCII letters, digits and `_` only", shown(word));
    let strange = word.chars().find(|c| !c.is_ascii());
    Diagnostic::new(Code::NotAName, at, message)
        .maybe_help(strange.map(|c| format!("the `{c}` in it is {}", describe(c))))
}

pub fn unclosed_string(at: Span, suspect: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::Unterminated,
        at,
        "string is not closed: expected `'`, found the end of the file",
    )
    .label("opened here")
    .help("a quote inside a string is written twice: `''`");
    match suspect {
        Some(span) => diagnostic.also(span, "this string runs over the end of its line; is its `'` missing?"),
        None => diagnostic,
    }
}

pub fn unclosed_name(at: Span) -> Diagnostic {
    Diagnostic::new(Code::NotAName, at, "quoted name is not closed: expected `\"` on the same line")
        .help("names need no quotes, and strings have single ones")
}

pub fn unclosed_comment(at: Span) -> Diagnostic {
    Diagnostic::new(Code::Unterminated, at, "comment is not closed: expected `*/`, found the end of the file")
        .label("opened here")
}

pub fn nested_comment(inner: Span, outer: Span) -> Diagnostic {
    Diagnostic::new(Code::NestedComment, inner, "comment inside a comment: block comments do not nest")
        .also(outer, "the outer comment begins here")
        .help("use `//` lines to comment out text that has comments")
}

pub fn prefixed_string(at: Span, prefix: &str) -> Diagnostic {
    let message = format!("`{}'` is not part of the language: strings have no prefix", shown(prefix));
    Diagnostic::new(Code::UnknownToken, at, message)
        .help("write the characters themselves; a blob is written `0x..`")
}

pub fn dollar_quote(at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownToken, at, "dollar quotes are not part of the language")
        .help("write a string as `'..'`")
}

pub fn bad_sigil(at: Span, sign: char, name: &str) -> Diagnostic {
    let message = match name {
        "" => format!("expected a name after `{sign}`"),
        _ => format!("`{sign}{}` is not a name: names begin with a letter", shown(name)),
    };
    Diagnostic::new(Code::UnknownToken, at, message)
}

pub fn bad_number(at: Span, text: &str, blob: bool) -> Diagnostic {
    let shown = shown(text);
    if blob {
        let message = format!("`{shown}` is not a blob: `0x` takes hexadecimal digits");
        return Diagnostic::new(Code::UnknownToken, at, message);
    }
    let plain = text.replace('_', "");
    if plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Diagnostic::new(
            Code::UnknownToken,
            at,
            format!("`{shown}` is not a number: digits are not separated"),
        )
        .fix(format!("write `{plain}`"), true, at, plain);
    }
    if is_exponent(text) {
        return Diagnostic::new(
            Code::UnknownToken,
            at,
            format!("`{shown}` is not a number: there are no exponents"),
        )
        .help("write all its digits");
    }
    Diagnostic::new(
        Code::NotAName,
        at,
        format!("`{shown}` is neither a number nor a name: names begin with a letter"),
    )
}

fn is_exponent(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    lower.split_once('e').is_some_and(|(digits, exponent)| is_digits(digits) && is_digits(exponent))
}
