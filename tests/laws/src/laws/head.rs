//! Laws of the head of an answer, and of what it says about waiting.

use core::time::Duration;

use graph_call::http::head::Item;
use graph_call::http::{Error, ErrorKind, HeadParser, date, retry_after};

use crate::{http, splits};

/// What became of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headed {
    /// The status, once the status line was given.
    pub status: Option<u16>,
    /// Names and values of the field lines.
    pub fields: Vec<(Vec<u8>, Vec<u8>)>,
    /// Whether a value was longer than the room for it.
    pub is_cut: bool,
    /// How many bytes the head has, if it is complete, or why it is not.
    pub end: Result<usize, Error>,
    /// What the whole head says of the framing, the media type and the wait.
    pub says: Option<String>,
}

/// Runs the head parser over `pieces`, one after the other.
pub fn read_head<'a, const N: usize>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Headed {
    let mut parser = HeadParser::<N>::new();
    let mut headed = Headed { status: None, fields: vec![], is_cut: false, end: Ok(0), says: None };
    for piece in pieces {
        let mut input = piece;
        loop {
            match parser.next(&mut input) {
                Ok(None) => {
                    assert!(input.is_empty(), "None means that the piece is used up");
                    break;
                }
                Ok(Some(Item::Status(line))) => headed.status = Some(line.status),
                Ok(Some(Item::Field(line))) => {
                    headed.is_cut |= line.is_cut;
                    headed.fields.push((line.name.to_vec(), line.value.to_vec()));
                }
                Ok(Some(Item::End)) => {
                    let head = parser.head().expect("complete after its end");
                    assert_eq!(parser.finish(), Ok(()));
                    headed.end = Ok(parser.offset());
                    headed.says = Some(format!(
                        "{head:?} {:?} {} {} {} {} {:?} {:?} {:?} {:?}",
                        head.retry_after(),
                        head.is_persistent(),
                        head.is_json(),
                        head.has_json_suffix(),
                        head.is_coded(),
                        head.date(),
                        head.diagnostic(),
                        head.server(),
                        head.claims_challenge(),
                    ));
                    return headed;
                }
                Err(error) => {
                    assert_eq!(parser.next(&mut &b"\r\n\r\n"[..]).err(), Some(error), "failed stays failed");
                    assert_eq!(parser.finish(), Err(error), "failed stays failed");
                    headed.end = Err(error);
                    return headed;
                }
            }
        }
    }
    headed.end = Err(parser.finish().expect_err("no end was given"));
    headed
}

/// Any bytes, under any split and in any room: the same head or the same error; and nothing that a lenient parser
/// would refuse.
pub fn head(answer: &[u8]) {
    let whole = read_head::<512>([answer]);
    assert_eq!(read_head::<512>(splits::by_byte(answer)), whole, "byte by byte");
    for length in [2, 3, 7] {
        assert_eq!(read_head::<512>(answer.chunks(length)), whole, "in pieces of {length}");
    }
    if answer.len() <= 48 {
        for pieces in splits::in_two(answer) {
            assert_eq!(read_head::<512>(pieces), whole, "cut at {}", pieces[0].len());
        }
    }
    // Little room may be a reason to refuse, never to understand otherwise.
    let small = read_head::<64>([answer]);
    if let (Ok(small_length), Ok(length)) = (small.end, whole.end) {
        assert_eq!((small_length, small.status), (length, whole.status));
    }
    match whole.end {
        Ok(length) => lenient_agrees(&answer[..length], &whole),
        Err(error) if error.kind() == ErrorKind::Truncated => assert_eq!(error.offset(), answer.len()),
        Err(error) => assert!(error.offset() < answer.len()),
    }
}

/// What is accepted here, `httparse` accepts, with the same status and the same field lines.
fn lenient_agrees(answer: &[u8], ours: &Headed) {
    // It knows two versions of HTTP/1.x, and is to read the others as the later one.
    let mut answer = answer.to_vec();
    for at in 0..answer.len().saturating_sub(8) {
        if answer[at..].starts_with(b"HTTP/1.") && (at == 0 || answer[at - 1] == b'\n') {
            answer[at + 7] = answer[at + 7].min(b'1');
        }
    }
    let mut rest = &answer[..];
    loop {
        let mut fields = [httparse::EMPTY_HEADER; 64];
        let mut theirs = httparse::Response::new(&mut fields);
        let mut lenient = httparse::ParserConfig::default();
        lenient.allow_obsolete_multiline_headers_in_responses(true);
        let status = lenient.parse_response(&mut theirs, rest).expect("httparse refuses what was accepted");
        let httparse::Status::Complete(length) = status else { panic!("httparse misses an end") };
        let code = theirs.code.expect("a status");
        if (100..200).contains(&code) {
            rest = &rest[length..];
            continue;
        }
        assert_eq!(Some(code), ours.status);
        assert_eq!(length, rest.len(), "the end of the head");
        assert_eq!(theirs.headers.len(), ours.fields.len(), "the number of field lines");
        for (theirs, (name, value)) in theirs.headers.iter().zip(&ours.fields) {
            assert_eq!(theirs.name.as_bytes(), name);
            // It leaves the line ends in.
            let unfolded: Vec<u8> =
                theirs.value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
            assert!(unfolded.trim_ascii() == value || ours.is_cut, "the value of {}", theirs.name);
        }
        return;
    }
}

/// Any value of Retry-After beside any date: no wait longer than can be added to a clock, and digits mean seconds.
pub fn retry_after(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (value, now) = text.split_once('\n').unwrap_or((&text, ""));
    let now = (!now.is_empty()).then_some(now);
    let wait = retry_after::parse(value, now);
    assert!(wait.is_none_or(|wait| wait.as_secs() <= u64::from(u32::MAX)));

    let digits = value.trim_ascii();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds =
            digits.bytes().fold(0_u128, |sum, byte| (sum * 10 + u128::from(byte - b'0')).min(1 << 40));
        assert_eq!(wait, Some(Duration::from_secs(seconds.min(u128::from(u32::MAX)) as u64)));
    } else if digits.starts_with(['-', '+', '.']) {
        assert_eq!(wait, None);
    }
    // Dates are what another reader says; of a year of two digits the time of the answer decides the century.
    assert_eq!(date::seconds(digits), http::date(digits, None), "{digits}");
    let Some(now) = now.map(str::trim_ascii) else { return };
    assert_eq!(date::seconds(now), http::date(now, None), "{now}");
    let then = |now: u64| http::date(digits, Some(now)).map(|then| then.saturating_sub(now));
    if let Some(now) = http::date(now, None) {
        assert_eq!(date::seconds_at(digits, now), http::date(digits, Some(now)), "{digits}");
        if !digits.starts_with(|first: char| first.is_ascii_digit()) {
            assert_eq!(wait.map(|wait| wait.as_secs()), then(now).map(|wait| wait.min(u64::from(u32::MAX))));
        }
    }
}
