//! From a name and a port to a TCP connection, over any stack.
//!
//! - takes: a host, a port, one deadline for all of it
//! - gives: a connected socket
//! - keeps: the attempts under way; the losers are closed
//! - refuses: nothing that the stack does not
//!
//! ```text
//!   name --resolve--> addresses --race--> socket
//! ```
//!
//! A stack that can name all addresses of a host says so by [`Pace::with_addresses`]. Any other is asked for one address of
//! any family, and for one of the other family as soon as the first leads nowhere or is slow. Which address is tried when is
//! [`Race`]'s to say.

use core::net::{IpAddr, SocketAddr};
use core::time::Duration;
use std::collections::VecDeque;

use embedded_nal::{AddrType, Dns, TcpClientStack, nb};

use super::proxy::authority;
use super::race::{ATTEMPT_DELAY, Race};
use super::socket::{self, Pace, Turn, Whole};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::Event;

/// What opening and using a connection borrows from a client.
pub(crate) struct Context<'a, S> {
    pub(crate) stack: &'a mut S,
    pub(crate) pace: &'a mut Pace<S>,
    pub(crate) events: &'a mut dyn FnMut(&Event<'_>),
    /// When the connection has to stand, TLS included.
    pub(crate) whole: Whole,
}

/// A TCP connection to `host`, by whichever of its addresses answers first.
///
/// # Errors
/// `NotResolved`, `Refused`, `Timeout` with the address that was tried last, `Stack`.
pub(super) fn dial<S: TcpClientStack + Dns>(
    context: &mut Context<'_, S>,
    host: &str,
    port: u16,
) -> Result<S::TcpSocket, Error> {
    let Context { stack, pace, events, whole } = context;
    let resolving = whole.limit(Phase::Resolve);
    let (addresses, other) = if let Ok(address) = host.parse() {
        (vec![address], None)
    } else if let Some(addresses) = pace.addresses() {
        let found = pace.wait(*stack, resolving, |stack| match addresses(stack, host) {
            Ok(found) => Ok(Some(found)),
            Err(nb::Error::WouldBlock) => Ok(None),
            Err(nb::Error::Other(error)) => Err(error),
        });
        (found.map_err(|error| error.at(host))?, None)
    } else {
        let first = socket::resolve(*stack, pace, host, &AddrType::Either, resolving);
        let first = first.map_err(|error| error.at(host))?;
        (vec![first], Some(if first.is_ipv4() { AddrType::IPv6 } else { AddrType::IPv4 }))
    };
    let began = pace.now();
    let connecting = whole.limit(Phase::Connect);
    let mut attempts = Attempts {
        host,
        authority: authority(host, port),
        events: *events,
        race: Race::new(&addresses, port),
        known: addresses,
        port,
        other,
        ask_at: began.saturating_add(ATTEMPT_DELAY),
        by: connecting.by,
        under_way: VecDeque::new(),
        is_crowded: false,
        failure: None,
    };
    let connected = pace.turns(*stack, connecting, |stack, now| attempts.turn(stack, now));
    let late = attempts.under_way.front().map(|(address, _)| attempts.name(*address));
    for (_, tcp) in attempts.under_way.drain(..) {
        socket::close(*stack, pace, tcp);
    }
    connected.map_err(|error| match late {
        Some(name) => error.at(name),
        None => error.at(attempts.authority),
    })
}

/// The attempts to connect to one host.
struct Attempts<'a, S: TcpClientStack> {
    host: &'a str,
    port: u16,
    authority: String,
    events: &'a mut dyn FnMut(&Event<'_>),
    race: Race,
    /// The addresses found so far.
    known: Vec<IpAddr>,
    /// The family that has not been asked for yet, and when it is, if the attempt under way has not failed before.
    other: Option<AddrType>,
    ask_at: Duration,
    by: Duration,
    /// The oldest first.
    under_way: VecDeque<(SocketAddr, S::TcpSocket)>,
    /// Whether the stack had no socket for a further attempt.
    is_crowded: bool,
    /// What became of the attempt that failed last.
    failure: Option<Error>,
}

impl<S: TcpClientStack + Dns> Attempts<'_, S> {
    fn turn(&mut self, stack: &mut S, now: Duration) -> Result<Turn<S::TcpSocket>, Error> {
        if let Some(tcp) = self.look(stack) {
            return Ok(Turn::Done(tcp));
        }
        self.ask_other_family(stack, now);
        while let Some(address) = self.race.start(now, self.under_way.is_empty()) {
            if let Some(tcp) = self.start(stack, address, now)? {
                return Ok(Turn::Done(tcp));
            }
        }
        if !self.under_way.is_empty() || self.other.is_some() {
            let ask_at = self.other.as_ref().map(|_| self.ask_at).filter(|at| *at > now);
            return Ok(Turn::Nothing(self.race.next_at().or(ask_at)));
        }
        let none = || Error::new(ErrorKind::NotResolved, Phase::Resolve, "the name has no address");
        Err(self.failure.take().unwrap_or_else(none))
    }

    /// Looks at every attempt under way.
    fn look(&mut self, stack: &mut S) -> Option<S::TcpSocket> {
        for _ in 0..self.under_way.len() {
            let (address, mut tcp) = self.under_way.pop_front()?;
            match stack.connect(&mut tcp, address) {
                Ok(()) => return Some(tcp),
                Err(nb::Error::WouldBlock) => self.under_way.push_back((address, tcp)),
                Err(nb::Error::Other(error)) => self.fail(stack, address, tcp, refused(&error)),
            }
        }
        None
    }

    /// Asks for the address of the family that the first one is not of.
    fn ask_other_family(&mut self, stack: &mut S, now: Duration) {
        let Some(family) = self.other.as_ref().filter(|_| self.under_way.is_empty() || now >= self.ask_at)
        else {
            return;
        };
        // The first address is tried first.
        if self.failure.is_none() && self.under_way.is_empty() {
            return;
        }
        match stack.get_host_by_name(self.host, family.clone()) {
            Err(nb::Error::WouldBlock) => return,
            // Some stacks know one family only, and answer with it whatever the question.
            Ok(address) if !self.known.contains(&address) => {
                self.known.push(address);
                self.race.add(SocketAddr::new(address, self.port));
            }
            Ok(_) | Err(nb::Error::Other(_)) => {}
        }
        self.other = None;
    }

    /// Begins an attempt, or puts it off when the stack has no socket for it.
    fn start(
        &mut self,
        stack: &mut S,
        address: SocketAddr,
        now: Duration,
    ) -> Result<Option<S::TcpSocket>, Error> {
        if self.is_crowded
            && let Some((oldest, tcp)) = self.under_way.pop_front()
        {
            self.is_crowded = false;
            self.fail(
                stack,
                oldest,
                tcp,
                Error::new(ErrorKind::Timeout, Phase::Connect, "no answer in its time"),
            );
        }
        let mut tcp = match stack.socket() {
            Ok(tcp) => tcp,
            Err(_) if !self.under_way.is_empty() => {
                self.is_crowded = true;
                self.race.put_back(address, now, self.by);
                return Ok(None);
            }
            Err(error) => {
                return Err(Error::new(ErrorKind::Stack, Phase::Connect, socket::one_line(&error)));
            }
        };
        (self.events)(&Event::Connecting { host: &self.authority, address });
        match stack.connect(&mut tcp, address) {
            Ok(()) => return Ok(Some(tcp)),
            Err(nb::Error::WouldBlock) => self.under_way.push_back((address, tcp)),
            Err(nb::Error::Other(error)) => self.fail(stack, address, tcp, refused(&error)),
        }
        Ok(None)
    }

    fn fail(&mut self, stack: &mut S, address: SocketAddr, tcp: S::TcpSocket, error: Error) {
        // The attempt is over either way; a stack that cannot close it has nothing useful to add.
        let _ = stack.close(tcp);
        self.failure = Some(error.at(self.name(address)));
    }
}

impl<S: TcpClientStack> Attempts<'_, S> {
    /// The host, and the address that was tried for it.
    fn name(&self, address: SocketAddr) -> String {
        place_name(self.host, &self.authority, address)
    }
}

/// `host:port`, and the address that was tried where the host is a name.
pub(crate) fn place_name(host: &str, authority: &str, address: SocketAddr) -> String {
    if host.parse::<IpAddr>().is_ok() {
        authority.to_owned()
    } else {
        format!("{authority} ({})", address.ip())
    }
}

fn refused(error: &impl core::fmt::Debug) -> Error {
    Error::new(ErrorKind::Refused, Phase::Connect, socket::one_line(error))
}

#[cfg(test)]
mod tests {
    use super::{Context, dial};
    use crate::clock::Clock;
    use crate::error::{Error, ErrorKind, Phase};
    use crate::event::Event;
    use crate::socket::{Pace, Whole, ZeroRead};
    use core::net::{IpAddr, SocketAddr};
    use core::time::Duration;
    use embedded_nal::{AddrType, Dns, TcpClientStack, TcpError, TcpErrorKind, nb};
    use std::sync::{Arc, Mutex};

    const MILLISECOND: Duration = Duration::from_millis(1);

    /// Time that passes by sleeping, and by nothing else.
    #[derive(Clone, Debug, Default)]
    struct Time(Arc<Mutex<Duration>>);

    impl Clock for Time {
        fn now(&self) -> Duration {
            *self.0.lock().unwrap()
        }

        fn sleep(&self, span: Duration) {
            *self.0.lock().unwrap() += span;
        }
    }

    /// A network on which the last number of an address says what it does: 1 answers, 2 refuses, 3 answers after 400 ms,
    /// any other is silent.
    #[derive(Default)]
    struct Net {
        time: Time,
        addresses: Vec<&'static str>,
        sockets_max: usize,
        open: Vec<usize>,
        made: usize,
    }

    #[derive(Debug)]
    struct Refused;

    impl TcpError for Refused {
        fn kind(&self) -> TcpErrorKind {
            TcpErrorKind::Other
        }
    }

    #[derive(Debug)]
    struct Tcp {
        number: usize,
        since: Option<Duration>,
        remote: Option<SocketAddr>,
    }

    impl TcpClientStack for Net {
        type TcpSocket = Tcp;
        type Error = Refused;

        fn socket(&mut self) -> Result<Tcp, Refused> {
            if self.open.len() >= self.sockets_max {
                return Err(Refused);
            }
            self.made += 1;
            self.open.push(self.made);
            Ok(Tcp { number: self.made, since: None, remote: None })
        }

        fn connect(&mut self, socket: &mut Tcp, remote: SocketAddr) -> nb::Result<(), Refused> {
            let since = *socket.since.get_or_insert_with(|| self.time.now());
            socket.remote = Some(remote);
            let last = match remote.ip() {
                IpAddr::V4(ip) => ip.octets()[3],
                IpAddr::V6(ip) => ip.octets()[15],
            };
            match last {
                1 => Ok(()),
                2 => Err(Refused.into()),
                3 if self.time.now() >= since + 400 * MILLISECOND => Ok(()),
                _ => Err(nb::Error::WouldBlock),
            }
        }

        fn send(&mut self, _: &mut Tcp, _: &[u8]) -> nb::Result<usize, Refused> {
            Err(Refused.into())
        }

        fn receive(&mut self, _: &mut Tcp, _: &mut [u8]) -> nb::Result<usize, Refused> {
            Err(Refused.into())
        }

        fn close(&mut self, socket: Tcp) -> Result<(), Refused> {
            self.open.retain(|number| *number != socket.number);
            Ok(())
        }
    }

    impl Dns for Net {
        type Error = Refused;

        fn get_host_by_name(&mut self, _: &str, family: AddrType) -> nb::Result<IpAddr, Refused> {
            let fits = |address: &IpAddr| match family {
                AddrType::IPv4 => address.is_ipv4(),
                AddrType::IPv6 => address.is_ipv6(),
                AddrType::Either => true,
            };
            Ok(self.all().into_iter().find(fits).ok_or(Refused)?)
        }

        fn get_host_by_address(&mut self, _: IpAddr, _: &mut [u8]) -> nb::Result<usize, Refused> {
            Err(Refused.into())
        }
    }

    impl Net {
        fn all(&self) -> Vec<IpAddr> {
            self.addresses.iter().map(|text| text.parse().unwrap()).collect()
        }

        fn addresses(&mut self, _: &str) -> nb::Result<Vec<IpAddr>, Error> {
            Ok(self.all())
        }
    }

    struct Dialed {
        /// The address that answered.
        won: Result<String, Error>,
        tried: Vec<String>,
        took: Duration,
        /// Sockets that are open afterwards.
        open: usize,
    }

    /// Dials a name with these addresses within 10 s; `is_plain` is a stack that names one address of a family only.
    fn dialed(addresses: &[&'static str], sockets_max: usize, is_plain: bool) -> Dialed {
        let time = Time::default();
        let mut stack =
            Net { time: time.clone(), addresses: addresses.to_vec(), sockets_max, ..Net::default() };
        let mut pace = Pace::new(Box::new(time.clone()), ZeroRead::Closed);
        if !is_plain {
            pace = pace.with_addresses(Net::addresses);
        }
        let mut tried = Vec::new();
        let mut events = |event: &Event<'_>| {
            if let Event::Connecting { address, .. } = event {
                tried.push(address.ip().to_string());
            }
        };
        let whole = Whole { span: Duration::from_secs(10), by: Duration::from_secs(10) };
        let mut context = Context { stack: &mut stack, pace: &mut pace, events: &mut events, whole };
        let won = dial(&mut context, "host.example", 443).map(|tcp| tcp.remote.unwrap().ip().to_string());
        Dialed { won, tried, took: time.now(), open: stack.open.len() }
    }

    #[test]
    fn every_address_of_both_families_has_its_chance() {
        let dialed = dialed(&["fd::2", "fd::1:2", "10.0.0.2", "10.0.1.2", "10.0.0.1"], 9, false);
        assert_eq!(dialed.won.unwrap(), "10.0.0.1");
        assert_eq!(dialed.tried, ["fd::2", "10.0.0.2", "fd::1:2", "10.0.1.2", "10.0.0.1"]);
        // Nobody is waited for who has said no.
        assert!(dialed.took < 10 * MILLISECOND, "{:?}", dialed.took);
        assert_eq!(dialed.open, 1);
    }

    #[test]
    fn a_silent_address_delays_the_next_by_a_quarter_of_a_second() {
        for is_plain in [false, true] {
            let dialed = dialed(&["fd::9", "10.0.0.1"], 9, is_plain);
            assert_eq!(dialed.won.unwrap(), "10.0.0.1");
            assert!((250 * MILLISECOND..270 * MILLISECOND).contains(&dialed.took), "{:?}", dialed.took);
            assert_eq!(dialed.open, 1, "the other attempt is closed");
        }
    }

    #[test]
    fn an_attempt_goes_on_beside_the_next_one() {
        let dialed = dialed(&["fd::3", "10.0.0.9"], 9, false);
        assert_eq!(dialed.won.unwrap(), "fd::3");
        assert_eq!(dialed.tried, ["fd::3", "10.0.0.9"]);
        assert!((400 * MILLISECOND..420 * MILLISECOND).contains(&dialed.took), "{:?}", dialed.took);
    }

    #[test]
    fn a_stack_with_one_socket_shares_the_time_out() {
        for (addresses, share) in [(&["fd::9", "10.0.0.1"][..], 5), (&["fd::9", "10.0.0.9", "fd::1"], 7)] {
            let dialed = dialed(addresses, 1, false);
            assert!(dialed.won.is_ok_and(|won| won.ends_with('1')));
            let seconds = Duration::from_secs(share);
            assert!(
                (seconds - 500 * MILLISECOND..seconds + 500 * MILLISECOND).contains(&dialed.took),
                "{:?}",
                dialed.took
            );
            assert_eq!(dialed.open, 1);
        }
    }

    #[test]
    fn the_deadline_is_that_of_all_attempts_together() {
        for (addresses, sockets_max) in
            [(&["fd::9", "10.0.0.9", "fd::8", "10.0.0.8"][..], 9), (&["fd::9", "10.0.0.9"], 1)]
        {
            let dialed = dialed(addresses, sockets_max, false);
            let error = dialed.won.unwrap_err();
            assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Connect), "{error}");
            assert!(error.to_string().starts_with("host.example:443 ("), "{error}");
            assert!((10_000 * MILLISECOND..10_020 * MILLISECOND).contains(&dialed.took));
            assert_eq!(dialed.open, 0);
        }
    }

    #[test]
    fn refusals_everywhere_are_an_error_that_names_the_last() {
        for is_plain in [false, true] {
            let dialed = dialed(&["fd::2", "10.0.0.2"], 9, is_plain);
            let error = dialed.won.unwrap_err();
            assert_eq!((error.kind(), error.phase()), (ErrorKind::Refused, Phase::Connect), "{error}");
            assert!(error.to_string().contains("(10.0.0.2)"), "{error}");
            assert_eq!((dialed.tried.len(), dialed.open), (2, 0));
        }
        assert_eq!(dialed(&[], 9, false).won.unwrap_err().kind(), ErrorKind::NotResolved);
        assert_eq!(dialed(&["10.0.0.1"], 0, false).won.unwrap_err().kind(), ErrorKind::Stack);
    }
}
