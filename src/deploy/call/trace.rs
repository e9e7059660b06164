use std::collections::BTreeMap;

use tokio_postgres::GenericClient;

use crate::deploy::batch;
use crate::deploy::connect::ask;
use crate::interface::BodyLine;

/// How many calls of a deep recursion are looked up.
const DEEPEST: usize = 16;

/// A line of a schema that was running.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The dataset's name.
    pub dataset: String,
    /// The action.
    pub action: String,
    /// Path of the source as it was deployed.
    pub path: String,
    /// The source.
    pub source: String,
    /// Where in it; none if the function's source map says nothing.
    pub at: Option<BodyLine>,
}

/// A PL/pgSQL function in the middle of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Frame {
    /// `"ds_ens"."f@ens"`
    function: String,
    /// As PostgreSQL counts: from the body's opening quote.
    line: u32,
}

/// The line that `function`, quoted and qualified, was at.
pub fn line_of(context: &str, function: &str) -> Option<u32> {
    context.lines().filter_map(frame).find(|frame| frame.function == function).map(|frame| frame.line)
}

/// The places in an error's context, innermost first. Functions that no dataset has are left out.
pub async fn trace(client: &impl GenericClient, context: &str) -> Result<Vec<Place>, tokio_postgres::Error> {
    let mut frames: Vec<Frame> = context.lines().filter_map(frame).collect();
    frames.truncate(DEEPEST);
    let functions: Vec<&str> = frames.iter().map(|frame| frame.function.as_str()).collect();
    let sql = "SELECT a.function, d.name, a.name, d.path, d.source, a.lines::text \
               FROM kf.action AS a JOIN kf.dataset AS d ON d.dbid = a.dbid WHERE a.function = ANY ($1)";
    let rows = ask::rows(client, sql, &[&functions]).await?;
    let mut known = BTreeMap::new();
    for row in &rows {
        let lines: Vec<BodyLine> = serde_json::from_str(row.get(5)).unwrap_or_default();
        let place =
            Place { dataset: row.get(1), action: row.get(2), path: row.get(3), source: row.get(4), at: None };
        known.insert(row.get::<_, String>(0), (place, lines));
    }
    let place = |frame: &Frame| {
        let (place, lines) = known.get(&frame.function)?;
        Some(Place { at: batch::find(lines, frame.line).copied(), ..place.clone() })
    };
    Ok(frames.iter().filter_map(place).collect())
}

/// `PL/pgSQL function ds_ens."f@ens"(kf.ctx,text) line 7 at PERFORM`, in whatever language the server speaks: the first
/// qualified name with arguments, and the number behind them.
fn frame(line: &str) -> Option<Frame> {
    let start = ["ds_", "\"ds_"].iter().filter_map(|start| line.find(start)).min()?;
    let rest = line.get(start..)?;
    let (schema, rest) = identifier(rest)?;
    let (name, rest) = identifier(rest.strip_prefix('.')?)?;
    let (_, rest) = rest.strip_prefix('(')?.split_once(')')?;
    let digits: String =
        rest.chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    Some(Frame { function: format!("{}.{}", quote(&schema), quote(&name)), line: digits.parse().ok()? })
}

/// An identifier as PostgreSQL prints it, and what follows.
fn identifier(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$'))?;
        return Some((text.get(..end)?.to_owned(), text.get(end..)?));
    };
    let mut name = String::new();
    let mut letters = quoted.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if letters.next_if(|(_, next)| *next == '"').is_none() => {
                return Some((name, quoted.get(at + 1..)?));
            }
            letter => name.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(String, u32)> {
        frame(line).map(|frame| (frame.function, frame.line))
    }

    #[test]
    fn frames_are_read_in_any_language() {
        let expected = Some(("\"ds_ens\".\"f@ens\"".to_owned(), 7));
        assert_eq!(read("PL/pgSQL function ds_ens.\"f@ens\"(kf.ctx,text) line 7 at PERFORM"), expected);
        assert_eq!(read("PL/pgSQL-Funktion ds_ens.\"f@ens\"(kf.ctx,text) Zeile 7 bei RAISE"), expected);
        assert_eq!(read("PL/pgSQL function kf.error(text) line 3 at RAISE"), None);
        assert_eq!(read("SQL statement \"SELECT 1\""), None);
        assert_eq!(
            read("PL/pgSQL function ds_x.\"a\"\"b\"(kf.ctx) line 2 at x").unwrap().0,
            "\"ds_x\".\"a\"\"b\""
        );
    }
}
