//! Certificates, good and bad, below roots that the device trusts.
//!
//! Most are rcgen's. What nobody should issue any more (SHA-1, short keys, version 1) is openssl's.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, GeneralSubtree, IsCa,
    KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384,
    PKCS_RSA_SHA256, SanType, SignatureAlgorithm,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;
type Issuer = CertifiedIssuer<'static, KeyPair>;

/// What makes a certificate differ from a good one.
pub(crate) type Change = fn(&mut CertificateParams);

/// The host that the device asks.
const HOST: &str = "graph.microsoft.com";
const ROOT_NAME: &str = "root-of-the-table";

/// No difference from a good certificate.
pub(crate) const GOOD: Change = |_| {};

/// What a server shows and proves.
pub(crate) struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

/// The keys of a root and of all below it.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    P256,
    P384,
    Rsa,
}

/// The roots, and a directory for openssl.
pub(crate) struct Forge {
    p256: Issuer,
    p384: Issuer,
    rsa: Issuer,
    /// One key of 2,048 bits for all RSA certificates below the root: to make one takes long.
    rsa_key: String,
    directory: PathBuf,
}

impl Forge {
    pub(crate) fn new() -> Result<Self> {
        let directory = env::temp_dir().join(format!("graph-call-forge-{}", process::id()));
        fs::create_dir_all(&directory)?;
        let root = |key| Issuer::self_signed(authority(ROOT_NAME)?, key);
        let p256 = root(key(&PKCS_ECDSA_P256_SHA256)?)?;
        fs::write(directory.join("root.pem"), p256.pem())?;
        fs::write(directory.join("root.key"), p256.key().serialize_pem())?;
        openssl(&directory, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:4096 -out rsa-root.key")?;
        openssl(&directory, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key")?;
        let rsa_root = fs::read_to_string(directory.join("rsa-root.key"))?;
        // The device has the root of RSA as old roots are: what it has signed itself by does not matter.
        openssl(
            &directory,
            "req -x509 -sha1 -key rsa-root.key -subj /CN=root-of-the-table -days 9 -out rsa-root.pem",
        )?;
        Ok(Self {
            p256,
            p384: root(key(&PKCS_ECDSA_P384_SHA384)?)?,
            rsa: root(rsa(&rsa_root)?)?,
            rsa_key: fs::read_to_string(directory.join("rsa.key"))?,
            directory,
        })
    }

    /// All roots in DER, one after the other.
    pub(crate) fn roots(&self) -> Result<Vec<u8>> {
        let rsa = CertificateDer::from_pem_file(self.directory.join("rsa-root.pem"))?;
        Ok([self.p256.der(), self.p384.der(), &rsa].map(|root| root.to_vec()).concat())
    }

    /// A certificate below the root of P-256.
    pub(crate) fn leaf(&self, change: Change) -> Result<Identity> {
        self.chain(Kind::P256, &[], change)
    }

    /// A certificate below these authorities, from the root's own downwards.
    pub(crate) fn chain(&self, kind: Kind, between: &[Change], change: Change) -> Result<Identity> {
        let root = match kind {
            Kind::P256 => &self.p256,
            Kind::P384 => &self.p384,
            Kind::Rsa => &self.rsa,
        };
        let mut issuers: Vec<Issuer> = Vec::new();
        for (place, change) in between.iter().enumerate() {
            let mut params = authority(&format!("authority {place}"))?;
            change(&mut params);
            let above = issuers.last().unwrap_or(root);
            let issuer = Issuer::signed_by(params, self.key(kind)?, above)?;
            issuers.push(issuer);
        }
        let key = self.key(kind)?;
        let mut params = leaf()?;
        change(&mut params);
        let own = params.signed_by(&key, issuers.last().unwrap_or(root))?;
        let above = issuers.iter().rev().map(|issuer| issuer.der().clone());
        Ok(Identity { chain: [own.der().clone()].into_iter().chain(above).collect(), key: der(&key) })
    }

    /// A certificate of another root with the same name.
    pub(crate) fn stranger(&self) -> Result<Identity> {
        let root = Issuer::self_signed(authority(ROOT_NAME)?, key(&PKCS_ECDSA_P256_SHA256)?)?;
        let key = self.key(Kind::P256)?;
        Ok(Identity { chain: vec![leaf()?.signed_by(&key, &root)?.der().clone()], key: der(&key) })
    }

    /// A certificate that vouches for itself.
    pub(crate) fn self_signed(&self) -> Result<Identity> {
        let key = self.key(Kind::P256)?;
        Ok(Identity { chain: vec![leaf()?.self_signed(&key)?.der().clone()], key: der(&key) })
    }

    /// A good certificate, and a key that is not its own.
    pub(crate) fn without_its_key(&self, kind: Kind) -> Result<Identity> {
        let other = match kind {
            Kind::Rsa => rsa(&fs::read_to_string(self.directory.join("rsa-root.key"))?)?,
            _ => self.key(kind)?,
        };
        Ok(Identity { key: der(&other), ..self.chain(kind, &[], GOOD)? })
    }

    /// A good certificate, one bit of whose signature is another.
    pub(crate) fn with_a_bad_signature(&self) -> Result<Identity> {
        let mut identity = self.leaf(GOOD)?;
        let mut bytes = identity.chain.remove(0).to_vec();
        *bytes.last_mut().ok_or("no certificate")? ^= 1;
        identity.chain.insert(0, bytes.into());
        Ok(identity)
    }

    /// A good certificate, signed by a hash that is broken.
    pub(crate) fn sha1(&self) -> Result<Identity> {
        self.by_openssl(&[("leaf", "-sha1", Some("subjectAltName=DNS:graph.microsoft.com"))])
    }

    /// A good certificate below an authority of version 1, which cannot say that it is one.
    pub(crate) fn version_1(&self) -> Result<Identity> {
        self.by_openssl(&[
            ("between", "-sha256", None),
            ("leaf", "-sha256", Some("subjectAltName=DNS:graph.microsoft.com")),
        ])
    }

    /// A good certificate below an authority whose key anybody can find.
    pub(crate) fn short_key(&self) -> Result<Identity> {
        openssl(&self.directory, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out between.key")?;
        self.by_openssl(&[
            ("between", "-sha256", Some("basicConstraints=critical,CA:TRUE")),
            ("leaf", "-sha256", Some("subjectAltName=DNS:graph.microsoft.com")),
        ])
    }

    /// Certificates from the root downwards: the name of the file, the hash, an extension. A key that is there is taken.
    fn by_openssl(&self, certificates: &[(&str, &str, Option<&str>)]) -> Result<Identity> {
        let directory = &self.directory;
        let (mut above, mut chain, mut last) = ("root", Vec::new(), self.key(Kind::P256)?.serialize_pem());
        for (name, hash, extension) in certificates {
            let path = directory.join(name).with_extension("key");
            if path.exists() {
                last = fs::read_to_string(&path)?;
            } else {
                last = self.key(Kind::P256)?.serialize_pem();
                fs::write(&path, &last)?;
            }
            fs::write(directory.join("extension"), extension.unwrap_or_default())?;
            openssl(directory, &format!("req -new -key {name}.key -subj /CN={name} -out {name}.csr"))?;
            let extension = extension.map_or("", |_| "-extfile extension");
            openssl(
                directory,
                &format!(
                    "x509 -req -in {name}.csr -CA {above}.pem -CAkey {above}.key -CAcreateserial -days 9 {hash} \
                     {extension} -out {name}.pem"
                ),
            )?;
            chain.insert(0, CertificateDer::from_pem_file(directory.join(name).with_extension("pem"))?);
            fs::remove_file(path.with_extension("csr"))?;
            above = name;
        }
        for (name, ..) in certificates {
            fs::remove_file(directory.join(name).with_extension("key"))?;
        }
        Ok(Identity { chain, key: PrivateKeyDer::from_pem_slice(last.as_bytes())? })
    }

    fn key(&self, kind: Kind) -> Result<KeyPair> {
        match kind {
            Kind::P256 => key(&PKCS_ECDSA_P256_SHA256),
            Kind::P384 => key(&PKCS_ECDSA_P384_SHA384),
            Kind::Rsa => rsa(&self.rsa_key),
        }
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        // What is left in a temporary directory is nobody's loss.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// The names that a certificate is for, in place of the good one.
pub(crate) fn names(params: &mut CertificateParams, names: &[&str]) {
    let dns = |name: &&str| (*name).try_into().map(SanType::DnsName);
    params.subject_alt_names = names.iter().filter_map(|name| dns(name).ok()).collect();
}

/// A common name.
pub(crate) fn common_name(params: &mut CertificateParams, name: &str) {
    params.distinguished_name.push(DnType::CommonName, name);
}

/// An extension that nobody knows.
pub(crate) fn unknown(params: &mut CertificateParams, is_critical: bool) {
    let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 55_555, 1], vec![5, 0]);
    extension.set_criticality(is_critical);
    params.custom_extensions.push(extension);
}

/// An authority may issue for another domain only; critical, as it has to be.
pub(crate) fn constrained(params: &mut CertificateParams) {
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("example.org".to_owned())],
        excluded_subtrees: vec![],
    });
}

/// The same, where whoever does not know the extension may pass over it.
pub(crate) fn constrained_softly(params: &mut CertificateParams) {
    // NameConstraints { permittedSubtrees [0] { base: dNSName [2] "example.org" } }
    let content = [&[0x30, 0x11, 0xa0, 0x0f, 0x30, 0x0d, 0x82, 0x0b][..], b"example.org"].concat();
    params.custom_extensions.push(CustomExtension::from_oid_content(&[2, 5, 29, 30], content));
}

/// An authority below which so many others may stand.
pub(crate) fn depth(params: &mut CertificateParams, depth: u8) {
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(depth));
}

fn leaf() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(vec![HOST.to_owned()])?;
    common_name(&mut params, "server of the table");
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn authority(name: &str) -> std::result::Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(vec![])?;
    common_name(&mut params, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn key(algorithm: &'static SignatureAlgorithm) -> Result<KeyPair> {
    Ok(KeyPair::generate_for(algorithm)?)
}

fn rsa(pem: &str) -> Result<KeyPair> {
    Ok(KeyPair::from_pem_and_sign_algo(pem, &PKCS_RSA_SHA256)?)
}

fn der(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

fn openssl(directory: &Path, arguments: &str) -> Result {
    let output =
        Command::new("openssl").args(arguments.split_whitespace()).current_dir(directory).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
}
