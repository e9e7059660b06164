//! What happens outside, and who can see it.

use std::ops::Range;

use kuneiform::oracle::{Event, Submission};

use crate::random::Random;

/// The topic of the truth.
pub const TOPIC: &str = "chain";

/// Who can see an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// All who are honest, sooner or later.
    All,
    /// One of them.
    One(usize),
}

/// Something that happens.
pub struct Fact {
    pub event: Event,
    pub reach: Reach,
    pub at: i64,
    /// The one before it on its topic is seen by too few: its turn never comes.
    pub is_cut_off: bool,
    /// Another fact has its place on the topic: a source that was not sure.
    pub has_rival: bool,
}

/// Makes facts: most seen by all, some by one, some in a chain, which may have a gap or a fork.
pub fn facts(random: &mut Random, honest: Range<usize>) -> Vec<Fact> {
    let mut chain = Chain { previous: None, is_cut_off: false };
    let mut facts = Vec::new();
    for number in 0..4 + random.below(10) {
        let at = i64::try_from(random.below(12)).unwrap();
        let action = ["happened", "happened", "happened", "strict", "refused"][random.index(5)];
        let told = Submission::new("facts", action, [format!("fact {number}")]);
        let reach = match random.chance(25) {
            true => Reach::One(honest.start + random.index(honest.len())),
            false => Reach::All,
        };
        // Of what few have seen, a third has a place on the topic.
        let is_ordered = random.chance(if reach == Reach::All { 45 } else { 33 });
        if !is_ordered || (chain.is_cut_off && reach != Reach::All) {
            facts.push(fact(told, reach, at));
            continue;
        }
        let point = 10 * (i64::try_from(number).unwrap() + 1);
        let link = Fact { is_cut_off: chain.is_cut_off, ..fact(chain.place(told, point), reach, at) };
        let forks = reach == Reach::All && !chain.is_cut_off && random.chance(20);
        facts.push(Fact { has_rival: forks, ..link });
        if forks {
            let rival = Submission::new("facts", "happened", [format!("rival of {number}")]);
            let rival = fact(chain.place(rival, point), reach, at);
            facts.push(Fact { has_rival: true, ..rival });
        }
        chain = Chain { previous: Some(point), is_cut_off: chain.is_cut_off || reach != Reach::All };
    }
    facts
}

fn fact(told: Submission, reach: Reach, at: i64) -> Fact {
    Fact { event: Event::new(told).unwrap(), reach, at, is_cut_off: false, has_rival: false }
}

struct Chain {
    previous: Option<i64>,
    is_cut_off: bool,
}

impl Chain {
    fn place(&self, told: Submission, point: i64) -> Submission {
        told.after(TOPIC, self.previous, point)
    }
}
