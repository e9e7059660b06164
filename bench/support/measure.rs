//! Ratios of things measured side by side: every round runs every shape, in an order that turns, and a ratio is taken
//! within its round. What slows the machine for a while slows both sides of it.

use std::time::Duration;

/// Times of several shapes, round by round.
pub struct Rounds {
    /// `times[shape][round]`, for one call.
    times: Vec<Vec<f64>>,
}

impl Rounds {
    /// No rounds of `shapes` shapes.
    pub fn new(shapes: usize) -> Rounds {
        Rounds { times: vec![Vec::new(); shapes] }
    }

    /// The order in which round `round` runs the shapes: each shape is at each place equally often, and forward and
    /// backward rounds take turns, so that no shape always follows the same other.
    pub fn order(&self, round: usize) -> Vec<usize> {
        let count = self.times.len();
        let mut order: Vec<usize> = (0..count).map(|place| (place + round / 2) % count).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        order
    }

    /// Notes that `shape` took `time` for `calls` calls in this round.
    pub fn note(&mut self, shape: usize, time: Duration, calls: usize) {
        self.times[shape].push(time.as_secs_f64() / calls as f64);
    }

    /// How many times as long as `base` the shape took: quartiles over the rounds.
    pub fn ratio(&self, shape: usize, base: usize) -> Quartiles {
        let pairs = self.times[shape].iter().zip(&self.times[base]);
        Quartiles::of(pairs.map(|(shape, base)| shape / base).collect())
    }

    /// The same from the fastest tenth of each shape's rounds, wherever they were: what is left when the machine was
    /// busy in most rounds.
    pub fn quiet_ratio(&self, shape: usize, base: usize) -> f64 {
        self.seconds(shape).tenth / self.seconds(base).tenth
    }

    /// Seconds a call of `shape` took: quartiles over the rounds.
    pub fn seconds(&self, shape: usize) -> Quartiles {
        Quartiles::of(self.times[shape].clone())
    }
}

/// The middle of some numbers and how far they spread.
#[derive(Clone, Copy, Debug)]
pub struct Quartiles {
    /// The least.
    pub least: f64,
    /// A tenth is below.
    pub tenth: f64,
    /// A quarter is below.
    pub lower: f64,
    /// Half is below.
    pub median: f64,
    /// A quarter is above.
    pub upper: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Quartiles {
    /// Of at least one number.
    pub fn of(mut numbers: Vec<f64>) -> Quartiles {
        numbers.sort_by(f64::total_cmp);
        let at = |part: f64| numbers[((numbers.len() - 1) as f64 * part).round() as usize];
        let [least, tenth, lower] = [0.0, 0.1, 0.25].map(at);
        Quartiles { least, tenth, lower, median: at(0.5), upper: at(0.75), greatest: at(1.0) }
    }

    /// `1.04 (1.01-1.08)`: the median, and between which values half of the rounds are.
    pub fn show(self) -> String {
        format!("{:.2} ({:.2}-{:.2})", self.median, self.lower, self.upper)
    }
}

/// Whether a goal was met, as a word.
pub fn verdict(ratio: Quartiles, goal: f64) -> &'static str {
    if ratio.median <= goal { "met" } else { "MISSED" }
}
