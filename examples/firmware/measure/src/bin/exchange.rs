//! Measures the whole exchange: the request written, the head and the content read, through `drive`.

#![no_std]
#![no_main]

use core::convert::Infallible;

use cortex_m_rt::entry;
use embedded_io::{ErrorType, Read, Write};
use graph_call::exchange::{Exchange, Reply};
use graph_call::http::{AccessToken, CallId, Cloud, End, Request};
use graph_call::{Call, drive};
use static_cell::ConstStaticCell;

static HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
static EXCHANGE: ConstStaticCell<Exchange> = ConstStaticCell::new(Exchange::new());

#[entry]
fn main() -> ! {
    let exchange = EXCHANGE.take();
    measure::run(|call, document, piece| fetch(exchange, call, document, piece))
}

#[inline(never)]
fn fetch(exchange: &mut Exchange, call: &mut Call, document: &[u8], piece: usize) -> bool {
    exchange.reset();
    let (Ok(id), Ok(access_token)) = (CallId::new("2e1a0b00"), AccessToken::new("secret")) else {
        return false;
    };
    let request = Request::new(Cloud::Global, id, access_token);
    let mut wire = Wire { head: HEAD, content: document, piece: if piece == 0 { usize::MAX } else { piece } };
    let mut buffer = [0; 512];
    let reply = drive::get_call(&mut wire, &request, exchange, call, &mut buffer, End::CloseNotify);
    matches!(reply, Ok(Reply::Call))
}

/// A connection that takes every request and answers with the document.
struct Wire<'a> {
    head: &'a [u8],
    content: &'a [u8],
    piece: usize,
}

impl ErrorType for Wire<'_> {
    type Error = Infallible;
}

impl Read for Wire<'_> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Infallible> {
        let source = if self.head.is_empty() { &mut self.content } else { &mut self.head };
        let length = self.piece.min(output.len()).min(source.len());
        let (Some(room), Some((now, later))) = (output.get_mut(..length), source.split_at_checked(length))
        else {
            return Ok(0);
        };
        room.copy_from_slice(now);
        *source = later;
        Ok(length)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, input: &[u8]) -> Result<usize, Infallible> {
        Ok(core::hint::black_box(input).len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
