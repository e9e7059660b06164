use std::fmt;
use std::str::FromStr;

use super::encoding::{Malformed, Reader, Writer, hash};
use super::{Submission, limits};
use crate::language::Name;

const DOMAIN: &str = "kf.event.v1";

/// SHA-256 of an event's canonical encoding: the same event has the same id on every machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub [u8; 32]);

impl EventId {
    /// The id of what is encoded as `body`.
    pub fn of(body: &[u8]) -> EventId {
        EventId(hash(body))
    }

    /// The id that a store keeps as 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<EventId> {
        bytes.try_into().ok().map(EventId)
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EventId({self})")
    }
}

impl FromStr for EventId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<EventId, Malformed> {
        let bytes = hex::decode(text).ok().and_then(|bytes| EventId::from_bytes(&bytes));
        bytes.ok_or(Malformed("an id has 64 hexadecimal digits"))
    }
}

/// A submission that keeps to all limits, with its canonical encoding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    id: EventId,
    body: Vec<u8>,
    submission: Submission,
}

impl Event {
    /// Checks and encodes.
    ///
    /// # Errors
    /// Which limit does not hold.
    pub fn new(submission: Submission) -> Result<Event, Malformed> {
        check(&submission)?;
        let submission = submission.folded();
        let mut writer = Writer::new(DOMAIN);
        submission.write(&mut writer);
        let body = writer.finish();
        if body.len() > limits::EVENT_BYTES {
            return Err(Malformed("an event has more than 64 KiB"));
        }
        Ok(Event { id: EventId::of(&body), body, submission })
    }

    /// Reads a canonical encoding, as it came from anywhere.
    ///
    /// # Errors
    /// If these are not exactly the bytes that [`Event::new`] makes of a submission.
    pub fn read(body: &[u8]) -> Result<Event, Malformed> {
        if body.len() > limits::EVENT_BYTES {
            return Err(Malformed("an event has more than 64 KiB"));
        }
        let mut reader = Reader::new(body, DOMAIN)?;
        let submission = Submission::read(&mut reader)?;
        reader.end()?;
        let event = Event::new(submission)?;
        if event.body == body { Ok(event) } else { Err(Malformed("names are not in lower case")) }
    }

    /// Its identity.
    pub fn id(&self) -> EventId {
        self.id
    }

    /// Its canonical encoding.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What it says.
    pub fn submission(&self) -> &Submission {
        &self.submission
    }
}

fn check(submission: &Submission) -> Result<(), Malformed> {
    let Submission { targets, source, order } = submission;
    let holds = |holds: bool, otherwise: &'static str| if holds { Ok(()) } else { Err(Malformed(otherwise)) };
    holds(!targets.is_empty(), "an event makes no call")?;
    holds(targets.len() <= limits::TARGETS, "an event makes more than 16 calls")?;
    for target in targets {
        holds(is_name(&target.dbid), "a DBID is a name of at most 63 bytes")?;
        holds(is_name(&target.action), "an action is a name of at most 63 bytes")?;
        holds(target.inputs.len() <= limits::INPUTS, "a call has more than 99 inputs")?;
        let mut texts = target.inputs.iter().flat_map(super::Input::texts);
        holds(!texts.any(|text| text.contains('\0')), "an input has a NUL")?;
    }
    let fits = |text: &str, most| !text.is_empty() && text.len() <= most && !text.contains('\0');
    let source_fits = source.as_ref().is_none_or(|source| fits(source, limits::SOURCE_BYTES));
    holds(source_fits, "a source has 1 to 256 bytes and no NUL")?;
    if let Some(order) = order {
        holds(fits(&order.topic, limits::TOPIC_BYTES), "a topic has 1 to 128 bytes and no NUL")?;
        holds(order.point >= 0, "a point is negative")?;
        let follows = order.previous.is_none_or(|previous| 0 <= previous && previous < order.point);
        holds(follows, "the previous point does not come before the event's own")?;
    }
    Ok(())
}

fn is_name(text: &str) -> bool {
    text.len() <= limits::NAME_BYTES && Name::is_well_formed(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{Input, Target};

    fn deposit() -> Submission {
        Submission::new("accounts", "deposit", ["0xdeadbeef", "100"])
    }

    #[test]
    fn the_bytes_of_an_event_are_those_of_the_reference() {
        let event = Event::new(deposit().source("1:0xab:0").after("evm:1", None, 7)).unwrap();
        let text =
            |text: &str| [&u32::try_from(text.len()).unwrap().to_be_bytes()[..], text.as_bytes()].concat();
        let expected = [
            text("kf.event.v1"),
            vec![0, 0, 0, 1],
            text("accounts"),
            text("deposit"),
            vec![0, 0, 0, 2],
            vec![1],
            text("0xdeadbeef"),
            vec![1],
            text("100"),
            vec![1],
            text("1:0xab:0"),
            vec![1],
            text("evm:1"),
            vec![0],
            vec![0, 0, 0, 0, 0, 0, 0, 7],
        ];
        assert_eq!(event.body(), expected.concat());
        assert_eq!(event.id().to_string(), hex::encode(hash(&expected.concat())));
        assert_eq!(event.id().to_string().parse(), Ok(event.id()));
    }

    #[test]
    fn what_differs_has_another_id_and_spelling_of_names_does_not() {
        let id = |submission: Submission| Event::new(submission).unwrap().id();
        let none: [&str; 0] = [];
        let all = [
            deposit(),
            deposit().source("a"),
            deposit().source("b"),
            deposit().after("a", None, 1),
            deposit().after("a", Some(0), 1),
            deposit().and("accounts", "deposit", ["0xdeadbeef", "100"]),
            Submission::new("accounts", "deposit", ["0xdeadbeef1", "00"]),
            Submission::new("accounts", "deposit", none),
            Submission::new("accounts", "deposit", [Input::Null]),
            Submission::new("accounts", "deposit", [Input::Many(vec![])]),
            Submission::new("accounts", "deposit", [Input::Many(vec![None])]),
        ];
        let ids: std::collections::BTreeSet<_> = all.iter().cloned().map(id).collect();
        assert_eq!(ids.len(), all.len());
        assert_eq!(id(Submission::new("Accounts", "DEPOSIT", ["0xdeadbeef", "100"])), id(deposit()));
    }

    #[test]
    fn limits_hold() {
        let empty = Submission { targets: vec![], source: None, order: None };
        let many = Submission { targets: vec![deposit().targets[0].clone(); 17], ..empty.clone() };
        let call = |dbid: &str, action: &str, inputs: Vec<Input>| Submission {
            targets: vec![Target { dbid: dbid.into(), action: action.into(), inputs }],
            ..empty.clone()
        };
        let refused = [
            (empty.clone(), "no call"),
            (many, "16 calls"),
            (call("", "a", vec![]), "a DBID"),
            (call(&"d".repeat(64), "a", vec![]), "a DBID"),
            (call("d", "a-b", vec![]), "an action"),
            (call("d", "a", vec![Input::Null; 100]), "99 inputs"),
            (call("d", "a", vec![Input::from("a\0")]), "NUL"),
            (call("d", "a", vec![Input::from("a".repeat(64 * 1024))]), "64 KiB"),
            (deposit().source(""), "a source"),
            (deposit().source("s".repeat(257)), "a source"),
            (deposit().after("", None, 1), "a topic"),
            (deposit().after("t", None, -1), "negative"),
            (deposit().after("t", Some(1), 1), "previous"),
            (deposit().after("t", Some(-1), 1), "previous"),
        ];
        for (submission, word) in refused {
            let said = Event::new(submission).unwrap_err().to_string();
            assert!(said.contains(word), "{said}");
        }
        assert!(Event::new(deposit().source("s".repeat(256)).after("t", Some(0), 1)).is_ok());
    }
}
