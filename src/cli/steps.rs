//! A plan for people.

use unicode_width::UnicodeWidthStr;

use crate::deploy::{Break, Change, Consent, DatasetPlan, Manner, Plan};
use crate::diagnostics::render::{Ink, Style, wrap};
use crate::diagnostics::visible;
use crate::migrate::{Place, Step, Verdict, When, WorkKind};

/// Columns a verdict takes, with its sign.
const VERDICT: usize = 12;
/// Columns for what a step says, however narrow the terminal is.
const LEAST: usize = 24;

/// Columns before what a step says.
const BEFORE: usize = 2 + VERDICT;

/// Every dataset with its steps, whoever would be left broken, and what to do next: say `command`, if it can be done.
pub(super) fn text(plan: &Plan, command: &str, style: Style) -> String {
    let sheet = Sheet::of(plan, style);
    let changed = plan.datasets.iter().filter(|dataset| dataset.change != Change::Unchanged);
    let mut text: String = changed.map(|dataset| self::dataset(dataset, &sheet)).collect();
    text.extend(plan.datasets.iter().flat_map(|dataset| {
        dataset.pending.iter().map(|left| format!("{}: {}\n", dataset.name, visible(left)))
    }));
    for it in &plan.breaks {
        text.push_str(&sheet.row(Verdict::Refused, &breaks(it), &shown(Some(&it.place))));
        text.push_str(&sheet.remark(&format!("{} [{}]", it.why, it.code)));
    }
    text + &end(plan, command, style)
}

/// `ens  version 3 to 4`
fn dataset(dataset: &DatasetPlan, sheet: &Sheet) -> String {
    let (base, version) = (dataset.base, dataset.version);
    let what = match (dataset.change, dataset.returns) {
        (Change::Create, _) => "new".to_owned(),
        (Change::Drop, _) => format!("version {base} goes, with all that were before it"),
        (_, Some(earlier)) => format!("version {base} to {version}, as version {earlier} was"),
        (Change::Record, _) => format!("version {base} to {version}, source only"),
        _ if dataset.dependent => format!("version {base} to {version}, compiled anew"),
        _ => format!("version {base} to {version}"),
    };
    let style = sheet.style;
    let mut text =
        format!("{}  {}\n", style.paint(Ink::Strong, dataset.name.as_str()), style.paint(Ink::Quiet, &what));
    for step in &dataset.steps {
        text.push_str(&sheet.row(step.settled(), &step.what, &shown(step.place.as_ref())));
        let rows = step.probes.iter().filter_map(|probe| probe.told());
        text.extend(rows.chain(step.notes.iter().cloned()).map(|note| sheet.remark(&note)));
        text.extend(step.help.as_ref().map(|help| sheet.help(help)));
        text.extend(online(dataset, step).iter().map(|note| sheet.remark(note)));
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

/// `` `social.get_posts` would break ``
fn breaks(it: &Break) -> String {
    match &it.action {
        Some(action) => format!("`{}.{action}` would break", it.dataset),
        None => format!("`{}` would break", it.dataset),
    }
}

/// `ens.kf:3`
fn shown(place: Option<&Place>) -> String {
    place.map_or(String::new(), |place| format!("{}:{}", place.path, place.line))
}

/// Where columns begin: a verdict, what is done, and where it says so.
struct Sheet {
    style: Style,
    what: usize,
}

impl Sheet {
    /// As wide as the longest needs, and no wider than the terminal.
    fn of(plan: &Plan, style: Style) -> Sheet {
        let steps = plan.datasets.iter().flat_map(|dataset| &dataset.steps);
        let steps = steps.map(|step| (step.what.clone(), shown(step.place.as_ref())));
        let rows: Vec<(String, String)> =
            steps.chain(plan.breaks.iter().map(|it| (breaks(it), shown(Some(&it.place))))).collect();
        let widest = |width: &dyn Fn(&(String, String)) -> usize| rows.iter().map(width).max().unwrap_or(0);
        let place = widest(&|(_, place)| place.width());
        let room = style.width.saturating_sub(BEFORE + place + 2).max(LEAST);
        Sheet { style, what: widest(&|(what, _)| visible(what).width()).min(room) }
    }

    /// `  ✓ safe      column `names.level` added  ens.kf:3`; the place stands in the first line of several.
    fn row(&self, verdict: Verdict, what: &str, place: &str) -> String {
        let mut lines = wrap(&visible(what), BEFORE + self.what, BEFORE, BEFORE);
        if let Some(first) = lines.first_mut().filter(|_| !place.is_empty()) {
            let gap = self.what.saturating_sub(first.width()) + 2;
            first.push_str(&format!("{:gap$}{}", "", self.style.paint(Ink::Quiet, &visible(place))));
        }
        format!("  {}{}\n", sign(verdict, self.style), lines.join(&format!("\n{:BEFORE$}", "")))
    }

    /// A fact below a row.
    fn remark(&self, text: &str) -> String {
        self.below("", text)
    }

    fn help(&self, text: &str) -> String {
        self.below("help: ", text)
    }

    fn below(&self, word: &str, text: &str) -> String {
        let before = BEFORE + word.width();
        let lines = wrap(&visible(text), self.style.width, before, before).join(&format!("\n{:before$}", ""));
        let word = match word.trim_end() {
            "" => String::new(),
            word => self.style.paint(Ink::Advice, word) + " ",
        };
        format!("{:BEFORE$}{word}{lines}\n", "")
    }
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
