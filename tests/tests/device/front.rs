//! TLS as the hosts of Microsoft Graph have it, before a service without it: a key of RSA below an authority below a root.
//!
//! - takes: where the service listens
//! - gives: where the front listens, and its root
//! - keeps: a thread for each connection
//! - refuses: nothing; what it proves is for the device to judge

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA256,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection};

use crate::Result;

const HOSTS: [&str; 2] = ["graph.microsoft.com", "login.microsoftonline.com"];

/// How long one side is listened to before the other is.
const TURN: Duration = Duration::from_millis(2);

/// A front that listens; its listener ends with the process.
pub(crate) struct Front {
    address: SocketAddr,
    root: Vec<u8>,
}

impl Front {
    /// A front before this service: 4,096 bits for the root, 2,048 for all below, as Microsoft's hosts have them.
    pub(crate) fn start(service: SocketAddr) -> Result<Self> {
        let root = CertifiedIssuer::self_signed(authority("root of the front")?, key(4096)?)?;
        let between = CertifiedIssuer::signed_by(authority("authority of the front")?, key(2048)?, &root)?;
        let own = key(2048)?;
        let mut params = CertificateParams::new(HOSTS.map(str::to_owned))?;
        params.distinguished_name.push(DnType::CommonName, HOSTS[0]);
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let chain = vec![params.signed_by(&own, &between)?.der().clone(), between.der().clone()];
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, PrivatePkcs8KeyDer::from(own.serialize_der()).into())?;
        let config = Arc::new(config);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        thread::spawn(move || {
            for device in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                // A device that refuses the front, or leaves, is its own affair.
                thread::spawn(move || carry(device, config, service).is_ok());
            }
        });
        Ok(Self { address, root: root.der().to_vec() })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of its root, in DER.
    pub(crate) fn root(&self) -> &[u8] {
        &self.root
    }
}

fn authority(name: &str) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(vec![])?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

/// A key of RSA: openssl's, since ring makes none.
fn key(bits: u32) -> Result<KeyPair> {
    let arguments = ["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt"];
    let output = Command::new("openssl").args(arguments).arg(format!("rsa_keygen_bits:{bits}")).output()?;
    Ok(KeyPair::from_pem_and_sign_algo(&String::from_utf8(output.stdout)?, &PKCS_RSA_SHA256)?)
}

/// Carries content both ways, until one side ends.
fn carry(mut device: TcpStream, config: Arc<ServerConfig>, service: SocketAddr) -> Result {
    let mut tls = ServerConnection::new(config)?;
    while tls.is_handshaking() {
        tls.complete_io(&mut device)?;
    }
    let mut service = TcpStream::connect(service)?;
    device.set_read_timeout(Some(TURN))?;
    service.set_read_timeout(Some(TURN))?;
    let is_quiet =
        |error: &std::io::Error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
    let mut piece = [0; 2048];
    loop {
        match tls.read_tls(&mut device) {
            Ok(0) => return Ok(()),
            Err(error) if !is_quiet(&error) => return Err(error.into()),
            _ => {}
        }
        // The first request may have come with the end of the handshake.
        let mut content = vec![0; tls.process_new_packets()?.plaintext_bytes_to_read()];
        tls.reader().read_exact(&mut content)?;
        service.write_all(&content)?;
        let is_over = match service.read(&mut piece) {
            Ok(0) => {
                tls.send_close_notify();
                true
            }
            Ok(length) => {
                tls.writer().write_all(&piece[..length])?;
                false
            }
            Err(error) if is_quiet(&error) => false,
            Err(error) => return Err(error.into()),
        };
        while tls.wants_write() {
            tls.write_tls(&mut device)?;
        }
        if is_over {
            device.shutdown(Shutdown::Write)?;
            return Ok(());
        }
    }
}
