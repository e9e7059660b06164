//! Texts of a dataset in a generated file: comments and defaults.

use crate::language::Type;

/// The lines of a comment, an empty one, and the signature. Lines lose what they are indented by: four spaces would make
/// them code to some.
pub fn of(comment: Option<&str>, signature: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        comment.unwrap_or_default().lines().map(|line| line.trim().to_owned()).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!("`{}`", signature.replace('\n', " ")));
    lines
}

/// What a default is bound as: `'it''s'`, `5`, `0xab`, `true`, as interfaces write them; none for null.
pub fn value(literal: &str, ty: &Type) -> Option<String> {
    let quoted = literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match (quoted, ty) {
        (Some(inner), _) => Some(inner.replace("''", "'")),
        (None, _) if literal.eq_ignore_ascii_case("null") => None,
        (None, Type::Blob) => Some(format!("\\x{}", literal.strip_prefix("0x").unwrap_or(literal))),
        (None, _) => Some(literal.to_owned()),
    }
}

/// A text in double quotes, as TypeScript, Python and Go read it.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_bound_as_values() {
        assert_eq!(value("'it''s'", &Type::Text).as_deref(), Some("it's"));
        assert_eq!(value("'null'", &Type::Text).as_deref(), Some("null"));
        assert_eq!(value("null", &Type::Text), None);
        assert_eq!(value("0xab", &Type::Blob).as_deref(), Some("\\xab"));
        assert_eq!(value("-5", &Type::Int).as_deref(), Some("-5"));
    }

    #[test]
    fn comments_lose_their_indents() {
        assert_eq!(of(Some("one\n\n    two\n"), "f() public"), ["one", "", "two", "", "`f() public`"]);
        assert_eq!(of(None, "f() public"), ["`f() public`"]);
    }
}
