//! The authority that a service makes at start, and the certificates it issues, good and bad.

use core::fmt;
use graph_call::http::Cloud;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, Error, IsCa, KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io;

/// What a certificate is like: good, or bad in exactly one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateKind {
    /// Valid for loopback and for the hosts of every cloud.
    Good,
    /// Valid, but for another name.
    WrongName,
    /// Its validity ended in the year 2001.
    Expired,
    /// Its validity begins in the year 2090.
    NotYetValid,
    /// Issued by an authority of the same name that nobody trusts.
    UnknownAuthority,
    /// Issued by a certificate that is good for a server and is no authority.
    LeafAsAuthority,
}

impl CertificateKind {
    /// Every bad kind.
    pub const BAD: [Self; 5] =
        [Self::WrongName, Self::Expired, Self::NotYetValid, Self::UnknownAuthority, Self::LeafAsAuthority];
}

/// A certificate authority of one run; its key is never written anywhere.
///
/// ```
/// use graph_call_std::service::{Authority, CertificateKind};
///
/// // For a server of one's own: nginx reads both from files.
/// let identity = Authority::new()?.issue(CertificateKind::Good)?;
/// assert!(identity.chain_pem().contains("BEGIN CERTIFICATE"));
/// assert!(identity.key_pem().contains("BEGIN PRIVATE KEY"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// The common name of every such authority.
    pub const NAME: &'static str = "graph-call loopback authority";

    /// Makes a key and a self-signed certificate.
    ///
    /// # Errors
    /// When the key cannot be made.
    pub fn new() -> io::Result<Self> {
        Self::make().map_err(io::Error::other)
    }

    fn make() -> Result<Self, Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, Self::NAME);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        Ok(Self { pem: issuer.pem(), issuer })
    }

    /// The certificate, in PEM.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The certificate, in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        self.issuer.der()
    }

    /// Issues a server's certificate and key.
    ///
    /// # Errors
    /// When the key cannot be made.
    pub fn issue(&self, kind: CertificateKind) -> io::Result<Identity> {
        self.sign(kind).map_err(io::Error::other)
    }

    fn sign(&self, kind: CertificateKind) -> Result<Identity, Error> {
        let params = leaf(kind)?;
        let key = KeyPair::generate()?;
        let chain = match kind {
            CertificateKind::UnknownAuthority => {
                vec![params.signed_by(&key, &Self::make()?.issuer)?.pem()]
            }
            CertificateKind::LeafAsAuthority => {
                let between = CertifiedIssuer::signed_by(
                    leaf(CertificateKind::Good)?,
                    KeyPair::generate()?,
                    &self.issuer,
                )?;
                vec![params.signed_by(&key, &between)?.pem(), between.pem()]
            }
            _ => vec![params.signed_by(&key, &self.issuer)?.pem()],
        };
        Ok(Identity { chain_pem: chain.concat(), key })
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

/// The names a good certificate is for: loopback, and every host that a call or an access token comes from.
fn good_names() -> Vec<&'static str> {
    let mut names = vec!["localhost", "127.0.0.1"];
    for host in Cloud::ALL.into_iter().flat_map(|cloud| [cloud.graph_host(), cloud.login_host()]) {
        // Some clouds share a login host.
        if !names.contains(&host) {
            names.push(host);
        }
    }
    names
}

fn leaf(kind: CertificateKind) -> Result<CertificateParams, Error> {
    let names =
        if kind == CertificateKind::WrongName { vec!["graph.microsoft.example"] } else { good_names() };
    let mut params = CertificateParams::new(names.into_iter().map(str::to_owned).collect::<Vec<_>>())?;
    params.distinguished_name.push(DnType::CommonName, "graph-call loopback service");
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    match kind {
        CertificateKind::Expired => {
            params.not_before = rcgen::date_time_ymd(2000, 1, 1);
            params.not_after = rcgen::date_time_ymd(2001, 1, 1);
        }
        CertificateKind::NotYetValid => params.not_before = rcgen::date_time_ymd(2090, 1, 1),
        _ => {}
    }
    Ok(params)
}

/// A server's certificate chain and private key.
pub struct Identity {
    chain_pem: String,
    key: KeyPair,
}

impl Identity {
    /// The chain in PEM, the server's own certificate first.
    #[must_use]
    pub fn chain_pem(&self) -> &str {
        &self.chain_pem
    }

    /// The private key in PEM, for a server that reads files.
    #[must_use]
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    pub(super) fn chain(&self) -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_slice_iter(self.chain_pem.as_bytes()).filter_map(Result::ok).collect()
    }

    pub(super) fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.serialize_der()).into()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}
