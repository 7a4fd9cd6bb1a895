//! The other end of a connection.

/// The other end of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Peer<'a> {
    /// A DNS name, or an address; IPv6 without brackets.
    pub host: &'a str,
    /// The port.
    pub port: u16,
    /// Whether there is no TLS: only for a token endpoint on the machine itself, as a managed identity has one.
    pub is_plain: bool,
}

impl<'a> Peer<'a> {
    /// The peer that a checked host names, with or without a port.
    pub(super) fn of(host: &'a str, is_plain: bool) -> Self {
        let default = if is_plain { 80 } else { 443 };
        // `IP-literal [ ":" port ]`, or a name or IPv4 address with a port: by bytes, which takes less flash than a search
        // for letters.
        let (mark, name_start, port_start) = if host.starts_with('[') { (b']', 1, 2) } else { (b':', 0, 1) };
        let end = host.bytes().position(|byte| byte == mark).unwrap_or(host.len());
        let (name, after) = host.split_at_checked(end).unwrap_or_default();
        let port = after.get(port_start..).and_then(|port| port.parse().ok());
        Self { host: name.get(name_start..).unwrap_or_default(), port: port.unwrap_or(default), is_plain }
    }
}
