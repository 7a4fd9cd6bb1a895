//! Fetches a call over a recorded connection: the request is written and the answer read byte by byte.

#![no_std]
#![no_main]

use get_call::{Call, Recorded};
use graph_call::drive;
use graph_call::exchange::{Exchange, Reply};
use graph_call::http::{AccessToken, CallId, Cloud, End, Request, RequestError};
use static_cell::ConstStaticCell;

const ID: &str = "2e1a0b00-2db4-4022-9570-243709c565ab";
const ACCESS_TOKEN: &str = "recorded-without-a-secret";
static REQUEST: &[u8] = include_bytes!("../../recorded/p2p.request");
static ANSWER: &[u8] = include_bytes!("../../recorded/p2p.answer");

static CALL: ConstStaticCell<Call> = ConstStaticCell::new(Call::empty());
static EXCHANGE: ConstStaticCell<Exchange> = ConstStaticCell::new(Exchange::new());

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    let success = fetch().unwrap_or_else(|error| {
        defmt::error!("{}", error);
        false
    });
    device::end(success)
}

fn fetch() -> Result<bool, RequestError> {
    let request = Request::new(Cloud::Global, CallId::new(ID)?, AccessToken::new(ACCESS_TOKEN)?);
    let mut connection = Recorded::new(REQUEST, ANSWER);
    let call = CALL.take();
    let mut buffer = [0; 64];
    let reply =
        drive::get_call(&mut connection, &request, EXCHANGE.take(), call, &mut buffer, End::CloseNotify);
    match reply {
        Ok(Reply::Call) => defmt::info!("{}", call),
        Ok(Reply::Error(refusal)) => defmt::error!("status {}", refusal.head.status()),
        Err(error) => defmt::error!("{}", defmt::Display2Format(&error)),
    }
    Ok(connection.is_over() && call.id.as_str() == Some(ID))
}
