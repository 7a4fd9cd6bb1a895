//! The loop over a connection that blocks.

use embedded_io::{Read, Write};

use super::told::{brought, heard, is_idle, opened, received, sent};
use super::{DriveError, Platform, Told, Wanted, Wiped};
use crate::exchange::{Exchange, ExchangeError, Item, Reply};
use crate::http::{End, Request};
use crate::job::{Did, Fault, Job, Step, Watched};
use crate::record::Record;

/// Does what a job says, until something concerns the user. `show` is called with every step.
///
/// Call it again to go on with a watch, until that is over. The buffer may have any size but 0; one of 1 KiB is
/// good.
///
/// # Example
/// ```
/// use graph_call::Call;
/// use graph_call::drive::{self, Platform, Told};
/// use graph_call::http::CallId;
/// use graph_call::job::{Credential, Plan, Query, Session, Step};
///
/// /// Watches a call to its end, and says whether it could.
/// fn watch(platform: &mut impl Platform, id: &str, credential: Credential<'_>, seed: u64) -> bool {
///     let Ok(id) = CallId::new(id) else { return false };
///     let plan = Plan::watch(Query::new(id), credential).every(10_000);
///     let mut session = Session::<1024, 4096>::new();
///     let mut job = session.start(&plan, seed);
///     let (mut call, mut buffer) = (Call::new(), [0; 1024]);
///     loop {
///         let told = drive::run(&mut job, platform, &mut buffer, &mut call, |step| {
///             if let Step::Failed(failure) = step {
///                 println!("{failure:?}");
///             }
///         });
///         match told {
///             Told::Call => println!("{:?}", call.state.get()),
///             Told::Failed => {}
///             Told::Gone => println!("the call is over"),
///             Told::Over => return true,
///         }
///     }
/// }
/// ```
pub fn run<P: Platform, const HEAD: usize, const TOKEN: usize, const TEXT: usize>(
    job: &mut Job<'_, '_, HEAD, TOKEN, TEXT>,
    platform: &mut P,
    buffer: &mut [u8],
    call: &mut dyn Watched,
    mut show: impl FnMut(&Step<'_>),
) -> Told {
    let mut link: Option<P::Link> = None;
    let mut did = Did::Dropped;
    loop {
        let now = platform.now();
        let step = job.step(now, did, buffer, call);
        show(&step);
        if let Some(link) = link.take_if(|_| is_idle(&step)) {
            platform.keep(link);
        }
        did = match (step, &mut link) {
            (Step::Connect { peer, is_fresh, by }, _) => {
                let (io, said) = opened(platform.open(peer, is_fresh, by));
                link = io;
                said
            }
            (Step::Send { bytes, by }, Some(link)) => {
                platform.set_deadline(link, by);
                sent(Some(link.write(bytes)))
            }
            (Step::Receive { by }, Some(link)) => {
                platform.set_deadline(link, by);
                received(Some(link.flush().and_then(|()| link.read(buffer))), P::END)
            }
            (Step::Close, link) => {
                if let Some(link) = link.take() {
                    platform.close(link);
                }
                Did::Nothing
            }
            (Step::Send { .. } | Step::Receive { .. }, None) => Did::Failed(Fault::Reset),
            (Step::Wait { until, .. }, _) => {
                platform.wait(until);
                Did::Nothing
            }
            (Step::Token { claims, was_refused, by }, _) => {
                let granted = platform.token(Wanted { claims, was_refused, by });
                brought(job, now, granted)
            }
            (user, _) => return Told::of(&user),
        };
    }
}

/// Fetches a call: sends the request, reads the answer to its end.
///
/// The buffer serves the request first, then the answer; one of 256 bytes is good, any but an empty one
/// works. It is wiped of the access token in between. `end` is what it means that a read gives no bytes:
/// `CloseNotify` only for a TLS stream that fails where the peer's `close_notify` is missing.
///
/// ```
/// use graph_call::http::{AccessToken, CallId, Cloud, End, Request};
/// use graph_call::{Call, Exchange, Reply, drive};
/// # struct Socket(&'static [u8]);
/// # impl embedded_io::ErrorType for Socket {
/// #     type Error = core::convert::Infallible;
/// # }
/// # impl embedded_io::Read for Socket {
/// #     fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
/// #         embedded_io::Read::read(&mut self.0, buffer)
/// #     }
/// # }
/// # impl embedded_io::Write for Socket {
/// #     fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> { Ok(bytes.len()) }
/// #     fn flush(&mut self) -> Result<(), Self::Error> { Ok(()) }
/// # }
/// # let mut socket = Socket(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
/// #     Content-Length: 13\r\n\r\n{\"id\":\"57da\"}");
/// let request = Request::new(Cloud::Global, CallId::new("57da")?, AccessToken::new("secret")?);
/// let mut call = Call::new();
/// let mut exchange = Exchange::<512>::new();
/// let mut buffer = [0; 256];
/// match drive::get_call(&mut socket, &request, &mut exchange, &mut call, &mut buffer, End::Cut)? {
///     Reply::Call => assert_eq!(call.id.as_str(), Some("57da")),
///     Reply::Error(refusal) => println!("status {}", refusal.head.status()),
/// }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// What the connection said, or what is wrong with the answer; the call is then empty.
pub fn get_call<'x, IO: Read + Write, const N: usize, const TEXT: usize>(
    io: &mut IO,
    request: &Request<'_>,
    exchange: &'x mut Exchange<N, TEXT>,
    call: &mut dyn Record,
    buffer: &mut [u8],
    end: End,
) -> Result<Reply<'x, TEXT>, DriveError<IO::Error>> {
    call.clear();
    send(io, request, buffer)?;
    receive(io, exchange, call, buffer, end, |_| {})
}

/// Sends the request through the buffer, which is wiped afterwards.
///
/// # Errors
/// What the connection said; a part of the request may have been sent.
pub fn send<IO: Write>(
    io: &mut IO,
    request: &Request<'_>,
    buffer: &mut [u8],
) -> Result<(), DriveError<IO::Error>> {
    let Wiped(buffer) = &mut Wiped(buffer);
    if buffer.is_empty() {
        return Err(DriveError::EmptyBuffer);
    }
    let mut offset = 0_usize;
    loop {
        let length = request.write_from(offset, buffer);
        if length == 0 {
            return io.flush().map_err(DriveError::Io);
        }
        offset = offset.wrapping_add(length);
        let mut rest = buffer.get(..length).unwrap_or_default();
        while !rest.is_empty() {
            let written = io.write(rest).map_err(DriveError::Io)?;
            if written == 0 {
                return Err(DriveError::WriteZero);
            }
            rest = rest.get(written..).unwrap_or_default();
        }
    }
}

/// Reads an answer to its end, and shows every item of it on the way.
///
/// # Errors
/// What the connection said, or what is wrong with the answer; the call is then empty.
pub fn receive<'x, IO: Read, const N: usize, const TEXT: usize>(
    io: &mut IO,
    exchange: &'x mut Exchange<N, TEXT>,
    call: &mut dyn Record,
    buffer: &mut [u8],
    end: End,
    mut observe: impl FnMut(Item<'_>),
) -> Result<Reply<'x, TEXT>, DriveError<IO::Error>> {
    exchange.reset();
    if buffer.is_empty() {
        return Err(DriveError::EmptyBuffer);
    }
    loop {
        let read = io.read(buffer);
        if heard(exchange, call, read, buffer, end, &mut observe)? {
            break;
        }
    }
    exchange.reply().ok_or(DriveError::Exchange(ExchangeError::AfterError))
}
