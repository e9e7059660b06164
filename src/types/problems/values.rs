use super::{count, list};
use crate::diagnostics::{Code, Diagnostic};
use crate::hir::{Column, Table};
use crate::language::{Ident, Name, Type};
use crate::resolve::natural_type;
use crate::source::Span;
use crate::syntax::ast::{self, LiteralKind};

pub(crate) fn mismatch(wanted: &Type, found: &Type, span: Span, because: Option<(Span, &str)>) -> Diagnostic {
    let mut report =
        Diagnostic::new(Code::TypeMismatch, span, format!("expected `{wanted}`, found `{found}`"))
            .label(format!("this is `{found}`"));
    if let Some((span, reason)) = because {
        report = report.also(span, reason);
    }
    match (found, wanted) {
        (Type::Decimal(from), Type::Decimal(to)) => report
            .note(format!("{} digits after the point would become {}", from.scale, to.scale))
            .help(format!("round it openly: `(..)::{wanted}`")),
        (found, wanted) if found.is_numeric() && wanted.is_numeric() => {
            report.help(format!("numbers of different types do not mix; cast it: `(..)::{wanted}`"))
        }
        (Type::Text, Type::Uuid) => report.help("cast it: `(..)::uuid`"),
        _ => report,
    }
}

pub(crate) fn literal_type(literal: &ast::Literal, wanted: &Type) -> Diagnostic {
    let found = natural_type(&literal.kind);
    mismatch(wanted, &found, literal.span, None)
}

pub(crate) fn literal_range(ty: &Type, what_fits: &str, span: Span) -> Diagnostic {
    let report = Diagnostic::new(Code::LiteralOutOfRange, span, format!("not a value of type `{ty}`"))
        .label("out of range")
        .note(what_fits);
    if *ty == Type::Int { report.help("larger whole numbers are `uint256`: `..::uint256`") } else { report }
}

pub(crate) fn not_numeric(ty: &Type, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("expected a number, found `{ty}`"))
        .label(format!("this is `{ty}`"))
}

pub(crate) fn negative_uint256(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, "a `uint256` is never negative").label("negates a `uint256`")
}

pub(crate) fn not_boolean(ty: &Type, span: Span) -> Diagnostic {
    Diagnostic::new(Code::ConditionNotBool, span, format!("expected a condition, found `{ty}`"))
        .label(format!("this is `{ty}`, not `bool`"))
        .help("write a comparison, such as `value > 0`")
}

pub(crate) fn no_operator(sign: &str, ty: &Type, at: Span) -> Diagnostic {
    let report = Diagnostic::new(Code::TypeMismatch, at, format!("no operator `{sign}` for `{ty}`"))
        .label(format!("not defined for `{ty}`"));
    match (sign, ty) {
        ("^", Type::Int | Type::Uint256) => {
            report.help("raise a decimal to a decimal: `(a::decimal(38,0) ^ b::decimal(38,0))::int`")
        }
        ("||", Type::Array(_)) => report.help("write `array_cat(one, other)`"),
        ("||", _) => report.help("cast it: `value::text`"),
        _ => report,
    }
}

pub(crate) fn cannot_cast(from: &Type, to: &Type, span: Span) -> Diagnostic {
    let report = Diagnostic::new(Code::CannotCast, span, format!("no cast from `{from}` to `{to}`"))
        .label("no such cast");
    match (from, to) {
        (Type::Blob, Type::Text) => report.help("`encode(.., 'hex')` writes bytes as text"),
        (Type::Text, Type::Blob) => report.help("`decode(.., 'hex')` reads bytes from text"),
        _ => report,
    }
}

pub(crate) fn nested_array(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, "arrays have one dimension").label("an array of arrays")
}

pub(crate) fn untyped_array(span: Span) -> Diagnostic {
    Diagnostic::new(Code::CannotInfer, span, "the type of this array cannot be told")
        .label("nothing says what it holds")
        .help("cast it: `(..)::text[]`")
}

/// `example` is a type that would do.
pub(crate) fn untyped_null(example: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::CannotInfer, span, "the type of this null cannot be told")
        .label("nothing says what it would be")
        .help(format!("cast it: `null::{example}`"))
}

pub(crate) fn not_an_array(ty: &Type, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("expected an array, found `{ty}`"))
        .label(format!("this is `{ty}`"))
}

pub(crate) fn null_into_required(column: &Column, span: Span) -> Diagnostic {
    Diagnostic::new(Code::MissingNotNull, span, format!("`{}` is never null", column.name))
        .label("null")
        .also(column.span, "required here")
}

pub(crate) fn missing_not_null(table: &Ident, missing: &[&str], declared: Span) -> Diagnostic {
    let message = format!("the insert leaves out {}, which must have a value", list(missing));
    Diagnostic::new(Code::MissingNotNull, table.span, message)
        .label("incomplete")
        .also(declared, "neither null nor a default is allowed here")
}

pub(crate) fn value_count(wanted: usize, found: usize, table: &Name, span: Span) -> Diagnostic {
    let message = format!("expected {} for `{table}`, found {found}", count(wanted, "value"));
    Diagnostic::new(Code::ValueCount, span, message).label(count(found, "value"))
}

pub(crate) fn conflict_target(table: &Table, span: Span) -> Diagnostic {
    let name = |position: &usize| table.columns.get(*position).map(|column| column.name.as_str());
    let keys: Vec<String> = std::iter::once(table.primary_key.as_slice())
        .chain(table.indexes.iter().filter(|index| index.unique).map(|index| index.columns.as_slice()))
        .map(|key| format!("({})", key.iter().filter_map(name).collect::<Vec<_>>().join(", ")))
        .collect();
    Diagnostic::new(Code::ConflictTarget, span, format!("these columns are not a key of `{}`", table.name))
        .label("two rows could share these values")
        .note(format!("its keys are: {}", keys.join(", ")))
}

pub(crate) fn conflict_needs_target(span: Span) -> Diagnostic {
    Diagnostic::new(Code::ConflictTarget, span, "DO UPDATE needs to know which key")
        .label("no columns")
        .help("write `ON CONFLICT (columns) DO UPDATE ..`")
}

/// Reads a default back from an interface, where it stands as the language writes literals.
pub(crate) fn read_default(written: &str) -> Option<LiteralKind> {
    if let Some(text) = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Some(LiteralKind::Text(text.replace("''", "'")));
    }
    if let Some(digits) = written.strip_prefix("0x") {
        return hex::decode(digits).ok().map(LiteralKind::Blob);
    }
    Some(match written {
        "null" => LiteralKind::Null,
        "true" => LiteralKind::Bool(true),
        "false" => LiteralKind::Bool(false),
        digits if digits.contains('.') => LiteralKind::Decimal(digits.into()),
        digits => LiteralKind::Integer(digits.into()),
    })
}
