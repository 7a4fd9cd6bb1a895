//! The fields that are known, and what each of them decides.

use core::fmt;

use super::Span;
use crate::http::{ErrorKind, challenge};

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
            const ALL: &[(Self, &str)] = &[$((Self::$variant, $name),)+];
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
    ContentLength = "Content-Length",
    TransferEncoding = "Transfer-Encoding",
    Connection = "Connection",
}

/// The number of fields before `ContentLength`.
const KEPT_COUNT: usize = 8;

impl FieldName {
    /// The field of a name in any case.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        let mut rows = Self::ALL.iter();
        rows.find(|(_, known)| known.as_bytes().eq_ignore_ascii_case(name)).map(|(field, _)| *field)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = Self::ALL.iter();
        f.write_str(rows.find(|(field, _)| field == self).map_or("", |(_, name)| name))
    }
}

/// A value that a head keeps.
#[derive(Clone, Copy, Debug, Default)]
enum Kept {
    #[default]
    Absent,
    Omitted,
    At(Span),
}

/// What the field lines of one head amount to.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) status: u16,
    pub(super) minor_version: u8,
    pub(super) is_chunked: bool,
    pub(super) is_json: bool,
    pub(super) content_length: Option<u64>,
    says_close: bool,
    says_keep_alive: bool,
    kept: [Kept; KEPT_COUNT],
}

impl Fields {
    pub(super) const fn new(status: u16, minor_version: u8) -> Self {
        Self {
            status,
            minor_version,
            is_chunked: false,
            is_json: false,
            content_length: None,
            says_close: false,
            says_keep_alive: false,
            kept: [Kept::Absent; KEPT_COUNT],
        }
    }

    /// Takes what a field decides, and says which part of its value is worth keeping.
    pub(super) fn take<'v>(
        &mut self,
        name: FieldName,
        value: &'v [u8],
        is_cut: bool,
    ) -> Result<Option<&'v [u8]>, ErrorKind> {
        let decides =
            matches!(name, FieldName::ContentLength | FieldName::TransferEncoding | FieldName::Connection);
        if is_cut && decides {
            return Err(ErrorKind::FieldTooLong(name));
        }
        match name {
            FieldName::ContentLength => {
                for length in value.split(|&byte| byte == b',') {
                    let length =
                        content_length(length.trim_ascii()).ok_or(ErrorKind::InvalidContentLength)?;
                    if self.content_length.is_some_and(|other| other != length) {
                        return Err(ErrorKind::ContentLengthConflict);
                    }
                    self.content_length = Some(length);
                }
            }
            FieldName::TransferEncoding => {
                if self.is_chunked || !value.eq_ignore_ascii_case(b"chunked") {
                    return Err(ErrorKind::UnsupportedTransferCoding);
                }
                self.is_chunked = true;
            }
            FieldName::Connection => {
                for option in value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
                    self.says_close |= option.eq_ignore_ascii_case(b"close");
                    self.says_keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
                }
            }
            // Only the media type; what follows it, cut or not, means nothing here.
            FieldName::ContentType => {
                let media_type =
                    value.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii_end();
                self.is_json = media_type.eq_ignore_ascii_case(b"application/json");
                return Ok((!is_cut || media_type.len() < value.len()).then_some(media_type));
            }
            _ => return Ok((!is_cut).then_some(value)),
        }
        Ok(None)
    }

    /// Whether a value of this name is still wanted: the first one is, and a later challenge that asks for claims.
    pub(super) fn wants(&self, name: FieldName, value: &[u8]) -> bool {
        match self.kept.get(name as usize) {
            Some(Kept::Absent) => true,
            Some(_) => {
                name == FieldName::WwwAuthenticate
                    && core::str::from_utf8(value).is_ok_and(|value| challenge::claims(value).is_some())
            }
            None => false,
        }
    }

    /// Remembers where a value was put; `None` if it did not fit.
    pub(super) fn keep(&mut self, name: FieldName, place: Option<Span>) {
        if let Some(kept) = self.kept.get_mut(name as usize) {
            *kept = place.map_or(Kept::Omitted, Kept::At);
        }
    }

    pub(super) fn kept(&self, name: FieldName) -> Option<Span> {
        match self.kept.get(name as usize) {
            Some(Kept::At(place)) => Some(*place),
            _ => None,
        }
    }

    pub(super) fn is_omitted(&self, name: FieldName) -> bool {
        matches!(self.kept.get(name as usize), Some(Kept::Omitted))
    }

    /// What only the whole head can break.
    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        match self {
            Self { is_chunked: true, content_length: Some(_), .. } => {
                Err(ErrorKind::LengthAndTransferEncoding)
            }
            Self { is_chunked: true, minor_version: 0, .. } => Err(ErrorKind::TransferEncodingInHttp10),
            _ => Ok(()),
        }
    }

    pub(super) fn is_persistent(&self) -> bool {
        !self.says_close && (self.minor_version > 0 || self.says_keep_alive)
    }
}

/// `Content-Length = 1*DIGIT`, at most 2^64 - 1.
fn content_length(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |length, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then_some(())?;
        length.checked_mul(10)?.checked_add(u64::from(digit))
    })
}
