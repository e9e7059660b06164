use super::count;
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::language::{Ident, Type};
use crate::source::Span;
use crate::syntax::ast::{Action, ReturnsClause};

pub(crate) fn operand_count(left: usize, right: usize, span: Span) -> Diagnostic {
    let message = format!("the left side gives {}, the right side {right}", count(left, "column"));
    Diagnostic::new(Code::ValueCount, span, message).label("the counts differ")
}

pub(crate) fn subquery_shape(columns: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SubqueryShape,
        span,
        format!("a subquery used as a value has one column, found {columns}"),
    )
    .label(count(columns, "column"))
}

pub(crate) fn star_without_from(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownTable, span, "`*` without a FROM").label("no relations")
}

pub(crate) fn no_such_output(span: Span, columns: usize) -> Diagnostic {
    let message = format!("there is no such result column; there are {columns}");
    Diagnostic::new(Code::UnknownColumn, span, message).label("not a column's number")
}

pub(crate) fn not_grouped(column: &str, span: Span, no_group_by: bool) -> Diagnostic {
    let message = format!("`{column}` is neither grouped by nor inside an aggregate");
    let report = Diagnostic::new(Code::NotGrouped, span, message).label("differs within a group");
    if no_group_by {
        report.help(format!("add `GROUP BY {column}`, or take an aggregate of it"))
    } else {
        report.help(format!("add `{column}` to GROUP BY, or take an aggregate of it"))
    }
}

pub(crate) fn set_order(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownClause,
        span,
        "the rows of a set operation are ordered by result columns only",
    )
    .label("not a result column")
    .help("name a result column, or order in a query around it")
}

pub(crate) fn distinct_order(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownClause, span, "with `DISTINCT`, rows are ordered by what is selected")
        .label("not selected")
        .help("select it too, or use `GROUP BY`")
}

pub(crate) fn recursive_shape(name: &Ident) -> Diagnostic {
    let message = format!("`{}` refers to itself, so it must be `first UNION [ALL] next`", name.name);
    Diagnostic::new(Code::UnknownClause, name.span, message)
        .label("recursive")
        .note("only `next` may refer to it; order and limit go into the query that reads it")
}

pub(crate) fn recursive_type(name: &Ident, first: &Type, next: &Type) -> Diagnostic {
    let message = format!("a column of `{}` begins as `{first}` and goes on as `{next}`", name.name);
    Diagnostic::new(Code::TypeMismatch, name.span, message)
        .label("the types differ")
        .help(format!("cast it in the first query: `(..)::{next}`"))
}

pub(crate) fn full_join_using(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownClause, span, "FULL JOIN .. USING is not part of the language")
        .label("which side a column comes from differs by row")
        .help("write `FULL JOIN .. ON a.c = b.c` and select `coalesce(a.c, b.c)`")
}

pub(crate) fn unknown_window(name: &Ident, known: &[&str]) -> Diagnostic {
    Diagnostic::new(Code::UnknownTable, name.span, format!("no window `{}`", name.name))
        .label("not in the WINDOW clause")
        .did_you_mean(name.span, nearest(name.name.as_str(), known.iter().copied()))
}

pub(crate) fn window_overrides(span: Span) -> Diagnostic {
    Diagnostic::new(Code::WindowPosition, span, "a window can only add to the one it extends")
        .label("already decided there")
}

pub(crate) fn frame_not_supported(span: Span, range_offset: bool) -> Diagnostic {
    let message =
        if range_offset { "RANGE frames have no offsets here" } else { "a GROUPS frame needs an ORDER BY" };
    Diagnostic::new(Code::WindowPosition, span, message).label("this frame").help("use ROWS")
}

pub(crate) fn frame_backwards(span: Span) -> Diagnostic {
    Diagnostic::new(Code::WindowPosition, span, "the frame ends before it begins").label("this frame")
}

pub(crate) fn offset_varies(span: Span) -> Diagnostic {
    Diagnostic::new(Code::WindowPosition, span, "a frame's offset is one number for all rows")
        .label("differs by row")
}

pub(crate) fn no_result(declared: &ReturnsClause, action: &Action) -> Diagnostic {
    let message = format!("`{}` declares a result but its last statement gives no rows", action.name.name);
    Diagnostic::new(Code::ResultShape, declared.span, message)
        .label("declared here")
        .help("end with a SELECT, or with INSERT, UPDATE or DELETE .. RETURNING")
}

pub(crate) fn row_result(declared: &ReturnsClause) -> Diagnostic {
    Diagnostic::new(
        Code::ResultShape,
        declared.span,
        "a query gives any number of rows, and one row is declared",
    )
    .label("one row of values")
    .help("write `returns table(..)`")
}

pub(crate) fn result_count(declared: &ReturnsClause, given: usize) -> Diagnostic {
    let message =
        format!("{} declared, and the last statement gives {given}", count(declared.columns.len(), "column"));
    Diagnostic::new(Code::ResultShape, declared.span, message).label("the counts differ")
}

pub(crate) fn unnamed_arrays(arrays: usize, span: Span) -> Diagnostic {
    let names: Vec<String> = (1..=arrays).map(|number| format!("c{number}")).collect();
    Diagnostic::new(Code::UnnamedResult, span, format!("the {arrays} columns of `unnest` need names"))
        .label("names are missing")
        .help(format!("write `AS t({})` after it", names.join(", ")))
}

pub(crate) fn reads_left(read: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownTable, read, "this relation is on the left of a RIGHT or FULL JOIN")
        .label("not there for every row")
        .note("the join keeps rows that have no left side")
        .help("use INNER or LEFT JOIN")
}

pub(crate) fn rows_in_expression(name: &Ident) -> Diagnostic {
    let message = format!("`{}` gives rows, and a value is expected here", name.name);
    Diagnostic::new(Code::CallPosition, name.span, message)
        .label("gives rows")
        .help(format!("select from it: `FROM {}(..) AS t(x)`", name.name))
}
