//! Answers as defmt logs them: field values may be personal, so only their names are shown.

use defmt::{Format, Formatter, write};

use super::framing;
use super::head::{FieldLine, Head, HeadParser, StatusLine};

impl Format for StatusLine<'_> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "HTTP/1.{=u8} {=u16} {=[u8]:a}", self.minor_version, self.status, self.reason);
    }
}

impl Format for FieldLine<'_> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "FieldLine({=[u8]:a})", self.name);
    }
}

impl Format for Head<'_> {
    fn format(&self, f: Formatter<'_>) {
        write!(
            f,
            "Head {{ status: {=u16}, content_length: {}, is_chunked: {=bool}, request_id: {} }}",
            self.status(),
            self.content_length(),
            self.is_chunked(),
            self.request_id()
        );
    }
}

impl<const N: usize> Format for HeadParser<N> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "HeadParser {{ offset: {=usize}, head: {} }}", self.offset(), self.head());
    }
}

impl Format for framing::Item<'_> {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Content(content) => write!(f, "Content({=usize} bytes)", content.len()),
            Self::End => write!(f, "End"),
        }
    }
}
