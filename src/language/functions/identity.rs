use super::{Accepts, Emit, Function, Gives, scalar};

pub(super) const ROWS: &[Function] = &[
    scalar(
        "generate_dbid",
        "The identity of the schema of that name that this owner has.",
        &[Accepts::Text, Accepts::Blob],
        Gives::Text,
        Emit::Kf("generate_dbid"),
    ),
    scalar(
        "uuid_generate_v5",
        "The version 5 UUID of a name in a namespace.",
        &[Accepts::Uuid, Accepts::Text],
        Gives::Uuid,
        Emit::Kf("uuid_generate_v5"),
    ),
    scalar(
        "uuid_generate_kwil",
        "The version 5 UUID of a name in the namespace `a247cac1-d817-4949-bac7-dc4b1dc41d09`.",
        &[Accepts::Text],
        Gives::Uuid,
        Emit::Kf("uuid_generate_kwil"),
    ),
];
