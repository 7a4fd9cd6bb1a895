//! The names of the fields that are known.

use core::fmt;

/// Declares the known fields: one row is a variant and the name as it is usually written.
macro_rules! field_names {
    ($($variant:ident = $name:literal,)+) => {
        /// A known field.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum FieldName {
            $(#[doc = $name] $variant,)+
        }

        impl FieldName {
            const ALL: &[Self] = &[$(Self::$variant,)+];
            /// The names, one after the other, and their lengths.
            const NAMES: &str = concat!($($name,)+);
            const LENGTHS: &[u8] = &[$($name.len() as u8,)+];
        }
    };
}

// Those whose value is kept come first: their number is the index of the value.
field_names! {
    ContentType = "Content-Type",
    RequestId = "request-id",
    ClientRequestId = "client-request-id",
    Date = "Date",
    Diagnostic = "x-ms-ags-diagnostic",
    RetryAfter = "Retry-After",
    WwwAuthenticate = "WWW-Authenticate",
    Location = "Location",
    Server = "Server",
    ContentLength = "Content-Length",
    TransferEncoding = "Transfer-Encoding",
    Connection = "Connection",
    ContentEncoding = "Content-Encoding",
}

impl FieldName {
    /// The field of a name in any case.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        Self::rows().find(|(_, known)| name.len() == known.len() && is_same(name, known)).map(|row| row.0)
    }

    fn rows() -> impl Iterator<Item = (Self, &'static str)> {
        let mut rest = Self::NAMES;
        Self::ALL.iter().zip(Self::LENGTHS).map(move |(field, length)| {
            let (name, after) = rest.split_at_checked(usize::from(*length)).unwrap_or_default();
            rest = after;
            (*field, name)
        })
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::rows().find(|row| row.0 == *self).map_or("", |row| row.1))
    }
}

/// Whether a name or token is this one, in any case.
// One copy in flash: inlined into every caller it costs more than it saves.
#[inline(never)]
pub(super) fn is_same(value: &[u8], token: &str) -> bool {
    value.eq_ignore_ascii_case(token.as_bytes())
}
