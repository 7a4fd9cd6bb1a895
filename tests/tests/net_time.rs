//! Waits and deadlines by a clock of the test's own, and the way round an address that leads nowhere.

use core::time::Duration;
use graph_call_std::credential::{Credential, FixedToken, Offer, Secret, Wanted};
use graph_call_std::service::{CHANGING_CALL, Fault, P2P_CALL, Service};
use graph_call_std::socket::{Pace, ZeroRead};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{
    AsyncClient, Class, Client, ClientBuilder, Error, ErrorKind, Phase, Reading, Retry, Stack, Timeouts,
};
use graph_call_tests::net::families::{First, TwoFamilies};
use graph_call_tests::net::script::ScriptedClock;
use std::error::Error as StdError;
use std::time::Instant;

type Outcome = Result<(), Box<dyn StdError>>;

const SECOND: Duration = Duration::from_secs(1);

fn builder(service: &Service) -> Result<ClientBuilder, Error> {
    Ok(Client::builder()
        .credential(FixedToken::new(service.access_token())?)
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?))
}

fn scripted(service: &Service, retry: Retry) -> Result<(Client<Stack>, ScriptedClock), Error> {
    let clock = ScriptedClock::default();
    let pace = Pace::new(Box::new(clock.clone()), ZeroRead::Closed);
    let client = builder(service)?.retry(retry).connect_to(service.address().to_string());
    Ok((client.build_over(Stack::new(), pace)?, clock))
}

#[test]
fn without_retry_after_the_waits_double_and_then_the_refusal_stands() -> Outcome {
    let service = Service::start()?;
    let (client, clock) = scripted(&service, Retry::DEFAULT)?;
    for _ in 0..4 {
        service.order(Fault::Throttled { retry_after: None });
    }
    let began = Instant::now();
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.status(), error.class()), (Some(429), Class::Throttled), "{error}");
    let waits = clock.take_waits();
    assert_eq!(waits.len(), 3, "{waits:?}");
    for (wait, floor) in waits.into_iter().zip([3, 6, 12]) {
        assert!(wait >= floor * SECOND && wait <= (floor + 1) * SECOND, "{wait:?}");
    }
    assert!(began.elapsed() < 10 * SECOND);
    assert!(client.get_call(P2P_CALL).is_ok());
    Ok(())
}

#[test]
fn retry_after_one_for_ever_is_not_believed_twice() -> Outcome {
    let service = Service::start()?;
    let (client, clock) = scripted(&service, Retry { jitter: Duration::ZERO, ..Retry::DEFAULT })?;
    for _ in 0..3 {
        service.order(Fault::Throttled { retry_after: Some("1".into()) });
    }
    client.get_call(P2P_CALL)?;
    assert_eq!(clock.take_waits(), [SECOND, 6 * SECOND, 12 * SECOND]);
    Ok(())
}

#[test]
fn a_wait_longer_than_what_is_left_is_not_begun() -> Outcome {
    let service = Service::start()?;
    let (client, clock) = scripted(&service, Retry { jitter: Duration::ZERO, ..Retry::DEFAULT })?;
    service.order(Fault::Unavailable { retry_after: Some("60".into()) });
    service.order(Fault::Unavailable { retry_after: Some("60".into()) });
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Throttled, Phase::Wait), "{error}");
    assert_eq!(error.retry_after(), Some(60 * SECOND));
    assert_eq!(clock.take_waits(), [60 * SECOND]);
    Ok(())
}

#[test]
fn a_watch_reads_every_five_seconds_or_so() -> Outcome {
    let service = Service::builder().reads_per_state(2).start()?;
    let (client, clock) = scripted(&service, Retry::DEFAULT)?;
    let mut readings = 0;
    for reading in client.watch(CHANGING_CALL) {
        readings += 1;
        if let Reading::Gone(refusal) = reading? {
            assert_eq!(refusal.head.status, 404);
        }
    }
    let waits = clock.take_waits();
    assert!(readings > 2);
    assert_eq!(waits.len(), readings - 1);
    assert!(waits.iter().all(|wait| (4 * SECOND..=6 * SECOND).contains(wait)), "{waits:?}");
    Ok(())
}

#[test]
fn a_watch_waits_as_long_as_the_service_asks() -> Outcome {
    let service = Service::start()?;
    let (client, clock) = scripted(&service, Retry { retries: 0, ..Retry::DEFAULT })?;
    service.order(Fault::Throttled { retry_after: Some("40".into()) });
    let mut watch = client.watch(P2P_CALL);
    let refused = watch.next().ok_or("over")?.err().ok_or("fetched")?;
    assert_eq!(refused.status(), Some(429), "{refused}");
    // A failure that may pass does not end the watch.
    assert!(matches!(watch.next(), Some(Ok(Reading::Call(_)))));
    assert_eq!(clock.take_waits(), [40 * SECOND]);
    Ok(())
}

#[test]
fn a_watch_ends_at_a_failure_that_stays() -> Outcome {
    let service = Service::start()?;
    let (client, _) = scripted(&service, Retry::DEFAULT)?;
    service.order(Fault::Forbidden);
    let mut watch = client.watch(P2P_CALL);
    assert_eq!(watch.next().ok_or("over")?.err().map(|error| error.class()), Some(Class::Auth));
    assert!(watch.next().is_none());
    Ok(())
}

/// A span of the settings.
type Setting = for<'s> fn(&'s mut Timeouts, &'s mut Retry) -> &'s mut Duration;

/// Every span that a caller may choose.
const SETTINGS: [Setting; 9] = [
    |timeouts, _| &mut timeouts.connect,
    |timeouts, _| &mut timeouts.send,
    |timeouts, _| &mut timeouts.first_byte,
    |timeouts, _| &mut timeouts.answer,
    |timeouts, _| &mut timeouts.whole,
    |_, retry| &mut retry.first_wait,
    |_, retry| &mut retry.wait_min,
    |_, retry| &mut retry.wait_max,
    |_, retry| &mut retry.jitter,
];

/// The shortest and the longest spans, and those beside the most that milliseconds can count.
const SPANS: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_nanos(1),
    Duration::from_millis(u64::MAX - 1),
    Duration::from_millis(u64::MAX),
    Duration::from_secs(u64::MAX / 1_000 + 1),
    Duration::MAX,
];

/// A token that is good for so long.
#[derive(Debug)]
struct Lives(String, Duration);

impl Credential for Lives {
    fn offer(&mut self, _: &Wanted<'_>) -> Result<Offer, Error> {
        Ok(Offer::Token { token: Secret::new(self.0.as_str()), lifetime: Some(self.1) })
    }
}

/// Two looks at a watch with such intervals, the second of which nobody waits for.
fn look_twice(client: &AsyncClient, every: Duration, lasts: Duration) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut watch = client.watch(P2P_CALL).every(every).lasts(lasts);
    runtime.block_on(async {
        for patience in [Duration::from_secs(20), Duration::from_millis(1)] {
            if let Ok(Some(Err(error))) = tokio::time::timeout(patience, watch.next()).await {
                assert!(is_of_time(&error), "{error:?}");
            }
        }
    });
    Ok(())
}

/// Whether a reading may come to this where it has no time, or may not wait.
fn is_of_time(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Throttled | ErrorKind::Service)
}

#[test]
fn no_span_is_too_short_or_too_long() -> Outcome {
    let service = Service::start()?;
    let mut read = 0;
    for (number, span) in (0..SETTINGS.len() + 4).flat_map(|number| SPANS.map(|span| (number, span))) {
        let mut timeouts = Timeouts::DEFAULT;
        let mut retry = Retry {
            first_wait: Duration::ZERO,
            wait_min: Duration::ZERO,
            jitter: Duration::ZERO,
            ..Retry::DEFAULT
        };
        if let Some(setting) = SETTINGS.get(number) {
            *setting(&mut timeouts, &mut retry) = span;
        }
        // Those that are no setting of the client.
        let of = |other: usize, or: Duration| if number == SETTINGS.len() + other { span } else { or };
        let [every, lasts] = [of(0, Duration::ZERO), of(1, Duration::MAX)];
        let lives = Lives(service.access_token(), of(2, Duration::MAX));
        let connect = of(3, Duration::from_secs(10));
        let build = |credential| {
            Ok::<_, Error>(builder(&service)?.credential(credential).timeouts(timeouts).retry(retry))
        };
        let place = service.address().to_string();
        // A refusal that passes, so that there is a wait; a second one, and the call.
        service.order(Fault::Unavailable { retry_after: None });
        service.order(Fault::Throttled { retry_after: Some("0".into()) });
        let stack = Stack::new().with_connect_timeout(connect);
        let client = build(lives)?.connect_to(place.clone()).build_over(stack, Pace::system())?;
        match client.get_call(P2P_CALL) {
            Ok(_) => read += 1,
            Err(error) => assert!(is_of_time(&error) || connect < SECOND, "{number}, {span:?}: {error:?}"),
        }
        service.clear_orders();
        let mut watch = client.watch(P2P_CALL).every(every).lasts(lasts);
        if let Some(Err(error)) = watch.next() {
            assert!(is_of_time(&error) || connect < SECOND, "{number}, {span:?}: {error:?}");
        }
        let lives = Lives(service.access_token(), of(2, Duration::MAX));
        look_twice(&build(lives)?.connect_to(place).build_async()?, every, lasts)?;
    }
    assert!(read > SPANS.len() * SETTINGS.len() / 2, "{read} were read");
    Ok(())
}

#[test]
fn the_other_address_family_is_tried_when_the_first_leads_nowhere() -> Outcome {
    let service = Service::start()?;
    let port = service.address().port();
    let timeouts = Timeouts { connect: 2 * SECOND, ..Timeouts::DEFAULT };
    let client = |first, has_second| {
        let pace = Pace::new(Box::new(graph_call_std::SystemClock::new()), ZeroRead::Closed);
        builder(&service)?
            .connect_to(format!("host.example:{port}"))
            .timeouts(timeouts)
            .build_over(TwoFamilies::new(first, has_second), pace)
    };
    for first in [First::Refuses, First::IsSilent] {
        let began = Instant::now();
        let fetched = client(first, true)?.get_call(P2P_CALL)?;
        assert_eq!(fetched.call.id.as_str(), Some(P2P_CALL));
        // Half of the time for the first address, not all of it.
        assert!(began.elapsed() < timeouts.connect + SECOND, "{first:?}");
    }
    // A stack that knows one family gives the same address again: it is not tried twice.
    let error = client(First::Refuses, false)?.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Refused, Phase::Connect), "{error}");
    assert!(error.to_string().contains("::1"), "{error}");
    Ok(())
}
