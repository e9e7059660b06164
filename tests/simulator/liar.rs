//! What a validator that lies may send.

use kuneiform::oracle::consensus::{Proposal, SignedExtension};
use kuneiform::oracle::{Caps, Event, EventId, Extension, Submission, Validator, limits};

use crate::facts::TOPIC;
use crate::node::sign;
use crate::random::Random;
use crate::told::Told;

/// Events that never happened. Liars are in league: they all know them.
pub fn inventions() -> Vec<Event> {
    let one = |number: u64| {
        let event = Submission::new("facts", "happened", [format!("false {number}")]);
        // Some claim a place on the topic of the truth.
        Event::new(if number < 3 { event.after(TOPIC, None, 1) } else { event }).unwrap()
    };
    (0..6).map(one).collect()
}

fn invention(random: &mut Random) -> Event {
    inventions().swap_remove(random.index(6))
}

/// An extension with inventions, votes for anything, bytes that are none, too many of them, or what was said long ago.
pub fn extension(
    random: &mut Random,
    told: &mut Told,
    honest: Vec<u8>,
    known: &[EventId],
    old: &[Vec<u8>],
) -> Vec<u8> {
    match random.below(12) {
        0 | 1 => honest,
        2 => Vec::new(),
        3 => {
            told.count("extensions malformed");
            malformed(random, honest)
        }
        4 if random.chance(20) => {
            told.count("extensions oversized");
            vec![b'x'; limits::EXTENSION_BYTES + 1]
        }
        5 | 6 if !old.is_empty() => {
            told.count("extensions as of an older height");
            old[random.index(old.len())].clone()
        }
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

/// Bytes that are no extension, or almost one.
fn malformed(random: &mut Random, mut honest: Vec<u8>) -> Vec<u8> {
    match random.below(3) {
        0 => (0..1 + random.below(60)).map(|_| u8::try_from(random.below(256)).unwrap()).collect(),
        1 => {
            honest.push(0);
            honest
        }
        _ => {
            let twice = invention(random).id();
            let mut bytes = Extension::fill([], [twice], Caps::NETWORK).encode();
            // One id less than it has.
            bytes.truncate(bytes.len() - 1);
            bytes
        }
    }
}

/// A block that says of others what they have not said now, says something twice, or leaves out what must be there.
/// `doubles` are second votes of liars, `past` is what others have said at earlier heights.
pub fn proposal(
    random: &mut Random,
    told: &mut Told,
    mut proposal: Proposal,
    doubles: &[SignedExtension],
    past: &[SignedExtension],
) -> Proposal {
    match random.below(6) {
        0 => proposal.extensions.truncate(1),
        1 => {
            let twice = doubles.first().or(proposal.extensions.first()).cloned();
            proposal.extensions.extend(twice);
            proposal.extensions.sort_by(|a, b| a.validator.cmp(&b.validator));
        }
        2 => {
            let body = invention(random).body().to_vec();
            let forged = Extension::fill([body], [], Caps::NETWORK).encode();
            for vote in &mut proposal.extensions {
                vote.extension.clone_from(&forged);
            }
        }
        3 if !past.is_empty() => {
            told.count("old votes replayed");
            for vote in &mut proposal.extensions {
                let older = past.iter().rfind(|it| it.validator == vote.validator && *it != vote);
                older.into_iter().for_each(|older| vote.clone_from(older));
            }
        }
        4 => {
            let stranger = Validator("zzz".into());
            let signature = sign(&stranger, proposal.height - 1, &[]);
            proposal.extensions.push(SignedExtension {
                validator: stranger,
                extension: Vec::new(),
                signature,
            });
        }
        _ => proposal.height += 1,
    }
    proposal
}
