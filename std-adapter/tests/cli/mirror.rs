//! A peer that writes the secret it was sent into every place that it can write to: the tool shows it nowhere, whatever it is asked
//! to print, to tell and to write.

mod places;

use std::path::PathBuf;
use std::process::Command;
use std::thread;

use graph_call_std::service::{End, Fault, Service, TENANT};

use crate::kit::{Run, finish, signed};
use places::{FORMS, PLACES, STATUSES, telling, written};

const TOKEN: &str = "canary~token~0123456789";
const SECRET: &str = "canary~secret~0123456789";
const APPLICATION: &str = "app";

/// What the tool can be asked to print and to tell of one call, or of many.
const LOOKS: [&[&str]; 15] = [
    &["get"],
    &["get", "-v"],
    &["get", "-vv", "-i"],
    &["get", "-q", "-i"],
    &["get", "--json"],
    &["get", "--pretty", "-vv"],
    &["get", "--table", "-v"],
    &["get", "--table", "--fields", "id,state,subject"],
    &["get", "--fields", "id,state,subject", "--color", "always", "-vv"],
    &["get", "--required", "subject", "--json", "-vv", "--log-format", "json"],
    &["get", "--show-secrets", "-v", "--log-format", "json"],
    &["watch", "-vv"],
    &["watch", "--json", "-v"],
    &["watch", "--table"],
    &["watch", "--changes-only", "-vv", "--log-format", "json"],
];

/// What it can be asked of a sign-in.
const SIGN_INS: [&[&str]; 5] = [
    &["whoami"],
    &["whoami", "-vv"],
    &["doctor"],
    &["doctor", "-vv"],
    &["doctor", "-v", "--log-format", "json"],
];

/// Who is asked, and so what is sent: the service a token, or the login host a secret.
#[derive(Clone, Copy, Debug)]
enum To {
    Service,
    Login,
}

impl To {
    const fn secret(self) -> &'static str {
        match self {
            Self::Service => TOKEN,
            Self::Login => SECRET,
        }
    }

    fn order(self, service: &Service, place: (&str, &str), status: u16, form: fn(&str) -> String) {
        let answer = written(place, status, &form(self.secret()));
        let fault = Fault::Raw { pieces: vec![answer], end: End::CloseNotify };
        match self {
            Self::Service => service.order(fault),
            Self::Login => service.order_login(fault),
        }
    }

    fn command(self, service: &Service, name: &str, look: &[&str], ids: &[String]) -> Command {
        let mut arguments = look.to_vec();
        arguments.extend(ids.iter().map(String::as_str));
        arguments.extend(["--retries", "0"]);
        if look[0] == "watch" {
            arguments.extend(["--interval", "1", "--until", "established", "--timeout", "9"]);
        }
        let mut command = signed(service, name, &arguments);
        match self {
            Self::Service => command.env("GRAPH_CALL_TOKEN", TOKEN),
            Self::Login => command
                .env_remove("GRAPH_CALL_TOKEN")
                .env("AZURE_TENANT_ID", TENANT)
                .env("AZURE_CLIENT_ID", APPLICATION)
                .env("AZURE_CLIENT_SECRET", SECRET),
        };
        command
    }
}

fn ids() -> Vec<String> {
    (0..PLACES.len()).map(|number| format!("call-{number}")).collect()
}

fn service() -> Service {
    let builder = Service::builder().accept_access_token(TOKEN).client(APPLICATION, SECRET);
    let calls = ids().into_iter().fold(builder, |builder, id| {
        let content = format!("{{\"id\":\"{id}\",\"state\":\"established\"}}");
        builder.call(&id, content)
    });
    calls.start().expect("a service")
}

/// Neither in what was printed, nor in what was told: not the secret, in no form, and no token of a sign-in.
fn is_silent(run: &Run, service: &Service, what: &str) {
    // Neither wrong use, nor a panic.
    assert!(run.code.is_some_and(|code| code != 2 && code < 100), "{what}: {:?}, {}", run.code, run.stderr);
    let shown = format!("{}{}", run.stdout, run.stderr);
    for secret in [TOKEN, SECRET] {
        for form in FORMS {
            let telling = telling(form, secret);
            assert!(!shown.contains(&telling), "{what}: a secret is shown, as {telling}, in\n{shown}");
        }
    }
    for received in service.received() {
        let is_shown = received.access_token().is_some_and(|token| shown.contains(token));
        assert!(!is_shown, "{what}: a token is shown in\n{shown}");
    }
}

/// Most of the time of a run is waiting.
const PARTS: usize = 3;

/// Each part on a thread of its own, with a service of its own.
fn side_by_side(name: &str, work: impl Fn(usize, &str, &Service) + Sync) {
    let work = &work;
    thread::scope(|scope| {
        for part in 0..PARTS {
            scope.spawn(move || work(part, &format!("mirror-{name}-{part}"), &service()));
        }
    });
}

/// Of one call, each place under each status meets another look.
#[test]
fn what_a_peer_writes_anywhere_shows_nowhere() {
    side_by_side("one", |part, name, service| {
        for (at, place) in PLACES.iter().enumerate().filter(|(at, _)| at % PARTS == part) {
            for (nth, status) in STATUSES.into_iter().enumerate() {
                for to in [To::Service, To::Login] {
                    let number = at + nth * PLACES.len();
                    let form = FORMS[number % FORMS.len()];
                    // A watch lasts: many of its calls are looked at together, below.
                    let look = LOOKS[number % LOOKS.len()];
                    let look = if look[0] == "watch" { LOOKS[2] } else { look };
                    let look = match to {
                        To::Login if number.is_multiple_of(3) => SIGN_INS[number / 3 % SIGN_INS.len()],
                        _ => look,
                    };
                    to.order(service, *place, status, form);
                    let ids = if look[0] == "whoami" { Vec::new() } else { ids()[..1].to_vec() };
                    let before = service.counters().requests;
                    let run = finish(to.command(service, name, look, &ids));
                    assert!(
                        service.counters().requests > before,
                        "{look:?}: nothing was asked: {}",
                        run.stderr
                    );
                    is_silent(&run, service, &format!("{to:?}, {place:?}, {status}, {look:?}"));
                    service.clear_orders();
                }
            }
        }
    });
}

/// Of many calls, each look meets every place, but under 401: a token that was refused once is not sent again.
#[test]
fn nor_does_it_where_many_calls_are_asked_for() {
    side_by_side("many", |part, name, service| {
        for (at, look) in LOOKS.iter().enumerate().filter(|(at, _)| at % PARTS == part) {
            for (nth, status) in STATUSES.into_iter().filter(|status| *status != 401).enumerate() {
                for place in PLACES {
                    To::Service.order(service, *place, status, FORMS[(at + nth) % FORMS.len()]);
                }
                let before = service.counters().requests;
                let run = finish(To::Service.command(service, name, look, &ids()));
                is_silent(&run, service, &format!("{status}, {look:?}"));
                let met = service.counters().requests - before;
                assert!(
                    met >= PLACES.len() as u64,
                    "{status}, {look:?}: only {met} places were met: {}",
                    run.stderr
                );
                service.clear_orders();
            }
        }
    });
}

/// The control: what the peer wrote did come, and shows where the content is asked for as it came.
#[test]
fn the_content_as_it_came_shows_it() {
    let service = service();
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mirror.raw");
    let ids = &ids()[..1];
    for to_file in [false, true] {
        let name = if to_file { file.to_str().expect("a UTF-8 path") } else { "-" };
        To::Service.order(&service, ("Content-Type: text/html\r\n", "you sent $"), 403, str::to_owned);
        let run = finish(To::Service.command(&service, "mirror-raw", &["get", "--raw", name, "-vv"], ids));
        let content = if to_file { std::fs::read_to_string(&file).expect("a file") } else { run.stdout };
        assert_eq!(content, format!("you sent {TOKEN}"), "{}", run.stderr);
        // And nowhere else.
        assert!(!run.stderr.contains(&TOKEN[..10]), "{}", run.stderr);
        assert!(run.stderr.contains("403"), "{}", run.stderr);
    }
}
