//! How a driver does its work.

use graph_call::job::{Did, Fault};

/// The hands of a driver: with good ones everything is done at once and as asked.
#[derive(Clone, Debug)]
pub struct Hands {
    /// Bytes of its buffer.
    pub buffer: usize,
    /// Milliseconds that a connection takes.
    pub latency: u64,
    /// What decides where it does less: used up, the hands are good.
    whims: Vec<u8>,
    at: usize,
    cancel_in: Option<usize>,
    /// Whether futures are dropped, and the clock jumps.
    pub is_dropping: bool,
    /// Whether the clock jumps.
    pub is_jumping: bool,
}

impl Hands {
    /// Hands that do everything at once.
    pub const fn good() -> Self {
        Self {
            buffer: 512,
            latency: 20,
            whims: Vec::new(),
            at: 0,
            cancel_in: None,
            is_dropping: false,
            is_jumping: false,
        }
    }

    /// Hands that do things piecemeal, wake early and answer late, as these bytes decide.
    pub fn clumsy(buffer: usize, whims: Vec<u8>) -> Self {
        Self { buffer: buffer.max(1), whims, ..Self::good() }
    }

    /// The same, which drop a future now and then.
    #[must_use]
    pub const fn dropping(mut self) -> Self {
        self.is_dropping = true;
        self
    }

    /// The same, with a clock that jumps.
    #[must_use]
    pub const fn jumping(mut self) -> Self {
        self.is_jumping = true;
        self
    }

    fn whim(&mut self) -> u8 {
        let whim = self.whims.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        whim
    }

    /// How much of so many bytes is done.
    pub fn some(&mut self, most: usize) -> usize {
        match self.whim() {
            0 => most,
            whim => (usize::from(whim) % 40 + 1).min(most),
        }
    }

    /// Whether the future is dropped now.
    pub fn drops(&mut self) -> bool {
        if let Some(steps) = self.cancel_in {
            self.cancel_in = steps.checked_sub(1);
            return steps == 0;
        }
        self.is_dropping && self.whim() % 8 == 7
    }

    /// Drops the future of this step, the first being 0, and no other.
    pub const fn cancel_at(&mut self, step: usize) {
        self.cancel_in = Some(step);
    }

    /// Drops no more futures.
    pub fn tire(&mut self) {
        self.at += 1;
    }

    /// When the driver wakes up.
    pub fn wake(&mut self, now: u64, until: u64) -> u64 {
        match self.whim() {
            0 => until,
            whim => now + (until.saturating_sub(now)) * u64::from(whim) / 255,
        }
    }

    /// What it says when there is nothing to say, or what was never asked.
    pub fn idle(&mut self) -> Did {
        match self.whim() % 16 {
            9 => Did::Sent(3),
            10 => Did::Received(0),
            11 => Did::Connected { kept: true },
            12 => Did::Failed(Fault::Reset),
            13 => Did::Ended(super::CLOSED),
            _ => Did::Nothing,
        }
    }

    /// What it says when the time is over.
    pub fn late(&mut self) -> Did {
        if self.whim() % 2 == 1 { Did::Failed(Fault::Timeout) } else { Did::Nothing }
    }

    /// The clock jumps, or not.
    pub fn jump(&mut self, now: &mut u64) -> bool {
        if !self.is_jumping {
            return false;
        }
        match self.whim() {
            250..=252 => *now = now.saturating_sub(3_600_000),
            253 => *now = now.saturating_add(7_200_000),
            254 => *now = 0,
            255 => *now = u64::MAX - 1_000_000,
            _ => return false,
        }
        true
    }
}
