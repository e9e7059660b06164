//! What an answer says, as events.

use crate::connectors::json::Json;
use crate::oracle::{Event, Input, Submission};

use super::settings::Settings;

/// Bytes of a cursor: it has to fit in an address.
const CURSOR_BYTES: usize = 2048;

/// An answer that was read.
#[derive(Debug)]
pub struct Page {
    /// Those that can be used, in order.
    pub events: Vec<Event>,
    /// Those that cannot.
    pub unusable: Vec<Unusable>,
    /// What the server wants to be told next; none where it says nothing.
    pub next: Option<String>,
}

/// An item that is left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unusable {
    /// Which one, counted from 0.
    pub index: usize,
    /// All of it.
    pub item: String,
    /// Why.
    pub why: String,
}

/// Reads the body of an answer.
///
/// # Errors
/// If it is no JSON, or has no items where they should be.
pub fn read(settings: &Settings, body: &[u8]) -> Result<Page, String> {
    let answer = Json::read(body).map_err(|error| format!("the answer is not JSON: {error}"))?;
    let items = match &settings.items {
        None => vec![answer],
        Some(pointer) => {
            let items = answer.at(pointer).ok_or("the answer has nothing at `items`")?;
            items.elements().ok_or("what the answer has at `items` is not an array")?
        }
    };
    let (mut events, mut unusable) = (Vec::new(), Vec::new());
    for (index, item) in items.iter().enumerate() {
        match event(settings, *item) {
            Ok(event) => events.push(event),
            Err(why) => unusable.push(Unusable { index, item: item.compact(), why }),
        }
    }
    Ok(Page { events, unusable, next: next(settings, answer)? })
}

fn event(settings: &Settings, item: Json<'_>) -> Result<Event, String> {
    let source = settings.id.text(&|place| place.find(item))?;
    let targets = settings.submit.fill(&|place| place.find(item))?;
    Event::new(Submission { targets, source: Some(source), order: None }).map_err(|why| why.0.to_owned())
}

fn next(settings: &Settings, answer: Json<'_>) -> Result<Option<String>, String> {
    let Some(cursor) = &settings.cursor else { return Ok(None) };
    match answer.at(&cursor.pointer).map(Json::input) {
        None | Some(Some(Input::Null)) => Ok(None),
        Some(Some(Input::One(next))) if next.len() <= CURSOR_BYTES => Ok(Some(next)),
        Some(_) => Err("what the answer has at `cursor.pointer` is no text of at most 2048 bytes".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::OracleConfig;

    fn settings(rest: &str) -> Settings {
        let text = format!(
            "url = 'https://feed.example'\n{rest}\n\
             [[submit]]\ndataset = 'prices'\naction = 'set'\ninputs = ['{{/id}}', '{{/price}}', '{{?/note}}']"
        );
        let config = OracleConfig::read("feed", &text.parse().unwrap(), &|_| None).unwrap();
        Settings::read(&config).unwrap()
    }

    fn inputs(page: &Page) -> Vec<&[Input]> {
        page.events.iter().map(|event| event.submission().targets[0].inputs.as_slice()).collect()
    }

    #[test]
    fn items_become_events_with_every_digit() {
        let settings =
            settings("items = '/data'\nid = 'trade:{/id}'\ncursor = { query = 'since', pointer = '/next' }");
        let body = br#"{"data": [{"id": 1, "price": 0.10000000000000000001}, {"id": 2, "price": null, "note": "x"}], "next": 7}"#;
        let page = read(&settings, body).unwrap();
        let first = ["1".into(), "0.10000000000000000001".into(), Input::Null];
        assert_eq!(inputs(&page), [first, ["2".into(), Input::Null, "x".into()]]);
        assert_eq!(page.events[0].submission().source.as_deref(), Some("trade:1"));
        assert_eq!((page.next.as_deref(), page.unusable.len()), (Some("7"), 0));
        for (next, expected) in [("null", None), (r#""a b""#, Some("a b"))] {
            let page = read(&settings, format!(r#"{{"data":[],"next":{next}}}"#).as_bytes()).unwrap();
            assert_eq!(page.next.as_deref(), expected);
        }
        assert!(read(&settings, br#"{"data":[],"next":[1]}"#).is_err());
    }

    #[test]
    fn an_answer_may_be_one_item() {
        let page = read(&settings("id = '{/id}'"), br#"{"id": "a", "price": 1}"#).unwrap();
        assert_eq!((page.events.len(), page.next), (1, None));
    }

    #[test]
    fn an_item_that_cannot_be_used_leaves_the_others() {
        let body = format!(
            r#"[{{"id": 1}}, {{"id": 2, "price": 5}}, {{"price": 5}}, {{"id": null, "price": 5}}, 7, {{"id": "", "price": 1}},
                {{"id": 3, "price": "\u0000"}}, {{"id": 4, "price": "{}"}}, {{"id": 5, "price": "\ud800"}}]"#,
            "9".repeat(70_000)
        );
        let page = read(&settings("items = ''\nid = '{/id}'"), body.as_bytes()).unwrap();
        assert_eq!(page.events.len(), 1);
        let why: Vec<(usize, &str)> = page.unusable.iter().map(|it| (it.index, it.why.as_str())).collect();
        assert_eq!(&why[..2], [(0, "`/price` is not there"), (2, "`/id` is not there")]);
        let words = ["null", "`/id`", "source", "NUL", "64 KiB", "`/price` is no text"];
        for ((_, why), word) in why[2..].iter().zip(words) {
            assert!(why.contains(word), "{why}");
        }
        assert_eq!(why.len(), 8);
    }

    #[test]
    fn an_answer_without_items_is_an_error() {
        let settings = settings("items = '/data'\nid = '{/id}'");
        for (body, word) in
            [("{}", "nothing"), (r#"{"data": {}}"#, "array"), ("<html>", "JSON"), (r#"{"data": ["#, "JSON")]
        {
            let said = read(&settings, body.as_bytes()).unwrap_err();
            assert!(said.contains(word), "{said}");
        }
    }
}
