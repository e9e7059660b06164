use super::{Accepts, Emit, Function, Gives, Nulls, scalar};

/// A row whose last `optional` arguments may be left out.
const fn with_optional(optional: usize, function: Function) -> Function {
    Function { optional, ..function }
}

const TEXT: &[Accepts] = &[Accepts::Text];
const TRIM: &[Accepts] = &[Accepts::Text, Accepts::Text];
const PAD: &[Accepts] = &[Accepts::Text, Accepts::Int4, Accepts::Text];

pub(super) const ROWS: &[Function] = &[
    scalar("bit_length", "Length in bits.", TEXT, Gives::Int, Emit::CallInt("bit_length")),
    scalar("char_length", "Length in characters.", TEXT, Gives::Int, Emit::CallInt("char_length")),
    scalar("character_length", "Length in characters.", TEXT, Gives::Int, Emit::CallInt("character_length")),
    scalar("length", "Length in characters.", TEXT, Gives::Int, Emit::CallInt("length")),
    scalar("octet_length", "Length in bytes.", TEXT, Gives::Int, Emit::CallInt("octet_length")),
    scalar("lower", "ASCII letters in lower case.", TEXT, Gives::Text, Emit::CallC("lower")),
    scalar("upper", "ASCII letters in upper case.", TEXT, Gives::Text, Emit::CallC("upper")),
    with_optional(1, scalar("lpad", "Filled up on the left.", PAD, Gives::Text, Emit::Call("lpad"))),
    with_optional(1, scalar("rpad", "Filled up on the right.", PAD, Gives::Text, Emit::Call("rpad"))),
    with_optional(1, scalar("ltrim", "Without leading characters.", TRIM, Gives::Text, Emit::Call("ltrim"))),
    with_optional(1, scalar("rtrim", "Without trailing characters.", TRIM, Gives::Text, Emit::Call("rtrim"))),
    with_optional(
        1,
        scalar("trim", "Without leading or trailing characters.", TRIM, Gives::Text, Emit::Call("btrim")),
    ),
    with_optional(
        1,
        scalar(
            "substring",
            "From a 1-based character, as many as asked.",
            &[Accepts::Text, Accepts::Int4, Accepts::Int4],
            Gives::Text,
            Emit::Call("substring"),
        ),
    ),
    with_optional(
        1,
        scalar(
            "overlay",
            "With a stretch from a 1-based character replaced.",
            &[Accepts::Text, Accepts::Text, Accepts::Int4, Accepts::Int4],
            Gives::Text,
            Emit::Call("overlay"),
        ),
    ),
    scalar(
        "position",
        "Where the first text begins in the second, 1-based; 0 if nowhere.",
        &[Accepts::Text, Accepts::Text],
        Gives::Int,
        Emit::Position,
    ),
    Function {
        optional: 1,
        variadic: true,
        nulls: Nulls::If(0),
        ..scalar(
            "format",
            "The pattern with its `%s` (as it is), `%I` (as a name of SQL), `%L` (as a literal of SQL) and `%%` filled in.",
            &[Accepts::Text, Accepts::Any],
            Gives::Text,
            Emit::Format,
        )
    },
];
