//! What must hold at the end of a schedule.

use std::collections::BTreeMap;

use kuneiform::oracle::store::Stage;
use kuneiform::oracle::{Event, EventId};

use crate::facts::{Fact, Reach};
use crate::judge::fraction;
use crate::liar;
use crate::node::{Member, powers_at};
use crate::told::Told;
use crate::world::World;

impl<M: Member> World<M> {
    /// What must hold of every honest node, and of liars too as far as they run the same program.
    pub async fn check(mut self) -> Result<Told, String> {
        self.agree()?;
        self.judged().await?;
        self.true_once().await?;
        self.facts_ended()?;
        Ok(self.told)
    }

    fn agree(&self) -> Result<(), String> {
        let first = self.nodes[0].hashes();
        for node in &self.nodes {
            if node.hashes() != first {
                let at = node.hashes().iter().zip(first).position(|(a, b)| a != b);
                return Err(format!("{} has another hash at {at:?}", node.name()));
            }
        }
        Ok(())
    }

    /// How every event ended, and at which height, is what the blocks say.
    async fn judged(&mut self) -> Result<(), String> {
        let ends: Vec<_> = self.judge.ends().collect();
        for (id, wanted) in ends {
            let found = match self.nodes[0].find(id).await {
                Some(Stage::Done { height, outcome }) => Some((height, outcome.word())),
                _ => None,
            };
            if found != wanted {
                return Err(format!("{id} ended as {found:?}, and the blocks say {wanted:?}"));
            }
            match wanted {
                Some((_, word)) => self.told.count(word),
                None if self.judge.has_passed(id) => self.told.count("events behind a gap"),
                None => {}
            }
        }
        self.told.add("events that waited for the one before", self.judge.waits);
        Ok(())
    }

    /// The actions of what is true, and of nothing else, have done their work once.
    async fn true_once(&mut self) -> Result<(), String> {
        let truth: BTreeMap<EventId, Reach> = self.facts.iter().map(|it| (it.event.id(), it.reach)).collect();
        let mut all: Vec<Event> = self.facts.iter().map(|fact| fact.event.clone()).collect();
        all.extend(liar::inventions());
        let done = self.nodes[0].applied(&all).await;
        for (id, times) in &done {
            if truth.get(id) != Some(&Reach::All) {
                return Err(format!("{id} was applied and is not known to all"));
            }
            if *times != 1 {
                return Err(format!("{id} was applied {times} times"));
            }
        }
        for event in &all {
            let is_applied = self.judge.end_of(event.id()) == Some("applied");
            if is_applied != done.contains_key(&event.id()) {
                return Err(format!("{} is not where its action has put it", event.id()));
            }
        }
        for lie in liar::inventions() {
            self.told.add("events of a liar", u64::from(self.judge.end_of(lie.id()) == Some("expired")));
        }
        Ok(())
    }

    /// Every fact that all can see has had its turn, unless it waits for one that never comes.
    fn facts_ended(&mut self) -> Result<(), String> {
        let mut in_doubt = false;
        for fact in &self.facts {
            let (id, is_ordered) = (fact.event.id(), fact.event.submission().order.is_some());
            let end = self.judge.end_of(id);
            let is_strict = fraction(&fact.event) == (3, 4);
            if is_strict && fact.reach == Reach::All {
                self.told.count("events that asked for more");
                self.told.add("events that asked for more, and got it", u64::from(end == Some("applied")));
            }
            if is_strict && fact.reach == Reach::All && !self.is_enough_for(fact) {
                // Whether liars help or not, who follows it waits.
                in_doubt |= is_ordered;
                continue;
            }
            let is_right = match (fact.reach, end) {
                (Reach::One(_), None | Some("expired")) => true,
                (Reach::All, None) if fact.is_cut_off => true,
                (Reach::All, Some("superseded" | "expired")) => fact.has_rival,
                (Reach::All, None) => is_ordered && in_doubt,
                (Reach::All, Some(_)) => !fact.is_cut_off,
                _ => false,
            };
            if !is_right {
                return Err(format!("{:?} ended as {end:?}", fact.event.submission()));
            }
        }
        let rivals: Vec<&Fact> = self.facts.iter().filter(|fact| fact.has_rival).collect();
        for pair in rivals.chunks(2) {
            let ends: Vec<_> = pair.iter().map(|fact| self.judge.end_of(fact.event.id())).collect();
            if ends.iter().filter(|end| matches!(end, Some("applied" | "rejected"))).count() > 1 {
                return Err(format!("both of two rivals have had a turn: {ends:?}"));
            }
        }
        Ok(())
    }

    /// True if the honest alone are enough for what the event asks for, by the powers of the end.
    fn is_enough_for(&self, fact: &Fact) -> bool {
        let powers = powers_at(&self.plan, self.height);
        let honest = self.nodes.iter().skip(self.liars).map(|node| u128::from(powers.of(node.name())));
        let (over, of) = fraction(&fact.event);
        honest.sum::<u128>() * of > powers.total() * over
    }
}
