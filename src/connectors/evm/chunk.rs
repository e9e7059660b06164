/// Answers that fit, one after the other, before more is asked for again.
const CALM: u32 = 8;

/// How many blocks are asked for at once: half as many when the server says that it is too much, and slowly more again.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    most: u64,
    now: u64,
    fitted: u32,
}

impl Chunk {
    /// Begins with as many as allowed.
    pub(super) fn new(most: u64) -> Chunk {
        Chunk { most, now: most, fitted: 0 }
    }

    /// Number of the last block of a chunk from `first`, of which `last` is the last there is.
    pub(super) fn end(&self, first: u64, last: u64) -> u64 {
        first.saturating_add(self.now - 1).min(last)
    }

    /// So many were too much.
    pub(super) fn halve(&mut self, blocks: u64) {
        self.now = (blocks / 2).max(1);
        self.fitted = 0;
    }

    /// An answer came.
    pub(super) fn fitted(&mut self) {
        self.fitted += 1;
        if self.fitted >= CALM {
            self.fitted = 0;
            self.now = self.now.saturating_mul(2).min(self.most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_shrink_at_once_and_grow_slowly() {
        let mut chunk = Chunk::new(1000);
        assert_eq!((chunk.end(0, 5000), chunk.end(4500, 5000), chunk.end(7, 7)), (999, 5000, 7));
        chunk.halve(1000);
        chunk.halve(500);
        assert_eq!(chunk.end(0, 5000), 249);
        (0..7).for_each(|_| chunk.fitted());
        assert_eq!(chunk.now, 250);
        (0..25).for_each(|_| chunk.fitted());
        assert_eq!(chunk.now, 1000);
        chunk.halve(1);
        assert_eq!(chunk.now, 1);
    }
}
