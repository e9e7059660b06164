//! Types after `::` and in `CAST(.. AS ..)`. sqlparser gives a type no span, so a whole type becomes one word.

use std::collections::BTreeMap;

use sqlparser::keywords::Keyword;

use super::super::lexeme::{Kind, Lexemes, Sign};
use super::super::problems;
use crate::diagnostics::{Sink, nearest};
use crate::language::{DecimalType, Type};

/// A type in the source.
pub(super) struct TypeAt {
    /// Index of its last lexeme.
    pub last: usize,
    /// Which; [`Type::Unknown`] if it was reported.
    pub ty: Type,
}

/// Every type of the island by the index of its first lexeme. Unknown ones are reported.
pub(super) fn types(lexemes: &Lexemes<'_>, sink: &mut Sink) -> BTreeMap<usize, TypeAt> {
    let mut found = BTreeMap::new();
    for index in 0..lexemes.list.len() {
        if super::super::is_enough(sink) {
            break;
        }
        let first = match lexemes.keyword(index) {
            Keyword::CAST => cast_target(lexemes, index),
            _ if lexemes.is_sign(index, Sign::Cast) => Some(index + 1),
            _ => None,
        };
        if let Some(first) = first.filter(|first| is_type_name(lexemes, *first)) {
            found.insert(first, read(lexemes, first, sink));
        }
    }
    found
}

/// Where the type of the `CAST` at `index` begins: after the last `AS` between its own parentheses.
fn cast_target(lexemes: &Lexemes<'_>, index: usize) -> Option<usize> {
    let close = lexemes.partner(index + 1).filter(|_| lexemes.is_sign(index + 1, Sign::Open))?;
    let mut at = index + 2;
    while at < close {
        if lexemes.keyword(at) == Keyword::AS {
            return Some(at + 1);
        }
        at = lexemes.partner(at).unwrap_or(at) + 1;
    }
    None
}

fn is_type_name(lexemes: &Lexemes<'_>, index: usize) -> bool {
    lexemes.get(index).is_some_and(|lexeme| matches!(lexeme.kind, Kind::Word | Kind::Quoted(_)))
}

/// Types of two words that PostgreSQL has; they are read whole to be refused whole.
const PAIRS: &[(&str, &str)] = &[("double", "precision"), ("character", "varying"), ("bit", "varying")];

fn read(lexemes: &Lexemes<'_>, first: usize, sink: &mut Sink) -> TypeAt {
    if lexemes.is_sign(first + 1, Sign::Dot) && is_type_name(lexemes, first + 2) {
        sink.report(problems::qualified_type(lexemes.span_between(first, first + 2)));
        return TypeAt { last: first + 2, ty: Type::Unknown };
    }
    let paired =
        PAIRS.iter().any(|(one, two)| lexemes.is_word(first, one) && lexemes.is_word(first + 1, two));
    let mut last = first + usize::from(paired);
    let parameters = parameters(lexemes, last + 1);
    let mut ty = scalar(lexemes, first, last, parameters.as_ref(), sink);
    last = parameters.map_or(last, |parameters| parameters.last);
    if lexemes.is_sign(last + 1, Sign::OpenBracket) {
        if !lexemes.is_sign(last + 2, Sign::CloseBracket) {
            let at = lexemes.span_between(last + 1, lexemes.partner(last + 1).unwrap_or(last + 1));
            let help = "to index the result of a cast, put the cast in parentheses";
            sink.report(problems::type_form(at, "array types have no size", help));
            return TypeAt { last, ty: Type::Unknown };
        }
        last += 2;
        ty = if ty == Type::Unknown { ty } else { Type::array(ty) };
        if lexemes.is_sign(last + 1, Sign::OpenBracket) {
            let at = lexemes.span_between(last + 1, last + 1);
            sink.report(problems::type_form(
                at,
                "arrays have one dimension",
                "arrays hold values, not arrays",
            ));
        }
    }
    TypeAt { last, ty }
}

/// `(numbers)` after a type's name.
struct Parameters {
    /// Index of the closing parenthesis.
    last: usize,
    /// `None` for what is no number of digits.
    numbers: Vec<Option<u16>>,
}

fn parameters(lexemes: &Lexemes<'_>, open: usize) -> Option<Parameters> {
    let last = lexemes.partner(open).filter(|_| lexemes.is_sign(open, Sign::Open))?;
    let inside = lexemes.list.get(open + 1..last).unwrap_or(&[]);
    let numbers = inside.split(|lexeme| lexeme.kind == Kind::Sign(Sign::Comma)).map(|part| match part {
        [number] if number.kind == Kind::Number => lexemes.slice(number).parse().ok(),
        _ => None,
    });
    Some(Parameters { last, numbers: numbers.collect() })
}

fn scalar(
    lexemes: &Lexemes<'_>,
    first: usize,
    last: usize,
    parameters: Option<&Parameters>,
    sink: &mut Sink,
) -> Type {
    let name = lexemes.span_between(first, last);
    let word = match lexemes.get(first).map(|lexeme| &lexeme.kind) {
        Some(Kind::Quoted(text)) => text.to_ascii_lowercase(),
        _ => {
            let words = lexemes.list.get(first..=last).unwrap_or(&[]).iter();
            words.map(|word| lexemes.slice(word).to_ascii_lowercase()).collect::<Vec<_>>().join(" ")
        }
    };
    let whole = lexemes.span_between(first, parameters.map_or(last, |parameters| parameters.last));
    if matches!(word.as_str(), "decimal" | "numeric") {
        return decimal(whole, parameters.map(|parameters| parameters.numbers.as_slice()), sink);
    }
    let known = Type::from_word(&word);
    if known.is_some() && parameters.is_some() {
        let message = format!("type `{word}` takes no parameters");
        sink.report(problems::type_form(whole, &message, &format!("write `{word}`")));
        return Type::Unknown;
    }
    known.unwrap_or_else(|| {
        sink.report(match word.as_str() {
            "float" | "float4" | "float8" | "real" | "double" | "double precision" => {
                problems::float_type(name, &word)
            }
            _ => problems::no_such_cast(
                name,
                &word,
                instead(&word),
                nearest(&word, Type::WORDS.iter().copied()),
            ),
        });
        Type::Unknown
    })
}

fn decimal(at: crate::source::Span, numbers: Option<&[Option<u16>]>, sink: &mut Sink) -> Type {
    let (precision, scale) = match numbers {
        Some([Some(precision)]) => (*precision, 0),
        Some([Some(precision), Some(scale)]) => (*precision, *scale),
        Some(_) => {
            sink.report(problems::decimal_range(at));
            return Type::Unknown;
        }
        None => {
            let help = "write `decimal(precision, scale)`".to_owned();
            sink.report(problems::no_such_cast(at, "decimal", Some(help), None));
            return Type::Unknown;
        }
    };
    if precision == 0 || precision > DecimalType::MAX_PRECISION || scale > precision {
        sink.report(problems::decimal_range(at));
        return Type::Unknown;
    }
    Type::decimal(precision, scale)
}

/// What to write for a type of PostgreSQL that the language has another word for.
fn instead(word: &str) -> Option<String> {
    let ours = match word {
        "char" | "character" | "character varying" | "varchar" | "citext" | "name" => "text",
        "smallint" | "int2" | "int4" | "serial" | "bigserial" => "int",
        "date" | "time" | "timestamp" | "timestamptz" => {
            return Some("there are no dates: keep seconds since 1970 as `int`".to_owned());
        }
        _ => return None,
    };
    Some(format!("write `{ours}`"))
}
