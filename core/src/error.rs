//! Who is at fault, whatever the error is about.

/// The party whose change makes an error go away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Culprit {
    /// The program that calls this crate: a wrong argument or a wrong order of calls.
    Caller,
    /// The other end of the connection: it sent what the standards forbid.
    Peer,
    /// A capacity of this program: the answer was legal, and larger than the room given.
    Capacity,
}
