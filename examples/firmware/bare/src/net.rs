//! The network of the board: an address by DHCP, names, datagrams, and one connection.
//!
//! Takes the memory of its sockets; gives what was waited for, or nothing by the deadline; keeps a lease while there is
//! a link; sleeps in between.

use core::cell::Cell;

use critical_section::Mutex;
use defmt::{info, warn};
use network::{Clock, HARDWARE_ADDRESS, Lan9118};
use room::day;
use smoltcp::{
    iface::{Config, Interface, SocketHandle, SocketSet, SocketStorage},
    socket::{dhcpv4, dns, tcp, udp},
    wire::{DnsQueryType, EthernetAddress, HardwareAddress, IpAddress, IpCidr, IpEndpoint, Ipv4Cidr},
};
use static_cell::StaticCell;

/// Milliseconds since the start, when the clock was looked at last: what sleeps looks at it at every tick.
static NOW: Mutex<Cell<u64>> = Mutex::new(Cell::new(0));

/// Seconds since 1970, once they are known.
pub fn unix_seconds() -> Option<u64> {
    day::seconds(critical_section::with(|section| NOW.borrow(section).get()))
}

const FIRST_LOCAL_PORT: u16 = 49_152;
/// The port from which the time is asked for.
const DATAGRAM_PORT: u16 = 49_151;

/// The bytes of the sockets: put it into a static.
pub struct Memory {
    receive: [u8; 2048],
    transmit: [u8; 1024],
    arrived: [u8; 128],
    leaving: [u8; 128],
}

impl Memory {
    /// Empty memory.
    pub const fn new() -> Self {
        Self { receive: [0; 2048], transmit: [0; 1024], arrived: [0; 128], leaving: [0; 128] }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// What the sockets are kept in. It is not all zeros: beside the bytes, all of them would be in flash as well.
struct Places {
    sockets: [SocketStorage<'static>; 4],
    arrived: [udp::PacketMetadata; 1],
    leaving: [udp::PacketMetadata; 1],
    query: [Option<dns::DnsQuery>; 1],
}

static PLACES: StaticCell<Places> = StaticCell::new();

/// The network of the board.
pub struct Net {
    clock: Clock,
    controller: Lan9118,
    interface: Interface,
    sockets: SocketSet<'static>,
    dhcp: SocketHandle,
    dns: SocketHandle,
    tcp: SocketHandle,
    udp: SocketHandle,
    local_port: u16,
    is_link_up: bool,
    has_lease: bool,
}

impl Net {
    /// Starts the network; `None` where there is no controller.
    pub fn start(memory: &'static mut Memory) -> Option<Self> {
        let mut clock = Clock::start();
        let mut controller = Lan9118::start(HARDWARE_ADDRESS)?;
        controller.enable_interrupt();
        let mut config = Config::new(HardwareAddress::Ethernet(EthernetAddress(HARDWARE_ADDRESS)));
        config.random_seed = clock.ticks();
        let interface = Interface::new(config, &mut controller, clock.now());
        let places = PLACES.try_init(Places {
            sockets: [SocketStorage::EMPTY; 4],
            arrived: [udp::PacketMetadata::EMPTY; 1],
            leaving: [udp::PacketMetadata::EMPTY; 1],
            query: [None],
        })?;
        let mut sockets = SocketSet::new(&mut places.sockets[..]);
        let dhcp = sockets.add(dhcpv4::Socket::new());
        let dns = sockets.add(dns::Socket::new(&[], &mut places.query[..]));
        let buffers = (&mut memory.receive[..], &mut memory.transmit[..]);
        let mut socket =
            tcp::Socket::new(tcp::SocketBuffer::new(buffers.0), tcp::SocketBuffer::new(buffers.1));
        socket.set_nagle_enabled(false);
        let tcp = sockets.add(socket);
        let udp = sockets.add(udp::Socket::new(
            udp::PacketBuffer::new(&mut places.arrived[..], &mut memory.arrived[..]),
            udp::PacketBuffer::new(&mut places.leaving[..], &mut memory.leaving[..]),
        ));
        let (is_link_up, has_lease) = (false, false);
        let local_port = FIRST_LOCAL_PORT;
        Some(Self {
            clock,
            controller,
            interface,
            sockets,
            dhcp,
            dns,
            tcp,
            udp,
            local_port,
            is_link_up,
            has_lease,
        })
    }

    /// Milliseconds since the start.
    pub(crate) fn now(&mut self) -> u64 {
        let now = self.clock.now().total_millis().unsigned_abs();
        critical_section::with(|section| NOW.borrow(section).set(now));
        now
    }

    /// A number that is another one each time.
    pub(crate) fn ticks(&mut self) -> u64 {
        self.clock.ticks()
    }

    /// Sleeps until `done` gives something; `None` when that is not so by the deadline.
    pub(crate) fn wait<T>(&mut self, by: u64, mut done: impl FnMut(&mut Self) -> Option<T>) -> Option<T> {
        loop {
            self.poll();
            if let Some(found) = done(self) {
                return Some(found);
            }
            if self.now() >= by {
                return None;
            }
            self.controller.listen();
            if !self.controller.has_frame() {
                cortex_m::asm::wfi();
            }
        }
    }

    /// The connection.
    pub(crate) fn socket(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.tcp)
    }

    /// Whether there is an address.
    pub(crate) const fn has_lease(&self) -> bool {
        self.has_lease
    }

    /// The address of a host; `None` where there is none by the deadline.
    pub(crate) fn resolve(&mut self, host: &str, by: u64) -> Option<IpAddress> {
        if let Ok(address) = host.parse::<core::net::Ipv4Addr>() {
            return Some(IpAddress::Ipv4(address));
        }
        let socket = self.sockets.get_mut::<dns::Socket<'_>>(self.dns);
        let query = socket.start_query(self.interface.context(), host, DnsQueryType::A).ok()?;
        let found = self.wait(by, |net| {
            match net.sockets.get_mut::<dns::Socket<'_>>(net.dns).get_query_result(query) {
                Err(dns::GetQueryResultError::Pending) => None,
                other => Some(other),
            }
        });
        match found {
            Some(addresses) => addresses.ok()?.first().copied(),
            None => {
                self.sockets.get_mut::<dns::Socket<'_>>(self.dns).cancel_query(query);
                None
            }
        }
    }

    /// Has a connection to an address; whether it came about by the deadline.
    pub(crate) fn connect(&mut self, to: IpEndpoint, by: u64) -> bool {
        self.socket().abort();
        self.poll();
        // A port of its own for each connection: the peer may not have forgotten the last one.
        self.local_port = self.local_port.checked_add(1).unwrap_or(FIRST_LOCAL_PORT);
        let (context, port) = (self.interface.context(), self.local_port);
        if self.sockets.get_mut::<tcp::Socket<'_>>(self.tcp).connect(context, to, port).is_err() {
            return false;
        }
        let state = self.wait(by, |net| match net.socket().state() {
            tcp::State::SynSent | tcp::State::SynReceived => None,
            state => Some(state),
        });
        state == Some(tcp::State::Established)
    }

    /// Sends a datagram and gives what `read` makes of the first answer that it takes.
    pub(crate) fn ask<T>(
        &mut self,
        to: IpEndpoint,
        question: &[u8],
        by: u64,
        mut read: impl FnMut(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let socket = self.sockets.get_mut::<udp::Socket<'_>>(self.udp);
        socket.close();
        socket.bind(DATAGRAM_PORT).ok()?;
        socket.send_slice(question, to).ok()?;
        self.wait(by, |net| {
            let (answer, from) = net.sockets.get_mut::<udp::Socket<'_>>(net.udp).recv().ok()?;
            read(answer).filter(|_| from.endpoint == to)
        })
    }

    /// Does what there is to be done now.
    fn poll(&mut self) {
        let is_link_up = self.controller.is_link_up();
        if is_link_up != self.is_link_up {
            self.is_link_up = is_link_up;
            info!("link {}", if is_link_up { "up" } else { "down" });
            // It may be another network.
            self.sockets.get_mut::<dhcpv4::Socket<'_>>(self.dhcp).reset();
            self.socket().abort();
        }
        let now = self.clock.now();
        self.interface.poll(now, &mut self.controller, &mut self.sockets);
        let Some(event) = self.sockets.get_mut::<dhcpv4::Socket<'_>>(self.dhcp).poll() else { return };
        let mut servers = [None; 1];
        let (address, router) = match event {
            dhcpv4::Event::Configured(lease) => {
                for (place, server) in servers.iter_mut().zip(&lease.dns_servers) {
                    *place = Some(IpAddress::Ipv4(*server));
                }
                (Some(lease.address), lease.router)
            }
            dhcpv4::Event::Deconfigured => (None, None),
        };
        self.has_lease = address.is_some();
        self.use_address(address, router, &servers);
    }

    fn use_address(
        &mut self,
        address: Option<Ipv4Cidr>,
        router: Option<core::net::Ipv4Addr>,
        servers: &[Option<IpAddress>; 1],
    ) {
        self.interface.update_ip_addrs(|addresses| {
            addresses.clear();
            // Room for one address is all that the stack was built with.
            let _ = address.map(|address| addresses.push(IpCidr::Ipv4(address)));
        });
        let routes = self.interface.routes_mut();
        routes.remove_default_ipv4_route();
        if let Some(router) = router {
            // There is room for one route, which has just been emptied.
            let _ = routes.add_default_ipv4_route(router);
        }
        let socket = self.sockets.get_mut::<dns::Socket<'_>>(self.dns);
        socket.update_servers(
            servers.as_slice().first().and_then(Option::as_ref).map_or(&[], core::slice::from_ref),
        );
        match address {
            Some(address) => info!("address {}", defmt::Display2Format(&address)),
            None => warn!("no address"),
        }
    }
}
