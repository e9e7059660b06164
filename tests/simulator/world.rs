//! A network, what happens outside of it, and the schedule that a seed makes of both.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use kuneiform::oracle::consensus::{Proposal, SignedExtension};
use kuneiform::oracle::store::Batch;
use kuneiform::oracle::{Event, EventId, Powers, Validator};

use crate::facts::{Fact, Reach, facts};
use crate::judge::Judge;
use crate::liar;
use crate::node::{Member, Plan, powers_at, sign};
use crate::random::Random;
use crate::told::Told;

/// Heights in which things go wrong.
const STORMY: i64 = 18;
/// Heights after which what too few have seen is given up; every honest observer is faster.
const LIFETIME: i64 = 20;
/// Heights until everything is decided.
const CALM: i64 = STORMY + LIFETIME + 8;

pub struct World<M> {
    random: Random,
    pub nodes: Vec<M>,
    /// How many of the first nodes lie.
    pub liars: usize,
    pub plan: Plan,
    pub facts: Vec<Fact>,
    /// For each node, the facts it has yet to see, with the heights.
    unseen: Vec<Vec<(i64, usize)>>,
    /// Decided blocks that a node has not applied yet.
    inbox: Vec<VecDeque<Proposal>>,
    /// What came with the votes for the last block.
    votes: Vec<SignedExtension>,
    /// Second votes for the same block, of those who lie.
    doubles: Vec<SignedExtension>,
    /// All votes before the last block.
    past: Vec<SignedExtension>,
    pub height: i64,
    pub judge: Judge,
    pub told: Told,
}

fn plan(random: &mut Random, names: &[Validator], liars: usize) -> Plan {
    let mut plan = BTreeMap::new();
    let mut from = 1;
    while from < STORMY {
        // Power comes and goes; one without has no vote.
        let powers: Vec<u64> = names.iter().map(|_| random.below(4)).collect();
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

/// How the powers change over the plan.
fn changes(plan: &Plan, names: &[Validator], told: &mut Told) {
    for (before, after) in plan.values().zip(plan.values().skip(1)) {
        told.count("powers changed");
        for name in names {
            match (before.of(name), after.of(name)) {
                (0, 1..) => told.count("validators joined"),
                (1.., 0) => told.count("validators left"),
                _ => {}
            }
        }
    }
}

/// When each node sees what it can see: up to eight heights late, in any order.
fn sights(random: &mut Random, facts: &[Fact], nodes: usize, told: &mut Told) -> Vec<Vec<(i64, usize)>> {
    let mut all = Vec::new();
    for node in 0..nodes {
        let sees = |fact: &Fact| fact.reach == Reach::All || fact.reach == Reach::One(node);
        let mut seen: Vec<(i64, usize)> = Vec::new();
        for (index, fact) in facts.iter().enumerate().filter(|(_, fact)| sees(fact)) {
            let late = i64::try_from(random.below(8)).unwrap();
            told.add("observations late", u64::from(late >= 4));
            seen.push((fact.at + late, index));
        }
        seen.sort();
        all.push(seen);
    }
    all
}

impl<M: Member> World<M> {
    /// A network of at most `3 * most + 1` nodes. `make` makes one of its name, the plan of powers and the lifetime of events.
    pub async fn new(seed: u64, most: usize, make: impl AsyncFn(Validator, Plan, i64) -> M) -> World<M> {
        let (mut random, mut told) = (Random::new(seed), Told::default());
        let most = 1 + random.index(most);
        let count = 3 * most + 1;
        let liars = random.index(most + 1);
        let names: Vec<Validator> = (0..count).map(|number| Validator(format!("v{number}"))).collect();
        let plan = plan(&mut random, &names, liars);
        changes(&plan, &names, &mut told);
        let facts = facts(&mut random, liars..count);
        let unseen = sights(&mut random, &facts, count, &mut told);
        let mut nodes = Vec::new();
        for name in &names {
            nodes.push(make(name.clone(), plan.clone(), LIFETIME).await);
        }
        told.add("nodes that lie", liars as u64);
        let inbox = vec![VecDeque::new(); count];
        let (votes, doubles, past) = (Vec::new(), Vec::new(), Vec::new());
        let judge = Judge::default();
        World {
            random,
            nodes,
            liars,
            plan,
            facts,
            unseen,
            inbox,
            votes,
            doubles,
            past,
            height: 0,
            judge,
            told,
        }
    }

    /// Plays the schedule to its end.
    pub async fn run(&mut self) -> Result<(), String> {
        while self.height < CALM {
            self.observe().await;
            let (block, voters) = self.decide().await?;
            self.judge.hear(&block, powers_at(&self.plan, block.height), LIFETIME);
            self.vote(block, voters).await?;
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
            self.told.add("observations out of order", u64::from(!seen.is_sorted()));
            let events: Vec<Event> = seen.iter().map(|(_, fact)| self.facts[*fact].event.clone()).collect();
            let cursor = vec![("height".to_owned(), Some(self.height.to_string()))];
            let batch = Batch { events, cursor };
            node.append(&batch).await;
            if self.random.chance(50) {
                self.told.add("observations written again", u64::from(due > 0));
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
            let blocks = self.proposals(proposer, proposed);
            let ballots = self.ask(&blocks, proposer).await;
            let mut decided = None;
            for (block, voters) in blocks.into_iter().zip(ballots) {
                let is_forged = self.is_forged(&block);
                if !self.is_enough(&voters, height) {
                    self.told.add("blocks of a forger refused", u64::from(is_forged));
                } else if is_forged {
                    return Err(format!("a forged block passed at {height}"));
                } else if decided.replace((block, voters)).is_some() {
                    return Err(format!("two blocks passed at {height}"));
                }
            }
            if let Some(decided) = decided {
                return Ok(decided);
            }
            self.told.count("rounds without a block");
            self.deliver().await?;
        }
        Err(format!("no block at {height}"))
    }

    /// What a proposer sends: its block, a lie, or different blocks to different nodes.
    fn proposals(&mut self, proposer: usize, honest: Proposal) -> Vec<Proposal> {
        let World { random, told, doubles, past, .. } = self;
        match proposer < self.liars {
            true if random.chance(50) => vec![liar::proposal(random, told, honest, doubles, past)],
            true if random.chance(50) => {
                told.count("proposals two of one proposer");
                let other = Proposal { timestamp: honest.timestamp + 1, ..honest.clone() };
                vec![honest, other]
            }
            _ => vec![honest],
        }
    }

    /// Who votes for which block: who is honest for the one that came, if it is right, liars for all that are.
    async fn ask(&mut self, blocks: &[Proposal], proposer: usize) -> Vec<Vec<usize>> {
        let mut ballots = vec![Vec::new(); blocks.len()];
        for index in 0..self.nodes.len() {
            if self.is_stormy() && index != proposer && self.random.chance(15) {
                self.told.count("proposals lost");
                continue;
            }
            let came = self.random.index(blocks.len());
            for (number, (block, ballot)) in blocks.iter().zip(&mut ballots).enumerate() {
                let gets = number == came || index < self.liars;
                if gets && self.nodes[index].verify(block).await.unwrap() {
                    ballot.push(index);
                }
            }
        }
        ballots
    }

    /// True if a block has what nobody has said with a vote for the one before, or a validator twice. Leaving out votes is
    /// no lie as long as enough are left.
    fn is_forged(&self, block: &Proposal) -> bool {
        let was_said = |vote: &SignedExtension| self.votes.contains(vote) || self.doubles.contains(vote);
        let is_once = block.extensions.is_sorted_by(|a, b| a.validator < b.validator);
        block.height != self.height + 1 || !is_once || !block.extensions.iter().all(was_said)
    }

    fn is_enough(&self, voters: &[usize], height: i64) -> bool {
        let powers = powers_at(&self.plan, height);
        let power: u64 = voters.iter().map(|index| powers.of(self.nodes[*index].name())).sum();
        u128::from(power) * 3 > powers.total() * 2
    }

    /// A proposer knows more than two thirds of the votes for the block before, not always all, and one of the two of those
    /// who have sent two.
    fn some_votes(&mut self) -> Vec<SignedExtension> {
        let powers = powers_at(&self.plan, self.height);
        let mut votes = self.votes.clone();
        for vote in &mut votes {
            let double = self.doubles.iter().find(|double| double.validator == vote.validator);
            if let Some(double) = double.filter(|_| self.random.chance(50)) {
                vote.clone_from(double);
            }
        }
        self.random.shuffle(&mut votes);
        self.told.add("votes out of order", u64::from(!votes.is_sorted_by_key(|vote| &vote.validator)));
        let power =
            |votes: &[SignedExtension]| -> u64 { votes.iter().map(|it| powers.of(&it.validator)).sum() };
        while self.random.chance(50) {
            let less = votes.split_last().map(|(_, rest)| rest).unwrap_or_default();
            if u128::from(power(less)) * 3 <= powers.total() * 2 {
                break;
            }
            self.told.count("votes lost");
            votes.pop();
        }
        votes
    }

    /// The votes for a decided block, with what their validators have to say. One whose extension has no form is no vote.
    async fn vote(&mut self, block: Proposal, voters: Vec<usize>) -> Result<(), String> {
        self.height = block.height;
        self.past.append(&mut self.votes);
        self.doubles.clear();
        let powers = powers_at(&self.plan, self.height).clone();
        for index in voters {
            if powers.of(self.nodes[index].name()) == 0 {
                continue;
            }
            if index < self.liars && self.random.chance(10) {
                self.told.count("ballots withheld");
                continue;
            }
            self.ballot(index).await;
        }
        // The block was decided by votes that count: a liar that sent none was not needed.
        let power: u64 = self.votes.iter().map(|vote| powers.of(&vote.validator)).sum();
        if u128::from(power) * 3 <= powers.total() * 2 {
            self.catch_up().await?;
            self.complete(&powers).await;
        }
        self.told.count("blocks");
        self.inbox.iter_mut().for_each(|blocks| blocks.push_back(block.clone()));
        Ok(())
    }

    async fn ballot(&mut self, index: usize) {
        let honest = self.nodes[index].extend(self.height).await.unwrap();
        if index >= self.liars {
            let vote = self.signed(index, honest);
            return self.votes.extend(vote);
        }
        let known: Vec<EventId> = self.facts.iter().map(|fact| fact.event.id()).collect();
        let name = self.nodes[index].name().clone();
        let own = self.past.iter().filter(|vote| vote.validator == name);
        let old: Vec<Vec<u8>> = own.map(|vote| vote.extension.clone()).collect();
        let mut lies = Vec::new();
        for _ in 0..2 {
            let lie = liar::extension(&mut self.random, &mut self.told, honest.clone(), &known, &old);
            lies.extend(self.signed(index, lie));
        }
        let mut lies = lies.into_iter();
        self.votes.extend(lies.next());
        if let Some(other) = lies.next().filter(|other| !self.votes.contains(other)) {
            self.told.count("extensions two of one validator");
            self.doubles.push(other);
        }
    }

    /// A vote as others take it: none if its extension has no form.
    fn signed(&mut self, index: usize, extension: Vec<u8>) -> Option<SignedExtension> {
        let validator = self.nodes[index].name().clone();
        let other = (index + 1) % self.nodes.len();
        if !self.nodes[other].verify_extension(&extension) {
            self.told.count("extensions refused");
            return None;
        }
        let signature = sign(&validator, self.height, &extension);
        Some(SignedExtension { validator, extension, signature })
    }

    pub async fn catch_up(&mut self) -> Result<(), String> {
        while self.inbox.iter().any(|blocks| !blocks.is_empty()) {
            self.deliver().await?;
        }
        Ok(())
    }

    /// Waits for the votes of more of the honest: without them the block would not have been decided.
    async fn complete(&mut self, powers: &Powers) {
        for index in self.liars..self.nodes.len() {
            let name = self.nodes[index].name();
            if powers.of(name) > 0 && self.votes.iter().all(|vote| vote.validator != *name) {
                self.ballot(index).await;
            }
        }
    }

    /// Nodes apply decided blocks when they get round to it, and crash before, between and after the two steps.
    async fn deliver(&mut self) -> Result<(), String> {
        for index in 0..self.nodes.len() {
            while let Some(block) = self.inbox[index].front() {
                if self.is_stormy() && self.random.chance(10) {
                    self.told.count("nodes that lag");
                    break;
                }
                let node = &mut self.nodes[index];
                let crash = self.random.below(100);
                if crash >= 4 {
                    node.finalize(block).await.map_err(|error| format!("{}: {error}", node.name()))?;
                }
                if crash >= 10 {
                    node.commit().await.unwrap();
                    self.inbox[index].pop_front();
                }
                self.told.count(match crash {
                    0..4 => "crashes before finalize",
                    4..10 => "crashes between finalize and commit",
                    10..13 => "crashes after commit",
                    _ => continue,
                });
                node.crash().await;
                break;
            }
        }
        Ok(())
    }
}
