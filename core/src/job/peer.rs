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
        let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, after)) => (address, after.strip_prefix(':')),
            None => host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port))),
        };
        Self { host: name, port: port.and_then(|port| port.parse().ok()).unwrap_or(default), is_plain }
    }
}
