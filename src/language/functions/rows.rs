use super::{Accepts, Emit, Function, Gives, Kind, Nulls, scalar};

pub(super) const ROWS: &[Function] = &[Function {
    kind: Kind::Rows,
    variadic: true,
    nulls: Nulls::Maybe,
    ..scalar(
        "unnest",
        "A row for each element; `WITH ORDINALITY` numbers them from 1. Of several arrays the shorter go on with nulls; a null array is empty.",
        &[Accepts::Array],
        Gives::Elements,
        Emit::Unnest,
    )
}];
