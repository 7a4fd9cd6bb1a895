//! A peer that writes into every place that it can write to: the secrets it was sent, what acts on a terminal, what is somebody's. No
//! output of the client shows a secret, none is more than its line, and of a 200 nothing is told.

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
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[path = "../../std-adapter/tests/cli/mirror/places.rs"]
mod places;

use places::{FORMS, PLACES, STATUSES, telling, written};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const TOKEN: &str = "canary~token~0123456789";
const SECRET: &str = "canary~secret~0123456789";
const PASSWORD: &str = "canary~password~0123";
const TENANT: &str = "11111111-2222-4333-8444-555555555555";

/// The secrets in a request.
fn secrets(asked: &str) -> Vec<String> {
    let words =
        asked.split(|character: char| character.is_whitespace() || matches!(character, '&' | '=' | '?'));
    let decoded = words.map(|word| word.replace("%7E", "~").replace("%7e", "~"));
    // An assertion is a token that a certificate's key has signed.
    decoded.filter(|word| word.contains("canary") || word.starts_with("eyJ")).collect()
}

/// What is answered to whoever has sent this secret.
type Answer = Box<dyn Fn(&str) -> Vec<u8> + Send>;

/// What the peer answers with next, and the secrets that it saw.
#[derive(Default)]
struct Mirror {
    order: Mutex<Option<Answer>>,
    seen: Mutex<Vec<String>>,
}

impl Mirror {
    /// A peer that answers so, and is served on threads of its own.
    fn start() -> io::Result<(Arc<Self>, TlsPeer)> {
        let mirror = Arc::new(Self::default());
        let serving = Arc::clone(&mirror);
        Ok((mirror, TlsPeer::start(move |talk| serving.serve(talk))?))
    }

    fn order(&self, answer: impl Fn(&str) -> Vec<u8> + Send + 'static) {
        *locked(&self.order) = Some(Box::new(answer));
    }

    fn serve(&self, mut talk: Talk) -> io::Result<()> {
        while let Some(asked) = talk.asked()? {
            let found = secrets(&asked);
            let answer = match &*locked(&self.order) {
                Some(answer) => answer(found.first().map_or("", String::as_str)),
                None => return Ok(()),
            };
            locked(&self.seen).extend(found);
            let records = talk.records(&answer)?;
            talk.send(&records)?;
            let close = talk.close_notify()?;
            talk.send(&close)?;
        }
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What stands before a secret, and the beginning of it.
fn around<'a>(text: &'a str, telling: &str) -> &'a str {
    let at = text.find(telling).unwrap_or(0);
    let from = text[..at].char_indices().rev().nth(100).map_or(0, |(index, _)| index);
    &text[from..at + telling.len().min(12)]
}

/// What a client says of one reading.
#[derive(Default)]
struct Told {
    /// By every way.
    all: String,
    /// What stands in a line of a log, each for itself.
    lines: Vec<String>,
    error: Option<Error>,
    /// The content of the answer as it came.
    content: Vec<u8>,
}

impl Told {
    fn line(&mut self, line: String) {
        self.all += &line;
        self.lines.push(line);
    }
}

/// Everything that an error says.
fn everything(error: &Error, told: &mut Told) {
    let _ = write!(told.all, "{error:#?} {:?} {:?} {:?}", error.refusal(), error.head(), error.hint());
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        told.line(error.to_string());
        told.line(format!("{error:?}"));
        next = error.source();
    }
}

/// Asks for a call, and gives all that the client says meanwhile and afterwards.
fn ask(peer: &TlsPeer, of: impl Fn(ClientBuilder) -> Result<ClientBuilder>) -> Result<Told> {
    let events = Arc::new(Mutex::new(Told::default()));
    let listener = Arc::clone(&events);
    let builder = of(fetch::at(peer.address(), peer.ca_pem())?.timeouts(fetch::PATIENT))?;
    let before = format!("{builder:?}");
    let client = builder
        .tell_heads()
        .on_event(move |event: &Event<'_>| {
            let mut told = locked(&listener);
            told.line(format!("{event:?}"));
            told.all += &format!("{event:#?}");
        })
        .build()?;
    let (read, content) = client.get_call_with_content(P2P_CALL);
    let mut told = core::mem::take(&mut *locked(&events));
    told.all += &before;
    match read {
        Ok(fetched) => told.line(format!("{:?}", fetched.head)),
        Err(error) => {
            everything(&error, &mut told);
            told.error = Some(error);
        }
    }
    let _ = write!(told.all, "{client:?} {client:#?}");
    told.content = content.unwrap_or_default();
    Ok(told)
}

/// Asks for a call and has every place, status and form for an answer; no output shows any secret that the peer saw.
fn holds(is_sign_in: bool, of: impl Fn(ClientBuilder) -> Result<ClientBuilder> + Sync) -> Result {
    side_by_side(4, |worker| {
        let (mirror, peer) = Mirror::start()?;
        for place in PLACES.iter().skip(worker).step_by(4) {
            for (status, form) in STATUSES.into_iter().flat_map(|status| FORMS.map(|form| (status, form))) {
                mirror.order(move |secret| written(*place, status, &form(secret)));
                let Told { all, content, .. } = ask(&peer, &of)?;
                let seen = core::mem::take(&mut *locked(&mirror.seen));
                assert!(!seen.is_empty(), "the peer was sent no secret");
                // What was written did come; the content as it came shows it, which is what it is for.
                if place.1 == "$" && status == 403 && form(&seen[0]) == seen[0] {
                    let content = String::from_utf8_lossy(&content).into_owned();
                    assert!(is_sign_in || content.contains(&seen[0]), "{place:?}: {content}");
                }
                for secret in seen {
                    for form in FORMS {
                        let telling = telling(form, &secret);
                        assert!(
                            !all.contains(&telling),
                            "{place:?}, {status}: a secret is shown: {}",
                            around(&all, &telling)
                        );
                    }
                }
            }
        }
        Ok(())
    })
}

/// What acts on whoever reads it: clears a screen, begins a line, turns text round, hides.
const ACTIVE: &str = "\u{1b}[2J\u{9b}2J\r\nb: c\n\u{202e}gnihton\u{2066}\u{200b}";

fn is_active(character: char) -> bool {
    character.is_control() || ACTIVE.contains(character) && !character.is_ascii()
}

/// Whatever a peer writes, and wherever: what is shown of it is one line of a log, and nothing but a line.
#[test]
fn what_would_act_on_a_terminal_is_spelled_out() -> Result {
    // As it is, and as JSON has it.
    let forms: [fn() -> String; 2] =
        [|| ACTIVE.to_owned(), || ACTIVE.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()];
    let (mirror, peer) = Mirror::start()?;
    let mut came = 0;
    for (place, status) in PLACES.iter().flat_map(|place| [200, 403, 503].map(|status| (place, status))) {
        for form in forms {
            mirror.order(move |_| written(*place, status, &form()));
            let told = ask(&peer, |builder| Ok(builder.credential(FixedToken::new(TOKEN)?)))?;
            for line in &told.lines {
                assert!(!line.contains(is_active), "{place:?}, {status}: {line:?}");
            }
            let refusal = told.error.as_ref().and_then(Error::refusal);
            came += usize::from(refusal.is_some_and(|refusal| refusal.message.contains(is_active)));
        }
    }
    assert!(came > 0, "a program has the text as it is");
    Ok(())
}

/// A 200 may hold somebody's call, whatever else is wrong with it: of its content nothing is told.
#[test]
fn of_a_200_no_content_shows() -> Result {
    const PERSON: &str = "Canary Person";
    let (mirror, peer) = Mirror::start()?;
    let mut came = 0;
    for (fields, content) in PLACES.iter().filter(|(_, content)| content.contains('$')) {
        for status in [200, 403] {
            mirror.order(move |_| written((fields, &content.replace('$', PERSON)), status, "x"));
            let told = ask(&peer, |builder| Ok(builder.credential(FixedToken::new(TOKEN)?)))?;
            let is_shown = told.all.contains(&PERSON[..8]);
            assert!(!is_shown || status != 200, "{content}: {}", around(&told.all, PERSON));
            came += usize::from(is_shown);
        }
    }
    assert!(came > 0, "a refusal is told");
    Ok(())
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
            let events = Arc::new(Mutex::new(String::new()));
            let listener = Arc::clone(&events);
            let url = format!("http://someone:{PASSWORD}@{}", proxy.address());
            let client = Client::builder()
                .trust(trust.clone())
                .credential(FixedToken::new(TOKEN)?)
                .proxies(Proxies::all(Proxy::new(&url)?))
                .retry(Retry { retries: 0, ..Retry::DEFAULT })
                .tell_heads()
                .on_event(move |event: &Event<'_>| {
                    let _ = write!(locked(&listener), "{event:?} {event:#?}");
                })
                .build()?;
            let error = client.get_call(P2P_CALL).err().ok_or("there was no tunnel")?;
            let is_named = matches!(error.kind(), ErrorKind::Proxy | ErrorKind::Cut | ErrorKind::Tls);
            assert!(is_named, "{place:?}, {status}: {error:?}");
            assert!(proxy.asked().concat().contains(sent), "the proxy was sent no password");
            let mut told = Told::default();
            everything(&error, &mut told);
            let text = told.all + &locked(&events) + &format!("{client:?}");
            for telling in [&sent[..20], &PASSWORD[..10]] {
                assert!(!text.contains(telling), "{place:?}, {status}: {}", around(&text, telling));
            }
        }
    }
    Ok(())
}
