//! What a user of the default client may rely on, whatever a peer does: each was broken once.

use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use graph_call_std::credential::ClientCredentials;
use graph_call_std::service::{
    CHANGING_CALL, CLIENT_ID, CLIENT_SECRET, End, Fault, P2P_CALL, Service, TENANT,
};
use graph_call_std::{Class, Client, ErrorKind, Reading, Retry, Stack, Timeouts, Who};
use graph_call_tests::fetch;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const UNKNOWN: &str = "57dab8b1-0000-0000-0000-000000000000";

/// Waits that a test can wait for.
const EAGER: Retry = Retry {
    retries: 3,
    first_wait: Duration::from_millis(1),
    wait_min: Duration::ZERO,
    wait_max: Duration::from_secs(2),
    jitter: Duration::from_millis(1),
};

fn once(service: &Service) -> Result<Client<Stack>, graph_call_std::Error> {
    fetch::of(service)?.build()
}

fn eager(service: &Service) -> Result<Client<Stack>, graph_call_std::Error> {
    fetch::of(service)?.retry(EAGER).build()
}

/// A page of whoever is in the way: it knows nothing of request ids.
fn proxy_page(status: &str) -> Fault {
    let page = "<html>blocked</html>";
    let answer = format!(
        "HTTP/1.1 {status} No\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    );
    Fault::Raw { pieces: vec![answer.into()], end: End::CloseNotify }
}

fn fault(name: &str) -> Result<Fault, Box<dyn std::error::Error>> {
    Ok(name.parse::<Fault>()?)
}

/// Requests without an access token: those for one.
fn sign_ins(service: &Service) -> u64 {
    let counters = service.counters();
    counters.requests - counters.with_access_token
}

#[test]
fn an_answer_belongs_to_its_request() -> Outcome {
    for name in ["unasked", "half-unasked", "other-call", "other-request"] {
        let service = Service::start()?;
        let client = once(&service)?;
        service.order(fault(name)?);
        // What is left over, or belongs to another request, is never read; one more connection serves.
        for _ in 0..3 {
            let call = client.get_call(P2P_CALL)?.call;
            assert_eq!(call.id.as_str(), Some(P2P_CALL), "{name}");
            assert_eq!(
                call.state.as_str(),
                Some("established"),
                "{name}: the unasked answer says terminated"
            );
        }
        assert_eq!(service.counters().connections, 2, "{name}");
    }
    let service = Service::start()?;
    service.order(fault("other-call")?);
    service.order(fault("other-call")?);
    let error = once(&service)?.get_call(P2P_CALL).err().ok_or("another call was believed")?;
    assert_eq!((error.kind(), error.class()), (ErrorKind::Answer, Class::Response), "{error}");
    Ok(())
}

#[test]
fn a_200_is_a_call_or_an_error() -> Outcome {
    let service = Service::start()?;
    for content in [
        r#"{"error":{"code":"8522","message":"canary"}}"#,
        r#"{"value":[{"id":"1","state":"established"}]}"#,
        r##"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users/$entity","id":"1","displayName":"canary"}"##,
        "{}",
        "[]",
        "<html>canary</html>",
    ] {
        let media_type = if content.starts_with('<') { "text/html" } else { "application/json" };
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{content}",
            content.len()
        );
        // The call of another id is asked for once more.
        for _ in 0..2 {
            let pieces = vec![answer.clone().into()];
            service.order(Fault::Raw { pieces, end: End::CloseNotify });
        }
        let client = once(&service)?;
        let error = client.get_call(P2P_CALL).err().ok_or_else(|| format!("{content}: a call"))?;
        assert_eq!((error.kind(), error.class()), (ErrorKind::Answer, Class::Response), "{content}: {error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        service.clear_orders();
        client.get_call(P2P_CALL)?;
    }
    Ok(())
}

#[test]
fn gone_is_what_the_service_says_of_a_call_that_there_was() -> Outcome {
    let service = Service::builder().reads_per_state(1).start()?;
    let client = once(&service)?;
    // Before any reading.
    let error = client.get_call(UNKNOWN).err().ok_or("fetched")?;
    assert_eq!(
        (error.kind(), error.class(), error.who()),
        (ErrorKind::NoSuchCall, Class::Gone, Who::Service)
    );
    let first = client.watch(UNKNOWN).next().ok_or("no reading")?;
    assert!(first.is_err_and(|error| error.is_no_such_call()));
    let seen = graph_call_std::Query::new(UNKNOWN).was_seen();
    assert!(matches!(client.watch(seen).next(), Some(Ok(Reading::Gone(_)))));
    // After one: only the service's own words end a watch.
    let mut watch = client.watch(CHANGING_CALL).every(Duration::ZERO);
    watch.next().ok_or("no reading")??;
    for name in ["page.404", "status.404"] {
        // An answer without the id of its request, where there was one before, is asked for once more.
        for _ in 0..2 {
            service.order(if name == "page.404" { proxy_page("404") } else { fault(name)? });
        }
        let error =
            watch.next().ok_or_else(|| format!("{name} ended the watch"))?.err().ok_or("no failure")?;
        assert_eq!(error.status(), Some(404), "{name}: {error}");
        assert_eq!(error.who(), if name == "page.404" { Who::Proxy } else { Who::Service });
        if name == "status.404" {
            // The service's word, though no word about the call: final, and a failure.
            assert!(watch.next().is_none());
            return Ok(());
        }
    }
    Ok(())
}

#[test]
fn a_wait_is_within_the_policy_or_the_answer_is_told_at_once() -> Outcome {
    let service = Service::start()?;
    let client = eager(&service)?;
    for seconds in ["3", "4294967295", "99999999999999999999"] {
        service.order(Fault::Throttled { retry_after: Some(seconds.into()) });
        let began = Instant::now();
        let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
        assert!(began.elapsed() < Duration::from_secs(1), "{seconds}");
        assert_eq!(
            (error.kind(), error.class(), error.status()),
            (ErrorKind::Throttled, Class::Throttled, Some(429))
        );
        assert!(error.retry_after() >= Some(Duration::from_secs(3)), "{seconds}: {error}");
    }
    // A watch does not sleep longer either.
    let mut watch = client.watch(P2P_CALL).every(Duration::from_secs(1));
    service.order(Fault::Throttled { retry_after: Some("4294967295".into()) });
    assert!(watch.next().ok_or("no reading")?.is_err());
    let began = Instant::now();
    watch.next().ok_or("no reading")??;
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    Ok(())
}

#[test]
fn what_passes_is_tried_again() -> Outcome {
    for name in [
        "status.500",
        "status.502",
        "status.408",
        "unavailable.0",
        "throttled.0",
        "reset-at.before-head",
        "cut-at.before-head",
        "cut-at.in-head",
    ] {
        let service = Service::start()?;
        let client = eager(&service)?;
        service.order(fault(name)?);
        client.get_call(P2P_CALL).map_err(|error| format!("{name}: {error}"))?;
        assert_eq!(service.counters().requests, 2, "{name}");
    }
    let service = Service::start()?;
    service.order(fault("cut-at.in-content")?);
    let error = eager(&service)?.get_call(P2P_CALL).err().ok_or("content was asked for twice")?;
    assert_eq!(error.kind(), ErrorKind::Cut, "{error}");
    Ok(())
}

#[test]
fn a_refusal_keeps_its_status_when_it_is_cut() -> Outcome {
    let service = Service::start()?;
    let answer = "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 77\r\n\
                  request-id: 7f\r\nContent-Length: 900\r\n\r\n{\"error\":{\"code\":\"TooMany";
    service.order(Fault::Raw { pieces: vec![answer.into()], end: End::Cut });
    let error = once(&service)?.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.status(), error.class()), (Some(429), Class::Throttled), "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(77)));
    assert!(error.refusal().is_some_and(|refusal| refusal.is_cut), "{error}");
    Ok(())
}

fn signing_in(
    service: &Service,
    secret: &str,
) -> Result<graph_call_std::ClientBuilder, graph_call_std::Error> {
    let credential = ClientCredentials::new(TENANT, CLIENT_ID, secret)?;
    Ok(fetch::at(service.address(), service.ca_pem())?.credential(credential).retry(EAGER))
}

#[test]
fn a_refused_secret_is_posted_once_and_a_login_host_in_trouble_is_asked_again() -> Outcome {
    let service = Service::start()?;
    let client = signing_in(&service, "wrong-secret")?.build()?;
    for number in 0..3 {
        let error = client.get_call(P2P_CALL).err().ok_or("signed in")?;
        assert_eq!(error.class(), Class::Auth, "{number}: {error}");
    }
    assert_eq!(sign_ins(&service), 1);
    for name in ["status.500", "throttled.0"] {
        let service = Service::start()?;
        service.order_login(fault(name)?);
        signing_in(&service, CLIENT_SECRET)?
            .build()?
            .get_call(P2P_CALL)
            .map_err(|error| format!("{name}: {error}"))?;
        assert_eq!(sign_ins(&service), 2, "{name}");
    }
    Ok(())
}

#[test]
fn a_watch_goes_on_after_a_sign_in_that_passes_and_ends_with_one_that_does_not() -> Outcome {
    let service = Service::start()?;
    let client = signing_in(&service, CLIENT_SECRET)?.build()?;
    let mut watch = client.watch(P2P_CALL).every(Duration::ZERO);
    for _ in 0..=EAGER.retries {
        service.order_login(fault("status.503")?);
    }
    let error = watch.next().ok_or("no reading")?.err().ok_or("signed in")?;
    assert_eq!((error.status(), error.kind()), (Some(503), ErrorKind::Service), "{error}");
    assert!(matches!(watch.next().ok_or("the watch ended")??, Reading::Call(_)));

    let client = signing_in(&service, "wrong-secret")?.build()?;
    let mut watch = client.watch(P2P_CALL);
    assert_eq!(watch.next().ok_or("no reading")?.err().ok_or("signed in")?.class(), Class::Auth);
    assert!(watch.next().is_none());
    Ok(())
}

#[test]
fn a_login_hosts_code_has_its_meaning_and_a_page_has_its_author() -> Outcome {
    let service = Service::start()?;
    let client = signing_in(&service, "wrong-secret")?.build()?;
    let error = client.get_call(P2P_CALL).err().ok_or("signed in")?;
    assert_eq!(error.who(), Who::LoginHost, "{error}");
    assert!(error.to_string().contains("AADSTS7000215"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("secret")), "{:?}", error.hint());
    let client = once(&service)?;
    service.order(proxy_page("403"));
    let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!(
        (error.who(), error.status(), error.class()),
        (Who::Proxy, Some(403), Class::Network),
        "{error}"
    );
    assert!(error.hint().is_some_and(|hint| hint.contains("proxy")), "{:?}", error.hint());
    Ok(())
}

#[test]
fn a_secret_that_a_peer_reflects_is_shown_nowhere() -> Outcome {
    for place in ["message", "excerpt", "id", "field"] {
        for is_login in [false, true] {
            let service = Service::start()?;
            let shown = Arc::new(Mutex::new(String::new()));
            let events = Arc::clone(&shown);
            let client = signing_in(&service, CLIENT_SECRET)?
                .on_event(move |event| {
                    if let Ok(mut shown) = events.lock() {
                        *shown += &format!("{event:?}\n");
                    }
                })
                .build()?;
            let reflect = fault(&format!("reflect.{place}"))?;
            // A 401 is answered with another token, so the service has to refuse twice.
            for _ in 0..2 {
                if is_login { service.order_login(reflect.clone()) } else { service.order(reflect.clone()) }
            }
            let error = client.get_call(P2P_CALL).err().ok_or("fetched")?;
            let text = format!("{error} {error:?} {error:#?} {:?} {client:?}", error.refusal())
                + &shown.lock().map_err(|_| "poisoned")?;
            // In the place of the request's id it makes the answer another request's.
            assert!(text.contains("401") || place == "id", "{place}: {text}");
            let tokens = service.received().into_iter().filter_map(|it| it.access_token().map(str::to_owned));
            for secret in tokens.chain([CLIENT_SECRET.to_owned()]) {
                assert!(!text.contains(&secret), "{place}, login {is_login}: {text}");
            }
        }
    }
    Ok(())
}

#[test]
fn dripping_lengthens_nothing() -> Outcome {
    let service = Service::start()?;
    let timeouts = Timeouts { answer: Duration::from_millis(300), ..fetch::QUICK };
    service.order(fault("drip.20")?);
    let began = Instant::now();
    let error = fetch::of(&service)?.timeouts(timeouts).build()?.get_call(P2P_CALL).err().ok_or("fetched")?;
    assert_eq!((error.kind(), error.limit()), (ErrorKind::Timeout, Some(timeouts.answer)), "{error}");
    assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
    Ok(())
}

#[test]
fn a_watch_goes_on_after_what_passes_and_ends_with_a_state_of_the_callers() -> Outcome {
    use graph_call::CallState;
    let service = Service::builder().reads_per_state(2).start()?;
    let client = once(&service)?;
    let states = [CallState::Established];
    let mut watch = client.watch(CHANGING_CALL).every(Duration::ZERO).until(&states);
    watch.next().ok_or("no reading")??;
    service.order(fault("status.500")?);
    assert!(watch.next().ok_or("the watch ended")?.is_err());
    let last = watch.by_ref().last().ok_or("no further reading")??;
    assert!(matches!(last, Reading::Call(fetched) if fetched.call.state == CallState::Established));
    // No interval is too long to be added to a clock.
    let mut endless = client.watch(P2P_CALL).every(Duration::MAX);
    endless.next().ok_or("no reading")??;
    assert!(client.watch(P2P_CALL).lasts(Duration::ZERO).next().is_none_or(|reading| reading.is_ok()));
    Ok(())
}

#[test]
fn a_refusal_says_which_parameter_is_wrong() -> Outcome {
    let content = r#"{"error":{"code":"BadRequest","message":"Invalid.","target":"query","details":[
        {"code":"ValueNotAllowed","target":"callId","message":"not a guid"},{"target":"$select"},{"code":"x"}]}}"#;
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{content}",
        content.len()
    );
    let service = Service::start()?;
    service.order(Fault::Raw { pieces: vec![answer.into()], end: End::KeepAlive });
    let error = once(&service)?.get_call(P2P_CALL).expect_err("refused");
    let refusal = error.refusal().ok_or("no refusal")?;
    let details = refusal.details.as_ref().ok_or("no details")?;
    assert_eq!((refusal.target.as_deref(), details.total()), (Some("query"), 3));
    let shown = error.to_string();
    assert!(
        shown
            .contains(r#"Invalid., about query (callId: ValueNotAllowed "not a guid"; $select; and 1 more)"#),
        "{shown}"
    );
    Ok(())
}
