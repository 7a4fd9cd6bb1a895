//! The fields that are known, and what each of them decides.

use super::span::Span;
use crate::http::ErrorKind;
use crate::http::field_name::{FieldName, is_same};

/// The number of fields before `ContentLength`.
const KEPT_COUNT: usize = 9;

/// A value that a head keeps.
#[derive(Clone, Copy, Debug, Default)]
enum Kept {
    #[default]
    Absent,
    Omitted,
    At(Span),
}

/// What the media type says of the content.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Media {
    /// Nothing, or nothing that is of use here.
    Other,
    /// `application/json`.
    Json,
    /// A type with the suffix `+json`.
    JsonSuffix,
}

/// What the field lines of one head amount to.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) status: u16,
    pub(super) minor_version: u8,
    pub(super) is_chunked: bool,
    pub(super) media: Media,
    pub(super) is_coded: bool,
    pub(super) content_length: Option<usize>,
    says_close: bool,
    says_keep_alive: bool,
    kept: [Kept; KEPT_COUNT],
}

impl Fields {
    /// No field lines yet, as zeros.
    pub(super) const NONE: Self = Self {
        status: 0,
        minor_version: 0,
        is_chunked: false,
        media: Media::Other,
        is_coded: false,
        content_length: None,
        says_close: false,
        says_keep_alive: false,
        kept: [Kept::Absent; KEPT_COUNT],
    };

    /// Takes what a field decides, and says which part of its value is to be kept.
    pub(super) fn take<'v>(
        &mut self,
        name: FieldName,
        value: &'v [u8],
        is_cut: bool,
        is_folded: bool,
    ) -> Result<Option<&'v [u8]>, ErrorKind> {
        let decides =
            matches!(name, FieldName::ContentLength | FieldName::TransferEncoding | FieldName::Connection);
        if is_cut && decides {
            return Err(ErrorKind::FieldTooLong(name));
        }
        // Who does not know folding sees another value, and with it another end of the content.
        if is_folded && decides {
            return Err(ErrorKind::ObsFold);
        }
        let is_first = matches!(self.kept.get(name as usize), Some(Kept::Absent));
        let mut list = Some(value);
        match name {
            FieldName::ContentLength => {
                while let Some(length) = next_element(&mut list) {
                    let length = content_length(length).ok_or(ErrorKind::InvalidContentLength)?;
                    // Two of 4 GiB or more cannot be told from each other in a word of 32 bits, and so nowhere.
                    let is_vague = length >= u32::MAX as usize;
                    if self.content_length.is_some_and(|other| is_vague || other != length) {
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
            FieldName::ContentType => {
                return self.take_types(value, is_cut, is_first);
            }
            // Only of the scheme that this client speaks.
            FieldName::WwwAuthenticate if !is_same(split(value, b' ').0, "Bearer") => return Ok(None),
            _ => {}
        }
        if is_first && is_cut {
            self.keep(name as u8, None);
        }
        Ok((is_first && !is_cut).then_some(value))
    }

    /// Takes the media types of a line, without their parameters: one, or several where something on the
    /// way has joined lines. Those that differ in what they decide leave open what the content is: a 200 must
    /// not have them, and a refusal then has none.
    fn take_types<'v>(
        &mut self,
        value: &'v [u8],
        is_cut: bool,
        mut is_first: bool,
    ) -> Result<Option<&'v [u8]>, ErrorKind> {
        let mut kept = None;
        let mut list = Some(value);
        while let Some(element) = next_element(&mut list) {
            let (media_type, parameters) = split(element, b';');
            let is_whole = !is_cut || parameters.is_some() || list.is_some();
            let media = if !is_whole {
                self.keep(FieldName::ContentType as u8, None);
                Media::Other
            } else if is_same(media_type, "application/json") {
                Media::Json
            } else if media_type.last_chunk::<5>().is_some_and(|suffix| is_same(suffix, "+json")) {
                Media::JsonSuffix
            } else {
                Media::Other
            };
            if core::mem::take(&mut is_first) {
                self.media = media;
                kept = is_whole.then_some(media_type);
            } else if media != self.media {
                if self.status == 200 {
                    return Err(ErrorKind::ContentTypeConflict);
                }
                self.media = Media::Other;
                self.keep(FieldName::ContentType as u8, None);
                kept = None;
            }
        }
        Ok(kept)
    }

    /// Remembers where a value was put; `None` if it did not fit.
    // One copy in flash: inlined into every caller it costs more than it saves.
    #[inline(never)]
    pub(super) fn keep(&mut self, number: u8, place: Option<Span>) {
        if let Some(kept) = self.kept.get_mut(usize::from(number)) {
            *kept = place.map_or(Kept::Omitted, Kept::At);
        }
    }

    /// Leaves out every value that must not be shown, as if it had not fit.
    pub(super) fn hide(&mut self, text: &[u8], is_secret: &dyn Fn(&[u8]) -> bool) {
        for kept in &mut self.kept {
            if let Kept::At(place) = kept
                && is_secret(place.of(text))
            {
                *kept = Kept::Omitted;
            }
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

/// `Content-Length = 1*DIGIT`, at most 19 of them behind zeros; a number beyond the address space is the
/// largest in it.
fn content_length(digits: &[u8]) -> Option<usize> {
    let mut length = 0_usize;
    let mut count = 0_usize;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        length = length.saturating_mul(10).saturating_add(usize::from(digit & 0x0f));
        count = count.wrapping_add(usize::from(length > 0));
    }
    (!digits.is_empty() && count <= 19).then_some(length)
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
    (trim(before).1, at.and_then(|_| rest.get(1..)))
}

/// A value without the space around it, and how much of that stands before it.
// One copy in flash: inlined into every caller it costs more than it saves.
#[inline(never)]
pub(super) fn trim(value: &[u8]) -> (usize, &[u8]) {
    let rest = value.trim_ascii_start();
    (value.len().wrapping_sub(rest.len()), rest.trim_ascii_end())
}
