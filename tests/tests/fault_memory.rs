//! The memory of a process that has used secrets: none of them is left once their owners are dropped.
//!
//! The process is this program, started again, and tells where it stands; the test reads its memory meanwhile, all that was ever written. Secrets
//! come from files: what stands in arguments and in the environment is the user's to keep.
#![cfg(target_os = "linux")]

use graph_call_std::credential::{ClientCertificate, ClientCredentials, Secret, TokenCommand, TokenFile};
use graph_call_std::proxy::{Proxies, Proxy};
use graph_call_std::service::{P2P_CALL, Service, TENANT};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Client, ClientBuilder};
use graph_call_tests::net::tunnel::{self, Manner};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Where the files are, for the process that uses them.
const FOLDER: &str = "GRAPH_CALL_MEMORY";

/// Before a token that a sign-in has brought, as it came: TLS has decrypted it into memory of its own, which it gives back as it
/// is.
const DECRYPTED: &str = r#"\"access_token\":\""#;

/// What is done with secrets, by name.
const SCENES: [&str; 9] = [
    "token",
    "token-awaited",
    "token-command",
    "secret",
    "secret-awaited",
    "certificate",
    "proxy",
    "socks",
    "wrong-secret",
];

/// Reads a call, says so, waits, drops everything, and says that.
#[test]
#[ignore = "it is what the other test starts"]
fn uses_secrets() -> Result {
    let Some(folder) = std::env::var_os(FOLDER) else { return Ok(()) };
    let mut lines = std::io::stdin().lines();
    // It is not the tool, and nothing of it may outlive the scene.
    while let Some(scene) = lines.next() {
        act(Path::new(&folder), &scene?, || {
            println!("\nalive");
            lines.next();
        })?;
        println!("\ndropped");
    }
    Ok(())
}

#[inline(never)]
fn act(folder: &Path, scene: &str, pause: impl FnOnce()) -> Result {
    let (scene, is_awaited) = match scene.strip_suffix("-awaited") {
        Some(scene) => (scene, true),
        None => (scene, false),
    };
    let file = |name: &str| folder.join(name);
    let trust = Trust::new(Roots::Only, &fs::read(file("ca.pem"))?)?;
    let builder = Client::builder().trust(trust).on_event(|_| {}).tell_heads();
    let place = fs::read_to_string(file("address"))?;
    let token = || TokenFile::new(file("token"));
    let builder = match scene {
        "token" => builder.credential(token()).connect_to(place),
        "token-command" => {
            builder.credential(TokenCommand::new("cat").args([file("token")])).connect_to(place)
        }
        "secret" | "wrong-secret" => {
            let secret = Secret::from_file(file(scene))?;
            builder.credential(ClientCredentials::new(TENANT, "app", secret.reveal())?).connect_to(place)
        }
        "certificate" => {
            let mut pem = fs::read(file("application.pem"))?;
            let credential = ClientCertificate::new(TENANT, "app", &pem)?;
            wipe(&mut pem);
            builder.credential(credential).connect_to(place)
        }
        _ => {
            let mut url = fs::read(file(scene))?;
            let proxy = Proxy::new(core::str::from_utf8(&url)?)?;
            wipe(&mut url);
            builder.credential(token()).proxies(Proxies::all(proxy))
        }
    };
    read(builder, is_awaited, scene == "wrong-secret", pause)
}

#[inline(never)]
fn read(builder: ClientBuilder, is_awaited: bool, fails: bool, pause: impl FnOnce()) -> Result {
    let outcome = if is_awaited {
        let client = builder.build_async()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let outcome = runtime.block_on(async {
            client.get_call(P2P_CALL).await?;
            client.get_call(P2P_CALL).await.map(drop)
        });
        pause();
        outcome
    } else {
        let client = builder.build()?;
        let outcome = client.get_call(P2P_CALL).and_then(|_| client.get_call(P2P_CALL)).map(drop);
        pause();
        outcome
    };
    if outcome.is_ok() == fails { Err(format!("{outcome:?}").into()) } else { Ok(()) }
}

/// The bytes are zeros, and the compiler cannot know that nobody reads them.
fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    core::hint::black_box(bytes);
}

/// The process, and what it was given.
struct Scene {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    folder: PathBuf,
}

impl Scene {
    fn start(folder: PathBuf) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--ignored", "--exact", "uses_secrets", "--nocapture", "--test-threads=1"])
            .env(FOLDER, &folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = BufReader::new(child.stdout.take().ok_or("no output")?);
        Ok(Self { child, output, folder })
    }

    /// Says a line, and waits for this one.
    fn say(&mut self, line: &str, until: &str) -> Result {
        writeln!(self.child.stdin.as_mut().ok_or("no input")?, "{line}")?;
        let mut read = String::new();
        while self.output.read_line(&mut read)? > 0 {
            if read.ends_with(&format!("\n{until}\n")) {
                return Ok(());
            }
        }
        Err(format!("it ended: {read}").into())
    }

    /// Where these bytes are in its memory.
    fn find(&self, wanted: &[u8]) -> Result<Vec<String>> {
        let pid = self.child.id();
        let memory = File::open(format!("/proc/{pid}/mem"))?;
        let mut found = Vec::new();
        for map in fs::read_to_string(format!("/proc/{pid}/maps"))?.lines() {
            let Some((range, rest)) = map.split_once(' ') else { continue };
            // What cannot be written holds what is in files.
            let is_written = rest.starts_with("rw");
            let Some((start, end)) = range.split_once('-') else { continue };
            let (start, end) = (u64::from_str_radix(start, 16)?, u64::from_str_radix(end, 16)?);
            let mut bytes = vec![0; usize::try_from(end - start)?];
            // What the system does not let anybody read holds nothing of ours.
            if !is_written || memory.read_exact_at(&mut bytes, start).is_err() {
                continue;
            }
            let mut from = 0;
            while let Some(at) = position(&bytes[from..], wanted) {
                let at = from + at;
                let around = &bytes[at.saturating_sub(48)..(at + wanted.len() + 16).min(bytes.len())];
                let name = rest.split_whitespace().nth(4).unwrap_or("anonymous");
                found.push(format!("{name} at {:x}: {}", start + at as u64, around.escape_ascii()));
                from = at + wanted.len();
            }
        }
        Ok(found)
    }
}

/// Where bytes begin, by their first one.
fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| Some(byte) == wanted.first())?;
        if bytes.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        // It ends when its input does; if it does not, it has to.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A text of this run, that no program has in it.
fn canary(name: &str) -> Result<String> {
    let mut bytes = [0; 12];
    File::open("/dev/urandom")?.read_exact_at(&mut bytes, 0)?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{name}~{digits}"))
}

#[test]
fn nothing_is_left_once_it_is_dropped() -> Result {
    let [token, secret, wrong, password] =
        [canary("token")?, canary("secret")?, canary("wrong")?, canary("word")?];
    let service = Service::builder().accept_access_token(&token).client("app", &secret).start()?;
    let http = tunnel::Proxy::start(service.address(), Manner::Opens)?;
    let socks_password: &'static str = password.clone().leak();
    let socks = tunnel::Proxy::start(service.address(), Manner::Socks("someone", socks_password))?;
    // Not compiled in: the other process is this program.
    let pem = Path::new(env!("CARGO_MANIFEST_DIR")).join("../std-adapter/tests/application.pem");
    let pem = fs::read_to_string(pem)?;

    let folder = std::env::temp_dir().join(format!("graph-call-memory-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    for (name, content) in [
        ("address", service.address().to_string()),
        ("ca.pem", service.ca_pem().to_owned()),
        ("token", token.clone()),
        ("secret", secret.clone()),
        ("wrong-secret", wrong.clone()),
        ("application.pem", pem.clone()),
        ("proxy", format!("http://someone:{password}@{}", http.address())),
        ("socks", format!("socks5://someone:{password}@{}", socks.address())),
    ] {
        fs::write(folder.join(name), content)?;
    }
    // A line of the key, as it is in the file and as what it means.
    let key_line = pem.lines().skip_while(|line| !line.contains("PRIVATE KEY")).nth(8).ok_or("no key")?;

    let mut scene = Scene::start(folder)?;
    let mut left = Vec::new();
    for name in SCENES {
        scene.say(name, "alive").map_err(|error| format!("{name}: {error}"))?;
        let kept = match name {
            "token" | "token-awaited" | "token-command" => &token,
            "secret" | "secret-awaited" => &secret,
            "wrong-secret" => &wrong,
            "proxy" | "socks" => &token,
            _ => "",
        };
        // The control: what is in use is found.
        assert!(kept.is_empty() || !scene.find(kept.as_bytes())?.is_empty(), "{name}: not even in use");
        scene.say("", "dropped")?;
        let issued: Vec<String> = service
            .received()
            .iter()
            .filter_map(|received| received.access_token().map(str::to_owned))
            .collect();
        let secrets = [&token, &secret, &wrong, &password].into_iter().chain(&issued);
        for wanted in secrets.map(String::as_str).chain([key_line]) {
            // Without its name, which may be percent-encoded.
            let wanted = wanted.rsplit('~').next().unwrap_or(wanted);
            let places = scene.find(wanted.as_bytes())?;
            left.extend(
                places
                    .iter()
                    .filter(|place| !place.contains(DECRYPTED))
                    .map(|place| format!("{name}: {place}")),
            );
        }
    }
    assert!(left.is_empty(), "left in memory:\n{}", left.join("\n"));
    Ok(())
}
