//! What PostgreSQL reads and the language refuses, found before the parser sees it, so that each is named where it
//! stands. The conversion refuses again whatever is not in its accept-list.

use sqlparser::keywords::Keyword;

use super::lexeme::{Kind, Lexemes, Sign};
use super::problems;
use crate::diagnostics::Sink;

/// What must stand before a phrase for it to be one.
#[derive(Clone, Copy, PartialEq)]
enum After {
    Anything,
    /// A value, so that the phrase is an infix operator or a clause.
    Value,
    /// This keyword.
    Keyword(Keyword),
    /// A closing parenthesis.
    Close,
}

/// How a refused phrase is reported.
enum As {
    /// What it is called, and what to do instead.
    Clause(&'static str, &'static str),
    Operator,
}

struct Phrase(After, &'static [&'static str], As);

const SERIAL: &str = "actions run one after the other, so no row needs a lock: leave it out";
const LIMIT: &str = "write `LIMIT n`";
const SPELL_JOIN: &str = "name the columns: `JOIN .. USING (..)` or `JOIN .. ON ..`";
const GROUPS: &str = "write one query for each grouping and join them by `UNION ALL`";
const PLANNED: &str = "the compiler decides: leave it out";
const NULLS: &str = "filter the rows instead";
const UPSERT: &str = "write `INSERT INTO .. ON CONFLICT (key) DO UPDATE SET column = excluded.column`";
const RAISES: &str = "leave it out: a conflict raises an error, which undoes everything";
const FRAME: &str = "choose the frame's bounds instead";

const PHRASES: &[Phrase] = &[
    Phrase(After::Anything, &["for", "update"], As::Clause("FOR UPDATE", SERIAL)),
    Phrase(After::Anything, &["for", "share"], As::Clause("FOR SHARE", SERIAL)),
    Phrase(After::Anything, &["for", "no", "key", "update"], As::Clause("FOR NO KEY UPDATE", SERIAL)),
    Phrase(After::Anything, &["for", "key", "share"], As::Clause("FOR KEY SHARE", SERIAL)),
    Phrase(After::Anything, &["fetch", "first"], As::Clause("FETCH", LIMIT)),
    Phrase(After::Anything, &["fetch", "next"], As::Clause("FETCH", LIMIT)),
    Phrase(After::Keyword(Keyword::LIMIT), &["all"], As::Clause("LIMIT ALL", "leave `LIMIT` out")),
    Phrase(After::Anything, &["natural", "join"], As::Clause("NATURAL JOIN", SPELL_JOIN)),
    Phrase(After::Anything, &["natural", "inner"], As::Clause("NATURAL JOIN", SPELL_JOIN)),
    Phrase(After::Anything, &["natural", "left"], As::Clause("NATURAL JOIN", SPELL_JOIN)),
    Phrase(After::Anything, &["natural", "right"], As::Clause("NATURAL JOIN", SPELL_JOIN)),
    Phrase(After::Anything, &["natural", "full"], As::Clause("NATURAL JOIN", SPELL_JOIN)),
    Phrase(After::Value, &["tablesample"], As::Clause("TABLESAMPLE", "replicas would choose different rows")),
    Phrase(
        After::Anything,
        &["distinct", "on"],
        As::Clause("DISTINCT ON", "number the rows with `row_number() OVER (..)`"),
    ),
    Phrase(After::Keyword(Keyword::BY), &["grouping", "sets"], As::Clause("GROUPING SETS", GROUPS)),
    Phrase(After::Keyword(Keyword::BY), &["rollup"], As::Clause("ROLLUP", GROUPS)),
    Phrase(After::Keyword(Keyword::BY), &["cube"], As::Clause("CUBE", GROUPS)),
    Phrase(After::Keyword(Keyword::GROUP), &["by", "all"], As::Clause("GROUP BY ALL", "name the columns")),
    Phrase(After::Keyword(Keyword::AS), &["materialized"], As::Clause("MATERIALIZED", PLANNED)),
    Phrase(After::Keyword(Keyword::AS), &["not", "materialized"], As::Clause("NOT MATERIALIZED", PLANNED)),
    Phrase(
        After::Anything,
        &["overriding", "system"],
        As::Clause("OVERRIDING", "no column generates its values"),
    ),
    Phrase(
        After::Anything,
        &["overriding", "user"],
        As::Clause("OVERRIDING", "no column generates its values"),
    ),
    Phrase(
        After::Keyword(Keyword::CONFLICT),
        &["on", "constraint"],
        As::Clause("ON CONSTRAINT", "name the key's columns: `ON CONFLICT (..)`"),
    ),
    Phrase(After::Keyword(Keyword::INSERT), &["or", "replace"], As::Clause("INSERT OR REPLACE", UPSERT)),
    Phrase(
        After::Keyword(Keyword::INSERT),
        &["or", "ignore"],
        As::Clause("INSERT OR IGNORE", "write `INSERT INTO .. ON CONFLICT DO NOTHING`"),
    ),
    Phrase(After::Keyword(Keyword::INSERT), &["or", "abort"], As::Clause("INSERT OR ABORT", RAISES)),
    Phrase(After::Keyword(Keyword::INSERT), &["or", "fail"], As::Clause("INSERT OR FAIL", RAISES)),
    Phrase(After::Keyword(Keyword::INSERT), &["or", "rollback"], As::Clause("INSERT OR ROLLBACK", RAISES)),
    Phrase(After::Keyword(Keyword::UPDATE), &["or"], As::Clause("UPDATE OR", RAISES)),
    Phrase(After::Value, &["indexed", "by"], As::Clause("INDEXED BY", PLANNED)),
    Phrase(After::Value, &["not", "indexed"], As::Clause("NOT INDEXED", PLANNED)),
    Phrase(After::Anything, &["default", "values"], As::Clause("DEFAULT VALUES", "write the values out")),
    Phrase(After::Value, &["at", "time", "zone"], As::Operator),
    Phrase(After::Value, &["ilike"], As::Operator),
    Phrase(After::Value, &["not", "ilike"], As::Operator),
    Phrase(After::Value, &["rlike"], As::Operator),
    Phrase(After::Value, &["regexp"], As::Operator),
    Phrase(After::Value, &["similar", "to"], As::Operator),
    Phrase(After::Value, &["not", "similar", "to"], As::Operator),
    Phrase(
        After::Keyword(Keyword::BETWEEN),
        &["symmetric"],
        As::Clause("SYMMETRIC", "write the lower bound first"),
    ),
    Phrase(
        After::Close,
        &["within", "group"],
        As::Clause("WITHIN GROUP", "order inside the call: `f(x ORDER BY ..)`"),
    ),
    Phrase(After::Close, &["ignore", "nulls"], As::Clause("IGNORE NULLS", NULLS)),
    Phrase(
        After::Close,
        &["respect", "nulls"],
        As::Clause("RESPECT NULLS", "it is the default: leave it out"),
    ),
    Phrase(After::Anything, &["exclude", "current", "row"], As::Clause("EXCLUDE", FRAME)),
    Phrase(After::Anything, &["exclude", "no", "others"], As::Clause("EXCLUDE", FRAME)),
    Phrase(After::Anything, &["exclude", "ties"], As::Clause("EXCLUDE", FRAME)),
    Phrase(After::Anything, &["exclude", "group"], As::Clause("EXCLUDE", FRAME)),
    Phrase(
        After::Keyword(Keyword::WHERE),
        &["current", "of"],
        As::Clause("CURRENT OF", "there are no cursors: name the key"),
    ),
];

/// Reports every refused construct of the island.
pub(super) fn refuse(lexemes: &Lexemes<'_>, sink: &mut Sink) {
    let mut index = 0;
    while index < lexemes.list.len() && !super::is_enough(sink) {
        let words = phrase(lexemes, index, sink);
        if words == 0 {
            signs(lexemes, index, sink);
            keywords(lexemes, index, sink);
        }
        // A string after a refused operator is not at fault.
        let text = lexemes.get(index + words).is_some_and(|next| matches!(next.kind, Kind::Text(_)));
        index += if words == 0 { 1 } else { words + usize::from(text) };
    }
}

/// Reports the phrase that begins at `index` and returns how many words it has; 0 if there is none.
fn phrase(lexemes: &Lexemes<'_>, index: usize, sink: &mut Sink) -> usize {
    let Some(first) = lexemes.get(index).filter(|first| first.kind == Kind::Word) else { return 0 };
    let Some(letter) = lexemes.slice(first).bytes().next().map(|byte| byte.to_ascii_lowercase()) else {
        return 0;
    };
    // almost no word of a query begins one, so that what is cheap is asked first
    let begins = |words: &[&str]| words.first().is_some_and(|word| word.as_bytes().first() == Some(&letter));
    let found = PHRASES.iter().find(|Phrase(after, words, _)| {
        begins(words)
            && words.iter().zip(index..).all(|(word, at)| lexemes.is_word(at, word))
            && holds(lexemes, index, *after)
            && !lexemes.is_sign(index + words.len(), Sign::Dot)
    });
    let Some(Phrase(_, words, report)) = found else { return 0 };
    let at = lexemes.span_between(index, index + words.len() - 1);
    sink.report(match report {
        As::Clause(name, help) => problems::unknown_clause(at, name, help),
        As::Operator => problems::unknown_operator(at, &words.join(" ").to_ascii_uppercase()),
    });
    words.len()
}

fn holds(lexemes: &Lexemes<'_>, index: usize, after: After) -> bool {
    let before = index.checked_sub(1);
    let named = before.is_some_and(|before| lexemes.is_sign(before, Sign::Dot));
    match after {
        _ if named => false,
        After::Anything => before.is_none_or(|before| lexemes.keyword(before) != Keyword::AS),
        After::Value => lexemes.follows_operand(index),
        After::Keyword(keyword) => before.is_some_and(|before| lexemes.keyword(before) == keyword),
        After::Close => before.is_some_and(|before| lexemes.is_sign(before, Sign::Close)),
    }
}

/// True for keywords that a name must follow; sqlparser takes a string for one.
fn wants_name(keyword: Keyword) -> bool {
    use Keyword::{AS, INTO, JOIN, OVER, RECURSIVE, SET, WINDOW, WITH};
    [AS, INTO, JOIN, OVER, RECURSIVE, SET, WINDOW, WITH].contains(&keyword)
}

/// True for the string of `a GLOB 'x*'`, where `GLOB` could be an alias.
fn follows_matching(lexemes: &Lexemes<'_>, index: usize) -> bool {
    let word = index.checked_sub(1);
    word.is_some_and(|word| {
        (lexemes.is_word(word, "glob") || lexemes.is_word(word, "match")) && lexemes.follows_operand(word)
    })
}

/// Constructs told by a sign or a literal.
fn signs(lexemes: &Lexemes<'_>, index: usize, sink: &mut Sink) {
    let Some(lexeme) = lexemes.get(index) else { return };
    let before = index.checked_sub(1).and_then(|before| lexemes.get(before));
    let opens = lexemes.is_sign(index + 1, Sign::Open);
    match (&lexeme.kind, before) {
        (Kind::Text(_), Some(_)) if follows_matching(lexemes, index) => {
            let name = lexemes.get(index - 1).map(|name| lexemes.slice(name).to_ascii_uppercase());
            let at = lexemes.span_between(index - 1, index - 1);
            sink.report(problems::unknown_operator(at, &name.unwrap_or_default()));
        }
        (Kind::Text(_), Some(before)) if lexemes.follows_operand(index) || wants_name(before.keyword) => {
            let typed = before.kind == Kind::Word && before.keyword == Keyword::NoKeyword;
            let at = lexemes.span_of(lexeme);
            sink.report(problems::string_here(at, &lexemes.shown(before), typed));
        }
        (Kind::Sign(Sign::Bang), _) if lexemes.follows_operand(index) => {
            sink.report(problems::sign_here(lexemes.span_of(lexeme), "!"));
        }
        (Kind::Word, _) if opens && lexemes.follows_operand(index) && lexemes.is_word(index, "operator") => {
            let end = lexemes.partner(index + 1).unwrap_or(index + 1);
            sink.report(problems::unknown_operator(lexemes.span_between(index, end), "OPERATOR(..)"));
        }
        (Kind::Word, Some(before))
            if before.keyword == Keyword::SELECT
                && lexemes.is_word(index, "top")
                && lexemes.get(index + 1).is_some_and(|next| next.kind == Kind::Number) =>
        {
            sink.report(problems::unknown_clause(lexemes.span_between(index, index + 1), "TOP", LIMIT));
        }
        _ => {}
    }
}

/// True after an infix sign that is no comparison.
fn follows_other_operator(lexemes: &Lexemes<'_>, index: usize) -> bool {
    use Sign::{Caret, Concat, Minus, Percent, Plus, Slash, Star};
    let signs = [Caret, Concat, Minus, Percent, Plus, Slash, Star];
    let infix = |before: usize| {
        lexemes.follows_operand(before) && signs.into_iter().any(|sign| lexemes.is_sign(before, sign))
    };
    index.checked_sub(1).is_some_and(infix)
}

/// Constructs told by a keyword and its neighbours.
fn keywords(lexemes: &Lexemes<'_>, index: usize, sink: &mut Sink) {
    let before = index.checked_sub(1).map_or(Keyword::NoKeyword, |before| lexemes.keyword(before));
    let next = lexemes.keyword(index + 1);
    let at = lexemes.span_between(index, index);
    match lexemes.keyword(index) {
        Keyword::DEFAULT => {
            sink.report(problems::unknown_clause(
                at,
                "`DEFAULT` as a value",
                "leave the column out of the list",
            ));
        }
        Keyword::LIMIT if lexemes.is_sign(index + 2, Sign::Comma) => {
            let at = lexemes.span_between(index, index + 3);
            let help = "write `LIMIT count OFFSET start`: of two numbers the second is the count";
            sink.report(problems::unknown_clause(at, "`LIMIT` with two numbers", help));
        }
        Keyword::INTO if before != Keyword::INSERT && !lexemes.is_word(1, "or") => {
            let help = "rows are read by `for $row in SELECT ..`, values are assigned by `$x := ..`";
            sink.report(problems::unknown_clause(at, "SELECT INTO", help));
        }
        Keyword::ORDER | Keyword::GROUP if next != Keyword::BY => {
            let (at, found) = lexemes.found(index + 1);
            sink.report(problems::expected(at, "`BY`", &found));
        }
        Keyword::ANY | Keyword::SOME | Keyword::ALL if follows_other_operator(lexemes, index) => {
            let (at, found) = lexemes.found(index - 1);
            sink.report(problems::expected(at, "a comparison before `ANY` or `ALL`", &found));
        }
        Keyword::ARRAY if lexemes.is_sign(index + 1, Sign::Open) => {
            sink.report(problems::unknown_clause(
                at,
                "ARRAY(SELECT ..)",
                "write `(SELECT array_agg(x) FROM ..)`",
            ));
        }
        // `a NOT NULL` is neither SQL nor a test; sqlparser reads one.
        Keyword::NOT if next == Keyword::NULL && lexemes.follows_operand(index) && before != Keyword::IS => {
            sink.report(problems::not_null(lexemes.span_between(index, index + 1)));
        }
        _ => {}
    }
}
