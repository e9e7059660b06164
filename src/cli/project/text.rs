use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::diagnostics::{Code, Diagnostic};
use crate::language::limits::SOURCE_BYTES;
use crate::source::{SourceId, Span};

/// The bytes of a source; of one past the limit just enough to see that it is.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(SOURCE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The first byte of a text that is not UTF-8.
pub(super) struct NotUtf8 {
    offset: usize,
    byte: u8,
}

impl NotUtf8 {
    /// Says where, in the text that [`decode`] gave.
    pub fn diagnostic(&self, source: SourceId) -> Diagnostic {
        let replacement = Span::new(source, self.offset, self.offset + '\u{fffd}'.len_utf8());
        let message = format!("source is not UTF-8: byte 0x{:02x} at offset {}", self.byte, self.offset);
        Diagnostic::new(Code::NotUtf8, replacement, message)
            .label("this byte is not part of a character")
            .help("save the file as UTF-8")
    }
}

/// `bytes` as text, each bad sequence as U+FFFD, and the first bad byte: up to there, offsets are those of the file.
pub(super) fn decode(bytes: Vec<u8>) -> (String, Option<NotUtf8>) {
    let cut = bytes.len() > SOURCE_BYTES;
    let wrong = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(wrong) => wrong,
    };
    let fault = wrong.utf8_error();
    let offset = fault.valid_up_to();
    let byte = wrong.as_bytes().get(offset).copied().unwrap_or_default();
    let text = String::from_utf8_lossy(wrong.as_bytes()).into_owned();
    // Reading stops at the limit, perhaps inside a character.
    let whole = cut && fault.error_len().is_none();
    (text, (!whole).then_some(NotUtf8 { offset, byte }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_byte_is_found() {
        let (text, fault) = decode(b"ab\xffc\xfe".to_vec());
        assert_eq!(text, "ab\u{fffd}c\u{fffd}");
        assert!(fault.is_some_and(|fault| fault.offset == 2 && fault.byte == 0xff));
        assert!(decode("ä".into()).1.is_none());
    }

    #[test]
    fn a_character_cut_by_the_limit_is_not_a_fault() {
        let mut bytes = vec![b'a'; SOURCE_BYTES];
        bytes.push(0xc3);
        assert!(decode(bytes).1.is_none());
    }
}
