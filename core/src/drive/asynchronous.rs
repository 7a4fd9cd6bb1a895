//! The loop over a connection that is awaited.

use embedded_io_async::{Read, Write};

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use super::told::{brought, heard, is_idle, opened, received, sent};
use super::{AsyncPlatform, DriveError, Told, Wanted, Wiped};
use crate::exchange::{Exchange, ExchangeError, Item, Reply};
use crate::http::{End, Request};
use crate::job::{Did, Fault, Job, Step, Watched};
use crate::record::Record;

/// Does what a job says, until something concerns the user. `show` is called with every step.
///
/// The same as [`run`](super::run), for a platform that is awaited. The future may be dropped at any time: the
/// connection is closed, and the next call begins the attempt again.
///
/// # Example
/// ```
/// use graph_call::Call;
/// use graph_call::drive::{self, AsyncPlatform, Told};
/// use graph_call::job::{Plan, Session};
///
/// /// Reads a call once.
/// async fn get(platform: &mut impl AsyncPlatform, plan: &Plan<'_>, call: &mut Call) -> bool {
///     let mut session = Session::<1024, 4096>::new();
///     let mut job = session.start(plan, 1);
///     drive::run_async(&mut job, platform, &mut [0; 1024], call, |_| {}).await == Told::Call
/// }
/// ```
pub async fn run_async<P: AsyncPlatform, const HEAD: usize, const TOKEN: usize, const TEXT: usize>(
    job: &mut Job<'_, '_, HEAD, TOKEN, TEXT>,
    platform: &mut P,
    buffer: &mut [u8],
    call: &mut (dyn Watched + Send),
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
                let (io, said) = opened(platform.open(peer, is_fresh, by).await);
                link = io;
                said
            }
            (Step::Send { bytes, by }, Some(link)) => {
                platform.set_deadline(link, by);
                sent(first(link.write(bytes), platform.wait(by)).await)
            }
            (Step::Receive { by }, Some(link)) => {
                platform.set_deadline(link, by);
                received(first(flush_and_read(link, buffer), platform.wait(by)).await, P::END)
            }
            (Step::Close, link) => {
                if let Some(link) = link.take() {
                    platform.close(link).await;
                }
                Did::Nothing
            }
            (Step::Wait { until, .. }, _) => {
                platform.pause(until).await;
                Did::Nothing
            }
            (Step::Token { claims, was_refused, by }, _) => {
                let granted = platform.token(Wanted { claims, was_refused, by }).await;
                brought(job, now, granted)
            }
            (Step::Send { .. } | Step::Receive { .. }, None) => Did::Failed(Fault::Reset),
            (user, _) => return Told::of(&user),
        };
    }
}

async fn flush_and_read<L: Read + Write>(link: &mut L, buffer: &mut [u8]) -> Result<usize, L::Error> {
    link.flush().await?;
    link.read(buffer).await
}

/// What `future` gives, or `None` if `other` is over before it.
pub(super) async fn first<T>(future: impl Future<Output = T>, other: impl Future<Output = ()>) -> Option<T> {
    let (mut future, mut other) = (pin!(future), pin!(other));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => other.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// Fetches a call: sends the request, reads the answer to its end.
///
/// The same as [`get_call`](super::get_call), for connections that are awaited. A call whose future is
/// dropped is unfinished.
///
/// # Errors
/// What the connection said, or what is wrong with the answer; the call is then empty.
pub async fn get_call_async<'x, IO: Read + Write, const N: usize, const TEXT: usize>(
    io: &mut IO,
    request: &Request<'_>,
    exchange: &'x mut Exchange<N, TEXT>,
    call: &mut (dyn Record + Send),
    buffer: &mut [u8],
    end: End,
) -> Result<Reply<'x, TEXT>, DriveError<IO::Error>> {
    call.clear();
    send_async(io, request, buffer).await?;
    receive_async(io, exchange, call, buffer, end, |_| {}).await
}

/// Sends the request through the buffer, which is wiped afterwards.
///
/// # Errors
/// What the connection said; a part of the request may have been sent.
pub async fn send_async<IO: Write>(
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
            return io.flush().await.map_err(DriveError::Io);
        }
        offset = offset.wrapping_add(length);
        let mut rest = buffer.get(..length).unwrap_or_default();
        while !rest.is_empty() {
            let written = io.write(rest).await.map_err(DriveError::Io)?;
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
pub async fn receive_async<'x, IO: Read, const N: usize, const TEXT: usize>(
    io: &mut IO,
    exchange: &'x mut Exchange<N, TEXT>,
    call: &mut (dyn Record + Send),
    buffer: &mut [u8],
    end: End,
    mut observe: impl FnMut(Item<'_>),
) -> Result<Reply<'x, TEXT>, DriveError<IO::Error>> {
    exchange.reset();
    if buffer.is_empty() {
        return Err(DriveError::EmptyBuffer);
    }
    loop {
        let read = io.read(buffer).await;
        if heard(exchange, call, read, buffer, end, &mut observe)? {
            break;
        }
    }
    exchange.reply().ok_or(DriveError::Exchange(ExchangeError::AfterError))
}
