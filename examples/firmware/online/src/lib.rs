//! What the programs of this package share: their request, how they tell its outcome, and what a device has of its own.

#![no_std]

use embedded_io::{Read, Write};
use graph_call::exchange::{Exchange, Reply};
use graph_call::http::{AccessToken, CallId, Cloud, End, Request, RequestError};
use graph_call::{Call, drive};
use semihosting::experimental::{env, random, time::SystemTime};
use semihosting::fs::File;
use semihosting::io::Read as _;
use static_cell::ConstStaticCell;

/// The call asked for.
const ID: &str = "2e1a0b00-2db4-4022-9570-243709c565ab";
/// The loopback service is told to accept it; it opens nothing else. A real one has no place here.
const ACCESS_TOKEN: &str = "loopback-only";
const ARGUMENTS_LENGTH_MAX: usize = 128;

static CALL: ConstStaticCell<Call> = ConstStaticCell::new(Call::new());
static EXCHANGE: ConstStaticCell<Exchange> = ConstStaticCell::new(Exchange::new());

/// An argument that the emulator gives; the first one is the port of the service.
pub fn argument(place: usize) -> Option<u16> {
    let arguments = env::args::<ARGUMENTS_LENGTH_MAX>().ok()?;
    (&arguments).nth(place)?.ok()?.parse().ok()
}

/// The authorities that the device was provisioned with: here, `ca.der` in the emulator's directory.
pub fn provisioned(memory: &'static mut [u8]) -> Option<&'static [u8]> {
    let length = File::open(c"ca.der").ok()?.read(memory).ok()?;
    memory.get(..length)
}

/// Random numbers of the host that emulates the device: a product has a hardware generator.
pub fn random(output: &mut [u8]) -> bool {
    random::fill_bytes(output).is_ok()
}

/// The time of the host that emulates the device: a product has a clock that was set.
pub fn unix_seconds() -> Option<u64> {
    Some(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs())
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
