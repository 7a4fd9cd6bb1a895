//! graph-call's own clients as their builder makes them by default: nothing is chosen but whom to trust, where to
//! connect, and the token.

use std::cell::Cell;
use std::rc::Rc;

use graph_call_std::credential::FixedToken;
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{AsyncClient, Client, ClientBuilder, Fetched, Reading};

use crate::contender::{self, Awaited, Filled, Seen, WATCH_INTERVAL};
use crate::site::{Answering, ID, Site, token};

fn builder(site: &Site, answering: Answering) -> Result<ClientBuilder, String> {
    let credential = FixedToken::new(token()).map_err(|e| e.to_string())?;
    let trust = Trust::new(Roots::Only, site.authority.as_bytes()).map_err(|e| e.to_string())?;
    let builder = Client::builder().credential(credential).trust(trust);
    Ok(builder.connect_to(site.address(answering).to_string()))
}

impl Filled for Fetched {
    fn show(&self, sink: &mut Seen) {
        call_model::ours::put(&self.call, sink);
    }
}

pub(super) struct Blocking(Client);

impl contender::Blocking for Blocking {
    type Call = Fetched;

    fn new(site: &Site, answering: Answering) -> Result<Self, String> {
        builder(site, answering)?.build().map(Self).map_err(|e| e.to_string())
    }

    fn get(&mut self) -> Result<Fetched, String> {
        self.0.get_call(ID).map_err(|e| e.to_string())
    }
}

pub(super) struct Tokio(AsyncClient);

impl Awaited for Tokio {
    type Call = Fetched;

    fn new(site: &Site, answering: Answering) -> Result<Self, String> {
        builder(site, answering)?.build_async().map(Self).map_err(|e| e.to_string())
    }

    async fn get(&mut self) -> Result<Fetched, String> {
        self.0.get_call(ID).await.map_err(|e| e.to_string())
    }

    fn share(&self) -> Option<Self> {
        Some(Self(self.0.clone()))
    }

    async fn watch(self, readings: Rc<Cell<usize>>) -> Result<(), String> {
        let mut watch = self.0.watch(ID).every(WATCH_INTERVAL);
        while let Some(reading) = watch.next().await {
            match reading.map_err(|e| e.to_string())? {
                Reading::Call(_) => readings.set(readings.get() + 1),
                Reading::Gone(_) => return Err("the call is gone".into()),
            }
        }
        Ok(())
    }
}
