//! Fetches two calls side by side on tokio.
//!
//! `cargo run -p graph-call-std --features tokio --example tokio`

use graph_call_std::credential::FixedToken;
use graph_call_std::service::{GROUP_CALL, P2P_CALL, Service};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Client, Error};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let service = Service::start()?;
    let trust = Trust::new(Roots::Only, service.ca_pem().as_bytes())?;
    let state = async |id: &str| {
        let client = Client::builder()
            .credential(FixedToken::new(service.access_token())?)
            .trust(trust.clone())
            .connect_to(service.address().to_string())
            .build_async()?;
        let call = client.get_call(id).await?.call;
        println!("{id} is {}", call.state.as_str().unwrap_or("?"));
        Ok::<(), Error>(())
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { tokio::try_join!(state(GROUP_CALL), state(P2P_CALL)) })?;
    Ok(())
}
