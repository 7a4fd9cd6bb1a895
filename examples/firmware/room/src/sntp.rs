//! The time of day by one datagram and its answer (RFC 5905, section 14): what is asked, and what is believed.

use crate::day;

/// The port of a server.
pub const PORT: u16 = 123;
/// The server that is asked; a product has a name of its own there.
pub const HOST: &str = "time.windows.com";
/// Milliseconds to wait for an answer before asking again.
pub const PATIENCE: u64 = 1_000;
/// How often a program without TLS asks before it goes on without a time.
pub const ATTEMPTS: u8 = 3;

/// The bytes of a request and of an answer without extensions.
pub const LENGTH: usize = 48;
/// From 1900 to 1970, in seconds.
const TO_UNIX: u64 = 2_208_988_800;
/// Seconds of an era, of which the second begins in 2036.
const ERA: u64 = 1 << 32;
/// Version 4, from a client.
const CLIENT: u8 = 4 << 3 | 3;
/// The mode of a server, in the three lowest bits.
const SERVER: u8 = 4;

/// A request. Its number, which may be any, comes back in the answer.
pub fn request(number: u64) -> [u8; LENGTH] {
    let mut request = [0; LENGTH];
    request[0] = CLIENT;
    request[40..].copy_from_slice(&number.to_be_bytes());
    request
}

/// The seconds since 1970 that an answer to the request with this number says; `None` of what is no answer, or is not
/// to be believed.
pub fn seconds(answer: &[u8], number: u64) -> Option<u64> {
    let is_answer =
        answer.len() >= LENGTH && answer[0] & 7 == SERVER && answer[24..32] == number.to_be_bytes();
    // A server that is not synchronised says so by stratum 0 or 16.
    if !is_answer || !matches!(answer[1], 1..=15) {
        return None;
    }
    let [a, b, c, d] = [answer[40], answer[41], answer[42], answer[43]];
    let since_1900 = u64::from(u32::from_be_bytes([a, b, c, d]));
    let in_era = |era: u64| {
        (since_1900 + era * ERA).checked_sub(TO_UNIX).filter(|&seconds| day::is_believable(seconds))
    };
    in_era(0).or_else(|| in_era(1))
}
