//! A network, what happens outside of it, and what must hold at the end.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use kuneiform::oracle::consensus::{Proposal, SignedExtension};
use kuneiform::oracle::store::{Batch, Stage};
use kuneiform::oracle::{Event, EventId, Outcome, Powers, Submission, Validator};

use crate::liar;
use crate::node::{Member, Plan, powers_at, sign};
use crate::random::Random;

/// Heights in which things go wrong.
const STORMY: i64 = 18;
/// Heights after which what too few have seen is given up; every honest observer is faster.
const LIFETIME: i64 = 20;
/// Heights until everything is decided.
const CALM: i64 = STORMY + LIFETIME + 8;

/// Who can see an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// All who are honest, sooner or later.
    All,
    /// One of them.
    One(usize),
}

/// Something that happens outside.
struct Fact {
    event: Event,
    reach: Reach,
    at: i64,
}

/// What the schedules were like.
#[derive(Clone, Default, Debug)]
pub struct Told {
    pub nodes: usize,
    pub blocks: u64,
    pub applied: usize,
    pub rejected: usize,
    pub expired: usize,
    pub crashes: u64,
    pub refused_proposals: u64,
    pub refused_votes: u64,
    pub lost_proposals: u64,
    pub power_changes: usize,
}

impl Told {
    pub fn add(&mut self, other: &Told) {
        self.nodes += other.nodes;
        self.blocks += other.blocks;
        self.applied += other.applied;
        self.rejected += other.rejected;
        self.expired += other.expired;
        self.crashes += other.crashes;
        self.refused_proposals += other.refused_proposals;
        self.refused_votes += other.refused_votes;
        self.lost_proposals += other.lost_proposals;
        self.power_changes += other.power_changes;
    }

    pub fn is_rich(&self) -> bool {
        let counts = [self.crashes, self.refused_proposals, self.refused_votes, self.lost_proposals];
        let sizes = [self.applied, self.rejected, self.expired, self.power_changes];
        counts.iter().all(|count| *count > 0) && sizes.iter().all(|count| *count > 0)
    }
}

pub struct World<M> {
    random: Random,
    nodes: Vec<M>,
    /// How many of the first nodes lie.
    liars: usize,
    plan: Plan,
    facts: Vec<Fact>,
    /// For each node, the facts it has yet to see, with the heights.
    unseen: Vec<Vec<(i64, usize)>>,
    /// Decided blocks that a node has not applied yet.
    inbox: Vec<VecDeque<Proposal>>,
    /// What came with the votes for the last block.
    votes: Vec<SignedExtension>,
    height: i64,
    told: Told,
}

fn plan(random: &mut Random, names: &[Validator], liars: usize) -> Plan {
    let mut plan = BTreeMap::new();
    let mut from = 1;
    while from < STORMY {
        let powers: Vec<u64> = names.iter().map(|_| 1 + random.below(3)).collect();
        let total: u64 = powers.iter().sum();
        let lying: u64 = powers.iter().take(liars).sum();
        let largest = powers.iter().skip(liars).max().unwrap();
        // Liars have less than a third, and with any one of the honest not more than two.
        if lying * 3 < total && (lying + largest) * 3 <= total * 2 {
            plan.insert(from, names.iter().cloned().zip(powers).collect::<Powers>());
            from += 4 + i64::try_from(random.below(20)).unwrap();
        }
    }
    Arc::new(plan)
}

fn facts(random: &mut Random, honest: std::ops::Range<usize>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut previous = None;
    for number in 0..4 + random.below(10) {
        let at = i64::try_from(random.below(12)).unwrap();
        let action = ["happened", "happened", "happened", "refused"][random.index(4)];
        let event = Submission::new("facts", action, [format!("fact {number}")]);
        let rare = random.chance(25);
        let reach = match rare {
            true => Reach::One(honest.start + random.index(honest.len())),
            false => Reach::All,
        };
        let event = if !rare && random.chance(40) {
            let point = 10 * (i64::try_from(number).unwrap() + 1);
            let event = event.after("chain", previous, point);
            previous = Some(point);
            event
        } else {
            event
        };
        facts.push(Fact { event: Event::new(event).unwrap(), reach, at });
    }
    facts
}

impl<M: Member> World<M> {
    /// A network of at most `3 * most + 1` nodes. `make` makes one of its name, the plan of powers and the lifetime of events.
    pub async fn new(seed: u64, most: usize, make: impl AsyncFn(Validator, Plan, i64) -> M) -> World<M> {
        let mut random = Random::new(seed);
        let most = 1 + random.index(most);
        let count = 3 * most + 1;
        let liars = random.index(most + 1);
        let names: Vec<Validator> = (0..count).map(|number| Validator(format!("v{number}"))).collect();
        let plan = plan(&mut random, &names, liars);
        let facts = facts(&mut random, liars..count);
        let unseen = (0..count).map(|node| {
            let sees = |fact: &Fact| fact.reach == Reach::All || fact.reach == Reach::One(node);
            let mut seen: Vec<(i64, usize)> = Vec::new();
            for (index, fact) in facts.iter().enumerate().filter(|(_, fact)| sees(fact)) {
                // Up to eight heights late, in any order.
                seen.push((fact.at + i64::try_from(random.below(8)).unwrap(), index));
            }
            seen.sort();
            seen
        });
        let unseen = unseen.collect();
        let mut nodes = Vec::new();
        for name in &names {
            nodes.push(make(name.clone(), plan.clone(), LIFETIME).await);
        }
        let told = Told { nodes: count, power_changes: plan.len() - 1, ..Told::default() };
        let inbox = vec![VecDeque::new(); count];
        World { random, nodes, liars, plan, facts, unseen, inbox, votes: Vec::new(), height: 0, told }
    }

    /// Plays the schedule to its end.
    pub async fn run(&mut self) -> Result<(), String> {
        while self.height < CALM {
            self.observe().await;
            let (proposal, voters) = self.decide().await?;
            self.vote(proposal, voters).await?;
            self.deliver().await?;
        }
        self.catch_up().await
    }

    fn is_stormy(&self) -> bool {
        self.height < STORMY
    }

    /// Observers write down what has happened, with how far they are. One that crashes in between writes it again.
    async fn observe(&mut self) {
        for (node, unseen) in self.nodes.iter_mut().zip(&mut self.unseen) {
            let due = unseen.iter().take_while(|(at, _)| *at <= self.height).count();
            let mut seen: Vec<(i64, usize)> = unseen.drain(..due).collect();
            self.random.shuffle(&mut seen);
            let events: Vec<Event> = seen.iter().map(|(_, fact)| self.facts[*fact].event.clone()).collect();
            let cursor = vec![("height".to_owned(), Some(self.height.to_string()))];
            let batch = Batch { events, cursor };
            for _ in 0..1 + self.random.below(2) {
                node.append(&batch).await;
            }
        }
    }

    /// Rounds until a block has more than two thirds. Those who lag have no vote.
    async fn decide(&mut self) -> Result<(Proposal, Vec<usize>), String> {
        let height = self.height + 1;
        for round in 0..200_i64 {
            let proposer = usize::try_from(height + round).unwrap() % self.nodes.len();
            if self.nodes[proposer].height() != self.height {
                self.deliver().await?;
                continue;
            }
            let votes = self.some_votes();
            let proposed = self.nodes[proposer].propose(height, height, votes, Vec::new()).await.unwrap();
            let is_lie = proposer < self.liars && self.random.chance(70);
            let proposal =
                if is_lie { liar::proposal(&mut self.random, proposed.clone()) } else { proposed.clone() };
            let changed = proposal != proposed;
            let mut voters = Vec::new();
            for index in 0..self.nodes.len() {
                if self.is_stormy() && index != proposer && self.random.chance(15) {
                    self.told.lost_proposals += 1;
                } else if self.nodes[index].verify(&proposal).await.unwrap() {
                    voters.push(index);
                }
            }
            if self.is_enough(&voters, height) {
                if changed && !voters.is_empty() && !is_harmless(&proposed, &proposal) {
                    return Err(format!("a forged block passed at {height}"));
                }
                return Ok((proposal, voters));
            }
            self.told.refused_proposals += u64::from(changed);
            self.deliver().await?;
        }
        Err(format!("no block at {height}"))
    }

    fn is_enough(&self, voters: &[usize], height: i64) -> bool {
        let powers = powers_at(&self.plan, height);
        let power: u64 = voters.iter().map(|index| powers.of(self.nodes[*index].name())).sum();
        u128::from(power) * 3 > powers.total() * 2
    }

    /// A proposer knows more than two thirds of the votes for the block before, and not always all.
    fn some_votes(&mut self) -> Vec<SignedExtension> {
        let powers = powers_at(&self.plan, self.height);
        let mut votes = self.votes.clone();
        self.random.shuffle(&mut votes);
        let power =
            |votes: &[SignedExtension]| -> u64 { votes.iter().map(|it| powers.of(&it.validator)).sum() };
        while self.random.chance(50) {
            let less = votes.split_last().map(|(_, rest)| rest).unwrap_or_default();
            if u128::from(power(less)) * 3 <= powers.total() * 2 {
                break;
            }
            votes.pop();
        }
        votes
    }

    /// The votes for a decided block, with what their validators have to say. One whose extension has no form is no vote.
    async fn vote(&mut self, proposal: Proposal, voters: Vec<usize>) -> Result<(), String> {
        self.height = proposal.height;
        self.votes.clear();
        let known: Vec<EventId> = self.facts.iter().map(|fact| fact.event.id()).collect();
        for index in voters {
            let mut extension = self.nodes[index].extend(self.height).await.unwrap();
            if index < self.liars {
                extension = liar::extension(&mut self.random, extension, &known);
            }
            let validator = self.nodes[index].name().clone();
            let other = (index + 1) % self.nodes.len();
            if self.nodes[other].verify_extension(&extension) {
                let signature = sign(&validator, self.height, &extension);
                self.votes.push(SignedExtension { validator, extension, signature });
            } else {
                self.told.refused_votes += 1;
            }
        }
        // The block was decided by votes that count: a liar that sent none was not needed.
        let powers = powers_at(&self.plan, self.height);
        let power: u64 = self.votes.iter().map(|vote| powers.of(&vote.validator)).sum();
        if u128::from(power) * 3 <= powers.total() * 2 {
            self.catch_up().await?;
            self.complete().await;
        }
        self.told.blocks += 1;
        self.inbox.iter_mut().for_each(|blocks| blocks.push_back(proposal.clone()));
        Ok(())
    }

    async fn catch_up(&mut self) -> Result<(), String> {
        while self.inbox.iter().any(|blocks| !blocks.is_empty()) {
            self.deliver().await?;
        }
        Ok(())
    }

    /// Waits for the votes of more of the honest: without them the block would not have been decided.
    async fn complete(&mut self) {
        for node in self.nodes.iter_mut().skip(self.liars).filter(|node| node.height() == self.height - 1) {
            if self.votes.iter().any(|vote| vote.validator == *node.name()) {
                continue;
            }
            let extension = node.extend(self.height).await.unwrap();
            let signature = sign(node.name(), self.height, &extension);
            self.votes.push(SignedExtension { validator: node.name().clone(), extension, signature });
        }
    }

    /// Nodes apply decided blocks when they get round to it, and crash before or after they have kept one.
    async fn deliver(&mut self) -> Result<(), String> {
        for index in 0..self.nodes.len() {
            while let Some(block) = self.inbox[index].front() {
                if self.is_stormy() && self.random.chance(10) {
                    break;
                }
                let node = &mut self.nodes[index];
                node.finalize(block).await.map_err(|error| format!("{}: {error}", node.name()))?;
                if self.random.chance(8) {
                    self.told.crashes += 1;
                    node.crash().await;
                    break;
                }
                node.commit().await.unwrap();
                self.inbox[index].pop_front();
            }
        }
        Ok(())
    }

    /// What must hold of every honest node, and of liars too as far as they run the same program.
    pub async fn check(mut self) -> Result<Told, String> {
        let first = self.nodes[0].hashes().to_vec();
        for node in &self.nodes {
            if node.hashes() != first {
                let at = node.hashes().iter().zip(&first).position(|(a, b)| a != b);
                return Err(format!("{} has another hash at {at:?}", node.name()));
            }
        }
        let truth: BTreeMap<EventId, Reach> = self.facts.iter().map(|it| (it.event.id(), it.reach)).collect();
        let mut all: Vec<Event> = self.facts.iter().map(|fact| fact.event.clone()).collect();
        all.extend(liar::inventions());
        let node = &mut self.nodes[0];
        for (id, times) in node.applied(&all).await {
            if truth.get(&id) != Some(&Reach::All) {
                return Err(format!("{id} was applied and is not known to all"));
            }
            if times != 1 {
                return Err(format!("{id} was applied {times} times"));
            }
        }
        for fact in &self.facts {
            let target = &fact.event.submission().targets[0];
            let outcome = match node.find(fact.event.id()).await {
                Some(Stage::Done { outcome, .. }) => Some(outcome),
                _ => None,
            };
            match (fact.reach, outcome) {
                (Reach::All, Some(Outcome::Applied)) if target.action == "happened" => self.told.applied += 1,
                (Reach::All, Some(Outcome::Rejected(reason))) if reason == "KF001" => self.told.rejected += 1,
                (Reach::One(_), Some(Outcome::Expired)) => self.told.expired += 1,
                (_, other) => return Err(format!("{:?} ended as {other:?}", target.inputs)),
            }
        }
        let applied = node.applied(&all).await.len();
        if applied != self.told.applied {
            return Err(format!("{applied} events did their work, and {} should have", self.told.applied));
        }
        let late = node.open_since().await.into_iter().min();
        match late.is_some_and(|first| first + LIFETIME <= self.height) {
            true => Err("something that should have been given up was not".to_owned()),
            false => Ok(self.told),
        }
    }
}

/// Leaving out votes is no lie as long as enough are left.
fn is_harmless(honest: &Proposal, other: &Proposal) -> bool {
    other.extensions.iter().all(|vote| honest.extensions.contains(vote))
}
