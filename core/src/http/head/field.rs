//! The fields that are known, and what each of them decides.

use core::fmt;

use super::Span;
use crate::http::ErrorKind;

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
    ContentEncoding = "Content-Encoding",
}

/// The number of fields before `ContentLength`.
const KEPT_COUNT: usize = 8;

impl FieldName {
    /// The field of a name in any case.
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        let mut rows = Self::ALL.iter();
        rows.find(|(_, known)| is_same(name, known)).map(|(field, _)| *field)
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
    pub(super) is_coded: bool,
    pub(super) content_length: Option<usize>,
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
            is_coded: false,
            content_length: None,
            says_close: false,
            says_keep_alive: false,
            kept: [Kept::Absent; KEPT_COUNT],
        }
    }

    /// Takes what a field decides, and says which part of its value is to be kept.
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
        let is_first = matches!(self.kept.get(name as usize), Some(Kept::Absent));
        let mut list = Some(value);
        let (value, is_cut) = match name {
            FieldName::ContentLength => {
                while let Some(length) = next_element(&mut list) {
                    let length = content_length(length).ok_or(ErrorKind::InvalidContentLength)?;
                    if self.content_length.is_some_and(|other| other != length) {
                        return Err(ErrorKind::ContentLengthConflict);
                    }
                    self.content_length = Some(length);
                }
                return Ok(None);
            }
            FieldName::TransferEncoding => {
                if self.is_chunked || !is_same(value, "chunked") {
                    return Err(ErrorKind::UnsupportedTransferCoding);
                }
                self.is_chunked = true;
                return Ok(None);
            }
            FieldName::Connection => {
                while let Some(option) = next_element(&mut list) {
                    self.says_close |= is_same(option, "close");
                    self.says_keep_alive |= is_same(option, "keep-alive");
                }
                return Ok(None);
            }
            // `Content-Encoding = #content-coding` (RFC 9110, section 8.4). The request says that none is
            // acceptable; a refusal is one all the same.
            FieldName::ContentEncoding => {
                self.is_coded |= is_cut || !(value.is_empty() || is_same(value, "identity"));
                if self.is_coded && self.status == 200 {
                    return Err(ErrorKind::UnsupportedContentCoding);
                }
                return Ok(None);
            }
            // Only the media type; what follows it, cut or not, means nothing here.
            FieldName::ContentType => {
                let (media_type, parameters) = split(value, b';');
                self.is_json |= is_first && is_same(media_type, "application/json");
                (media_type, is_cut && parameters.is_none())
            }
            // Only of the scheme that this client speaks.
            FieldName::WwwAuthenticate if !is_same(split(value, b' ').0, "Bearer") => return Ok(None),
            _ => (value, is_cut),
        };
        if is_first && is_cut {
            self.keep(name as u8, None);
        }
        Ok((is_first && !is_cut).then_some(value))
    }

    /// Remembers where a value was put; `None` if it did not fit.
    // One copy in flash: inlined into every caller it costs more than it saves.
    #[inline(never)]
    pub(super) fn keep(&mut self, number: u8, place: Option<Span>) {
        if let Some(kept) = self.kept.get_mut(usize::from(number)) {
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

/// `Content-Length = 1*DIGIT`, at most 19 of them; a number beyond the address space is the largest in
/// it.
fn content_length(digits: &[u8]) -> Option<usize> {
    let is_number = digits.iter().all(u8::is_ascii_digit) && (1..=19).contains(&digits.len());
    let append =
        |length: usize, digit: &u8| length.saturating_mul(10).saturating_add(usize::from(digit & 0x0f));
    is_number.then(|| digits.iter().fold(0, append))
}

/// Takes the next element off a list, `#element = [ element *( OWS "," OWS element ) ]`.
fn next_element<'v>(list: &mut Option<&'v [u8]>) -> Option<&'v [u8]> {
    let (element, rest) = split(list.take()?, b',');
    *list = rest;
    Some(element)
}

/// What stands before a mark, without the space around it, and what after it, if it is there.
// One copy in flash: inlined into every caller it costs more than it saves.
#[inline(never)]
fn split(value: &[u8], mark: u8) -> (&[u8], Option<&[u8]>) {
    let at = value.iter().position(|&byte| byte == mark);
    let (before, rest) = value.split_at_checked(at.unwrap_or(value.len())).unwrap_or_default();
    (before.trim_ascii(), at.and_then(|_| rest.get(1..)))
}

/// Whether a name or token is this one, in any case.
// One copy in flash: inlined into every caller it costs more than it saves.
#[inline(never)]
fn is_same(value: &[u8], token: &str) -> bool {
    value.eq_ignore_ascii_case(token.as_bytes())
}
