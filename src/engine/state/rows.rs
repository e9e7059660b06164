//! Rows in PostgreSQL's binary form of COPY, turned into the canonical form as they come.

use crate::engine::canon::Canon;

/// `PGCOPY\n\xff\r\n\0`, four bytes of flags, and the length of an extension, which is 0.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What a column's bytes are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Column {
    /// A value.
    Scalar,
    /// An array of values.
    Array,
}

/// Reads rows from pieces of any length. Keeps no more than the row that is not whole yet.
pub(super) struct Rows {
    columns: Vec<Column>,
    pending: Vec<u8>,
    begun: bool,
    ended: bool,
}

impl Rows {
    pub(super) fn of(columns: Vec<Column>) -> Rows {
        Rows { columns, pending: Vec::new(), begun: false, ended: false }
    }

    /// True once the server said that there are no more.
    pub(super) fn has_ended(&self) -> bool {
        self.ended && self.pending.is_empty()
    }

    /// Adds the rows that `bytes` completes; none if they are not rows of these columns.
    pub(super) fn add(&mut self, bytes: &[u8], canon: &mut Canon) -> Option<()> {
        self.pending.extend_from_slice(bytes);
        let mut rest = Bytes(&self.pending);
        if !self.begun {
            let Some(header) = rest.take(HEADER.len()) else { return Some(()) };
            (header == HEADER).then_some(())?;
            self.begun = true;
        }
        while !self.ended {
            let mut row = Bytes(rest.0);
            match row.number16() {
                None => break,
                Some(-1) => self.ended = true,
                Some(count) if usize::try_from(count) == Ok(self.columns.len()) => {
                    let Some(values) = row.values(self.columns.len()) else { break };
                    canon.tag(1);
                    for (column, value) in self.columns.iter().zip(values) {
                        write(*column, value, canon)?;
                    }
                }
                Some(_) => return None,
            }
            rest = row;
        }
        self.pending = rest.0.to_vec();
        Some(())
    }
}

fn write(column: Column, value: Option<&[u8]>, canon: &mut Canon) -> Option<()> {
    match (column, value) {
        (_, None) => canon.tag(0),
        (Column::Scalar, Some(bytes)) => canon.tag(1).bytes(bytes),
        (Column::Array, Some(bytes)) => return array(Bytes(bytes), canon),
    };
    Some(())
}

/// The number of elements, and each as a value. Bounds and the element's OID are left out.
fn array(mut bytes: Bytes<'_>, canon: &mut Canon) -> Option<()> {
    let (dimensions, _flags, _element) = (bytes.number32()?, bytes.number32()?, bytes.number32()?);
    let count = match dimensions {
        0 => 0,
        1 => {
            let count = bytes.number32()?;
            bytes.number32()?;
            usize::try_from(count).ok()?
        }
        _ => return None,
    };
    canon.tag(2).length(count);
    for value in bytes.values(count)? {
        write(Column::Scalar, value, canon)?;
    }
    bytes.0.is_empty().then_some(())
}

/// What is left to read.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number16(&mut self) -> Option<i16> {
        Some(i16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn number32(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// Values with their lengths in front, -1 for null; none if they are not whole yet.
    fn values(&mut self, count: usize) -> Option<Vec<Option<&'b [u8]>>> {
        (0..count)
            .map(|_| match self.number32()? {
                -1 => Some(None),
                length => self.take(usize::try_from(length).ok()?).map(Some),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Vec<u8> {
        let array = [
            &[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 25, 0, 0, 0, 2, 0, 0, 0, 1][..],
            &[0, 0, 0, 1, 7, 255, 255, 255, 255],
        ];
        let array = array.concat();
        let mut bytes = HEADER.to_vec();
        for first in [&[0, 0, 0, 2, 1, 2][..], &[255, 255, 255, 255]] {
            bytes.extend([0, 2]);
            bytes.extend(first);
            bytes.extend(u32::try_from(array.len()).unwrap().to_be_bytes());
            bytes.extend(&array);
        }
        bytes.extend([255, 255]);
        bytes
    }

    fn hashed(pieces: &mut dyn Iterator<Item = &[u8]>) -> Option<[u8; 32]> {
        let (mut rows, mut canon) = (Rows::of(vec![Column::Scalar, Column::Array]), Canon::new("test"));
        for piece in pieces {
            rows.add(piece, &mut canon)?;
        }
        rows.has_ended().then(|| canon.finish())
    }

    #[test]
    fn rows_hash_alike_however_they_are_cut() {
        let bytes = stream();
        let mut by_hand = Canon::new("test");
        by_hand.tag(1).tag(1).bytes(&[1, 2]).tag(2).length(2).tag(1).bytes(&[7]).tag(0);
        by_hand.tag(1).tag(0).tag(2).length(2).tag(1).bytes(&[7]).tag(0);
        let whole = by_hand.finish();
        for size in 1..=bytes.len() {
            assert_eq!(hashed(&mut bytes.chunks(size)), Some(whole), "{size}");
        }
        for length in 0..bytes.len() {
            assert_eq!(hashed(&mut std::iter::once(&bytes[..length])), None, "{length}");
        }
    }
}
