//! A compiler walks trees, and a node may call it from a thread with 512 KiB of stack.

/// Enough for a chain of a thousand operators in an unoptimised build, with a wide margin.
const ROOM: usize = 64 * 1024 * 1024;

/// Runs `work` on a stack segment of its own, so that no accepted input can overflow the caller's.
pub fn roomy<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(ROOM / 2, ROOM, work)
}

/// A tree that may be deep: it is dropped with the same room it was built with.
#[derive(Clone, Debug)]
pub struct Deep<T>(Option<Box<T>>);

impl<T> Deep<T> {
    /// Wraps `tree`.
    pub fn new(tree: T) -> Deep<T> {
        Deep(Some(Box::new(tree)))
    }

    /// The tree. `None` only while it is being dropped.
    pub fn get(&self) -> Option<&T> {
        self.0.as_deref()
    }

    /// The tree itself, to be taken apart in a room. `None` only while it is being dropped.
    pub fn take(mut self) -> Option<T> {
        self.0.take().map(|tree| *tree)
    }
}

impl<T: Default> Default for Deep<T> {
    fn default() -> Deep<T> {
        Deep::new(T::default())
    }
}

impl<T> Drop for Deep<T> {
    fn drop(&mut self) {
        let tree = self.0.take();
        roomy(move || drop(tree));
    }
}
