use super::shown;
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::language::{DecimalType, Modifier, Type};
use crate::source::Span;

pub fn quoted_name(at: Span, inside: &str) -> Diagnostic {
    let message = format!("expected a name, found `\"{}\"`: names are written without quotes", shown(inside));
    let diagnostic = Diagnostic::new(Code::NotAName, at, message);
    if crate::language::Name::is_well_formed(inside) {
        return diagnostic.fix(format!("write `{inside}`"), true, at, inside);
    }
    diagnostic
}

pub fn leading_underscore(at: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::NotAName, at, format!("`{}` is not a name: names begin with a letter", shown(name)))
        .help(
            "names that begin with `_` are the compiler's own: put a letter before it, or the `_` at the end",
        )
}

pub fn name_too_long(at: Span, bytes: usize, most: usize) -> Diagnostic {
    Diagnostic::new(Code::NameTooLong, at, format!("the name has {bytes} bytes; at most {most} are allowed"))
}

/// `what` says what bears the name: "a table"; `why`, who else does.
pub fn reserved(at: Span, name: &str, what: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::ReservedName, at, format!("{what} cannot be called `{}`", shown(name))).label(why)
}

pub fn float_type(at: Span, word: &str) -> Diagnostic {
    let message = format!("`{}` is floating point, which is not part of the language", shown(word));
    Diagnostic::new(Code::FloatType, at, message)
        .label("its results differ between machines")
        .help("use `decimal(p,s)`")
}

pub fn unknown_type(at: Span, word: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownType, at, format!("unknown type `{}`", shown(word)));
    let lower = word.to_ascii_lowercase();
    match instead_of_type(&lower) {
        Some(help) => diagnostic.help(help),
        None => diagnostic
            .help("types are `int`, `text`, `bool`, `blob`, `uuid`, `decimal(p,s)`, `uint256`, and arrays: `int[]`")
            .did_you_mean_instead(at, nearest(&lower, Type::WORDS.iter().copied())),
    }
}

fn instead_of_type(word: &str) -> Option<&'static str> {
    Some(match word {
        "varchar" | "char" | "character" | "citext" | "name" => "write `text`, with `maxlen(n)` to limit it",
        "serial" | "bigserial" | "smallserial" => "write `int` and pass the value: there are no sequences",
        "timestamp" | "timestamptz" | "date" | "time" | "timetz" | "interval" => {
            "write `int` and store seconds, as `@block_timestamp` does"
        }
        "json" | "jsonb" | "xml" => "write `text`",
        "smallint" | "int2" | "int4" | "tinyint" | "uint" | "int32" | "int64" => "write `int`: 64 bits",
        "bytes" | "binary" | "varbinary" => "write `blob`",
        "number" | "money" | "dec" => "write `decimal(p,s)`",
        _ => return None,
    })
}

pub fn bare_decimal(at: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownType, at, format!("expected a precision and scale after `{word}`"))
        .help(format!("write `{word}(p,s)`: p digits in all, s of them after the point"))
}

pub fn type_takes_nothing(at: Span, word: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::Syntax, at, format!("`{word}` takes nothing in parentheses"));
    match word {
        "text" | "string" | "blob" | "bytea" => diagnostic.help("limit its length with `maxlen(n)`"),
        _ => diagnostic,
    }
}

pub fn decimal_range(at: Span) -> Diagnostic {
    let message =
        format!("expected a precision from 1 to {} and a scale no larger", DecimalType::MAX_PRECISION);
    Diagnostic::new(Code::LiteralOutOfRange, at, message)
}

pub fn qualified_type(at: Span, word: &str) -> Diagnostic {
    let message = format!("expected a type, found `{}`: types are not qualified", shown(word));
    Diagnostic::new(Code::Syntax, at, message)
}

pub fn nested_array(at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownType, at, "an array of arrays is not part of the language")
        .help("write one pair of brackets")
}

pub fn odd_blob(at: Span) -> Diagnostic {
    Diagnostic::new(
        Code::LiteralOutOfRange,
        at,
        "a blob has two hexadecimal digits for each byte, and at least one byte",
    )
}

pub fn unknown_modifier(at: Span, word: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnknownModifier, at, format!("unknown modifier `{}`", shown(word)));
    let known = Modifier::ALL.iter().map(|modifier| modifier.word());
    match word.to_ascii_lowercase().as_str() {
        "mustsign" => diagnostic
            .help("leave it out: every call is signed, and `@caller` is who signed it")
            .fix("remove it", false, at, ""),
        "init" => diagnostic.help("write an `owner` action and call it once after deploying"),
        "mutative" => diagnostic.help("leave it out: an action may write unless it is a `view`"),
        lower => match nearest(lower, known.clone()) {
            Some(near) => diagnostic.did_you_mean(at, Some(near)),
            None => diagnostic.help(format!("the modifiers are {}", known.collect::<Vec<_>>().join(", "))),
        },
    }
}

pub fn unknown_attribute(at: Span, word: &str) -> Diagnostic {
    const KNOWN: &[&str] = &[
        "primary",
        "not_null",
        "unique",
        "default",
        "min",
        "max",
        "minlen",
        "maxlen",
        "references",
        "@renamed_from",
    ];
    let diagnostic =
        Diagnostic::new(Code::UnknownAttribute, at, format!("unknown attribute `{}`", shown(word)));
    match word.to_ascii_lowercase().as_str() {
        "null" | "nullable" => {
            diagnostic.help("leave it out: a column takes nulls unless it says `not null`")
        }
        "autoincrement" | "auto_increment" | "identity" | "generated" => {
            diagnostic.help("pass the value: there are no sequences")
        }
        "check" => diagnostic.help("write `min(n)`, `max(n)`, `minlen(n)` or `maxlen(n)`"),
        lower => match nearest(lower, KNOWN.iter().copied()) {
            Some(near) => diagnostic.did_you_mean(at, Some(near)),
            None => diagnostic.help(format!("the attributes are {}", KNOWN.join(", "))),
        },
    }
}
