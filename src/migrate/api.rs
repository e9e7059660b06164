use std::collections::{BTreeMap, BTreeSet};

use super::action::Function;
use super::step::{Phase, Step, StepKind, Verdict};
use crate::interface::{Expose, Exposed, Interface, Signature};
use crate::lower::exposed_name;

/// What gateways see of a version of a dataset.
#[derive(Clone, Copy, Debug)]
pub struct Api<'a> {
    /// The actions.
    pub interface: &'a Interface,
    /// How they are exposed, if they are.
    pub expose: Option<&'a Expose>,
    /// The schema's statement, and one for each function by what gateways know it by.
    pub statements: &'a [Function<'a>],
}

/// What turns what gateways see of `old` into what they see of `new`.
pub fn api(old: Option<&Api<'_>>, new: &Api<'_>) -> Vec<Step> {
    let before: BTreeMap<String, Exposed<'_>> = old.map(functions).unwrap_or_default();
    let after = functions(new);
    let mut steps: Vec<Step> = before
        .keys()
        .filter(|shown| !after.contains_key(*shown))
        .map(|shown| {
            Step::new(StepKind::ApiDropped, Verdict::Breaking, 0, format!("API function `{shown}` dropped"))
        })
        .collect();
    steps.extend(schema(old, new));
    for (shown, exposed) in &after {
        let Some(made) = statement(new, exposed) else { continue };
        let step = |kind, verdict, how: &str| {
            let step = Step::new(kind, verdict, made.line, format!("API function `{shown}` {how}"));
            step.run(Phase::CreateApi, made.sql.to_owned())
        };
        match before.get(shown) {
            None => steps.push(step(StepKind::ApiAdded, Verdict::Safe, "added")),
            Some(was) => {
                let known = old.and_then(|old| statement(old, was));
                if known.is_none_or(|known| known.sql != made.sql) {
                    let changes = old.map(|old| changes(old, was, new, exposed)).unwrap_or_default();
                    let verdict = if changes.is_empty() { Verdict::Safe } else { Verdict::Breaking };
                    let step = step(StepKind::ApiChanged, verdict, "made anew");
                    steps.push(changes.into_iter().fold(step, Step::note));
                }
            }
        }
    }
    steps
}

/// By `api.get_posts`.
fn functions<'a>(api: &Api<'a>) -> BTreeMap<String, Exposed<'a>> {
    let Some(expose) = api.expose else { return BTreeMap::new() };
    let named = |it: Exposed<'a>| (format!("{}.{}", expose.schema, it.name), it);
    expose.functions(api.interface).into_iter().map(named).collect()
}

fn statement<'a>(api: &Api<'a>, exposed: &Exposed<'_>) -> Option<Function<'a>> {
    let name = exposed_name(&exposed.name);
    let named = |it: &&Function<'_>| it.name == name && it.object.ends_with(')');
    api.statements.iter().find(named).copied()
}

/// The schema, if its statement is another.
fn schema(old: Option<&Api<'_>>, new: &Api<'_>) -> Option<Step> {
    fn of<'a>(api: &Api<'a>) -> Option<Function<'a>> {
        api.statements.iter().find(|it| !it.object.ends_with(')')).copied()
    }
    let made = of(new)?;
    let known = old.and_then(of).is_some_and(|known| known.sql == made.sql);
    let what = format!("API schema `{}` opened to roles", made.name);
    let step = Step::new(StepKind::ApiSchemaChanged, Verdict::Safe, 0, what);
    (!known).then(|| step.run(Phase::CreateApi, made.sql.to_owned()))
}

/// What those who call through a gateway may trip over, in words.
fn changes(old: &Api<'_>, was: &Exposed<'_>, new: &Api<'_>, is: &Exposed<'_>) -> Vec<String> {
    let (Some(from), Some(to)) = (old.expose, new.expose) else { return Vec::new() };
    let now: BTreeSet<&String> = is.roles.iter().collect();
    let lost = was.roles.iter().filter(|role| !now.contains(role));
    let mut changes: Vec<String> = lost.map(|role| format!("`{role}` may not call it any more")).collect();
    let said = [
        (face(was.signature) != face(is.signature), "its arguments or its result are others"),
        (was.signature.modifiers.view && !is.signature.modifiers.view, "it is not called by GET any more"),
        (from.rows != to.rows || from.integers != to.integers, "its values look different"),
        (from.identity != to.identity || from.logins != to.logins, "who calls is read elsewhere"),
        (from.anonymous != to.anonymous, "calls without a claim are by somebody else"),
    ];
    changes.extend(said.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words.to_owned()));
    changes
}

/// What a gateway's documents show.
fn face(signature: &Signature) -> impl PartialEq + use<> {
    (signature.parameters.clone(), signature.returns.clone())
}
