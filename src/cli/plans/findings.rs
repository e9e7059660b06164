//! What a person wants to be told of a plan.

use serde_json::Value;

use super::tree::{number, word};

/// An estimate is wrong if it is off by this factor.
const WRONG: f64 = 10.0;
/// Rows that make a wrong estimate, or a scan of a whole table, matter.
const MANY: f64 = 100.0;
/// Rows of a table that are worth a word when all of them are wanted.
const WHOLE: f64 = 1000.0;

/// What stands out in `plan`, outermost node first.
pub(super) fn of(plan: &Value) -> Vec<String> {
    let mut findings: Vec<String> =
        [whole_table(plan), estimate(plan), disk(plan)].into_iter().flatten().collect();
    for child in plan.get("Plans").and_then(Value::as_array).into_iter().flatten() {
        findings.extend(of(child));
    }
    findings
}

/// A table that is read from its beginning to its end.
fn whole_table(node: &Value) -> Option<String> {
    let relation = word(node, "Relation Name").filter(|_| word(node, "Node Type") == Some("Seq Scan"))?;
    let Some(filter) = word(node, "Filter") else {
        let rows = number(node, "Actual Rows").or(number(node, "Plan Rows"))?;
        return (rows >= WHOLE).then(|| format!("all {rows} rows of `{relation}` are read"));
    };
    let Some(kept) = number(node, "Actual Rows") else {
        return Some(format!(
            "no index is used: every row of `{relation}` is read to keep those where {filter}"
        ));
    };
    let read = kept + number(node, "Rows Removed by Filter").unwrap_or(0.0);
    let loops = number(node, "Actual Loops").unwrap_or(1.0);
    let often = if loops > 1.0 { format!(", {loops} times") } else { String::new() };
    (read >= MANY && kept * 2.0 < read)
        .then(|| format!("no index is used: {read} rows of `{relation}` are read to keep {kept}{often}"))
}

/// Off by a factor of ten, and by enough rows to matter.
fn estimate(node: &Value) -> Option<String> {
    let (expected, found) = (number(node, "Plan Rows")?, number(node, "Actual Rows")?);
    let (small, large) = (expected.min(found).max(1.0), expected.max(found));
    let relation = word(node, "Relation Name")?;
    (large >= MANY && large / small >= WRONG && number(node, "Actual Loops") != Some(0.0)).then(|| {
        format!("{expected} rows of `{relation}` were expected and {found} found: `ANALYZE` may bring better plans")
    })
}

fn disk(node: &Value) -> Option<String> {
    let space = number(node, "Sort Space Used")?;
    (word(node, "Sort Space Type") == Some("Disk"))
        .then(|| format!("sorting took {space} kB on disk: it did not fit into memory"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of;

    #[test]
    fn what_costs_is_named() {
        let scan = json!({"Node Type": "Seq Scan", "Relation Name": "t", "Filter": "(a = 1)", "Plan Rows": 9,
            "Actual Rows": 2, "Actual Loops": 1, "Rows Removed by Filter": 998});
        assert_eq!(of(&scan), ["no index is used: 1000 rows of `t` are read to keep 2"]);
        let small = json!({"Node Type": "Seq Scan", "Relation Name": "t", "Filter": "(a = 1)", "Plan Rows": 1,
            "Actual Rows": 2, "Actual Loops": 1, "Rows Removed by Filter": 8});
        assert!(of(&small).is_empty());
        let expected = json!({"Node Type": "Sort", "Plans": [{"Node Type": "Seq Scan", "Relation Name": "t", "Filter": "f"}]});
        assert_eq!(of(&expected), ["no index is used: every row of `t` is read to keep those where f"]);
        let wrong = json!({"Node Type": "Index Scan", "Relation Name": "t", "Plan Rows": 1, "Actual Rows": 500,
            "Actual Loops": 1});
        assert!(of(&wrong)[0].starts_with("1 rows of `t` were expected and 500 found"));
        let disk = json!({"Node Type": "Sort", "Sort Space Type": "Disk", "Sort Space Used": 4096});
        assert_eq!(of(&disk), ["sorting took 4096 kB on disk: it did not fit into memory"]);
    }
}
