/// In what a column is counted. All columns are 1-based; a tab counts one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// UTF-8 bytes of the line (Vim, Kakoune). A byte order mark counts nothing: editors take it off.
    Bytes,
    /// UTF-8 bytes of the line as it is in the file, byte order mark and all (reviewdog, slices of the text).
    RawBytes,
    /// Unicode scalar values (Emacs, JetBrains).
    Chars,
    /// UTF-16 code units (VS Code, the language server protocol).
    Utf16,
}

/// A position as editors name it; both numbers 1-based.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// Line number.
    pub line: u32,
    /// Column in the unit that was asked for.
    pub column: u32,
}

/// Byte offsets at which the lines of a text begin. Only LF and CRLF end a line, as in editors.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<u32>);

impl Lines {
    /// Scans `text` once.
    pub fn of(text: &str) -> Lines {
        let starts = text.bytes().zip(1u32..).filter(|(byte, _)| *byte == b'\n').map(|(_, next)| next);
        Lines(std::iter::once(0).chain(starts).collect())
    }

    /// Line and column of byte `offset` in `text`, which must be the text these lines were made of.
    /// An offset past the end gives the end; one inside a character gives that character.
    pub fn place(&self, text: &str, offset: usize, unit: Unit) -> Place {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.0.partition_point(|start| *start as usize <= offset).max(1);
        let start = self.0.get(line - 1).copied().unwrap_or(0) as usize;
        let before = text.get(start..offset).unwrap_or("");
        let before = if start == 0 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        let units = match unit {
            Unit::Bytes => before.len(),
            Unit::RawBytes => text.get(start..offset).unwrap_or("").len(),
            Unit::Chars => before.chars().count(),
            Unit::Utf16 => before.encode_utf16().count(),
        };
        let clamp = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place { line: clamp(line), column: clamp(units + 1) }
    }

    /// The text of the 1-based `line` without its line end.
    pub fn text<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let index = (line as usize).saturating_sub(1);
        let Some(start) = self.0.get(index) else { return "" };
        let end = self.0.get(index + 1).map_or(text.len(), |next| *next as usize);
        text.get(*start as usize..end).unwrap_or("").trim_end_matches('\n').trim_end_matches('\r')
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_in_the_unit_asked_for() {
        let text = "a\r\nä😀x\n";
        let lines = Lines::of(text);
        let x = text.find('x').unwrap();
        assert_eq!(lines.place(text, x, Unit::Bytes), Place { line: 2, column: 7 });
        assert_eq!(lines.place(text, x, Unit::Chars), Place { line: 2, column: 3 });
        assert_eq!(lines.place(text, x, Unit::Utf16), Place { line: 2, column: 4 });
        assert_eq!(lines.text(text, 1), "a");
        assert_eq!(lines.place(text, 999, Unit::Chars), Place { line: 3, column: 1 });
    }

    #[test]
    fn a_byte_order_mark_counts_only_where_the_file_itself_is_cut() {
        let text = "\u{feff}ab\n";
        let columns = [Unit::Bytes, Unit::RawBytes, Unit::Chars, Unit::Utf16]
            .map(|unit| Lines::of(text).place(text, text.find('b').unwrap(), unit).column);
        assert_eq!(columns, [2, 5, 2, 2]);
    }
}
