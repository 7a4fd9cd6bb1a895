//! How much of a call is kept, and how much room a session has: the two presets, and what they come to in bytes.

use graph_call::job;

#[cfg(feature = "tiny")]
mod chosen {
    /// The capacities of a call for the smallest devices.
    pub(crate) type Capacities = graph_call::capacity::Tiny;
    /// Heads of 512 bytes, tokens of 2 KiB, messages of 128 bytes.
    pub(crate) type Session = super::job::Session<512, 2048, 128>;
}

#[cfg(not(feature = "tiny"))]
mod chosen {
    /// The standard capacities of a call.
    pub(crate) type Capacities = graph_call::capacity::Standard;
    /// Heads of 2 KiB, tokens of 4 KiB, messages of 256 bytes.
    pub(crate) type Session = super::job::Session<2048, 4096, 256>;
}

pub(crate) use chosen::{Capacities, Session};

pub(crate) type Model = graph_call::Call<Capacities>;
pub(crate) type Identity = graph_call::Identity<Capacities>;
pub(crate) type IdentitySet = graph_call::IdentitySet<Capacities>;
