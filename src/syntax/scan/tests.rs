use super::*;
use crate::diagnostics::{Code, Sink};
use crate::source::SourceId;
use crate::syntax::reporter::Reporter;

/// Something with the text it stands at.
type Of<'t, T> = (T, &'t str);

/// Kinds and texts of the tokens, and codes with the texts they stand at.
fn scanned(text: &str) -> (Vec<Of<'_, TokenKind>>, Vec<Of<'_, Code>>) {
    let mut sink = Sink::new();
    let out = scan(text, SourceId(0), &mut Reporter::new(&mut sink));
    let tokens = out.tokens.iter().map(|token| (token.kind, &text[token.start..token.end])).collect();
    let said = sink.into_sorted().into_iter().map(|said| (said.code, &text[said.at.span.range()])).collect();
    (tokens, said)
}

fn codes(text: &str) -> Vec<Of<'_, Code>> {
    scanned(text).1
}

#[test]
fn makes_a_token_of_every_kind() {
    use TokenKind::*;
    let (tokens, said) = scanned("a _b 1 1.50 0xAb 'it''s' \"q\" $v @c #i ( ) ; , . := 1..2");
    let kinds: Vec<TokenKind> = tokens.iter().map(|(kind, _)| *kind).collect();
    let expected = [
        Word, Word, Number, Number, Blob, Text, Quoted, Variable, Context, Index, Open, Close, Semicolon,
        Comma, Dot, Sign, Sign, Number, Dot, Dot, Number,
    ];
    assert_eq!(kinds, expected);
    assert!(said.is_empty());
}

#[test]
fn comments_are_not_tokens_and_strings_hold_their_marks() {
    let (tokens, said) = scanned("a // b\n-- c ' \n/* ; ' */ '-- /* // */ ;' d");
    let texts: Vec<&str> = tokens.iter().map(|(_, text)| *text).collect();
    assert_eq!(texts, ["a", "'-- /* // */ ;'", "d"]);
    assert!(said.is_empty());
}

#[test]
fn knows_the_first_token_of_a_line() {
    let mut sink = Sink::new();
    let out = scan("a b\n c /* \n */ d", SourceId(0), &mut Reporter::new(&mut sink));
    let first: Vec<bool> = out.tokens.iter().map(|token| token.first_on_line).collect();
    assert_eq!(first, [true, false, true, true]);
}

#[test]
fn control_characters_are_refused_outside_strings() {
    assert_eq!(codes("a\0b"), [(Code::ControlCharacter, "\0")]);
    assert_eq!(codes("// \u{202E} x"), [(Code::ControlCharacter, "\u{202E}")]);
    assert_eq!(codes("/* \u{2028} */"), [(Code::ControlCharacter, "\u{2028}")]);
    assert_eq!(codes("a\u{200B}\u{200B}b"), [(Code::ControlCharacter, "\u{200B}\u{200B}")]);
    assert_eq!(codes("a \u{FEFF}b"), [(Code::ControlCharacter, "\u{FEFF}")]);
    assert_eq!(codes("\u{FEFF}a"), []);
}

#[test]
fn strings_refuse_only_c0_controls() {
    assert_eq!(codes("'\u{202E} \u{200D} \n\t\r é'"), []);
    assert_eq!(codes("'a\0b'"), [(Code::ControlCharacter, "\0")]);
    assert_eq!(codes("'a\u{1b}b'"), [(Code::ControlCharacter, "\u{1b}")]);
}

#[test]
fn names_are_ascii_and_other_signs_are_unknown() {
    assert_eq!(codes("оwners"), [(Code::NotAName, "оwners")]);
    assert_eq!(codes("e\u{301}t"), [(Code::NotAName, "e\u{301}t")]);
    assert_eq!(codes("$pré"), [(Code::NotAName, "$pré")]);
    assert_eq!(codes("a\u{A0}b"), [(Code::UnknownToken, "\u{A0}")]);
    assert_eq!(codes("😀😀"), [(Code::UnknownToken, "😀😀")]);
    assert_eq!(codes("\\gexec"), [(Code::UnknownToken, "\\")]);
    assert_eq!(codes("$1"), [(Code::UnknownToken, "$1")]);
    assert_eq!(codes("$ a"), [(Code::UnknownToken, "$")]);
}

#[test]
fn numbers_have_no_separators_exponents_or_letters() {
    assert_eq!(codes("1_000"), [(Code::UnknownToken, "1_000")]);
    assert_eq!(codes("1e5"), [(Code::UnknownToken, "1e5")]);
    assert_eq!(codes("0xZZ"), [(Code::UnknownToken, "0xZZ")]);
    assert_eq!(codes("1bad"), [(Code::NotAName, "1bad")]);
}

#[test]
fn strings_have_no_prefixes_and_no_dollars() {
    assert_eq!(codes("E'a\\'"), [(Code::UnknownToken, "E'")]);
    assert_eq!(codes("u&'x'"), [(Code::UnknownToken, "u&'")]);
    assert_eq!(codes("b'1' X'2' n'3'").len(), 3);
    assert_eq!(codes("$$ a $$").len(), 2);
    assert_eq!(codes("$kf$ a"), [(Code::UnknownToken, "$kf$")]);
    assert_eq!(codes("default'x' u & 'y'"), []);
}

#[test]
fn an_unclosed_string_costs_its_line() {
    let (tokens, said) = scanned("a 'b;\nc");
    assert_eq!(said, [(Code::Unterminated, "'")]);
    assert_eq!(tokens.last(), Some(&(TokenKind::Word, "c")));
}

#[test]
fn an_unclosed_string_points_at_the_one_that_swallowed_a_line() {
    let mut sink = Sink::new();
    scan("a 'b;\nc 'd' e\n", SourceId(0), &mut Reporter::new(&mut sink));
    let said = sink.into_sorted();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].also[0].span.range(), 2..3);
}

#[test]
fn unclosed_quotes_and_comments_are_told_where_they_open() {
    assert_eq!(codes("a \"b; c\nd \"e\""), [(Code::NotAName, "\"")]);
    assert_eq!(codes("a /* b"), [(Code::Unterminated, "/*")]);
}

#[test]
fn a_nested_comment_is_told_once_and_skipped_as_its_author_saw_it() {
    let (tokens, said) = scanned("a /* one /* two */ b /* */ */ c");
    assert_eq!(said, [(Code::NestedComment, "/*")]);
    let texts: Vec<&str> = tokens.iter().map(|(_, text)| *text).collect();
    assert_eq!(texts, ["a", "c"]);
    assert_eq!(scanned("/* a /* b */ c").0, [(TokenKind::Word, "c")]);
}

#[test]
fn depth_is_told_once_at_the_first_bracket_too_many() {
    let deep = format!("{}{}", "(".repeat(70), ")".repeat(70));
    let (tokens, said) = scanned(&deep);
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].0, Code::NestingTooDeep);
    assert_eq!(tokens.iter().filter(|(kind, _)| *kind == TokenKind::Bad).count(), 12);
    let allowed = format!("{}{}", "(".repeat(64), ")".repeat(64));
    assert!(codes(&allowed).is_empty());
}
