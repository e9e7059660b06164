//! What a validator that lies may send.

use kuneiform::oracle::consensus::{Proposal, SignedExtension};
use kuneiform::oracle::{Caps, Event, EventId, Extension, Submission};

use crate::node::sign;
use crate::random::Random;

/// Events that never happened. Liars are in league: they all know them.
pub fn inventions() -> Vec<Event> {
    let one = |number: u64| {
        let event = Submission::new("facts", "happened", [format!("false {number}")]);
        // Some claim a place on the topic of the truth.
        Event::new(if number < 3 { event.after("chain", None, 1) } else { event }).unwrap()
    };
    (0..6).map(one).collect()
}

pub fn invention(random: &mut Random) -> Event {
    inventions().swap_remove(random.index(6))
}

/// An extension with inventions, votes for anything, or bytes that are none.
pub fn extension(random: &mut Random, honest: Vec<u8>, known: &[EventId]) -> Vec<u8> {
    match random.below(5) {
        0 => honest,
        1 => Vec::new(),
        2 => (0..random.below(60)).map(|_| u8::try_from(random.below(256)).unwrap()).collect(),
        _ => {
            let bodies: Vec<Vec<u8>> =
                (0..random.below(5)).map(|_| invention(random).body().to_vec()).collect();
            let garbage = random.chance(30).then(|| b"no event at all".to_vec());
            let mut ids: Vec<EventId> = known.iter().filter(|_| random.chance(50)).copied().collect();
            ids.push(invention(random).id());
            Extension::fill(bodies.into_iter().chain(garbage), ids, Caps::NETWORK).encode()
        }
    }
}

/// A block that says of others what they have not said, or leaves out what must be there.
pub fn proposal(random: &mut Random, mut proposal: Proposal) -> Proposal {
    match random.below(5) {
        0 => {}
        1 => proposal.extensions.truncate(1),
        2 => {
            let twice = proposal.extensions.first().cloned();
            proposal.extensions.extend(twice);
        }
        3 => {
            let body = invention(random).body().to_vec();
            let forged = Extension::fill([body], [], Caps::NETWORK).encode();
            for vote in &mut proposal.extensions {
                vote.extension.clone_from(&forged);
            }
        }
        _ => {
            let stranger = kuneiform::oracle::Validator("zzz".into());
            let signature = sign(&stranger, proposal.height - 1, &[]);
            proposal.extensions.push(SignedExtension {
                validator: stranger,
                extension: Vec::new(),
                signature,
            });
        }
    }
    proposal
}
