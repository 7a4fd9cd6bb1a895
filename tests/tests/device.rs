//! The firmware under QEMU, against the loopback service: what arrives, and whom the device refuses.
//!
//! `./ci.sh firmware` builds the images and runs these; GRAPH_CALL_FIRMWARE names their directory.

mod device {
    pub(crate) mod forge;
    pub(crate) mod impostor;
    pub(crate) mod server;
    pub(crate) mod table;
}

use std::env;
use std::error::Error;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread::{self, JoinHandle};

use device::forge::Forge;
use device::impostor::{Impostor, Trick};
use device::server::{Ready, Version};
use device::table::{ROWS, Row};
use graph_call_std::service::{CertificateKind, Service};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The only access token that these images know; it opens nothing.
const ACCESS_TOKEN: &str = "loopback-only";

/// The exit status of an image that refuses; a panic has another one.
const REFUSED: i32 = 1;

/// Boots an image with its authority in `ca.der` and the port of the service as an argument.
fn boot(image: &str, port: u16, authority: &[u8]) -> Result<Output> {
    boot_with(image, &[port], authority, "120")
}

/// The same with more numbers as arguments, and a time in seconds after which it must be over.
fn boot_with(image: &str, numbers: &[u16], authority: &[u8], seconds: &str) -> Result<Output> {
    let port = numbers.first().ok_or("no port")?;
    let arguments: String = numbers.iter().map(|number| format!(",arg={number}")).collect();
    let images = PathBuf::from(env::var("GRAPH_CALL_FIRMWARE")?);
    let directory = env::temp_dir().join(format!("graph-call-device-{}-{port}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    std::fs::write(directory.join("ca.der"), authority)?;
    let output = Command::new("timeout")
        .args([seconds, "qemu-system-arm", "-cpu", "cortex-m4", "-machine", "mps2-an386", "-nographic"])
        .args(["-monitor", "none", "-nic", "user,model=lan9118", "-semihosting-config"])
        .arg(format!("enable=on,target=native,arg={image}{arguments}"))
        .arg("-kernel")
        .arg(images.join(image))
        .current_dir(&directory)
        .stdin(Stdio::null())
        .output()?;
    std::fs::remove_dir_all(&directory)?;
    Ok(output)
}

#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn fetches_over_tls() -> Result {
    let service = Service::builder().accept_access_token(ACCESS_TOKEN).start()?;
    let output = boot("secure", service.address().port(), service.ca_der())?;
    assert!(output.status.success(), "{output:?} {:?}", service.counters());
    assert_eq!(service.counters().with_access_token, 1);
    Ok(())
}

#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn refuses_every_bad_certificate() -> Result {
    for kind in CertificateKind::BAD {
        let service = Service::builder().certificate(kind).accept_access_token(ACCESS_TOKEN).start()?;
        let output = boot("secure", service.address().port(), service.ca_der())?;
        assert_eq!(output.status.code(), Some(REFUSED), "{kind:?}");
        assert_eq!(service.counters().requests, 0, "{kind:?}");
        assert_eq!(service.counters().connections, 1, "{kind:?}");
    }
    Ok(())
}

#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn refuses_a_server_that_proves_nothing() -> Result {
    let service = Service::start()?;
    for trick in [Trick::NoCertificate, Trick::ProofOfNothing, Trick::EmptyRecord] {
        let impostor = Impostor::start(trick)?;
        let output = boot("secure", impostor.port(), service.ca_der())?;
        assert_eq!(output.status.code(), Some(REFUSED), "{trick:?}");
        let records = impostor.encrypted_records().map_err(|failure| failure.to_string())?;
        assert!(records <= 1, "{trick:?}: the request was sent");
    }
    Ok(())
}

#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn fetches_without_tls_from_a_test_double() -> Result {
    let service = Service::builder().plain(0).accept_access_token(ACCESS_TOKEN).start()?;
    let port = service.plain_address().ok_or("no plain listener")?.port();
    let output = boot("plain", port, &[])?;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(service.counters().with_access_token, 1);
    Ok(())
}

/// What an RSA root keeps for good, once it was used: a number as long as its key, of 4,096 bits here.
const KEPT_OF_RSA: u32 = 4096 / 8 + 16;

/// The rows of the table, each by one version of TLS or by both.
fn rows(versions: &[Version], is_wanted: impl Fn(&Row) -> bool) -> Vec<(&'static Row, Version)> {
    let of = |row: &Row| row.version.map_or(versions.to_vec(), |version| vec![version]);
    ROWS.iter()
        .filter(|row| is_wanted(row))
        .flat_map(|row| of(row).into_iter().map(move |version| (row, version)))
        .collect()
}

/// Lets one image meet servers, in one boot: what it did not make of them what it must.
fn meet(image: &str, rows: &[(&Row, Version)]) -> Result<Vec<String>> {
    let forge = Forge::new()?;
    let ready = |(row, version): &(&Row, Version)| row.server.ready(&forge, *version);
    let servers = rows.iter().map(ready).collect::<Result<Vec<_>>>()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    // Connections come one after the other, in the order of the rows.
    let accepting = thread::spawn(move || {
        let accept = |server: Ready| Ok(serve(server, listener.accept()?.0));
        servers.into_iter().map(accept).collect::<std::io::Result<Vec<_>>>()
    });
    let output = boot_with(image, &[port, u16::try_from(rows.len())?], &forge.roots(), "900")?;
    while !accepting.is_finished() {
        // An image that ended early leaves servers behind that still wait.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, port)));
    }
    let said = String::from_utf8([output.stdout, output.stderr].concat())?;
    println!("{said}");
    let mut lines = said.lines();
    let mut faults = Vec::new();
    for ((row, version), serving) in rows.iter().zip(accepting.join().map_err(|_| "no connections")??) {
        let was_told = serving.join().map_err(|_| "a server panicked")?;
        let line = lines.next().unwrap_or("nothing");
        if !row.must.is(line, was_told) {
            let told = if was_told { ", and told the token" } else { "" };
            faults.push(format!("{} ({version:?}): must {:?}, but {line}{told}", row.name, row.must));
        }
    }
    let end = lines.next().unwrap_or_default();
    let mut numbers = end.split(' ').skip(1).filter_map(|number| number.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(before), Some(after)) if after <= before + KEPT_OF_RSA => {}
        _ => faults.push(format!("the heap of TLS is not as it was: {end}")),
    }
    Ok(faults)
}

fn serve(server: Ready, socket: TcpStream) -> JoinHandle<bool> {
    thread::spawn(move || server.serve(socket))
}

#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn every_server_is_judged_as_it_must_be() -> Result {
    let faults = meet("judge", &rows(&[Version::Tls13], |row| !row.is_long))?;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

#[test]
#[ignore = "takes minutes: ./ci.sh tls-attacks"]
fn every_server_is_judged_so_by_both_versions() -> Result {
    let faults = meet("judge", &rows(&[Version::Tls13, Version::Tls12], |_| true))?;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// Images from whose TLS one check was taken out, and the servers that only this check refuses.
#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn a_check_that_is_missing_is_found() -> Result {
    let controls: [(&str, &[&str]); 2] = [
        (
            "judge-without-verdict",
            &["another name", "expired", "for clients only", "another root of the same name"],
        ),
        (
            "judge-without-chain",
            &["a common name alone", "an authority for clients only", "the same, not critical"],
        ),
    ];
    for (image, names) in controls {
        let rows = rows(&[Version::Tls13], |row| row.name == ROWS[0].name || names.contains(&row.name));
        let faults = meet(image, &rows)?.join("\n");
        for name in names {
            let is_found = |line: &str| line.starts_with(name) && line.ends_with("told the token");
            assert!(faults.lines().any(is_found), "{image} and {name}: {faults}");
        }
    }
    Ok(())
}
