use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::language::limits::SOURCE_BYTES;

/// The longest character.
const CHARACTER: usize = 4;

/// The bytes of the file at `path`; see [`read`].
pub(super) fn of(path: &Path) -> io::Result<Vec<u8>> {
    read(File::open(path)?)
}

/// The bytes of a source. Of one past the limit just enough to see that it is, without a character cut in two at the
/// end: the size is what is wrong with it.
pub(super) fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let most = SOURCE_BYTES + CHARACTER;
    let mut bytes = Vec::new();
    from.take(most as u64).read_to_end(&mut bytes)?;
    if let Err(wrong) = std::str::from_utf8(&bytes)
        && bytes.len() == most
        && wrong.error_len().is_none()
    {
        bytes.truncate(wrong.valid_up_to());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_source_is_read_to_just_past_the_limit() {
        let large = "é".repeat(SOURCE_BYTES);
        let shifted = format!("x{large}");
        assert_eq!(read(large.as_bytes()).unwrap().len(), SOURCE_BYTES + CHARACTER);
        let bytes = read(shifted.as_bytes()).unwrap();
        assert!(bytes.len() > SOURCE_BYTES && std::str::from_utf8(&bytes).is_ok());
        assert_eq!(read(&b"a\xc3"[..]).unwrap(), b"a\xc3");
    }
}
