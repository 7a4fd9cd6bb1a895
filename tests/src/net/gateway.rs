//! A gateway to a service, as the last host of a network that ends here: every name is the gateway's, and what comes to
//! its port 443 is carried to the service.

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::Device;
use smoltcp::socket::{tcp, udp};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, IpAddress, IpCidr, IpEndpoint, Ipv4Address};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

const PREFIX_LENGTH: u8 = 24;
/// Small, so that a request or an answer needs several segments, and a send finds no room.
const TCP_BUFFER_LENGTH: usize = 1024;
/// Connections that are carried at once.
const CARRIED_MAX: usize = 4;
/// What asks a silent peer whether it is still there: one that has forgotten the connection says so.
const KEEP_ALIVE: smoltcp::time::Duration = smoltcp::time::Duration::from_secs(1);

/// The gateway, without a network to stand in.
pub(super) struct Gateway {
    interface: Interface,
    sockets: SocketSet<'static>,
    carried: Vec<Carried>,
    names: SocketHandle,
    service: SocketAddr,
    address: Ipv4Address,
    began: std::time::Instant,
    /// Whether there are names; otherwise none is known.
    pub(super) answers_names: bool,
    /// Whether connections are taken and carried; otherwise they are reset.
    pub(super) carries: bool,
}

impl Gateway {
    /// A gateway with this address, before this service.
    pub(super) fn new(port: &mut impl Device, address: Ipv4Address, service: SocketAddr) -> Self {
        let interface = interface(port, address);
        let mut sockets = SocketSet::new(Vec::new());
        let carried = (0..CARRIED_MAX).map(|_| Carried::new(sockets.add(tcp_socket()))).collect();
        let names = sockets.add(udp_socket(53));
        let began = std::time::Instant::now();
        Self {
            interface,
            sockets,
            carried,
            names,
            service,
            address,
            began,
            answers_names: true,
            carries: true,
        }
    }

    /// Opens another port, whose datagrams [`datagram`](Self::datagram) gives.
    pub(super) fn open(&mut self, port: u16) -> SocketHandle {
        self.sockets.add(udp_socket(port))
    }

    /// A datagram that has come, and from where.
    pub(super) fn datagram(&mut self, handle: SocketHandle) -> Option<(Vec<u8>, IpEndpoint)> {
        let socket = self.sockets.get_mut::<udp::Socket<'_>>(handle);
        socket.recv().ok().map(|(datagram, from)| (datagram.to_vec(), from.endpoint))
    }

    /// Sends a datagram.
    pub(super) fn send(&mut self, handle: SocketHandle, datagram: &[u8], to: IpEndpoint) {
        let socket = self.sockets.get_mut::<udp::Socket<'_>>(handle);
        socket.send_slice(datagram, to).expect("room for an answer");
    }

    /// Does what is to be done now.
    pub(super) fn turn(&mut self, port: &mut impl Device) {
        let passed = self.began.elapsed().as_micros();
        let now = Instant::from_micros(i64::try_from(passed).unwrap_or(i64::MAX));
        self.interface.poll(now, port, &mut self.sockets);
        if let Some((query, asker)) = self.datagram(self.names) {
            let answer = answer_query(&query, self.answers_names.then_some(self.address));
            self.send(self.names, &answer, asker);
        }
        for connection in &mut self.carried {
            let inside = self.sockets.get_mut(connection.handle);
            if self.carries {
                connection.carry(inside, self.service);
            } else {
                connection.drop(inside);
            }
        }
        self.interface.poll(now, port, &mut self.sockets);
    }
}

/// An interface of a network of 256 addresses.
pub(super) fn interface(port: &mut impl Device, address: Ipv4Address) -> Interface {
    let [_, _, _, last] = address.octets();
    let hardware = EthernetAddress([2, 0, 0, 0, 1, last]);
    let mut config = Config::new(hardware.into());
    config.random_seed = last.into();
    let mut interface = Interface::new(config, port, Instant::ZERO);
    let address = IpCidr::new(IpAddress::Ipv4(address), PREFIX_LENGTH);
    interface.update_ip_addrs(|all| all.push(address).expect("room for one"));
    interface
}

/// A socket with little room.
pub(super) fn tcp_socket() -> tcp::Socket<'static> {
    let buffer = || tcp::SocketBuffer::new(vec![0; TCP_BUFFER_LENGTH]);
    tcp::Socket::new(buffer(), buffer())
}

fn udp_socket(port: u16) -> udp::Socket<'static> {
    let room = || udp::PacketBuffer::new(vec![udp::PacketMetadata::EMPTY; 4], vec![0; 4096]);
    let mut socket = udp::Socket::new(room(), room());
    socket.bind(port).expect("a free port");
    socket
}

/// A connection from the network, and its way on.
struct Carried {
    handle: SocketHandle,
    outside: Option<TcpStream>,
    /// Bytes for the service that it has not taken yet.
    unsent: Vec<u8>,
}

impl Carried {
    const fn new(handle: SocketHandle) -> Self {
        Self { handle, outside: None, unsent: Vec::new() }
    }

    /// Takes no connection, and loses one that it has.
    fn drop(&mut self, inside: &mut tcp::Socket<'_>) {
        inside.abort();
        *self = Self::new(self.handle);
    }

    fn carry(&mut self, inside: &mut tcp::Socket<'_>, service: SocketAddr) {
        if matches!(inside.state(), tcp::State::Closing | tcp::State::LastAck) {
            // Both have ended. A client whose stack has forgotten the connection would not confirm that, and may come
            // from the same port again.
            inside.abort();
            return;
        }
        if !inside.is_open() {
            *self = Self::new(self.handle);
            inside.set_keep_alive(Some(KEEP_ALIVE));
            inside.listen(443).expect("an unused socket");
        }
        if inside.state() == tcp::State::Established && self.outside.is_none() {
            let Ok(outside) = TcpStream::connect(service) else {
                // Nobody listens.
                inside.abort();
                return;
            };
            outside.set_nonblocking(true).expect("a socket that need not block");
            self.outside = Some(outside);
        }
        let Some(outside) = &mut self.outside else { return };
        while self.unsent.is_empty() && inside.can_recv() {
            let mut piece = [0; TCP_BUFFER_LENGTH];
            let length = inside.recv_slice(&mut piece).unwrap_or(0);
            self.unsent.extend_from_slice(&piece[..length]);
        }
        if let Ok(sent) = outside.write(&self.unsent) {
            self.unsent.drain(..sent);
        }
        if self.unsent.is_empty() && !inside.may_recv() {
            // The client has ended; a service that is gone already need not be told.
            let _ = outside.shutdown(Shutdown::Write);
        }
        let room = inside.send_capacity() - inside.send_queue();
        if room > 0 && inside.may_send() {
            let mut piece = vec![0; room];
            match outside.read(&mut piece) {
                Ok(0) => inside.close(),
                Ok(length) => {
                    inside.send_slice(&piece[..length]).expect("room was seen");
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => inside.abort(),
            }
        }
    }
}

/// An answer to a query for an A record: this address, or that there is no such name (RFC 1035, section 4).
fn answer_query(query: &[u8], address: Option<Ipv4Address>) -> Vec<u8> {
    let mut answer = query.to_vec();
    // Response, recursion available.
    answer[2] = 0x81;
    answer[3] = 0x80;
    match address {
        Some(address) => {
            answer[7] = 1;
            // The name at offset 12, type A, class IN, one minute, four bytes.
            answer.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
            answer.extend_from_slice(&address.octets());
        }
        None => answer[3] |= 3,
    }
    answer
}
