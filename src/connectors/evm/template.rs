use alloy_dyn_abi::DynSolValue;

use super::place::Place;
use super::signature::{Signature, Undecodable};
use super::wire::Log;
use super::{problems, value};
use crate::oracle::{ConfigError, Input};

/// The text of an input, with places in it.
pub(super) struct Template(Vec<Part>);

enum Part {
    /// As it is.
    Text(String),
    /// Of the log.
    Place(Place),
}

impl Template {
    /// Reads `text`, the value of `key` in `table`: `{name}` is a place, `{{` and `}}` are braces.
    ///
    /// # Errors
    /// A name that the event does not have, or a brace without its other one.
    pub(super) fn parse(
        table: &str,
        key: &str,
        text: &str,
        signature: &Signature,
    ) -> Result<Template, ConfigError> {
        let pieces = pieces(text).ok_or_else(|| problems::open_placeholder(table, key))?;
        let is_alone = pieces.len() == 1;
        let part = |piece| match piece {
            Piece::Text(text) => Ok(Part::Text(text)),
            Piece::Name(name) => Place::find(table, key, &name, is_alone, signature).map(Part::Place),
        };
        Ok(Template(pieces.into_iter().map(part).collect::<Result<_, _>>()?))
    }

    /// The input for a log with these values.
    pub(super) fn fill(
        &self,
        values: &[DynSolValue],
        log: &Log,
        timestamp: u64,
    ) -> Result<Input, Undecodable> {
        if let [Part::Place(Place::Parameter(index, kind))] = self.0.as_slice()
            && let Some(value) = values.get(*index)
        {
            return value::input(kind, value);
        }
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Place(place) => filled.push_str(&place.text(values, log, timestamp)?),
            }
        }
        Ok(Input::One(filled))
    }
}

#[derive(PartialEq, Debug)]
enum Piece {
    Text(String),
    Name(String),
}

/// `text` cut at its places; none if a brace stands alone.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let (mut pieces, mut plain) = (Vec::new(), String::new());
    let mut rest = text.chars().peekable();
    while let Some(char) = rest.next() {
        match char {
            '{' | '}' if rest.next_if_eq(&char).is_some() => plain.push(char),
            '}' => return None,
            '{' => {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                let name: String =
                    std::iter::from_fn(|| rest.next_if(|char| !"{}".contains(*char))).collect();
                rest.next_if_eq(&'}')?;
                pieces.push(Piece::Name(name.trim().to_owned()));
            }
            other => plain.push(other),
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_their_places() {
        let name = |name: &str| Piece::Name(name.to_owned());
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(pieces(""), Some(vec![]));
        assert_eq!(pieces("{a}"), Some(vec![name("a")]));
        assert_eq!(pieces("x{ a }{b}y"), Some(vec![text("x"), name("a"), name("b"), text("y")]));
        assert_eq!(pieces("{{a}} {b}"), Some(vec![text("{a} "), name("b")]));
        for open in ["{", "}", "a}", "{a", "{a{b}}", "{a}}"] {
            assert_eq!(pieces(open), None, "{open}");
        }
    }
}
