use super::{Accepts, Emit, Function, Gives, Kind, Nulls, scalar};

/// An aggregate whose result does not depend on the order of rows.
const fn aggregate(
    name: &'static str,
    doc: &'static str,
    arguments: &'static [Accepts],
    gives: Gives,
) -> Function {
    let row = scalar(name, doc, arguments, gives, Emit::Call(name));
    Function { kind: Kind::Aggregate { ordered: false }, nulls: Nulls::Maybe, ..row }
}

pub(super) const ROWS: &[Function] = &[
    Function {
        nulls: Nulls::Never,
        optional: 1,
        ..aggregate("count", "Number of rows, or of values that are not null.", &[Accepts::Any], Gives::Int)
    },
    aggregate("sum", "Exact sum; null for no rows.", &[Accepts::Numeric], Gives::Sum(0)),
    aggregate("min", "Smallest value; null for no rows.", &[Accepts::Orderable], Gives::Same(0)),
    aggregate("max", "Largest value; null for no rows.", &[Accepts::Orderable], Gives::Same(0)),
    Function {
        emit: Emit::Mean,
        ..aggregate(
            "avg",
            "Mean, rounded half away from zero; null for no rows.",
            &[Accepts::Numeric],
            Gives::Mean(0),
        )
    },
    Function {
        kind: Kind::Aggregate { ordered: true },
        ..aggregate(
            "array_agg",
            "All values as an array; null for no rows.",
            &[Accepts::Any],
            Gives::ArrayOf(0),
        )
    },
    Function {
        kind: Kind::Aggregate { ordered: true },
        ..aggregate(
            "string_agg",
            "All texts with a separator between; null for no rows.",
            &[Accepts::Text, Accepts::Text],
            Gives::Text,
        )
    },
];
