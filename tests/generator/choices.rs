//! Choices taken one by one from a list of numbers. Where the list has come to its end every choice is the first one,
//! which everywhere is the simplest: a shorter list, or one of smaller numbers, makes a smaller program.

pub struct Choices {
    numbers: Vec<u64>,
    next: usize,
}

impl Choices {
    pub fn new(numbers: &[u64]) -> Choices {
        Choices { numbers: numbers.to_vec(), next: 0 }
    }

    fn next(&mut self) -> u64 {
        let number = self.numbers.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        number
    }

    /// From 0 to `count` - 1.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    /// From `low` to `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// True so often; never where the list has ended.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// One of some words.
    pub fn word(&mut self, all: &[&'static str]) -> &'static str {
        self.pick::<&'static str>(all)
    }
}
