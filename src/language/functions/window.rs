use super::{Accepts, Emit, Function, Gives, Kind, Nulls, scalar};

const fn window(
    name: &'static str,
    doc: &'static str,
    arguments: &'static [Accepts],
    gives: Gives,
    breaks_ties: bool,
) -> Function {
    let row = scalar(name, doc, arguments, gives, Emit::Call(name));
    Function { kind: Kind::Window { breaks_ties }, nulls: Nulls::Maybe, ..row }
}

const SHIFT: &[Accepts] = &[Accepts::Any, Accepts::Int4, Accepts::Same(0)];

pub(super) const ROWS: &[Function] = &[
    Function {
        nulls: Nulls::Never,
        ..window("row_number", "Number of the row in its partition, from 1.", &[], Gives::Int, true)
    },
    Function {
        nulls: Nulls::Never,
        ..window("rank", "Rank with gaps; rows that tie share it.", &[], Gives::Int, false)
    },
    Function {
        nulls: Nulls::Never,
        ..window("dense_rank", "Rank without gaps; rows that tie share it.", &[], Gives::Int, false)
    },
    Function { optional: 2, ..window("lag", "The value some rows before.", SHIFT, Gives::Same(0), true) },
    Function { optional: 2, ..window("lead", "The value some rows after.", SHIFT, Gives::Same(0), true) },
    window("first_value", "The value in the frame's first row.", &[Accepts::Any], Gives::Same(0), true),
    window("last_value", "The value in the frame's last row.", &[Accepts::Any], Gives::Same(0), true),
    window(
        "nth_value",
        "The value in the frame's n-th row, from 1.",
        &[Accepts::Any, Accepts::Int4],
        Gives::Same(0),
        true,
    ),
];
