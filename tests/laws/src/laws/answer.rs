//! Laws of whole answers.

use core::fmt;

use graph_call::Call;
use graph_call::exchange::{Exchange, ExchangeError, Reply};
use graph_call::http::End;

use super::{read_body, read_head};
use crate::http::{self, Verdict};
use crate::splits;

/// What an exchange came to.
#[derive(Clone, PartialEq)]
pub struct Answered {
    /// The call, as it is shown: empty unless the answer was one.
    pub call: Box<Call>,
    /// The status and the reply, in words.
    pub reply: Option<String>,
    /// The fault, if the answer had one before its end.
    pub fault: Option<ExchangeError>,
    /// What a connection that is cut after all this says.
    pub cut: Result<(), ExchangeError>,
    /// What a connection that is closed properly says.
    pub closed: Result<(), ExchangeError>,
}

/// A call of this size is of no use in a message.
impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, fault {:?}, cut {:?}, closed {:?}", self.reply, self.fault, self.cut, self.closed)
    }
}

/// Hands `pieces` to an exchange, one after the other.
pub fn exchange_of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Answered {
    let mut call = Box::new(Call::new());
    call.parse_into(b"{\"id\":\"before\"}").expect("a call");
    let mut exchange = Exchange::<512>::new();
    let mut fault = None;
    for piece in pieces {
        match exchange.feed(&mut *call, piece) {
            Ok(false) => {}
            Ok(true) => break,
            Err(error) => {
                let again = exchange.feed(&mut *call, b"HTTP/1.1 200 OK\r\n\r\n");
                assert_eq!(again, Err(ExchangeError::AfterError), "failed stays failed");
                assert!(*call == Call::new(), "a fault leaves the call empty");
                fault = Some(error);
                break;
            }
        }
    }
    let reply = describe(&exchange);
    let mut closing = exchange.clone();
    let mut closing_call = call.clone();
    let closed = closing.finish(&mut *closing_call, End::CloseNotify);
    let cut = exchange.finish(&mut *call, End::Cut);
    if closed.is_ok() {
        return Answered {
            call: closing_call,
            reply: reply.or_else(|| describe(&closing)),
            fault,
            cut,
            closed,
        };
    }
    assert!(*call == Call::new(), "an answer that is none leaves the call empty");
    Answered { call, reply, fault, cut, closed }
}

fn describe(exchange: &Exchange<512>) -> Option<String> {
    Some(match exchange.reply()? {
        Reply::Call => "call".into(),
        Reply::Error(refusal) => format!(
            "{} {:?} {:?} {:?}",
            refusal.head.status(),
            refusal.said,
            refusal.is_complete,
            refusal.head.retry_after(),
        ),
    })
}

/// Any bytes as an answer: the same outcome under any split; a call only if head, framing and parser, each by
/// itself, say so; no answer before its end.
pub fn exchange(answer: &[u8]) {
    let whole = exchange_of([answer]);
    for length in [1, 2, 7, 64] {
        assert_eq!(exchange_of(answer.chunks(length)), whole, "in pieces of {length}");
    }
    if answer.len() <= 64 {
        for pieces in splits::in_two(answer) {
            assert_eq!(exchange_of(pieces), whole, "cut at {}", pieces[0].len());
        }
    }
    for (end, is_closed) in [(whole.cut, false), (whole.closed, true)] {
        match http::judge(answer, is_closed) {
            Verdict::Content(content) => {
                assert_eq!(end.is_ok(), Call::parse(&content).is_ok(), "a 200 is what its content is");
            }
            Verdict::Refusal(status) => {
                // Whatever stands behind its head.
                assert_eq!(end, Ok(()), "a refusal is one by its head");
                let reply = whole.reply.as_deref().expect("a reply");
                assert!(reply.starts_with(&format!("{status} ")), "{status}, not {reply}");
            }
            Verdict::None => assert!(end.is_err(), "no answer, and {:?}", whole.reply),
            Verdict::Unknown => {}
        }
    }
    if whole.cut.is_ok() {
        assert_eq!(whole.closed, Ok(()), "what needs no end is not undone by one");
    }
    if whole.reply.as_deref() == Some("call") {
        let length = read_head::<512>([answer]).end.expect("a call has a head");
        let (head, body) = answer.split_at(length);
        let framed = read_body(head, [body]).expect("a call has a framing");
        assert_eq!(framed.closed, Ok(()), "a call has an end");
        let alone = Call::parse(&framed.content).expect("a call in itself");
        assert!(*whole.call == alone, "another call than the content alone");
        if framed.is_done {
            for prefix in
                splits::proper_prefixes(&answer[..length + framed.taken]).step_by(1 + framed.taken / 16)
            {
                let cut = exchange_of([prefix]);
                assert!(cut.closed.is_err_and(|error| error.is_truncated()), "cut at {}", prefix.len());
            }
        }
    } else if whole.closed.is_ok() {
        assert!(*whole.call == Call::new(), "a refusal leaves the call empty");
    }
}
