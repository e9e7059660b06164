use std::time::Duration;

use hyper::header::{HeaderName, HeaderValue};
use toml::{Table, Value};

use crate::connectors::json::{Json, Pointer};
use crate::connectors::template::{Calls, Template};
use crate::connectors::{Endpoint, Limits, table};
use crate::oracle::{ConfigError, FromKey, Input, Keys, OracleConfig};

const KEYS: &[&str] =
    &["url", "poll_ms", "timeout_ms", "max_response_bytes", "headers", "items", "id", "submit", "cursor"];
/// What stands in a template, for messages.
const EXPECTED: &str = "a text with JSON pointers in braces: `{/price}`";

/// The table of such an oracle.
pub struct Settings {
    pub url: Endpoint,
    pub poll: Duration,
    pub limits: Limits,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Where the items are; without it, the answer is the only one.
    pub items: Option<Pointer>,
    pub id: Template<Place>,
    pub submit: Calls<Place>,
    pub cursor: Option<Cursor>,
}

/// How the server is told what is known.
pub struct Cursor {
    /// The name in the query.
    pub query: String,
    /// Where the answer has the next value.
    pub pointer: Pointer,
}

/// A value of an item: `/price`, `?/note` where it may be missing, `json /tags` for its text whatever it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// As it was written.
    written: String,
    pointer: Pointer,
    may_be_missing: bool,
    is_text: bool,
}

impl Place {
    /// Reads what stands between braces.
    pub fn parse(text: &str) -> Option<Place> {
        let (is_text, rest) = text.strip_prefix("json ").map_or((false, text), |rest| (true, rest));
        let (may_be_missing, rest) = rest.strip_prefix('?').map_or((false, rest), |rest| (true, rest));
        let pointer = Pointer::parse(rest)?;
        Some(Place { written: rest.to_owned(), pointer, may_be_missing, is_text })
    }

    /// The value in `item`.
    ///
    /// # Errors
    /// If it is not there, or no text.
    pub fn find(&self, item: Json<'_>) -> Result<Input, String> {
        match item.at(&self.pointer) {
            Some(value) if self.is_text => Ok(Input::One(value.compact())),
            Some(value) => value.input().ok_or_else(|| format!("`{}` is no text", self.written)),
            None if self.may_be_missing => Ok(Input::Null),
            None => Err(format!("`{}` is not there", self.written)),
        }
    }
}

impl Settings {
    /// Reads the table.
    ///
    /// # Errors
    /// What is wrong, by its key.
    pub fn read(config: &OracleConfig) -> Result<Settings, ConfigError> {
        let mut keys = config.keys();
        let id: String = keys.required("id")?;
        let settings = Settings {
            url: keys.required("url")?,
            poll: table::poll(&mut keys, 10_000)?,
            limits: table::limits(&mut keys)?,
            headers: headers(&mut keys)?,
            items: keys.optional("items")?,
            id: Template::parse(&id, &Place::parse).ok_or_else(|| keys.refuse("id", EXPECTED))?,
            submit: Calls::parse(&mut keys, &Place::parse, EXPECTED)?,
            cursor: keys.table("cursor")?.map(Cursor::read).transpose()?,
        };
        keys.end(KEYS)?;
        Ok(settings)
    }
}

impl Cursor {
    fn read(mut keys: Keys) -> Result<Cursor, ConfigError> {
        let cursor = Cursor { query: keys.required("query")?, pointer: keys.required("pointer")? };
        keys.end(&["query", "pointer"])?;
        Ok(cursor)
    }
}

impl FromKey for Pointer {
    const EXPECTED: &'static str = "a JSON pointer: `/data/items`, or nothing for all of it";

    fn from_key(value: Value) -> Option<Pointer> {
        Pointer::parse(value.as_str()?)
    }
}

/// Values may be secrets, and are marked so.
fn headers(keys: &mut Keys) -> Result<Vec<(HeaderName, HeaderValue)>, ConfigError> {
    let table: Table = keys.optional("headers")?.unwrap_or_default();
    let header = |(key, value): (String, Value)| {
        let header = HeaderName::try_from(key.as_str()).ok();
        let value = value.as_str().and_then(|text| HeaderValue::from_str(text).ok());
        let expected = "the name and the text of a header";
        let (header, mut value) =
            header.zip(value).ok_or_else(|| keys.refuse(&format!("headers.{key}"), expected))?;
        value.set_sensitive(true);
        Ok((header, value))
    };
    table.into_iter().map(header).collect()
}
