//! One TLS session without its stream: a machine that says what to send and when to receive.
//!
//! - takes: encrypted bytes as they arrive, plain text to send
//! - gives: encrypted bytes to send, plain text as it arrives
//! - keeps: what has arrived and is not understood, what is understood and not read, what is not sent
//! - refuses: to be called clean while any of the three holds a byte
//!
//! A driver is this loop, blocking or awaited:
//!
//! ```text
//!   step(goal) --> Send     write unsent() to the stream, say how much by sent()
//!              --> Receive  read from the stream into room(), say how much by received()
//!              --> Done(n)  the goal is reached
//! ```

use core::fmt;

use rustls::client::UnbufferedClientConnection;
use rustls::unbuffered::{ConnectionState, EncodeError, EncryptError, UnbufferedStatus};

use super::buffer::Buffer;

/// Encrypted bytes received at once, at least: most answers are one piece.
const RECEIVE_LENGTH: usize = 4096;
/// The most encrypted bytes that wait to be understood: a handshake message of the largest size (64 KiB)
/// and its records' headers.
const INPUT_LENGTH_MAX: usize = 80 * 1024;

/// The most plain text of one record (RFC 8446, section 5.1).
const TEXT_LENGTH_MAX: usize = 16 * 1024;

/// What a driver wants of a session.
#[derive(Debug)]
pub(crate) enum Goal<'a> {
    /// Both ends have proved what they have to.
    Handshake,
    /// Plain text; an empty one means that the peer said close_notify.
    Read(&'a mut [u8]),
    /// This plain text is sent.
    Write(&'a [u8]),
    /// Everything is sent; the number is what [`Step::Done`] shall say.
    Flush(usize),
    /// The peer is told that nothing more will come.
    Close,
}

impl<'a> Goal<'a> {
    /// As much of `text` as one record holds is sent.
    pub(crate) fn write(text: &'a [u8]) -> Self {
        Self::Write(text.get(..TEXT_LENGTH_MAX).unwrap_or(text))
    }
}

/// What a driver has to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// Send [`Session::unsent`].
    Send,
    /// Receive into [`Session::room`].
    Receive,
    /// The goal is reached: so many bytes were read or written.
    Done(usize),
}

/// One TLS session, apart from the stream it runs over.
pub struct Session {
    tls: UnbufferedClientConnection,
    /// Encrypted bytes received and not yet understood: never more than part of a message, after a step.
    input: Buffer,
    /// Plain text received and not yet read.
    plain: Buffer,
    /// Encrypted bytes not yet sent.
    output: Buffer,
    /// Whether the peer said close_notify.
    is_ended: bool,
    failure: Option<rustls::Error>,
}

impl Session {
    pub(super) fn new(tls: UnbufferedClientConnection) -> Self {
        let [input, plain, output] = Default::default();
        Self { tls, input, plain, output, is_ended: false, failure: None }
    }

    /// The negotiated version and cipher suite, once the handshake is over.
    #[must_use]
    pub fn describe(&self) -> Option<(&'static str, &'static str)> {
        let version = self.tls.protocol_version()?.as_str()?;
        let suite = self.tls.negotiated_cipher_suite()?.suite().as_str()?;
        Some((version, suite))
    }

    /// What to do next to reach `goal`.
    ///
    /// # Errors
    /// What TLS has against the peer, once the alert that says so is sent.
    pub(crate) fn step(&mut self, goal: &mut Goal<'_>) -> Result<Step, rustls::Error> {
        loop {
            if !self.output.is_empty() {
                return Ok(Step::Send);
            }
            if let Goal::Flush(count) = goal {
                return Ok(Step::Done(*count));
            }
            if let Goal::Read(output) = goal {
                let count = self.read(output);
                if count > 0 || output.is_empty() || self.is_ended {
                    return Ok(Step::Done(count));
                }
            }
            if let Some(failure) = &self.failure {
                return Err(failure.clone());
            }
            if let Some(step) = self.process(goal) {
                return Ok(step);
            }
        }
    }

    /// The bytes to send.
    pub(crate) fn unsent(&self) -> &[u8] {
        self.output.filled()
    }

    /// So many of them were sent.
    pub(crate) fn sent(&mut self, count: usize) {
        self.output.take(count);
    }

    /// Where the next encrypted bytes go.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        self.input.room(RECEIVE_LENGTH)
    }

    /// So many of them have arrived.
    pub(crate) fn received(&mut self, count: usize) {
        self.input.fill(count);
        if self.input.filled().len() > INPUT_LENGTH_MAX {
            self.failure.get_or_insert_with(|| general("the peer's TLS message is too long"));
        }
    }

    /// Whether nothing at all is left over: no plain text, no part of a record, no end, no failure.
    ///
    /// What arrived unasked is understood first, for a session ticket may come at any time; what TLS has to say to it goes
    /// out with the next request.
    pub(crate) fn is_clean(&mut self) -> bool {
        while self.plain.is_empty() && !self.is_ended && self.failure.is_none() {
            if self.process(&mut Goal::Read(&mut [])) == Some(Step::Receive) {
                return self.input.is_empty() && !self.tls.is_handshaking();
            }
        }
        false
    }

    /// Whether there is plain text that nobody has read.
    ///
    /// A part of a record may be left over: tickets come when they like.
    pub(crate) fn has_text(&mut self) -> bool {
        while self.plain.is_empty() && !self.is_ended && self.failure.is_none() {
            if self.process(&mut Goal::Read(&mut [])) == Some(Step::Receive) {
                break;
            }
        }
        !self.plain.is_empty()
    }

    fn read(&mut self, output: &mut [u8]) -> usize {
        let count = copy(self.plain.filled(), output);
        self.plain.take(count);
        count
    }

    /// Lets TLS do one thing; `None` when there may be another.
    fn process(&mut self, goal: &mut Goal<'_>) -> Option<Step> {
        let Self { tls, input, plain, output, is_ended, failure } = self;
        let UnbufferedStatus { mut discard, state } = tls.process_tls_records(input.filled_mut());
        let mut step = None;
        match state {
            Ok(ConnectionState::ReadTraffic(mut traffic)) => {
                while let Some(record) = traffic.next_record() {
                    match record {
                        Ok(record) => {
                            discard += record.discard;
                            let count = match goal {
                                Goal::Read(text) if step.is_none() && plain.is_empty() => {
                                    copy(record.payload, text)
                                }
                                _ => 0,
                            };
                            plain.push(record.payload.get(count..).unwrap_or_default());
                            step = (count > 0).then_some(Step::Done(count)).or(step);
                        }
                        Err(error) => *failure = Some(error),
                    }
                }
            }
            Ok(ConnectionState::EncodeTlsData(mut data)) => {
                encode(output, |room| data.encode(room).map_err(room_to_encode), failure);
            }
            // All of `output` is sent before the next goal is reached.
            Ok(ConnectionState::TransmitTlsData(transmit)) => transmit.done(),
            Ok(ConnectionState::PeerClosed) => *is_ended = true,
            Ok(ConnectionState::WriteTraffic(mut traffic)) => match goal {
                Goal::Handshake => step = Some(Step::Done(0)),
                Goal::Read(_) => step = Some(Step::Receive),
                Goal::Write(text) => {
                    let text = *text;
                    encode(output, |room| traffic.encrypt(text, room).map_err(room_to_encrypt), failure);
                    *goal = Goal::Flush(text.len());
                }
                Goal::Close => {
                    encode(output, |room| traffic.queue_close_notify(room).map_err(room_to_encrypt), failure);
                    *goal = Goal::Flush(0);
                }
                Goal::Flush(_) => {}
            },
            Ok(ConnectionState::BlockedHandshake) => {
                step = Some(if matches!(goal, Goal::Close) { Step::Done(0) } else { Step::Receive });
            }
            Ok(state) => *failure = Some(general(&format!("the session is over: {state:?}"))),
            Err(error) => *failure = Some(error),
        }
        input.take(discard);
        if self.failure.is_some() {
            self.explain();
        }
        step
    }

    /// Puts the alert that explains a failure, if there is one, before the failure.
    fn explain(&mut self) {
        let Self { tls, input, output, failure, .. } = self;
        let UnbufferedStatus { discard, state } = tls.process_tls_records(input.filled_mut());
        if let Ok(ConnectionState::EncodeTlsData(mut data)) = state {
            encode(output, |room| data.encode(room).map_err(room_to_encode), failure);
        }
        input.take(discard);
    }
}

/// As much of `from` as `to` has room for.
fn copy(from: &[u8], to: &mut [u8]) -> usize {
    let count = from.len().min(to.len());
    if let (Some(to), Some(from)) = (to.get_mut(..count), from.get(..count)) {
        to.copy_from_slice(from);
    }
    count
}

fn room_to_encode(error: EncodeError) -> Option<usize> {
    match error {
        EncodeError::InsufficientSize(needed) => Some(needed.required_size),
        EncodeError::AlreadyEncoded => None,
    }
}

fn room_to_encrypt(error: EncryptError) -> Option<usize> {
    match error {
        EncryptError::InsufficientSize(needed) => Some(needed.required_size),
        EncryptError::EncryptExhausted => None,
    }
}

/// Writes records to the end of `output`; `write` says how much room it needs when that is too little.
fn encode(
    output: &mut Buffer,
    mut write: impl FnMut(&mut [u8]) -> Result<usize, Option<usize>>,
    failure: &mut Option<rustls::Error>,
) {
    let written = match write(output.room(0)) {
        Err(Some(needed)) => write(output.room(needed)),
        result => result,
    };
    match written {
        Ok(count) => output.fill(count),
        Err(_) => *failure = Some(rustls::Error::EncryptError),
    }
}

fn general(text: &str) -> rustls::Error {
    rustls::Error::General(text.to_owned())
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("input", &self.input)
            .field("plain", &self.plain)
            .field("output", &self.output)
            .field("is_ended", &self.is_ended)
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "service"))]
mod tests {
    use super::{Goal, Session, Step};
    use crate::service::{Authority, CertificateKind};
    use crate::tls::{Roots, Trust};
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::{ServerConfig, ServerConnection};
    use std::io::{Read as _, Write as _};
    use std::sync::Arc;

    /// A session and its server, whose handshake is over; and what the server sends after it of its own accord.
    fn pair() -> (Session, ServerConnection, Vec<u8>) {
        let authority = Authority::new().unwrap();
        let identity = authority.issue(CertificateKind::Good).unwrap();
        let chain = CertificateDer::pem_slice_iter(identity.chain_pem().as_bytes())
            .collect::<Result<_, _>>()
            .unwrap();
        let key = PrivateKeyDer::from_pem_slice(identity.key_pem().as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let mut server = ServerConnection::new(Arc::new(config)).unwrap();
        let mut client =
            Trust::new(Roots::Only, authority.pem().as_bytes()).unwrap().session("localhost").unwrap();
        loop {
            match client.step(&mut Goal::Handshake).unwrap() {
                Step::Done(_) => break,
                Step::Send => to_server(&mut client, &mut server),
                Step::Receive => {
                    let bytes = from_server(&mut server);
                    receive(&mut client, &bytes);
                }
            }
        }
        let tickets = from_server(&mut server);
        (client, server, tickets)
    }

    fn to_server(client: &mut Session, server: &mut ServerConnection) {
        let count = server.read_tls(&mut client.unsent()).unwrap();
        client.sent(count);
        server.process_new_packets().unwrap();
    }

    fn from_server(server: &mut ServerConnection) -> Vec<u8> {
        let mut bytes = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut bytes).unwrap();
        }
        bytes
    }

    fn receive(client: &mut Session, bytes: &[u8]) {
        for piece in bytes.chunks(1000) {
            client.room()[..piece.len()].copy_from_slice(piece);
            client.received(piece.len());
        }
    }

    fn records(server: &mut ServerConnection, text: &[u8]) -> Vec<u8> {
        server.writer().write_all(text).unwrap();
        from_server(server)
    }

    #[test]
    fn session_tickets_leave_it_clean_and_part_of_one_does_not() {
        let (mut client, _, tickets) = pair();
        assert!(client.is_clean() && tickets.len() > 100);
        for (at, byte) in tickets.iter().enumerate() {
            receive(&mut client, &[*byte]);
            let is_whole = at + 1 == tickets.len();
            // Two tickets, and between them a moment without anything left over.
            assert!(client.is_clean() == is_whole || at + 1 == tickets.len() / 2, "after {} bytes", at + 1);
        }
    }

    #[test]
    fn a_whole_record_is_text_and_tickets_and_parts_are_not() {
        let (mut client, mut server, tickets) = pair();
        receive(&mut client, &tickets);
        assert!(!client.has_text());
        let answer = records(&mut server, b"HTTP/1.1 200 OK");
        for (at, byte) in answer.iter().enumerate() {
            receive(&mut client, &[*byte]);
            assert_eq!(client.has_text(), at + 1 == answer.len(), "after {} bytes", at + 1);
        }
        let mut text = [0; 15];
        assert_eq!(client.step(&mut Goal::Read(&mut text)), Ok(Step::Done(15)));
        assert!(!client.has_text());
    }

    #[test]
    fn no_byte_of_an_unasked_answer_leaves_it_clean() {
        for length in 1.. {
            let (mut client, mut server, tickets) = pair();
            receive(&mut client, &tickets);
            let answer = records(&mut server, b"HTTP/1.1 200 OK");
            receive(&mut client, answer.get(..length).unwrap_or(&answer));
            assert!(!client.is_clean(), "after {length} bytes");
            if length == answer.len() {
                break;
            }
        }
    }

    #[test]
    fn a_request_for_new_keys_leaves_it_clean_and_is_answered_with_the_next_request() {
        let (mut client, mut server, tickets) = pair();
        server.refresh_traffic_keys().unwrap();
        receive(&mut client, &[tickets, from_server(&mut server)].concat());
        assert!(client.is_clean());
        let mut goal = Goal::write(b"again");
        while client.step(&mut goal).unwrap() == Step::Send {
            to_server(&mut client, &mut server);
        }
        let mut text = [0; 9];
        assert_eq!(server.reader().read(&mut text).unwrap(), 5);
        receive(&mut client, &records(&mut server, b"and again"));
        assert_eq!(client.step(&mut Goal::Read(&mut text)), Ok(Step::Done(9)));
        assert_eq!(&text, b"and again");
        assert!(client.is_clean());
    }

    #[test]
    fn an_end_is_an_end_and_leaves_nothing_clean() {
        let (mut client, mut server, tickets) = pair();
        let answer = records(&mut server, b"the last words");
        server.send_close_notify();
        receive(&mut client, &[tickets, answer, from_server(&mut server)].concat());
        let mut text = [0; 4];
        let mut all = Vec::new();
        while let Step::Done(count @ 1..) = client.step(&mut Goal::Read(&mut text)).unwrap() {
            all.extend_from_slice(&text[..count]);
        }
        assert_eq!(all, b"the last words");
        assert_eq!(client.step(&mut Goal::Read(&mut text)), Ok(Step::Done(0)));
        assert!(!client.is_clean());
    }

    #[test]
    fn several_records_at_once_come_out_in_order() {
        let (mut client, mut server, tickets) = pair();
        let mut bytes = tickets;
        for number in 0..50_u8 {
            bytes.extend(records(&mut server, &vec![number; 700]));
        }
        let mut bytes = bytes.as_slice();
        let mut all = Vec::new();
        let mut text = [0; 1000];
        while all.len() < 50 * 700 {
            match client.step(&mut Goal::Read(&mut text)).unwrap() {
                Step::Done(count) => all.extend_from_slice(&text[..count]),
                Step::Send => panic!("nothing to send"),
                Step::Receive => {
                    let (piece, rest) = bytes.split_at(bytes.len().min(3333));
                    assert!(!piece.is_empty());
                    receive(&mut client, piece);
                    bytes = rest;
                }
            }
        }
        assert_eq!(all, (0..50_u8).flat_map(|number| vec![number; 700]).collect::<Vec<_>>());
        assert!(client.is_clean());
    }

    #[test]
    fn a_lie_ends_the_session_after_an_alert() {
        let (mut client, mut server, tickets) = pair();
        let mut answer = records(&mut server, b"forged");
        *answer.last_mut().unwrap() ^= 1;
        receive(&mut client, &[tickets, answer].concat());
        let mut text = [0; 9];
        assert_eq!(client.step(&mut Goal::Read(&mut text)), Ok(Step::Send));
        assert_eq!(client.unsent().first(), Some(&0x17), "an alert, encrypted");
        client.sent(client.unsent().len());
        assert!(client.step(&mut Goal::Read(&mut text)).is_err());
        assert!(!client.is_clean());
    }
}
