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
    boot_with(image, &[port], authority, "120", &[])
}

/// The same with more numbers as arguments, a time in seconds after which it must be over, and options of the emulator.
fn boot_with(
    image: &str,
    numbers: &[u16],
    authority: &[u8],
    seconds: &str,
    options: &[&str],
) -> Result<Output> {
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
        .args(options)
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
    let of = |row: &Row| row.version.map_or_else(|| versions.to_vec(), |version| vec![version]);
    ROWS.iter()
        .filter(|row| is_wanted(row))
        .flat_map(|row| of(row).into_iter().map(move |version| (row, version)))
        .collect()
}

/// Lets one image meet servers, in one boot: what it says of each and at last of itself, and which it told the token.
fn meet(image: &str, rows: &[(&Row, Version)], options: &[&str]) -> Result<(Vec<String>, Vec<bool>)> {
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
    let output = boot_with(image, &[port, u16::try_from(rows.len())?], &forge.roots()?, "900", options)?;
    while !accepting.is_finished() {
        // An image that ended early leaves servers behind that still wait.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, port)));
    }
    let said = String::from_utf8([output.stdout, output.stderr].concat())?;
    println!("{said}");
    let told = accepting.join().map_err(|_| "no connections")??.into_iter();
    let told = told.map(|serving| serving.join().map_err(|_| "a server panicked".into()));
    Ok((said.lines().map(str::to_owned).collect(), told.collect::<Result<_>>()?))
}

/// What an image did not make of servers what it must.
fn faults(image: &str, rows: &[(&Row, Version)]) -> Result<Vec<String>> {
    let (said, told) = meet(image, rows, &[])?;
    let mut lines = said.iter().map(String::as_str);
    let mut faults = Vec::new();
    for ((row, version), was_told) in rows.iter().zip(told) {
        let line = lines.next().unwrap_or("nothing");
        if !row.must.is(line, was_told) {
            let told = if was_told { ", and told the token" } else { "" };
            faults.push(format!("{} ({version:?}): must {:?}, but {line}{told}", row.name, row.must));
        }
    }
    let end = lines.next().unwrap_or_default();
    match numbers(end)[..] {
        [before, after, ..] if after <= before + KEPT_OF_RSA => {}
        _ => faults.push(format!("the heap of TLS is not as it was: {end}")),
    }
    Ok(faults)
}

fn numbers(text: &str) -> Vec<u32> {
    let digits = |word: &str| word.replace(',', "").parse().ok();
    text.split([' ', '|']).filter_map(digits).collect()
}

fn serve(server: Ready, socket: TcpStream) -> JoinHandle<bool> {
    thread::spawn(move || server.serve(socket))
}

#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn every_server_is_judged_as_it_must_be() -> Result {
    let faults = faults("judge", &rows(&[Version::Tls13], |row| !row.is_long))?;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

#[test]
#[ignore = "takes minutes: ./ci.sh tls-attacks"]
fn every_server_is_judged_so_by_both_versions() -> Result {
    let faults = faults("judge", &rows(&[Version::Tls13, Version::Tls12], |_| true))?;
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
        let faults = faults(image, &rows)?.join("\n");
        for name in names {
            let is_found = |line: &str| line.starts_with(name) && line.ends_with("told the token");
            assert!(faults.lines().any(is_found), "{image} and {name}: {faults}");
        }
    }
    Ok(())
}

/// The figures of docs/firmware.md are those that are measured, but for a tenth; GRAPH_CALL_WRITE writes them anew.
#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn the_page_says_what_tls_takes() -> Result {
    const SUBJECTS: [(&str, Version, &str); 4] = [
        ("TLS 1.3, P-256", Version::Tls13, "a good certificate"),
        ("TLS 1.2, P-256", Version::Tls12, "a good certificate"),
        (
            "TLS 1.3, RSA with an intermediate, as Graph's hosts",
            Version::Tls13,
            "RSA: 4,096 bits by SHA-1 itself, 2,048 below",
        ),
        ("TLS 1.2, RSA with an intermediate", Version::Tls12, "RSA: 4,096 bits by SHA-1 itself, 2,048 below"),
    ];
    // Every instruction takes 8 ns of emulated time, about as long as here: no wait is over too early. The image takes it
    // for 128 ns.
    let (counting, scale) = (["-icount", "shift=3,align=off,sleep=off"], 16);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/firmware.md");
    let mut page = std::fs::read_to_string(path)?;
    for (name, version, row) in SUBJECTS {
        let rows = rows(&[version], |is| is.name == ROWS[0].name || is.name == row);
        let (said, _) = meet("judge", &rows, &counting)?;
        let [_, _, peak, reach, stack, handshake, exchange] = numbers(said.last().ok_or("nothing")?)[..]
        else {
            return Err(format!("{name}: {said:?}").into());
        };
        let measured = [peak, reach, stack, handshake * scale, exchange * scale];
        let line = page.lines().find(|line| line.starts_with(&format!("| {name} |"))).ok_or(name)?.to_owned();
        let cells: String = measured.iter().map(|number| format!(" {} |", grouped(*number))).collect();
        let was: Vec<u32> = line.split('|').skip(2).flat_map(numbers).collect();
        if env::var_os("GRAPH_CALL_WRITE").is_some() {
            page = page.replace(&line, &format!("| {name} |{cells}"));
        } else {
            let is_near = |(was, is): (&u32, &u32)| was.abs_diff(*is) <= was / 10;
            assert!(was.len() == 5 && was.iter().zip(&measured).all(is_near), "{line} is{cells}");
        }
    }
    std::fs::write(path, page)?;
    Ok(())
}

/// A number with a comma between thousands.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}
