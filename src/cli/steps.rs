//! A plan for people.

use crate::deploy::{Change, Consent, DatasetPlan, Manner, Plan};
use crate::diagnostics::render::{Ink, Style};
use crate::diagnostics::visible;
use crate::migrate::{Step, Verdict, When, WorkKind};

/// Columns a verdict takes, with its sign.
const VERDICT: usize = 12;

/// Every dataset with its steps, whoever would be left broken, and what to do next: say `command`, if it can be done.
pub(super) fn text(plan: &Plan, command: &str, style: Style) -> String {
    let changed = plan.datasets.iter().filter(|dataset| dataset.change != Change::Unchanged);
    let mut text: String = changed.map(|dataset| self::dataset(dataset, style)).collect();
    text.extend(plan.datasets.iter().flat_map(|dataset| {
        dataset.pending.iter().map(|left| format!("{}: {}\n", dataset.name, visible(left)))
    }));
    for it in &plan.breaks {
        let name = it.dataset.to_string();
        let action = it.action.as_ref().map_or(name.clone(), |action| format!("{name}.{action}"));
        let place = style.paint(Ink::Quiet, &format!("{}:{}", it.place.path, it.place.line));
        let head = sign(Verdict::Refused, style);
        text.push_str(&format!("  {head}`{action}` would break  {place}\n"));
        text.push_str(&format!("  {:VERDICT$}{} [{}]\n", "", visible(&it.why), it.code));
    }
    text + &end(plan, command, style)
}

/// `ens  version 3 to 4`
fn dataset(dataset: &DatasetPlan, style: Style) -> String {
    let (base, version) = (dataset.base, dataset.version);
    let what = match (dataset.change, dataset.returns) {
        (Change::Create, _) => "new".to_owned(),
        (Change::Drop, _) => format!("version {base} goes, with all that were before it"),
        (_, Some(earlier)) => format!("version {base} to {version}, as version {earlier} was"),
        (Change::Record, _) => format!("version {base} to {version}, source only"),
        _ if dataset.dependent => format!("version {base} to {version}, compiled anew"),
        _ => format!("version {base} to {version}"),
    };
    let mut text =
        format!("{}  {}\n", style.paint(Ink::Strong, dataset.name.as_str()), style.paint(Ink::Quiet, &what));
    let width = dataset.steps.iter().map(|step| step.what.chars().count()).max().unwrap_or(0).min(60);
    for step in &dataset.steps {
        text.push_str(&self::step(step, width, style));
        for note in online(dataset, step) {
            text.push_str(&format!("  {:VERDICT$}{note}\n", ""));
        }
    }
    text
}

/// What is done apart from the switch, because a table is large: `32 MiB: built after the switch, while others go on`.
fn online(dataset: &DatasetPlan, step: &Step) -> Vec<String> {
    let onlines = step.sql.iter().filter_map(|it| dataset.online(it, Manner::default()));
    let told = onlines.map(|online| {
        let size = dataset.sizes.get(&online.table).map_or(0, |size| size >> 20);
        let how = match online.work.kind {
            WorkKind::Index => "built",
            WorkKind::Constraint => "checked",
        };
        let when = match online.when {
            When::Before => "before",
            When::After => "after",
        };
        format!("`{}` has {size} MiB: {how} {when} the switch, while others go on", online.table)
    });
    told.collect()
}

fn step(step: &Step, width: usize, style: Style) -> String {
    let place = step.place.as_ref().map_or(String::new(), |place| format!("  {}:{}", place.path, place.line));
    let head = sign(step.settled(), style);
    let what = visible(&step.what);
    let mut text =
        format!("  {head}{what:width$}{}", style.paint(Ink::Quiet, &place)).trim_end().to_owned() + "\n";
    let rows = step.probes.iter().filter_map(|probe| probe.told());
    for note in rows.chain(step.notes.iter().cloned()) {
        text.push_str(&format!("  {:VERDICT$}{}\n", "", visible(&note)));
    }
    if let Some(help) = &step.help {
        text.push_str(&format!("  {:VERDICT$}{} {help}\n", "", style.paint(Ink::Advice, "help:")));
    }
    text
}

/// `✓ safe      `
fn sign(verdict: Verdict, style: Style) -> String {
    let (ink, unicode, ascii, word) = match verdict {
        Verdict::Safe => (Ink::Good, "✓", "+", "safe"),
        Verdict::Breaking => (Ink::Warning, "!", "!", "breaking"),
        Verdict::Destructive => (Ink::Error, "−", "-", "data lost"),
        Verdict::Refused => (Ink::Error, "×", "x", "refused"),
    };
    let sign = if style.unicode { unicode } else { ascii };
    let padded = format!("{:width$}", format!("{sign} {word}"), width = VERDICT);
    style.paint(ink, &padded)
}

fn end(plan: &Plan, command: &str, style: Style) -> String {
    if plan.verdict() == Verdict::Refused {
        return style.paint(Ink::Error, "this cannot be done") + "\n";
    }
    if plan.is_empty() && plan.datasets.iter().any(|dataset| !dataset.pending.is_empty()) {
        return "nothing else to do; `kf deploy` finishes this\n".to_owned();
    }
    if plan.is_empty() {
        return "nothing to do\n".to_owned();
    }
    // That callers find nothing any more is what a drop is asked for.
    let is_drop = plan.datasets.iter().any(|dataset| dataset.change == Change::Drop);
    match (Consent { breaking: is_drop, delete_data: false }).missing(plan).as_slice() {
        [] => format!("`{command}` does this\n"),
        words => format!("`{command} --yes={}` does this\n", words.join(",")),
    }
}
