//! What comes of an exchange.

use crate::GraphError;
use crate::http::head::{self, Head};

/// What the exchange came to.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reply<'x, const TEXT: usize = 256> {
    /// Status 200: the call handed in is what the service sent.
    Call,
    /// Any other status, whether its content is complete or not; the call handed in is empty. Redirects are not
    /// followed.
    Error(Refusal<'x, TEXT>),
}

/// An answer that is not a call.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Refusal<'x, const TEXT: usize = 256> {
    /// Status, request ids, how long to wait, where the call might be instead.
    pub head: Head<'x>,
    /// What its content says.
    pub said: Said<'x, TEXT>,
    /// Whether the content was read to its end. If not, the connection ended before it, its framing or what
    /// should be JSON is broken, or it is longer than what is read of a refusal.
    pub is_complete: bool,
}

/// What is known of the content of a refusal.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Said<'x, const TEXT: usize = 256> {
    /// Nothing: there is no content, or it came in a coding that was not asked for.
    Nothing,
    /// Content that is JSON by its type: what can be read of it, which may be nothing.
    Error(&'x GraphError<TEXT>),
    /// The beginning of content of another type, with `?` for every byte that is not printable ASCII. It is
    /// no message of the service: something on the way has answered instead.
    Excerpt(&'x str),
}

impl<'x, const TEXT: usize> Refusal<'x, TEXT> {
    /// What the service said, if the content is JSON by its type.
    pub fn error(&self) -> Option<&'x GraphError<TEXT>> {
        match self.said {
            Said::Error(error) => Some(error),
            _ => None,
        }
    }

    /// The beginning of content that is not JSON by its type.
    pub fn excerpt(&self) -> Option<&'x str> {
        match self.said {
            Said::Excerpt(excerpt) => Some(excerpt),
            _ => None,
        }
    }

    /// Whether the content has the form in which Microsoft Graph refuses: an `error` object with a `code`.
    /// Else something on the way has answered, or a service that is not Graph.
    ///
    /// ```
    /// use graph_call::{Call, Exchange, Reply};
    ///
    /// let mut exchange = Exchange::<512>::new();
    /// let answer = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>";
    /// exchange.feed(&mut Call::new(), answer)?;
    /// let Some(Reply::Error(refusal)) = exchange.reply() else { return Err("no refusal".into()) };
    /// assert!(!refusal.is_graph());
    /// assert_eq!((refusal.head.status(), refusal.excerpt()), (404, Some("<p/>")));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn is_graph(&self) -> bool {
        self.error().is_some_and(|error| error.code.as_str().is_some() || error.code.is_omitted())
    }
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
