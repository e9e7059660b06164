//! Arguments of the language's functions: which row of the table is meant, and the types its places ask for.

use super::action::Checker;
use super::coerce::is_flexible;
use super::problems;
use crate::hir::{Expr, ExprKind};
use crate::language::Type;
use crate::language::functions::{Accepts, Function, Gives};

impl Checker<'_, '_> {
    /// The arguments, each as a value of the type its place in the row asks for.
    pub(super) fn arguments(&mut self, row: &'static Function, mut arguments: Vec<Expr>) -> Vec<Expr> {
        if row.variadic && row.arguments.get(1) == Some(&Accepts::Same(0)) || row.name == "nullif" {
            let (arguments, _) = self.unify(arguments);
            if let (Some(Accepts::Orderable), Some(first)) = (row.accepts(0), arguments.first())
                && !is_accepted(Accepts::Orderable, &first.ty, &[])
            {
                self.sink.report(problems::argument_type(
                    row.name,
                    wanted(Accepts::Orderable),
                    &first.ty,
                    first.span,
                ));
            }
            return arguments;
        }
        self.open_first(row, &mut arguments);
        let mut checked: Vec<Expr> = Vec::new();
        for (position, argument) in arguments.into_iter().enumerate() {
            let accepts = row.accepts(position).unwrap_or(Accepts::Any);
            let types: Vec<Type> = checked.iter().map(|argument| argument.ty.clone()).collect();
            let argument = match exact(accepts, &types) {
                Some(ty) => self.coerce(argument, &ty, None),
                None => argument,
            };
            if !is_accepted(accepts, &argument.ty, &types) {
                self.sink.report(problems::argument_type(
                    row.name,
                    wanted(accepts),
                    &argument.ty,
                    argument.span,
                ));
            }
            checked.push(argument);
        }
        checked
    }

    /// Gives a first argument that says no type of its own the one the others ask for: `array_cat(null, $a)`. Without
    /// any it is text where every type would do, and a report elsewhere.
    fn open_first(&mut self, row: &'static Function, arguments: &mut [Expr]) {
        let asked = asked_of_first(row, arguments);
        let Some(place) = arguments.first_mut().filter(|first| is_flexible(first)) else { return };
        let is_null = place.ty == Type::Null;
        let ty = match (asked, row.accepts(0)) {
            (Some(ty), _) => ty,
            // It raises before any type would matter.
            (None, Some(Accepts::Numeric)) if matches!(place.kind, ExprKind::Error(_)) => Type::Int,
            (None, Some(accepts @ (Accepts::Numeric | Accepts::Array))) if is_null => {
                let example = if accepts == Accepts::Array { "int[]" } else { "int" };
                self.sink.report(problems::untyped_null(example, place.span));
                Type::Unknown
            }
            (None, Some(Accepts::Any | Accepts::Orderable)) if is_null => Type::Text,
            (None, _) => return,
        };
        let first = std::mem::replace(place, Expr::unknown(place.span));
        *place = match ty {
            Type::Unknown => Expr { ty, ..first },
            ty => self.coerce(first, &ty, None),
        };
    }
}

/// The type a literal or untyped parameter should take as this argument.
pub(super) fn argument_hint(row: &Function, position: usize, result: Option<&Type>) -> Option<Type> {
    match row.accepts(position)? {
        Accepts::Int | Accepts::Int4 => Some(Type::Int),
        Accepts::Text | Accepts::OneOf(_) => Some(Type::Text),
        Accepts::Blob => Some(Type::Blob),
        Accepts::Bool => Some(Type::Bool),
        Accepts::Uuid => Some(Type::Uuid),
        Accepts::Decimal(precision, scale) => Some(Type::decimal(precision, scale)),
        Accepts::Numeric | Accepts::Orderable | Accepts::Any | Accepts::Same(_)
            if row.gives == Gives::Same(0) =>
        {
            result.cloned()
        }
        _ => None,
    }
}

/// Of several rows that take so many arguments, the one whose first argument is of the right type.
pub(super) fn choose(rows: &[&'static Function], arguments: &[Expr]) -> Option<&'static Function> {
    let first = arguments.first()?;
    let accepts =
        |row: &&&'static Function| row.accepts(0).is_some_and(|accepts| is_accepted(accepts, &first.ty, &[]));
    rows.iter().find(accepts).copied()
}

/// The type that the later arguments ask of the first, if one of them is bound to it: one that says its own type, else
/// a literal.
fn asked_of_first(row: &Function, arguments: &[Expr]) -> Option<Type> {
    let asked = |(position, argument): (usize, &Expr)| match (row.accepts(position)?, &argument.ty) {
        (_, Type::Null | Type::Unknown) => None,
        (Accepts::Same(0), ty) => Some(ty.clone()),
        (Accepts::ElementOf(0), ty) => Some(Type::array(ty.clone())),
        (Accepts::ArrayOf(0), Type::Array(element)) => Some(element.as_ref().clone()),
        _ => None,
    };
    let later = || arguments.iter().enumerate().skip(1);
    let firm = later().filter(|(_, argument)| !is_flexible(argument)).find_map(asked);
    firm.or_else(|| if arguments.first()?.ty.is_open() { later().find_map(asked) } else { None })
}

/// The one type an argument must have, where its row names one.
fn exact(accepts: Accepts, earlier: &[Type]) -> Option<Type> {
    Some(match accepts {
        Accepts::Int | Accepts::Int4 => Type::Int,
        Accepts::Text | Accepts::OneOf(_) => Type::Text,
        Accepts::Blob => Type::Blob,
        Accepts::Bool => Type::Bool,
        Accepts::Uuid => Type::Uuid,
        Accepts::Decimal(precision, scale) => Type::decimal(precision, scale),
        Accepts::Same(index) => earlier.get(index)?.clone(),
        Accepts::ArrayOf(index) => Type::array(earlier.get(index)?.clone()),
        Accepts::ElementOf(index) => match earlier.get(index)? {
            Type::Array(element) => element.as_ref().clone(),
            _ => return None,
        },
        Accepts::Numeric | Accepts::Orderable | Accepts::Any | Accepts::Array => return None,
    })
}

fn is_accepted(accepts: Accepts, ty: &Type, earlier: &[Type]) -> bool {
    if ty.is_open() {
        return true;
    }
    match accepts {
        Accepts::Any => true,
        Accepts::Numeric => ty.is_numeric(),
        Accepts::Orderable => ty.is_numeric() || *ty == Type::Text,
        Accepts::Array => matches!(ty, Type::Array(_)),
        accepts => exact(accepts, earlier).is_none_or(|exact| exact == *ty || exact.is_open()),
    }
}

fn wanted(accepts: Accepts) -> &'static str {
    match accepts {
        Accepts::Int | Accepts::Int4 => "`int`",
        Accepts::Text | Accepts::OneOf(_) => "`text`",
        Accepts::Blob => "`blob`",
        Accepts::Bool => "`bool`",
        Accepts::Uuid => "`uuid`",
        Accepts::Decimal(..) => "a `decimal`",
        Accepts::Numeric => "a number",
        Accepts::Orderable => "a number or `text`",
        Accepts::Array | Accepts::ArrayOf(_) => "an array",
        Accepts::Any | Accepts::Same(_) | Accepts::ElementOf(_) => "a value of the same type",
    }
}
