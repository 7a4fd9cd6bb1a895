//! embassy-net as one thing that connects and knows names.

use core::net::{IpAddr, SocketAddr};

use embassy_net::Stack;
use embassy_net::dns::{self, DnsSocket};
use embassy_net::tcp;
use embassy_net::tcp::client::{TcpClient, TcpClientState, TcpConnection};
use embedded_nal_async::{AddrType, Dns, TcpConnect};
use static_cell::StaticCell;

/// A job has one connection at a time.
const CONNECTIONS: usize = 1;
const TRANSMIT: usize = 1024;
const RECEIVE: usize = 2048;

static CLIENT: StaticCell<TcpClientState<CONNECTIONS, TRANSMIT, RECEIVE>> = StaticCell::new();

/// A connection of the network.
pub type Connection<'n> = TcpConnection<'n, CONNECTIONS, TRANSMIT, RECEIVE>;

/// Connections and names.
pub struct Network {
    stack: Stack<'static>,
    tcp: TcpClient<'static, CONNECTIONS, TRANSMIT, RECEIVE>,
    dns: DnsSocket<'static>,
}

impl Network {
    /// Over a stack. Call it once.
    pub fn new(stack: Stack<'static>) -> Self {
        let tcp = TcpClient::new(stack, CLIENT.init_with(TcpClientState::new));
        Self { stack, tcp, dns: DnsSocket::new(stack) }
    }

    /// Waits until there is an address.
    pub async fn wait_up(&self) {
        if !self.stack.is_config_up() {
            self.stack.wait_config_up().await;
            if let Some(config) = self.stack.config_v4() {
                defmt::info!("address {}", defmt::Display2Format(&config.address));
            }
        }
    }

    /// The stack below.
    pub const fn stack(&self) -> Stack<'static> {
        self.stack
    }
}

impl TcpConnect for Network {
    type Error = tcp::Error;
    type Connection<'n> = Connection<'n>;

    async fn connect<'n>(&'n self, remote: SocketAddr) -> Result<Connection<'n>, tcp::Error> {
        self.tcp.connect(remote).await
    }
}

impl Dns for Network {
    type Error = dns::Error;

    async fn get_host_by_name(&self, host: &str, _: AddrType) -> Result<IpAddr, dns::Error> {
        // The stack has no other addresses, and would end at one.
        self.dns.get_host_by_name(host, AddrType::IPv4).await
    }

    async fn get_host_by_address(&self, address: IpAddr, result: &mut [u8]) -> Result<usize, dns::Error> {
        self.dns.get_host_by_address(address, result).await
    }
}
