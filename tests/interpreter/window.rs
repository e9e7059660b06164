//! Functions over windows.

use kuneiform::hir::{BinaryOp, FrameBound, FunctionCall, Window};
use kuneiform::language::Type;
use kuneiform::language::functions::Kind;
use kuneiform::syntax::ast::FrameUnit;

use super::aggregate::of_rows;
use super::expression::{At, Peer, compared};
use super::sort::{Key, compare};
use super::values::{Fault, Row, Value, fault, same_rows};
use super::{Frame, Machine};

/// The rows of a partition in order.
struct Partition {
    /// What rows that tie have in common, by place.
    keys: Vec<Vec<Key>>,
    /// Which peer stands at a place.
    peers: Vec<usize>,
    /// Where the current row stands.
    place: usize,
}

impl Partition {
    fn ties(&self, left: usize, right: usize) -> bool {
        compare(&self.keys[left], &self.keys[right]).is_eq()
    }

    /// For each place the number of its group of rows that tie.
    fn groups(&self) -> Vec<usize> {
        let mut number = 0;
        let step = |place: usize| {
            number += usize::from(place > 0 && !self.ties(place - 1, place));
            number
        };
        (0..self.peers.len()).map(step).collect()
    }
}

fn peer<'e>(at: At<'e>, peers: &'e [Peer], number: usize) -> At<'e> {
    let Peer { scope, group, keys: _ } = &peers[number];
    At { scope, group: at.group.map(|_| group.as_slice()), peers: None }
}

fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap())
}

impl<'p> Machine<'p> {
    /// A function over a window.
    pub fn window(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        call: &'p FunctionCall,
        ty: &Type,
    ) -> Result<Value, Fault> {
        let window = call.over.as_ref().expect("a window");
        let (peers, number) = at.peers.expect("rows");
        let rows = self.partition(frame, at, window)?;
        if matches!(call.function.kind, Kind::Aggregate { .. }) || call.function.name.ends_with("_value") {
            let places = self.framed(frame, at, window, &rows)?;
            let numbers: Vec<usize> = places.into_iter().map(|place| rows.peers[place]).collect();
            return self.of_frame(frame, at, call, ty, &numbers);
        }
        let groups = rows.groups();
        Ok(match call.function.name {
            "row_number" => count(rows.place + 1),
            "rank" => count(groups.iter().position(|group| *group == groups[rows.place]).unwrap() + 1),
            "dense_rank" => count(groups[rows.place] + 1),
            "lag" | "lead" => {
                let own = self.values(frame, peer(at, peers, number), &call.arguments)?;
                let offset = match own.get(1) {
                    Some(Value::Null) => return Ok(Value::Null),
                    Some(offset) => offset.int(),
                    None => 1,
                };
                let shift = if call.function.name == "lag" { -offset } else { offset };
                let other = usize::try_from(rows.place as i64 + shift).ok();
                match other.and_then(|place| rows.peers.get(place)) {
                    Some(other) => self.value(frame, peer(at, peers, *other), &call.arguments[0])?,
                    None => own.get(2).cloned().unwrap_or(Value::Null),
                }
            }
            other => panic!("{other} over a window is not known"),
        })
    }

    fn partition(&mut self, frame: &Frame<'p>, at: At<'_>, window: &'p Window) -> Result<Partition, Fault> {
        let (peers, number) = at.peers.expect("rows");
        let own = self.values(frame, peer(at, peers, number), &window.partition_by)?;
        let mut ordered: Vec<(Vec<Key>, Vec<Key>, usize)> = Vec::new();
        for other in 0..peers.len() {
            let at = peer(at, peers, other);
            if same_rows(&self.values(frame, at, &window.partition_by)?, &own) {
                let keys = self.keys(frame, at, &window.order_by, &[])?;
                ordered.push((keys, peers[other].keys.clone(), other));
            }
        }
        ordered.sort_by(|left, right| compare(&left.0, &right.0).then(compare(&left.1, &right.1)));
        let place = ordered.iter().position(|(_, _, other)| *other == number).expect("itself");
        let peers = ordered.iter().map(|(_, _, other)| *other).collect();
        Ok(Partition { keys: ordered.into_iter().map(|(keys, _, _)| keys).collect(), peers, place })
    }

    /// The places of the rows in the frame of the current one.
    fn framed(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        window: &'p Window,
        rows: &Partition,
    ) -> Result<Vec<usize>, Fault> {
        let (unit, start, end) = match &window.frame {
            Some(given) => (given.unit, &given.start, given.end.as_ref().unwrap_or(&FrameBound::CurrentRow)),
            None => (FrameUnit::Range, &FrameBound::UnboundedPreceding, &FrameBound::CurrentRow),
        };
        // Rows are counted one by one, or by groups of those that tie.
        let numbers: Vec<usize> = match unit {
            FrameUnit::Rows => (0..rows.peers.len()).collect(),
            FrameUnit::Range | FrameUnit::Groups => rows.groups(),
        };
        let own = numbers[rows.place] as i64;
        let (first, last) = (self.bound(frame, at, start, own)?, self.bound(frame, at, end, own)?);
        let inside = |place: &usize| (first..=last).contains(&(numbers[*place] as i64));
        Ok((0..numbers.len()).filter(inside).collect())
    }

    fn bound(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        bound: &'p FrameBound,
        own: i64,
    ) -> Result<i64, Fault> {
        let (offset, sign) = match bound {
            FrameBound::UnboundedPreceding => return Ok(i64::MIN),
            FrameBound::UnboundedFollowing => return Ok(i64::MAX),
            FrameBound::CurrentRow => return Ok(own),
            FrameBound::Preceding(offset) => (offset, -1),
            FrameBound::Following(offset) => (offset, 1),
        };
        let offset = self.value(frame, At::row(at.scope), offset)?;
        match compared(BinaryOp::GreaterEqual, &offset, &Value::Int(0)).is_true() {
            true => Ok(own.saturating_add(offset.int().saturating_mul(sign))),
            false => Err(fault("22013")),
        }
    }

    /// A function of the rows of a frame.
    fn of_frame(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        call: &'p FunctionCall,
        ty: &Type,
        numbers: &[usize],
    ) -> Result<Value, Fault> {
        let (peers, number) = at.peers.expect("rows");
        let mut rows: Vec<Row> = Vec::new();
        for other in numbers {
            let at = peer(at, peers, *other);
            if call.filter.as_ref().map_or(Ok(true), |filter| self.holds(frame, at, filter))? {
                rows.push(self.values(frame, at, &call.arguments)?);
            }
        }
        let chosen = match call.function.name {
            "first_value" => rows.first(),
            "last_value" => rows.last(),
            "nth_value" => match self.value(frame, peer(at, peers, number), &call.arguments[1])? {
                Value::Null => None,
                Value::Int(place) if place > 0 => rows.get(place as usize - 1),
                _ => return Err(fault("22016")),
            },
            name => return Ok(of_rows(name, &rows, ty)),
        };
        Ok(chosen.map_or(Value::Null, |row| row[0].clone()))
    }
}
