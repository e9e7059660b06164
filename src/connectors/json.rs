//! JSON that is read without losing a digit: a value stays the text it was until somebody asks for it.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::oracle::Input;

/// A value somewhere in a text of JSON.
#[derive(Clone, Copy)]
pub struct Json<'a>(&'a RawValue);

/// Where a value is: RFC 6901, `/data/0/price`; the empty pointer is all of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Reads a pointer; none if it does not begin with `/` or has a `~` that is neither `~0` nor `~1`.
    pub fn parse(text: &str) -> Option<Pointer> {
        if text.is_empty() {
            return Some(Pointer(Vec::new()));
        }
        text.strip_prefix('/')?.split('/').map(unescape).collect::<Option<_>>().map(Pointer)
    }
}

/// `~1` is a slash and `~0` a tilde.
fn unescape(token: &str) -> Option<String> {
    let mut plain = String::new();
    let mut rest = token.chars();
    while let Some(next) = rest.next() {
        plain.push(match next {
            '~' => match rest.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(plain)
}

impl<'a> Json<'a> {
    /// Checks that `text` is one value of JSON and nothing else.
    ///
    /// # Errors
    /// Where it is not, by line and column.
    pub fn read(text: &'a [u8]) -> Result<Json<'a>, serde_json::Error> {
        serde_json::from_slice(text).map(Json)
    }

    /// The value that `pointer` leads to; none if there is no such place.
    pub fn at(self, pointer: &Pointer) -> Option<Json<'a>> {
        pointer.0.iter().try_fold(self, |value, token| value.step(token))
    }

    /// The last of several members of one name counts.
    fn step(self, token: &str) -> Option<Json<'a>> {
        match self.text().bytes().next()? {
            b'{' => {
                let mut members: BTreeMap<String, &'a RawValue> = serde_json::from_str(self.text()).ok()?;
                members.remove(token).map(Json)
            }
            b'[' => {
                let is_index = token == "0" || !token.starts_with(['0', '+']);
                let index: usize = token.parse().ok().filter(|_| is_index)?;
                self.elements()?.get(index).copied()
            }
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn elements(self) -> Option<Vec<Json<'a>>> {
        let elements: Vec<&'a RawValue> = serde_json::from_str(self.text()).ok()?;
        Some(elements.into_iter().map(Json).collect())
    }

    /// As an input: null, scalars as their text, arrays of such; any other array or object as its text. None for a string
    /// that is no text, such as half of a surrogate pair.
    pub fn input(self) -> Option<Input> {
        match self.text().bytes().next()? {
            b'[' => match self.elements()?.into_iter().map(Json::scalar).collect::<Option<Vec<_>>>() {
                Some(scalars) => Some(Input::Many(scalars)),
                None => Some(Input::One(self.compact())),
            },
            b'{' => Some(Input::One(self.compact())),
            _ => self.scalar().map(|text| text.map_or(Input::Null, Input::One)),
        }
    }

    /// A scalar as text; inside, none is null.
    #[allow(clippy::option_option)]
    fn scalar(self) -> Option<Option<String>> {
        match self.text().bytes().next()? {
            b'n' => Some(None),
            b'"' => serde_json::from_str(self.text()).ok().map(Some),
            b'[' | b'{' => None,
            _ => Some(Some(self.text().to_owned())),
        }
    }

    /// As it was written, without the white space between its parts.
    pub fn compact(self) -> String {
        let mut compact = String::new();
        let (mut is_string, mut is_escaped) = (false, false);
        for next in self.text().chars() {
            match next {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => is_string = !is_string,
                ' ' | '\t' | '\n' | '\r' if !is_string => continue,
                _ => {}
            }
            compact.push(next);
        }
        compact
    }

    fn text(self) -> &'a str {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#" {"data": [{"id": 12345678901234567890123, "price": 1.10, "big": 1e400, "who": "A\u00e9"},
        {"tags": ["a", null, 2.50], "deep": { "x" : [ 1, {"y": " \" " } ] }}], "a/b": {"~": true}, "none": null,
        "half": "\ud800", "twice": 1, "twice": 2, "": {"": "empty"}} "#;

    fn at(pointer: &str) -> Option<Input> {
        let json = Json::read(TEXT.as_bytes()).unwrap();
        json.at(&Pointer::parse(pointer).unwrap()).map(|value| value.input().unwrap_or("unreadable".into()))
    }

    #[test]
    fn values_keep_every_digit() {
        assert_eq!(at("/data/0/id"), Some("12345678901234567890123".into()));
        assert_eq!(at("/data/0/price"), Some("1.10".into()));
        assert_eq!(at("/data/0/big"), Some("1e400".into()));
        assert_eq!(at("/data/0/who"), Some("Aé".into()));
        assert_eq!(at("/a~1b/~0"), Some(Input::from(true)));
        assert_eq!(at("/none"), Some(Input::Null));
        assert_eq!(at("/twice"), Some("2".into()));
        assert_eq!(at("//"), Some("empty".into()));
        assert_eq!(at("/half"), Some("unreadable".into()));
        let tags = Input::Many(vec![Some("a".into()), None, Some("2.50".into())]);
        assert_eq!(at("/data/1/tags"), Some(tags));
        assert_eq!(at("/data/1/deep"), Some(r#"{"x":[1,{"y":" \" "}]}"#.into()));
        assert_eq!(at("/data/1/deep/x"), Some(r#"[1,{"y":" \" "}]"#.into()));
    }

    #[test]
    fn what_is_not_there_is_none() {
        for pointer in ["/x", "/data/2", "/data/-", "/data/00", "/data/+0", "/none/x", "/data/0/price/0"] {
            assert_eq!(at(pointer), None, "{pointer}");
        }
    }

    #[test]
    fn pointers_are_those_of_the_standard() {
        assert_eq!(Pointer::parse(""), Some(Pointer(vec![])));
        assert_eq!(Pointer::parse("/a~01"), Some(Pointer(vec!["a~1".into()])));
        for wrong in ["a", "a/b", "/~", "/~2", "#/a"] {
            assert_eq!(Pointer::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused_whole() {
        for wrong in ["", "{", r#"{"a": 01}"#, "[1,]", r#"{"a": 1} x"#, r#"{"a": "b"#] {
            assert!(Json::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(Json::read(b"\"\xff\"").is_err());
    }
}
