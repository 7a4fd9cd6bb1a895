//! reqwest, on tokio.

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use reqwest::{Client, Url};

use crate::contender::{Awaited, OwnedCall};
use crate::site::{Answering, Site, token};

#[derive(Clone)]
pub(super) struct Reqwest {
    client: Client,
    url: Url,
    authorization: HeaderValue,
}

impl Awaited for Reqwest {
    type Call = OwnedCall;

    fn new(site: &Site, answering: Answering) -> Result<Self, String> {
        let client =
            Client::builder().tls_backend_preconfigured(super::tls::config(site)?).no_proxy().build();
        Ok(Self {
            client: client.map_err(|e| e.to_string())?,
            url: site.url(answering).parse::<Url>().map_err(|e| e.to_string())?,
            authorization: HeaderValue::try_from(format!("Bearer {}", token())).map_err(|e| e.to_string())?,
        })
    }

    async fn get(&mut self) -> Result<OwnedCall, String> {
        let request = self.client.get(self.url.clone()).header(AUTHORIZATION, self.authorization.clone());
        let request = request.header(ACCEPT, "application/json");
        let response = request.send().await.and_then(reqwest::Response::error_for_status);
        let content = response.map_err(|e| e.to_string())?.bytes().await.map_err(|e| e.to_string())?;
        serde_json::from_slice(&content).map_err(|e| e.to_string())
    }

    fn share(&self) -> Option<Self> {
        Some(self.clone())
    }
}
