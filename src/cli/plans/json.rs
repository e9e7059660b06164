use serde_json::{Value, json as object};

use crate::deploy::call::{Explained, Place, Planned, json as result};

/// Everything on one line: `{"call","executed","rolled_back","ms","statements":[{"trace","sql","times","ms","findings",
/// "plan"}],"shallow","notices","error"}`.
pub(in super::super) fn json(explained: &Explained) -> String {
    let executed = explained.shallow.is_none() || explained.statements.iter().any(|it| it.took.is_some());
    let whole = object!({
        "call": explained.shown,
        "executed": executed,
        "rolled_back": executed,
        "ms": explained.took,
        "statements": explained.statements.iter().map(statement).collect::<Vec<Value>>(),
        "shallow": explained.shallow,
        "notices": explained.notices,
        "error": explained.fault.as_ref().map(result::fault),
    });
    format!("{whole}\n")
}

fn statement(planned: &Planned) -> Value {
    let place = |place: &Place| {
        object!({"dataset": place.dataset, "action": place.action, "path": place.path,
            "line": place.at.map(|at| at.line), "column": place.at.map(|at| at.column)})
    };
    object!({
        "trace": planned.trace.iter().map(place).collect::<Vec<Value>>(),
        "sql": planned.sql,
        "times": planned.times,
        "ms": planned.took,
        "findings": super::findings::of(&planned.plan),
        "plan": planned.plan,
    })
}
