use super::{Accepts, Emit, Function, Gives, scalar};

pub(super) const ROWS: &[Function] = &[
    scalar("octet_length", "Length in bytes.", &[Accepts::Blob], Gives::Int, Emit::CallInt("octet_length")),
    scalar(
        "encode",
        "Bytes as text: `hex`, `base64` or `escape`.",
        &[Accepts::Blob, Accepts::Text],
        Gives::Text,
        Emit::Call("encode"),
    ),
    scalar(
        "decode",
        "Text as bytes: `hex`, `base64` or `escape`.",
        &[Accepts::Text, Accepts::Text],
        Gives::Blob,
        Emit::Call("decode"),
    ),
];
