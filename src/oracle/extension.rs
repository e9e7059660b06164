use super::encoding::{Malformed, Reader, Writer};
use super::{EventId, limits};

const DOMAIN: &str = "kf.extension.v1";

/// How much an extension takes. The largest is what every node accepts; a node may bring less.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Caps {
    /// Bodies.
    pub bodies: usize,
    /// Ids.
    pub ids: usize,
    /// Bytes of the whole encoding.
    pub bytes: usize,
}

impl Caps {
    /// What every node accepts.
    pub const NETWORK: Caps =
        Caps { bodies: limits::EXTENSION_BODIES, ids: limits::EXTENSION_IDS, bytes: limits::EXTENSION_BYTES };

    /// For a validator that is alone: nothing crosses a network, so a block takes more.
    pub const SOLO: Caps = Caps { bodies: 1000, ids: 0, bytes: 16 * 1024 * 1024 };
}

/// What a validator adds to its vote for a block: things it has seen, whole where the chain has not got them, by their
/// hash where it has. What the things are is not known here.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Extension {
    bodies: Vec<Vec<u8>>,
    ids: Vec<EventId>,
}

impl Extension {
    /// Takes as much as fits, in the order given. What is both a body and an id is a body.
    pub fn fill(
        bodies: impl IntoIterator<Item = Vec<u8>>,
        ids: impl IntoIterator<Item = EventId>,
        caps: Caps,
    ) -> Extension {
        let mut left = caps.bytes.saturating_sub(OVERHEAD);
        let mut take = |bytes: usize| {
            let fits = bytes <= left;
            left -= if fits { bytes } else { 0 };
            fits
        };
        let mut named: Vec<(EventId, Vec<u8>)> = Vec::new();
        for body in bodies {
            let id = EventId::of(&body);
            if named.len() == caps.bodies {
                break;
            }
            if !named.iter().any(|(other, _)| *other == id) && take(4 + body.len()) {
                named.push((id, body));
            }
        }
        let mut chosen: Vec<EventId> = Vec::new();
        for id in ids {
            if chosen.len() == caps.ids {
                break;
            }
            let is_new = !chosen.contains(&id) && !named.iter().any(|(other, _)| *other == id);
            if is_new && take(32) {
                chosen.push(id);
            }
        }
        named.sort();
        chosen.sort();
        Extension { bodies: named.into_iter().map(|(_, body)| body).collect(), ids: chosen }
    }

    /// The bytes. Nothing to say is no bytes at all.
    pub fn encode(&self) -> Vec<u8> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut writer = Writer::new(DOMAIN);
        writer.count(self.bodies.len());
        self.bodies.iter().for_each(|body| writer.bytes(body));
        writer.count(self.ids.len());
        self.ids.iter().for_each(|id| writer.fixed(&id.0));
        writer.finish()
    }

    /// Reads what a validator sent. Only structure and size are judged: refusing an extension refuses the vote it came
    /// with, and what a validator may say must not stop the network.
    ///
    /// # Errors
    /// If it is not what [`Extension::encode`] gives, or larger than [`Caps::NETWORK`].
    pub fn decode(bytes: &[u8]) -> Result<Extension, Malformed> {
        if bytes.is_empty() {
            return Ok(Extension::default());
        }
        if bytes.len() > limits::EXTENSION_BYTES {
            return Err(Malformed("an extension has too many bytes"));
        }
        let mut reader = Reader::new(bytes, DOMAIN)?;
        let bodies = reader.many(limits::EXTENSION_BODIES, |reader| reader.bytes().map(<[u8]>::to_vec))?;
        let ids = reader.many(limits::EXTENSION_IDS, |reader| reader.fixed().map(EventId))?;
        reader.end()?;
        let hashes: Vec<EventId> = bodies.iter().map(|body| EventId::of(body)).collect();
        let extension = Extension { bodies, ids };
        let ascends = |ids: &[EventId]| ids.is_sorted_by(|a, b| a < b);
        if extension.is_empty() || !ascends(&hashes) || !ascends(&extension.ids) {
            return Err(Malformed("an extension is not in order"));
        }
        if extension.ids.iter().any(|id| hashes.binary_search(id).is_ok()) {
            return Err(Malformed("an extension says something twice"));
        }
        Ok(extension)
    }

    /// Things the chain may not have, in the order of their hashes.
    pub fn bodies(&self) -> &[Vec<u8>] {
        &self.bodies
    }

    /// Things the chain has, in order.
    pub fn ids(&self) -> &[EventId] {
        &self.ids
    }

    /// True if it says nothing.
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty() && self.ids.is_empty()
    }
}

/// Domain and counts.
const OVERHEAD: usize = 4 + DOMAIN.len() + 4 + 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_what_fits_and_no_more() {
        let bodies = || (0..60_u8).map(|number| vec![number; 10]);
        let ids = || (0..200_u8).map(|number| EventId([number; 32]));
        let full = Extension::fill(bodies(), ids(), Caps::NETWORK);
        assert_eq!((full.bodies().len(), full.ids().len()), (50, 100));
        assert_eq!(Extension::decode(&full.encode()), Ok(full));
        let caps = Caps { bodies: 2, bytes: OVERHEAD + 14 * 2 + 32, ..Caps::NETWORK };
        let small = Extension::fill(bodies(), ids(), caps);
        assert_eq!((small.bodies().len(), small.ids().len()), (2, 1));
        assert_eq!(small.encode().len(), caps.bytes);
        // The first come first, and one that is too large is passed over.
        let uneven = Extension::fill([vec![1; 100], vec![2; 5]], [], Caps { bytes: OVERHEAD + 50, ..caps });
        assert_eq!(uneven.bodies(), [vec![2; 5]]);
    }

    #[test]
    fn two_of_the_largest_events_fit() {
        let largest = |byte: u8| vec![byte; limits::EVENT_BYTES];
        let two = Extension::fill([largest(1), largest(2), largest(3)], [], Caps::NETWORK);
        assert_eq!(two.bodies().len(), 2);
        assert!(Extension::decode(&two.encode()).is_ok());
    }

    #[test]
    fn saying_nothing_or_something_twice_has_one_form() {
        assert_eq!(Extension::default().encode(), Vec::<u8>::new());
        let body = vec![1, 2, 3];
        let twice = [EventId::of(&body), EventId([1; 32]), EventId([1; 32])];
        let extension = Extension::fill([body.clone(), body.clone()], twice, Caps::NETWORK);
        assert_eq!((extension.bodies(), extension.ids()), (&[body][..], &[EventId([1; 32])][..]));
        let mut empty = Writer::new(DOMAIN);
        empty.count(0);
        empty.count(0);
        assert!(Extension::decode(&empty.finish()).is_err());
    }

    #[test]
    fn other_orders_and_repetitions_are_refused() {
        let encode = |bodies: &[&[u8]], ids: &[u8]| {
            let mut writer = Writer::new(DOMAIN);
            writer.count(bodies.len());
            bodies.iter().for_each(|body| writer.bytes(body));
            writer.count(ids.len());
            ids.iter().for_each(|byte| writer.fixed(&[*byte; 32]));
            writer.finish()
        };
        let (mut low, mut high): (&[u8], &[u8]) = (b"a", b"b");
        if EventId::of(low) > EventId::of(high) {
            (low, high) = (high, low);
        }
        assert!(Extension::decode(&encode(&[low, high], &[1, 2])).is_ok());
        for refused in [
            encode(&[high, low], &[]),
            encode(&[low, low], &[]),
            encode(&[], &[2, 1]),
            encode(&[], &[1, 1]),
            [encode(&[low], &[]), vec![0]].concat(),
        ] {
            assert!(Extension::decode(&refused).is_err());
        }
        let many: Vec<u8> = (0..101).collect();
        assert!(Extension::decode(&encode(&[], &many[..100])).is_ok());
        assert!(Extension::decode(&encode(&[], &many)).is_err());
        let huge = vec![0; limits::EXTENSION_BYTES + 1];
        assert!(Extension::decode(&huge).is_err());
    }
}
