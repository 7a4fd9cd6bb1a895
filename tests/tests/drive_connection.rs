//! The loop over connections that fragment, fail and close, blocking and awaited.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use graph_call::drive::{self, DriveError};
use graph_call::exchange::{Item, REFUSAL_BYTES_MAX};
use graph_call::http::{self, AccessToken, CallId, Cloud, End, Request, head};
use graph_call::{Call, Culprit, Exchange, ExchangeError, Reply};
use graph_call_laws::script::{Script, Step};

const P2P: &[u8] = include_bytes!("../data/p2p.json");

fn request() -> Request<'static> {
    Request::new(Cloud::Global, CallId::new("57dab8b1").unwrap(), AccessToken::new("top.secret").unwrap())
}

fn answer() -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", P2P.len());
    [head.as_bytes(), P2P].concat()
}

/// What came of a call: its status if there was a reply.
type Outcome = Result<u16, DriveError<ErrorKind>>;

fn get(connection: &mut Script, call: &mut Call, buffer: &mut [u8], end: End) -> Outcome {
    let mut exchange = Exchange::<512>::new();
    let reply = drive::get_call(connection, &request(), &mut exchange, call, buffer, end)?;
    Ok(match reply {
        Reply::Call => 200,
        Reply::Error(refusal) => refusal.head.status(),
    })
}

/// The script behind the awaited traits, pending before every step.
struct Awaited<'s>(&'s mut Script);

impl ErrorType for Awaited<'_> {
    type Error = ErrorKind;
}

async fn pending_once() {
    let mut is_ready = false;
    poll_fn(|context| {
        if core::mem::replace(&mut is_ready, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl embedded_io_async::Read for Awaited<'_> {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, ErrorKind> {
        pending_once().await;
        self.0.read(output)
    }
}

impl embedded_io_async::Write for Awaited<'_> {
    async fn write(&mut self, input: &[u8]) -> Result<usize, ErrorKind> {
        pending_once().await;
        self.0.write(input)
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        self.0.flush()
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

fn get_awaited(connection: &mut Script, call: &mut Call, buffer: &mut [u8], end: End) -> Outcome {
    let mut exchange = Exchange::<512>::new();
    let request = request();
    let mut connection = Awaited(connection);
    let future = drive::get_call_async(&mut connection, &request, &mut exchange, call, buffer, end);
    fn is_send(_: &impl Send) {}
    is_send(&future);
    Ok(match block_on(future)? {
        Reply::Call => 200,
        Reply::Error(refusal) => refusal.head.status(),
    })
}

/// Both ways have one outcome; the call they leave, too, and the bytes they send.
fn both(script: &Script, length: usize, end: End) -> (Outcome, Box<Call>, Vec<u8>) {
    let (mut call, mut connection) = (Box::new(Call::parse(P2P).unwrap()), script.clone());
    let mut buffer = vec![0; length];
    let outcome = get(&mut connection, &mut call, &mut buffer, end);
    assert!(!String::from_utf8_lossy(&buffer).contains("secret"), "the buffer was wiped");

    let (mut other, mut awaited) = (Box::new(Call::parse(P2P).unwrap()), script.clone());
    let awaited_outcome = get_awaited(&mut awaited, &mut other, &mut vec![0; length], end);
    assert_eq!(awaited_outcome, outcome);
    assert!(call == other);
    assert_eq!(awaited.written(), connection.written());
    if outcome != Ok(200) {
        assert!(*call == Call::new(), "the call is empty");
    }
    (outcome, call, connection.written().to_vec())
}

#[test]
fn any_buffer_and_any_fragments_fetch_the_call() {
    let mut sent = vec![0; request().len()];
    request().write(&mut sent).unwrap();
    let expected = Box::new(Call::parse(P2P).unwrap());
    for length in [1, 2, 16, 256, 8192] {
        for at_most in [1, 3, 1000] {
            let script = Script::sending(&answer()).reading_at_most(at_most).writing_at_most(at_most);
            let (outcome, call, written) = both(&script, length, End::Cut);
            assert_eq!(outcome, Ok(200));
            assert!(call == expected);
            assert_eq!(written, sent);
        }
    }
}

#[test]
fn a_failing_read_comes_out_wherever_it_is() {
    let answer = answer();
    for at in 0..answer.len() {
        let steps = [Step::Send(answer[..at].to_vec()), Step::Fail(ErrorKind::TimedOut)];
        let steps = steps.into_iter().filter(|step| !matches!(step, Step::Send(bytes) if bytes.is_empty()));
        let (outcome, ..) = both(&Script::new(steps), 256, End::CloseNotify);
        assert_eq!(outcome, Err(DriveError::Io(ErrorKind::TimedOut)), "after {at} bytes");
    }
}

#[test]
fn a_failing_write_comes_out_wherever_it_is() {
    for at in 0..request().len() {
        let script = Script::sending(&answer()).failing_after_write_of(at);
        let (outcome, _, written) = both(&script, 64, End::Cut);
        assert_eq!(outcome, Err(DriveError::Io(ErrorKind::ConnectionReset)));
        assert_eq!(written.len(), at);
    }
}

#[test]
fn a_connection_that_ends_early_is_truncated_at_that_byte() {
    let answer = answer();
    for at in 0..answer.len() {
        let steps = (at > 0).then(|| Step::Send(answer[..at].to_vec()));
        let (outcome, ..) = both(&Script::new(steps), 256, End::CloseNotify);
        let Err(DriveError::Exchange(ExchangeError::Http(error))) = outcome else { panic!("{outcome:?}") };
        assert_eq!((error.kind(), error.offset()), (http::ErrorKind::Truncated, at));
    }
}

#[test]
fn content_until_the_end_is_complete_by_the_peers_word_only() {
    let whole = [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", P2P].concat();
    assert_eq!(both(&Script::sending(&whole), 256, End::CloseNotify).0, Ok(200));
    let cut = both(&Script::sending(&whole), 256, End::Cut).0.unwrap_err();
    assert!(matches!(cut, DriveError::Exchange(error) if error.is_truncated()));
}

#[test]
fn a_connection_that_takes_nothing_is_not_asked_for_ever() {
    let script = Script::sending(&answer()).writing_at_most(0);
    let (outcome, _, written) = both(&script, 256, End::Cut);
    assert_eq!(outcome, Err(DriveError::WriteZero));
    assert!(written.is_empty());
}

#[test]
fn an_empty_buffer_is_refused_before_a_byte_is_sent() {
    let (outcome, _, written) = both(&Script::sending(&answer()), 0, End::Cut);
    assert_eq!(outcome, Err(DriveError::EmptyBuffer));
    assert_eq!(outcome.unwrap_err().culprit(), Culprit::Caller);
    assert!(written.is_empty());
}

#[test]
fn a_refusal_is_a_reply() {
    let refusal = b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n\
        {\"error\":{\"code\":\"8522\",\"message\":\"No such call.\"}}";
    assert_eq!(both(&Script::sending(refusal), 16, End::Cut).0, Ok(404));
    // Once enough was seen the rest is not waited for.
    let html = format!("HTTP/1.1 502 Bad\r\nContent-Length: 99999\r\n\r\n{}", "h".repeat(REFUSAL_BYTES_MAX));
    assert_eq!(both(&Script::sending(html.as_bytes()), 64, End::Cut).0, Ok(502));
}

#[test]
fn the_lines_of_the_head_are_shown() {
    let mut connection = Script::sending(&answer()).reading_at_most(7);
    let mut names = Vec::new();
    let mut observe = |item: Item<'_>| {
        if let Item::Head(head::Item::Field(line)) = item {
            names.push(String::from_utf8_lossy(line.name).into_owned());
        }
    };
    let (mut exchange, mut call) = (Exchange::<512>::new(), Call::new());
    drive::send(&mut connection, &request(), &mut [0; 64]).unwrap();
    let mut buffer = [0; 64];
    let reply =
        drive::receive(&mut connection, &mut exchange, &mut call, &mut buffer, End::Cut, &mut observe)
            .unwrap();
    assert!(matches!(reply, Reply::Call));
    assert_eq!(names, ["Content-Type", "Content-Length"]);
}

#[test]
fn an_error_says_what_failed_and_who_has_to_change() {
    let cut = both(&Script::sending(b"HTTP/1.1 200 OK\r\n"), 256, End::Cut).0.unwrap_err();
    let source = std::error::Error::source(&cut).expect("the error of the answer").to_string();
    assert_eq!((cut.culprit(), cut.to_string()), (Culprit::Peer, source));
    for (error, culprit, text) in [
        (DriveError::Io(ErrorKind::TimedOut), Culprit::Peer, "the connection failed: TimedOut"),
        (DriveError::WriteZero, Culprit::Peer, "the connection takes no more bytes"),
        (DriveError::EmptyBuffer, Culprit::Caller, "the buffer is empty"),
    ] {
        assert_eq!((error.culprit(), error.to_string().as_str()), (culprit, text));
        assert!(std::error::Error::source(&error).is_none(), "{error}");
    }
}
