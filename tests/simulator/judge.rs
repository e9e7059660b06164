//! What blocks mean for events, written down once more, as plainly as can be: power is counted by hand, events are gone
//! through from the start whenever one was applied, nothing is remembered but what the blocks said.

use std::collections::{BTreeMap, BTreeSet};

use kuneiform::oracle::consensus::Proposal;
use kuneiform::oracle::{Event, EventId, Extension, Order, Powers, Validator};

/// What the blocks say of an event.
struct Said {
    event: Event,
    first: i64,
    by: BTreeSet<Validator>,
    passed: bool,
    /// At which height it was decided, and how.
    end: Option<(i64, &'static str)>,
}

#[derive(Default)]
pub struct Judge {
    said: BTreeMap<EventId, Said>,
    topics: BTreeMap<String, i64>,
    /// How often an event that had passed waited for another.
    pub waits: u64,
}

impl Judge {
    /// Hears the next block. `powers` are those of its height.
    pub fn hear(&mut self, block: &Proposal, powers: &Powers, lifetime: i64) {
        let votes = block.extensions.iter();
        let votes = votes.filter(|vote| powers.of(&vote.validator) > 0);
        let votes: Vec<(&Validator, Extension)> =
            votes.map(|vote| (&vote.validator, Extension::decode(&vote.extension).unwrap())).collect();
        for body in votes.iter().flat_map(|(_, extension)| extension.bodies()) {
            if let Ok(event) = Event::read(body) {
                let new = Said { event, first: block.height, by: BTreeSet::new(), passed: false, end: None };
                self.said.entry(new.event.id()).or_insert(new);
            }
        }
        for (validator, extension) in votes {
            let bodies = extension.bodies().iter().map(|body| EventId::of(body));
            for id in bodies.chain(extension.ids().iter().copied()) {
                if let Some(said) = self.said.get_mut(&id).filter(|said| !said.passed && said.end.is_none()) {
                    said.by.insert(validator.clone());
                }
            }
        }
        for said in self.said.values_mut().filter(|said| said.end.is_none() && !said.passed) {
            let power: u128 = said.by.iter().map(|name| u128::from(powers.of(name))).sum();
            let (over, of) = fraction(&said.event);
            said.passed = power * of > powers.total() * over;
            if !said.passed && block.height >= said.first + lifetime {
                said.end = Some((block.height, "expired"));
            }
        }
        while self.apply_one(block.height) {}
        for said in self.said.values_mut().filter(|said| said.passed && said.end.is_none()) {
            let Order { topic, previous, .. } = said.event.submission().order.as_ref().unwrap();
            match *previous < self.topics.get(topic).copied() {
                true => said.end = Some((block.height, "superseded")),
                false => self.waits += 1,
            }
        }
    }

    /// Applies the first that passed and follows its topic's last.
    fn apply_one(&mut self, height: i64) -> bool {
        let follows = |order: &Order| order.previous == self.topics.get(&order.topic).copied();
        let is_due = |said: &&mut Said| {
            let order = said.event.submission().order.as_ref();
            said.passed && said.end.is_none() && order.is_none_or(follows)
        };
        let due = self.said.values_mut().filter(is_due);
        let Some(said) = due.min_by_key(|said| (said.first, said.event.id())) else { return false };
        let refused = said.event.submission().targets[0].action == "refused";
        said.end = Some((height, if refused { "rejected" } else { "applied" }));
        if let Some(order) = &said.event.submission().order {
            self.topics.insert(order.topic.clone(), order.point);
        }
        true
    }

    /// How each event ended that came up; none of those that did not end.
    pub fn ends(&self) -> impl Iterator<Item = (EventId, Option<(i64, &'static str)>)> {
        self.said.iter().map(|(id, said)| (*id, said.end))
    }

    pub fn end_of(&self, id: EventId) -> Option<&'static str> {
        self.said.get(&id)?.end.map(|(_, word)| word)
    }

    pub fn has_passed(&self, id: EventId) -> bool {
        self.said.get(&id).is_some_and(|said| said.passed)
    }
}

/// More than which part of the power must have seen it.
pub fn fraction(event: &Event) -> (u128, u128) {
    match event.submission().targets[0].action == "strict" {
        true => (3, 4),
        false => (2, 3),
    }
}
