//! Logs a whole call by one statement: what is there, with its marks, and no secret; and why another, and an answer with
//! a chunk longer than all memory, were refused.

#![no_std]
#![no_main]

use graph_call::{Call, Exchange, Overflow, ParseOptions};
use static_cell::ConstStaticCell;

graph_call::capacities! {
    /// Room for secrets, and little for the rest.
    Cramped { id: 24, text: 8, uri: 0, secret: 32, word: 12, set: 1, list: 1 }
}

type Small = Call<Cramped>;

static BODY: &[u8] = br##"{"id":"57ab8050","state":"parked","subject":"Stand-up of all","targets":[{},{}],
    "source":{"identity":{"user":{"displayName":"Bea","tenantId":"t"},"phone":{}}},
    "meetingInfo":{"@odata.type":"#microsoft.graph.tokenMeetingInfo","token":"hunter2","passcode":"hunter2"},
    "mediaConfig":{"blob":"{\"hunter2\":1}"},"transcription":{"lastModifiedDateTime":"2020-05-28T00:10:54.5-01:30"},
    "callbackUri":"https://example.com","resultInfo":{"code":200},"ringingTimeoutInSeconds":30}"##;
static WRONG: &[u8] = br#"{"targets":[{"identity":{"user":{"displayName":[]}}}]}"#;
// One digit more than a length has here: taken for a chunk of no bytes, it would be the end.
static ENDLESS: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n100000000\r\n";
static CALL: ConstStaticCell<Small> = ConstStaticCell::new(Small::empty());
static EXCHANGE: ConstStaticCell<Exchange> = ConstStaticCell::new(Exchange::new());

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    let call = CALL.take();
    let options = ParseOptions::new().overflow(Overflow::Truncate);
    let result = call.parse_into_with(BODY, options);
    defmt::info!("{}", call);
    match call.parse_into(WRONG) {
        Ok(()) => defmt::error!("accepted"),
        Err(error) => defmt::info!("{}", error),
    }
    match EXCHANGE.take().feed(call, ENDLESS) {
        Ok(_) => defmt::error!("accepted"),
        Err(error) => defmt::info!("{}", error),
    }
    device::end(result.is_ok())
}
