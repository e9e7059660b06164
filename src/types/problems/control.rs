use super::count;
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::interface::{Returns, RowColumn};
use crate::language::{Ident, Type};
use crate::source::Span;
use crate::syntax::ast::{Action, Call, ReturnsClause};

pub(crate) fn unreachable(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Unreachable, span, "nothing reaches this statement")
        .label("never run")
        .help("every way through the statements before it ends the action, or leaves the loop")
}

pub(crate) fn duplicate_variable(name: &Ident, earlier: Span) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, name.span, format!("`${}` is declared twice in one block", name.name))
        .label("the name is taken")
        .also(earlier, "first declared here")
        .help(format!("to give it a new value, write `${} := ..`", name.name))
}

pub(crate) fn untyped_variable(name: &Ident, value: Span) -> Diagnostic {
    Diagnostic::new(
        Code::CannotInfer,
        name.span,
        format!("null says nothing of the type of `${}`", name.name),
    )
    .label("of what type?")
    .also(value, "any type may be null")
    .help(format!("declare it first, for example `${} text;`", name.name))
}

pub(crate) fn row_assigned(name: &Ident) -> Diagnostic {
    let message = format!("`${}` is the row of a loop and cannot be assigned", name.name);
    Diagnostic::new(Code::TypeMismatch, name.span, message)
        .label("a row")
        .help("assign a variable of another name")
}

pub(crate) fn row_as_value(name: &Ident, fields: &[&str]) -> Diagnostic {
    let message = format!("`${}` is a row, and a value is expected", name.name);
    let report = Diagnostic::new(Code::TypeMismatch, name.span, message).label("a row");
    match fields {
        [] => report,
        [one] => report.fix(
            format!("write `${}.{one}`", name.name),
            false,
            name.span,
            format!("${}.{one}", name.name),
        ),
        fields => report.help(format!("name one of its columns: {}", fields.join(", "))),
    }
}

pub(crate) fn unknown_field(row: &Ident, field: &Ident, known: &[&str]) -> Diagnostic {
    let message = format!("`${}` has no column `{}`", row.name, field.name);
    Diagnostic::new(Code::UnknownColumn, field.span, message)
        .label("not found")
        .note(format!("its columns are: {}", known.join(", ")))
        .did_you_mean(field.span, nearest(field.name.as_str(), known.iter().copied()))
}

pub(crate) fn receivers_of_function(call: &Call, found: usize) -> Diagnostic {
    let message = format!("`{}` gives one value, and {} take it", call.name.name, count(found, "variable"));
    Diagnostic::new(Code::ResultShape, call.span, message)
        .label("a function of the language")
        .help("write `$x := f(..);`; only actions give rows")
}

pub(crate) fn receiver_count(call: &Call, found: usize, gives: usize, span: Span) -> Diagnostic {
    let message = format!(
        "`{}` gives {}, and {} it",
        call.name.name,
        count(gives, "value"),
        if found == 1 { "1 variable takes".to_owned() } else { format!("{found} variables take") }
    );
    Diagnostic::new(Code::ResultShape, span, message)
        .label(format!("expected {gives}, found {found}"))
        .help("write `_` for a value that is not wanted")
}

pub(crate) fn gives_nothing(call: &Call) -> Diagnostic {
    Diagnostic::new(Code::ResultShape, call.span, format!("`{}` gives nothing back", call.name.name))
        .label("no value")
        .help(format!("call it as a statement: `{}(..);`", call.name.name))
}

/// A call where one value is expected, of an action that gives something else.
pub(crate) fn not_one_value(call: &Call, returns: &Returns) -> Diagnostic {
    let gives = match returns {
        Returns::Nothing => "nothing".to_owned(),
        Returns::Row(columns) => format!("a row of {} values", columns.len()),
        Returns::Table(_) => "a table".to_owned(),
    };
    let report = Diagnostic::new(
        Code::ResultShape,
        call.span,
        format!("`{}` gives {gives}, and one value is expected", call.name.name),
    )
    .label(gives);
    match returns {
        Returns::Nothing => report.help("declare what it gives: `returns (type)`"),
        Returns::Row(_) => report.help("take the values apart first: `$a, _ := f(..);`"),
        Returns::Table(_) => report.help("read its rows in FROM, or with `for $row in f(..)`"),
    }
}

pub(crate) fn no_rows_to_loop(call: &Call) -> Diagnostic {
    Diagnostic::new(
        Code::ResultShape,
        call.span,
        format!("`{}` gives no table to go through", call.name.name),
    )
    .label("not a table")
    .help("a loop goes through actions that declare `returns table(..)` or end with a SELECT")
}

pub(crate) fn outside_loop(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::OutsideLoop, span, format!("`{word}` stands outside any loop"))
        .label("no loop around it")
        .help("to end the action, write `return`")
}

pub(crate) fn missing_return(action: &Action, clause: Option<&ReturnsClause>) -> Diagnostic {
    let span = clause.map_or(action.name.span, |clause| clause.span);
    let name = &action.name.name;
    Diagnostic::new(Code::MissingReturn, span, format!("`{name}` may reach its end without a result"))
        .label("not every way through it returns")
        .help("add a `return` at its end, or an `ERROR(..)` where there is nothing to return")
}

pub(crate) fn loop_may_not_return(action: &Action, clause: Option<&ReturnsClause>) -> Diagnostic {
    let span = clause.map_or(action.name.span, |clause| clause.span);
    let message = format!("`{}` has no result if its last loop makes no pass", action.name.name);
    Diagnostic::new(Code::LoopReturns, span, message)
        .label("raises an error then")
        .help("say after the loop what holds then: `return ..`, or an `ERROR(..)` of your own words")
}

pub(crate) fn return_undeclared(span: Span, types: &[Type], action: &Action) -> Diagnostic {
    let types: Vec<String> = types.iter().map(ToString::to_string).collect();
    let message = format!("`{}` declares no result, and a value is returned", action.name.name);
    Diagnostic::new(Code::ResultShape, span, message)
        .label("a value")
        .also(action.header, "no `returns` here")
        .help(format!("declare `returns ({})`", types.join(", ")))
}

pub(crate) fn return_values_of_table(span: Span) -> Diagnostic {
    Diagnostic::new(Code::ResultShape, span, "a table is declared, and a row of values is returned")
        .label("one row")
        .help("write `return SELECT ..`, or `return next ..` for every row")
}

pub(crate) fn return_query_of_row(span: Span, columns: &[RowColumn]) -> Diagnostic {
    let message = "one row of values is declared, and a query gives any number of rows";
    Diagnostic::new(Code::ResultShape, span, message)
        .label("any number of rows")
        .help(format!("declare `returns table(..)`, or return {}", count(columns.len(), "value")))
}

pub(crate) fn return_next_without_table(span: Span) -> Diagnostic {
    Diagnostic::new(Code::ResultShape, span, "`return next` adds a row to a table, and none is declared")
        .label("no table")
        .help("declare `returns table(..)`")
}

pub(crate) fn return_count(span: Span, columns: &[RowColumn], found: usize) -> Diagnostic {
    let declared: Vec<String> =
        columns.iter().map(|column| format!("{} {}", column.name, column.ty)).collect();
    let message = format!("expected {} to be returned, found {found}", count(columns.len(), "value"));
    Diagnostic::new(Code::ResultShape, span, message)
        .label(count(found, "value"))
        .note(format!("declared are: {}", declared.join(", ")))
}

/// `expect .. returns (..)` with a row that is wider or narrower than what is found.
pub(crate) fn expected_row_width(at: Span, columns: &[RowColumn], written: usize) -> Diagnostic {
    let found: Vec<String> = columns.iter().map(|column| format!("{} {}", column.name, column.ty)).collect();
    let message = format!("expected a row of {}, found {written}", count(columns.len(), "value"));
    Diagnostic::new(Code::ResultShape, at, message)
        .label(count(written, "value"))
        .note(format!("the columns are: {}", found.join(", ")))
}
