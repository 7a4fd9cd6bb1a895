//! A stack of which each call in turn goes wrong, in each way: a reading ends by the call or by one named error, every socket is
//! given back, and no output shows the token.

use core::time::Duration;
use embedded_nal::{Dns, TcpClientStack};
use graph_call_std::credential::FixedToken;
use graph_call_std::proxy::{Proxies, Proxy};
use graph_call_std::service::{P2P_CALL, Service};
use graph_call_std::socket::{Pace, ZeroRead};
use graph_call_std::{ClientBuilder, Error, ErrorKind, Event, Stack, SystemClock, Timeouts};
use graph_call_tests::fetch::{self, side_by_side};
use graph_call_tests::net::faulty::{Faulty, Log, Wrong};
use graph_call_tests::net::island::{Island, IslandStack};
use graph_call_tests::net::tunnel::{self, Manner};
use std::sync::{Arc, Mutex, PoisonError};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What no output may show.
const CANARY: &str = "eyJ0eXAiOiJKV1QifQ.e30.canary0123456789";

/// Deadlines that are met where nothing ever happens again.
fn timeouts(wrong: Wrong) -> Timeouts {
    let short = Duration::from_millis(250);
    match wrong {
        Wrong::Never => {
            Timeouts { connect: short, send: short, first_byte: short, answer: short, whole: 2 * short }
        }
        _ => fetch::PATIENT,
    }
}

/// Reads over a stack whose call number `at` goes wrong; tells how that ended, and what became of the stack.
fn read<S: TcpClientStack + Dns>(
    builder: ClientBuilder,
    (stack, log): (Faulty<S>, Arc<Log>),
    pace: Pace<Faulty<S>>,
) -> Result<(std::result::Result<(), Error>, usize)> {
    let said = Arc::new(Mutex::new(String::new()));
    let listener = Arc::clone(&said);
    let say = move |said: &Mutex<String>, what: String| {
        said.lock().unwrap_or_else(PoisonError::into_inner).push_str(&what);
    };
    let client = builder
        .credential(FixedToken::new(CANARY)?)
        .tell_heads()
        .on_event(move |event: &Event<'_>| say(&listener, format!("{event:?}")))
        .build_over(stack, pace)?;
    let read = client.get_call(P2P_CALL).map(drop);
    if let Err(error) = &read {
        say(&said, format!("{error} {error:?} {error:#?} {client:?}"));
    }
    drop(client);
    assert_eq!(log.open(), 0, "sockets that were not given back after {read:?}");
    assert!(!said.lock().unwrap_or_else(PoisonError::into_inner).contains("canary"), "the token is shown");
    Ok((read, log.calls()))
}

/// Each call in turn, in each way.
fn at_each(one: impl Fn(usize, Wrong) -> Result<(std::result::Result<(), Error>, usize)> + Sync) -> Result {
    side_by_side(Wrong::ALL.len(), |worker| {
        let wrong = Wrong::ALL[worker];
        let mut failed = 0;
        for at in 0.. {
            let (read, calls) = one(at, wrong)?;
            if at >= calls {
                // Deadlines that are short enough to be met each time may pass on a machine that is busy with something else.
                let is_late = |error: &Error| wrong == Wrong::Never && error.kind() == ErrorKind::Timeout;
                match &read {
                    Ok(()) => assert!(at > 6, "{wrong:?}: a reading makes more than {at} calls"),
                    Err(error) => assert!(is_late(error), "{wrong:?}: without a fault: {error:?}"),
                }
                break;
            }
            let Err(error) = read else { continue };
            failed += 1;
            let is_named = match wrong {
                Wrong::Never => error.kind() == ErrorKind::Timeout,
                Wrong::NotYet | Wrong::Short => false,
                _ => matches!(
                    error.kind(),
                    ErrorKind::Cut
                        | ErrorKind::NotResolved
                        | ErrorKind::Proxy
                        | ErrorKind::Refused
                        | ErrorKind::Stack
                        | ErrorKind::Tls
                ),
            };
            assert!(is_named, "{wrong:?} at {at}: {error:?}");
        }
        // What is only odd is no failure, and what is one is found.
        let is_odd = matches!(wrong, Wrong::NotYet | Wrong::Short | Wrong::Zero);
        assert!(is_odd || failed > 0, "{wrong:?}");
        Ok(())
    })
}

fn pace<S>(zero: ZeroRead) -> Pace<S> {
    Pace::new(Box::new(SystemClock::new()), zero)
}

#[test]
fn each_call_goes_wrong_in_each_way() -> Result {
    let service = Service::builder().accept_access_token(CANARY).start()?;
    at_each(|at, wrong| {
        let builder = fetch::of(&service)?.timeouts(timeouts(wrong));
        read(builder, Faulty::new(Stack::new(), at, wrong), pace(ZeroRead::Closed))
    })
}

#[test]
fn each_call_goes_wrong_in_each_way_on_the_way_through_a_proxy() -> Result {
    let service = Service::builder().accept_access_token(CANARY).start()?;
    for (scheme, manner) in [("http", Manner::Opens), ("socks5", Manner::Socks("someone", "proxy-canary"))] {
        at_each(|at, wrong| {
            // Each reading has a proxy of its own: one serves so many connections, and no more.
            let proxy = tunnel::Proxy::start(service.address(), manner.clone())?;
            let url = format!("{scheme}://someone:proxy-canary@{}", proxy.address());
            let builder =
                fetch::of_name(&service)?.proxies(Proxies::all(Proxy::new(&url)?)).timeouts(timeouts(wrong));
            read(builder, Faulty::new(Stack::new(), at, wrong), pace(ZeroRead::Closed))
        })?;
    }
    Ok(())
}

#[test]
fn each_call_goes_wrong_in_each_way_where_nothing_read_is_not_yet() -> Result {
    let service = Service::builder().accept_access_token(CANARY).start()?;
    at_each(|at, wrong| {
        // A polled stack is looked at again and again: most of its calls are alike, and every third goes wrong here.
        let at = at * 3;
        let (_island, stack) = Island::new(service.address());
        let (stack, log) = Faulty::new(stack, at, wrong);
        let pace = pace(ZeroRead::NotYet)
            .with_idle(Box::new(|stack: &mut Faulty<IslandStack>| assert!(stack.inner_mut().poll().is_ok())));
        let builder = fetch::of_name(&service)?.timeouts(timeouts(wrong));
        let (read, calls) = read(builder, (stack, log), pace)?;
        Ok((read, if at < calls { usize::MAX } else { 0 }))
    })
}
