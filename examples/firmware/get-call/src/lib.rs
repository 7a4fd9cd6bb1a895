//! What the examples of this package share: the call of their board, and a connection that plays a recording.

#![no_std]

mod recorded;

pub use recorded::Recorded;

/// The call of these programs: the standard one, or the tiny one where all of the RAM is 16 KB.
#[cfg(not(small_board))]
pub type Call = graph_call::Call;
/// The call of these programs: the standard one, or the tiny one where all of the RAM is 16 KB.
#[cfg(small_board)]
pub type Call = graph_call::TinyCall;
