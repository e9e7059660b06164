use super::{Code, Diagnostic};
use crate::source::{SourceId, Sources, Span};

/// Adds the bytes of a file as a text, each bad sequence as U+FFFD, and reports the first bad byte: up to there,
/// offsets are those of the file.
pub fn add_bytes(
    sources: &mut Sources,
    path: impl Into<String>,
    bytes: Vec<u8>,
) -> (SourceId, Option<Diagnostic>) {
    let wrong = match String::from_utf8(bytes) {
        Ok(text) => return (sources.add(path, text), None),
        Err(wrong) => wrong,
    };
    let offset = wrong.utf8_error().valid_up_to();
    let byte = wrong.as_bytes().get(offset).copied().unwrap_or_default();
    let source = sources.add(path, String::from_utf8_lossy(wrong.as_bytes()));
    (source, Some(not_utf8(source, offset, byte)))
}

fn not_utf8(source: SourceId, offset: usize, byte: u8) -> Diagnostic {
    let replacement = Span::new(source, offset, offset + '\u{fffd}'.len_utf8());
    let message = format!("source is not UTF-8: byte 0x{byte:02x} at offset {offset}");
    Diagnostic::new(Code::NotUtf8, replacement, message)
        .label("this byte is not part of a character")
        .help("save the file as UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_byte_is_reported() {
        let mut sources = Sources::new();
        let (id, fault) = add_bytes(&mut sources, "a.kf", b"ab\xffc\xfe".to_vec());
        assert_eq!(sources.get(id).unwrap().text, "ab\u{fffd}c\u{fffd}");
        let fault = fault.unwrap();
        assert_eq!(fault.at.span, Span::new(id, 2, 5));
        assert_eq!(fault.message, "source is not UTF-8: byte 0xff at offset 2");
        assert!(add_bytes(&mut sources, "b.kf", "ä".into()).1.is_none());
    }
}
