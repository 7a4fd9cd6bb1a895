//! The exchange: whole answers, from the first byte to the verdict, under every split.

use core::error::Error as _;
use core::time::Duration;

use graph_call::exchange::{Exchange, ExchangeError, Item, REFUSAL_BYTES_MAX, Reply};
use graph_call::http::{End, ErrorKind, Limits, head};
use graph_call::{Call, Culprit, GraphError, ParseOptions};
use graph_call_laws::splits;

const P2P: &[u8] = include_bytes!("../../data/p2p.json");
const GROUP: &[u8] = include_bytes!("../../data/group.json");
const AS_PRINTED: &[u8] = include_bytes!("../../data/group.as-printed.json");
const JSON: &str = "Content-Type: application/json; charset=utf-8\r\n";

/// What an exchange came to, owned.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    verdict: Result<Verdict, ExchangeError>,
    status: Option<u16>,
    excerpt: Option<String>,
    is_reusable: bool,
    /// Of a refusal: whether its content was read to its end.
    is_complete: Option<bool>,
}

#[derive(Clone, PartialEq)]
enum Verdict {
    Call(Box<Call>),
    Error(Box<GraphError>),
}

impl core::fmt::Debug for Verdict {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Call(call) => write!(f, "Call({:?})", call.id),
            Self::Error(error) => error.fmt(f),
        }
    }
}

fn run<'p>(pieces: impl IntoIterator<Item = &'p [u8]>, end: End) -> Outcome {
    run_with(Exchange::new(), pieces, end)
}

fn run_with<'p>(
    mut exchange: Exchange<512>,
    pieces: impl IntoIterator<Item = &'p [u8]>,
    end: End,
) -> Outcome {
    let mut call = Box::new(Call::parse(P2P).unwrap());
    let feed = || {
        for piece in pieces {
            exchange.feed(&mut *call, piece)?;
        }
        exchange.finish(&mut *call, end)
    };
    let result = feed();
    let mut excerpt = None;
    let mut is_complete = None;
    let verdict = result.map(|()| match exchange.reply().expect("a reply") {
        Reply::Call => Verdict::Call(call.clone()),
        Reply::Error(refusal) => {
            assert_eq!(Some(refusal.head.status()), exchange.head().map(|head| head.status()));
            excerpt = refusal.excerpt().map(str::to_owned);
            is_complete = Some(refusal.is_complete);
            assert!(refusal.error().is_none() || excerpt.is_none(), "an excerpt is no message");
            Verdict::Error(Box::new(refusal.error().cloned().unwrap_or_default()))
        }
    });
    if !matches!(verdict, Ok(Verdict::Call(_))) {
        assert!(*call == Call::new(), "the call is empty");
    }
    if verdict.is_err() {
        assert!(exchange.reply().is_none());
        assert_eq!(exchange.feed(&mut *call, b"x"), Err(ExchangeError::AfterError));
        assert_eq!(exchange.finish(&mut *call, end), Err(ExchangeError::AfterError));
    }
    Outcome {
        verdict,
        status: exchange.head().map(|head| head.status()),
        excerpt,
        is_reusable: exchange.is_reusable(),
        is_complete,
    }
}

/// Whole, in every two pieces, byte by byte: one outcome.
fn outcome(answer: impl AsRef<[u8]>, end: End) -> Outcome {
    let answer = answer.as_ref();
    let whole = run([answer], end);
    assert_eq!(run(splits::by_byte(answer), end), whole, "byte by byte");
    let step = answer.len().div_ceil(600).max(1);
    for pieces in splits::in_two(answer).step_by(step) {
        assert_eq!(run(pieces, end), whole, "cut at {}", pieces[0].len());
    }
    whole
}

fn answer(status: &str, fields: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n", content.len());
    [head.as_bytes(), content].concat()
}

fn chunked(status: &str, fields: &str, content: &[u8], size: usize) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status}\r\n{fields}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for chunk in content.chunks(size) {
        answer.extend(format!("{:X}\r\n", chunk.len()).into_bytes());
        answer.extend(chunk);
        answer.extend(b"\r\n");
    }
    answer.extend(b"0\r\n\r\n");
    answer
}

fn until_close(status: &str, fields: &str, content: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {status}\r\n{fields}\r\n").as_bytes(), content].concat()
}

fn refused(outcome: &Outcome) -> &GraphError {
    match &outcome.verdict {
        Ok(Verdict::Error(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_comes_out_of_every_framing() {
    for content in [P2P, GROUP] {
        let call = Box::new(Call::parse(content).unwrap());
        for (answer, end, is_reusable) in [
            (answer("200 OK", JSON, content), End::Cut, true),
            (chunked("200 OK", JSON, content, 100), End::Cut, true),
            (chunked("200 OK", JSON, content, 1), End::Cut, true),
            (until_close("200 OK", JSON, content), End::CloseNotify, false),
            (answer("200 OK", &format!("{JSON}Connection: close\r\n"), content), End::Cut, false),
        ] {
            let outcome = outcome(answer, end);
            assert_eq!(outcome.verdict, Ok(Verdict::Call(call.clone())));
            assert_eq!(
                (outcome.status, outcome.is_reusable, outcome.excerpt),
                (Some(200), is_reusable, None)
            );
        }
    }
}

#[test]
fn every_prefix_is_truncated_and_leaves_no_call() {
    for answer in [answer("200 OK", JSON, P2P), chunked("200 OK", JSON, P2P, 200)] {
        for prefix in splits::proper_prefixes(&answer) {
            for end in [End::CloseNotify, End::Cut] {
                let Err(ExchangeError::Http(error)) = run([prefix], end).verdict else { panic!("accepted") };
                assert_eq!((error.kind(), error.offset()), (ErrorKind::Truncated, prefix.len()));
            }
        }
    }
}

#[test]
fn a_close_that_nobody_vouches_for_is_a_cut() {
    let whole = until_close("200 OK", JSON, P2P);
    let error = outcome(&whole, End::Cut).verdict.unwrap_err();
    assert!(error.is_truncated() && error.culprit() == Culprit::Peer);
    // With the peer's word, what is missing is missing from the content.
    let error = run([&whole[..whole.len() - 1]], End::CloseNotify).verdict.unwrap_err();
    assert!(matches!(error, ExchangeError::Content(error) if error.is_truncated()));
}

#[test]
fn a_refusal_says_status_code_and_wait() {
    let content = br#"{"error":{"innerError":{"code":"429"},"code":"TooManyRequests","message":"Later."}}"#;
    let fields = format!("{JSON}Retry-After: 10\r\nrequest-id: r\r\nclient-request-id: c\r\n");
    for answer in [answer("429 Too Many", &fields, content), chunked("429 Too Many", &fields, content, 7)] {
        let outcome = outcome(&answer, End::Cut);
        let error = refused(&outcome);
        assert_eq!((error.specific_code(), error.message.as_str()), (Some("429"), Some("Later.")));
        assert_eq!((outcome.status, outcome.is_reusable, outcome.excerpt), (Some(429), true, None));

        let mut exchange = Exchange::<512>::new();
        assert!(exchange.feed(&mut Call::new(), &answer).unwrap());
        let Some(Reply::Error(refusal)) = exchange.reply() else { panic!() };
        assert_eq!(refusal.head.retry_after(), Some(Duration::from_secs(10)));
        assert_eq!((refusal.head.request_id(), refusal.head.client_request_id()), (Some("r"), Some("c")));
    }
}

#[test]
fn a_refusal_counts_even_if_its_content_is_no_error() {
    for content in [&b"{"[..], b"", b"[]", b"\xff", br#"{"error":{"code":{}}}"#, br#"{"error":{}} x"#] {
        let outcome = outcome(answer("503 No", JSON, content), End::Cut);
        assert_eq!((refused(&outcome), outcome.status), (&GraphError::empty(), Some(503)), "{content:?}");
    }
    assert_eq!(REFUSAL_BYTES_MAX, 16_384);
}

#[test]
fn of_the_content_of_a_refusal_so_much_is_read() {
    let content =
        |padding: usize| format!(r#"{{"error":{{"code":"c","x":"{}","message":"m"}}}}"#, "x".repeat(padding));
    let most = REFUSAL_BYTES_MAX - content(0).len();
    for (padding, message) in [(most, Some("m")), (most + 2, Some("m")), (most + 3, None), (100_000, None)] {
        let outcome = outcome(answer("503 No", JSON, content(padding).as_bytes()), End::Cut);
        let error = refused(&outcome);
        assert_eq!((error.specific_code(), error.message.as_str()), (Some("c"), message), "{padding}");
        assert!(outcome.is_reusable, "the rest was passed over");
    }
}

#[test]
fn what_is_of_no_use_of_a_refusal_is_not_waited_for() {
    let start = r#"{"error":{"code":"c","x":""#;
    let full = format!("{start}{}", "x".repeat(REFUSAL_BYTES_MAX - start.len()));
    for (content, next) in [(full.as_str(), "x"), (start, "\n")] {
        let mut exchange = Exchange::<512>::new();
        let mut call = Box::new(Call::new());
        let begun = format!("HTTP/1.1 503 No\r\n{JSON}Content-Length: 1000000\r\n\r\n{content}");
        assert_eq!(exchange.feed(&mut *call, begun.as_bytes()), Ok(false));
        assert_eq!(exchange.feed(&mut *call, next.as_bytes()), Ok(true));
        let Some(Reply::Error(refusal)) = exchange.reply() else { panic!("a refusal") };
        assert_eq!(refusal.error().and_then(GraphError::specific_code), Some("c"));
        assert!(!refusal.is_complete, "and it says so");
        assert!(!exchange.is_reusable());
    }
}

#[test]
fn a_refusal_says_what_can_be_read() {
    for content in [
        r#"{"error":{"code":404,"message":{},"innerError":{"request-id":"r"}}}"#,
        r#"{"error":{"innerError":{"request-id":"r"},"code":404,"message":[1]}}"#,
        r#"{"error":{"innerError":{"request-id":"r"},"code":404,"message":"half"#,
        "{\"error\":{\"innerError\":{\"request-id\":\"r\"},\"code\":404,\"message\":\"\n\"}}",
    ] {
        let outcome = outcome(answer("404 Not Found", JSON, content.as_bytes()), End::Cut);
        let error = refused(&outcome);
        assert_eq!((error.specific_code(), error.request_id.as_str()), (Some("404"), Some("r")), "{content}");
        assert_eq!((error.message.as_str(), outcome.is_reusable), (None, true), "{content}");
    }
}

#[test]
fn content_in_a_coding_is_refused_and_a_refusal_is_not() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00";
    for media_type in [JSON, "Content-Type: text/html\r\n", ""] {
        let fields = format!("{media_type}Content-Encoding: gzip\r\n");
        let Err(ExchangeError::Http(error)) = outcome(answer("200 OK", &fields, gzip), End::Cut).verdict
        else {
            panic!("{media_type}")
        };
        assert_eq!((error.kind(), error.culprit()), (ErrorKind::UnsupportedContentCoding, Culprit::Peer));
        assert_eq!(error.offset(), 17 + media_type.len());

        let fields = format!("{fields}Retry-After: 7\r\n");
        let refusal = answer("429 Too Many", &fields, gzip);
        let outcome = outcome(&refusal, End::Cut);
        assert_eq!((refused(&outcome), outcome.status), (&GraphError::empty(), Some(429)));
        assert_eq!((outcome.excerpt, outcome.is_reusable), (None, true));

        let mut exchange = Exchange::<512>::new();
        assert!(exchange.feed(&mut Call::new(), &refusal).unwrap());
        let Some(Reply::Error(refusal)) = exchange.reply() else { panic!("{media_type}") };
        assert_eq!(refusal.head.retry_after(), Some(Duration::from_secs(7)));
    }
}

/// Whatever is missing of its content, and however long that is: a refusal is one by its head.
#[test]
fn a_refusal_that_is_cut_is_one_and_says_so() {
    let json = br#"{"error":{"code":"serviceNotAvailable","message":"Busy."}}"#;
    let page = |words: usize| format!("<html><body>{}</body></html>", "busy ".repeat(words));
    let html = "Content-Type: text/html\r\n";
    let mut whole = vec![
        answer("503 No", &format!("{JSON}Retry-After: 7\r\nrequest-id: r\r\n"), json),
        chunked("503 No", &format!("{JSON}Retry-After: 7\r\nrequest-id: r\r\n"), json, 9),
    ];
    for words in [1, 49, 50, 51, 60, 3000] {
        let fields = format!("{html}Retry-After: 7\r\nrequest-id: r\r\n");
        whole.push(answer("503 No", &fields, page(words).as_bytes()));
        whole.push(chunked("503 No", &fields, page(words).as_bytes(), 100));
        // Nobody says where it ends: so it is cut.
        whole.push(until_close("503 No", &fields, format!("{}x", page(words)).as_bytes()));
    }
    for answer in whole {
        let head = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("a head") + 4;
        for at in (head..answer.len()).filter(|at| *at < head + 300 || at % 97 == 0 || *at + 3 > answer.len())
        {
            let cut = &answer[..at];
            for end in [End::Cut, End::CloseNotify] {
                let mut exchange = Exchange::<512>::new();
                let mut call = Box::new(Call::new());
                exchange.feed(&mut *call, cut).unwrap();
                exchange.finish(&mut *call, end).unwrap();
                let Some(Reply::Error(refusal)) = exchange.reply() else { panic!("cut at {at}") };
                assert_eq!((refusal.head.status(), refusal.head.request_id()), (503, Some("r")));
                assert_eq!(refusal.head.retry_after(), Some(Duration::from_secs(7)));
                assert!(!exchange.is_reusable());
                let is_close_delimited =
                    refusal.head.content_length().is_none() && !refusal.head.is_chunked();
                if !(is_close_delimited && end == End::CloseNotify) {
                    assert!(!refusal.is_complete, "cut at {at}");
                }
            }
        }
        // A head that is cut is no answer.
        let error = run([&answer[..head - 1]], End::CloseNotify).verdict.unwrap_err();
        assert!(error.is_truncated());
    }
    // The members that came are there.
    let cut = answer("503 No", JSON, json);
    let outcome = outcome(&cut[..cut.len() - 8], End::Cut);
    assert_eq!(refused(&outcome).code.as_str(), Some("serviceNotAvailable"));
    assert_eq!((outcome.is_complete, outcome.is_reusable), (Some(false), false));
}

/// A framing that is broken ends the content as a cut does; of a call it is a fault.
#[test]
fn a_refusal_whose_framing_is_broken_is_one_and_says_so() {
    for (body, code) in [
        ("18\r\n{\"error\":{\"code\":\"c\",\"x\"5", Some("c")),
        ("18\r\n{\"error\":{\"code\":\"c\",\"x\"\r\n+5\r\n", Some("c")),
        ("\r\n", None),
        ("ffffffffffffffffffff\r\n", None),
        ("16\r\n{\"error\":{\"code\":\"c\"}}\r\n0\r\nno colon\r\n\r\n", Some("c")),
    ] {
        let chunked = |status| {
            format!("HTTP/1.1 {status}\r\n{JSON}Retry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n{body}")
        };
        let refusal = outcome(chunked("503 No"), End::CloseNotify);
        assert_eq!((refused(&refusal).code.as_str(), refusal.status), (code, Some(503)), "{body}");
        assert_eq!((refusal.is_complete, refusal.is_reusable), (Some(false), false), "{body}");
        assert!(
            matches!(outcome(chunked("200 OK"), End::CloseNotify).verdict, Err(ExchangeError::Http(_))),
            "{body}"
        );
    }
}

#[test]
fn a_refusal_says_whether_its_content_is_all_there() {
    let long = "h".repeat(257);
    let large = format!(r#"{{"error":{{"code":"c","x":"{}"}}}}"#, "x".repeat(REFUSAL_BYTES_MAX));
    for (fields, content, is_complete) in [
        (JSON, r#"{"error":{"code":"c"}}"#, true),
        (JSON, "", true),
        ("", "", true),
        ("", "hello", true),
        ("", &long[..256], true),
        ("", &long, false),
        (JSON, "<html>", false),
        (JSON, r#"{"error":{"code":"c"}"#, false),
        (JSON, &large, false),
    ] {
        let outcome = outcome(answer("503 No", fields, content.as_bytes()), End::Cut);
        assert_eq!(outcome.is_complete, Some(is_complete), "{fields}{:.40}", content);
        assert!(outcome.is_reusable);
    }
    let open = until_close("503 No", "Content-Type: text/html\r\n", b"<html>busy</html>");
    assert_eq!(outcome(&open, End::CloseNotify).is_complete, Some(true));
    assert_eq!(outcome(&open, End::Cut).is_complete, Some(false));
    assert_eq!(outcome(&open, End::Cut).excerpt.as_deref(), Some("<html>busy</html>"));
}

/// Who answered: the service in its form, another program in JSON, a page, nobody.
#[test]
fn a_refusal_says_who_answered() {
    let html = "Content-Type: text/html\r\nServer: nginx\r\n";
    let problem = "Content-Type: application/problem+json\r\n";
    for (fields, content, is_graph, is_json) in [
        (JSON, r#"{"error":{"code":"8522","message":"Call not found."}}"#, true, true),
        (JSON, r#"{"error":{"code":"ResourceNotFound","innerError":{}}}"#, true, true),
        (JSON, r#"{"error":{"code":8522}}"#, true, true),
        (JSON, &format!(r#"{{"error":{{"code":"{}"}}}}"#, "c".repeat(65)), true, true),
        (JSON, r#"{"error":"invalid_request","error_description":"x"}"#, false, true),
        (JSON, r#"{"code":"8522"}"#, false, true),
        (JSON, "<html>", false, true),
        (problem, r#"{"title":"Not found"}"#, false, true),
        (html, r#"{"error":{"code":"8522"}}"#, false, false),
        (html, "<title>404 Not Found</title>", false, false),
        ("", "", false, false),
        (JSON, "", false, false),
    ] {
        let mut exchange = Exchange::<512>::new();
        exchange.feed(&mut Call::new(), &answer("404 Not Found", fields, content.as_bytes())).unwrap();
        let Some(Reply::Error(refusal)) = exchange.reply() else { panic!("{content}") };
        assert_eq!((refusal.is_graph(), refusal.error().is_some()), (is_graph, is_json), "{fields}{content}");
        assert_eq!(refusal.head.server(), fields.contains("nginx").then_some("nginx"));
    }
}

/// RFC 9457, under any type with the suffix of RFC 6839.
#[test]
fn a_problem_is_a_message() {
    let content = br#"{"title":"Forbidden","status":403,"detail":"The gateway does not allow it"}"#;
    for media_type in
        ["application/problem+json", "application/vnd.gateway+JSON; charset=utf-8", "application/json"]
    {
        let fields = format!("Content-Type: {media_type}\r\n");
        let refusal = outcome(answer("403 Forbidden", &fields, content), End::Cut);
        let message = refused(&refusal).message.as_str();
        assert_eq!(message, Some("Forbidden: The gateway does not allow it"), "{media_type}");
        assert_eq!((refusal.excerpt, refusal.is_complete), (None, Some(true)));
        // Only what was asked for is a call: a problem may have members with names of a call's.
        let ok = outcome(answer("200 OK", &fields, br#"{"id":"1"}"#), End::Cut).verdict;
        assert_eq!(ok.is_ok(), media_type == "application/json", "{media_type}");
    }
}

#[test]
fn a_status_of_no_class_is_a_refusal() {
    for status in [600, 799, 999] {
        let outcome = outcome(answer(&status.to_string(), "", b""), End::Cut);
        assert_eq!((refused(&outcome), outcome.status), (&GraphError::empty(), Some(status)));
    }
}

#[test]
fn harmless_deviations_of_a_call_are_read() {
    let content = "{\"id\":\"c1\"}";
    for answer in [
        format!("HTTP/1.1 200\r\n{JSON}Content-Length: 11\r\n\r\n{content}"),
        format!("HTTP/1.2 200 OK\r\n{JSON}Content-Length: 11\r\n\r\n{content}"),
        format!("HTTP/1.1 200 OK\r\n{JSON}Content-Length: {}11\r\n\r\n{content}", "0".repeat(30)),
        format!("HTTP/1.1 200 OK\r\n{JSON}X-Note: one\r\n two\r\nContent-Length: 11\r\n\r\n{content}"),
        format!("HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\nb  \r\n{content}\r\n0\r\n\r\n"),
        format!(
            "HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\nb ;x=y\r\n{content}\r\n0\r\n\r\n"
        ),
    ] {
        let Ok(Verdict::Call(call)) = outcome(&answer, End::Cut).verdict else { panic!("{answer}") };
        assert_eq!(call.id.as_str(), Some("c1"), "{answer}");
    }
    for (answer, kind) in [
        (
            format!("HTTP/1.1 200 OK\r\n{JSON}Content-Type: text/html\r\n\r\n{content}"),
            ErrorKind::ContentTypeConflict,
        ),
        (
            format!(
                "HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\nb\r\n{content}\r\n0\r\nno colon\r\n\r\n"
            ),
            ErrorKind::InvalidFieldName,
        ),
    ] {
        let Err(ExchangeError::Http(error)) = outcome(&answer, End::CloseNotify).verdict else {
            panic!("{answer}")
        };
        assert_eq!((error.kind(), error.culprit()), (kind, Culprit::Peer), "{answer}");
    }
}

/// It may be somebody's call: nothing of it is kept, and nothing is waited for.
#[test]
fn of_a_200_that_is_not_json_nothing_is_kept() {
    let page = answer("200 OK", "Content-Type: text/html\r\n", b"<title>canary</title>");
    let head = page.len() - "<title>canary</title>".len();
    let mut exchange = Exchange::<512>::new();
    let mut call = Box::new(Call::new());
    assert_eq!(exchange.feed(&mut *call, &page[..head]), Err(ExchangeError::NotJson), "its head is enough");
    assert_eq!(outcome(&page, End::Cut).verdict, Err(ExchangeError::NotJson));
    let head = exchange.head().unwrap();
    assert_eq!((head.content_type(), head.content_length()), (Some("text/html"), Some(21)));
    assert!(exchange.reply().is_none() && !exchange.is_reusable());
    assert!(!format!("{exchange:?}").contains("canary"));
}

#[test]
fn content_that_is_not_json_is_kept_in_part() {
    let html = "<!DOCTYPE html>\r\n<title>Proxy \u{fc}</title>\x1b[2J";
    let seen = "<!DOCTYPE html>??<title>Proxy ??</title>?[2J";
    for fields in ["Content-Type: text/html; charset=utf-8\r\n", "Content-Type: application/jsonp\r\n", ""] {
        let ok = outcome(answer("200 OK", fields, html.as_bytes()), End::Cut);
        assert_eq!(ok.verdict, Err(ExchangeError::NotJson));
        assert_eq!((ok.status, ok.excerpt), (Some(200), None));

        let bad = outcome(chunked("502 Bad", fields, html.as_bytes(), 5), End::Cut);
        assert_eq!(refused(&bad).specific_code(), None);
        assert_eq!((bad.status, bad.excerpt.as_deref(), bad.is_reusable), (Some(502), Some(seen), true));
    }
    let long = "h".repeat(100_000);
    let answer = answer("502 Bad", "Content-Type: text/html\r\n", long.as_bytes());
    let head = answer.len() - long.len();
    let mut exchange = Exchange::<512>::new();
    let mut call = Call::new();
    assert!(!exchange.feed(&mut call, &answer[..head + 256]).unwrap());
    assert!(exchange.feed(&mut call, &answer[head + 256..head + 257]).unwrap(), "enough was seen");
    let Some(Reply::Error(refusal)) = exchange.reply() else { panic!("a refusal") };
    assert_eq!((refusal.excerpt(), refusal.is_complete), (Some(&long[..256]), false));
    assert!(!exchange.is_reusable());
    assert!(exchange.feed(&mut call, &answer[head + 257..]).unwrap());
    assert!(exchange.is_reusable(), "the rest was read after all");
}

#[test]
fn answers_without_content() {
    for status in ["204 No Content", "304 Not Modified"] {
        let outcome = outcome(until_close(status, "", b""), End::Cut);
        assert_eq!((refused(&outcome), outcome.is_reusable), (&GraphError::empty(), true));
        assert_eq!(outcome.excerpt, None);
    }
    let moved = until_close("302 Found", "Location: https://login.example/\r\nContent-Length: 0\r\n", b"");
    let mut exchange = Exchange::<512>::new();
    assert!(exchange.feed(&mut Call::new(), &moved).unwrap());
    let Some(Reply::Error(refusal)) = exchange.reply() else { panic!() };
    assert_eq!(refusal.head.location(), Some("https://login.example/"));

    assert_eq!(outcome(answer("200 OK", "", b""), End::Cut).verdict, Err(ExchangeError::NotJson));
    let empty = outcome(answer("200 OK", JSON, b""), End::Cut).verdict.unwrap_err();
    assert!(matches!(empty, ExchangeError::Content(_)) && empty.is_truncated());
}

#[test]
fn a_200_that_is_no_call() {
    for (content, offset) in [(&b"[]"[..], 0), (br#"{"state":7}"#, 9), (br#"{"id":"a""#, 9), (b"{}x", 2)] {
        let outcome = outcome(answer("200 OK", JSON, content), End::Cut);
        let Err(ExchangeError::Content(error)) = outcome.verdict else { panic!("{content:?}") };
        assert_eq!(error.offset(), offset, "{content:?}");
        assert_eq!(outcome.status, Some(200));
    }
    let long = format!(r#"{{"id":"{}"}}"#, "x".repeat(1000));
    let error = outcome(answer("200 OK", JSON, long.as_bytes()), End::Cut).verdict.unwrap_err();
    assert_eq!(error.culprit(), Culprit::Capacity);
}

#[test]
fn hostile_heads_and_framings_are_faults_of_the_exchange() {
    for (answer, kind) in [
        (&b"SSH-2.0-x\r\n"[..], ErrorKind::NotHttp),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", ErrorKind::LengthAndTransferEncoding),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}3", ErrorKind::InvalidChunkEnd),
    ] {
        let Err(ExchangeError::Http(error)) = outcome(answer, End::Cut).verdict else { panic!() };
        assert_eq!(error.kind(), kind);
    }
}

#[test]
fn an_error_says_what_is_wrong_and_hands_over_its_cause() {
    let error = |answer: &[u8]| run([answer], End::CloseNotify).verdict.unwrap_err();
    let of_http = error(b"SMTP ready\r\n");
    let of_content = error(&answer("200 OK", JSON, b"{]"));
    let not_json = error(&answer("200 OK", "", b"hello"));
    for error in [of_http, of_content, not_json, ExchangeError::AfterError] {
        assert!(!error.is_truncated(), "more bytes would not have helped: {error}");
        let cause = error.source().map(ToString::to_string);
        match error {
            ExchangeError::Http(_) | ExchangeError::Content(_) => assert_eq!(cause, Some(error.to_string())),
            _ => assert_eq!(cause, None),
        }
    }
    assert!(of_http.source().unwrap().is::<graph_call::http::Error>());
    assert!(of_content.source().unwrap().is::<graph_call::Error>());
    assert!(not_json.to_string().contains("application/json"));
    assert!(ExchangeError::AfterError.to_string().contains("reset"));
    assert_eq!(not_json.culprit(), Culprit::Peer);
    assert_eq!(ExchangeError::AfterError.culprit(), Culprit::Caller);
}

#[test]
fn limits_and_leniencies_are_the_callers() {
    let limits = Limits { content_bytes: 100, ..Limits::DEFAULT };
    let small = || Exchange::with_options(limits, ParseOptions::new());
    let Err(ExchangeError::Http(error)) =
        run_with(small(), [&answer("200 OK", JSON, P2P)[..]], End::Cut).verdict
    else {
        panic!()
    };
    assert_eq!(error.kind(), ErrorKind::ContentTooLarge);

    let printed = answer("200 OK", JSON, AS_PRINTED);
    assert!(matches!(run([&printed[..]], End::Cut).verdict, Err(ExchangeError::Content(_))));
    let lenient = Exchange::with_options(Limits::DEFAULT, ParseOptions::new().trailing_commas(true));
    assert!(matches!(run_with(lenient, [&printed[..]], End::Cut).verdict, Ok(Verdict::Call(_))));
}

#[test]
fn one_exchange_serves_again_after_a_reset() {
    let mut exchange = Exchange::<512>::new();
    let mut call = Box::new(Call::new());
    let refusal = answer("403 No", JSON, br#"{"error":{"code":"7504"}}"#);
    let broken = answer("200 OK", JSON, b"{!");
    for _ in 0..2 {
        assert!(exchange.feed(&mut *call, &answer("200 OK", JSON, P2P)).unwrap());
        assert!(matches!(exchange.reply(), Some(Reply::Call)));
        exchange.reset();
        assert!(exchange.reply().is_none() && exchange.head().is_none());
        assert!(exchange.feed(&mut *call, &refusal).unwrap());
        assert!(*call == Call::new());
        exchange.reset();
        assert!(exchange.feed(&mut *call, &broken).is_err());
        exchange.reset();
    }
}

#[test]
fn what_follows_the_answer_keeps_the_connection_from_reuse() {
    let mut both = answer("200 OK", JSON, P2P);
    both.extend(b"HTTP/1.1 200");
    let outcome = outcome(&both, End::Cut);
    assert!(matches!(outcome.verdict, Ok(Verdict::Call(_))) && !outcome.is_reusable);
}

#[test]
fn the_lines_of_the_head_can_be_watched() {
    let answer = answer("200 OK", JSON, P2P);
    let mut call = Call::new();
    let mut exchange = Exchange::<512>::new();
    let mut lines = Vec::new();
    for mut piece in answer.chunks(10) {
        while let Some(item) = exchange.next(&mut call, &mut piece).unwrap() {
            match item {
                Item::Head(head::Item::Status(line)) => lines.push(line.status.to_string()),
                Item::Head(head::Item::Field(line)) => {
                    lines.push(String::from_utf8_lossy(line.name).into_owned());
                }
                Item::Head(head::Item::End) => lines.push(String::new()),
                Item::Done => break,
            }
        }
    }
    assert_eq!(lines, ["200", "Content-Type", "Content-Length", ""]);
}

#[test]
fn an_exchange_shows_where_it_stands_and_nothing_of_the_content() {
    let mut exchange = Exchange::<512>::new();
    let mut call = Box::new(Call::new());
    let begun = answer("200 OK", JSON, br#"{"subject":"canary"}"#);
    exchange.feed(&mut *call, &begun[..begun.len() - 4]).expect("the beginning of an answer");
    let shown = format!("{exchange:?}");
    assert!(shown.starts_with("Exchange { state: Call, head: ") && !shown.contains("canary"), "{shown}");
}
