//! Imports followed to their end, as parts of statements.

/// A recursive CTE `$name (dbid)`: the datasets of `$1`, a `text[]`, and all that they import, directly or not.
macro_rules! importees {
    ($name:literal) => {
        $crate::deploy::registry::follow::followed!($name, "importer", "importee")
    };
}

/// A recursive CTE `$name (dbid)`: the datasets of `$1`, a `text[]`, and all that import them, directly or not.
macro_rules! importers {
    ($name:literal) => {
        $crate::deploy::registry::follow::followed!($name, "importee", "importer")
    };
}

/// `OFFSET 0` keeps the planner from reading all of `kf.import` at every step.
macro_rules! followed {
    ($name:literal, $from:literal, $to:literal) => {
        concat!(
            $name,
            " (dbid) AS (SELECT unnest($1::text[]) COLLATE \"C\" UNION SELECT i.",
            $to,
            " FROM ",
            $name,
            " AS r ",
            "CROSS JOIN LATERAL (SELECT j.",
            $to,
            " FROM kf.import AS j WHERE j.",
            $from,
            " = r.dbid OFFSET 0) AS i)"
        )
    };
}

pub(crate) use {followed, importees, importers};
