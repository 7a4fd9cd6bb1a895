//! Time, as ratios inside one run.
//!
//! All parsers of a document take turns: in every round each runs for about [`TURN`], and the round's ratio
//! is that of two turns a few milliseconds apart. A machine that is slow for a while slows both.

use std::time::{Duration, Instant};

/// How long one parser runs before the next has its turn.
pub const TURN: Duration = Duration::from_micros(200);

/// One thing to measure.
pub type Work<'a> = Box<dyn FnMut() + 'a>;

/// Nanoseconds of one parser's work, one figure per round.
pub struct Times(Vec<f64>);

/// A median and the quartiles around it.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// A quarter of the rounds gave less.
    pub low: f64,
    /// Half of the rounds gave less.
    pub median: f64,
    /// A quarter of the rounds gave more.
    pub high: f64,
}

/// Measures all works, taking turns.
pub fn measure(works: &mut [Work<'_>], rounds: usize) -> Vec<Times> {
    let counts: Vec<u32> = works.iter_mut().map(|work| calibrate(work)).collect();
    let mut times: Vec<Times> = works.iter().map(|_| Times(Vec::with_capacity(rounds))).collect();
    for round in 0..rounds {
        for turn in 0..works.len() {
            // Each round starts with another parser, so that none always follows the same one.
            let index = (turn + round) % works.len();
            times[index].0.push(nanoseconds(&mut works[index], counts[index]));
        }
    }
    times
}

fn nanoseconds(work: &mut Work<'_>, count: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..count {
        work();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(count)
}

/// How often the work fits into one turn; this also warms it up.
fn calibrate(work: &mut Work<'_>) -> u32 {
    let turn = TURN.as_secs_f64() * 1e9;
    let mut count = 1;
    loop {
        // The fastest of some: one that was interrupted says nothing of the work.
        let fastest = (0..5).map(|_| nanoseconds(work, count)).fold(f64::INFINITY, f64::min);
        let elapsed = fastest * f64::from(count);
        if elapsed >= turn {
            return count;
        }
        count = if elapsed < turn / 8.0 { count * 4 } else { count + count / 4 + 1 };
    }
}

impl Times {
    /// How many times faster than another work this one is.
    pub fn speed_over(&self, other: &Self) -> Spread {
        Spread::of(other.0.iter().zip(&self.0).map(|(other, own)| other / own).collect())
    }

    /// Nanoseconds.
    pub fn nanoseconds(&self) -> Spread {
        Spread::of(self.0.clone())
    }
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |part: f64| values[((values.len() - 1) as f64 * part).round() as usize];
        Self { low: at(0.25), median: at(0.5), high: at(0.75) }
    }
}
