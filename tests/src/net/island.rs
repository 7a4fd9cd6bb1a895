//! A network inside the process: smoltcp-nal on one end of an Ethernet, a gateway to a service on
//! the other.
//!
//! ```text
//!   client -- smoltcp-nal --+== Ethernet ==+-- smoltcp --+-- DNS: every name is the gateway
//!             10.0.0.2      +==============+  10.0.0.1   +-- TCP 443 -- std::net -- service
//! ```

use embedded_time::fraction::Fraction;
use smoltcp::iface::SocketSet;
use smoltcp::phy::{self, ChecksumCapabilities, DeviceCapabilities, Medium};
use smoltcp::socket::dns;
use smoltcp::time::Instant;
use smoltcp::wire::Ipv4Address;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::gateway::{self, Gateway};

/// The stack of the client's end.
pub type IslandStack = smoltcp_nal::NetworkStack<'static, Port, Ticks>;

const CLIENT: Ipv4Address = Ipv4Address::new(10, 0, 0, 2);
const GATEWAY: Ipv4Address = Ipv4Address::new(10, 0, 0, 1);

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
        let gateway = thread::spawn(move || run(gateway, service, &watched));
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
    let interface = gateway::interface(&mut port, CLIENT);
    let mut sockets = SocketSet::new(Vec::new());
    for _ in 0..2 {
        sockets.add(gateway::tcp_socket());
    }
    sockets.add(dns::Socket::new(&[GATEWAY.into()], Vec::new()));
    smoltcp_nal::NetworkStack::new(interface, port, sockets, Ticks::start())
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

/// Lets the gateway do its work until the network ends.
fn run(mut port: Port, service: SocketAddr, ends: &AtomicBool) {
    let mut gateway = Gateway::new(&mut port, GATEWAY, service);
    while !ends.load(Ordering::Relaxed) {
        gateway.turn(&mut port);
        thread::sleep(Duration::from_micros(200));
    }
}
