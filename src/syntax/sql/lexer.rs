//! From characters to lexemes. sqlparser's tokeniser is not used: it reads `a>-1` as one operator `>-`, knows a dozen
//! kinds of string, and counts columns in characters.

use sqlparser::keywords::Keyword;

use super::lexeme::{Kind, Lexeme, Lexemes, Sign};
use super::problems;
use crate::diagnostics::{Diagnostic, Sink};
use crate::source::Span;

/// Signs, longest first.
const SIGNS: &[(&str, Sign)] = &[
    ("||", Sign::Concat),
    ("==", Sign::Equal),
    ("!=", Sign::NotEqual),
    ("<>", Sign::NotEqual),
    ("<=", Sign::LessEqual),
    (">=", Sign::GreaterEqual),
    ("::", Sign::Cast),
    (",", Sign::Comma),
    (".", Sign::Dot),
    ("(", Sign::Open),
    (")", Sign::Close),
    ("[", Sign::OpenBracket),
    ("]", Sign::CloseBracket),
    ("+", Sign::Plus),
    ("-", Sign::Minus),
    ("*", Sign::Star),
    ("/", Sign::Slash),
    ("%", Sign::Percent),
    ("^", Sign::Caret),
    ("=", Sign::Equal),
    ("<", Sign::Less),
    (">", Sign::Greater),
    (":", Sign::Colon),
    ("!", Sign::Bang),
];

/// PostgreSQL's operators that would otherwise be read as two of ours, longest first, and its other operator signs.
const REFUSED: &[&str] = &[
    "!~~*", "!~~", "!~*", "!~", "~~*", "~~", "~*", "->>", "->", "#>>", "#>", "#-", "<=>", "<->", "<<", ">>",
    "@>", "@?", "@@", "<@", "&&", "||/", "|/", "**", "^@", "?|", "?&", "=>", "~", "&", "|", "#", "?", "@",
];

/// Cuts the island into lexemes; what is no token of the language is reported and left out.
pub(super) fn lex<'t>(text: &'t str, span: Span, sink: &mut Sink) -> Lexemes<'t> {
    let end = span.range().end.min(text.len());
    let island = text.get(..end).unwrap_or("");
    let mut lexer = Lexer { text: island, at: span.range().start, span, list: Vec::new(), sink };
    while lexer.at < island.len() && !super::is_enough(lexer.sink) {
        lexer.step();
    }
    Lexemes { text, source: span.source, span, list: lexer.list }
}

struct Lexer<'t, 's> {
    /// The file up to the island's end.
    text: &'t str,
    at: usize,
    span: Span,
    list: Vec<Lexeme>,
    sink: &'s mut Sink,
}

impl<'t> Lexer<'t, '_> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn step(&mut self) {
        let rest = self.rest();
        let mut characters = rest.chars();
        let Some(first) = characters.next() else {
            self.at = self.text.len();
            return;
        };
        let second = characters.next().unwrap_or(' ');
        match first {
            _ if first.is_whitespace() => self.at += first.len_utf8(),
            '-' if second == '-' => self.line_comment(),
            '/' if second == '/' => self.line_comment(),
            '/' if second == '*' => self.block_comment(),
            '\'' | '"' => self.quoted(first),
            '0' if matches!(second, 'x' | 'X') => self.blob(),
            '0'..='9' => self.number(),
            '.' if second.is_ascii_digit() => self.refuse(1, problems::leading_point),
            '$' => self.variable(second),
            '@' if second.is_ascii_alphabetic() => self.take(1 + run(rest, 1, is_word_byte), Kind::Context),
            'a'..='z' | 'A'..='Z' | '_' => self.word(),
            _ => self.sign(first),
        }
    }

    fn take(&mut self, bytes: usize, kind: Kind) {
        let start = self.at;
        self.at += bytes;
        self.list.push(Lexeme { kind, start, end: self.at, keyword: Keyword::NoKeyword, partner: None });
    }

    fn refuse(&mut self, bytes: usize, problem: impl FnOnce(Span) -> Diagnostic) {
        let at = Span::new(self.span.source, self.at, self.at + bytes);
        self.sink.report(problem(at));
        self.at += bytes;
    }

    fn line_comment(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn block_comment(&mut self) {
        match self.rest().find("*/") {
            Some(end) => self.at += end + 2,
            None => self.refuse(self.rest().len(), |at| problems::unterminated(at, "comment")),
        }
    }

    /// `'text'` or `"name"`; the quote is doubled inside.
    fn quoted(&mut self, quote: char) {
        let rest = self.rest();
        let mut value = String::new();
        let mut from = 1;
        while let Some(length) = rest.get(from..).and_then(|tail| tail.find(quote)) {
            value.push_str(rest.get(from..from + length).unwrap_or(""));
            from += length + 1;
            if !rest.get(from..).is_some_and(|tail| tail.starts_with(quote)) {
                return self.take(from, if quote == '"' { Kind::Quoted(value) } else { Kind::Text(value) });
            }
            value.push(quote);
            from += 1;
        }
        let what = if quote == '"' { "quoted name" } else { "string" };
        self.refuse(rest.len(), |at| problems::unterminated(at, what));
    }

    fn blob(&mut self) {
        let rest = self.rest();
        let digits = run(rest, 2, |byte| byte.is_ascii_hexdigit());
        let whole = 2 + run(rest, 2, is_word_byte);
        let text = rest.get(2..2 + digits).unwrap_or("");
        if whole > 2 + digits {
            self.refuse(whole, |at| problems::number_form(at, rest.get(..whole).unwrap_or("")));
        } else if digits == 0 || digits % 2 == 1 {
            self.refuse(whole, problems::odd_blob);
        } else {
            self.take(whole, Kind::Blob(text.to_ascii_lowercase()));
        }
    }

    fn number(&mut self) {
        let rest = self.rest();
        let mut length = run(rest, 0, |byte| byte.is_ascii_digit());
        let point = rest.get(length..).is_some_and(|tail| tail.starts_with('.'));
        let fraction = run(rest, length + 1, |byte| byte.is_ascii_digit());
        if point && fraction > 0 {
            length += 1 + fraction;
        }
        let whole = length + run(rest, length, is_word_byte);
        if whole > length {
            return self.refuse(whole, |at| problems::number_form(at, rest.get(..whole).unwrap_or("")));
        }
        self.take(length, Kind::Number);
    }

    fn variable(&mut self, second: char) {
        let length = 1 + run(self.rest(), 1, is_word_byte);
        // A name that begins with `_` is reported as one.
        if second.is_ascii_alphabetic() || second == '_' {
            self.take(length, Kind::Variable);
        } else {
            self.refuse(length, problems::placeholder);
        }
    }

    fn word(&mut self) {
        let rest = self.rest();
        let length = run(rest, 0, is_word_byte);
        let word = rest.get(..length).unwrap_or("");
        let tail = rest.get(length..).unwrap_or("");
        let is_prefix = |prefixes: &[&str]| prefixes.iter().any(|prefix| word.eq_ignore_ascii_case(prefix));
        let unicode = is_prefix(&["u"]) && (tail.starts_with("&'") || tail.starts_with("&\""));
        if unicode || (is_prefix(&["e", "b", "x", "n"]) && tail.starts_with('\'')) {
            let prefix = rest.get(..length + usize::from(unicode)).unwrap_or("");
            self.refuse(prefix.len(), |at| problems::string_prefix(at, prefix));
        } else {
            self.take(length, Kind::Word);
        }
    }

    fn sign(&mut self, first: char) {
        let rest = self.rest();
        if rest.starts_with(":=") {
            return self.refuse(2, problems::assignment);
        }
        // `a <@height` compares with a context value; only `<@` before anything else is an operator.
        let context =
            rest.strip_prefix("<@").is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_alphabetic()));
        let refused = REFUSED.iter().find(|sign| rest.starts_with(**sign)).filter(|_| !context);
        let known = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
        match (refused, known) {
            (Some(operator), known) if known.is_none_or(|(sign, _)| sign.len() < operator.len()) => {
                self.refuse(operator.len(), |at| problems::unknown_operator(at, operator));
            }
            (_, Some((sign, kind))) => self.take(sign.len(), Kind::Sign(*kind)),
            _ => self.refuse(first.len_utf8(), |at| problems::unknown_character(at, first)),
        }
    }
}

fn is_word_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

/// How many bytes of `text` from `from` on satisfy `test`.
fn run(text: &str, from: usize, test: impl Fn(&u8) -> bool) -> usize {
    text.as_bytes().get(from..).unwrap_or(&[]).iter().take_while(|byte| test(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn kinds(text: &str) -> (Vec<Kind>, Vec<&'static str>) {
        let mut sink = Sink::new();
        let list = lex(text, Span::new(SourceId(0), 0, text.len()), &mut sink).list;
        let codes = sink.into_sorted().iter().map(|diagnostic| diagnostic.code.id()).collect();
        (list.into_iter().map(|lexeme| lexeme.kind).collect(), codes)
    }

    fn clean(text: &str) -> Vec<Kind> {
        let (kinds, codes) = kinds(text);
        assert_eq!(codes, Vec::<&str>::new(), "{text}");
        kinds
    }

    #[test]
    fn operators_do_not_swallow_signs_and_sigils() {
        use Kind::{Context, Number, Word};
        let sign = Kind::Sign;
        assert_eq!(clean("a>-1"), [Word, sign(Sign::Greater), sign(Sign::Minus), Number]);
        assert_eq!(clean("a=@caller"), [Word, sign(Sign::Equal), Context]);
        assert_eq!(clean("a<@height"), [Word, sign(Sign::Less), Context]);
        assert_eq!(clean("a=!b"), [Word, sign(Sign::Equal), sign(Sign::Bang), Word]);
        assert_eq!(clean("a||-1"), [Word, sign(Sign::Concat), sign(Sign::Minus), Number]);
        assert_eq!(clean("- -1"), [sign(Sign::Minus), sign(Sign::Minus), Number]);
    }

    #[test]
    fn comments_vanish() {
        assert_eq!(clean("a // b\n-- c 'd\n/* e\n */ f"), [Kind::Word, Kind::Word]);
        assert_eq!(clean("a // b"), [Kind::Word]);
    }

    #[test]
    fn literals_keep_their_values() {
        assert_eq!(clean(r"'it''s\n'"), [Kind::Text(r"it's\n".to_owned())]);
        assert_eq!(
            clean("0xAB 1.50 \"Na\"\"me\""),
            [Kind::Blob("ab".to_owned()), Kind::Number, Kind::Quoted("Na\"me".to_owned())]
        );
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for (text, code) in [
            ("$1", "KF0103"),
            ("$", "KF0103"),
            ("a $$x$$", "KF0103"),
            ("1_000", "KF0103"),
            ("1e5", "KF0103"),
            (".5", "KF0103"),
            ("0xabc", "KF0110"),
            ("0x", "KF0110"),
            ("0xfg", "KF0103"),
            ("e'x'", "KF0103"),
            ("U&'x'", "KF0103"),
            ("\\gexec", "KF0103"),
            ("caf\u{e9}", "KF0103"),
            ("a {", "KF0103"),
            ("a ; b", "KF0103"),
            ("a ~ b", "KF0113"),
            ("a !~* b", "KF0113"),
            ("a -> b", "KF0113"),
            ("a @> b", "KF0113"),
            ("@ a", "KF0113"),
            ("a & b", "KF0113"),
            ("a | b", "KF0113"),
            ("a << 1", "KF0113"),
            ("a <@ b", "KF0113"),
            ("a := b", "KF0106"),
            ("'x", "KF0104"),
            ("\"x", "KF0104"),
            ("/* x", "KF0104"),
        ] {
            assert_eq!(kinds(text).1.first().copied(), Some(code), "{text}");
        }
    }
}
