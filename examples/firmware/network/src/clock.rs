//! Milliseconds since the first look at the clock.

use smoltcp::time::Instant;

use crate::mmio::Registers;

const CTRL: usize = 0x0;
const VALUE: usize = 0x4;
const RELOAD: usize = 0x8;
const ENABLE: u32 = 1;
const TICKS_PER_MILLISECOND: u64 = 25_000;

/// A 64-bit clock on a 32-bit timer that counts down; it must be looked at once in 171 seconds.
pub struct Clock {
    timer: Registers,
    last: u32,
    ticks: u64,
}

impl Clock {
    /// Starts the timer.
    pub fn start() -> Self {
        let timer = Registers::TIMER1;
        timer.write(RELOAD, u32::MAX);
        timer.write(VALUE, u32::MAX);
        timer.write(CTRL, ENABLE);
        Self { last: timer.read(VALUE), timer, ticks: 0 }
    }

    /// The time.
    pub fn now(&mut self) -> Instant {
        Instant::from_millis((self.ticks() / TICKS_PER_MILLISECOND) as i64)
    }

    /// The ticks of the timer.
    pub fn ticks(&mut self) -> u64 {
        let value = self.timer.read(VALUE);
        self.ticks += u64::from(self.last.wrapping_sub(value));
        self.last = value;
        self.ticks
    }
}
