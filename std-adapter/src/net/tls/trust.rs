//! Whom to trust: the authorities, and the check of a server's certificate.
//!
//! - takes: certificate authorities, a configuration of the caller's
//! - gives: sessions
//! - keeps: one configuration for all of them
//! - refuses: a CA certificate that cannot be read, by its number and line

use core::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{UnbufferedClientConnection, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, OtherError, RootCertStore,
    SignatureScheme,
};

use super::certificate::{self, Refused};
use super::session::Session;
use crate::error::Error;

/// Which certificate authorities are trusted, before extra ones are added.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Roots {
    /// Those of the operating system.
    #[cfg(feature = "platform-verifier")]
    Platform,
    /// Mozilla's list, compiled in: for machines without a list of their own.
    #[cfg(feature = "webpki-roots")]
    WebPki,
    /// None: only the extra ones count.
    Only,
}

/// Whom to trust: made once, shared by every connection.
///
/// ```
/// use graph_call_std::tls::{Roots, Trust};
///
/// let trust = Trust::new(Roots::WebPki, &[])?;
/// assert!(Trust::new(Roots::WebPki, b"no certificate in here").is_err());
/// assert!(Trust::new(Roots::Only, &[]).is_err());
/// # let _ = trust;
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

impl Trust {
    /// Trusts `roots` and the certificates in `extra`, a PEM text that may be empty.
    ///
    /// # Errors
    /// `Usage` when a certificate cannot be read, or when nobody would be trusted.
    pub fn new(roots: Roots, extra: &[u8]) -> Result<Self, Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let extra = certificate::bundle(extra)?;
        let verifier = verifier(roots, extra, &provider)
            .map_err(|error| Error::usage(format!("the trusted certificates cannot be used: {error}")))?;
        let verifier = Arc::new(Explained(verifier));
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::usage(error.to_string()))?
            // The verifier is rustls's own or the platform's: "dangerous" is the name of the door.
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    /// Uses a configuration of the caller's: client certificates, another provider, key logging.
    #[must_use]
    pub fn from_config(config: Arc<ClientConfig>) -> Self {
        Self(config)
    }

    /// The rustls configuration.
    #[must_use]
    pub fn config(&self) -> &Arc<ClientConfig> {
        &self.0
    }

    /// Begins a session with `host`, a DNS name or an IP address.
    ///
    /// # Errors
    /// `Usage` when `host` is neither.
    pub fn session(&self, host: &str) -> Result<Session, Error> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::usage("the host is neither a DNS name nor an IP address").at(host))?;
        let connection = UnbufferedClientConnection::new(Arc::clone(&self.0), name)
            .map_err(|error| Error::usage(error.to_string()).at(host))?;
        Ok(Session::new(connection))
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust(..)")
    }
}

fn verifier(
    roots: Roots,
    extra: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Box<dyn std::error::Error>> {
    let mut store = RootCertStore::empty();
    match roots {
        #[cfg(feature = "platform-verifier")]
        Roots::Platform => {
            let verifier =
                rustls_platform_verifier::Verifier::new_with_extra_roots(extra, Arc::clone(provider))?;
            return Ok(Arc::new(verifier));
        }
        #[cfg(feature = "webpki-roots")]
        Roots::WebPki => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Roots::Only => {}
    }
    store.add_parsable_certificates(extra);
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider)).build()?;
    Ok(verifier)
}

/// A verifier whose refusals say what the certificate says.
#[derive(Debug)]
struct Explained(Arc<dyn ServerCertVerifier>);

impl ServerCertVerifier for Explained {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let result = self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        result.map_err(|error| match error {
            rustls::Error::InvalidCertificate(cause) => {
                let refused = Refused::new(cause, end_entity, server_name);
                CertificateError::Other(OtherError(Arc::new(refused))).into()
            }
            error => error,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        self.0.requires_raw_public_keys()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.0.root_hint_subjects()
    }
}
