//! What comes of an exchange.

use crate::GraphError;
use crate::http::head::{self, Head};

/// What the exchange came to.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reply<'x, const TEXT: usize = 256> {
    /// Status 200: the call handed in is what the service sent.
    Call,
    /// Any other status; the call handed in is empty. Redirects are not followed.
    Error(Refusal<'x, TEXT>),
}

/// An answer that is not a call.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Refusal<'x, const TEXT: usize = 256> {
    /// Status, request ids, how long to wait, where the call might be instead.
    pub head: Head<'x>,
    /// What the service said, as far as it can be read: empty if that was nothing, is not JSON, or came in a
    /// coding that was not asked for.
    pub error: &'x GraphError<TEXT>,
    /// The beginning of content that is not JSON, where a proxy answers instead of the service.
    pub excerpt: Option<&'x str>,
}

/// What an exchange met.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Item<'x> {
    /// A line of the head.
    Head(head::Item<'x>),
    /// The answer is complete: there is a [`Reply`].
    Done,
}
