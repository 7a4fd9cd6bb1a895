//! Fetches a call over a network stack that is not this crate's: std-embedded-nal here, smoltcp-nal or a
//! modem's driver elsewhere.
//!
//! `cargo run -p graph-call-std --example any_stack`

use graph_call_std::credential::FixedToken;
use graph_call_std::service::{P2P_CALL, Service};
use graph_call_std::socket::{Pace, ZeroRead};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Client, SystemClock};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let service = Service::start()?;
    // What the traits do not tell of a stack: that a received length of zero means "closed" on this one,
    // and what keeps it moving. smoltcp-nal would be
    // `Pace::new(clock, ZeroRead::NotYet).with_idle(Box::new(|stack| drop(stack.poll())))`.
    let pace = Pace::new(Box::new(SystemClock::new()), ZeroRead::Closed);
    let client = Client::builder()
        .credential(FixedToken::new(service.access_token())?)
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .connect_to(service.address().to_string())
        .build_over(std_embedded_nal::Stack, pace)?;

    let call = client.get_call(P2P_CALL)?.call;
    println!("{} is {}", call.id.as_str().unwrap_or("?"), call.state.as_str().unwrap_or("?"));
    Ok(())
}
