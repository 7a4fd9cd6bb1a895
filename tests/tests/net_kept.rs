//! A kept connection: what the service may send between two answers, and what makes the connection useless.
//!
//! The peer is rustls itself; each of its connections plays one scene between the first answer and the second request.

use core::time::Duration;
use graph_call_std::credential::FixedToken;
use graph_call_std::service::P2P_CALL;
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{AsyncClient, Client, ClientBuilder, Event};
use graph_call_tests::net::tls_peer::{Talk, TlsPeer, answer};
use std::error::Error as StdError;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

type Outcome = Result<(), Box<dyn StdError>>;

/// The id in an answer that nobody asked for.
const FOREIGN: &str = "f0000000-0000-4000-8000-000000000000";

/// What the first connection sends after its first answer.
type Scene = fn(&mut Talk) -> io::Result<Vec<u8>>;

const SCENES: [(&str, bool, Scene); 7] = [
    ("nothing", true, |_| Ok(Vec::new())),
    ("a request for new keys", true, |talk| talk.key_update()),
    ("a whole record of an answer", false, |talk| talk.records(&answer(FOREIGN, 0))),
    ("half a record of an answer", false, |talk| {
        let mut records = talk.records(&answer(FOREIGN, 0))?;
        records.truncate(records.len() / 2);
        Ok(records)
    }),
    ("the first byte of a record", false, |talk| {
        let mut records = talk.records(&answer(FOREIGN, 0))?;
        records.truncate(1);
        Ok(records)
    }),
    ("an empty line", false, |talk| talk.records(b"\r\n")),
    ("close_notify", false, |talk| talk.close_notify()),
];

/// A peer whose first connection plays `scene`, glued to its answer or a moment after it; it tells when it has.
fn peer(scene: Scene, is_glued: bool) -> io::Result<(TlsPeer, Receiver<()>)> {
    let connections = AtomicUsize::new(0);
    let (tell, told) = channel();
    let tell = Mutex::new(tell);
    let peer = TlsPeer::start(move |mut talk| {
        let is_first = connections.fetch_add(1, Ordering::SeqCst) == 0;
        let mut answers = 0;
        while talk.request()? {
            answers += 1;
            let mut bytes = talk.records(&answer(P2P_CALL, 0))?;
            if is_first && answers == 1 {
                if !is_glued {
                    talk.send(&core::mem::take(&mut bytes))?;
                    // The client has read the answer before the rest arrives.
                    std::thread::sleep(Duration::from_millis(20));
                }
                bytes.extend(scene(&mut talk)?);
                talk.send(&bytes)?;
                tell.lock().map_err(|_| io::Error::other("poisoned"))?.send(()).map_err(io::Error::other)?;
                continue;
            }
            talk.send(&bytes)?;
        }
        Ok(())
    })?;
    Ok((peer, told))
}

fn builder(peer: &TlsPeer, reused: &Arc<AtomicUsize>) -> Result<ClientBuilder, graph_call_std::Error> {
    let counted = Arc::clone(reused);
    Ok(Client::builder()
        .credential(FixedToken::new("eyJ0eXAiOiJKV1QifQ.e30.c2ln")?)
        .trust(Trust::new(Roots::Only, peer.ca_pem().as_bytes())?)
        .connect_to(peer.address().to_string())
        .on_event(move |event| {
            if matches!(event, Event::Reused { .. }) {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        }))
}

#[test]
fn only_a_connection_with_nothing_left_over_serves_again() -> Outcome {
    for (name, is_clean, scene) in SCENES {
        for is_glued in [true, false] {
            let (peer, told) = peer(scene, is_glued)?;
            let reused = Arc::new(AtomicUsize::new(0));
            let client = builder(&peer, &reused)?.build()?;
            for round in 0..3 {
                let fetched = client.get_call(P2P_CALL)?;
                assert_eq!(fetched.call.id.as_str(), Some(P2P_CALL), "{name}, {round}, glued: {is_glued}");
                if round == 0 {
                    told.recv_timeout(Duration::from_secs(5))?;
                }
            }
            let expected = if is_clean { 2 } else { 1 };
            assert_eq!(reused.load(Ordering::SeqCst), expected, "{name}, glued: {is_glued}");
        }
    }
    Ok(())
}

#[test]
fn the_same_holds_for_the_awaited_client() -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    for (name, is_clean, scene) in SCENES {
        for is_glued in [true, false] {
            let (peer, told) = peer(scene, is_glued)?;
            let reused = Arc::new(AtomicUsize::new(0));
            let client: AsyncClient = builder(&peer, &reused)?.build_async()?;
            runtime.block_on(async {
                for round in 0..3 {
                    let fetched = client.get_call(P2P_CALL).await?;
                    assert_eq!(
                        fetched.call.id.as_str(),
                        Some(P2P_CALL),
                        "{name}, {round}, glued: {is_glued}"
                    );
                    if round == 0 {
                        told.recv_timeout(Duration::from_secs(5))?;
                    }
                }
                Outcome::Ok(())
            })?;
            let expected = if is_clean { 2 } else { 1 };
            assert_eq!(reused.load(Ordering::SeqCst), expected, "{name}, glued: {is_glued}");
        }
    }
    Ok(())
}
