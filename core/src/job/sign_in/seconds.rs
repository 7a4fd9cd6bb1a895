//! Seconds as token endpoints write them.

/// The longest life of a token that is believed: a year.
const MAX: u32 = 365 * 86_400;

/// A number of seconds: `3599`, `"3599"` or `3599.5`, of which the fraction does not count.
#[derive(Clone, Copy, Debug)]
pub(in crate::job) struct Seconds {
    value: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Absent,
    Digits,
    Fraction,
    Wrong,
}

impl Seconds {
    pub(in crate::job) const NONE: Self = Self { value: 0, state: State::Absent };

    /// Takes a piece of the number.
    pub(super) fn take(&mut self, bytes: &[u8], is_first: bool) {
        if is_first {
            *self = Self::NONE;
        }
        for &byte in bytes {
            self.state = match (self.state, byte) {
                (State::Absent | State::Digits, b'0'..=b'9') => {
                    let digit = u64::from(byte.wrapping_sub(b'0'));
                    self.value = self.value.saturating_mul(10).saturating_add(digit);
                    State::Digits
                }
                (State::Digits, b'.') => State::Fraction,
                (State::Fraction, b'0'..=b'9') => State::Fraction,
                _ => State::Wrong,
            };
        }
    }

    /// The number, if it is one.
    pub(in crate::job) fn get(self) -> Option<u64> {
        matches!(self.state, State::Digits | State::Fraction).then_some(self.value)
    }

    /// The number as a span of milliseconds, a year at most.
    pub(in crate::job) fn span(self) -> Option<u64> {
        Some(self.get()?.min(u64::from(MAX)).saturating_mul(1_000))
    }
}
