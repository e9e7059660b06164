use super::{Accepts, Emit, Function, Gives, scalar};

/// What `digest` computes.
const HASHES: Accepts = Accepts::OneOf(&["sha224", "sha256", "sha384", "sha512", "md5"]);

const fn digest(of: &'static [Accepts]) -> Function {
    scalar("digest", "A hash; of a text that of its UTF-8 bytes.", of, Gives::Blob, Emit::Digest)
}

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
    digest(&[Accepts::Text, HASHES]),
    digest(&[Accepts::Blob, HASHES]),
];
