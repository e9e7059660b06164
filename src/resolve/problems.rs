//! The words of this room's diagnostics.

use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::hir::Column;
use crate::language::{Ident, Name, Type};
use crate::resolve::{ConfigEntry, Extern, natural_type};
use crate::source::Span;
use crate::syntax::ast::{LiteralKind, UseTarget};

/// `config` entries and functions of an extern, columns and indexes of a table have spaces of names of their own.
pub(super) fn duplicate(what: &str, name: &Ident, earlier: Span) -> Diagnostic {
    let space = match what {
        "config" | "function" | "column" | "index" => "",
        _ => "; tables, actions and imports share one space of names",
    };
    Diagnostic::new(Code::Duplicate, name.span, format!("{what} `{}` is declared twice", name.name))
        .label("the name is taken")
        .also(earlier, "first declared here")
        .note(format!("names fold to lower case{space}"))
}

pub(super) fn renamed_from_present(what: &str, to: &Ident, from: &Ident, present: &Ident) -> Diagnostic {
    let same = to.name == from.name;
    let message = match same {
        true => format!("{what} `{}` is renamed from itself", to.name),
        false => format!("{what} `{}` is renamed from `{}`, which is still there", to.name, from.name),
    };
    let report = Diagnostic::new(Code::RenamedFrom, from.span, message).label("not free");
    match same {
        true => report.help("name what the version before called it, or leave `@renamed_from` out"),
        false => report.also(present.span, "declared here").help(format!(
            "leave `@renamed_from` out, or say what `{}` was: two may be renamed into each other",
            from.name
        )),
    }
}

pub(super) fn renamed_twice(what: &str, from: &Ident, earlier: &Ident) -> Diagnostic {
    Diagnostic::new(Code::RenamedFrom, from.span, format!("two {what}s are renamed from `{}`", from.name))
        .label("renamed again")
        .also(earlier.span, "renamed here")
}

pub(super) fn schema_name_too_long(name: &Ident) -> Diagnostic {
    let message = format!("the schema's name has {} bytes; at most 60 are allowed", name.name.as_str().len());
    Diagnostic::new(Code::NameTooLong, name.span, message)
        .label("too long")
        .note("PostgreSQL cuts names at 63 bytes, and a dataset's schema there is called `ds_` and this")
}

pub(super) fn import_of_itself(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::ImportCycle, span, format!("schema `{name}` imports itself"))
        .label("this is the schema being declared")
        .help("call its own actions without an alias")
}

pub(super) fn import_cycle(names: &[String], span: Span) -> Diagnostic {
    let ring: Vec<&str> = names.iter().chain(names.first()).map(String::as_str).collect();
    Diagnostic::new(Code::ImportCycle, span, format!("imports form a cycle: {}", ring.join(" -> ")))
        .label("this import closes the cycle")
        .help("move what both need into a schema that both import")
}

pub(super) fn unknown_dataset<'n>(
    target: &UseTarget,
    shown: &str,
    span: Span,
    known: impl Iterator<Item = &'n str>,
) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let report = Diagnostic::new(
        Code::UnknownDataset,
        span,
        format!("no schema `{shown}` among the files being compiled"),
    )
    .label("not found");
    match target {
        UseTarget::Network(name) => report
            .help(format!(
                "name the file that begins with `database {};` too, or the folder both are in",
                name.name
            ))
            .note(format!("`kf import {shown} --db URL` takes what is deployed into the project"))
            .did_you_mean_instead(span, nearest(shown, known)),
        _ => report.help(format!("`kf import {shown} --db URL` takes what is deployed into the project")),
    }
}

pub(super) fn unknown_extern(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownDataset, span, format!("no extern `{name}` among the files being compiled"))
        .label("not found")
        .help(format!("name the file that begins with `extern {name};` too, or the folder both are in"))
}

pub(super) fn config_of_schema(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::ExternConfig, span, format!("`{name}` is a schema, which takes no config"))
        .label("only an extern is configured")
        .help("leave the braces out")
}

pub(super) fn unknown_config(key: &Ident, of: &Extern<'_>) -> Diagnostic {
    let known: Vec<&str> = of.config.iter().map(|entry| entry.name.as_str()).collect();
    let message = format!("extern `{}` has no config `{}`", of.name, key.name);
    let report = Diagnostic::new(Code::ExternConfig, key.span, message).label("not declared");
    let report = match known.as_slice() {
        [] => report.note("it takes no config"),
        known => report.note(format!("its config is: {}", known.join(", "))),
    };
    report.also(of.span, "declared here").did_you_mean(key.span, nearest(key.name.as_str(), known))
}

pub(super) fn missing_config(of: &Ident, entry: &ConfigEntry) -> Diagnostic {
    let message = format!("extern `{}` needs config `{}`", of.name, entry.name);
    Diagnostic::new(Code::ExternConfig, of.span, message)
        .label("not configured")
        .also(entry.span, "has no default")
        .help(format!("write `use {} {{{}: ..}} as ..;`", of.name, entry.name))
}

pub(super) fn too_many(what: &str, count: usize, most: usize, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TooMany, span, format!("{count} {what}; at most {most} are allowed"))
        .label("too many")
}

pub(super) fn attribute_type(attribute: &str, wanted: &str, ty: &Type, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::AttributeType,
        span,
        format!("{attribute} bound {wanted}, and this column is `{ty}`"),
    )
    .label(format!("does not fit `{ty}`"))
}

pub(super) fn not_a_length(span: Span) -> Diagnostic {
    Diagnostic::new(Code::LiteralOutOfRange, span, "a length is a whole number from 0 to 4294967295")
        .label("not a length")
}

pub(super) fn literal_type(literal: &LiteralKind, ty: &Type, span: Span) -> Diagnostic {
    let found = natural_type(literal);
    Diagnostic::new(Code::TypeMismatch, span, format!("expected `{ty}`, found `{found}`"))
        .label(format!("this is `{found}`"))
}

pub(super) fn literal_range(ty: &Type, what_fits: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::LiteralOutOfRange, span, format!("not a value of type `{ty}`"))
        .label("out of range")
        .note(what_fits)
}

pub(super) fn second_primary_key(table: &Ident, span: Span, earlier: Span) -> Diagnostic {
    Diagnostic::new(Code::SecondPrimaryKey, span, format!("table `{}` has a second primary key", table.name))
        .label("a second one")
        .also(earlier, "the first one")
        .help("for a key of several columns write `#name primary(a, b)` and nothing on the columns")
}

pub(super) fn no_columns(table: &Ident) -> Diagnostic {
    Diagnostic::new(Code::Syntax, table.span, format!("table `{}` has no columns", table.name))
        .label("expected columns in its braces")
        .help("a table begins with its key: `id text primary`")
}

pub(super) fn no_primary_key(table: &Ident) -> Diagnostic {
    Diagnostic::new(Code::NoPrimaryKey, table.span, format!("table `{}` has no primary key", table.name))
        .label("needs one")
        .help("write `primary` after a column's type, or `#name primary(a, b)`")
        .note("rows are ordered and compared between replicas by their primary key")
}

pub(super) fn repeated_column(column: &Ident) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, column.span, format!("column `{}` is named twice", column.name))
        .label("already in the list")
}

pub(super) fn unknown_column<'n>(
    column: &Ident,
    table: &Name,
    known: impl Iterator<Item = &'n str>,
) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    Diagnostic::new(
        Code::UnknownColumn,
        column.span,
        format!("table `{table}` has no column `{}`", column.name),
    )
    .label("not found")
    .note(format!("its columns are: {}", known.join(", ")))
    .did_you_mean(column.span, nearest(column.name.as_str(), known))
}

pub(super) fn unknown_parent<'n>(parent: &Ident, known: impl Iterator<Item = &'n str>) -> Diagnostic {
    Diagnostic::new(Code::ForeignKey, parent.span, format!("no table `{}` in this schema", parent.name))
        .label("not found")
        .did_you_mean(parent.span, nearest(parent.name.as_str(), known))
}

pub(super) fn foreign_key_count(child: usize, parent: usize, span: Span) -> Diagnostic {
    let columns = |count| if count == 1 { "1 column".to_owned() } else { format!("{count} columns") };
    let message = format!("a foreign key of {} refers to {}", columns(child), columns(parent));
    Diagnostic::new(Code::ForeignKey, span, message).label("the counts differ")
}

pub(super) fn parent_not_unique(parent: &Name, span: Span, table: Span) -> Diagnostic {
    Diagnostic::new(Code::ForeignKey, span, format!("the columns referred to are not a key of `{parent}`"))
        .label("two parent rows could have these values")
        .also(table, "the parent")
        .help("make them the primary key, `unique`, or `#name unique(..)` there")
}

pub(super) fn foreign_key_type(from: &Column, to: &Column, parent: &Name, span: Span) -> Diagnostic {
    let message = format!(
        "`{}` is `{}`, but `{parent}.{}`, which it refers to, is `{}`",
        from.name, from.ty, to.name, to.ty
    );
    Diagnostic::new(Code::ForeignKey, span, message)
        .label("the types differ")
        .also(from.span, format!("`{}`", from.ty))
        .also(to.span, format!("`{}`", to.ty))
        .help("give both columns one type")
}

pub(super) fn set_default_without_one(column: &Name, span: Span, declared: Span) -> Diagnostic {
    let message =
        format!("`set default` cannot be done on `{column}`, which has no default and is never null");
    Diagnostic::new(Code::ForeignKey, span, message)
        .label("could only fail")
        .also(declared, "required here")
        .help("give the column a default, or write `cascade` or `restrict`")
}

pub(super) fn set_null_on_required(column: &Name, span: Span, declared: Span) -> Diagnostic {
    let message = format!("`set null` cannot be done on `{column}`, which is never null");
    Diagnostic::new(Code::ForeignKey, span, message)
        .label("could only fail")
        .also(declared, "required here")
        .help("allow null in the column, or write `cascade` or `restrict`")
}

pub fn unknown_tested(name: &Ident, known: &[String]) -> Diagnostic {
    Diagnostic::new(Code::TestedUnknown, name.span, format!("no schema `{}` to test", name.name))
        .label("not among the sources")
        .did_you_mean(name.span, nearest(name.name.as_str(), known.iter().map(String::as_str)))
}

pub fn duplicate_test(title: &str, at: Span, earlier: Span) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, at, format!("test `{title}` is already there"))
        .also(earlier, "first here")
}
