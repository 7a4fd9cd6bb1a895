//! Another host than the cloud's.

use super::{Part, RequestError};

/// A host with an optional port, as the `Host` field line carries it.
///
/// ```
/// use graph_call::http::Host;
///
/// assert_eq!(Host::new("localhost:8443")?.as_str(), "localhost:8443");
/// assert_eq!(Host::new("[::1]:443")?.as_str(), "[::1]:443");
/// assert!(Host::new("localhost:0x1").is_err());
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Host<'a>(&'a str);

impl<'a> Host<'a> {
    /// Checks `uri-host [ ":" port ]`: a DNS name, an IPv4 address, or an IPv6 address in brackets.
    ///
    /// # Errors
    /// An empty or overlong host, a byte that belongs to none of them, a port that is not 1 to 65535.
    pub fn new(host: &'a str) -> Result<Self, RequestError> {
        Part::Host.check(host.as_bytes(), |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':' | b'[' | b']')
        })?;
        let wrong = |offset| Err(RequestError::Byte { part: Part::Host, offset });
        let (name, port) = match host.strip_prefix('[') {
            Some(bracketed) => {
                let Some((address, after)) = bracketed.split_once(']') else { return wrong(0) };
                if let Some(at) =
                    address.bytes().position(|b| !(b.is_ascii_hexdigit() || b == b':' || b == b'.'))
                {
                    return wrong(at.saturating_add(1));
                }
                match after.strip_prefix(':') {
                    _ if after.is_empty() => (address, None),
                    Some(port) => (address, Some(port)),
                    None => return wrong(address.len().saturating_add(2)),
                }
            }
            None => {
                if let Some(at) = host.bytes().position(|b| matches!(b, b'[' | b']')) {
                    return wrong(at);
                }
                match host.split_once(':') {
                    Some((name, port)) => (name, Some(port)),
                    None => (host, None),
                }
            }
        };
        if name.is_empty() {
            return Err(RequestError::Empty(Part::Host));
        }
        match port {
            Some(digits) if !is_port(digits) => wrong(host.len().saturating_sub(digits.len())),
            _ => Ok(Self(host)),
        }
    }

    /// The host as given.
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

/// `port = 1*5DIGIT`, from 1 to 65535.
fn is_port(digits: &str) -> bool {
    digits.len() <= 5
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.parse::<u16>().is_ok_and(|port| port != 0)
}
