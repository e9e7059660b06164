use serde::{Deserialize, Serialize};

use super::encoding::{Malformed, Reader, Writer};
use super::{Input, limits};

/// What an oracle says has happened: calls to make, all or none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Submission {
    /// The calls, in order, in any datasets. At least one.
    pub targets: Vec<Target>,
    /// What tells two equal events apart, and is not passed to the actions: `1:0xTXHASH:3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its place among others; none if it may be applied at any time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
}

/// A call of an `oracle` action.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The dataset's DBID: for a network schema, its name.
    pub dbid: String,
    /// The action.
    pub action: String,
    /// One for each parameter; the last ones may be left out if the action says defaults.
    pub inputs: Vec<Input>,
}

/// An event's place on its topic. A topic is a chain: each event says behind which one it comes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// What is ordered: `evm:1:deposits`.
    pub topic: String,
    /// The point of the event before it; none for the first of the topic.
    #[serde(default)]
    pub previous: Option<i64>,
    /// Its own point, after `previous`: a block's number.
    pub point: i64,
}

impl Submission {
    /// An event that makes one call.
    pub fn new<I: Into<Input>>(
        dbid: impl Into<String>,
        action: impl Into<String>,
        inputs: impl IntoIterator<Item = I>,
    ) -> Submission {
        Submission { targets: Vec::new(), source: None, order: None }.and(dbid, action, inputs)
    }

    /// Adds a call that is made with the others or not at all.
    pub fn and<I: Into<Input>>(
        mut self,
        dbid: impl Into<String>,
        action: impl Into<String>,
        inputs: impl IntoIterator<Item = I>,
    ) -> Submission {
        let inputs = inputs.into_iter().map(Into::into).collect();
        self.targets.push(Target { dbid: dbid.into(), action: action.into(), inputs });
        self
    }

    /// Says where it was seen.
    pub fn source(mut self, source: impl Into<String>) -> Submission {
        self.source = Some(source.into());
        self
    }

    /// Puts it behind the event at `previous` of its topic.
    pub fn after(mut self, topic: impl Into<String>, previous: Option<i64>, point: i64) -> Submission {
        self.order = Some(Order { topic: topic.into(), previous, point });
        self
    }

    /// The same calls as a new event, for one that ended without them: its source says that it is the `nth` try. It has no
    /// place on a topic any more, because that has had its turn.
    pub fn again(&self, nth: u32) -> Submission {
        let source = self.source.as_deref().unwrap_or_default();
        Submission { targets: self.targets.clone(), source: Some(format!("{source}#{nth}")), order: None }
    }

    /// Dataset and action names as they are compared.
    pub(super) fn folded(mut self) -> Submission {
        for target in &mut self.targets {
            target.dbid.make_ascii_lowercase();
            target.action.make_ascii_lowercase();
        }
        self
    }

    pub(super) fn write(&self, to: &mut Writer) {
        to.count(self.targets.len());
        for target in &self.targets {
            to.text(&target.dbid);
            to.text(&target.action);
            to.count(target.inputs.len());
            target.inputs.iter().for_each(|input| input.write(to));
        }
        to.option(self.source.as_ref(), |to, source| to.text(source));
        to.option(self.order.as_ref(), |to, order| {
            to.text(&order.topic);
            to.option(order.previous, Writer::number);
            to.number(order.point);
        });
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Submission, Malformed> {
        let targets = from.many(limits::TARGETS, |from| {
            let (dbid, action) = (from.text()?.to_owned(), from.text()?.to_owned());
            Ok(Target { dbid, action, inputs: from.many(limits::INPUTS, Input::read)? })
        })?;
        let source = from.option(|from| from.text().map(str::to_owned))?;
        let order = from.option(|from| {
            let (topic, previous) = (from.text()?.to_owned(), from.option(Reader::number)?);
            Ok(Order { topic, previous, point: from.number()? })
        })?;
        Ok(Submission { targets, source, order })
    }
}

/// A submission in JSON: one call at the top, or several in `targets`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    dbid: Option<String>,
    action: Option<String>,
    inputs: Option<Vec<Input>>,
    targets: Option<Vec<Target>>,
    source: Option<String>,
    order: Option<Order>,
}

impl TryFrom<Written> for Submission {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Submission, Self::Error> {
        let Written { dbid, action, inputs, targets, source, order } = written;
        let targets = match (targets, dbid, action, inputs) {
            (Some(targets), None, None, None) => targets,
            (None, Some(dbid), Some(action), Some(inputs)) => vec![Target { dbid, action, inputs }],
            _ => {
                return Err(
                    "a submission has `dbid`, `action` and `inputs`, or `targets` with several of these",
                );
            }
        };
        Ok(Submission { targets, source, order })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Submission, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn one_call_may_be_written_at_the_top() {
        let one = Submission::new("accounts", "deposit", ["0xdeadbeef", "100"]).source("1:0xab:0");
        let short =
            r#"{"dbid":"accounts","action":"deposit","inputs":["0xdeadbeef",100],"source":"1:0xab:0"}"#;
        assert_eq!(read(short).unwrap(), one);
        assert_eq!(read(&serde_json::to_string(&one).unwrap()).unwrap(), one);
        let ordered = r#"{"dbid":"a","action":"b","inputs":[],"order":{"topic":"t","point":4}}"#;
        let none: [&str; 0] = [];
        assert_eq!(read(ordered).unwrap(), Submission::new("a", "b", none).after("t", None, 4));
    }

    #[test]
    fn a_submission_without_calls_or_with_unknown_keys_is_refused() {
        for json in [
            "{}",
            r#"{"dbid":"a","action":"b"}"#,
            r#"{"dbid":"a","action":"b","inputs":[],"targets":[]}"#,
            r#"{"dbid":"a","action":"b","inputs":[],"sauce":"x"}"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
