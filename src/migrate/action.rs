use std::collections::{BTreeMap, BTreeSet};

use super::step::{Phase, Step, StepKind, Verdict};
use crate::interface::{Interface, Parameter, Returns, RowColumn, Signature};
use crate::language::{Name, Visibility};

/// The function of an action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Function<'a> {
    /// The action.
    pub name: &'a str,
    /// The function with the types of its arguments.
    pub object: &'a str,
    /// What creates it.
    pub sql: &'a str,
    /// Where the action is declared; 0 if that is not known.
    pub line: u32,
}

/// What turns the actions of `old` into those of `new`, whose functions come in the order they are made.
pub fn actions(
    old: Option<(&Interface, &[Function<'_>])>,
    new: &Interface,
    functions: &[Function<'_>],
) -> Vec<Step> {
    let none = BTreeMap::new();
    let (before, made) = old.map_or((&none, &[][..]), |(interface, made)| (&interface.actions, made));
    let mut steps: Vec<Step> = before
        .iter()
        .filter(|(name, _)| !new.actions.contains_key(*name))
        .map(|(name, signature)| dropped(name, signature))
        .collect();
    for function in functions {
        let name = Name::new(function.name);
        let create = |step: Step| step.run(Phase::CreateFunctions, function.sql.to_owned());
        match (before.get(&name), new.actions.get(&name)) {
            (Some(from), Some(to)) => {
                steps.extend(signature(&name, from, to, function.line));
                let known = made.iter().find(|known| known.name == function.name);
                let same =
                    |known: &Function<'_>| known.sql == function.sql && known.object == function.object;
                // A view belongs to another role, so it is made anew when it ceases to be one.
                if !known.is_some_and(same) || from.modifiers.view != to.modifiers.view {
                    let what = format!("action `{name}` made anew");
                    steps.push(create(Step::new(
                        StepKind::ActionChanged,
                        Verdict::Safe,
                        function.line,
                        what,
                    )));
                }
            }
            _ => {
                let what = format!("action `{name}` added");
                steps.push(create(Step::new(StepKind::ActionAdded, Verdict::Safe, function.line, what)));
            }
        }
    }
    steps
}

fn dropped(name: &Name, signature: &Signature) -> Step {
    Step::new(StepKind::ActionDropped, for_callers(signature), 0, format!("action `{name}` dropped"))
}

/// What a change of its signature is to those who call an action.
fn for_callers(signature: &Signature) -> Verdict {
    match signature.modifiers.visibility {
        Visibility::Private => Verdict::Safe,
        _ => Verdict::Breaking,
    }
}

fn signature(name: &Name, from: &Signature, to: &Signature, line: u32) -> Vec<Step> {
    let step =
        |kind, verdict, what: String| Step::new(kind, verdict, line, format!("action `{name}`: {what}"));
    let mut steps = Vec::new();
    for (verdict, what) in modifiers(from, to) {
        steps.push(step(StepKind::ModifiersChanged, verdict, what));
    }
    let outside = for_callers(from);
    for (verdict, what) in parameters(&from.parameters, &to.parameters) {
        steps.push(step(StepKind::ParametersChanged, verdict.min(outside), what));
    }
    for (verdict, what) in result(&from.returns, &to.returns) {
        steps.push(step(StepKind::ResultChanged, verdict.min(outside), what));
    }
    steps
}

type Change = (Verdict, String);

fn modifiers(from: &Signature, to: &Signature) -> Vec<Change> {
    let (from, to) = (from.modifiers, to.modifiers);
    let mut changes = Vec::new();
    if from.visibility != to.visibility {
        let lost = callers(from.visibility).iter().any(|caller| !callers(to.visibility).contains(caller));
        let verdict = if lost { Verdict::Breaking } else { Verdict::Safe };
        changes.push((verdict, format!("`{}` to `{}`", from.visibility.word(), to.visibility.word())));
    }
    match (from.owner, to.owner) {
        (false, true) => changes.push((Verdict::Breaking, "only for the owner now".to_owned())),
        (true, false) => changes.push((Verdict::Safe, "no longer only for the owner".to_owned())),
        _ => {}
    }
    match (from.view, to.view) {
        (true, false) => changes.push((Verdict::Breaking, "no longer a view".to_owned())),
        (false, true) => changes.push((Verdict::Safe, "a view now".to_owned())),
        _ => {}
    }
    changes
}

/// Who may call: the three ways in.
fn callers(visibility: Visibility) -> &'static [&'static str] {
    match visibility {
        Visibility::Public => &["everybody", "schemas"],
        Visibility::Oracle => &["oracle"],
        Visibility::System => &["schemas"],
        Visibility::Private => &[],
    }
}

fn parameters(from: &[Parameter], to: &[Parameter]) -> Vec<Change> {
    let same = |one: &Parameter, other: &Parameter| one.name == other.name && one.ty == other.ty;
    let shown = |all: &[Parameter]| {
        let all = all.iter().map(|parameter| format!("${} {}", parameter.name, parameter.ty));
        all.collect::<Vec<_>>().join(", ")
    };
    if from.len() != to.len() || from.iter().zip(to).any(|(from, to)| !same(from, to)) {
        return vec![(Verdict::Breaking, format!("parameters `({})` to `({})`", shown(from), shown(to)))];
    }
    let pairs = from.iter().zip(to).filter(|(from, to)| from.default != to.default);
    let change = |(from, to): (&Parameter, &Parameter)| match (&from.default, &to.default) {
        (Some(_), None) => (Verdict::Breaking, format!("`${}` has no default any more", to.name)),
        (_, default) => {
            let default = default.as_deref().unwrap_or("null");
            (Verdict::Safe, format!("default of `${}` is `{default}`", to.name))
        }
    };
    pairs.map(change).collect()
}

fn result(from: &Returns, to: &Returns) -> Vec<Change> {
    let word = |returns: &Returns| match returns {
        Returns::Nothing => "nothing",
        Returns::Row(_) => "one row",
        Returns::Table(_) => "rows",
    };
    if word(from) != word(to) {
        return vec![(Verdict::Breaking, format!("returns {}, and returned {}", word(to), word(from)))];
    }
    let (from, to) = (from.columns(), to.columns());
    let names = |columns: &[RowColumn]| columns.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    let (before, after): (BTreeSet<Name>, BTreeSet<Name>) =
        (names(from).into_iter().collect(), names(to).into_iter().collect());
    let mut changes: Vec<Change> = Vec::new();
    for gone in before.difference(&after) {
        changes.push((Verdict::Breaking, format!("no longer returns `{gone}`")));
    }
    for new in after.difference(&before) {
        changes.push((Verdict::Breaking, format!("returns `{new}` too")));
    }
    if before == after && names(from) != names(to) {
        changes.push((Verdict::Breaking, "returns its columns in another order".to_owned()));
    }
    for new in to {
        let old = from.iter().find(|old| old.name == new.name);
        changes.extend(old.and_then(|old| value(old, new)));
    }
    changes
}

fn value(from: &RowColumn, to: &RowColumn) -> Option<Change> {
    let name = &to.name;
    if from.ty != to.ty {
        return Some((Verdict::Breaking, format!("type of `{name}`: `{}` to `{}`", from.ty, to.ty)));
    }
    match (from.nullable, to.nullable) {
        (false, true) => Some((Verdict::Breaking, format!("`{name}` may be null"))),
        (true, false) => Some((Verdict::Safe, format!("`{name}` is never null"))),
        _ => None,
    }
}
