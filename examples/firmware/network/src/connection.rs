//! A TCP connection over the board's Ethernet, as `embedded_io::{Read, Write}` with a deadline on every wait.
//!
//! Takes the peer's address and memory for its buffers; gives bytes, and `Ok(0)` once the peer has closed in order;
//! keeps one socket; refuses silence: no wait is longer than `WAIT_MAX`.

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use smoltcp::{
    iface::{Config, Interface, SocketHandle, SocketSet, SocketStorage},
    socket::tcp,
    time::{Duration, Instant},
    wire::{EthernetAddress, HardwareAddress, IpCidr, Ipv4Address},
};

use crate::{clock::Clock, lan9118::Lan9118};

/// Locally administered, so nobody else's.
pub const HARDWARE_ADDRESS: [u8; 6] = [0x02, 0, 0, 0, 0, 0x01];
/// What QEMU's user-mode network gives a guest, and where it stands for the host's loopback.
const ADDRESS: Ipv4Address = Ipv4Address::new(10, 0, 2, 15);
const PREFIX_LENGTH: u8 = 24;
const HOST: Ipv4Address = Ipv4Address::new(10, 0, 2, 2);
const LOCAL_PORT: u16 = 49_152;
const WAIT_MAX: Duration = Duration::from_secs(10);

/// The memory of a connection: put it into a static.
pub struct Memory {
    sockets: [SocketStorage<'static>; 1],
    receive: [u8; 2048],
    transmit: [u8; 1024],
}

impl Memory {
    /// Empty memory.
    pub const fn new() -> Self {
        Self { sockets: [SocketStorage::EMPTY], receive: [0; 2048], transmit: [0; 1024] }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a connection failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionError {
    /// The board has no LAN9118 where it should be.
    NoController,
    /// The peer refused, or the connection was reset.
    Reset,
    /// The peer was silent for longer than the deadline.
    TimedOut,
}

impl core::fmt::Display for ConnectionError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoController => "no Ethernet controller",
            Self::Reset => "the peer refused or reset the connection",
            Self::TimedOut => "the peer was silent for too long",
        })
    }
}

impl core::error::Error for ConnectionError {}

impl embedded_io::Error for ConnectionError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoController => ErrorKind::NotFound,
            Self::Reset => ErrorKind::ConnectionReset,
            Self::TimedOut => ErrorKind::TimedOut,
        }
    }
}

/// A connection to a port of the host that runs the emulator.
pub struct Connection {
    clock: Clock,
    controller: Lan9118,
    interface: Interface,
    sockets: SocketSet<'static>,
    socket: SocketHandle,
    local_port: u16,
}

impl Connection {
    /// Starts the network and connects.
    ///
    /// # Errors
    /// When there is no controller, or the peer refuses or stays silent.
    pub fn open(memory: &'static mut Memory, port: u16) -> Result<Self, ConnectionError> {
        let mut clock = Clock::start();
        let mut controller = Lan9118::start(HARDWARE_ADDRESS).ok_or(ConnectionError::NoController)?;
        let address = HardwareAddress::Ethernet(EthernetAddress(HARDWARE_ADDRESS));
        let mut interface = Interface::new(Config::new(address), &mut controller, clock.now());
        interface.update_ip_addrs(|addresses| {
            // Room for one address is all that the stack was built with.
            let _ = addresses.push(IpCidr::new(ADDRESS.into(), PREFIX_LENGTH));
        });
        let mut sockets = SocketSet::new(&mut memory.sockets[..]);
        let buffers = (&mut memory.receive[..], &mut memory.transmit[..]);
        let mut socket =
            tcp::Socket::new(tcp::SocketBuffer::new(buffers.0), tcp::SocketBuffer::new(buffers.1));
        socket.set_nagle_enabled(false);
        let socket = sockets.add(socket);
        let mut connection = Self { clock, controller, interface, sockets, socket, local_port: LOCAL_PORT };
        connection.connect(port)?;
        Ok(connection)
    }

    /// Resets this connection and makes another one.
    ///
    /// # Errors
    /// When the peer refuses or stays silent.
    pub fn reconnect(&mut self, port: u16) -> Result<(), ConnectionError> {
        self.sockets.get_mut::<tcp::Socket<'_>>(self.socket).abort();
        // The reset is sent before the socket forgets whom it was for.
        self.interface.poll(self.clock.now(), &mut self.controller, &mut self.sockets);
        self.local_port = self.local_port.checked_add(1).unwrap_or(LOCAL_PORT);
        self.connect(port)
    }

    fn connect(&mut self, port: u16) -> Result<(), ConnectionError> {
        let socket = self.sockets.get_mut::<tcp::Socket<'_>>(self.socket);
        let made = socket.connect(self.interface.context(), (HOST, port), self.local_port);
        made.map_err(|_| ConnectionError::Reset)?;
        self.wait(|socket| match socket.state() {
            tcp::State::Established => Some(Ok(())),
            tcp::State::Closed => Some(Err(ConnectionError::Reset)),
            _ => None,
        })
    }

    /// Drives the stack until `done` gives a result, or the deadline passes.
    fn wait<T>(
        &mut self,
        mut done: impl FnMut(&mut tcp::Socket<'static>) -> Option<Result<T, ConnectionError>>,
    ) -> Result<T, ConnectionError> {
        let deadline = self.clock.now() + WAIT_MAX;
        loop {
            let now: Instant = self.clock.now();
            self.interface.poll(now, &mut self.controller, &mut self.sockets);
            if let Some(result) = done(self.sockets.get_mut(self.socket)) {
                return result;
            }
            if now >= deadline {
                return Err(ConnectionError::TimedOut);
            }
        }
    }
}

impl ErrorType for Connection {
    type Error = ConnectionError;
}

impl Read for Connection {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, ConnectionError> {
        self.wait(|socket| match socket.recv_slice(output) {
            Ok(0) if output.is_empty() => Some(Ok(0)),
            Ok(0) => None,
            Ok(used) => Some(Ok(used)),
            Err(tcp::RecvError::Finished) => Some(Ok(0)),
            Err(tcp::RecvError::InvalidState) => Some(Err(ConnectionError::Reset)),
        })
    }
}

impl Write for Connection {
    fn write(&mut self, input: &[u8]) -> Result<usize, ConnectionError> {
        self.wait(|socket| match socket.send_slice(input) {
            Ok(0) if !input.is_empty() => None,
            Ok(used) => Some(Ok(used)),
            Err(_) => Some(Err(ConnectionError::Reset)),
        })
    }

    fn flush(&mut self) -> Result<(), ConnectionError> {
        self.wait(|socket| (socket.send_queue() == 0 || !socket.may_send()).then_some(Ok(())))
    }
}
