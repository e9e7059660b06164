//! Which words are keywords, and where. sqlparser knows 700 of them; only those that our grammar needs are ever shown
//! to it as such, so that `user`, `value`, `date` or `first` are ordinary names and no clause of another
//! database is read by accident.

use sqlparser::keywords::Keyword;

use super::lexeme::{Kind, Lexemes, Sign};
use super::problems;
use crate::diagnostics::Sink;
use crate::language::{Name, limits};

/// Keywords wherever they stand, unless quoted, after `AS` or beside a `.`.
const HARD: &[(&str, Keyword)] = &[
    ("all", Keyword::ALL),
    ("and", Keyword::AND),
    ("any", Keyword::ANY),
    ("array", Keyword::ARRAY),
    ("as", Keyword::AS),
    ("between", Keyword::BETWEEN),
    ("case", Keyword::CASE),
    ("cast", Keyword::CAST),
    ("collate", Keyword::COLLATE),
    ("cross", Keyword::CROSS),
    ("default", Keyword::DEFAULT),
    ("distinct", Keyword::DISTINCT),
    ("else", Keyword::ELSE),
    ("end", Keyword::END),
    ("except", Keyword::EXCEPT),
    ("false", Keyword::FALSE),
    ("fetch", Keyword::FETCH),
    ("for", Keyword::FOR),
    ("from", Keyword::FROM),
    ("full", Keyword::FULL),
    ("group", Keyword::GROUP),
    ("having", Keyword::HAVING),
    ("in", Keyword::IN),
    ("inner", Keyword::INNER),
    ("intersect", Keyword::INTERSECT),
    ("into", Keyword::INTO),
    ("is", Keyword::IS),
    ("join", Keyword::JOIN),
    ("lateral", Keyword::LATERAL),
    ("left", Keyword::LEFT),
    ("like", Keyword::LIKE),
    ("limit", Keyword::LIMIT),
    ("natural", Keyword::NATURAL),
    ("not", Keyword::NOT),
    ("null", Keyword::NULL),
    ("offset", Keyword::OFFSET),
    ("on", Keyword::ON),
    ("or", Keyword::OR),
    ("order", Keyword::ORDER),
    ("outer", Keyword::OUTER),
    ("qualify", Keyword::QUALIFY),
    ("returning", Keyword::RETURNING),
    ("right", Keyword::RIGHT),
    ("select", Keyword::SELECT),
    ("some", Keyword::SOME),
    ("tablesample", Keyword::TABLESAMPLE),
    ("then", Keyword::THEN),
    ("true", Keyword::TRUE),
    ("union", Keyword::UNION),
    ("using", Keyword::USING),
    ("when", Keyword::WHEN),
    ("where", Keyword::WHERE),
    ("window", Keyword::WINDOW),
    ("with", Keyword::WITH),
];

/// Keywords in one place each, names everywhere else: sqlparser looks for them only where they may stand.
const SOFT: &[(&str, Keyword)] = &[
    ("conflict", Keyword::CONFLICT),
    ("current", Keyword::CURRENT),
    ("delete", Keyword::DELETE),
    ("do", Keyword::DO),
    ("first", Keyword::FIRST),
    ("following", Keyword::FOLLOWING),
    ("groups", Keyword::GROUPS),
    ("insert", Keyword::INSERT),
    ("last", Keyword::LAST),
    ("nothing", Keyword::NOTHING),
    ("nulls", Keyword::NULLS),
    ("ordinality", Keyword::ORDINALITY),
    ("partition", Keyword::PARTITION),
    ("preceding", Keyword::PRECEDING),
    ("range", Keyword::RANGE),
    ("row", Keyword::ROW),
    ("rows", Keyword::ROWS),
    ("unbounded", Keyword::UNBOUNDED),
    ("update", Keyword::UPDATE),
];

/// True for a keyword that can never be a name where it stands.
pub(super) fn is_hard(keyword: Keyword) -> bool {
    keyword != Keyword::NoKeyword && !SOFT.iter().any(|(_, soft)| *soft == keyword)
}

/// Decides for every word whether it is a keyword. What stands before a word is decided before it.
pub(super) fn classify(lexemes: &mut Lexemes<'_>) {
    for index in 0..lexemes.list.len() {
        let keyword = keyword_at(lexemes, index);
        if let Some(lexeme) = lexemes.list.get_mut(index) {
            lexeme.keyword = keyword;
        }
    }
}

fn keyword_at(lexemes: &Lexemes<'_>, index: usize) -> Keyword {
    let Some(lexeme) = lexemes.get(index) else { return Keyword::NoKeyword };
    if lexeme.kind != Kind::Word || is_forced_name(lexemes, index) {
        return Keyword::NoKeyword;
    }
    let word = lexemes.slice(lexeme).to_ascii_lowercase();
    if let Some(keyword) = by_context(lexemes, index, &word) {
        return keyword;
    }
    let known = HARD.iter().chain(SOFT).find(|(known, _)| *known == word);
    known.map_or(Keyword::NoKeyword, |(_, keyword)| *keyword)
}

/// Beside a `.` and after `AS` any word is a name.
fn is_forced_name(lexemes: &Lexemes<'_>, index: usize) -> bool {
    let before = index.checked_sub(1);
    let after_dot = before.is_some_and(|before| lexemes.is_sign(before, Sign::Dot));
    let after_as = before.is_some_and(|before| lexemes.keyword(before) == Keyword::AS);
    after_dot || after_as || lexemes.is_sign(index + 1, Sign::Dot)
}

/// Words whose neighbours decide. `None` leaves the decision to the lists.
fn by_context(lexemes: &Lexemes<'_>, index: usize, word: &str) -> Option<Keyword> {
    let before = index.checked_sub(1).map_or(Keyword::NoKeyword, |before| lexemes.keyword(before));
    let after_close = index.checked_sub(1).is_some_and(|before| lexemes.is_sign(before, Sign::Close));
    let opens = lexemes.is_sign(index + 1, Sign::Open);
    let only_if = |holds: bool, keyword| Some(if holds { keyword } else { Keyword::NoKeyword });
    match word {
        "left" | "right" if opens => Some(Keyword::NoKeyword),
        "asc" => only_if(lexemes.follows_operand(index), Keyword::ASC),
        "desc" => only_if(lexemes.follows_operand(index), Keyword::DESC),
        "by" => only_if(matches!(before, Keyword::ORDER | Keyword::GROUP | Keyword::PARTITION), Keyword::BY),
        "escape" => {
            only_if(lexemes.follows_operand(index) && starts_value(lexemes, index + 1), Keyword::ESCAPE)
        }
        "exists" => only_if(opens, Keyword::EXISTS),
        "filter" => only_if(after_close && opens, Keyword::FILTER),
        // sqlparser has no keyword for the first; both mean a test in one word, and are written out before it sees them.
        "isnull" | "notnull" => only_if(lexemes.follows_operand(index), Keyword::NOTNULL),
        "over" => only_if(after_close, Keyword::OVER),
        "placing" => {
            only_if(lexemes.follows_operand(index) && !ends_here(lexemes, index + 1), Keyword::PLACING)
        }
        "both" | "leading" | "trailing" => only_if(begins_trim(lexemes, index), Keyword::BOTH),
        "recursive" => only_if(before == Keyword::WITH, Keyword::RECURSIVE),
        "set" => only_if(starts_target(lexemes, index + 1), Keyword::SET),
        "values" => only_if(opens, Keyword::VALUES),
        _ => None,
    }
}

/// True for the first word of `trim(word value ..)`.
fn begins_trim(lexemes: &Lexemes<'_>, index: usize) -> bool {
    let called = index.checked_sub(2).is_some_and(|name| lexemes.is_word(name, "trim"));
    called && lexemes.is_sign(index - 1, Sign::Open) && !ends_here(lexemes, index + 1)
}

/// True if nothing that belongs to the word before it stands at `index`.
fn ends_here(lexemes: &Lexemes<'_>, index: usize) -> bool {
    let separates =
        [Sign::Close, Sign::Comma, Sign::Dot].into_iter().any(|sign| lexemes.is_sign(index, sign));
    separates || lexemes.get(index).is_none()
}

fn starts_value(lexemes: &Lexemes<'_>, index: usize) -> bool {
    lexemes
        .get(index)
        .is_some_and(|lexeme| matches!(lexeme.kind, Kind::Text(_) | Kind::Variable | Kind::Context))
}

fn starts_target(lexemes: &Lexemes<'_>, index: usize) -> bool {
    lexemes.get(index).is_some_and(|lexeme| {
        matches!(lexeme.kind, Kind::Word | Kind::Quoted(_) | Kind::Variable | Kind::Sign(Sign::Open))
    })
}

/// Reports words that are neither keywords nor well-formed names. A collation is checked where it is dropped.
pub(super) fn check_names(lexemes: &Lexemes<'_>, sink: &mut Sink) {
    for (index, lexeme) in lexemes.list.iter().enumerate() {
        if super::is_enough(sink) {
            return;
        }
        let collation =
            index.checked_sub(1).is_some_and(|before| lexemes.keyword(before) == Keyword::COLLATE);
        let text = lexemes.slice(lexeme);
        let (name, most) = match &lexeme.kind {
            _ if collation || lexeme.keyword != Keyword::NoKeyword => continue,
            Kind::Word => (text, limits::NAME_BYTES),
            Kind::Quoted(name) => (name.as_str(), limits::NAME_BYTES),
            Kind::Variable | Kind::Context => (text.get(1..).unwrap_or(""), limits::PARAMETER_BYTES),
            _ => continue,
        };
        let at = lexemes.span_of(lexeme);
        if !Name::is_well_formed(name) {
            sink.report(problems::not_a_name(at, name));
        } else if name.len() > most {
            sink.report(problems::name_too_long(at, name.len(), most));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span};
    use crate::syntax::sql::lexer;

    /// The words of `text`, keywords in capitals.
    fn classified(text: &str) -> String {
        let mut sink = Sink::new();
        let mut lexemes = lexer::lex(text, Span::new(SourceId(0), 0, text.len()), &mut sink);
        classify(&mut lexemes);
        let word = |lexeme: &super::super::lexeme::Lexeme| match lexeme.keyword {
            Keyword::NoKeyword => lexemes.slice(lexeme).to_ascii_lowercase(),
            _ => lexemes.slice(lexeme).to_ascii_uppercase(),
        };
        lexemes.list.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn beside_a_point_and_after_as_every_word_is_a_name() {
        assert_eq!(
            classified("select t.order, limit.x as from from t"),
            "SELECT t . order , limit . x AS from FROM t"
        );
    }

    #[test]
    fn words_are_keywords_where_their_neighbours_say_so() {
        assert_eq!(classified("order by desc desc, asc"), "ORDER BY desc DESC , asc");
        assert_eq!(classified("left(a) left join by"), "left ( a ) LEFT JOIN by");
        assert_eq!(classified("set set = values"), "SET set = values");
        assert_eq!(
            classified("count(filter) filter (over) over w"),
            "count ( filter ) FILTER ( over ) OVER w"
        );
        assert_eq!(classified("isnull + isnull isnull"), "isnull + isnull ISNULL");
        assert_eq!(classified("exists exists(a)"), "exists EXISTS ( a )");
    }

    #[test]
    fn keywords_of_other_databases_are_names() {
        assert_eq!(
            classified("user, top, convert, interval, minus"),
            "user , top , convert , interval , minus"
        );
    }
}
