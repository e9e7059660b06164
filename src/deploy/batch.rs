use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use tokio_postgres::Transaction;
use tokio_postgres::error::{DbError, ErrorPosition};

use super::connect::ask;
use crate::interface::{BodyLine, Package, Statement};
use crate::source::{Lines, Unit};

/// A statement the database refused.
pub struct Refused {
    /// Its index.
    pub index: usize,
    /// Why.
    pub error: tokio_postgres::Error,
}

type Sent<'a> = Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + 'a>>;

/// Sends all statements without waiting in between, and gives the first that was refused. Those behind it in the
/// transaction are refused too, and say nothing.
pub async fn run(transaction: &Transaction<'_>, statements: &[&str]) -> Result<(), Refused> {
    let mut sent: Vec<Option<Sent<'_>>> =
        statements.iter().map(|sql| Some(Box::pin(ask::batch(transaction, sql)) as Sent<'_>)).collect();
    let mut first: Option<Refused> = None;
    poll_fn(|context| {
        let mut waiting = false;
        // A statement is sent when it is first polled, so this sends them in order.
        for (index, slot) in sent.iter_mut().enumerate() {
            match slot.as_mut().map(|future| future.as_mut().poll(context)) {
                None => {}
                Some(Poll::Pending) => waiting = true,
                Some(Poll::Ready(result)) => {
                    *slot = None;
                    let earlier = first.as_ref().is_none_or(|refused| index < refused.index);
                    if let Err(error) = result
                        && earlier
                    {
                        first = Some(Refused { index, error });
                    }
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    first.map_or(Ok(()), Err)
}

/// `path:line:column` of what a refused statement was made of, as near as PostgreSQL says.
pub fn place(package: &Package, statement: &Statement, said: &DbError) -> String {
    let near = said.where_().and_then(body_line).or_else(|| position_line(statement, said));
    match near.and_then(|line| find(&statement.lines, line)).or(statement.lines.first()) {
        Some(found) => format!("{}:{}:{}", package.path, found.line, found.column),
        None => format!("`{}` in {}", statement.name, package.path),
    }
}

/// The entry of a source map that a body line belongs to: the last that begins at or before it.
pub fn find(lines: &[BodyLine], body: u32) -> Option<&BodyLine> {
    lines.iter().take_while(|line| line.body <= body).last()
}

/// 7 of `compilation of PL/pgSQL function "f@ens" near line 7`.
fn body_line(context: &str) -> Option<u32> {
    let (_, rest) = context.lines().next()?.rsplit_once("line ")?;
    rest.trim().parse().ok()
}

/// The body line of the character that PostgreSQL points at.
fn position_line(statement: &Statement, said: &DbError) -> Option<u32> {
    let Some(ErrorPosition::Original(position)) = said.position() else { return None };
    let (before, _) = statement.sql.char_indices().nth((*position as usize).checked_sub(1)?)?;
    let lines = Lines::of(&statement.sql);
    let body = statement.sql.find("AS ")?;
    let line = |offset: usize| lines.place(&statement.sql, offset, Unit::Chars).line;
    Some((line(before) + 1).saturating_sub(line(body)))
}
