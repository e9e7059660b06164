//! The words of this room's diagnostics.

use super::tautology::{Offer, Tautology};
use crate::diagnostics::{Code, Diagnostic};
use crate::hir::{Action, BinaryOp, Cte, ExternUse, Import, Local, Relation, Schema};
use crate::interface::Pinned;
use crate::language::{Name, Type, limits};
use crate::source::Span;

pub(super) fn view_writes(action: &Action, at: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::ViewWrites, at, format!("view `{}` {what}", action.name))
        .label("a view only reads")
        .also(action.name_span, "declared a view here")
        .help("move the write to an action that is no view, or leave out `view`")
}

pub(super) fn view_calls(
    action: &Action,
    at: Span,
    name: &str,
    callee: &Action,
    way: &[String],
) -> Diagnostic {
    let report = Diagnostic::new(
        Code::ViewWrites,
        at,
        format!("view `{}` calls `{name}`, which is no view", action.name),
    )
    .label("a view only calls views")
    .also(callee.name_span, "not declared a view");
    if way.is_empty() {
        return report
            .note(format!("nothing `{name}` does changes data"))
            .help(format!("make `{name}` a view"));
    }
    let help = "call only views here, or leave out `view`";
    way.iter().fold(report, |report, step| report.note(step.clone())).help(help)
}

pub(super) fn calls_too_deep(action: &Action, at: Span) -> Diagnostic {
    let most = limits::CALL_DEPTH;
    let message = format!("calls of `{}` nest {} deep; at most {most} is allowed", action.name, most + 1);
    Diagnostic::new(Code::NestingTooDeep, at, message)
        .label(format!("this call is followed by {} more, each inside the one before", most - 1))
        .help("do more in each action, or let one action call the others in turn")
}

pub(super) fn composition_too_deep(action: &Action, at: Span) -> Diagnostic {
    let most = limits::COMPOSITION_DEPTH;
    let message =
        format!("`{}` reads views inside views {} deep; at most {most} is allowed", action.name, most + 1);
    Diagnostic::new(Code::ExpansionTooLarge, at, message)
        .label("each of these takes in the query of the next")
        .help("read tables where a view in between only passes rows on")
}

pub(super) fn too_many_calls(action: &Action, total: usize) -> Diagnostic {
    let message = format!(
        "a call of `{}` makes {} calls; at most {} are allowed",
        action.name,
        said(total),
        limits::CALLS
    );
    Diagnostic::new(Code::ExpansionTooLarge, action.name_span, message)
        .label("counting the calls of what it calls")
        .help("call each action once, and give it what it is to do")
}

pub(super) fn expansion_too_large(at: Span, size: usize) -> Diagnostic {
    let message = format!("this reads {} relations; at most {} are allowed", said(size), limits::EXPANSION);
    Diagnostic::new(Code::ExpansionTooLarge, at, message)
        .label("counting what its views and common table expressions read, each time they are read")
        .help("read each of them once, and join less often")
}

/// A number, unless it is past counting.
fn said(number: usize) -> String {
    if number < 1_000_000_000 { number.to_string() } else { "over a billion".to_owned() }
}

pub(super) fn guard_unused(cte: &Cte) -> Diagnostic {
    let message = format!("`{}` may raise, but nothing reads it, so it never runs", cte.name);
    Diagnostic::new(Code::GuardUnused, cte.span, message)
        .label("PostgreSQL skips it")
        .help("make the check a statement of its own, before this one")
}

pub(super) fn error_may_be_skipped(at: Span, place: &str) -> Diagnostic {
    Diagnostic::new(Code::CallPosition, at, format!("ERROR is not allowed in {place}"))
        .label("PostgreSQL may skip it, or come here when it should not")
        .note("ERROR may stand in the values a statement itself selects or writes, and as a statement")
        .help("check before: `SELECT CASE WHEN .. THEN ERROR(..) END;`")
}

pub(super) fn view_may_be_skipped(name: &str, at: Span, place: &str) -> Diagnostic {
    Diagnostic::new(Code::CallPosition, at, format!("`{name}` may raise and is not allowed under {place}"))
        .label("PostgreSQL stops reading its rows as soon as it knows enough")
        .help(format!("call `{name}` as a statement before this one"))
}

pub(super) fn tautology(found: &Tautology<'_>) -> Diagnostic {
    let Tautology { column, relation, span, meant, parameter } = found;
    let report = Diagnostic::new(
        Code::Tautology,
        *span,
        format!("column `{column}` of `{relation}` is compared with itself"),
    )
    .label("the same for every row");
    let (Some(meant), Some(offer)) = (meant, parameter) else {
        return report.help("compare it with something else, or leave the comparison out");
    };
    let name = &offer.local().name;
    let (note, is_sure) = match offer {
        Offer::Named(_) => (format!("without `$`, `{column}` is the column, not the parameter"), true),
        Offer::Unread(_) => (format!("parameter `${name}` is never read"), false),
    };
    let help = if is_sure {
        format!("write `${name}` for the parameter")
    } else {
        format!("did you mean `${name}`?")
    };
    report.note(note).help(help).fix(format!("write `${name}`"), is_sure, *meant, format!("${name}"))
}

pub(super) fn compare_null(operator: BinaryOp, at: Span, fixable: Option<Span>) -> Diagnostic {
    let report =
        Diagnostic::new(Code::CompareWithNull, at, format!("`{} null` is never true", operator.sign()))
            .label("null, whatever the other side is");
    let test = match operator {
        BinaryOp::Equal => "IS NULL",
        BinaryOp::NotEqual => "IS NOT NULL",
        _ => return report,
    };
    let report = report.help(format!("write `{test}`"));
    match fixable {
        Some(span) => report.fix(format!("write `{test}`"), true, span, format!(" {test}")),
        None => report,
    }
}

pub(super) fn missing_where(at: Span, verb: &str, target: &Relation) -> Diagnostic {
    Diagnostic::new(Code::MissingWhere, at, format!("this {verb} every row of `{}`", target.name))
        .label("there is no WHERE")
        .help("add a WHERE; if every row is meant, one that holds for every row, such as `id IS NOT NULL`")
}

pub(super) fn update_from_many(open: &Relation, target: Option<&Name>) -> Diagnostic {
    let target = target.map(ToString::to_string).unwrap_or_default();
    let message = format!("several rows of `{}` may match one row of `{target}`", open.name);
    Diagnostic::new(Code::NonDeterministic, open.span, message)
        .label("which of them is taken depends on the plan")
        .note(format!("the WHERE does not fix the columns of a key of `{}`", open.name))
        .help(format!(
            "compare every column of a key of `{0}`, or group `{0}` by what it is matched on",
            open.name
        ))
}

pub(super) fn rows_ignored(at: Span) -> Diagnostic {
    Diagnostic::new(Code::ResultIgnored, at, "the rows of this SELECT are thrown away")
        .label("only the last statement gives rows back")
        .help("make it the last statement, or remove it")
}

pub(super) fn call_ignored(name: &str, at: Span) -> Diagnostic {
    let message = format!("`{name}` is a view that cannot raise, and its result is thrown away");
    Diagnostic::new(Code::ResultIgnored, at, message)
        .label("this call does nothing")
        .help(format!("remove the call, or read its rows: `SELECT .. FROM {name}(..) AS r`"))
}

pub(super) fn unused_parameter(action: &Action, local: &Local, is_typed: bool) -> Diagnostic {
    let message = format!("parameter `${}` of `{}` is never read", local.name, action.name);
    let report = Diagnostic::new(Code::UnusedParameter, local.span, message)
        .label("never read")
        .help(format!("write `${}` where it is meant, or remove it", local.name));
    match (is_typed, &local.ty) {
        (false, Type::Text) => report.note("nothing says its type, so it is `text`"),
        _ => report,
    }
}

pub(super) fn unused_variable(local: &Local) -> Diagnostic {
    Diagnostic::new(Code::UnusedVariable, local.span, format!("variable `${}` is never read", local.name))
        .label("never read")
        .help("read it where it is meant, or remove it; `_` takes a value that is not wanted")
}

pub(super) fn unused_cte(cte: &Cte) -> Diagnostic {
    Diagnostic::new(Code::UnusedCte, cte.span, format!("nothing reads `{}`", cte.name))
        .label("never read, and so never run")
        .help("read it in the query, or remove it")
}

pub(super) fn unused_import(import: &Import) -> Diagnostic {
    Diagnostic::new(Code::UnusedImport, import.span, format!("nothing here calls `{}`", import.alias))
        .label("never called")
        .note(format!("it still keeps this schema from being deployed without `{}`", import.dbid))
        .help("remove the import")
}

pub(super) fn unused_extern(bound: &ExternUse) -> Diagnostic {
    Diagnostic::new(Code::UnusedImport, bound.span, format!("nothing here calls `{}`", bound.alias))
        .label("never called")
        .help("remove the import")
}

pub(super) fn missing_index(at: Span, table: &Name, column: &Name) -> Diagnostic {
    Diagnostic::new(Code::MissingIndex, at, format!("no index of `{table}` begins with `{column}`"))
        .label(format!("every row of `{table}` is read to find the matching ones"))
        .help(format!("if the table grows, add `#{table}_{column} index({column})` to it"))
}

pub(super) fn frame_of_ties(function: &str, at: Span) -> Diagnostic {
    let message = format!("rows may tie in the order that `{function}` sees");
    Diagnostic::new(Code::NonDeterministic, at, message)
        .label("which of them comes first is not known")
        .note("rows that tie are in each other's frames, so the order cannot be completed without changing the frame")
        .help("add the columns of a key to the window's ORDER BY, or write a frame that does not depend on ties: ROWS BETWEEN ..")
}

pub(super) fn import_broken(import: &Import, schema: &Schema, error: &Diagnostic) -> Diagnostic {
    Diagnostic::new(
        Code::ImportBroken,
        import.span,
        format!("the imported `{}` does not compile", schema.name),
    )
    .label("needed here")
    .also(error.at.span, format!("{}: {}", error.code, error.message))
    .note("it may be of another version of kf, or need the other profile")
}

pub(super) fn import_changed(import: &Import, schema: &Schema, pinned: &Pinned) -> Diagnostic {
    let message = format!("the interface of `{}` is not the one {} has", schema.name, pinned.by);
    let report = Diagnostic::new(Code::ImportChanged, import.span, message).label("imported here");
    let differences = schema.interface.differences(&pinned.actions);
    let told = differences.into_iter().fold(report, Diagnostic::note);
    told.help("`kf import` takes imports as they are now")
}
