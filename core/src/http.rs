//! HTTP/1.1 without I/O: a request written, and an answer's head and framing read.
//!
//! ```text
//! Request -> bytes            bytes -> HeadParser -> Head
//!                                      Framing    -> content
//! ```
//!
//! If a [`Head`] comes out, it is RFC 9112: one status line, field lines without folding, and one way to
//! find the end of the content. If [`framing::Item::Content`] comes out, those bytes are content, with
//! the chunks taken off; if [`framing::Item::End`] comes out, none is missing. Nothing here knows what
//! the content means.

pub mod challenge;
mod cloud;
pub mod date;
mod error;
mod field_name;
pub mod framing;
pub mod head;
#[cfg(feature = "defmt")]
mod log;
mod member;
mod part;
mod request;
pub mod retry_after;

pub use cloud::{ApiVersion, Cloud};
pub use error::{Error, ErrorKind};
pub use field_name::FieldName;
pub use framing::{End, Framing};
pub use head::{Head, HeadParser};
pub use member::{ExpandMember, SelectMember};
pub use part::{AccessToken, CallId, ClientRequestId, Host, Part, RequestError, UserAgent};
pub use request::Request;
pub(crate) use request::Window;

/// The most that is read of one answer; more is an error that names the limit.
///
/// ```
/// use graph_call::http::Limits;
///
/// let device = Limits { head_bytes: 4096, field_lines: 32, content_bytes: 64 * 1024 };
/// assert!(device.head_bytes < Limits::DEFAULT.head_bytes);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Limits {
    /// Bytes of all heads together, those of 1xx answers included.
    pub head_bytes: usize,
    /// Field lines of all heads together.
    pub field_lines: usize,
    /// Bytes of content; `usize::MAX` is no limit.
    pub content_bytes: usize,
}

impl Limits {
    /// 16 KiB of head, 64 field lines, and content without a limit, for it is not stored.
    pub const DEFAULT: Self = Self { head_bytes: 16 * 1024, field_lines: 64, content_bytes: usize::MAX };

    /// How these limits differ from the default ones, bit by bit; the difference of that are the limits
    /// again. A parser in a `static` keeps the difference, for what is all zeros takes no flash.
    const fn difference(self) -> Self {
        Self {
            head_bytes: self.head_bytes ^ Self::DEFAULT.head_bytes,
            field_lines: self.field_lines ^ Self::DEFAULT.field_lines,
            content_bytes: self.content_bytes ^ Self::DEFAULT.content_bytes,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
