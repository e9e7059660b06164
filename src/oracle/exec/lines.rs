use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// Bytes of a line. A message of ten thousand small events fits.
pub const LINE_BYTES: usize = 8 * 1024 * 1024;

/// Reads a line without its end; none at the end of the stream. A line that is too long is an error.
pub async fn next(from: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    loop {
        let found = from.fill_buf().await?;
        if found.is_empty() {
            return Ok((!line.is_empty()).then_some(line));
        }
        let end = found.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(found.len());
        line.extend(found.iter().take(taken));
        from.consume(end.map_or(taken, |end| end + 1));
        if line.len() > LINE_BYTES {
            return Err(std::io::Error::other("a line has more than 8 MiB"));
        }
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_end_at_their_ends() {
        let mut from: &[u8] = b"a\n\nlast";
        let mut all = Vec::new();
        while let Some(line) = next(&mut from).await.unwrap() {
            all.push(String::from_utf8(line).unwrap());
        }
        assert_eq!(all, ["a", "", "last"]);
        let long = vec![b'a'; LINE_BYTES + 1];
        assert!(next(&mut &long[..]).await.is_err());
    }
}
