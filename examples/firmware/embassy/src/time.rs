//! The time of day, asked for over the network.

use embassy_net::IpAddress;
use embassy_net::Stack;
use embassy_net::dns::DnsQueryType;
use embassy_net::udp::{PacketMetadata, UdpSocket};
use embassy_time::{Duration, Instant, Timer, with_timeout};
use room::{day, sntp};

use crate::Network;

const PATIENCE: Duration = Duration::from_millis(sntp::PATIENCE);

/// Seconds since 1970, once they are known.
pub fn unix_seconds() -> Option<u64> {
    day::seconds(Instant::now().as_millis())
}

/// Asks what time it is: until it is known, where it has to be.
pub async fn learn_time(network: &Network, has_to_be: bool) {
    let mut attempts = 0;
    while attempts < sntp::ATTEMPTS || has_to_be {
        attempts = attempts.saturating_add(1);
        network.wait_up().await;
        if let Ok(Some(seconds)) = with_timeout(PATIENCE, ask(network.stack())).await {
            defmt::info!("time {}", seconds);
            return day::set(Instant::now().as_millis(), seconds);
        }
        defmt::warn!("no time to be believed");
        Timer::after(PATIENCE).await;
    }
}

async fn ask(stack: Stack<'static>) -> Option<u64> {
    let addresses = stack.dns_query(sntp::HOST, DnsQueryType::A).await.ok()?;
    let address: IpAddress = *addresses.first()?;
    let (mut arrived, mut arrived_bytes) = ([PacketMetadata::EMPTY], [0; 2 * sntp::LENGTH]);
    let (mut leaving, mut leaving_bytes) = ([PacketMetadata::EMPTY], [0; sntp::LENGTH]);
    let mut socket =
        UdpSocket::new(stack, &mut arrived, &mut arrived_bytes, &mut leaving, &mut leaving_bytes);
    socket.bind(0).ok()?;
    let number = crate::number();
    socket.send_to(&sntp::request(number), (address, sntp::PORT)).await.ok()?;
    let mut answer = [0; 2 * sntp::LENGTH];
    let (length, from) = socket.recv_from(&mut answer).await.ok()?;
    let is_meant = from.endpoint.addr == address && from.endpoint.port == sntp::PORT;
    answer.get(..length).filter(|_| is_meant).and_then(|answer| sntp::seconds(answer, number))
}
