//! What SQL islands can have wrong with them, one function a message.

use crate::diagnostics::{Code, Diagnostic};
use crate::language::limits;
use crate::source::Span;

const OPERATORS: &str = "the operators are `+ - * / % ^ || = == <> != < <= > >= ! ::`, `AND`, `OR`, `NOT`, `IS`, `IN`, `BETWEEN` and `LIKE`";

pub(super) fn unknown_character(at: Span, character: char) -> Diagnostic {
    let shown = character.escape_default();
    let shown = if character.is_ascii_graphic() { character.to_string() } else { shown.to_string() };
    Diagnostic::new(Code::UnknownToken, at, format!("unexpected character `{shown}`"))
        .label("not part of the language")
}

pub(super) fn placeholder(at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownToken, at, "expected a name after `$`")
        .help("parameters have names: write `$name`")
}

pub(super) fn string_prefix(at: Span, prefix: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownToken, at, format!("expected a string without a prefix, found `{prefix}`"))
        .help("write `'..'` for text, with `''` for a quote, and `0x..` for bytes")
}

pub(super) fn number_form(at: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownToken, at, format!("`{text}` is not a number"))
        .help("integers are digits, decimals are digits, a point and digits")
}

pub(super) fn leading_point(at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownToken, at, "expected digits before the point").help("write `0.5`, not `.5`")
}

pub(super) fn odd_blob(at: Span) -> Diagnostic {
    Diagnostic::new(Code::LiteralOutOfRange, at, "a blob needs two hexadecimal digits for each byte")
        .label("an odd number of digits, or none")
}

pub(super) fn unterminated(at: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::Unterminated, at, format!("{what} is not closed"))
}

pub(super) fn unknown_operator(at: Span, operator: &str) -> Diagnostic {
    let help = match operator {
        "ILIKE" | "NOT ILIKE" => "compare both in one case: `lower(a) LIKE lower(b)`",
        "GLOB" | "MATCH" | "REGEXP" | "RLIKE" | "SIMILAR TO" | "NOT SIMILAR TO" | "~" | "~*" | "!~"
        | "!~*" => "patterns are those of `LIKE`: `_` is one character, `%` any number of them",
        "AT TIME ZONE" => "times are seconds in UTC: `format_unix_timestamp(seconds, pattern)`",
        _ => OPERATORS,
    };
    Diagnostic::new(Code::UnknownOperator, at, format!("operator `{operator}` is not part of the language"))
        .help(help)
}

pub(super) fn assignment(at: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, "expected an operator, found `:=`").help("inside SQL write `=`")
}

pub(super) fn not_a_name(at: Span, text: &str) -> Diagnostic {
    let rule = match text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        true => "names have ASCII letters, digits and `_` only",
        false => "names begin with a letter",
    };
    let message = format!("`{}` is not a name: {rule}", text.escape_debug());
    let report = Diagnostic::new(Code::NotAName, at, message);
    match text.starts_with('_') {
        true => report.help(
            "names that begin with `_` are the compiler's own: put a letter before it, or the `_` at the end",
        ),
        false => report.help("a name is a letter followed by letters, digits and `_`"),
    }
}

pub(super) fn name_too_long(at: Span, bytes: usize, most: usize) -> Diagnostic {
    Diagnostic::new(Code::NameTooLong, at, format!("the name has {bytes} bytes; at most {most} are allowed"))
}

pub(super) fn unbalanced(at: Span, bracket: &str, opening: bool) -> Diagnostic {
    let close = match bracket {
        "(" => ")",
        "[" => "]",
        _ => "END",
    };
    let message = match opening {
        true => format!("`{bracket}` is not closed: expected `{close}`"),
        false => format!("`{bracket}` closes nothing"),
    };
    Diagnostic::new(Code::Syntax, at, message)
}

pub(super) fn sign_here(at: Span, sign: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("expected an operator, found `{sign}`"))
}

pub(super) fn string_here(at: Span, before: &str, typed: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::Syntax, at, format!("a string cannot follow {before}"));
    match typed {
        true => diagnostic.help("there are no typed literals: write a cast, `'..'::type`"),
        false => {
            diagnostic.help("names stand without quotes or in double quotes, values are joined by operators")
        }
    }
}

pub(super) fn not_null(at: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, "expected `IS NOT NULL`, found `NOT NULL`").fix(
        "write `IS NOT NULL`",
        true,
        at,
        "IS NOT NULL",
    )
}

pub(super) fn chained_comparison(at: Span, operator: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("expected one comparison, found a second one, `{operator}`"))
        .help("join two comparisons by `AND`, or put one in parentheses")
}

/// `IS [NOT]` before something it does not test for.
pub(super) fn expected_test(at: Span, found: &str) -> Diagnostic {
    expected(at, "`NULL`, `TRUE`, `FALSE` or `DISTINCT FROM`", found)
        .help("`a IS DISTINCT FROM b` tells values apart, nulls too; `a IS NOT DISTINCT FROM b` the opposite")
}

/// `clause` is SQL in capitals, or a few words.
pub(super) fn unknown_clause(at: Span, clause: &str, help: &str) -> Diagnostic {
    let sql = clause.bytes().all(|byte| byte.is_ascii_uppercase() || b" (.)".contains(&byte));
    let clause = if sql { format!("`{clause}`") } else { clause.to_owned() };
    let diagnostic =
        Diagnostic::new(Code::UnknownClause, at, format!("{clause} is not part of the language"));
    if help.is_empty() { diagnostic } else { diagnostic.help(help) }
}

pub(super) fn unknown_statement(at: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownStatement, at, format!("statement {found} is not part of the language"))
        .help("SQL statements are `SELECT`, `INSERT`, `UPDATE` and `DELETE`, each after an optional `WITH`")
}

pub(super) fn expected(at: Span, expected: &str, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("expected {expected}, found {found}"))
}

pub(super) fn unexpected(at: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("unexpected {found}"))
}

pub(super) fn keyword_as_name(at: Span, what: &str, word: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("expected {what}, found the keyword `{word}`")).help(format!(
        "a name that is a keyword stands in double quotes: `\"{}\"`",
        word.to_ascii_lowercase()
    ))
}

pub(super) fn sigil_as_name(at: Span, what: &str, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("expected {what}, found `{found}`"))
        .help("names of tables and columns are fixed when the schema is compiled")
}

pub(super) fn qualified_table(at: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::QualifiedName, at, format!("`{text}` reaches into another schema"))
        .help("tables of other schemas are read through their views: `WITH x AS alias.view(..) SELECT ..`")
}

pub(super) fn qualified_function(at: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::QualifiedName, at, format!("`{text}` is not a function or an action"))
        .help("a call is `name(..)`, or `alias.name(..)` for an action of an imported schema")
}

pub(super) fn qualified_column(at: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::QualifiedName, at, format!("`{text}` has too many parts"))
        .help("a column is `column` or `table.column`, a field of a row is `$row.field`")
}

pub(super) fn qualified_target(at: Span, text: &str, column: &str) -> Diagnostic {
    Diagnostic::new(Code::QualifiedName, at, format!("`{text}` cannot be a target"))
        .help(format!("the target is a column of the table itself: write `{column}`"))
        .fix(format!("write `{column}`"), true, at, column)
}

pub(super) fn qualified_type(at: Span) -> Diagnostic {
    Diagnostic::new(Code::QualifiedName, at, "types have no schema")
}

pub(super) fn unknown_collation(at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownCollation, at, "the only collation is \"C\"")
        .help("text is compared by its bytes everywhere, so leave `COLLATE` out")
}

pub(super) fn keyword_function(at: Span, word: &str, clock: bool) -> Diagnostic {
    match clock {
        true => {
            Diagnostic::new(Code::NonDeterministic, at, format!("`{word}` reads the clock of one machine"))
                .help("the time of the block is `@block_timestamp`, in seconds")
        }
        false => Diagnostic::new(Code::UnknownFunction, at, format!("unknown function `{word}`"))
            .help("who signed the transaction is `@caller`"),
    }
}

pub(super) fn float_type(at: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::FloatType, at, format!("`{word}` is a floating point type"))
        .help("use `decimal(precision, scale)`")
}

pub(super) fn no_such_cast(at: Span, word: &str, help: Option<String>, nearest: Option<&str>) -> Diagnostic {
    let shown = word.escape_debug();
    let diagnostic =
        Diagnostic::new(Code::CannotCast, at, format!("cannot cast to `{shown}`, which is not a type"));
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic.did_you_mean(at, nearest),
    }
}

pub(super) fn decimal_range(at: Span) -> Diagnostic {
    Diagnostic::new(
        Code::LiteralOutOfRange,
        at,
        "a decimal has a precision of 1 to 1000 and a scale of 0 to its precision",
    )
}

pub(super) fn type_form(at: Span, message: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, message.to_owned()).help(help.to_owned())
}

pub(super) fn foreign_target(at: Span, found: usize) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("expected two values in `[dbid, action]`, found {found}"))
        .help("the first says which schema is called, the second which of its actions; both are text")
}

pub(super) fn number_too_long(at: Span, digits: usize, most: usize) -> Diagnostic {
    Diagnostic::new(
        Code::LiteralOutOfRange,
        at,
        format!("number has {digits} digits, at most {most} are allowed"),
    )
}

pub(super) fn escape_form(at: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, "expected a string of one character, or an empty one, after `ESCAPE`")
}

pub(super) fn too_deep(at: Span) -> Diagnostic {
    let most = limits::NESTING;
    Diagnostic::new(Code::NestingTooDeep, at, format!("nesting is deeper than {most}"))
        .label("one level too many")
        .help("split the statement, or keep parts of it in variables")
}

pub(super) fn too_many(at: Span, what: &str, most: usize) -> Diagnostic {
    Diagnostic::new(Code::TooMany, at, format!("more than {most} {what}")).label("one too many")
}
