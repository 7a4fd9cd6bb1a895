//! The numbers of a job: how often, how long, how far apart. All times are milliseconds.

/// How often a job tries, and how long it waits for what.
///
/// Nothing is endless: each phase of an attempt has its time, and a reading with all its attempts, waits and
/// sign-ins has one too. What a peer sends piece by piece does not lengthen any of them.
///
/// ```
/// use graph_call::job::Policy;
///
/// let patient = Policy { attempts: 6, reading: 300_000, ..Policy::DEFAULT };
/// assert_eq!(patient.wait_first, 3_000);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Policy {
    /// Attempts of one reading, the first one included; 0 counts as 1. Both hosts share them.
    pub attempts: u8,
    /// The wait before the second attempt; it doubles for each further one.
    pub wait_first: u64,
    /// The shortest wait, whatever the service asks for.
    pub wait_min: u64,
    /// The longest wait. A service that asks for more is not waited for.
    pub wait_max: u64,
    /// The most that chance adds to a wait, so that many clients do not return together. It never decides what
    /// a reading comes to: the time of a reading is charged with all of it.
    pub jitter: u64,
    /// From a host name to a connection, the TLS handshake included.
    pub connect: u64,
    /// To hand over the whole request.
    pub send: u64,
    /// From the end of the request to the first byte of its answer.
    pub first_byte: u64,
    /// From the first byte of the answer to the last.
    pub answer: u64,
    /// To bring a token, where it comes from outside.
    pub token: u64,
    /// One reading: sign-in, all attempts, and the waits between them.
    pub reading: u64,
    /// A token with less than this left is renewed before it is used; the old one serves if that fails.
    pub renew_before: u64,
    /// After a renewal that failed, a token that is still valid is used for so long before the next one.
    pub renew_again: u64,
    /// The lifetime of a token whose answer does not state one.
    pub lifetime: u64,
}

impl Policy {
    /// Four attempts, waits of 3, 6 and 12 s plus up to 1 s, none beyond 180 s; 20 s to connect, 15 s to send,
    /// 30 s to the first byte, 30 s to the last, 100 s for a reading.
    pub const DEFAULT: Self = Self {
        attempts: 4,
        wait_first: 3_000,
        wait_min: 1_000,
        wait_max: 180_000,
        jitter: 1_000,
        connect: 20_000,
        send: 15_000,
        first_byte: 30_000,
        answer: 30_000,
        token: 30_000,
        reading: 100_000,
        renew_before: 300_000,
        renew_again: 30_000,
        lifetime: 3_600_000,
    };
}

impl Default for Policy {
    fn default() -> Self {
        Self::DEFAULT
    }
}
