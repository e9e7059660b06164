//! What was typed, taken apart.

use serde_json::Value;

/// One input.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Line {
    /// Nothing, or a comment.
    Empty,
    /// `.tables ens`
    Command(String, String),
    /// `@caller := 'x'`
    Set(String, Option<String>),
    /// `SELECT ..`
    Query(String),
    /// `ens.get_ownership('a', $to := 5)`
    Call(Typed),
}

/// A call as it was typed.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Typed {
    /// Name or DBID.
    pub dataset: String,
    /// The action.
    pub action: String,
    /// By position.
    pub arguments: Vec<Value>,
    /// By name, without the `$`.
    pub named: Vec<(String, Value)>,
}

const QUERIES: &[&str] = &["select", "with", "values", "table"];

/// True if `text` needs no further line: queries end with `;`, calls when their parentheses are closed.
pub(super) fn is_complete(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with(['.', '@']) || text.is_empty() || is_comment(text) {
        return true;
    }
    let (open, quoted) = depth(text);
    !quoted && open <= 0 && (!is_query(text) || text.ends_with(';'))
}

fn is_comment(text: &str) -> bool {
    text.lines().all(|line| {
        line.trim().is_empty() || line.trim_start().starts_with("--") || line.trim_start().starts_with("//")
    })
}

fn is_query(text: &str) -> bool {
    let word = text.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    QUERIES.iter().any(|query| query.eq_ignore_ascii_case(word))
        && text.get(word.len()..).is_some_and(|rest| !rest.starts_with(['.', '_']))
}

/// How many brackets are open at the end, and whether a string is.
fn depth(text: &str) -> (i32, bool) {
    let (mut open, mut quoted) = (0, false);
    for letter in text.chars() {
        match letter {
            '\'' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => open += 1,
            ')' | ']' | '}' if !quoted => open -= 1,
            _ => {}
        }
    }
    (open, quoted)
}

/// Takes `text` apart.
///
/// # Errors
/// What is wrong with it, to be shown as it is.
pub(super) fn parse(text: &str) -> Result<Line, String> {
    let text = text.trim();
    if is_comment(text) {
        return Ok(Line::Empty);
    }
    if let Some(command) = text.strip_prefix('.') {
        let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        return Ok(Line::Command(word.to_ascii_lowercase(), rest.trim().to_owned()));
    }
    let text = text.trim_end_matches(';').trim_end();
    if let Some(set) = text.strip_prefix('@') {
        let (name, value) = set.split_once(":=").ok_or("to set a value, write `@caller := 'x'`")?;
        let mut cursor = Cursor(value.trim());
        let value = cursor.value()?;
        cursor.end("the value")?;
        return Ok(Line::Set(name.trim().to_ascii_lowercase(), text_of(value)));
    }
    if is_query(text) {
        return Ok(Line::Query(text.to_owned()));
    }
    call(text).map(Line::Call)
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// `ens.get_ownership('a', $to := 5)`
pub(super) fn call(text: &str) -> Result<Typed, String> {
    let usage =
        "expected `DATASET.ACTION(..)`, `SELECT ..;`, `@caller := ..` or a command; `.help` lists them";
    let (target, arguments) = text.trim().split_once('(').ok_or(usage)?;
    let (dataset, action) = target.trim().rsplit_once('.').ok_or(usage)?;
    let mut typed = Typed {
        dataset: dataset.to_owned(),
        action: action.to_owned(),
        arguments: Vec::new(),
        named: Vec::new(),
    };
    let mut cursor = Cursor(arguments);
    while !cursor.take(")") {
        match cursor.name()? {
            Some(name) => typed.named.push((name, cursor.value()?)),
            None if typed.named.is_empty() => typed.arguments.push(cursor.value()?),
            None => return Err("arguments by position come before those by name".to_owned()),
        }
        if !cursor.take(",") && !cursor.0.trim_start().starts_with(')') {
            return Err("expected `,` or `)` after an argument".to_owned());
        }
    }
    cursor.end("the call")?;
    Ok(typed)
}

/// What is left to read.
struct Cursor<'t>(&'t str);

impl Cursor<'_> {
    fn take(&mut self, what: &str) -> bool {
        self.0 = self.0.trim_start();
        let rest = self.0.strip_prefix(what);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn end(&self, what: &str) -> Result<(), String> {
        match self.0.trim() {
            "" => Ok(()),
            rest => Err(format!("`{rest}` follows {what}")),
        }
    }

    /// `$to :=` at the front.
    fn name(&mut self) -> Result<Option<String>, String> {
        if !self.take("$") {
            return Ok(None);
        }
        let (name, rest) = self.0.split_once(":=").ok_or("an argument by name is `$name := value`")?;
        self.0 = rest;
        Ok(Some(name.trim().to_ascii_lowercase()))
    }

    /// A literal of the language; all but null and arrays as text.
    fn value(&mut self) -> Result<Value, String> {
        self.0 = self.0.trim_start();
        match self.0.chars().next() {
            Some('\'') => self.quoted().map(Value::String),
            Some('[') => self.array(),
            _ => self.plain(),
        }
    }

    fn quoted(&mut self) -> Result<String, String> {
        let mut text = String::new();
        let mut letters = self.0.char_indices().skip(1).peekable();
        while let Some((at, letter)) = letters.next() {
            if letter == '\'' && letters.next_if(|(_, next)| *next == '\'').is_none() {
                self.0 = self.0.get(at + 1..).unwrap_or_default();
                return Ok(text);
            }
            text.push(letter);
        }
        Err("a text has no closing `'`".to_owned())
    }

    fn array(&mut self) -> Result<Value, String> {
        self.take("[");
        let mut values = Vec::new();
        while !self.take("]") {
            values.push(self.value()?);
            if !self.take(",") && !self.0.trim_start().starts_with(']') {
                return Err("expected `,` or `]` in an array".to_owned());
            }
        }
        Ok(Value::Array(values))
    }

    fn plain(&mut self) -> Result<Value, String> {
        let end = self.0.find(|letter: char| letter.is_whitespace() || ",)]".contains(letter));
        let (word, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        let known = ["true", "false", "null"].iter().find(|known| known.eq_ignore_ascii_case(word));
        let is_uuid = word.len() == 36 && word.matches('-').count() == 4;
        match known {
            Some(&"null") => Ok(Value::Null),
            Some(known) => Ok(Value::String((*known).to_owned())),
            None if is_uuid || word.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
                Ok(Value::String(word.to_owned()))
            }
            None if word.is_empty() => Err("expected a value".to_owned()),
            None => Err(format!("`{word}` is no value; a text is written `'{word}'`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_are_read_as_the_language_writes_them() {
        let typed = call("ens.f('it''s, (ok)', 0xab, -1.50, NULL, [1, 'x'], $to := true)").unwrap();
        assert_eq!((typed.dataset.as_str(), typed.action.as_str()), ("ens", "f"));
        assert_eq!(json!(typed.arguments), json!(["it's, (ok)", "0xab", "-1.50", null, ["1", "x"]]));
        assert_eq!(typed.named, [("to".to_owned(), json!("true"))]);
        assert_eq!(call("0xab.ens.f()").unwrap().dataset, "0xab.ens");
        for (wrong, told) in [
            ("ens.f(bob)", "`bob` is no value; a text is written `'bob'`"),
            ("ens.f('a)", "no closing"),
            ("ens.f(1 2)", "expected `,` or `)`"),
            ("ens.f($a := 1, 2)", "come before"),
            ("ens.f() x", "`x` follows the call"),
            ("hello", "expected `DATASET.ACTION(..)`"),
        ] {
            assert!(call(wrong).unwrap_err().contains(told), "{wrong}: {:?}", call(wrong));
        }
    }

    #[test]
    fn the_end_of_an_input_is_seen() {
        for whole in
            ["", ".tables", "@caller := 'x'", "a.b('(')", "SELECT ';' AS x;", "-- what", "tables.f()"]
        {
            assert!(is_complete(whole), "{whole}");
        }
        for half in ["a.b(", "a.b('", "a.b([1,", "SELECT 1", "with x as (select 1)", "SELECT ';"] {
            assert!(!is_complete(half), "{half}");
        }
        assert_eq!(parse("@Height := 5;"), Ok(Line::Set("height".into(), Some("5".into()))));
        assert_eq!(parse(".Tables  ens "), Ok(Line::Command("tables".into(), "ens".into())));
        assert_eq!(parse("// no"), Ok(Line::Empty));
    }
}
