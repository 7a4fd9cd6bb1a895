//! Time and processor time, in turns: every round lets each contender make some gets, each round beginning with another
//! one, and ratios are taken round by round. A machine that is slow for a while slows all.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::contender::Contender;

/// What one contender took, one figure for each round, in microseconds.
#[derive(Debug, Default)]
pub struct Series {
    /// The median time of a get.
    pub median: Vec<f64>,
    /// The processor time of a get, of all threads of this process.
    pub cpu: Vec<f64>,
}

/// Measures all, taking turns.
///
/// # Errors
///
/// What a client says.
pub fn measure(
    contenders: &mut [Box<dyn Contender>],
    rounds: usize,
    gets: usize,
) -> Result<Vec<Series>, String> {
    let mut all: Vec<Series> = contenders.iter().map(|_| Series::default()).collect();
    let mut times = vec![Duration::ZERO; gets];
    for contender in contenders.iter_mut() {
        contender.gets(&mut times)?;
    }
    for round in 0..rounds {
        for turn in 0..contenders.len() {
            let index = (turn + round) % contenders.len();
            let before = processor();
            contenders[index].gets(&mut times)?;
            let cpu = processor().saturating_sub(before);
            all[index].cpu.push(microseconds(cpu) / gets as f64);
            all[index].median.push(median(times.iter().copied().map(microseconds)));
        }
    }
    Ok(all)
}

/// The processor time that this process has had.
fn processor() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}

/// Microseconds.
pub fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The value in the middle.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    at(values, 0.5)
}

/// The median of the ratios of two series, round by round, and its quartiles.
pub fn ratio(own: &[f64], other: &[f64]) -> (f64, f64, f64) {
    let ratios = || own.iter().zip(other).map(|(own, other)| own / other);
    (at(ratios(), 0.25), at(ratios(), 0.5), at(ratios(), 0.75))
}

fn at(values: impl IntoIterator<Item = f64>, part: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let index = (values.len().saturating_sub(1) as f64 * part).round();
    values.get(index as usize).copied().unwrap_or(f64::NAN)
}
