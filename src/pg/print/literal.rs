//! Values as PostgreSQL reads them, whatever `standard_conforming_strings` is set to.

use std::collections::BTreeSet;
use std::fmt::Write;

/// `'it''s'`; with backslashes or control characters `E'a\\b\n'`, which both settings read alike. NUL, which no text
/// of PostgreSQL can hold, is left out.
pub(super) fn text(value: &str) -> String {
    let plain = !value.chars().any(|char| char == '\\' || char.is_ascii_control());
    let mut out = String::from(if plain { "'" } else { "E'" });
    for char in value.chars() {
        match char {
            '\0' => {}
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_ascii_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}

/// `E'\\x0aff'::bytea`
pub(super) fn bytes(value: &[u8]) -> String {
    let mut out = String::from("E'\\\\x");
    for byte in value {
        let _ = write!(out, "{byte:02x}");
    }
    out.push_str("'::bytea");
    out
}

/// `body` between the first of `$kf$`, `$kf1$`, .. that does not occur in it.
pub(super) fn dollar_quoted(body: &str) -> String {
    let tag = match body.contains("$kf$") {
        false => "$kf$".to_owned(),
        true => format!("$kf{}$", unused_number(body)),
    };
    format!("{tag}{body}{tag}")
}

/// The least number from 1 on whose tag is not in `body`, in one pass: a body may hold any number of tags.
fn unused_number(body: &str) -> u64 {
    let taken: BTreeSet<u64> = body.split("$kf").skip(1).filter_map(number).collect();
    (1..).find(|number| !taken.contains(number)).unwrap_or(u64::MAX)
}

/// The number of a tag, from what follows its `$kf`.
fn number(rest: &str) -> Option<u64> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = rest.split_at_checked(digits)?;
    (rest.starts_with('$') || rest.is_empty()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{bytes, dollar_quoted, text};

    #[test]
    fn texts_read_alike_under_both_settings() {
        assert_eq!(text("it's"), "'it''s'");
        assert_eq!(text("a\\b'"), "E'a\\\\b'''");
        assert_eq!(text("1\n2\u{1}3\u{7f}"), "E'1\\n2\\x013\\x7f'");
        assert_eq!(text("\0"), "E''");
        assert_eq!(text(""), "''");
        assert_eq!(bytes(&[0, 255]), "E'\\\\x00ff'::bytea");
    }

    #[test]
    fn a_body_cannot_end_its_own_quote() {
        assert_eq!(dollar_quoted("x"), "$kf$x$kf$");
        assert_eq!(dollar_quoted("$kf$ $kf1$"), "$kf2$$kf$ $kf1$$kf2$");
        assert_eq!(dollar_quoted("$kf$kf1$ $kf3$"), "$kf2$$kf$kf1$ $kf3$$kf2$");
    }
}
