//! The loop over a connection that is awaited.

use embedded_io_async::{Read, Write};

use super::{DriveError, Wiped};
use crate::exchange::{Exchange, ExchangeError, Item, Reply};
use crate::http::{End, Request};
use crate::json::slot::Record;

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
        let length = match io.read(buffer).await {
            Ok(0) => {
                exchange.finish(call, end).map_err(DriveError::Exchange)?;
                break;
            }
            Ok(length) => length,
            Err(error) => {
                call.clear();
                return Err(DriveError::Io(error));
            }
        };
        let piece = buffer.get(..length).unwrap_or_default();
        if exchange.feed_with(call, piece, &mut observe).map_err(DriveError::Exchange)? {
            break;
        }
    }
    exchange.reply().ok_or(DriveError::Exchange(ExchangeError::AfterError))
}
