//! Which errors are a call's own, the same on every replica, and which are this machine's.

/// What becomes of a call that the database refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Every replica refuses the call alike: it gets a receipt with this status, and the block goes on.
    Receipt(String),
    /// Only this server may have refused: the block must be given up, and the node stops.
    Halt,
}

/// What a class of SQLSTATEs means, and why. The first row that fits counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Class {
    /// How the SQLSTATEs begin: two characters, or all five of one that differs from its class.
    pub prefix: &'static str,
    /// What they are called.
    pub name: &'static str,
    /// How much of the SQLSTATE a receipt has: 0 if there is none, because the block is given up.
    pub told: usize,
    /// Why.
    pub why: &'static str,
}

impl Class {
    /// Every class that is decided by itself, in the order they are looked through. All others are a halt.
    pub const ALL: &[Class] = &[
        receipt(
            "KF",
            5,
            "refusals of the language",
            "raised by emitted code and by the engine, by values alone",
        ),
        receipt(
            "21",
            2,
            "cardinality",
            "a subquery or `ON CONFLICT` met two rows; both are there on every replica",
        ),
        receipt(
            "22",
            2,
            "data",
            "range, division, form of values; which of two faults comes first may differ, the class does not",
        ),
        receipt(
            "23",
            2,
            "constraints",
            "rows decide; which constraint of a row is looked at first may differ, the class does not",
        ),
        receipt(
            "54000",
            2,
            "size of a value",
            "an indexed or built value is too large; limits are compiled in, compression is pinned",
        ),
        receipt("P0", 2, "raised by externs", "`RAISE` in a function the network has agreed to install"),
        halt("08", "connection", "the server is gone or cannot be reached"),
        halt("0A", "not supported", "emitted SQL never asks for it: the functions were damaged"),
        halt("25", "transaction state", "somebody else ended or changed the transaction"),
        halt("40", "collisions", "blocks are the only writer: something else writes beside them"),
        halt(
            "42",
            "names, types, rights",
            "emitted SQL fits its tables: functions, tables or grants were damaged",
        ),
        halt("53", "resources", "memory, disk, connections of this machine"),
        halt(
            "54",
            "limits",
            "`max_stack_depth` and the like are settings of this server; depth of calls is KF007",
        ),
        halt("55", "object state", "a lock that others hold, a server that is shutting down"),
        halt("57", "intervention", "a timeout or cancellation is measured by this machine's clock"),
        halt("58", "system", "files and the operating system"),
        halt("F0", "configuration", "files of the server"),
        halt("XX", "internal", "damaged data, or a bug in PostgreSQL"),
    ];
}

const fn receipt(prefix: &'static str, told: usize, name: &'static str, why: &'static str) -> Class {
    Class { prefix, name, told, why }
}

const fn halt(prefix: &'static str, name: &'static str, why: &'static str) -> Class {
    Class { prefix, name, told: 0, why }
}

/// What becomes of a call that failed with `sqlstate`. A class that is not in the table halts: a node that stops can be
/// looked at, a replica that went another way cannot be told from the others.
pub fn verdict(sqlstate: &str) -> Verdict {
    let class = Class::ALL.iter().find(|class| sqlstate.starts_with(class.prefix));
    match class.and_then(|class| sqlstate.get(..class.told)) {
        Some(told) if !told.is_empty() => Verdict::Receipt(told.to_owned()),
        _ => Verdict::Halt,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_say_no_more_than_is_the_same_everywhere() {
        let told = [("KF001", "KF001"), ("22012", "22"), ("23505", "23"), ("54000", "54"), ("P0001", "P0")];
        for (sqlstate, status) in told {
            assert_eq!(verdict(sqlstate), Verdict::Receipt(status.to_owned()), "{sqlstate}");
        }
    }

    #[test]
    fn what_is_not_the_calls_own_halts() {
        for sqlstate in
            ["57014", "40001", "53100", "54001", "42883", "XX000", "0A000", "08006", "HV000", "", "é"]
        {
            assert_eq!(verdict(sqlstate), Verdict::Halt, "{sqlstate}");
        }
    }
}
