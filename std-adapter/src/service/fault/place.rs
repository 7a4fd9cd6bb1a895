//! Where in an answer a fault is, by names.

use core::fmt;
use core::str::FromStr;

/// A fault was named that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFault(pub(super) String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no fault is named {:?}", self.0)
    }
}

impl core::error::Error for UnknownFault {}

/// Makes an enumeration whose variants have a name each.
macro_rules! named {
    ($(#[$about:meta])* $type:ident { $($(#[$row:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[$row])* $variant,)*
        }

        impl FromStr for $type {
            type Err = UnknownFault;

            fn from_str(name: &str) -> Result<Self, UnknownFault> {
                match name {
                    $($name => Ok(Self::$variant),)*
                    _ => Err(UnknownFault(name.to_owned())),
                }
            }
        }
    };
}

named! {
    /// Where an answer stalls or ends. For the phases before a request, see [`WireFault`](super::WireFault).
    Phase {
        /// After the request, before the first byte.
        BeforeHead = "before-head",
        /// After half of the head.
        InHead = "in-head",
        /// After the head, before the first byte of the content.
        BeforeContent = "before-content",
        /// After half of the content.
        InContent = "in-content",
    }
}

named! {
    /// Where a refusal shows the secret of its request.
    Place {
        /// In the message of its error.
        Message = "message",
        /// In its content, which is plain text.
        Excerpt = "excerpt",
        /// As the ids of the request, in field lines and in the error.
        Id = "id",
        /// In field lines: the challenge, the location, the diagnostic.
        Field = "field",
    }
}
