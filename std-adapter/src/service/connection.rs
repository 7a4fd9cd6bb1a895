//! A listener and its connections, each on a thread of its own.

use super::answer::{Answer, Stamp};
use super::received::{Reader, Received, Refusal};
use super::script::{End, Script, Step};
use super::shared::Shared;
use super::wire::{Tcp, Wire};
use super::{graph, login};
use rustls::ServerConfig;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

const CONNECTIONS_MAX: usize = 256;
const REQUESTS_PER_CONNECTION_MAX: usize = 1_000;
const STACK_SIZE: usize = 512 * 1024;

/// A thread that accepts connections until the service stops.
pub(super) struct Listener {
    address: SocketAddr,
    thread: JoinHandle<()>,
}

impl Listener {
    pub(super) fn start(
        shared: &Arc<Shared>,
        listener: TcpListener,
        tls: Option<Arc<ServerConfig>>,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shared = Arc::clone(shared);
        let thread = thread::Builder::new()
            .name("service-listener".into())
            .spawn(move || accept(&shared, &listener, tls.as_ref()))?;
        Ok(Self { address, thread })
    }

    /// Ends the thread; the stop must be set.
    pub(super) fn join(self) {
        // The thread waits in `accept`: a connection of our own wakes it.
        if TcpStream::connect_timeout(&self.address, Duration::from_secs(1)).is_ok() {
            let _ = self.thread.join();
        }
    }
}

fn accept(shared: &Arc<Shared>, listener: &TcpListener, tls: Option<&Arc<ServerConfig>>) {
    while !shared.stop.is_set() {
        let Ok((socket, _)) = listener.accept() else {
            // No file descriptor, or a client gone before it was accepted: the next one may do better.
            shared.stop.wait(Duration::from_millis(10));
            continue;
        };
        let socket = Arc::new(socket);
        let Some(open) = shared.open(&socket, CONNECTIONS_MAX) else { continue };
        let (shared, tls) = (Arc::clone(shared), tls.cloned());
        let connection = thread::Builder::new().name("service-connection".into()).stack_size(STACK_SIZE);
        // Where no thread can be had the connection is closed by dropping it.
        let _ = connection.spawn(move || {
            // How a client went is the client's affair, and its tests'.
            let _ = converse(&shared, socket, tls.as_ref());
            drop(open);
        });
    }
}

fn converse(shared: &Arc<Shared>, socket: Arc<TcpStream>, tls: Option<&Arc<ServerConfig>>) -> io::Result<()> {
    let tcp = Tcp::new(socket, shared)?;
    let mut wire = match tls {
        Some(config) => Wire::tls(tcp, config)?,
        None => Wire::plain(tcp),
    };
    let mut reader = Reader::default();
    for number in 1..=REQUESTS_PER_CONNECTION_MAX {
        let received = match reader.next(&mut wire) {
            Ok(Some(received)) => received,
            Ok(None) => return wire.end(End::CloseNotify),
            Err(Refusal::Io(error)) => return Err(error),
            Err(Refusal::Status(status)) => {
                let answer =
                    Answer::error(&Stamp::of_graph(None, ""), status, "BadRequest", "Malformed request.");
                return wire.perform(last(answer)).map(drop);
            }
        };
        shared.remember(&received);
        let is_last = number == REQUESTS_PER_CONNECTION_MAX
            || received.field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        if !wire.perform(respond(shared, &received, is_last))? {
            return Ok(());
        }
    }
    Ok(())
}

fn respond(shared: &Shared, received: &Received, is_last: bool) -> Script {
    let id = received.field("client-request-id");
    let (stamp, answer, fault) = if received.path().ends_with(login::PATH) {
        let stamp = Stamp::of_login(id, &login::secret(received));
        let answer = login::answer(shared, received, &stamp);
        (stamp, answer, login::fault(shared, received))
    } else {
        shared.stop.wait(shared.settings.latency);
        let stamp = Stamp::of_graph(id, received.access_token().unwrap_or_default());
        let answer = graph::answer(shared, received, &stamp);
        (stamp, answer, graph::fault(shared, received))
    };
    let (answer, fault) = match fault {
        Ok(fault) => (answer, fault),
        Err(unknown) => (Answer::error(&stamp, 400, "BadRequest", &unknown.to_string()), None),
    };
    match fault {
        Some(fault) => fault.script(answer, &stamp),
        None if is_last => last(answer),
        None => vec![Step::Write(answer.message())],
    }
}

fn last(answer: Answer) -> Script {
    vec![Step::Write(answer.with("Connection", "close").message()), Step::End(End::CloseNotify)]
}
