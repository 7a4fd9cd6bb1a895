//! A network inside the process: smoltcp-nal on one end of an Ethernet, a gateway to a service on
//! the other.
//!
//! ```text
//!   client -- smoltcp-nal --+== Ethernet ==+-- smoltcp --+-- DNS: every name is the gateway
//!             10.0.0.2      +==============+  10.0.0.1   +-- TCP 443 -- std::net -- service
//! ```

use embedded_time::fraction::Fraction;
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{self, ChecksumCapabilities, DeviceCapabilities, Medium};
use smoltcp::socket::{dns, tcp, udp};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, IpAddress, IpCidr};
use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The stack of the client's end.
pub type IslandStack = smoltcp_nal::NetworkStack<'static, Port, Ticks>;

const PREFIX_LENGTH: u8 = 24;
const CLIENT: IpAddress = IpAddress::v4(10, 0, 0, 2);
const GATEWAY: IpAddress = IpAddress::v4(10, 0, 0, 1);
/// Small, so that a request or an answer needs several segments, and a send finds no room.
const TCP_BUFFER_LENGTH: usize = 1024;
/// Connections that the gateway carries at once.
const CARRIED_MAX: usize = 4;

/// The gateway of a network; dropping it ends the network.
#[derive(Debug)]
pub struct Island {
    ends: Arc<AtomicBool>,
    gateway: Option<JoinHandle<()>>,
}

impl Island {
    /// A stack from which every name, and TCP port 443 of it, leads to `service`.
    #[must_use]
    pub fn new(service: SocketAddr) -> (Self, IslandStack) {
        let cable = [Queue::default(), Queue::default()];
        let client = Port { inbound: cable[0].clone(), outbound: cable[1].clone() };
        let gateway = Port { inbound: cable[1].clone(), outbound: cable[0].clone() };
        let ends = Arc::new(AtomicBool::new(false));
        let watched = Arc::clone(&ends);
        let gateway = thread::spawn(move || run_gateway(gateway, service, &watched));
        (Self { ends, gateway: Some(gateway) }, stack(client))
    }
}

impl Drop for Island {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        if let Some(gateway) = self.gateway.take() {
            // A gateway that panicked has shown it in the test's output already.
            let _ = gateway.join();
        }
    }
}

fn stack(mut port: Port) -> IslandStack {
    let interface = interface(&mut port, CLIENT, 2);
    let mut sockets = SocketSet::new(Vec::new());
    for _ in 0..2 {
        sockets.add(tcp_socket());
    }
    sockets.add(dns::Socket::new(&[GATEWAY], Vec::new()));
    smoltcp_nal::NetworkStack::new(interface, port, sockets, Ticks::start())
}

fn interface(port: &mut Port, address: IpAddress, last_octet: u8) -> Interface {
    let hardware = EthernetAddress([2, 0, 0, 0, 0, last_octet]);
    let mut config = Config::new(hardware.into());
    config.random_seed = last_octet.into();
    let mut interface = Interface::new(config, port, Instant::ZERO);
    interface.update_ip_addrs(|all| all.push(IpCidr::new(address, PREFIX_LENGTH)).expect("room for one"));
    interface
}

fn tcp_socket() -> tcp::Socket<'static> {
    let buffer = || tcp::SocketBuffer::new(vec![0; TCP_BUFFER_LENGTH]);
    tcp::Socket::new(buffer(), buffer())
}

/// Time for smoltcp-nal, in milliseconds.
#[derive(Clone, Debug, Eq, Hash, PartialEq, PartialOrd)]
pub struct Ticks(std::time::Instant);

impl Ticks {
    fn start() -> Self {
        Self(std::time::Instant::now())
    }
}

impl embedded_time::Clock for Ticks {
    type T = u32;
    const SCALING_FACTOR: Fraction = Fraction::new(1, 1000);

    fn try_now(&self) -> Result<embedded_time::Instant<Self>, embedded_time::clock::Error> {
        let passed = u32::try_from(self.0.elapsed().as_millis()).unwrap_or(u32::MAX);
        Ok(embedded_time::Instant::new(passed))
    }
}

#[derive(Clone, Debug, Default)]
struct Queue(Arc<Mutex<VecDeque<Vec<u8>>>>);

impl Queue {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One end of the cable.
#[derive(Debug)]
pub struct Port {
    inbound: Queue,
    outbound: Queue,
}

/// A frame that has arrived.
#[derive(Debug)]
pub struct Arrived(Vec<u8>);

/// Room for a frame to send.
#[derive(Debug)]
pub struct Room(Queue);

impl phy::Device for Port {
    type RxToken<'a> = Arrived;
    type TxToken<'a> = Room;

    fn receive(&mut self, _: Instant) -> Option<(Arrived, Room)> {
        let frame = self.inbound.lock().pop_front()?;
        Some((Arrived(frame), Room(self.outbound.clone())))
    }

    fn transmit(&mut self, _: Instant) -> Option<Room> {
        Some(Room(self.outbound.clone()))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = 1514;
        capabilities.checksum = ChecksumCapabilities::default();
        capabilities
    }
}

impl phy::RxToken for Arrived {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, take: F) -> R {
        take(&self.0)
    }
}

impl phy::TxToken for Room {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        let mut frame = vec![0; length];
        let result = fill(&mut frame);
        self.0.lock().push_back(frame);
        result
    }
}

/// Answers names, and carries connections to port 443 to the service, until the network ends.
fn run_gateway(mut port: Port, service: SocketAddr, ends: &AtomicBool) {
    let mut interface = interface(&mut port, GATEWAY, 1);
    let mut sockets = SocketSet::new(Vec::new());
    let mut carried: Vec<Carried> = (0..CARRIED_MAX)
        .map(|_| Carried { handle: sockets.add(tcp_socket()), outside: None, unsent: Vec::new() })
        .collect();
    let room = || udp::PacketBuffer::new(vec![udp::PacketMetadata::EMPTY; 4], vec![0; 2048]);
    let mut names = udp::Socket::new(room(), room());
    names.bind(53).expect("a free port");
    let names = sockets.add(names);
    let began = std::time::Instant::now();
    while !ends.load(Ordering::Relaxed) {
        let now = Instant::from_micros(i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX));
        interface.poll(now, &mut port, &mut sockets);
        let socket = sockets.get_mut::<udp::Socket<'_>>(names);
        let answer = socket.recv().ok().map(|(query, from)| (answer_query(query), from.endpoint));
        if let Some((answer, asker)) = answer {
            socket.send_slice(&answer, asker).expect("room for an answer");
        }
        for connection in &mut carried {
            connection.carry(sockets.get_mut(connection.handle), service);
        }
        interface.poll(now, &mut port, &mut sockets);
        thread::sleep(Duration::from_micros(200));
    }
}

/// A connection from the network, and its way on.
struct Carried {
    handle: SocketHandle,
    outside: Option<TcpStream>,
    /// Bytes for the service that it has not taken yet.
    unsent: Vec<u8>,
}

impl Carried {
    fn carry(&mut self, inside: &mut tcp::Socket<'_>, service: SocketAddr) {
        if matches!(inside.state(), tcp::State::Closing | tcp::State::LastAck) {
            // Both have ended. A client whose stack has forgotten the connection would not confirm that, and may come
            // from the same port again.
            inside.abort();
            return;
        }
        if !inside.is_open() {
            *self = Self { handle: self.handle, outside: None, unsent: Vec::new() };
            inside.listen(443).expect("an unused socket");
        }
        if inside.state() == tcp::State::Established && self.outside.is_none() {
            let outside = TcpStream::connect(service).expect("the service listens");
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

/// An answer to a query for an A record: the gateway, whatever the name (RFC 1035, section 4).
fn answer_query(query: &[u8]) -> Vec<u8> {
    let mut answer = query.to_vec();
    // Response, recursion available, no error; one answer.
    answer[2] = 0x81;
    answer[3] = 0x80;
    answer[7] = 1;
    // The name at offset 12, type A, class IN, one minute, four bytes.
    answer.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1]);
    answer
}
