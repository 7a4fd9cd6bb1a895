//! A network for one emulated board: the host's end of its Ethernet cable, on which frames are datagrams of UDP.
//!
//! ```text
//!   board -- QEMU -- UDP, loopback -- Lan 10.0.2.2 --+-- DHCP: the board is 10.0.2.15
//!                                                    +-- DNS: every name is 10.0.2.2; or none is known
//!                                                    +-- SNTP: the time of the host; or another one
//!                                                    +-- TCP 443 -- std::net -- service; or a reset
//! ```

use smoltcp::phy::{self, ChecksumCapabilities, DeviceCapabilities, Medium};
use smoltcp::time::Instant;
use smoltcp::wire::{IpEndpoint, Ipv4Address};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use super::gateway::Gateway;

const GATEWAY: Ipv4Address = Ipv4Address::new(10, 0, 2, 2);
const BOARD: Ipv4Address = Ipv4Address::new(10, 0, 2, 15);
const DHCP_SERVER: u16 = 67;
const DHCP_CLIENT: u16 = 68;
const NTP: u16 = 123;
/// From 1900, where NTP begins, to 1970 (RFC 5905, figure 4).
const NTP_TO_UNIX: u64 = 2_208_988_800;
const FRAME_LENGTH_MAX: usize = 1514;

/// What a test may change while the board runs.
#[derive(Debug)]
struct Switches {
    ends: AtomicBool,
    answers_names: AtomicBool,
    carries: AtomicBool,
    /// Seconds since 1970 that SNTP says; 0 is the time of the host.
    time: AtomicU64,
    /// How often the time was asked for.
    times: AtomicU64,
    leases: AtomicU64,
}

/// The network; dropping it ends it.
#[derive(Debug)]
pub struct Lan {
    switches: Arc<Switches>,
    local: SocketAddr,
    board: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl Lan {
    /// A network before this service.
    ///
    /// # Errors
    /// When there is no port for the cable.
    pub fn new(service: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let local = socket.local_addr()?;
        // The emulator binds its own end; the port is free now, and asked for by nobody else.
        let board = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        socket.set_read_timeout(Some(Duration::from_millis(1)))?;
        let switches = Arc::new(Switches {
            ends: AtomicBool::new(false),
            answers_names: AtomicBool::new(true),
            carries: AtomicBool::new(true),
            time: AtomicU64::new(0),
            times: AtomicU64::new(0),
            leases: AtomicU64::new(0),
        });
        let watched = Arc::clone(&switches);
        let cable = Cable { socket, board, inbound: None };
        let thread = thread::spawn(move || run(cable, service, &watched));
        Ok(Self { switches, local, board, thread: Some(thread) })
    }

    /// What QEMU is told of the cable, as the value of `-nic`.
    #[must_use]
    pub fn nic(&self) -> String {
        format!("socket,id=cable,udp={},localaddr={},model=lan9118", self.local, self.board)
    }

    /// Sets whether there are names; otherwise none is known.
    pub fn answer_names(&self, answers: bool) {
        self.switches.answers_names.store(answers, Ordering::Relaxed);
    }

    /// Sets whether connections are carried; otherwise all are reset.
    pub fn carry(&self, carries: bool) {
        self.switches.carries.store(carries, Ordering::Relaxed);
    }

    /// Sets the time that SNTP says, in seconds since 1970; `None` is the time of the host.
    pub fn set_time(&self, seconds: Option<u64>) {
        self.switches.time.store(seconds.unwrap_or(0), Ordering::Relaxed);
    }

    /// How often the time was asked for.
    #[must_use]
    pub fn times_asked(&self) -> u64 {
        self.switches.times.load(Ordering::Relaxed)
    }

    /// How often the board was given its address.
    #[must_use]
    pub fn leases(&self) -> u64 {
        self.switches.leases.load(Ordering::Relaxed)
    }
}

impl Drop for Lan {
    fn drop(&mut self) {
        self.switches.ends.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // One that panicked has shown it in the test's output already.
            let _ = thread.join();
        }
    }
}

fn run(mut cable: Cable, service: SocketAddr, switches: &Switches) {
    let mut gateway = Gateway::new(&mut cable, GATEWAY, service);
    let (leases, times) = (gateway.open(DHCP_SERVER), gateway.open(NTP));
    while !switches.ends.load(Ordering::Relaxed) {
        // This is the pause, too.
        cable.listen();
        gateway.answers_names = switches.answers_names.load(Ordering::Relaxed);
        gateway.carries = switches.carries.load(Ordering::Relaxed);
        gateway.turn(&mut cable);
        if let Some((request, _)) = gateway.datagram(leases)
            && let Some(answer) = answer_lease(&request)
        {
            switches.leases.fetch_add(u64::from(answer[242] == ACK), Ordering::Relaxed);
            gateway.send(leases, &answer, IpEndpoint::new(Ipv4Address::BROADCAST.into(), DHCP_CLIENT));
        }
        if let Some((request, asker)) = gateway.datagram(times) {
            switches.times.fetch_add(1, Ordering::Relaxed);
            let answer = answer_time(&request, switches.time.load(Ordering::Relaxed));
            gateway.send(times, &answer, asker);
        }
    }
}

const DISCOVER: u8 = 1;
const OFFER: u8 = 2;
const REQUEST: u8 = 3;
const ACK: u8 = 5;

/// What a DHCP server says to a message: always the same address (RFC 2131, section 2, and RFC 2132).
fn answer_lease(request: &[u8]) -> Option<Vec<u8>> {
    let mut options = request.get(240..)?;
    let kind = loop {
        match *options {
            [53, 1, kind, ..] => break kind,
            [0, ref rest @ ..] => options = rest,
            [_, length, ref rest @ ..] => options = rest.get(usize::from(length)..)?,
            _ => return None,
        }
    };
    let kind = match kind {
        DISCOVER => OFFER,
        REQUEST => ACK,
        _ => return None,
    };
    let mut answer = vec![0; 236];
    answer[..4].copy_from_slice(&[2, 1, 6, 0]);
    // The number of the exchange, and the hardware address.
    answer[4..8].copy_from_slice(&request[4..8]);
    answer[28..44].copy_from_slice(&request[28..44]);
    answer[16..20].copy_from_slice(&BOARD.octets());
    answer.extend_from_slice(&[
        0x63, 0x82, 0x53, 0x63, 53, 1, kind, 1, 4, 255, 255, 255, 0, 51, 4, 0, 0, 0x0e, 0x10,
    ]);
    for option in [54, 3, 6] {
        answer.extend_from_slice(&[option, 4]);
        answer.extend_from_slice(&GATEWAY.octets());
    }
    answer.push(255);
    Some(answer)
}

/// What an SNTP server says (RFC 5905, section 7.3): stratum 1, and the request's own time as where it began.
fn answer_time(request: &[u8], seconds: u64) -> Vec<u8> {
    let seconds = match seconds {
        0 => SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |passed| passed.as_secs()),
        set => set,
    };
    let mut answer = vec![0; 48];
    answer[..2].copy_from_slice(&[0x24, 1]);
    answer[24..32].copy_from_slice(request.get(40..48).unwrap_or(&[0; 8]));
    let [.., a, b, c, d] = (seconds + NTP_TO_UNIX).to_be_bytes();
    for place in [32, 40] {
        answer[place..place + 4].copy_from_slice(&[a, b, c, d]);
    }
    answer
}

/// The host's end of the cable.
struct Cable {
    socket: UdpSocket,
    board: SocketAddr,
    inbound: Option<Vec<u8>>,
}

impl Cable {
    /// Waits for a frame, a little.
    fn listen(&mut self) {
        let mut frame = vec![0; FRAME_LENGTH_MAX];
        // An emulator that is not there yet, or not any more, is silence.
        if let Ok(length) = self.socket.recv(&mut frame) {
            frame.truncate(length);
            self.inbound = Some(frame);
        }
    }
}

struct Arrived(Vec<u8>);

struct Room<'a>(&'a Cable);

impl phy::Device for Cable {
    type RxToken<'a> = Arrived;
    type TxToken<'a> = Room<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Arrived, Room<'_>)> {
        let frame = self.inbound.take()?;
        Some((Arrived(frame), Room(self)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Room<'_>> {
        Some(Room(self))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME_LENGTH_MAX;
        capabilities.checksum = ChecksumCapabilities::default();
        capabilities
    }
}

impl phy::RxToken for Arrived {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, take: F) -> R {
        take(&self.0)
    }
}

impl phy::TxToken for Room<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        let mut frame = vec![0; length];
        let result = fill(&mut frame);
        let Cable { socket, board, .. } = self.0;
        // Nobody at the other end is a frame that is lost.
        let _ = socket.send_to(&frame, board);
        result
    }
}
