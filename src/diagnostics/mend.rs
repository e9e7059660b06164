//! Fixes, applied to texts.

use super::{Diagnostic, Edit, Fix};
use crate::source::{SourceId, Sources};

/// A fix that was applied, by where it stands in what it came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Applied<'d> {
    /// What was mended.
    pub diagnostic: &'d Diagnostic,
    /// How.
    pub fix: &'d Fix,
}

/// The texts with the first fix of each diagnostic that `wanted` takes, each fix whole or not at all, under the same ids;
/// and which fixes these are, in the order of `diagnostics`. One that touches what an earlier one changes is left for
/// another round.
pub fn mend<'d>(
    sources: &Sources,
    diagnostics: &'d [Diagnostic],
    wanted: impl Fn(&Diagnostic, &Fix) -> bool,
) -> (Sources, Vec<Applied<'d>>) {
    let mut applied = Vec::new();
    let mut edits: Vec<&Edit> = Vec::new();
    for diagnostic in diagnostics {
        let Some(fix) = diagnostic.fixes.iter().find(|fix| wanted(diagnostic, fix)) else { continue };
        let free = |edit: &Edit| is_sound(edit, sources) && !edits.iter().any(|other| touches(edit, other));
        if fix.edits.iter().all(free) && !touch_each_other(&fix.edits) {
            edits.extend(&fix.edits);
            applied.push(Applied { diagnostic, fix });
        }
    }
    edits.sort_by_key(|edit| edit.span);
    let mut mended = Sources::new();
    for (id, source) in sources.iter() {
        mended.add(source.path.clone(), edited(&source.text, id, &edits));
    }
    (mended, applied)
}

/// True if the edit lies in a text, on borders of characters.
fn is_sound(edit: &Edit, sources: &Sources) -> bool {
    sources.get(edit.span.source).is_some_and(|source| source.text.get(edit.span.range()).is_some())
}

/// True if the two share a byte, or one begins where the other ends: what they would make of it together is in doubt.
fn touches(one: &Edit, other: &Edit) -> bool {
    let (one, other) = (one.span, other.span);
    one.source == other.source && one.start <= other.end && other.start <= one.end
}

fn touch_each_other(edits: &[Edit]) -> bool {
    edits
        .iter()
        .enumerate()
        .any(|(place, edit)| edits.iter().skip(place + 1).any(|other| touches(edit, other)))
}

/// `text` with those of the sorted `edits` that are in source `id`.
fn edited(text: &str, id: SourceId, edits: &[&Edit]) -> String {
    let mut made = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits.iter().filter(|edit| edit.span.source == id) {
        made.push_str(text.get(done..edit.span.start as usize).unwrap_or_default());
        made.push_str(&edit.text);
        done = edit.span.end as usize;
    }
    made.push_str(text.get(done..).unwrap_or_default());
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;
    use crate::source::Span;

    #[test]
    fn fixes_that_touch_wait_for_another_round() {
        let mut sources = Sources::new();
        let id = sources.add("a.kf", "\u{feff}ä b c\r\n");
        let at = |start, end| Span::new(id, start, end);
        let one = |safe, start, end, text: &str| {
            Diagnostic::new(Code::Syntax, at(start, end), "m").fix("t", safe, at(start, end), text)
        };
        let told = [one(true, 3, 5, "Ä"), one(true, 5, 5, ";"), one(false, 6, 7, "B"), one(true, 8, 9, "")];
        let (mended, applied) = mend(&sources, &told, |_, fix| fix.safe);
        assert_eq!(mended.get(id).unwrap().text, "\u{feff}Ä b \r\n");
        assert_eq!(applied.len(), 2);
        let (mended, _) = mend(&sources, &told, |_, _| true);
        assert_eq!(mended.get(id).unwrap().text, "\u{feff}Ä B \r\n");
        let cut = [one(true, 4, 5, "x"), one(true, 90, 91, "x")];
        assert_eq!(mend(&sources, &cut, |_, _| true).1, []);
    }
}
