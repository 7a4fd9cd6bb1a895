//! Time that only goes on, whatever the driver's clock does; and numbers of chance.

/// Milliseconds that have passed, by a clock that may be set back: then no time has passed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// The driver's last reading.
    last: u64,
    passed: u64,
}

impl Clock {
    pub(super) const NEW: Self = Self { last: 0, passed: 0 };

    /// Takes a reading of the driver's clock, and says what has passed.
    pub(super) fn tick(&mut self, now: u64) -> u64 {
        self.passed = self.passed.saturating_add(now.saturating_sub(self.last));
        self.last = now;
        self.passed
    }

    /// What has passed, by the last reading.
    pub(super) const fn now(&self) -> u64 {
        self.passed
    }

    /// What a time of this clock is by the driver's.
    pub(super) const fn outside(&self, time: u64) -> u64 {
        self.last.saturating_add(time.saturating_sub(self.passed))
    }
}

/// Numbers that look like chance: SplitMix64, whose steps are a constant and a mix.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A number from 0 to a limit; one beyond 32 bits counts as the largest of these.
    pub(super) fn up_to(&mut self, limit: u64) -> u64 {
        // By the upper half of a product, since a device has no division of 64 bits.
        let limit = limit.min(u64::from(u32::MAX));
        (self.next() >> 32).wrapping_mul(limit.wrapping_add(1)) >> 32
    }
}
