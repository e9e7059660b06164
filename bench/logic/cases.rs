//! What is compared: what is asked for, and the ways to do it, each a statement with one value of which `$1` says how
//! often.

/// The context of every call.
const CONTEXT: &str = "ROW('0xa'::text, NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx";

/// The shape others are measured against: written by hand.
pub const BASE: usize = 0;
/// The compiler's.
pub const GENERATED: usize = 1;

/// What is wanted of the generated shape.
#[derive(Clone, Copy)]
pub enum Goal {
    /// It takes at most this many times as long as the first.
    AtMost(f64),
    /// The last takes at least this many times as long as it.
    Beats(f64),
    /// It takes at most this many times as long as the last, which means the same where the first does not.
    AtMostOfLast(f64),
}

/// Ways to do one thing.
pub struct Case {
    /// What stands in the table.
    pub name: &'static str,
    /// What is wanted.
    pub goal: Goal,
    /// `$1`
    pub count: i64,
    /// Name and SQL of each.
    pub shapes: Vec<(&'static str, String)>,
}

/// How a function is called so often.
#[derive(Clone, Copy)]
enum How {
    /// It repeats by itself as often as it is told.
    Once,
    /// For each number.
    Each,
    /// With an array of so many numbers.
    Array,
    /// For each number, with the name of a player and nothing.
    Player,
    /// Once, without a filter.
    Bare,
}

impl How {
    fn sql(self, function: &str) -> String {
        let each = |arguments: &str| {
            format!(
                "SELECT sum({function}({CONTEXT}, {arguments}))::text FROM generate_series(1, $1::int8) AS i"
            )
        };
        match self {
            How::Once => format!("SELECT {function}({CONTEXT}, $1::int8)::text"),
            How::Each => each("i"),
            How::Array => {
                format!(
                    "SELECT {function}({CONTEXT}, array_agg(i))::text FROM generate_series(1, $1::int8) AS i"
                )
            }
            How::Player => each("'player ' || i, NULL"),
            How::Bare => format!("SELECT {function}({CONTEXT}, NULL, 500)::text || $1::int8"),
        }
    }
}

impl Case {
    fn of(name: &'static str, action: &str, by_hand: &str, how: How, count: i64) -> Case {
        let shapes = vec![
            ("by hand, same security", how.sql(&format!("bench.{by_hand}"))),
            ("GENERATED", how.sql(&format!(r#"ds_logic."{action}@logic""#))),
            ("by hand again (noise)", how.sql(&format!("bench.{by_hand}_again"))),
        ];
        Case { name, goal: Goal::AtMost(1.1), count, shapes }
    }

    /// Beside a counter that does not fail where an `int4` ends.
    fn beside_wide(self, by_hand: &str) -> Case {
        let sql = How::Once.sql(&format!("bench.{by_hand}_wide"));
        self.with("by hand with an int8 counter", sql).goal(Goal::AtMostOfLast(1.1))
    }

    fn goal(self, goal: Goal) -> Case {
        Case { goal, ..self }
    }

    fn with(mut self, name: &'static str, sql: String) -> Case {
        self.shapes.push((name, sql));
        self
    }
}

/// All of them.
pub fn all() -> Vec<Case> {
    [loops(), texts_and_arrays(), lookups(), calls(), rows(), filters()].into_iter().flatten().collect()
}

fn loops() -> Vec<Case> {
    use How::Once;
    vec![
        Case::of("loop: count", "count_to", "count_to", Once, 10_000).beside_wide("count_to"),
        Case::of("loop: sum of squares", "sum_to", "sum_to", Once, 10_000).beside_wide("sum_to"),
        Case::of("loop: in a loop", "nested", "nested", Once, 100),
        Case::of("loop: branches", "branches", "branches", Once, 10_000).beside_wide("branches"),
        Case::of("loop: rows of a query", "sum_rows", "sum_rows", Once, 10_000),
        Case::of("loop: decimals", "interest", "interest", Once, 5_000),
    ]
}

fn texts_and_arrays() -> Vec<Case> {
    use How::{Array, Once};
    vec![
        Case::of("text: joined", "joined", "joined", Once, 3_000),
        Case::of("text: functions", "shaped", "shaped", Once, 3_000),
        Case::of("array: append", "collected", "collected", Once, 5_000),
        Case::of("array: fill and walk", "summed", "summed", Once, 5_000),
        Case::of("array: read by index", "indexed", "indexed", Array, 10_000),
    ]
}

fn lookups() -> Vec<Case> {
    vec![
        Case::of("lookup: first row or error", "points_of", "points_of", How::Each, 500),
        Case::of("lookup: one value", "points_summed", "points_summed", How::Once, 1_000),
    ]
}

fn calls() -> Vec<Case> {
    use How::Once;
    let late = |function: &str| format!("SELECT late.{function}($1::int8)::text");
    let found = "found and checked at run time";
    vec![
        Case::of("call: own schema", "calls_own", "calls", Once, 500),
        Case::of("call: other schema", "calls_other", "calls", Once, 500),
        Case::of("call: other schema, assertion", "asserts", "asserts", Once, 500),
        Case::of("call: other schema, lookup", "asks", "asks", Once, 500),
        Case::of("run-time check: call of nothing", "calls_other", "calls", Once, 300)
            .with(found, late("calls"))
            .goal(Goal::Beats(3.0)),
        Case::of("run-time check: call of a lookup", "asks", "asks", Once, 300)
            .with(found, late("asks"))
            .goal(Goal::Beats(3.0)),
    ]
}

fn rows() -> Vec<Case> {
    use How::{Each, Once};
    let goal = Goal::AtMost(1.2);
    vec![
        Case::of("imported view: received", "receives", "receives", Once, 1_000).goal(goal),
        Case::of("imported view: first row of SELECT", "first_of_one", "first_of_one", Each, 500).goal(goal),
        Case::of("imported view: first row of call", "first_of_called", "first_of_one", Each, 500).goal(goal),
        Case::of("imported view: first of several", "youngest", "youngest", Each, 500).goal(goal),
    ]
}

fn filters() -> Vec<Case> {
    vec![
        Case::of("optional filters: one given, with an index", "matching", "matching", How::Player, 100),
        Case::of("optional filters: one given, without", "matching", "matching", How::Bare, 1),
    ]
}
