//! A peer that writes the secrets it was sent into every place that it can write to: no output of the client shows one.

use graph_call_std::credential::{ClientCertificate, ClientCredentials, FixedToken};
use graph_call_std::proxy::{Proxies, Proxy};
use graph_call_std::service::{Authority, P2P_CALL};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{Client, ClientBuilder, Error, ErrorKind, Event, Retry};
use graph_call_tests::fetch::{self, side_by_side};
use graph_call_tests::net::tls_peer::{Talk, TlsPeer};
use graph_call_tests::net::tunnel::{self, Manner};
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const TOKEN: &str = "canary~token~0123456789";
const SECRET: &str = "canary~secret~0123456789";
const PASSWORD: &str = "canary~password~0123";
const TENANT: &str = "11111111-2222-4333-8444-555555555555";

const STATUSES: [u16; 5] = [200, 302, 401, 403, 503];

/// Where a secret is written: a head without its first line, and a content. `$` stands for the secret.
const PLACES: &[(&str, &str)] = &[
    // The reason phrase is always one of the places.
    ("", ""),
    ("Location: https://elsewhere.example/?t=$\r\n", ""),
    ("Location: $\r\nRetry-After: $\r\nDate: $\r\nServer: $\r\n", ""),
    ("WWW-Authenticate: Bearer realm=\"$\", error=\"$\", error_description=\"$\", claims=\"$\"\r\n", ""),
    ("WWW-Authenticate: Bearer error=\"insufficient_claims\", claims=\"$\"\r\n", ""),
    ("WWW-Authenticate: $\r\nProxy-Authenticate: Basic realm=$\r\nSet-Cookie: t=$\r\nVia: 1.1 $\r\n", ""),
    ("request-id: $\r\nclient-request-id: $\r\nx-ms-ags-diagnostic: {\"a\":\"$\"}\r\n", ""),
    ("x-ms-request-id: $\r\nx-$: $\r\n$: a\r\n", ""),
    ("Content-Type: $\r\n", "$"),
    ("Content-Type: text/$\r\n", "$"),
    ("Content-Type: application/json; charset=$\r\n", "{}"),
    ("Content-Encoding: $\r\n", "$"),
    ("Connection: $\r\nKeep-Alive: $\r\nUpgrade: $\r\n", ""),
    ("Content-Length: $\r\n", ""),
    ("Transfer-Encoding: $\r\n", ""),
    ("Transfer-Encoding: chunked\r\n", "2;$=$\r\n{}\r\n0;$\r\nx-trailer: $\r\n$: a\r\n\r\n"),
    ("Transfer-Encoding: chunked\r\n", "$\r\n{}\r\n0\r\n\r\n"),
    ("$\r\n", ""),
    ("Content-Type: text/html\r\n", "<html><title>$</title><p>you sent $</p></html>"),
    ("Content-Type: text/plain\r\n", "$"),
    ("Content-Type: application/json\r\n", "$"),
    ("Content-Type: application/json\r\n", "\"$\""),
    ("Content-Type: application/json\r\n", "{\"$\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"error\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"error\":{\"code\":\"$\",\"message\":\"a\"}}"),
    ("Content-Type: application/json\r\n", "{\"error\":{\"code\":\"a\",\"message\":\"the token $ is bad\"}}"),
    (
        "Content-Type: application/json\r\n",
        "{\"error\":{\"code\":\"a\",\"message\":\"b\",\"target\":\"$\",\"details\":[{\"code\":\"$\",\"message\":\"$\",\"target\":\"$\"}]}}",
    ),
    (
        "Content-Type: application/json\r\n",
        "{\"error\":{\"code\":\"a\",\"innerError\":{\"code\":\"$\",\"message\":\"$\",\"request-id\":\"$\",\"client-request-id\":\"$\",\"date\":\"$\"}}}",
    ),
    (
        "Content-Type: application/json\r\n",
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: $\",\"error_codes\":[7000215],\"timestamp\":\"$\",\"trace_id\":\"$\",\"correlation_id\":\"$\",\"error_uri\":\"$\",\"suberror\":\"$\",\"claims\":\"$\"}",
    ),
    (
        "Content-Type: application/problem+json\r\n",
        "{\"type\":\"$\",\"title\":\"$\",\"detail\":\"$\",\"instance\":\"$\"}",
    ),
    ("Content-Type: application/json\r\n", "{\"id\":\"$\",\"state\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"id\":7,\"$\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"@odata.type\":\"#$\",\"state\":{\"$\":1}}"),
    ("Content-Type: application/json\r\n", "{\"createdDateTime\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"value\":[\"$\"]}"),
    ("Content-Type: application/json\r\n", "{\"token_type\":\"$\",\"expires_in\":\"$\",\"access_token\":7}"),
    (
        "Content-Type: application/json\r\n",
        "{\"token_type\":\"$\",\"expires_in\":3599,\"access_token\":\"a b\"}",
    ),
    (
        "Content-Type: application/json\r\n",
        "{\"access_token\":\"$\",\"token_type\":\"Bearer\",\"expires_in\":0} $",
    ),
];

/// How it is written.
const FORMS: [fn(&str) -> String; 4] = [
    str::to_owned,
    |secret| secret.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02x}")),
    |secret| secret.replace('~', "%7E"),
    // As the claims of a challenge come.
    |secret| base64(format!("{{\"a\":\"{secret}\"}}").as_bytes()),
];

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let [a, b, c] = [0, 1, 2].map(|at| u32::from(three.get(at).copied().unwrap_or(0)));
        let bits = a << 16 | b << 8 | c;
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]);
        (0..=three.len()).map(digit).chain("=".repeat(3 - three.len()).chars()).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

/// The secrets in a request.
fn secrets(asked: &str) -> Vec<String> {
    let words =
        asked.split(|character: char| character.is_whitespace() || matches!(character, '&' | '=' | '?'));
    let decoded = words.map(|word| word.replace("%7E", "~").replace("%7e", "~"));
    // An assertion is a token that a certificate's key has signed.
    decoded.filter(|word| word.contains("canary") || word.starts_with("eyJ")).collect()
}

fn written((fields, content): (&str, &str), status: u16, secret: &str) -> Vec<u8> {
    let content = content.replace('$', secret);
    let is_framed = fields.contains("Transfer-Encoding") || fields.contains("Content-Length");
    let length = if is_framed { String::new() } else { format!("Content-Length: {}\r\n", content.len()) };
    let head =
        format!("HTTP/1.1 {status} $\r\n{fields}{length}Connection: close\r\n\r\n").replace('$', secret);
    [head, content].concat().into_bytes()
}

/// What the peer answers with next, and what it saw.
#[derive(Default)]
struct Mirror {
    order: Mutex<Option<(usize, u16, usize)>>,
    seen: Mutex<Vec<String>>,
}

impl Mirror {
    fn serve(&self, mut talk: Talk) -> io::Result<()> {
        while let Some(asked) = talk.asked()? {
            let found = secrets(&asked);
            let Some((place, status, form)) = *self.order.lock().unwrap_or_else(PoisonError::into_inner)
            else {
                return Ok(());
            };
            for secret in &found {
                self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(secret.clone());
            }
            let secret = found.first().map(|secret| FORMS[form](secret)).unwrap_or_default();
            let records = talk.records(&written(PLACES[place], status, &secret))?;
            talk.send(&records)?;
            let close = talk.close_notify()?;
            talk.send(&close)?;
        }
        Ok(())
    }
}

/// What stands before a secret, and the beginning of it.
fn around<'a>(text: &'a str, telling: &str) -> &'a str {
    let at = text.find(telling).unwrap_or(0);
    let from = text[..at].char_indices().rev().nth(100).map_or(0, |(index, _)| index);
    &text[from..at + telling.len().min(12)]
}

/// Everything that an error says, by every way.
fn everything(error: &Error) -> String {
    let mut text =
        format!("{error} {error:?} {error:#?} {:?} {:?} {:?}", error.refusal(), error.head(), error.hint());
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        let _ = write!(text, "{error} {error:?}");
        next = error.source();
    }
    text
}

/// Asks for a call and has every place, status and form for an answer; no output shows any secret that the peer saw.
fn holds(is_sign_in: bool, of: impl Fn(ClientBuilder) -> Result<ClientBuilder> + Sync) -> Result {
    side_by_side(4, |worker| {
        let mirror = Arc::new(Mirror::default());
        let serving = Arc::clone(&mirror);
        let peer = TlsPeer::start(move |talk| serving.serve(talk))?;
        for place in (worker..PLACES.len()).step_by(4) {
            for (status, form) in
                STATUSES.into_iter().flat_map(|status| (0..FORMS.len()).map(move |form| (status, form)))
            {
                *mirror.order.lock().unwrap_or_else(PoisonError::into_inner) = Some((place, status, form));
                let told = Arc::new(Mutex::new(String::new()));
                let listener = Arc::clone(&told);
                let builder = of(fetch::at(peer.address(), peer.ca_pem())?.timeouts(fetch::PATIENT))?;
                let mut text = format!("{builder:?}");
                let client = builder
                    .tell_heads()
                    .on_event(move |event: &Event<'_>| {
                        let mut told = listener.lock().unwrap_or_else(PoisonError::into_inner);
                        let _ = write!(told, "{event:?} {event:#?}");
                    })
                    .build()?;
                let (read, content) = client.get_call_with_content(P2P_CALL);
                match read {
                    Ok(fetched) => text += &format!("{:?}", fetched.head),
                    Err(error) => text += &everything(&error),
                }
                let _ = write!(text, "{client:?} {client:#?}");
                text += &told.lock().unwrap_or_else(PoisonError::into_inner);
                let seen = core::mem::take(&mut *mirror.seen.lock().unwrap_or_else(PoisonError::into_inner));
                assert!(!seen.is_empty(), "the peer was sent no secret");
                // What was written did come; the content as it came shows it, which is what it is for.
                if form == 0 && PLACES[place].1 == "$" && status == 403 {
                    let content = String::from_utf8_lossy(&content.unwrap_or_default()).into_owned();
                    assert!(is_sign_in || content.contains(&seen[0]), "{:?}: {content}", PLACES[place]);
                }
                for secret in seen {
                    // So much of a secret gives it away; an assertion begins as all do.
                    let telling = &secret[..if secret.starts_with("eyJ") { secret.len() / 2 } else { 10 }];
                    for form in FORMS {
                        let telling = form(telling);
                        assert!(
                            !text.contains(&telling),
                            "{:?}, {status}: {telling} in {text}",
                            PLACES[place]
                        );
                    }
                }
            }
        }
        Ok(())
    })
}

#[test]
fn a_token_that_is_written_anywhere_shows_nowhere() -> Result {
    holds(false, |builder| Ok(builder.credential(FixedToken::new(TOKEN)?)))
}

#[test]
fn a_secret_that_is_written_anywhere_shows_nowhere() -> Result {
    holds(true, |builder| Ok(builder.credential(ClientCredentials::new(TENANT, "app", SECRET)?)))
}

#[test]
fn an_assertion_that_is_written_anywhere_shows_nowhere() -> Result {
    let application = include_bytes!("../../std-adapter/tests/application.pem");
    holds(true, move |builder| Ok(builder.credential(ClientCertificate::new(TENANT, "app", application)?)))
}

#[test]
fn a_password_that_a_proxy_writes_anywhere_shows_nowhere() -> Result {
    // What the proxy was sent: `someone:` and the password, in base64.
    let sent = "c29tZW9uZTpjYW5hcnl+cGFzc3dvcmR+MDEyMw==";
    let trust = Trust::new(Roots::Only, Authority::new()?.pem().as_bytes())?;
    for place in PLACES {
        for (status, secret) in
            [200, 403, 407, 502].into_iter().flat_map(|status| [(status, sent), (status, PASSWORD)])
        {
            let proxy =
                tunnel::Proxy::start("127.0.0.1:9".parse()?, Manner::Says(written(*place, status, secret)))?;
            let told = Arc::new(Mutex::new(String::new()));
            let listener = Arc::clone(&told);
            let url = format!("http://someone:{PASSWORD}@{}", proxy.address());
            let client = Client::builder()
                .trust(trust.clone())
                .credential(FixedToken::new(TOKEN)?)
                .proxies(Proxies::all(Proxy::new(&url)?))
                .retry(Retry { retries: 0, ..Retry::DEFAULT })
                .tell_heads()
                .on_event(move |event: &Event<'_>| {
                    let mut told = listener.lock().unwrap_or_else(PoisonError::into_inner);
                    let _ = write!(told, "{event:?} {event:#?}");
                })
                .build()?;
            let error = client.get_call(P2P_CALL).err().ok_or("there was no tunnel")?;
            let is_named = matches!(error.kind(), ErrorKind::Proxy | ErrorKind::Cut | ErrorKind::Tls);
            assert!(is_named, "{place:?}, {status}: {error:?}");
            assert!(proxy.asked().concat().contains(sent), "the proxy was sent no password");
            let text = everything(&error)
                + &told.lock().unwrap_or_else(PoisonError::into_inner)
                + &format!("{client:?}");
            for telling in [&sent[..20], &PASSWORD[..10]] {
                assert!(!text.contains(telling), "{place:?}, {status}: {}", around(&text, telling));
            }
        }
    }
    Ok(())
}
