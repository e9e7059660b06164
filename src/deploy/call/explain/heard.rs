use std::collections::BTreeMap;

use serde_json::Value;

use crate::deploy::connect::Notice;

/// All runs of one statement at one place.
pub(super) struct Group {
    /// PostgreSQL's context of it; empty for the call itself.
    pub context: String,
    /// Its text.
    pub sql: String,
    /// How often it ran.
    pub times: u64,
    /// Milliseconds of all runs.
    pub took: f64,
    /// The plan of the longest run.
    pub plan: Value,
    longest: f64,
}

/// The plans among `notices`, in the order of their first runs' ends.
pub(super) fn groups(notices: &[Notice]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for notice in notices {
        let Some((took, sql, plan)) = read(notice) else { continue };
        let index = *known.entry((&notice.context, sql.clone())).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.add(took, plan),
            None => {
                let context = notice.context.clone();
                groups.push(Group { context, sql, times: 1, took, plan, longest: took });
            }
        }
    }
    groups
}

impl Group {
    fn add(&mut self, took: f64, plan: Value) {
        self.times += 1;
        self.took += took;
        if took > self.longest {
            (self.longest, self.plan) = (took, plan);
        }
    }
}

/// `duration: 0.093 ms  plan:` and JSON, in whatever language the server speaks: the first number and what stands behind.
fn read(notice: &Notice) -> Option<(f64, String, Value)> {
    if notice.code != "00000" {
        return None;
    }
    let (words, json) = notice.message.split_at(notice.message.find('{')?);
    let number: String = words
        .chars()
        .skip_while(|letter| !letter.is_ascii_digit())
        .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
        .collect();
    let told: Value = serde_json::from_str(json).ok()?;
    let sql = told.get("Query Text")?.as_str()?.to_owned();
    Some((number.parse().ok()?, sql, told.get("Plan")?.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_statement_are_one() {
        let said = |took: &str, code: &str, context: &str| Notice {
            severity: "HINWEIS".into(),
            code: code.into(),
            message: format!(
                "Dauer: {took} ms  Plan:\n{{\"Query Text\": \"x\", \"Plan\": {{\"at\": {took}}}}}"
            ),
            context: context.into(),
        };
        let all = [
            said("1.5", "00000", "a"),
            said("9.0", "KF000", "a"),
            said("2.5", "00000", "a"),
            said("1", "00000", ""),
        ];
        let groups = groups(&all);
        let told: Vec<(u64, f64, String)> =
            groups.iter().map(|group| (group.times, group.took, group.plan.to_string())).collect();
        assert_eq!(told, [(2, 4.0, "{\"at\":2.5}".to_owned()), (1, 1.0, "{\"at\":1}".to_owned())]);
    }
}
