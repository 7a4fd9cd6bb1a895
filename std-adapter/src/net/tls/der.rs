//! The few members of an X.509 certificate that a person is shown (RFC 5280, section 4.1).
//!
//! - takes: a certificate in DER
//! - gives: its names, its issuer, its validity, as text that is not safe to show yet
//! - keeps: nothing
//! - refuses: nothing aloud; what cannot be read is missing

use core::net::IpAddr;

use graph_call::DateTime;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANIZATION: &[u8] = &[0x55, 4, 10];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 29, 17];

/// What a certificate says.
#[derive(Debug, Default)]
pub(super) struct Certificate {
    /// DNS names and addresses of the subject.
    pub(super) names: Vec<String>,
    pub(super) issuer: String,
    pub(super) not_before: String,
    pub(super) not_after: String,
}

impl Certificate {
    /// Reads a certificate as far as it can be read.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let mut tbs = Der(Der(Der(der).next_of(SEQUENCE)?).next_of(SEQUENCE)?);
        if tbs.peek() == Some(VERSION) {
            tbs.next()?;
        }
        tbs.next_of(INTEGER)?;
        tbs.next_of(SEQUENCE)?;
        let issuer = distinguished_name(tbs.next_of(SEQUENCE)?);
        let mut validity = Der(tbs.next_of(SEQUENCE)?);
        let not_before = time(validity.next()?)?;
        let not_after = time(validity.next()?)?;
        let extensions = tbs.find_map(|(tag, value)| (tag == EXTENSIONS).then_some(value));
        let names = extensions.and_then(alternative_names).unwrap_or_default();
        Some(Self { names, issuer, not_before, not_after })
    }
}

/// A moment as a date: `2026-01-31 23:59:59 UTC`.
pub(super) fn date(unix_seconds: u64) -> String {
    // A clock after the year 9999 is wrong anyway.
    let DateTime { year, month, day, hour, minute, second, .. } =
        DateTime::from_unix(unix_seconds).unwrap_or(DateTime::UNIX_EPOCH);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// `Extensions ::= SEQUENCE OF SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`
fn alternative_names(extensions: &[u8]) -> Option<Vec<String>> {
    let value = Der(Der(extensions).next_of(SEQUENCE)?).find_map(|(_, extension)| {
        let mut extension = Der(extension);
        if extension.next_of(OID)? != SUBJECT_ALT_NAME {
            return None;
        }
        extension.find_map(|(tag, value)| (tag == OCTET_STRING).then_some(value))
    })?;
    let name = |(tag, value): (u8, &[u8])| match tag {
        DNS_NAME => Some(String::from_utf8_lossy(value).into_owned()),
        IP_ADDRESS => address(value).map(|address| address.to_string()),
        _ => None,
    };
    Some(Der(Der(value).next_of(SEQUENCE)?).filter_map(name).collect())
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

/// `Name ::= SEQUENCE OF SET OF SEQUENCE { type OID, value }`, of which the organisation and the common name are shown.
fn distinguished_name(name: &[u8]) -> String {
    let mut shown = Vec::new();
    for (_, set) in Der(name).filter(|(tag, _)| *tag == SET) {
        for (_, attribute) in Der(set) {
            let mut attribute = Der(attribute);
            let label = match attribute.next_of(OID) {
                Some(COMMON_NAME) => "CN",
                Some(ORGANIZATION) => "O",
                _ => continue,
            };
            if let Some((_, value)) = attribute.next() {
                shown.push(format!("{label}={}", String::from_utf8_lossy(value)));
            }
        }
    }
    if shown.is_empty() { "without a name".to_owned() } else { shown.join(", ") }
}

/// `Time ::= UTCTime (YYMMDDhhmmssZ) | GeneralizedTime (YYYYMMDDhhmmssZ)`
fn time((tag, value): (u8, &[u8])) -> Option<String> {
    let text = core::str::from_utf8(value).ok()?;
    let (century, rest) = match tag {
        // Section 4.1.2.5.1: years from 50 on are of the 20th century.
        UTC_TIME => (if text.get(..2)? >= "50" { "19" } else { "20" }, text),
        GENERALIZED_TIME => (text.get(..2)?, text.get(2..)?),
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2);
    let (year, month, day) = (part(0)?, part(2)?, part(4)?);
    Some(format!("{century}{year}-{month}-{day} {}:{}:{} UTC", part(6)?, part(8)?, part(10)?))
}

/// The elements of a DER value: tag and content of each.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The content of the next element, if it has this tag.
    fn next_of(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, value)| value)
    }
}

impl<'a> Iterator for Der<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let [tag, length, rest @ ..] = self.0 else { return None };
        let (length, rest) = match usize::from(*length) {
            short if short < 0x80 => (short, rest),
            long => {
                let (bytes, rest) = rest.split_at_checked(long - 0x80)?;
                if bytes.len() > size_of::<u32>() {
                    return None;
                }
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((*tag, value))
    }
}

#[cfg(test)]
mod tests {
    use super::{Certificate, date};

    #[test]
    fn seconds_are_dates() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (978_307_199, "2000-12-31 23:59:59 UTC"),
            (4_102_444_800, "2100-01-01 00:00:00 UTC"),
            (4_107_542_399, "2100-02-28 23:59:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
        ] {
            assert_eq!(date(seconds), text);
        }
    }

    #[test]
    fn what_is_no_certificate_says_nothing() {
        for bytes in [
            &b""[..],
            b"\x30",
            b"\x30\x80",
            b"\x30\x84\xff\xff\xff\xff",
            b"\x30\x03\x30\x01\xa0",
            &[0xff; 99],
        ] {
            assert!(Certificate::read(bytes).is_none(), "{bytes:?}");
        }
    }
}
