//! What a program is made from: for each of its parts a list of choices. It comes from a proptest strategy, whose trees
//! make a plan that fails smaller: they leave out parts, then stretches of choices, then lower what is left.

use std::collections::VecDeque;

use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// What a list of choices is for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Part {
    /// A table of a schema, by number.
    Table(usize),
    /// An action of a schema.
    Action(usize),
    /// A call from outside.
    Call,
}

/// The parts of a program, each with its choices.
#[derive(Clone, Debug)]
pub struct Plan {
    pub parts: Vec<(Part, Vec<u64>)>,
}

impl Plan {
    /// The choices of all parts of a kind, in order.
    pub fn of(&self, part: Part) -> Vec<&[u64]> {
        let all = self.parts.iter().filter(|(kind, _)| *kind == part);
        all.map(|(_, choices)| choices.as_slice()).collect()
    }
}

/// Random plans.
#[derive(Debug)]
pub struct Plans {
    pub calls: usize,
}

/// More choices than a part takes.
const CHOICES: usize = 600;
/// No choice is among more.
const LARGEST: u64 = 1 << 20;

impl Strategy for Plans {
    type Tree = Shrinking;
    type Value = Plan;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let rng = runner.rng();
        let mut parts = Vec::new();
        for schema in 0..2 {
            parts.extend((0..2 + rng.next_u64() % 2).map(|_| Part::Table(schema)));
            parts.extend((0..4 + rng.next_u64() % 4).map(|_| Part::Action(schema)));
        }
        parts.extend((0..self.calls).map(|_| Part::Call));
        let mut choices = || (0..CHOICES).map(|_| rng.next_u64() % LARGEST).collect::<Vec<u64>>();
        let parts = parts.into_iter().map(|part| (part, choices())).collect();
        Ok(Shrinking { best: Plan { parts }, tried: None, edits: VecDeque::new(), improved: true })
    }
}

/// One way to make a plan smaller.
#[derive(Clone, Copy, Debug)]
enum Edit {
    Leave { part: usize },
    Keep { part: usize, count: usize },
    Cut { part: usize, from: usize, count: usize },
    Clear { part: usize, from: usize, count: usize },
    Lower { part: usize, at: usize },
}

/// The smallest plan so far, and the one that is tried.
#[derive(Debug)]
pub struct Shrinking {
    best: Plan,
    tried: Option<Plan>,
    edits: VecDeque<Edit>,
    improved: bool,
}

impl Shrinking {
    /// Goes back to the smallest plan that fails.
    pub fn reset(&mut self) {
        self.tried = None;
    }

    /// The next plan to try, if there is any.
    fn advance(&mut self) -> bool {
        loop {
            let Some(edit) = self.edits.pop_front() else {
                if !std::mem::take(&mut self.improved) {
                    return false;
                }
                self.edits = edits(&self.best);
                continue;
            };
            if let Some(plan) = edited(&self.best, edit) {
                self.tried = Some(plan);
                return true;
            }
        }
    }
}

impl ValueTree for Shrinking {
    type Value = Plan;

    fn current(&self) -> Plan {
        self.tried.as_ref().unwrap_or(&self.best).clone()
    }

    /// What was tried last still fails.
    fn simplify(&mut self) -> bool {
        if let Some(plan) = self.tried.take() {
            (self.best, self.improved) = (plan, true);
        }
        self.advance()
    }

    /// What was tried last no longer fails.
    fn complicate(&mut self) -> bool {
        self.tried = None;
        self.advance()
    }
}

/// Large edits first, the last part first.
fn edits(plan: &Plan) -> VecDeque<Edit> {
    let parts = || (0..plan.parts.len()).rev();
    let mut edits: VecDeque<Edit> = parts().map(|part| Edit::Leave { part }).collect();
    for count in [0, 10, 30, 100, 300] {
        edits.extend(parts().map(|part| Edit::Keep { part, count }));
    }
    for count in [32, 8, 3, 1] {
        for part in parts() {
            let starts = || (0..plan.parts[part].1.len()).step_by(count);
            edits.extend(starts().map(|from| Edit::Cut { part, from, count }));
            edits.extend(starts().map(|from| Edit::Clear { part, from, count }));
        }
    }
    for part in parts() {
        edits.extend((0..plan.parts[part].1.len()).map(|at| Edit::Lower { part, at }));
    }
    edits
}

/// A plan after an edit, if that changes it.
fn edited(plan: &Plan, edit: Edit) -> Option<Plan> {
    let mut plan = plan.clone();
    match edit {
        Edit::Leave { part } => {
            if part >= plan.parts.len() {
                return None;
            }
            plan.parts.remove(part);
        }
        Edit::Keep { part, count } => {
            let choices = &mut plan.parts.get_mut(part)?.1;
            if choices.len() <= count {
                return None;
            }
            choices.truncate(count);
        }
        Edit::Cut { part, from, count } => {
            let choices = &mut plan.parts.get_mut(part)?.1;
            let to = (from + count).min(choices.len());
            if from >= to {
                return None;
            }
            choices.drain(from..to);
        }
        Edit::Clear { part, from, count } => {
            let choices = &mut plan.parts.get_mut(part)?.1;
            let to = (from + count).min(choices.len());
            if choices.get(from..to)?.iter().all(|choice| *choice == 0) {
                return None;
            }
            choices[from..to].fill(0);
        }
        Edit::Lower { part, at } => {
            let choice = plan.parts.get_mut(part)?.1.get_mut(at)?;
            if *choice == 0 {
                return None;
            }
            *choice /= 2;
        }
    }
    Some(plan)
}
