//! The servers that a device meets, and what it must make of each: data.

use rcgen::{ExtendedKeyUsagePurpose, KeyUsagePurpose, date_time_ymd};

use super::forge::{GOOD, Kind, common_name, constrained, constrained_softly, depth, names, unknown};
use super::impostor::Trick;
use super::server::Server::{Hostile, Impostor, Raw, Silent, Tls};
use super::server::Then::{Answer, Cut, CutEarly, Junk, Retry};
use super::server::{Server, Version};

/// What must come of a server.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Must {
    /// It is reached, and its answer arrives whole.
    Reach,
    /// It is refused for one of these reasons, and sees nothing.
    Refuse(&'static [&'static str]),
    /// It is the right one, and what fails later does so for one of these reasons.
    Break(&'static [&'static str]),
}

impl Must {
    /// Whether this is what the device said, and what it told the server.
    pub(crate) fn is(self, line: &str, was_told: bool) -> bool {
        let (what, reason) = line.split_once(' ').unwrap_or_default();
        match self {
            Self::Reach => what == "answered" && was_told,
            Self::Refuse(reasons) => what == "refused" && reasons.contains(&reason) && !was_told,
            Self::Break(reasons) => what == "opened" && reasons.contains(&reason),
        }
    }
}

/// One server.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) server: Server,
    /// The version of TLS, of those servers that speak it; `None` is each of them, where the whole table is run.
    pub(crate) version: Option<Version>,
    pub(crate) must: Must,
    /// Whether it takes long, and so is left to the whole table.
    pub(crate) is_long: bool,
}

const fn row(name: &'static str, server: Server, must: Must) -> Row {
    Row { name, server, version: None, must, is_long: false }
}

const fn only(version: Version, name: &'static str, server: Server, must: Must) -> Row {
    Row { version: Some(version), ..row(name, server, must) }
}

const NAME: Must = Must::Refuse(&["Name"]);
const PURPOSE: Must = Must::Refuse(&["Purpose"]);
const UNTRUSTED: Must = Must::Refuse(&["Untrusted"]);
const MALFORMED: Must = Must::Refuse(&["Malformed"]);
/// What is no TLS is told from a broken record by its first bytes only.
const NO_TLS: Must = Must::Refuse(&["Protocol", "Record"]);

/// The first is met by a device whose clock is not set; the last shows that all others have left nothing behind.
pub(crate) const ROWS: &[Row] = &[
    only(
        Version::Tls13,
        "a clock that is not set",
        Tls(|f| f.leaf(GOOD), Answer(100)),
        Must::Refuse(&["NoTime"]),
    ),
    // To be reached.
    row("a good certificate", Tls(|f| f.leaf(GOOD), Answer(100)), Must::Reach),
    row("an intermediate", Tls(|f| f.chain(Kind::P256, &[GOOD], GOOD), Answer(100)), Must::Reach),
    row("P-384", Tls(|f| f.chain(Kind::P384, &[GOOD], GOOD), Answer(100)), Must::Reach),
    row(
        "RSA: 4,096 bits by SHA-1 itself, 2,048 below",
        Tls(|f| f.chain(Kind::Rsa, &[GOOD], GOOD), Answer(100)),
        Must::Reach,
    ),
    row(
        "a chain of seven, 250 names",
        Tls(|f| f.chain(Kind::P256, &[GOOD; 6], many), Answer(100)),
        Must::Reach,
    ),
    row("a wildcard", Tls(|f| f.leaf(|p| names(p, &["*.microsoft.com"])), Answer(100)), Must::Reach),
    row(
        "server and client authentication",
        Tls(
            |f| {
                f.leaf(|p| {
                    usage(p, &[ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth]);
                })
            },
            Answer(100),
        ),
        Must::Reach,
    ),
    row("an extension that nobody knows", Tls(|f| f.leaf(|p| unknown(p, false)), Answer(100)), Must::Reach),
    row(
        "a depth that is kept",
        Tls(|f| f.chain(Kind::P256, &[|p| depth(p, 0)], GOOD), Answer(100)),
        Must::Reach,
    ),
    row("records of full size", Tls(|f| f.leaf(GOOD), Answer(100_000)), Must::Reach),
    // Names.
    row("another name", Tls(|f| f.leaf(|p| names(p, &["graph.microsoft.example"])), Answer(100)), NAME),
    row("a common name alone", Tls(|f| f.leaf(common_name_alone), Answer(100)), NAME),
    row("a common name beside another name", Tls(|f| f.leaf(common_name_beside), Answer(100)), NAME),
    row("a wildcard too high", Tls(|f| f.leaf(|p| names(p, &["*.com", "*"])), Answer(100)), NAME),
    row(
        "a wildcard within",
        Tls(|f| f.leaf(|p| names(p, &["graph.*.com", "gra*.microsoft.com"])), Answer(100)),
        NAME,
    ),
    row(
        "a name that goes on behind NUL",
        Tls(|f| f.leaf(|p| names(p, &["graph.microsoft.com\0.example"])), Answer(100)),
        NAME,
    ),
    row(
        "a name that ends earlier",
        Tls(|f| f.leaf(|p| names(p, &["graph.microsoft.co", "microsoft.com"])), Answer(100)),
        NAME,
    ),
    // Dates.
    row(
        "expired",
        Tls(|f| f.leaf(|p| p.not_after = date_time_ymd(2021, 1, 1)), Answer(100)),
        Must::Refuse(&["Expired"]),
    ),
    row(
        "not yet valid",
        Tls(|f| f.leaf(|p| p.not_before = date_time_ymd(2090, 1, 1)), Answer(100)),
        Must::Refuse(&["NotYetValid"]),
    ),
    row(
        "an authority that has expired",
        Tls(|f| f.chain(Kind::P256, &[|p| p.not_after = date_time_ymd(2021, 1, 1)], GOOD), Answer(100)),
        Must::Refuse(&["Expired"]),
    ),
    // Purposes.
    row(
        "for clients only",
        Tls(|f| f.leaf(|p| usage(p, &[ExtendedKeyUsagePurpose::ClientAuth])), Answer(100)),
        PURPOSE,
    ),
    row(
        "an authority for clients only",
        Tls(
            |f| f.chain(Kind::P256, &[|p| usage(p, &[ExtendedKeyUsagePurpose::ClientAuth])], GOOD),
            Answer(100),
        ),
        PURPOSE,
    ),
    row(
        "a key that may not sign",
        Tls(|f| f.leaf(|p| p.key_usages = vec![KeyUsagePurpose::KeyAgreement]), Answer(100)),
        PURPOSE,
    ),
    // Authorities.
    row("another root of the same name", Tls(|f| f.stranger(), Answer(100)), UNTRUSTED),
    row("a certificate that vouches for itself", Tls(|f| f.self_signed(), Answer(100)), UNTRUSTED),
    row("a server as an authority", Tls(|f| f.chain(Kind::P256, &[server], GOOD), Answer(100)), UNTRUSTED),
    row(
        "an authority that may not sign certificates",
        Tls(
            |f| f.chain(Kind::P256, &[|p| p.key_usages = vec![KeyUsagePurpose::DigitalSignature]], GOOD),
            Answer(100),
        ),
        UNTRUSTED,
    ),
    row(
        "a depth that is exceeded",
        Tls(|f| f.chain(Kind::P256, &[|p| depth(p, 0), GOOD], GOOD), Answer(100)),
        UNTRUSTED,
    ),
    row("a chain of ten", Tls(|f| f.chain(Kind::P256, &[GOOD; 9], GOOD), Answer(100)), UNTRUSTED),
    row("an authority of version 1", Tls(|f| f.version_1(), Answer(100)), UNTRUSTED),
    row("a signature with one other bit", Tls(|f| f.with_a_bad_signature(), Answer(100)), UNTRUSTED),
    row(
        "an authority for other names",
        Tls(|f| f.chain(Kind::P256, &[constrained], GOOD), Answer(100)),
        MALFORMED,
    ),
    row(
        "the same, not critical",
        Tls(|f| f.chain(Kind::P256, &[constrained_softly], GOOD), Answer(100)),
        UNTRUSTED,
    ),
    row("an unknown critical extension", Tls(|f| f.leaf(|p| unknown(p, true)), Answer(100)), MALFORMED),
    row(
        "an unknown critical extension above",
        Tls(|f| f.chain(Kind::P256, &[|p| unknown(p, true)], GOOD), Answer(100)),
        MALFORMED,
    ),
    row("an authority with a short key", Tls(|f| f.short_key(), Answer(100)), Must::Refuse(&["Weak"])),
    row("SHA-1", Tls(|f| f.sha1(), Answer(100)), Must::Refuse(&["Weak"])),
    // Proofs.
    row(
        "another key than the certificate's",
        Tls(|f| f.without_its_key(Kind::P256), Answer(100)),
        Must::Refuse(&["Unproved"]),
    ),
    row(
        "another RSA key than the certificate's",
        Tls(|f| f.without_its_key(Kind::Rsa), Answer(100)),
        Must::Refuse(&["Unproved"]),
    ),
    row("no certificate", Impostor(Trick::NoCertificate), Must::Refuse(&["Unproved", "Protocol"])),
    row(
        "a proof before any certificate",
        Impostor(Trick::ProofOfNothing),
        Must::Refuse(&["Unproved", "Protocol"]),
    ),
    row("an encrypted record with nothing in it", Impostor(Trick::EmptyRecord), NO_TLS),
    row(
        "a Finished of another handshake",
        Hostile("finished-of-another-handshake"),
        Must::Refuse(&["Protocol", "Record"]),
    ),
    // To be survived.
    row("plain HTTP", Raw(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), NO_TLS),
    row("junk", Raw(&[0xa5; 700]), NO_TLS),
    row("zeros", Raw(&[0; 700]), NO_TLS),
    row("an alert", Raw(&[21, 3, 3, 0, 2, 2, 40]), Must::Refuse(&["Alert(40)"])),
    row("an end at once", Raw(&[]), Must::Refuse(&["Cut"])),
    row("half a record", Raw(&[22, 3, 3, 0, 90, 2, 0]), Must::Refuse(&["Cut"])),
    row("empty records", Raw(&[22, 3, 3, 0, 0, 22, 3, 3, 0, 0, 22, 3, 3, 0, 0, 22, 3, 3, 0, 0]), NO_TLS),
    row("a record that is too long", Raw(&[22, 3, 3, 0xff, 0xff, 2, 0, 0, 40]), NO_TLS),
    row("an older version", Raw(OLDER), Must::Refuse(&["Protocol", "Cut"])),
    row("content before any handshake", Raw(&[23, 3, 3, 0, 4, 1, 2, 3, 4]), NO_TLS),
    row("a cut in the handshake", Tls(|f| f.leaf(GOOD), CutEarly), Must::Refuse(&["Cut"])),
    row("a cut behind the answer", Tls(|f| f.leaf(GOOD), Cut), Must::Break(&["Cut"])),
    row("a record that nobody has sealed", Tls(|f| f.leaf(GOOD), Junk), Must::Break(&["Record"])),
    row(
        "a message of 24 KB",
        Tls(|f| f.leaf(huge), Answer(100)),
        Must::Refuse(&["Protocol", "Record", "NoMemory", "Malformed"]),
    ),
    only(Version::Tls13, "another group wanted", Tls(|f| f.leaf(GOOD), Retry), Must::Reach),
    row("records without content", Hostile("records-of-nothing-around-the-answer"), Must::Reach),
    row("records without content, and no end", Hostile("records-of-nothing-many"), Must::Break(&["Record"])),
    only(Version::Tls13, "a record of padding", Hostile("record-of-padding"), Must::Reach),
    only(Version::Tls13, "tickets", Hostile("tickets-many"), Must::Reach),
    only(Version::Tls12, "a warning before the answer", Hostile("warning-before-the-answer"), Must::Reach),
    only(Version::Tls12, "a wish to negotiate again", Hostile("renegotiation-wanted"), Must::Reach),
    // The library knows no KeyUpdate (RFC 8446, section 4.6.3); a job reads again, over another connection.
    only(Version::Tls13, "new keys", Hostile("keys-renewed"), Must::Break(&["Protocol"])),
    only(
        Version::Tls13,
        "new keys, and the wish for such",
        Hostile("keys-renewed-on-request"),
        Must::Break(&["Protocol"]),
    ),
    Row { is_long: true, ..row("silence", Silent, Must::Refuse(&["Socket(TimedOut)"])) },
    only(
        Version::Tls12,
        "a good certificate, at last, by TLS 1.2",
        Tls(|f| f.leaf(GOOD), Answer(100)),
        Must::Reach,
    ),
    only(
        Version::Tls13,
        "a good certificate, at last, by TLS 1.3",
        Tls(|f| f.leaf(GOOD), Answer(100)),
        Must::Reach,
    ),
];

/// ServerHello of TLS 1.1: its version, a random, no session, a cipher suite, no compression.
const OLDER: &[u8] = &{
    let mut bytes = [7; 5 + 4 + 38];
    let (head, end) = ([22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2], [0, 0xc0, 0x2b, 0]);
    let mut place = 0;
    while place < head.len() {
        bytes[place] = head[place];
        place += 1;
    }
    place = 0;
    while place < end.len() {
        bytes[5 + 4 + 34 + place] = end[place];
        place += 1;
    }
    bytes
};

fn usage(params: &mut rcgen::CertificateParams, usages: &[ExtendedKeyUsagePurpose]) {
    params.extended_key_usages = usages.to_vec();
}

fn common_name_alone(params: &mut rcgen::CertificateParams) {
    params.subject_alt_names.clear();
    common_name(params, "graph.microsoft.com");
}

fn common_name_beside(params: &mut rcgen::CertificateParams) {
    names(params, &["graph.microsoft.example"]);
    common_name(params, "graph.microsoft.com");
}

/// 250 names, the right one last.
fn many(params: &mut rcgen::CertificateParams) {
    let mut all: Vec<String> = (0..249).map(|number| format!("host-{number}.microsoft.com")).collect();
    all.push("graph.microsoft.com".to_owned());
    names(params, &all.iter().map(String::as_str).collect::<Vec<_>>());
}

/// More than any record holds.
fn huge(params: &mut rcgen::CertificateParams) {
    let all: Vec<String> =
        (0..700).map(|number| format!("a-host-with-a-long-name-{number}.microsoft.com")).collect();
    names(params, &all.iter().map(String::as_str).collect::<Vec<_>>());
}

/// What a server's certificate says of itself.
fn server(params: &mut rcgen::CertificateParams) {
    params.is_ca = rcgen::IsCa::ExplicitNoCa;
    params.key_usages.clear();
}
