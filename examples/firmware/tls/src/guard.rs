//! The proof that embedded-tls leaves optional: one certificate, issued by the pinned authority itself, and its key.
//!
//! ```text
//! Nothing --Certificate--> Certified --CertificateVerify--> Proved
//! ```

use embedded_tls::{
    Aes128GcmSha256, Certificate, CertificateRef, CertificateVerifyRef, CryptoProvider, CryptoRngCore,
    TlsError, TlsVerifier, pki::CertVerifier,
};

use crate::host::{Clock, Entropy};

const CERTIFICATE_LENGTH_MAX: usize = 2048;
type Hash = <Aes128GcmSha256 as embedded_tls::TlsCipherSuite>::Hash;

#[derive(PartialEq)]
enum Proof {
    Nothing,
    Certified,
    Proved,
}

/// A verifier that remembers what has been proved, and takes the messages in their order only.
pub(crate) struct Guard<'a> {
    proof: Proof,
    verifier: CertVerifier<'a, Aes128GcmSha256, Clock, CERTIFICATE_LENGTH_MAX>,
}

impl<'a> Guard<'a> {
    pub(crate) fn new(authority: &'a [u8]) -> Self {
        Self { proof: Proof::Nothing, verifier: CertVerifier::new(Certificate::X509(authority)) }
    }

    /// Whether the server has shown a certificate and proved that it has its key: ask when the handshake is over.
    pub(crate) fn proved(&self) -> Result<(), TlsError> {
        if self.proof == Proof::Proved { Ok(()) } else { Err(TlsError::InvalidCertificate) }
    }
}

impl TlsVerifier<Aes128GcmSha256> for Guard<'_> {
    fn set_hostname_verification(&mut self, name: &str) -> Result<(), TlsError> {
        self.verifier.set_hostname_verification(name)
    }

    fn verify_certificate(
        &mut self,
        transcript: &Hash,
        certificate: CertificateRef<'_>,
    ) -> Result<(), TlsError> {
        // A chain of one: nothing that the server brings along can act as an authority.
        if self.proof != Proof::Nothing || certificate.entries.len() != 1 {
            return Err(TlsError::InvalidCertificate);
        }
        self.verifier.verify_certificate(transcript, certificate)?;
        self.proof = Proof::Certified;
        Ok(())
    }

    fn verify_signature(&mut self, verify: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        if self.proof != Proof::Certified {
            return Err(TlsError::InvalidHandshake);
        }
        self.verifier.verify_signature(verify)?;
        self.proof = Proof::Proved;
        Ok(())
    }
}

impl CryptoProvider for Guard<'_> {
    type CipherSuite = Aes128GcmSha256;
    type Signature = &'static [u8];

    fn rng(&mut self) -> impl CryptoRngCore {
        Entropy
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Aes128GcmSha256>, TlsError> {
        Ok(self)
    }
}
