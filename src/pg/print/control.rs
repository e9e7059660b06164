//! Branches and loops. Each opens a line that PostgreSQL counts, so that what is inside keeps lines of its own.

use super::expression::expression;
use super::layout::Doc;
use super::plpgsql::{statements, targets};
use super::query::query;
use crate::pg::{Expr, Ident, PlBranch, PlStatement, Query};

/// `IF .. THEN .. ELSIF .. THEN .. ELSE .. END IF`
pub(super) fn branches(branches: &[PlBranch], otherwise: &[PlStatement]) -> Doc {
    let mut doc = Doc::empty();
    for (index, PlBranch { condition, body, span }) in branches.iter().enumerate() {
        let head = match index {
            0 => Doc::from("IF "),
            _ => Doc::Hard + Doc::Mark(*span) + "ELSIF ",
        };
        doc = doc + head + self::condition(condition) + " THEN" + statements(body).nest();
    }
    if !otherwise.is_empty() {
        doc = doc + Doc::Hard + "ELSE" + statements(otherwise).nest();
    }
    doc + Doc::Hard + "END IF"
}

/// PL/pgSQL takes the first THEN outside of brackets for its own: a CASE needs some around it.
fn condition(condition: &Expr) -> Doc {
    let printed = expression(condition);
    if printed.has_piece("THEN") { printed.parenthesised() } else { printed }
}

/// `FOR "#i" IN 1 .. 5 LOOP .. END LOOP`
pub(super) fn for_range(counter: &Ident, low: &Expr, high: &Expr, body: &[PlStatement]) -> Doc {
    let bounds = expression(low) + " .. " + expression(high);
    looped(Doc::from(format!("FOR {counter} IN ")) + bounds + " LOOP", body)
}

/// `FOREACH "$x" IN ARRAY e LOOP .. END LOOP`
pub(super) fn for_each(target: &Ident, array: &Expr, body: &[PlStatement]) -> Doc {
    looped(Doc::from(format!("FOREACH {target} IN ARRAY ")) + expression(array) + " LOOP", body)
}

/// `FOR "$r.a", "$r.b" IN query LOOP .. END LOOP`
pub(super) fn for_query(into: &[Ident], of: &Query, body: &[PlStatement]) -> Doc {
    let head = (Doc::from("FOR ") + targets(into).nest() + " IN").group();
    let head = (head + (Doc::Line + query(of)).nest() + Doc::Line + "LOOP").group();
    looped(head, body)
}

/// `<<"#range">> WHILE e LOOP .. END LOOP`
pub(super) fn while_loop(label: Option<&Ident>, condition: &Expr, body: &[PlStatement]) -> Doc {
    let label = label.map_or_else(Doc::empty, |label| format!("<<{label}>> ").into());
    looped(label + "WHILE " + expression(condition) + " LOOP", body)
}

/// `EXIT "#range" WHEN e`
pub(super) fn exit(label: Option<&Ident>, when: Option<&Expr>) -> Doc {
    let label = label.map_or_else(Doc::empty, |label| format!(" {label}").into());
    let when = when.map_or_else(Doc::empty, |when| Doc::from(" WHEN ") + expression(when));
    Doc::from("EXIT") + label + when
}

/// `BEGIN .. EXCEPTION WHEN OTHERS THEN GET STACKED DIAGNOSTICS .. END`
pub(super) fn catch(body: &[PlStatement], state: &Ident, message: &Ident, context: &Ident) -> Doc {
    let asked = format!(
        "GET STACKED DIAGNOSTICS {state} = RETURNED_SQLSTATE, {message} = MESSAGE_TEXT, \
         {context} = PG_EXCEPTION_CONTEXT;"
    );
    let handler = (Doc::Hard + "WHEN OTHERS THEN" + (Doc::Hard + asked).nest()).nest();
    Doc::from("BEGIN") + statements(body).nest() + Doc::Hard + "EXCEPTION" + handler + Doc::Hard + "END"
}

fn looped(head: Doc, body: &[PlStatement]) -> Doc {
    head + statements(body).nest() + Doc::Hard + "END LOOP"
}
