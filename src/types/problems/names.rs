use super::{count, elsewhere, list};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::language::{ContextValue, Ident, Name, limits};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::infer::Evidence;

pub(crate) fn unknown_variable(name: &Ident, known: &[&str]) -> Diagnostic {
    let near = nearest(name.name.as_str(), known.iter().copied()).map(|near| format!("${near}"));
    let report = Diagnostic::new(Code::UnknownVariable, name.span, format!("no variable `${}`", name.name))
        .label("not declared")
        .did_you_mean(name.span, near.as_deref());
    match known {
        [] => report.note("no variable is in scope"),
        known => report.note(format!("in scope are: ${}", known.join(", $"))),
    }
}

pub(crate) fn unknown_context(name: &Ident) -> Diagnostic {
    let words: Vec<&str> = ContextValue::ALL.iter().map(|value| value.word()).collect();
    let report =
        Diagnostic::new(Code::UnknownContext, name.span, format!("no context value `@{}`", name.name))
            .label("not a context value")
            .note(format!("context values are: @{}", words.join(", @")));
    if let Some(instead) = elsewhere::context(name.name.as_str()) {
        return report.help(instead);
    }
    let near = nearest(name.name.as_str(), words.iter().copied()).map(|near| format!("@{near}"));
    report.did_you_mean(name.span, near.as_deref())
}

pub(crate) fn no_fields(variable: &Ident, field: &Ident, span: Span) -> Diagnostic {
    let message = format!("`${}` is a value, not a row, so it has no `{}`", variable.name, field.name);
    Diagnostic::new(Code::UnknownVariable, span, message).label("not a row")
}

/// An unqualified name that no relation in sight offers. A parameter or context value of the name was probably meant.
pub(crate) fn unknown_column(column: &Ident, known: &[&str], is_parameter: bool) -> Diagnostic {
    let name = &column.name;
    let report = Diagnostic::new(Code::UnknownColumn, column.span, format!("no column `{name}` in sight"))
        .label("not found");
    if is_parameter {
        let title = format!("write `${name}`");
        return report.help(format!("did you mean the parameter `${name}`?")).fix(
            title,
            true,
            column.span,
            format!("${name}"),
        );
    }
    if ContextValue::from_word(name.as_str()).is_some() {
        let title = format!("write `@{name}`");
        return report.help(format!("did you mean the context value `@{name}`?")).fix(
            title,
            true,
            column.span,
            format!("@{name}"),
        );
    }
    let report = report.did_you_mean(column.span, nearest(name.as_str(), known.iter().copied()));
    match known {
        [] => report.note("there are no relations here; a text is written in single quotes"),
        known => report.note(format!("columns in sight are: {}", known.join(", "))),
    }
}

pub(crate) fn unknown_column_of(relation: &Name, column: &Ident, known: &[&str]) -> Diagnostic {
    let message = format!("`{relation}` has no column `{}`", column.name);
    Diagnostic::new(Code::UnknownColumn, column.span, message)
        .label("not found")
        .note(format!("its columns are: {}", known.join(", ")))
        .did_you_mean(column.span, nearest(column.name.as_str(), known.iter().copied()))
}

pub(crate) fn ambiguous_column(column: &Ident, relations: &[Name]) -> Diagnostic {
    let names: Vec<&str> = relations.iter().map(Name::as_str).collect();
    let choices: Vec<String> = names.iter().map(|name| format!("{name}.{}", column.name)).collect();
    let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
    Diagnostic::new(
        Code::AmbiguousColumn,
        column.span,
        format!("`{}` could be a column of {}", column.name, list(&names)),
    )
    .label("which one")
    .help(format!("write one of {}", list(&choices)))
}

pub(crate) fn unknown_relation(table: &Ident, known: &[&str]) -> Diagnostic {
    let report = Diagnostic::new(
        Code::UnknownTable,
        table.span,
        format!("`{}` is not in this query's FROM", table.name),
    )
    .label("not found")
    .did_you_mean(table.span, nearest(table.name.as_str(), known.iter().copied()));
    match known {
        [] => report,
        known => report.note(format!("in FROM are: {}", known.join(", "))),
    }
}

pub(crate) fn unknown_table(name: &Ident, known: &[&str], imports: &[&str]) -> Diagnostic {
    let report =
        Diagnostic::new(Code::UnknownTable, name.span, format!("no table `{}` in this schema", name.name))
            .label("not found")
            .did_you_mean(name.span, nearest(name.name.as_str(), known.iter().copied()));
    match imports {
        [] => report,
        imports => report.note(format!(
            "tables of imported schemas cannot be touched directly; call actions of {}",
            list(imports)
        )),
    }
}

pub(crate) fn duplicate_relation(name: &Ident, earlier: Span) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, name.span, format!("`{}` is in this FROM twice", name.name))
        .label("the name is taken")
        .also(earlier, "first here")
        .help("give one of them an alias: `AS other`")
}

pub(crate) fn unnamed_relation(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnnamedResult, span, "a subquery in FROM needs a name")
        .label("no name")
        .help("write `AS name` after it")
}

pub(crate) fn duplicate_parameter(name: &Ident, earlier: Span) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, name.span, format!("parameter `${}` is declared twice", name.name))
        .label("the name is taken")
        .also(earlier, "first declared here")
}

pub(crate) fn duplicate_cte(name: &Ident) -> Diagnostic {
    Diagnostic::new(
        Code::Duplicate,
        name.span,
        format!("two common table expressions are called `{}`", name.name),
    )
    .label("the name is taken")
    .help("give one of them another name")
}

pub(crate) fn cte_hides_table(name: &Ident, table: Span) -> Diagnostic {
    Diagnostic::new(
        Code::Duplicate,
        name.span,
        format!("`{}` is the name of a table of this schema", name.name),
    )
    .label("would hide the table")
    .also(table, "the table")
    .help("give the common table expression another name")
}

pub(crate) fn duplicate_result(name: &Name, span: Span, earlier: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateResult, span, format!("two result columns are called `{name}`"))
        .label("the name is taken")
        .also(earlier, "first here")
        .help("give one of them a name of its own: `AS other`")
}

pub(crate) fn repeated_column(column: &Ident) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, column.span, format!("column `{}` is named twice", column.name))
        .label("already in the list")
}

pub(crate) fn too_many_names(of: &Ident, names: usize, columns: usize) -> Diagnostic {
    let message =
        format!("`{}` has {}, and {} are given", of.name, count(columns, "column"), count(names, "name"));
    Diagnostic::new(Code::ValueCount, of.span, message).label("too many names")
}

pub(crate) fn too_many_columns(columns: usize, span: Span) -> Diagnostic {
    let message = format!("{columns} result columns; at most {} are allowed", limits::COLUMNS);
    Diagnostic::new(Code::TooMany, span, message).label("too many")
}

pub(crate) fn too_many_parameters(action: &ast::Action) -> Diagnostic {
    let message =
        format!("{} parameters; at most {} are allowed", action.parameters.len(), limits::PARAMETERS);
    Diagnostic::new(Code::TooMany, action.name.span, message).label("too many")
}

pub(crate) fn required_after_optional(parameter: &ast::Parameter) -> Diagnostic {
    let message = format!("`${}` has no default but follows a parameter that has one", parameter.name.name);
    Diagnostic::new(Code::Syntax, parameter.span, message)
        .label("could never be left out before it")
        .help("put parameters with defaults last")
}

pub(crate) fn modifier_conflict(earlier: ast::ModifierWord, word: ast::ModifierWord) -> Diagnostic {
    let (one, other) = (earlier.modifier.word(), word.modifier.word());
    let message = if one == other {
        format!("`{one}` is written twice")
    } else {
        format!("`{one}` and `{other}` exclude each other")
    };
    Diagnostic::new(Code::ModifierConflict, word.span, message)
        .label("cannot also be this")
        .also(earlier.span, format!("already `{one}`"))
        .fix(format!("remove `{other}`"), false, word.span, "")
}

/// The threshold of votes on events is no fraction, or one that would let liars through.
pub(crate) fn no_threshold(literal: &ast::Literal) -> Diagnostic {
    Diagnostic::new(Code::OracleAnnotation, literal.span, "expected a threshold from `'2/3'` to less than 1")
        .label("not such a threshold")
        .help("write a fraction, such as `'3/4'`")
        .note("an event must be seen by strictly more than this part of the validators' power; less than two thirds is unsafe")
}

pub(crate) fn oracle_key(key: &Ident) -> Diagnostic {
    let message = format!("`@oracle` has no key `{}`", key.name);
    Diagnostic::new(Code::OracleAnnotation, key.span, message)
        .label("the only key is `threshold`")
        .did_you_mean(key.span, nearest(key.name.as_str(), ["threshold"]))
}

/// `@oracle` stands before an action that no event calls.
pub(crate) fn annotation_of_no_oracle(annotation: &ast::Annotation, action: &ast::Action) -> Diagnostic {
    let message = format!("`@oracle` stands before `{}`, which is not an `oracle` action", action.name.name);
    Diagnostic::new(Code::OracleAnnotation, annotation.name.span, message)
        .label("says how many must have seen an event")
        .also(action.name.span, "no event calls this")
}

pub(crate) fn uses_disagree(parameter: &crate::hir::Local, evidence: &Evidence) -> Diagnostic {
    let name = &parameter.name;
    let Some((first, others)) = evidence.disagreement() else {
        return Diagnostic::new(Code::UsesDisagree, parameter.span, format!("uses of `${name}` disagree"));
    };
    let message = format!(
        "`${name}` is used as `{}` and as `{}`",
        first.ty,
        others.first().map_or(&first.ty, |other| &other.ty)
    );
    let mut report = Diagnostic::new(Code::UsesDisagree, parameter.span, message)
        .label("has no type of its own")
        .also(first.span, format!("used as `{}`", first.ty))
        .help(format!("declare its type: `${name} {}`", first.ty));
    for other in others {
        report = report.also(other.span, format!("used as `{}`", other.ty));
    }
    report
}
