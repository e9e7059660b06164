//! Texts with holes: `{/price}` or `{account_id}`, and the calls that are made of them.

use toml::Value;

use super::problems;
use crate::oracle::{ConfigError, Event, FromKey, Input, Keys, Submission, Target};

/// A text with holes of the kind `H`. `{{` and `}}` are braces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template<H>(Vec<Part<H>>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Part<H> {
    Text(String),
    Hole(H),
}

/// Gives what a hole is filled with, or says why it cannot be.
pub type Fill<'a, H, E> = &'a dyn Fn(&H) -> Result<Input, E>;

/// Reads a text of a table: the table, the text's key in it, and the text.
pub type ReadText<'a, H> = &'a dyn Fn(&Keys, &str, &str) -> Result<Template<H>, ConfigError>;

/// Why a hole among other text cannot be filled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoText(pub &'static str);

impl From<NoText> for String {
    fn from(why: NoText) -> String {
        why.0.to_owned()
    }
}

impl Template<String> {
    /// Cuts a text at its holes; none if a brace is open.
    pub fn cut(text: &str) -> Option<Template<String>> {
        let (mut parts, mut plain) = (Vec::new(), String::new());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                plain.push_str(from.get(..1).unwrap_or_default());
                rest = after;
                continue;
            }
            let (inside, after) = from.strip_prefix('{')?.split_once('}')?;
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(Part::Hole(inside.to_owned()));
            rest = after;
        }
        if !plain.is_empty() || !rest.is_empty() {
            plain.push_str(rest);
            parts.push(Part::Text(plain));
        }
        Some(Template(parts))
    }

    /// What the holes are; `read` is told whether a hole is all of the text.
    ///
    /// # Errors
    /// The first of `read`.
    pub fn read<H, E>(self, read: impl Fn(String, bool) -> Result<H, E>) -> Result<Template<H>, E> {
        let is_alone = self.0.len() == 1;
        let part = |part| match part {
            Part::Text(text) => Ok(Part::Text(text)),
            Part::Hole(inside) => read(inside, is_alone).map(Part::Hole),
        };
        self.0.into_iter().map(part).collect::<Result<_, _>>().map(Template)
    }
}

impl<H> Template<H> {
    /// Reads a text; none if a brace is open or what is in it is no hole.
    pub fn parse(text: &str, hole: &dyn Fn(&str) -> Option<H>) -> Option<Template<H>> {
        Template::cut(text)?.read(|inside, _| hole(&inside).ok_or(())).ok()
    }

    /// What a hole that is alone is filled with, whatever it is; else the text.
    ///
    /// # Errors
    /// What `fill` said, or that there is no text for a hole in a text.
    pub fn input<E: From<NoText>>(&self, fill: Fill<'_, H, E>) -> Result<Input, E> {
        match self.0.as_slice() {
            [Part::Hole(hole)] => fill(hole),
            _ => self.text(fill).map(Input::One),
        }
    }

    /// The text.
    ///
    /// # Errors
    /// As [`Template::input`].
    pub fn text<E: From<NoText>>(&self, fill: Fill<'_, H, E>) -> Result<String, E> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Hole(hole) => match fill(hole)? {
                    Input::One(value) => text.push_str(&value),
                    Input::Null => return Err(NoText("null cannot be a part of a text").into()),
                    Input::Many(_) => return Err(NoText("an array cannot be a part of a text").into()),
                },
            }
        }
        Ok(text)
    }
}

/// Calls to make for each thing that was seen: the key `submit`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calls<H>(Vec<Call<H>>);

#[derive(Clone, PartialEq, Eq, Debug)]
struct Call<H> {
    dataset: String,
    action: String,
    inputs: Vec<Template<H>>,
}

/// Texts of inputs; numbers and truths are read as theirs.
struct Texts(Vec<String>);

impl FromKey for Texts {
    const EXPECTED: &'static str = "a list of strings, whole numbers and truths";

    fn from_key(value: Value) -> Option<Texts> {
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            Value::Integer(_) | Value::Boolean(_) => Some(value.to_string()),
            _ => None,
        };
        let Value::Array(values) = value else { return None };
        values.into_iter().map(text).collect::<Option<_>>().map(Texts)
    }
}

impl<H> Calls<H> {
    /// Takes `submit = [{ dataset = "..", action = "..", inputs = [".."] }]`.
    ///
    /// # Errors
    /// What is wrong, by its key.
    pub fn read(keys: &mut Keys, text: ReadText<'_, H>) -> Result<Calls<H>, ConfigError> {
        let tables = keys.tables("submit")?;
        if tables.is_empty() {
            return Err(keys.refuse("submit", "a list of calls with at least one"));
        }
        let calls = tables.into_iter().map(|call| Call::read(call, text));
        let calls = Calls(calls.collect::<Result<_, _>>()?);
        let sample = calls.0.iter().map(Call::sample).collect();
        match Event::new(Submission { targets: sample, source: None, order: None }) {
            Ok(_) => Ok(calls),
            Err(why) => Err(problems::no_submission(keys.name(), why.0)),
        }
    }

    /// As [`Calls::read`], where each hole is known by itself. `expected` says what texts there are.
    ///
    /// # Errors
    /// What is wrong, by its key.
    pub fn parse(
        keys: &mut Keys,
        hole: &dyn Fn(&str) -> Option<H>,
        expected: &str,
    ) -> Result<Calls<H>, ConfigError> {
        let text = |keys: &Keys, key: &str, text: &str| {
            Template::parse(text, hole).ok_or_else(|| keys.refuse(key, expected))
        };
        Calls::read(keys, &text)
    }

    /// The calls for one thing that was seen.
    ///
    /// # Errors
    /// As [`Template::input`], for the first that cannot be made.
    pub fn fill<E: From<NoText>>(&self, fill: Fill<'_, H, E>) -> Result<Vec<Target>, E> {
        let target = |call: &Call<H>| {
            let inputs: Result<Vec<Input>, E> = call.inputs.iter().map(|input| input.input(fill)).collect();
            Ok(Target { dbid: call.dataset.clone(), action: call.action.clone(), inputs: inputs? })
        };
        self.0.iter().map(target).collect()
    }
}

impl<H> Call<H> {
    fn read(mut keys: Keys, text: ReadText<'_, H>) -> Result<Call<H>, ConfigError> {
        let (dataset, action) = (keys.required("dataset")?, keys.required("action")?);
        let Texts(texts) = keys.required("inputs")?;
        let template = |(index, input): (usize, &String)| text(&keys, &format!("inputs[{index}]"), input);
        let inputs = texts.iter().enumerate().map(template).collect::<Result<_, _>>()?;
        keys.end(&["dataset", "action", "inputs"])?;
        Ok(Call { dataset, action, inputs })
    }

    /// The call with nothing in it, to see whether it can be made.
    fn sample(&self) -> Target {
        let inputs = self.inputs.iter().map(|_| Input::Null).collect();
        Target { dbid: self.dataset.clone(), action: self.action.clone(), inputs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::OracleConfig;

    /// Holes are lower case words.
    fn word(text: &str) -> Option<String> {
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())).then(|| text.to_owned())
    }

    #[allow(clippy::ptr_arg)]
    fn fill(hole: &String) -> Result<Input, String> {
        match hole.as_str() {
            "none" => Ok(Input::Null),
            "many" => Ok(Input::Many(vec![None])),
            "lost" => Err("`lost` is not there".into()),
            other => Ok(Input::One(other.to_uppercase())),
        }
    }

    fn filled(text: &str) -> Result<Input, String> {
        Template::parse(text, &word).unwrap().input(&fill)
    }

    #[test]
    fn holes_are_filled() {
        assert_eq!(filled("{a}"), Ok("A".into()));
        assert_eq!(filled("x{a}:{{{b}}}"), Ok("xA:{B}".into()));
        assert_eq!(filled(""), Ok("".into()));
        assert_eq!(filled("{none}"), Ok(Input::Null));
        assert_eq!(filled("{many}"), Ok(Input::Many(vec![None])));
        assert!(filled("{none}x").is_err() && filled("{many}x").is_err() && filled("{lost}").is_err());
        for wrong in ["{", "}", "{a", "a}", "{}", "{A}", "{{a}", "{a{b}}"] {
            assert_eq!(Template::parse(wrong, &word), None, "{wrong}");
        }
    }

    fn calls(submit: &str) -> Result<Calls<String>, String> {
        let config =
            OracleConfig::read("feed", &format!("submit = {submit}").parse().unwrap(), &|_| None).unwrap();
        let calls = Calls::parse(&mut config.keys(), &word, "a text with words in braces");
        calls.map_err(|error| error.message)
    }

    #[test]
    fn a_hole_knows_whether_it_is_alone() {
        let read = |text| Template::cut(text).unwrap().read(|name, is_alone| Ok::<_, ()>((name, is_alone)));
        let hole = |name: &str, is_alone| Part::Hole((name.to_owned(), is_alone));
        assert_eq!(read("{a}"), Ok(Template(vec![hole("a", true)])));
        let both = vec![Part::Text("x".into()), hole(" a ", false), hole("b", false)];
        assert_eq!(read("x{ a }{b}"), Ok(Template(both)));
        assert_eq!(read(""), Ok(Template(vec![])));
    }

    #[test]
    fn calls_are_made_of_templates() {
        let read = calls("[{ dataset = 'd', action = 'a', inputs = ['{x}', 5, true] }]").unwrap();
        let inputs = vec!["X".into(), Input::from(5), Input::from(true)];
        assert_eq!(read.fill(&fill), Ok(vec![Target { dbid: "d".into(), action: "a".into(), inputs }]));
        for (wrong, key) in [
            ("[]", "a list of calls with at least one"),
            ("[{ action = 'a', inputs = [] }]", "`oracles.feed.submit[0]` has no key `dataset`"),
            ("[{ dataset = 'd', action = 'a b', inputs = [] }]", "an action is a name"),
            ("[{ dataset = 'd', action = 'a' }]", "no key `inputs`"),
            (
                "[{ dataset = 'd', action = 'a', inputs = ['{B}'] }]",
                "`inputs[0]` of `oracles.feed.submit[0]`",
            ),
            ("[{ dataset = 'd', action = 'a', inputs = [1.5] }]", "`inputs`"),
            ("[{ dataset = 'd', action = 'a', inputs = [], input = 1 }]", "unknown key `input`"),
        ] {
            let said = calls(wrong).unwrap_err();
            assert!(said.contains(key), "{wrong}: {said}");
        }
    }
}
