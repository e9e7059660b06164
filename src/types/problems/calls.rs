use super::{count, elsewhere};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::interface::Signature;
use crate::language::{Ident, Name, Type, Visibility};
use crate::source::Span;
use crate::syntax::ast::{self, Call};
use crate::types::scope::Place;

pub(crate) fn unknown_action(name: &Ident, known: &[&str]) -> Diagnostic {
    let report =
        Diagnostic::new(Code::UnknownAction, name.span, format!("no action `{}` in this schema", name.name))
            .label("not found")
            .did_you_mean(name.span, nearest(name.name.as_str(), known.iter().copied()));
    match known {
        [] => report,
        known => report.note(format!("actions are: {}", known.join(", "))),
    }
}

/// `f(..)` where `f` is a foreign procedure.
pub(crate) fn foreign_without_target(name: &Ident) -> Diagnostic {
    let name_of = &name.name;
    Diagnostic::new(Code::UnknownAction, name.span, format!("`{name_of}` is a foreign procedure"))
        .label("which action of which schema?")
        .help(format!("write `{name_of}[dbid, action](..)`"))
}

/// `f[..](..)` where `f` is no foreign procedure.
pub(crate) fn unknown_foreign<'n>(
    name: &Ident,
    is_action: bool,
    known: impl Iterator<Item = &'n str>,
) -> Diagnostic {
    let message = format!("no foreign procedure `{}` in this schema", name.name);
    let report = Diagnostic::new(Code::UnknownAction, name.span, message);
    if is_action {
        return report
            .label("an action of this schema")
            .help(format!("call it without brackets: `{}(..)`", name.name));
    }
    report
        .label("not declared")
        .help(format!("declare it: `foreign procedure {}(..) returns (..)`", name.name))
        .did_you_mean_instead(name.span, nearest(name.name.as_str(), known))
}

pub(crate) fn unknown_alias<'n>(alias: &Ident, known: impl Iterator<Item = &'n str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let report =
        Diagnostic::new(Code::UnknownAlias, alias.span, format!("no import is called `{}`", alias.name))
            .label("not imported")
            .help(format!("write `use {0} as {0};` at the top of the file", alias.name))
            .did_you_mean_instead(alias.span, nearest(alias.name.as_str(), known.iter().copied()));
    match known.as_slice() {
        [] => report.note("this schema imports nothing"),
        known => report.note(format!("imports are: {}", known.join(", "))),
    }
}

pub(crate) fn unknown_imported_action(
    alias: &Ident,
    schema: &Name,
    name: &Ident,
    known: &[&str],
) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownAction,
        name.span,
        format!("schema `{schema}` has no action `{}`", name.name),
    )
    .label(format!("not in `{}`", alias.name))
    .note(format!("it offers: {}", if known.is_empty() { "nothing".to_owned() } else { known.join(", ") }))
    .did_you_mean(name.span, nearest(name.name.as_str(), known.iter().copied()))
}

pub(crate) fn unknown_extern_function(alias: &Ident, of: &Name, name: &Ident, known: &[&str]) -> Diagnostic {
    let message = format!("extern `{of}` has no function `{}`", name.name);
    Diagnostic::new(Code::UnknownAction, name.span, message)
        .label(format!("not in `{}`", alias.name))
        .note(format!(
            "it declares: {}",
            if known.is_empty() { "nothing".to_owned() } else { known.join(", ") }
        ))
        .did_you_mean(name.span, nearest(name.name.as_str(), known.iter().copied()))
}

pub(crate) fn not_callable(name: &Ident, schema: &Name, visibility: Visibility) -> Diagnostic {
    let who = match visibility {
        Visibility::Private => "only actions of its own schema may call it",
        Visibility::Oracle => "only the oracle path may call it, with inputs the network agreed on",
        Visibility::Public | Visibility::System => "it is not offered here",
    };
    let message =
        format!("`{}` of `{schema}` is {} and cannot be called from here", name.name, visibility.word());
    Diagnostic::new(Code::NotCallable, name.span, message).label(visibility.word()).note(who)
}

pub(crate) fn argument_count(
    name: &Ident,
    arity: (usize, Option<usize>),
    found: usize,
    line: Option<&str>,
) -> Diagnostic {
    let expected = match arity {
        (least, Some(most)) if least == most => count(least, "argument"),
        (least, Some(most)) => format!("{least} to {most} arguments"),
        (least, None) => format!("at least {}", count(least, "argument")),
    };
    let report = Diagnostic::new(
        Code::ArgumentCount,
        name.span,
        format!("`{}` takes {expected}, found {found}", name.name),
    )
    .label(count(found, "argument"));
    let of_several = match name.name.as_str() {
        "max" => Some("`greatest(..)` is the largest of several values"),
        "min" => Some("`least(..)` is the smallest of several values"),
        _ => None,
    };
    match (line, of_several.filter(|_| found > 1)) {
        (Some(line), _) => report.note(line),
        (None, Some(help)) => report.help(help),
        (None, None) => report,
    }
}

pub(crate) fn argument_type(function: &str, wanted: &str, found: &Type, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("`{function}` takes {wanted} here, found `{found}`"))
        .label(format!("this is `{found}`"))
}

pub(crate) fn unknown_function<'n>(name: &Ident, known: impl Iterator<Item = &'n str>) -> Diagnostic {
    let report = Diagnostic::new(Code::UnknownFunction, name.span, format!("no function `{}`", name.name))
        .label("neither a function of the language nor an action of this schema");
    match elsewhere::function(name.name.as_str()) {
        Some(instead) => report.help(instead),
        None => report.did_you_mean(name.span, nearest(name.name.as_str(), known)),
    }
}

pub(crate) fn not_repeatable(name: &Ident, instead: &str) -> Diagnostic {
    let message = format!("`{}` gives every replica another value", name.name);
    Diagnostic::new(Code::NonDeterministic, name.span, message)
        .label("differs from call to call")
        .help(format!("use {instead} instead"))
}

/// `free`: no row of the query decides the arguments.
pub(crate) fn action_in_query(call: &Call, view: bool, free: bool) -> Diagnostic {
    let name = &call.name.name;
    let written = if call.foreign { format!("{name}[..](..)") } else { format!("{name}(..)") };
    let (message, label) = if view {
        (
            format!("view `{name}` may raise an error, and the query decides whether it is called"),
            "may be skipped",
        )
    } else {
        (format!("action `{name}` is not a view, so it cannot stand in a query"), "may change data")
    };
    Diagnostic::new(Code::CallPosition, call.span, message).label(label).help(if free {
        format!("call it before the query: `$value := {written};`")
    } else {
        format!("call it in a loop over the rows: `for $row in SELECT .. {{ $value := {written}; }}`")
    })
}

pub(crate) fn qualified_function(alias: &Ident, call: &Call) -> Diagnostic {
    let message = format!("`{}` is not an import, and functions have no schema", alias.name);
    Diagnostic::new(Code::QualifiedName, alias.span.to(call.name.span), message)
        .label("qualified name")
        .help(format!("functions of the language are written without a prefix: `{}(..)`", call.name.name))
}

pub(crate) fn not_a_view(name: &Ident) -> Diagnostic {
    Diagnostic::new(
        Code::CallPosition,
        name.span,
        format!("action `{}` is not a view, so it cannot stand in a query", name.name),
    )
    .label("may change data")
    .help("call it as a statement of its own")
}

/// A query calls what could be a view, and is none.
pub(crate) fn not_declared_view(declared: &ast::Action, call: Span) -> Diagnostic {
    let name = &declared.name.name;
    let message = format!("`{name}` stands in a query, but is not declared a `view`");
    Diagnostic::new(Code::CallPosition, declared.name.span, message)
        .label("not a `view`")
        .also(call, "in a query here")
        .note(format!("nothing `{name}` does changes data"))
        .fix("write `view`", false, declared.header.after(), " view")
}

pub(crate) fn no_rows(name: &Ident, line: &str) -> Diagnostic {
    Diagnostic::new(Code::ResultShape, name.span, format!("`{}` gives no rows to select from", name.name))
        .label("gives nothing")
        .note(line)
        .help(format!("call it as a statement of its own: `{}(..);`", name.name))
}

pub(crate) fn recursive_view(name: &Ident) -> Diagnostic {
    Diagnostic::new(
        Code::CannotInfer,
        name.span,
        format!("`{}` is read by a view that it leads back to", name.name),
    )
    .label("its rows depend on themselves")
    .help("write a `WITH RECURSIVE` query instead")
}

pub(crate) fn recursive_parameter(parameter: &ast::Parameter) -> Diagnostic {
    let name = &parameter.name.name;
    Diagnostic::new(
        Code::CannotInfer,
        parameter.span,
        format!("`${name}` needs a type: its action calls itself"),
    )
    .label("no type")
    .help(format!("declare it: `${name} text`"))
}

pub(crate) fn view_not_spliced(name: &Ident, signature: &Signature) -> Diagnostic {
    let why = if signature.modifiers.owner {
        "it asks who the caller is"
    } else if signature.may_raise {
        "it can raise an error"
    } else {
        "it is more than one query"
    };
    Diagnostic::new(
        Code::ViewNotSpliced,
        name.span,
        format!("`{}` cannot be made part of this query: {why}", name.name),
    )
    .label("runs as a function")
    .note("all its rows are computed before any is looked at, whatever the query asks for")
}

pub(crate) fn view_for_each_row(name: &Ident, span: Span) -> Diagnostic {
    let message = format!("`{}` cannot be made part of this query: it gives a value, not rows", name.name);
    Diagnostic::new(Code::ViewNotSpliced, span, message)
        .label("called for each row")
        .help("a view that is one query, joined in FROM or WITH, is planned together with the query")
}

pub(crate) fn not_an_aggregate(name: &Ident) -> Diagnostic {
    let message = format!(
        "`{}` is not an aggregate, so it takes no DISTINCT, ORDER BY, FILTER, OVER or `*`",
        name.name
    );
    Diagnostic::new(Code::AggregatePosition, name.span, message).label("not an aggregate")
}

pub(crate) fn aggregate_position(name: &Ident, place: Place) -> Diagnostic {
    let report = Diagnostic::new(
        Code::AggregatePosition,
        name.span,
        format!("aggregate `{}` cannot stand in {}", name.name, place.words()),
    )
    .label("no groups here yet");
    if place == Place::Where { report.help("conditions on groups go into HAVING") } else { report }
}

pub(crate) fn window_position(name: &Ident, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::WindowPosition,
        name.span,
        format!("window function `{}` cannot stand in {}", name.name, place.words()),
    )
    .label("no windows here")
    .help("compute it in a subquery or CTE and use its column")
}

pub(crate) fn needs_window(name: &Ident) -> Diagnostic {
    Diagnostic::new(Code::WindowPosition, name.span, format!("`{}` needs a window", name.name))
        .label("no OVER")
        .help(format!("write `{}(..) OVER (ORDER BY ..)`", name.name))
}

pub(crate) fn window_clause(name: &Ident) -> Diagnostic {
    let message = format!("`{}` over a window takes neither DISTINCT nor an ORDER BY of its own", name.name);
    Diagnostic::new(Code::WindowPosition, name.span, message).label("over a window")
}

pub(crate) fn outer_aggregate(name: &Ident) -> Diagnostic {
    let message = format!("`{}` is computed over columns of an outer query only", name.name);
    Diagnostic::new(Code::AggregatePosition, name.span, message).label("belongs to the outer query")
}

pub(crate) fn order_without_effect(name: &Ident) -> Diagnostic {
    Diagnostic::new(Code::AggregatePosition, name.span, format!("order has no effect on `{}`", name.name))
        .label("the same in any order")
        .help("remove the ORDER BY")
}

pub(crate) fn function_as_relation(name: &Ident) -> Diagnostic {
    Diagnostic::new(
        Code::CallPosition,
        name.span,
        format!("function `{}` gives a value, not rows", name.name),
    )
    .label("a relation is expected here")
}

/// An argument that must be a literal: one of `words`.
pub(crate) fn not_one_of(function: &str, words: &[&str], span: Span) -> Diagnostic {
    let words: Vec<String> = words.iter().map(|word| format!("`'{word}'`")).collect();
    let message = format!("`{function}` takes one of {} here", words.join(", "));
    Diagnostic::new(Code::TypeMismatch, span, message)
        .label("not one of these")
        .note("it is chosen when the program is compiled, so it is written as a literal")
}

pub(crate) fn pattern_values(name: &Ident, wanted: usize, found: usize, pattern: Span) -> Diagnostic {
    let message = format!("this pattern takes {}, found {found}", count(wanted, "value"));
    Diagnostic::new(Code::ArgumentCount, name.span, message)
        .label(count(found, "value"))
        .also(pattern, format!("asks for {wanted}"))
}

pub(crate) fn bad_pattern(placeholder: &str, span: Span) -> Diagnostic {
    let message = format!("`{placeholder}` is no placeholder of `format`");
    Diagnostic::new(Code::TypeMismatch, span, message)
        .label("in this pattern")
        .help("write `%s`, `%I` or `%L` for a value, and `%%` for a percent sign")
}
