//! From texts to trees, each text by itself: those that were read before are taken over, and many are read side by side.

use std::thread::{Builder, scope};

use crate::diagnostics::{Diagnostic, Sink};
use crate::source::{Source, SourceId, Sources};
use crate::syntax;
use crate::syntax::ast::Ast;

/// How many texts are read at once at most.
const READERS: usize = 4;
/// As many texts are worth a reader of their own.
const WORTH_A_READER: usize = 8;

/// A text, and what was said while it was read.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub text: String,
    pub said: Vec<Diagnostic>,
    /// True if it is the one that was there at the check before.
    pub is_same: bool,
}

/// The trees of `sources`: of those that are in `before` at the same place, what is there.
pub(super) fn read(
    sources: &Sources,
    mut before: impl Iterator<Item = (Text, Ast)>,
) -> (Vec<Text>, Vec<Ast>) {
    let mut kept = |source: &Source| before.next().filter(|(text, _)| text.text == source.text);
    let kept: Vec<Option<(Text, Ast)>> = sources.iter().map(|(_, source)| kept(source)).collect();
    let others: Vec<SourceId> =
        sources.iter().zip(&kept).filter(|(_, kept)| kept.is_none()).map(|((id, _), _)| id).collect();
    let mut others = parse(sources, &others).into_iter();
    let whole = |kept: Option<(Text, Ast)>| match kept {
        Some((text, ast)) => Some((Text { is_same: true, ..text }, ast)),
        None => others.next(),
    };
    kept.into_iter().filter_map(whole).unzip()
}

/// Reads `ids`, in that order. How many threads there are decides nothing but when each is read.
fn parse(sources: &Sources, ids: &[SourceId]) -> Vec<(Text, Ast)> {
    let one_after_another =
        |ids: &[SourceId]| ids.iter().map(|id| parse_one(sources, *id)).collect::<Vec<_>>();
    let readers = (ids.len() / WORTH_A_READER).clamp(1, READERS);
    let mut shares = ids.chunks(ids.len().div_ceil(readers).max(1));
    let own = shares.next().unwrap_or_default();
    scope(|scope| {
        let start = |share| (share, Builder::new().spawn_scoped(scope, move || one_after_another(share)));
        let started: Vec<_> = shares.map(start).collect();
        let mut read = one_after_another(own);
        for (share, reader) in started {
            let its = reader.ok().and_then(|reader| reader.join().ok());
            // no thread was to be had
            read.extend(its.unwrap_or_else(|| one_after_another(share)));
        }
        read
    })
}

fn parse_one(sources: &Sources, id: SourceId) -> (Text, Ast) {
    let mut said = Sink::new();
    let ast = syntax::parse(sources, id, &mut said);
    let text = sources.get(id).map(|source| source.text.clone()).unwrap_or_default();
    (Text { text, said: said.into_reported(), is_same: false }, ast)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_texts_are_read_as_one_after_another() {
        let mut sources = Sources::new();
        for number in 0..50 {
            let fault = if number % 7 == 0 { "int" } else { "" };
            sources.add(
                format!("{number}.kf"),
                format!("database s{number}; table t {{ id int primary {fault} }}"),
            );
        }
        let ids: Vec<SourceId> = sources.iter().map(|(id, _)| id).collect();
        let alone: Vec<_> = ids.iter().map(|id| parse_one(&sources, *id)).collect();
        let (texts, asts) = read(&sources, std::iter::empty());
        assert!(
            texts
                .iter()
                .zip(&alone)
                .all(|(text, (other, _))| (&text.text, &text.said) == (&other.text, &other.said))
        );
        assert!(asts.iter().eq(alone.iter().map(|(_, ast)| ast)));
        assert!(texts.iter().any(|text| !text.said.is_empty()) && asts.len() == ids.len());
    }
}
