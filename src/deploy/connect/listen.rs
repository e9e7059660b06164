//! What a person may want to see of the statements that go to a database.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tokio_postgres::Error;
use tokio_postgres::types::{ToSql, Type as Wire};

/// Characters of a bound value that are told.
const LONGEST: usize = 60;

/// A statement that has come to its end.
#[derive(Debug)]
pub struct Heard<'s> {
    /// The text as it was sent.
    pub sql: &'s str,
    /// What was bound: the type's name and the value, shortened and with its control characters spelled out.
    pub values: Vec<(String, String)>,
    /// From sending it to its end.
    pub took: Duration,
    /// How many rows came or were concerned, where that is known.
    pub rows: Option<u64>,
    /// What the server or the connection said, if it failed.
    pub refused: Option<String>,
}

/// What is called for every statement.
pub type Listener = Box<dyn Fn(&Heard<'_>) + Send + Sync>;

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Calls `listener` for every statement this process sends by [`super::ask`] from now on. The first listener stays.
pub fn listen(listener: Listener) {
    // A second one is given up: what a process shows is decided once.
    let _ = LISTENER.set(listener);
}

/// Values as tokio-postgres takes them.
pub(super) type Values<'v> = [(&'v (dyn ToSql + Sync), Wire)];

/// Waits for `answer` to `sql`, and tells what became of it if anybody listens. `count` says how many rows it has.
pub(super) async fn told<T>(
    sql: &str,
    values: &Values<'_>,
    count: impl Fn(&T) -> Option<u64>,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let Some(listener) = LISTENER.get() else { return answer.await };
    let begun = Instant::now();
    let outcome = answer.await;
    listener(&Heard {
        sql,
        values: values.iter().map(|(value, wire)| (wire.name().to_owned(), shortened(*value))).collect(),
        took: begun.elapsed(),
        rows: outcome.as_ref().ok().and_then(count),
        refused: outcome.as_ref().err().map(super::reason),
    });
    outcome
}

/// `"abc"`, `42`, `Some([1, 2])` without its `Some`, at most so long.
fn shortened(value: &(dyn ToSql + Sync)) -> String {
    let text = format!("{value:?}");
    let text = match text.strip_prefix("Some(").and_then(|text| text.strip_suffix(')')) {
        Some(inner) => inner,
        None if text == "None" => "null",
        None => &text,
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}.. ({} bytes)", text.get(..end).unwrap_or_default(), text.len()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn values_are_told_in_short() {
        assert_eq!(shortened(&"a\u{1b}b"), "\"a\\u{1b}b\"");
        assert_eq!(shortened(&Some(7_i64)), "7");
        assert_eq!(shortened(&None::<i64>), "null");
        let long = "é".repeat(100);
        assert_eq!(shortened(&long.as_str()), format!("\"{}.. (202 bytes)", "é".repeat(59)));
    }
}
