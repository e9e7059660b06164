//! From lexemes to sqlparser's tokens. What sqlparser reads wrongly, or without a span, is written another way here:
//! prefix signs become calls of functions that no author can name, a type becomes one word, the special forms
//! of SQL's functions become plain calls, `f[dbid, action](..)` becomes a call of more arguments, and `WITH x AS f(..)`
//! becomes a query.

mod foreign;
mod prefix;
mod special;
mod types;
mod with_calls;

use std::collections::BTreeMap;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Span as TokenSpan, Token, TokenWithSpan, Word};

use super::lexeme::{Kind, Lexeme, Lexemes, Sign};
use super::problems;
use crate::diagnostics::Sink;

/// The element of an empty array literal, so that the literal has a place. No author can write such a name.
pub(super) const NOTHING: &str = "]";
/// Ends the name of a call whose two arguments stand in the other order: `trim('x' FROM s)`.
pub(super) const SWAPPED: &str = " from";
/// Ends the name of a call of a foreign procedure.
pub(super) const FOREIGN: &str = "[";
/// What a prefix sign becomes: a function of this name.
pub(super) const PREFIXES: &[(&str, Sign)] = &[("-", Sign::Minus), ("+", Sign::Plus), ("!", Sign::Bang)];

/// A call of this name is its argument: see [`listed_query`].
pub(super) const ITSELF: &str = "(";

/// What stands in the tokens instead of the lexemes.
#[derive(Default)]
struct Plan {
    /// Inserted before a lexeme.
    before: BTreeMap<usize, Vec<Token>>,
    /// Instead of a lexeme; empty drops it.
    instead: BTreeMap<usize, Vec<Token>>,
    /// A lexeme that takes in all lexemes up to this one.
    through: BTreeMap<usize, usize>,
    /// Inserted after a lexeme.
    after: BTreeMap<usize, Vec<Token>>,
}

/// The tokens to parse; each has `line` 1 and the byte offset in the file as `column`. Inserted tokens borrow the span
/// of the lexeme beside them.
pub(super) fn rewrite(lexemes: &Lexemes<'_>, sink: &mut Sink) -> Vec<TokenWithSpan> {
    let mut plan = Plan::default();
    let types = types::types(lexemes, sink);
    for (first, at) in &types {
        plan.instead.insert(*first, vec![quoted(at.ty.to_string())]);
        plan.through.insert(*first, at.last);
    }
    let inside_type =
        |index: usize| types.range(..=index).next_back().is_some_and(|(_, at)| index <= at.last);
    for index in (0..lexemes.list.len()).filter(|index| !inside_type(*index)) {
        if super::is_enough(sink) {
            break;
        }
        prefix::plan(lexemes, index, &types, &mut plan);
        special::plan(lexemes, index, &mut plan);
        foreign::plan(lexemes, index, &mut plan, sink);
        with_calls::plan(lexemes, index, &mut plan);
        null_test(lexemes, index, &mut plan);
        empty_array(lexemes, index, &mut plan);
        listed_query(lexemes, index, &mut plan);
        collation(lexemes, index, &mut plan, sink);
    }
    emit(lexemes, &plan)
}

fn emit(lexemes: &Lexemes<'_>, plan: &Plan) -> Vec<TokenWithSpan> {
    let mut tokens = Vec::with_capacity(lexemes.list.len());
    let mut index = 0;
    while let Some(lexeme) = lexemes.get(index) {
        let through = plan.through.get(&index).copied().unwrap_or(index);
        let end = lexemes.get(through).map_or(lexeme.end, |last| last.end);
        let span = TokenSpan::new(location(lexeme.start), location(end));
        let mut push = |token: Token| tokens.push(TokenWithSpan { token, span });
        plan.before.get(&index).into_iter().flatten().cloned().for_each(&mut push);
        match plan.instead.get(&index) {
            Some(instead) => instead.iter().cloned().for_each(&mut push),
            None => push(token(lexemes, lexeme)),
        }
        plan.after.get(&through).into_iter().flatten().cloned().for_each(&mut push);
        index = through + 1;
    }
    tokens
}

fn location(offset: usize) -> Location {
    Location { line: 1, column: offset as u64 }
}

/// A word that sqlparser takes for a name whatever it says.
fn quoted(value: String) -> Token {
    Token::Word(Word { value, quote_style: Some('"'), keyword: Keyword::NoKeyword })
}

/// A keyword; its text is never looked at.
fn keyword(keyword: Keyword) -> Token {
    Token::Word(Word { value: keyword.to_string(), quote_style: None, keyword })
}

fn token(lexemes: &Lexemes<'_>, lexeme: &Lexeme) -> Token {
    let text = lexemes.slice(lexeme).to_owned();
    match &lexeme.kind {
        Kind::Word if lexeme.keyword != Keyword::NoKeyword => {
            Token::Word(Word { value: text, quote_style: None, keyword: lexeme.keyword })
        }
        Kind::Word => quoted(text),
        Kind::Quoted(name) => quoted(name.clone()),
        Kind::Variable | Kind::Context => {
            Token::Word(Word { value: text, quote_style: None, keyword: Keyword::NoKeyword })
        }
        Kind::Number => Token::Number(text, false),
        Kind::Text(value) => Token::SingleQuotedString(value.clone()),
        Kind::Blob(digits) => Token::HexStringLiteral(digits.clone()),
        Kind::Sign(sign) => sign_token(*sign),
    }
}

fn sign_token(sign: Sign) -> Token {
    match sign {
        Sign::Comma => Token::Comma,
        Sign::Dot => Token::Period,
        Sign::Open => Token::LParen,
        Sign::Close => Token::RParen,
        Sign::OpenBracket => Token::LBracket,
        Sign::CloseBracket => Token::RBracket,
        Sign::Plus => Token::Plus,
        Sign::Minus => Token::Minus,
        Sign::Star => Token::Mul,
        Sign::Slash => Token::Div,
        Sign::Percent => Token::Mod,
        Sign::Caret => Token::Caret,
        Sign::Concat => Token::StringConcat,
        Sign::Equal => Token::Eq,
        Sign::NotEqual => Token::Neq,
        Sign::Less => Token::Lt,
        Sign::LessEqual => Token::LtEq,
        Sign::Greater => Token::Gt,
        Sign::GreaterEqual => Token::GtEq,
        Sign::Cast => Token::DoubleColon,
        Sign::Colon => Token::Colon,
        Sign::Bang => Token::ExclamationMark,
    }
}

/// `a ISNULL` → `a IS NULL`; sqlparser would read an alias.
fn null_test(lexemes: &Lexemes<'_>, index: usize, plan: &mut Plan) {
    if lexemes.keyword(index) != Keyword::NOTNULL {
        return;
    }
    let words: &[Keyword] = match lexemes.is_word(index, "isnull") {
        true => &[Keyword::IS, Keyword::NULL],
        false => &[Keyword::IS, Keyword::NOT, Keyword::NULL],
    };
    plan.instead.insert(index, words.iter().copied().map(keyword).collect());
}

/// `[]` as a value → an array of [`NOTHING`].
fn empty_array(lexemes: &Lexemes<'_>, index: usize, plan: &mut Plan) {
    let literal = lexemes.is_sign(index, Sign::OpenBracket) && !lexemes.follows_operand(index);
    if literal && lexemes.is_sign(index + 1, Sign::CloseBracket) {
        plan.after.entry(index).or_default().push(quoted(NOTHING.to_owned()));
    }
}

/// `IN ((SELECT ..), x)`: after `IN (` sqlparser takes a query in brackets for the only thing there, so one that goes on
/// is made a call around itself.
fn listed_query(lexemes: &Lexemes<'_>, index: usize, plan: &mut Plan) {
    use Keyword::{EXCEPT, INTERSECT, LIMIT, OFFSET, ORDER, UNION};
    let opens = |at: usize| lexemes.is_sign(at, Sign::Open);
    let query = matches!(lexemes.keyword(index + 3), Keyword::SELECT | Keyword::WITH);
    if lexemes.keyword(index) != Keyword::IN || !opens(index + 1) || !opens(index + 2) || !query {
        return;
    }
    let Some(close) = lexemes.partner(index + 2) else { return };
    let alone = lexemes.is_sign(close + 1, Sign::Close)
        || [EXCEPT, INTERSECT, LIMIT, OFFSET, ORDER, UNION].contains(&lexemes.keyword(close + 1));
    if !alone {
        plan.before.entry(index + 2).or_default().extend([quoted(ITSELF.to_owned()), Token::LParen]);
        plan.after.entry(close).or_default().push(Token::RParen);
    }
}

/// `COLLATE "C"` says what holds anyway and goes; sqlparser could not read it after a cast. Others are reported.
fn collation(lexemes: &Lexemes<'_>, index: usize, plan: &mut Plan, sink: &mut Sink) {
    if lexemes.keyword(index) != Keyword::COLLATE || !lexemes.follows_operand(index) {
        return;
    }
    let mut last = index + 1;
    while lexemes.is_sign(last + 1, Sign::Dot) && lexemes.get(last + 2).is_some() {
        last += 2;
    }
    match lexemes.get(index + 1).map(|lexeme| &lexeme.kind) {
        Some(Kind::Quoted(name)) if name == "C" && last == index + 1 => {}
        Some(Kind::Word | Kind::Quoted(_)) => {
            sink.report(problems::unknown_collation(lexemes.span_between(index, last)));
        }
        _ => return,
    }
    for dropped in index..=last {
        plan.instead.insert(dropped, Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span};
    use crate::syntax::sql::{dialect, lexer, pairs};

    fn tokens(text: &str) -> String {
        let mut sink = Sink::new();
        let mut lexemes = lexer::lex(text, Span::new(SourceId(0), 0, text.len()), &mut sink);
        dialect::classify(&mut lexemes);
        pairs::link(&mut lexemes, &mut sink);
        let tokens = rewrite(&lexemes, &mut sink);
        assert!(!sink.has_errors(), "{:?}", sink.into_sorted());
        let words = tokens.iter().map(|token| token.token.to_string().replace('"', ""));
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn prefix_signs_become_calls_around_their_operands() {
        assert_eq!(tokens("- a.b ^ 2"), "- ( a . b ) ^ 2");
        assert_eq!(tokens("a - - b[1]::int"), "a - - ( b [ 1 ] :: int )");
        assert_eq!(tokens("!!f(x) AND b"), "! ( ! ( f ( x ) ) ) AND b");
        assert_eq!(tokens("a = - 1"), "a = -1");
    }

    #[test]
    fn types_become_one_word() {
        assert_eq!(tokens("a::numeric ( 3, 2 ) [ ] + 1"), "a :: decimal(3,2)[] + 1");
        assert_eq!(tokens("CAST(a AS string)"), "CAST ( a AS text )");
    }

    #[test]
    fn special_forms_become_calls() {
        assert_eq!(tokens("substring(a FOR 2)"), "substring ( a , 1 , 2 )");
        assert_eq!(tokens("position(a IN b)"), "position ( a , b )");
        assert_eq!(tokens("trim(LEADING 'x' FROM a)"), "ltrim from ( 'x' , a )");
        assert_eq!(tokens("trim(BOTH FROM a)"), "trim ( a )");
    }

    #[test]
    fn calls_of_foreign_procedures_become_calls() {
        assert_eq!(tokens("f['d', g(a, b)](x, y) + 1"), "f[ ( 'd' , g ( a , b ) , x , y ) + 1");
        assert_eq!(tokens("-f[a, b]()"), "- ( f[ ( a , b ) )");
        assert_eq!(tokens("ARRAY[a, b], [c] = (d)"), "ARRAY [ a , b ] , [ c ] = ( d )");
        assert_eq!(
            tokens("WITH a AS f[d, e](1) SELECT b FROM f[d, e]() AS c"),
            "WITH a AS ( SELECT * FROM f[ ( d , e , 1 ) ) SELECT b FROM f[ ( d , e ) AS c"
        );
    }

    #[test]
    fn calls_in_a_with_list_become_queries() {
        assert_eq!(
            tokens("WITH a (b) AS ens.f(1), c AS (SELECT 1) SELECT d"),
            "WITH a ( b ) AS ( SELECT * FROM ens . f ( 1 ) ) , c AS ( SELECT 1 ) SELECT d"
        );
        assert_eq!(tokens("SELECT a FROM f() AS t"), "SELECT a FROM f ( ) AS t");
    }

    #[test]
    fn tests_in_one_word_and_collations_are_written_out_or_gone() {
        assert_eq!(tokens("a ISNULL OR b NOTNULL"), "a IS NULL OR b IS NOT NULL");
        assert_eq!(tokens("a::text COLLATE \"C\" = b"), "a :: text = b");
    }
}
