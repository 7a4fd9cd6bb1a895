//! What certificates say, in words: the entries of a CA bundle, and why a server's certificate was refused.
//!
//! - takes: PEM text, DER bytes
//! - gives: certificates, and texts for a person
//! - keeps: nothing
//! - refuses: an entry that is no certificate, by its number and line
//!
//! Nothing here decides whom to trust: rustls has judged already, and this only reads what it judged.

use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, RootCertStore};

use super::der::{Certificate, date};
use crate::error::Error;
use crate::text::one_line;

/// Names of a certificate that are shown.
const NAMES_MAX: usize = 5;

/// What to do where an authority is missing.
const UNTRUSTED: &str =
    "if it is the authority of your organisation or of its proxy, trust it; if not, somebody may read along";

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates in a PEM text (RFC 7468), with any line ends and with or without a byte order mark; a blank text has
/// none. What stands between the entries, and entries of another kind, is passed over.
pub(super) fn bundle(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if text.starts_with(&[0x30, 0x82]) {
        return Err(Error::usage(
            "the CA certificate is in DER, and has to be PEM text: `openssl x509 -inform der` makes that",
        ));
    }
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Err(Error::usage("the CA certificates are UTF-16 text; save them as UTF-8"));
    }
    let text = String::from_utf8_lossy(text);
    let mut certificates = Vec::new();
    let mut entry: Option<(usize, String)> = None;
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        match (&mut entry, line) {
            (None, BEGIN) => entry = Some((number, String::new())),
            (None, _) => {}
            (Some((began, base64)), END) => {
                let certificate = STANDARD.decode(&*base64).ok().map(CertificateDer::from);
                let is_readable = |certificate: &CertificateDer<'_>| {
                    RootCertStore::empty().add(certificate.clone()).is_ok()
                };
                let certificate = certificate.filter(is_readable);
                certificates
                    .push(certificate.ok_or_else(|| broken(certificates.len(), *began, "cannot be read"))?);
                entry = None;
            }
            (Some((began, _)), line) if line.starts_with("-----") => {
                return Err(broken(certificates.len(), *began, "has no end"));
            }
            (Some((_, base64)), line) => base64.push_str(line),
        }
    }
    match entry {
        Some((began, _)) => Err(broken(certificates.len(), began, "has no end")),
        None if certificates.is_empty() && !text.trim().is_empty() => {
            Err(Error::usage("there is no CA certificate where one was expected: it has to be PEM text"))
        }
        None => Ok(certificates),
    }
}

fn broken(before: usize, line: usize, what: &str) -> Error {
    Error::usage(format!("CA certificate {} (line {line}) {what}", before + 1))
}

/// A server's certificate that was refused: why, what it says, and what to do.
#[derive(Debug)]
pub(super) struct Refused {
    /// What rustls found.
    cause: CertificateError,
    text: String,
}

impl Refused {
    pub(super) fn new(cause: CertificateError, certificate: &[u8], host: &ServerName<'_>) -> Self {
        let says = Certificate::read(certificate).unwrap_or_default();
        let Certificate { names, issuer, not_before, not_after } = &says;
        let why = match &cause {
            CertificateError::ExpiredContext { time, .. } => format!(
                "the certificate expired on {not_after}, and the clock of this machine says {}",
                date(time.as_secs())
            ),
            CertificateError::NotValidYetContext { time, .. } => format!(
                "the certificate is not valid before {not_before}, and the clock of this machine says {}",
                date(time.as_secs())
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                format!("the certificate is not for {}", host.to_str())
            }
            CertificateError::UnknownIssuer => {
                format!("nobody trusts the issuer of the certificate, {issuer}")
            }
            CertificateError::BadSignature => {
                "the signature of the certificate is not that of the issuer it names".to_owned()
            }
            CertificateError::Revoked => "the certificate was revoked".to_owned(),
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                "the certificate is not for servers".to_owned()
            }
            CertificateError::BadEncoding => "the certificate cannot be read".to_owned(),
            CertificateError::ApplicationVerificationFailure => {
                "the certificate was refused by the system".to_owned()
            }
            _ => {
                "the certificate, or one between it and its authority, breaks the rules for those of servers"
                    .to_owned()
            }
        };
        let mut shown = names.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>().join(", ");
        match names.len() {
            0 => shown.push_str("no name"),
            count if count > NAMES_MAX => shown.push_str(&format!(" and {} more", count - NAMES_MAX)),
            _ => {}
        }
        let text =
            format!("{why}; it names {shown}, issuer {issuer}, valid from {not_before} to {not_after}");
        Self { cause, text: one_line(&text, 700) }
    }

    /// Whether another authority is all that is missing.
    pub(super) const fn is_untrusted_issuer(&self) -> bool {
        matches!(self.cause, CertificateError::UnknownIssuer)
    }

    /// What to do about it.
    pub(super) const fn hint(&self) -> &'static str {
        match self.cause {
            CertificateError::ExpiredContext { .. } | CertificateError::NotValidYetContext { .. } => {
                "set the clock if it is wrong; if it is right, whoever runs the server has to renew the certificate"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "another server has answered: check the name, and what is on the way to it"
            }
            CertificateError::UnknownIssuer => UNTRUSTED,
            _ => "something on the way may read along: use another network",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Refused {}

#[cfg(all(test, feature = "service"))]
mod tests {
    use super::{NAMES_MAX, Refused, bundle};
    use crate::service::{Authority, CertificateKind};
    use graph_call::http::Cloud;
    use rustls::CertificateError;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
    use std::collections::BTreeSet;
    use std::time::Duration;

    #[test]
    fn a_bundle_is_read_with_any_line_ends_and_mark() {
        let pem = Authority::new().unwrap().pem().to_owned() + "a remark\n" + Authority::new().unwrap().pem();
        for text in [pem.clone(), pem.replace('\n', "\r\n"), format!("\u{feff}{pem}")] {
            assert_eq!(bundle(text.as_bytes()).unwrap().len(), 2);
        }
        assert!(bundle(b" \r\n").unwrap().is_empty());
    }

    #[test]
    fn a_bad_entry_is_named_by_number_and_line() {
        let pem = Authority::new().unwrap().pem().to_owned();
        let lines = pem.lines().count();
        let refused =
            |text: &str| bundle(text.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
        let begin = "-----BEGIN CERTIFICATE-----\n";
        let end = "-----END CERTIFICATE-----\n";
        let second = format!("CA certificate 2 (line {})", lines + 1);
        for (entry, what) in [
            (format!("{begin}AAAA\n{end}"), "cannot be read"),
            (format!("{begin}%%%\n{end}"), "cannot be read"),
            (format!("{begin}AAAA\n"), "has no end"),
            (format!("{begin}AAAA\n{pem}"), "has no end"),
        ] {
            assert_eq!(refused(&(pem.clone() + &entry)), format!("prepare: {second} {what}"));
        }
        assert!(refused("no certificate").contains("PEM"));
        assert!(bundle(b"\xff\xfe-\0").unwrap_err().to_string().contains("UTF-16"));
        assert!(bundle(b"\x30\x82\x01\x00").unwrap_err().to_string().contains("DER"));
    }

    #[test]
    fn a_refusal_tells_names_issuer_and_dates_in_one_line() {
        let authority = Authority::new().unwrap();
        let says = |kind, cause| {
            let pem = authority.issue(kind).unwrap().chain_pem().to_owned();
            let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
            Refused::new(cause, &der, &ServerName::try_from("graph.microsoft.com").unwrap()).to_string()
        };
        let time = |secs| UnixTime::since_unix_epoch(Duration::from_secs(secs));
        let expired =
            CertificateError::ExpiredContext { time: time(1_700_000_000), not_after: time(978_307_200) };
        let text = says(CertificateKind::Expired, expired);
        assert!(text.contains("expired on 2001-01-01 00:00:00 UTC"), "{text}");
        assert!(text.contains("clock of this machine says 2023-11-14 22:13:20 UTC"), "{text}");
        assert!(!text.contains("978307200"), "{text}");
        let text = says(CertificateKind::WrongName, CertificateError::NotValidForName);
        assert!(
            text.contains("not for graph.microsoft.com") && text.contains("names graph.microsoft.example"),
            "{text}"
        );
        let text = says(CertificateKind::Good, CertificateError::UnknownIssuer);
        let hosts = Cloud::ALL.iter().flat_map(|cloud| [cloud.graph_host(), cloud.login_host()]);
        let more = format!("and {} more", hosts.collect::<BTreeSet<_>>().len() + 2 - NAMES_MAX);
        assert!(text.contains("issuer CN=graph-call loopback authority"), "{text}");
        assert!(text.contains("localhost") && text.contains("127.0.0.1") && text.contains(&more), "{text}");
    }
}
