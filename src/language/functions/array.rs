use super::{Accepts, Emit, Function, Gives, Nulls, scalar};

const APPEND: &[Accepts] = &[Accepts::Array, Accepts::ElementOf(0)];

/// Array functions take null for an empty array, so they give null only when told otherwise.
const fn array(
    name: &'static str,
    doc: &'static str,
    arguments: &'static [Accepts],
    gives: Gives,
    nulls: Nulls,
) -> Function {
    Function { nulls, ..scalar(name, doc, arguments, gives, Emit::Call(name)) }
}

pub(super) const ROWS: &[Function] = &[
    array("array_append", "With an element at the end.", APPEND, Gives::Same(0), Nulls::Never),
    array(
        "array_prepend",
        "With an element at the beginning.",
        &[Accepts::Any, Accepts::ArrayOf(0)],
        Gives::Same(1),
        Nulls::Never,
    ),
    array(
        "array_cat",
        "One array after the other.",
        &[Accepts::Array, Accepts::Same(0)],
        Gives::Same(0),
        Nulls::IfAll,
    ),
    array("array_remove", "Without the elements equal to a value.", APPEND, Gives::Same(0), Nulls::If(0)),
    Function {
        nulls: Nulls::Maybe,
        ..scalar(
            "array_length",
            "Number of elements; null for an empty array.",
            &[Accepts::Array],
            Gives::Int,
            Emit::ArrayLength,
        )
    },
];
