use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents};
use miette::{SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles};

use super::super::Label;
use super::excerpt::{Excerpt, Mark};
use super::{Ink, Style};
use crate::source::Source;

/// The lines around `labels` of one source with what the labels say, in a frame that names the place.
pub(super) fn draw(source: &Source, labels: &[(&Label, bool)], ink: Ink, style: Style) -> String {
    let excerpt = Excerpt::cut(source, labels, style);
    let report = Report(&excerpt);
    let handler = GraphicalReportHandler::new_themed(theme(&excerpt, ink, style))
        .with_width(style.width)
        .with_context_lines(super::excerpt::CONTEXT)
        .with_urls(false)
        .without_syntax_highlighting();
    let mut text = String::new();
    if handler.render_report(&mut text, &report).is_err() {
        return format!("   {}\n", excerpt.path);
    }
    // miette's first line is the message, which stands in our own header.
    text.lines().skip(1).map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Labels take their colours in the order they stand in the text: the primary one in the severity's.
fn theme(excerpt: &Excerpt, ink: Ink, style: Style) -> GraphicalTheme {
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    if !style.colour {
        return GraphicalTheme { characters, styles: ThemeStyles::none() };
    }
    let mut styles = ThemeStyles::ansi();
    let primary = match ink {
        Ink::Error => styles.error,
        Ink::Warning => styles.warning,
        _ => styles.advice,
    };
    let other = styles.help;
    styles.highlights = excerpt.marks.iter().map(|mark| if mark.primary { primary } else { other }).collect();
    GraphicalTheme { characters, styles }
}

/// What miette draws: no message, no code, only labels.
#[derive(Debug)]
struct Report<'e>(&'e Excerpt);

impl std::fmt::Display for Report<'_> {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labeled = |mark: &Mark| {
            let text = (!mark.text.is_empty()).then(|| mark.text.clone());
            let span = (mark.start, mark.length);
            if mark.primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        };
        Some(Box::new(self.0.marks.iter().map(labeled)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.0)
    }
}

/// miette's own reader scans the text from its first byte at every question and counts columns in bytes; this one
/// knows where its lines come from.
impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let lines = self.lines(span.offset(), span.len(), before, after).ok_or(MietteError::OutOfBounds)?;
        let data = self.text.get(lines.range.clone()).ok_or(MietteError::OutOfBounds)?;
        let column = if before == 0 { self.column(span.offset()) } else { 0 };
        let range = (lines.range.start, lines.range.len()).into();
        let first = (lines.first as usize).saturating_sub(1);
        let contents = MietteSpanContents::new_named(
            self.path.clone(),
            data.as_bytes(),
            range,
            first,
            column,
            lines.count,
        );
        Ok(Box::new(contents))
    }
}
