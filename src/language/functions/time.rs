use super::{Accepts, Emit, Function, Gives, scalar};

pub(super) const ROWS: &[Function] = &[
    scalar(
        "parse_unix_timestamp",
        "Seconds since 1970 of a time, read by a pattern of PostgreSQL's `to_timestamp`; UTC unless the text says otherwise.",
        &[Accepts::Text, Accepts::Text],
        Gives::Decimal(16, 6),
        Emit::Kf("parse_unix_timestamp"),
    ),
    scalar(
        "format_unix_timestamp",
        "Seconds since 1970 as a time in UTC, written by a pattern of PostgreSQL's `to_char`.",
        &[Accepts::Decimal(16, 6), Accepts::Text],
        Gives::Text,
        Emit::Kf("format_unix_timestamp"),
    ),
];
