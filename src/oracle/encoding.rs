use sha2::{Digest, Sha256};

/// Bytes are not the canonical form of what they should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not canonical: {0}")]
pub struct Malformed(pub &'static str);

/// Writes the canonical form: a domain first, everything with its length before it, all numbers big-endian.
pub struct Writer(Vec<u8>);

impl Writer {
    /// Begins with what is written, `kf.event.v1`, so that no two kinds of thing have the same bytes.
    pub fn new(domain: &str) -> Writer {
        let mut writer = Writer(Vec::new());
        writer.text(domain);
        writer
    }

    /// How many follow. All counts are limited far below 2^32 before anything is written.
    pub fn count(&mut self, count: usize) {
        self.0.extend(u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.extend(bytes);
    }

    /// UTF-8 behind its length in bytes.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// One byte that says which form follows.
    pub fn tag(&mut self, tag: u8) {
        self.0.push(tag);
    }

    /// Eight bytes, two's complement.
    pub fn number(&mut self, number: i64) {
        self.0.extend(number.to_be_bytes());
    }

    /// Bytes of a length that is known.
    pub fn fixed(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    /// `00`, or `01` and the value.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        match value {
            None => self.tag(0),
            Some(value) => {
                self.tag(1);
                write(self, value);
            }
        }
    }

    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Reads what [`Writer`] wrote, and nothing else. No input makes it panic or allocate more than the input's size.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Begins behind the domain.
    pub fn new(bytes: &'a [u8], domain: &str) -> Result<Reader<'a>, Malformed> {
        let mut reader = Reader(bytes);
        match reader.text()? == domain {
            true => Ok(reader),
            false => Err(Malformed("it is something else")),
        }
    }

    /// Bytes of a length that is known.
    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(Malformed("it ends too early"))?;
        self.0 = rest;
        Ok(*head)
    }

    /// One byte.
    pub fn tag(&mut self) -> Result<u8, Malformed> {
        self.fixed::<1>().map(|[byte]| byte)
    }

    /// Eight bytes, two's complement.
    pub fn number(&mut self) -> Result<i64, Malformed> {
        self.fixed().map(i64::from_be_bytes)
    }

    /// How many follow, at most `most`.
    pub fn count(&mut self, most: usize) -> Result<usize, Malformed> {
        let count = u32::from_be_bytes(self.fixed()?) as usize;
        if count <= most { Ok(count) } else { Err(Malformed("there are too many of something")) }
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.count(self.0.len())?;
        let (head, rest) = self.0.split_at_checked(length).ok_or(Malformed("it ends too early"))?;
        self.0 = rest;
        Ok(head)
    }

    /// UTF-8 behind its length.
    pub fn text(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed("a text is not UTF-8"))
    }

    /// `00`, or `01` and the value.
    pub fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        match self.tag()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(Malformed("an unknown tag")),
        }
    }

    /// As many as were counted.
    pub fn many<T>(
        &mut self,
        most: usize,
        mut read: impl FnMut(&mut Reader<'a>) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let count = self.count(most)?;
        (0..count).map(|_| read(self)).collect()
    }

    /// Nothing may be left.
    pub fn end(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed("something follows")) }
    }
}

/// SHA-256.
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
