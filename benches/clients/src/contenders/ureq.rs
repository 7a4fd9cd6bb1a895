//! ureq 3, which blocks.

use std::sync::Arc;

use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::contender::{Blocking, OwnedCall};
use crate::site::{Answering, Site, token};

pub(super) struct Ureq {
    agent: Agent,
    url: String,
    authorization: String,
}

impl Blocking for Ureq {
    type Call = OwnedCall;

    fn new(site: &Site, answering: Answering) -> Result<Self, String> {
        let authority = Certificate::from_pem(site.authority.as_bytes()).map_err(|e| e.to_string())?;
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&[authority]))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = Agent::config_builder().tls_config(tls).proxy(None).build().into();
        Ok(Self { agent, url: site.url(answering), authorization: format!("Bearer {}", token()) })
    }

    fn get(&mut self) -> Result<OwnedCall, String> {
        let request = self.agent.get(&self.url).header("Authorization", &self.authorization);
        let request = request.header("Accept", "application/json");
        let mut response = request.call().map_err(|e| e.to_string())?;
        let content = response.body_mut().read_to_vec().map_err(|e| e.to_string())?;
        serde_json::from_slice(&content).map_err(|e| e.to_string())
    }
}
