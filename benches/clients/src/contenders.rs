//! The clients that are measured. All have rustls with ring, the same authority, TLS sessions resumed where the client
//! does that by itself, no proxy, and no wait for more to send (Nagle).

mod bound;
mod graph_call;
mod hyper;
mod reqwest;
mod tls;
mod ureq;

use crate::contender::{Contender, OnThread, OnTokio};
use crate::site::{Answering, Site};

/// The row that all others are compared to: what any client must at least do.
pub const BOUND: &str = "bound: rustls, httparse, serde_json";

/// Our blocking client.
pub const OURS_BLOCKING: &str = "graph-call, `Client`";

/// Our client on tokio.
pub const OURS_TOKIO: &str = "graph-call, `AsyncClient`";

/// The peer whose throughput with many tasks is a goal.
pub const HYPER: &str = "hyper-util";

type Make = fn(&Site, Answering) -> Result<Box<dyn Contender>, String>;

/// All of them, by name; the bound first.
pub const ALL: [(&str, Make); 6] = [
    (BOUND, OnThread::<bound::Bound>::boxed),
    (OURS_BLOCKING, OnThread::<graph_call::Blocking>::boxed),
    (OURS_TOKIO, OnTokio::<graph_call::Tokio>::boxed),
    ("ureq", OnThread::<ureq::Ureq>::boxed),
    ("reqwest", OnTokio::<reqwest::Reqwest>::boxed),
    (HYPER, OnTokio::<hyper::Hyper>::boxed),
];

/// Makes one by its name.
///
/// # Errors
///
/// There is none of that name, or what the client says.
pub fn make(name: &str, site: &Site, answering: Answering) -> Result<Box<dyn Contender>, String> {
    let (_, make) =
        ALL.iter().find(|(other, _)| *other == name).ok_or_else(|| format!("no client {name}"))?;
    make(site, answering)
}
