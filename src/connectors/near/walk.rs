//! From block to block, without leaving one out.
//!
//! Not every height has a block, and a node that says that a height has none may be wrong: it may have forgotten the block,
//! or not have it yet. So the next block is the one whose parent is the last one, by its hash.

use super::client::{Near, Trouble, Which};
use super::wire::Header;

/// What the parent of the first block has as its own parent.
const NOTHING: &str = "11111111111111111111111111111111";

/// How far the chain was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// Nothing yet: the first block is the first at this height or above.
    Start(u64),
    /// Up to this block.
    After {
        /// Its height.
        height: u64,
        /// Its hash.
        hash: String,
    },
}

impl Anchor {
    /// The height at which the next block is at the earliest.
    pub fn next(&self) -> u64 {
        match self {
            Anchor::Start(height) => *height,
            Anchor::After { height, .. } => height + 1,
        }
    }
}

/// True for the first block of a chain.
pub fn is_first(block: &Header) -> bool {
    block.prev_hash == NOTHING
}

/// Finds the block behind `anchor`, up to `head`, which is final; none if the node has no later one.
///
/// # Errors
/// If the node does not answer, has forgotten blocks, or is on another chain.
pub async fn next(near: &Near, anchor: &Anchor, head: &Header) -> Result<Option<Header>, Trouble> {
    if let Anchor::After { height, hash } = anchor
        && *height == head.height
        && *hash != head.hash
    {
        return Err(other_chain(head, *height));
    }
    let mut height = anchor.next();
    while height < head.height {
        if let Some(found) = near.block(Which::At(height)).await? {
            return first(near, anchor, found).await.map(Some);
        }
        height += 1;
    }
    match height == head.height {
        true => first(near, anchor, head.clone()).await.map(Some),
        false => Ok(None),
    }
}

/// Goes back from a block to the one right behind `anchor`.
async fn first(near: &Near, anchor: &Anchor, mut block: Header) -> Result<Header, Trouble> {
    loop {
        match anchor {
            Anchor::After { hash, .. } if block.prev_hash == *hash => return Ok(block),
            Anchor::After { height, .. } if block.prev_height.is_some_and(|before| before <= *height) => {
                return Err(other_chain(&block, *height));
            }
            Anchor::Start(_) if is_first(&block) => return Ok(block),
            Anchor::Start(start) if block.prev_height.is_some_and(|before| before < *start) => {
                return Ok(block);
            }
            _ => {}
        }
        let parent = near.block(Which::Hash(&block.prev_hash)).await?;
        let Some(parent) = parent else {
            let why = format!("the node does not have the block before the one at {}", block.height);
            return Err(Trouble::new(why));
        };
        if parent.height >= block.height {
            return Err(Trouble::new(format!(
                "the block before the one at {} is not below it",
                block.height
            )));
        }
        if parent.height < anchor.next() {
            return match anchor {
                Anchor::Start(_) => Ok(block),
                Anchor::After { height, .. } => Err(other_chain(&block, *height)),
            };
        }
        block = parent;
    }
}

fn other_chain(block: &Header, height: u64) -> Trouble {
    let at = block.height;
    Trouble::new(format!(
        "the node is on another chain: its block at {at} does not come from the block that was read at {height}"
    ))
}
