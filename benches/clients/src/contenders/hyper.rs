//! hyper with the pooled client of hyper-util, TLS by hyper-rustls.

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use hyper::{Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::contender::{Awaited, OwnedCall};
use crate::site::{Answering, Site, token};

#[derive(Clone)]
pub(super) struct Hyper {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    uri: Uri,
    authorization: HeaderValue,
}

impl Awaited for Hyper {
    type Call = OwnedCall;

    fn new(site: &Site, answering: Answering) -> Result<Self, String> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let builder = HttpsConnectorBuilder::new().with_tls_config(super::tls::config(site)?);
        let connector = builder.https_only().enable_http1().wrap_connector(tcp);
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector),
            uri: site.url(answering).parse::<Uri>().map_err(|e| e.to_string())?,
            authorization: HeaderValue::try_from(format!("Bearer {}", token())).map_err(|e| e.to_string())?,
        })
    }

    async fn get(&mut self) -> Result<OwnedCall, String> {
        let request = Request::get(self.uri.clone())
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .body(Empty::new())
            .map_err(|e| e.to_string())?;
        let response = self.client.request(request).await.map_err(|e| e.to_string())?;
        if !response.status().is_success() {
            return Err(format!("status {}", response.status()));
        }
        let content = response.into_body().collect().await.map_err(|e| e.to_string())?.to_bytes();
        serde_json::from_slice(&content).map_err(|e| e.to_string())
    }

    fn share(&self) -> Option<Self> {
        Some(self.clone())
    }
}
