//! The credentials of a desktop over real sockets: a token endpoint, a file, a program, an endpoint of the platform.

use graph_call_std::credential::{
    ClientCertificate, Credential, FixedToken, ManagedIdentity, TokenFile, WorkloadIdentity,
};
use graph_call_std::service::{CLIENT_ID, P2P_CALL, Received, Service, TENANT};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Client, ClientBuilder, Cloud, Error, Retry};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

type Outcome = Result<(), Box<dyn StdError>>;

/// An RSA key of 2048 bits and its certificate.
const APPLICATION: &str = include_str!("../../std-adapter/tests/application.pem");

/// A client of the cloud, which it finds on loopback.
fn builder(service: &Service, credential: impl Credential + Send + 'static) -> Result<ClientBuilder, Error> {
    Ok(Client::builder()
        .credential(credential)
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .connect_to(service.address().to_string())
        .retry(Retry { retries: 0, ..Retry::DEFAULT }))
}

/// A file that is gone with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: &str) -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("graph-call-net-{}-{name}", std::process::id()));
        fs::write(&path, text)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The forms that were posted to the token endpoint.
fn forms(service: &Service) -> Vec<BTreeMap<String, String>> {
    let form = |received: &Received| {
        let content = String::from_utf8_lossy(received.content()).into_owned();
        let pairs = content.split('&').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), plain(value))).collect()
    };
    service.received().iter().filter(|received| received.path().contains("oauth2")).map(form).collect()
}

fn plain(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at(2);
        text.push(char::from(u8::from_str_radix(code, 16).unwrap_or_default()));
        text.push_str(rest);
    }
    text
}

fn base64(text: &str) -> Vec<u8> {
    let digit = |byte| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|byte| !b"=\r\n".contains(byte)).map(digit).collect();
    let group = |digits: &[u8]| {
        let bits = (0..4).fold(0, |bits, n| bits << 6 | u32::from(digits.get(n).copied().unwrap_or(0)));
        bits.to_be_bytes()[1..digits.len()].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}

/// The certificate in the PEM text, as DER.
fn certificate() -> Vec<u8> {
    let (_, rest) = APPLICATION.split_once("BEGIN CERTIFICATE-----").unwrap_or_default();
    base64(rest.split("-----END").next().unwrap_or_default())
}

/// The RSA public key in a certificate: 2048 bits, so its header is always the same.
fn public_key(certificate: &[u8]) -> Option<&[u8]> {
    const HEADER: &[u8] =
        b"\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x82\x01\x0f\x00";
    let at = certificate.windows(HEADER.len()).position(|window| window == HEADER)? + HEADER.len();
    certificate.get(at..at + 270)
}

#[test]
fn a_certificate_signs_in_with_an_assertion_that_its_public_key_verifies() -> Outcome {
    let ps256: &'static dyn VerificationAlgorithm = &signature::RSA_PSS_2048_8192_SHA256;
    let rs256: &'static dyn VerificationAlgorithm = &signature::RSA_PKCS1_2048_8192_SHA256;
    for (name, algorithm) in [("PS256", ps256), ("RS256", rs256)] {
        let service = Service::start()?;
        let app = ClientCertificate::new(TENANT, CLIENT_ID, APPLICATION.as_bytes())?;
        let app = if name == "RS256" { app.rs256() } else { app };
        let client = builder(&service, app)?.build()?;
        assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
        service.revoke_access_tokens();
        assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));

        let forms = forms(&service);
        let [first, second] = &forms[..] else { return Err("not two sign-ins".into()) };
        assert_eq!(first["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        assert_eq!(first["client_id"], CLIENT_ID);
        assert!(!first.contains_key("client_secret"));
        let mut ids = Vec::new();
        for form in [first, second] {
            let (signed, signature) = form["client_assertion"].rsplit_once('.').ok_or("no signature")?;
            let (header, claims) = signed.split_once('.').ok_or("no claims")?;
            let certificate = certificate();
            let key = UnparsedPublicKey::new(algorithm, public_key(&certificate).ok_or("no key")?);
            key.verify(signed.as_bytes(), &base64(signature)).map_err(|_| "another signature")?;

            let header: Value = serde_json::from_slice(&base64(header))?;
            assert_eq!(header["alg"], name);
            assert_eq!(base64(header["x5c"][0].as_str().ok_or("no chain")?), certificate);
            let thumbprint = ring::digest::digest(&ring::digest::SHA256, &certificate);
            assert_eq!(base64(header["x5t#S256"].as_str().ok_or("no thumbprint")?), thumbprint.as_ref());

            let claims: Value = serde_json::from_slice(&base64(claims))?;
            let endpoint = format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
            assert_eq!(
                [&claims["aud"], &claims["iss"], &claims["sub"]],
                [endpoint.as_str(), CLIENT_ID, CLIENT_ID]
            );
            let [begin, end] = [&claims["nbf"], &claims["exp"]].map(|time| time.as_u64().unwrap_or_default());
            let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
            assert!(end == begin + 600 && begin <= now && now < begin + 60, "{claims}");
            ids.push(claims["jti"].as_str().ok_or("no id")?.to_owned());
        }
        assert!(ids[0] != ids[1] && ids[0].len() >= 16, "{ids:?}");
    }
    Ok(())
}

#[test]
fn a_workload_signs_in_with_what_is_in_the_file_now() -> Outcome {
    let service = Service::start()?;
    let scratch = Scratch::new("assertion", "a.first.c\n")?;
    let client = builder(&service, WorkloadIdentity::new(TENANT, CLIENT_ID, &scratch.0)?)?.build()?;
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    fs::write(&scratch.0, "a.second.c\n")?;
    service.revoke_access_tokens();
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    let posted: Vec<String> = forms(&service).iter().map(|form| form["client_assertion"].clone()).collect();
    assert_eq!(posted, ["a.first.c", "a.second.c"]);
    Ok(())
}

#[test]
fn a_token_file_that_is_renewed_after_a_refusal_serves_on() -> Outcome {
    let service = Service::start()?;
    let scratch = Scratch::new("token", &format!("Bearer {}\r\n", service.access_token()))?;
    let client = builder(&service, TokenFile::new(&scratch.0))?.build()?;
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    service.revoke_access_tokens();
    let error = client.get_call(P2P_CALL).err().ok_or("fetched with a token that is no more")?;
    assert_eq!(error.status(), Some(401), "{error}");
    fs::write(&scratch.0, format!("{{\"accessToken\": \"{}\"}}", service.access_token()))?;
    assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    Ok(())
}

/// An endpoint without TLS in front of the service: it answers whoever speaks plain text, hands everything else on, and
/// tells what it was asked.
fn endpoint(service: SocketAddr, answer: String) -> io::Result<(SocketAddr, Receiver<Vec<String>>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let (sender, asked) = mpsc::channel();
    let serve = move |mut client: TcpStream| -> io::Result<()> {
        let mut first = [0];
        client.peek(&mut first)?;
        if first == [22] {
            // The type of a TLS record that begins a handshake.
            let mut server = TcpStream::connect(service)?;
            let (mut to_client, mut from_server) = (client.try_clone()?, server.try_clone()?);
            thread::spawn(move || io::copy(&mut from_server, &mut to_client));
            io::copy(&mut client, &mut server)?;
            return Ok(());
        }
        let lines = BufReader::new(client.try_clone()?).lines();
        let head = lines.take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()));
        let _ = sender.send(head.collect::<io::Result<Vec<_>>>()?);
        write!(
            client,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{answer}",
            answer.len()
        )
    };
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let _ = thread::Builder::new().spawn({
                let serve = serve.clone();
                move || serve(client)
            });
        }
    });
    Ok((address, asked))
}

#[test]
fn a_managed_identity_asks_its_endpoint_without_tls() -> Outcome {
    let service = Service::start()?;
    let token = service.access_token();
    let answer =
        format!("{{\"access_token\":\"{token}\",\"expires_in\":\"3599\",\"token_type\":\"Bearer\"}}");
    let (address, asked) = endpoint(service.address(), answer)?;
    let app = ManagedIdentity::app_service("http://127.0.0.1:41741/msi/token", "canary")?;
    for (identity, line, field) in [
        (
            ManagedIdentity::imds(),
            "GET /metadata/identity/oauth2/token?api-version=2018-02-01",
            "Metadata: true",
        ),
        (app, "GET /msi/token?api-version=2019-08-01", "X-IDENTITY-HEADER: canary"),
    ] {
        let client = builder(&service, identity)?.connect_to(address.to_string()).build()?;
        for _ in 0..2 {
            assert_eq!(client.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
        }
        let head = asked.try_recv()?;
        assert!(
            head[0].starts_with(line) && head[0].contains("&resource=https%3A%2F%2Fgraph.microsoft.com "),
            "{head:?}"
        );
        assert!(head.iter().any(|line| line == field), "{head:?}");
        assert!(asked.try_recv().is_err(), "one token serves for both");
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_program_that_takes_its_time_holds_up_nobody_else() -> Outcome {
    use core::time::Duration;
    use graph_call_std::credential::TokenCommand;

    let service = Service::start()?;
    let script = format!("sleep 0.5; echo {}", service.access_token());
    let command = TokenCommand::new("sh").args(["-c", &script]);
    let client = builder(&service, command)?.build_async()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut turns = 0;
    let fetched = runtime.block_on(async {
        let mut fetching = core::pin::pin!(client.get_call(P2P_CALL));
        loop {
            match tokio::time::timeout(Duration::from_millis(10), &mut fetching).await {
                Ok(fetched) => break fetched,
                Err(_) => turns += 1,
            }
        }
    })?;
    assert_eq!(fetched.call.id.as_str(), Some(P2P_CALL));
    assert!(turns > 3, "{turns}");
    Ok(())
}

/// `{"alg":"none"}`, as every token here begins.
const HEADER: &str = "eyJhbGciOiJub25lIn0";

#[test]
fn a_token_that_is_refused_is_doubted_for_what_it_says_of_itself() -> Outcome {
    // {"aud":"https://graph.microsoft.com","roles":["Calls.Initiate.All"],"exp":1}
    let ended = "eyJhdWQiOiJodHRwczovL2dyYXBoLm1pY3Jvc29mdC5jb20iLCJyb2xlcyI6WyJDYWxscy5Jbml0aWF0ZS5BbGwiXSwiZXhwIjoxfQ";
    let service = Service::start()?;
    let token = format!("{HEADER}.{ended}.canary");
    let error =
        builder(&service, FixedToken::new(token)?)?.build()?.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!(error.status(), Some(401), "only the service judges: {error}");
    let hint = error.hint().unwrap_or_default();
    assert!(hint.starts_with("this access token ended ") && hint.contains(" days ago"), "{hint}");
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    Ok(())
}

#[test]
fn a_token_of_another_cloud_is_sent_to_nobody() -> Outcome {
    // {"aud":"https://graph.microsoft.us","roles":["Calls.Initiate.All"]}
    let other = "eyJhdWQiOiJodHRwczovL2dyYXBoLm1pY3Jvc29mdC51cyIsInJvbGVzIjpbIkNhbGxzLkluaXRpYXRlLkFsbCJdfQ";
    let token = format!("{HEADER}.{other}.canary");
    let service = Service::builder().accept_access_token(&token).start()?;
    let get = |cloud| -> Result<_, Error> {
        builder(&service, FixedToken::new(token.as_str())?)?.cloud(cloud).build()?.get_call(P2P_CALL)
    };
    let error = get(Cloud::Global).err().ok_or("fetched")?;
    assert!(error.to_string().contains("is for the cloud usgov-l4"), "{error}");
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    assert_eq!(service.received().len(), 0);
    assert_eq!(get(Cloud::UsGovL4)?.call.id.as_str(), Some(P2P_CALL), "a control: there it is welcome");
    Ok(())
}
