//! A stack that has a host under two addresses, of which the first leads nowhere.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use embedded_nal::{AddrType, Dns, TcpClientStack, TcpError, TcpErrorKind, nb};
use graph_call_std::Stack;

/// How the first address behaves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum First {
    /// It says that nobody listens.
    Refuses,
    /// It says nothing, as behind a firewall.
    IsSilent,
}

/// The names of this stack lead to `::1` first, where [`First`] rules, and to `127.0.0.1` when IPv4 is
/// asked for, by the system's stack.
#[derive(Debug)]
pub struct TwoFamilies {
    inner: Stack,
    first: First,
    /// Whether there is an IPv4 address at all; without it, every question has the IPv6 one for an answer.
    has_second: bool,
}

/// What such a stack reports.
#[derive(Debug)]
pub struct Nobody;

impl TcpError for Nobody {
    fn kind(&self) -> TcpErrorKind {
        TcpErrorKind::Other
    }
}

impl TwoFamilies {
    /// A stack with this first address.
    #[must_use]
    pub fn new(first: First, has_second: bool) -> Self {
        Self { inner: Stack::new(), first, has_second }
    }
}

fn nobody<E>(error: nb::Error<E>) -> nb::Error<Nobody> {
    error.map(|_| Nobody)
}

impl TcpClientStack for TwoFamilies {
    type TcpSocket = <Stack as TcpClientStack>::TcpSocket;
    type Error = Nobody;

    fn socket(&mut self) -> Result<Self::TcpSocket, Nobody> {
        self.inner.socket().map_err(|_| Nobody)
    }

    fn connect(&mut self, socket: &mut Self::TcpSocket, remote: SocketAddr) -> nb::Result<(), Nobody> {
        match (remote, self.first) {
            (SocketAddr::V4(_), _) => self.inner.connect(socket, remote).map_err(nobody),
            (_, First::Refuses) => Err(Nobody.into()),
            (_, First::IsSilent) => Err(nb::Error::WouldBlock),
        }
    }

    fn send(&mut self, socket: &mut Self::TcpSocket, buffer: &[u8]) -> nb::Result<usize, Nobody> {
        self.inner.send(socket, buffer).map_err(nobody)
    }

    fn receive(&mut self, socket: &mut Self::TcpSocket, buffer: &mut [u8]) -> nb::Result<usize, Nobody> {
        self.inner.receive(socket, buffer).map_err(nobody)
    }

    fn close(&mut self, socket: Self::TcpSocket) -> Result<(), Nobody> {
        self.inner.close(socket).map_err(|_| Nobody)
    }
}

impl Dns for TwoFamilies {
    type Error = Nobody;

    fn get_host_by_name(&mut self, _: &str, family: AddrType) -> nb::Result<IpAddr, Nobody> {
        Ok(match family {
            AddrType::IPv4 if self.has_second => Ipv4Addr::LOCALHOST.into(),
            _ => Ipv6Addr::LOCALHOST.into(),
        })
    }

    fn get_host_by_address(&mut self, _: IpAddr, _: &mut [u8]) -> nb::Result<usize, Nobody> {
        Err(Nobody.into())
    }
}
