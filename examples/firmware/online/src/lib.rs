//! What the programs of this package share: their request, and how they tell its outcome.

#![no_std]

use embedded_io::{Read, Write};
use graph_call::exchange::{Exchange, Reply};
use graph_call::http::{AccessToken, CallId, Cloud, End, Request, RequestError};
use graph_call::{Call, drive};
use semihosting::experimental::env;
use static_cell::ConstStaticCell;

/// The call asked for.
const ID: &str = "2e1a0b00-2db4-4022-9570-243709c565ab";
/// The loopback service is told to accept it; it opens nothing else. A real one has no place here.
const ACCESS_TOKEN: &str = "loopback-only";
const ARGUMENTS_LENGTH_MAX: usize = 128;

static CALL: ConstStaticCell<Call> = ConstStaticCell::new(Call::new());
static EXCHANGE: ConstStaticCell<Exchange> = ConstStaticCell::new(Exchange::new());

/// The port of the service, which the emulator gives as the first argument.
pub fn port() -> Option<u16> {
    let arguments = env::args::<ARGUMENTS_LENGTH_MAX>().ok()?;
    (&arguments).nth(1)?.ok()?.parse().ok()
}

/// Fetches the call and logs it; whether it came. Call it once.
pub fn fetch(connection: &mut (impl Read + Write), end: End) -> bool {
    let call = CALL.take();
    let request = match request() {
        Ok(request) => request,
        Err(error) => {
            defmt::error!("{}", error);
            return false;
        }
    };
    let mut buffer = [0; 512];
    match drive::get_call(connection, &request, EXCHANGE.take(), call, &mut buffer, end) {
        Ok(Reply::Call) => defmt::info!("{}", call),
        Ok(Reply::Error(refusal)) => defmt::error!("status {}", refusal.head.status()),
        Err(error) => defmt::error!("{}", defmt::Debug2Format(&error)),
    }
    call.id.as_str() == Some(ID)
}

fn request() -> Result<Request<'static>, RequestError> {
    Ok(Request::new(Cloud::Global, CallId::new(ID)?, AccessToken::new(ACCESS_TOKEN)?))
}
