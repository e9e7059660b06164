use super::{Accepts, Emit, Function, Gives, Nulls, scalar};

pub(super) const ROWS: &[Function] = &[
    scalar("abs", "Absolute value.", &[Accepts::Numeric], Gives::Same(0), Emit::Call("abs")),
    Function {
        nulls: Nulls::IfAll,
        variadic: true,
        ..scalar(
            "coalesce",
            "The first argument that is not null.",
            &[Accepts::Any, Accepts::Same(0)],
            Gives::Same(0),
            Emit::Form("COALESCE"),
        )
    },
    Function {
        nulls: Nulls::IfAll,
        variadic: true,
        ..scalar(
            "greatest",
            "The largest argument; nulls are passed over.",
            &[Accepts::Orderable, Accepts::Same(0)],
            Gives::Same(0),
            Emit::Form("GREATEST"),
        )
    },
    Function {
        nulls: Nulls::IfAll,
        variadic: true,
        ..scalar(
            "least",
            "The smallest argument; nulls are passed over.",
            &[Accepts::Orderable, Accepts::Same(0)],
            Gives::Same(0),
            Emit::Form("LEAST"),
        )
    },
    Function {
        nulls: Nulls::Maybe,
        ..scalar(
            "nullif",
            "Null if the arguments are equal, else the first.",
            &[Accepts::Any, Accepts::Same(0)],
            Gives::Same(0),
            Emit::Form("NULLIF"),
        )
    },
];
