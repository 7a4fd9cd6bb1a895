//! The TLS of those that take a configuration.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::site::Site;

/// A configuration that trusts the site's authority, and nobody else.
pub(super) fn config(site: &Site) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(site.authority.as_bytes()).map_err(|e| e.to_string())?;
    roots.add(authority).map_err(|e| e.to_string())?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
