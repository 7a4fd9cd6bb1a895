//! An application that signs in with its certificate: RFC 7523, section 2.2, with the header of RFC 7515.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use graph_call::http::Cloud;
use rustls::crypto::hash::HashAlgorithm;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};
use serde_json::json;

use super::client_credentials::check_names;
use super::{Credential, Offer, Secret, TokenRequest, Wanted};
use crate::clock::unix_seconds;
use crate::error::Error;
use crate::random;

/// Seconds that an assertion is good for.
const LIFETIME: u64 = 600;

/// An application's tenant, id and certificate, with the key that signs for it.
///
/// The key never leaves the process: each sign-in has an assertion of its own, signed for ten minutes.
///
/// ```
/// # let pem = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/application.pem")).expect("a certificate");
/// use graph_call_std::Cloud;
/// use graph_call_std::credential::{ClientCertificate, Credential, Offer, Wanted};
///
/// let id = "2891555a-92ff-42e6-80fa-6e1300c6b5c6";
/// let mut app = ClientCertificate::new("contoso.example", id, &pem)?;
/// assert!(matches!(app.offer(&Wanted::new(Cloud::Global))?, Offer::Ask(_)));
/// assert!(ClientCertificate::new("contoso.example", id, b"no certificate").is_err());
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone)]
pub struct ClientCertificate {
    tenant: String,
    client_id: String,
    key: Arc<dyn SigningKey>,
    algorithm: Algorithm,
    /// Base64 of the certificate, and of those that follow it.
    chain: Vec<String>,
    /// Base64url of the certificate's SHA-256.
    thumbprint: String,
}

/// How an assertion is signed (RFC 7518, section 3.1).
#[derive(Clone, Copy)]
struct Algorithm {
    name: &'static str,
    scheme: SignatureScheme,
}

const PS256: Algorithm = Algorithm { name: "PS256", scheme: SignatureScheme::RSA_PSS_SHA256 };
const RS256: Algorithm = Algorithm { name: "RS256", scheme: SignatureScheme::RSA_PKCS1_SHA256 };

impl ClientCertificate {
    /// Takes an application's tenant (id or domain), its client id, and PEM text with its certificate and the RSA key,
    /// without a password, in any order.
    ///
    /// # Errors
    /// When the tenant or the client id has characters that neither a GUID nor a domain has, or when the text lacks
    /// either, or they do not belong together.
    pub fn new(tenant: &str, client_id: &str, pem: &[u8]) -> Result<Self, Error> {
        check_names(tenant, client_id)?;
        let pem = pem.strip_prefix(b"\xef\xbb\xbf").unwrap_or(pem);
        let key = key(pem)?;
        let chain = chain(pem, &key)?;
        let Some(certificate) = chain.first() else { return Err(refused("there is no certificate in it")) };
        Ok(Self {
            tenant: tenant.to_owned(),
            client_id: client_id.to_owned(),
            thumbprint: URL_SAFE_NO_PAD.encode(sha256(certificate)?),
            chain: chain.iter().map(|certificate| STANDARD.encode(certificate)).collect(),
            key,
            algorithm: PS256,
        })
    }

    /// Signs by RS256 in the place of PS256, for whoever does not know that.
    #[must_use]
    pub fn rs256(mut self) -> Self {
        self.algorithm = RS256;
        self
    }

    /// What the application says of itself at a time, signed.
    fn assertion(&self, cloud: Cloud, now: u64) -> Result<Secret, Error> {
        let Self { tenant, client_id, algorithm, chain, thumbprint, .. } = self;
        let mut id = [0; 16];
        random::fill(&mut id);
        let header = json!({ "alg": algorithm.name, "typ": "JWT", "x5t#S256": thumbprint, "x5c": chain });
        let claims = json!({
            "aud": format!("https://{}/{tenant}/oauth2/v2.0/token", cloud.login_host()),
            "iss": client_id,
            "sub": client_id,
            "jti": URL_SAFE_NO_PAD.encode(id),
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
        });
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = format!("{header}.{claims}");
        let signer = self.key.choose_scheme(&[algorithm.scheme]);
        let signature = signer.and_then(|signer| signer.sign(signed.as_bytes()).ok());
        let signature = signature.ok_or_else(|| refused("its key cannot sign"))?;
        Ok(Secret::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }
}

impl Credential for ClientCertificate {
    fn offer(&mut self, wanted: &Wanted<'_>) -> Result<Offer, Error> {
        let assertion = self.assertion(wanted.cloud, unix_seconds())?;
        let (tenant, client_id) = (self.tenant.clone(), self.client_id.clone());
        Ok(Offer::Ask(TokenRequest::ClientAssertion { tenant, client_id, assertion }))
    }
}

/// Shows nothing of the key.
impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate")
            .field("tenant", &self.tenant)
            .field("client_id", &self.client_id)
            .field("algorithm", &self.algorithm.name)
            .field("thumbprint", &self.thumbprint)
            .finish_non_exhaustive()
    }
}

/// The RSA key in a PEM text.
fn key(pem: &[u8]) -> Result<Arc<dyn SigningKey>, Error> {
    let has = |word: &[u8]| pem.windows(word.len()).any(|window| window == word);
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
        refused(if has(b"ENCRYPTED") {
            "its key has a password: remove it, as `openssl pkey` does"
        } else if has(b"-----BEGIN") {
            "there is no private key in it that can be read"
        } else {
            "it is no PEM text; `openssl pkcs12 -nodes` makes one of a PFX file"
        })
    })?;
    let key = ring::default_provider().key_provider.load_private_key(key);
    let key = key.map_err(|_| refused("its key cannot be used"))?;
    match key.algorithm() {
        SignatureAlgorithm::RSA => Ok(key),
        _ => Err(refused("its key is not an RSA key, and no other is accepted for applications")),
    }
}

/// The certificates in a PEM text, that of the key first.
fn chain(pem: &[u8], key: &Arc<dyn SigningKey>) -> Result<Vec<CertificateDer<'static>>, Error> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let mut chain = chain.map_err(|_| refused("a certificate in it cannot be read"))?;
    if chain.is_empty() {
        return Err(refused("there is no certificate in it"));
    }
    let is_of_key = |certificate: &CertificateDer<'static>| {
        CertifiedKey::new(vec![certificate.clone()], Arc::clone(key)).keys_match().is_ok()
    };
    let Some(place) = chain.iter().position(is_of_key) else {
        return Err(refused("its key belongs to none of its certificates"));
    };
    chain[..=place].rotate_right(1);
    Ok(chain)
}

fn sha256(bytes: &[u8]) -> Result<impl AsRef<[u8]>, Error> {
    let suites = ring::default_provider().cipher_suites;
    let mut hashes = suites.iter().filter_map(|suite| Some(suite.tls13()?.common.hash_provider));
    let hash = hashes.find(|hash| hash.algorithm() == HashAlgorithm::SHA256);
    hash.map(|hash| hash.hash(bytes)).ok_or_else(|| refused("there is no SHA-256 for it"))
}

fn refused(detail: &str) -> Error {
    Error::usage(format!("the application's certificate: {detail}"))
}
