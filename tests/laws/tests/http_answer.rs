//! The answer: head and framing over good and hostile responses, each under every split.

use core::time::Duration;

use graph_call::Culprit;
use graph_call::http::framing::{self, CHUNK_EXTENSION_BYTES_MAX, TRAILER_BYTES_MAX};
use graph_call::http::head::{self, INTERIM_MAX};
use graph_call::http::{End, Error, ErrorKind, FieldName, Framing, HeadParser, Limits};
use graph_call_laws::splits;
use proptest::prelude::*;

/// What came of a response.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Answer {
    status: u16,
    content: Vec<u8>,
    is_reusable: bool,
    fields: Vec<(Vec<u8>, Vec<u8>, bool)>,
}

fn read<'p, const N: usize>(
    pieces: impl IntoIterator<Item = &'p [u8]>,
    end: End,
    limits: Limits,
) -> Result<Answer, Error> {
    let mut parser = HeadParser::<N>::with_limits(limits);
    let mut framing: Option<Framing> = None;
    let mut answer = Answer { status: 0, content: Vec::new(), is_reusable: false, fields: Vec::new() };
    for mut input in pieces {
        while framing.is_none() {
            match parser.next(&mut input)? {
                None => break,
                Some(head::Item::Status(line)) => answer.status = line.status,
                Some(head::Item::Field(line)) => {
                    answer.fields.push((line.name.to_vec(), line.value.to_vec(), line.is_cut));
                }
                Some(head::Item::End) => {
                    framing = Some(Framing::new(&parser.head().unwrap(), parser.offset(), &limits)?);
                }
            }
        }
        if let Some(framing) = &mut framing {
            while let Some(item) = framing.next(&mut input)? {
                match item {
                    framing::Item::Content(content) => {
                        assert!(!content.is_empty());
                        answer.content.extend_from_slice(content);
                    }
                    framing::Item::End => break,
                }
            }
        }
    }
    parser.finish()?;
    let framing = framing.expect("the head was complete");
    framing.finish(end)?;
    answer.is_reusable = framing.is_reusable();
    Ok(answer)
}

/// Reads a response whole, in every two pieces and byte by byte: one outcome.
fn outcome_with<const N: usize>(response: &[u8], end: End, limits: Limits) -> Result<Answer, Error> {
    let whole = read::<N>([response], end, limits);
    assert_eq!(read::<N>(splits::by_byte(response), end, limits), whole, "byte by byte");
    // A long response is cut at its beginning and end only.
    for (at, pieces) in splits::in_two(response).enumerate() {
        if at < 400 || at + 400 > response.len() {
            assert_eq!(read::<N>(pieces, end, limits), whole, "cut at {at}");
        }
    }
    whole
}

fn outcome(response: impl AsRef<[u8]>) -> Result<Answer, Error> {
    outcome_with::<512>(response.as_ref(), End::Cut, Limits::DEFAULT)
}

fn fault(response: impl AsRef<[u8]>) -> (ErrorKind, usize) {
    let response = response.as_ref();
    let error = outcome(response).expect_err(&String::from_utf8_lossy(response));
    assert!(!error.to_string().is_empty());
    (error.kind(), error.offset())
}

fn content(response: impl AsRef<[u8]>) -> (Vec<u8>, bool) {
    let response = response.as_ref();
    let answer =
        outcome(response).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(response)));
    (answer.content, answer.is_reusable)
}

fn ok_with(fields: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{fields}\r\n{body}")
}

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";

#[test]
fn content_length() {
    let good = ok_with("Content-Length: 5\r\n", "hello");
    assert_eq!(content(&good), (b"hello".to_vec(), true));
    for prefix in splits::proper_prefixes(good.as_bytes()) {
        let error = read::<512>([prefix], End::CloseNotify, Limits::DEFAULT).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Truncated, prefix.len()));
    }
    assert_eq!(content(ok_with("content-LENGTH:\t 0 \r\n", "")), (vec![], true));
    for same in
        ["Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Content-Length: 5,05\r\n"]
    {
        assert_eq!(content(ok_with(same, "hello")).0, b"hello", "{same}");
    }
    for zeros in [1, 19, 24, 300] {
        let length = format!("Content-Length: {}5\r\n", "0".repeat(zeros));
        assert_eq!(content(ok_with(&length, "hello")), (b"hello".to_vec(), true), "{zeros} zeros");
    }
    assert_eq!(content(ok_with(&format!("Content-Length: {}\r\n", "0".repeat(40)), "")).0, b"");
}

#[test]
fn surplus_is_left_and_the_connection_is_not_reused() {
    assert_eq!(content(ok_with("Content-Length: 5\r\n", "hello there")), (b"hello".to_vec(), false));
    assert_eq!(content(ok_with(CHUNKED, "5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200")), (b"hello".to_vec(), false));
}

#[test]
fn bad_content_lengths() {
    let bad = [
        "+5",
        "-5",
        "abc",
        "",
        "18446744073709551616",
        "00018446744073709551616",
        "5 5",
        "5,",
        ",5",
        "0x5",
        "5.0",
        "\u{665}",
        "5;a",
        "5\t6",
    ];
    for bad in bad {
        let fields = format!("Content-Length: {bad}\r\n");
        assert_eq!(fault(ok_with(&fields, "hello")), (ErrorKind::InvalidContentLength, 17), "{bad:?}");
    }
    let largest = ok_with("Content-Length: 9999999999999999999\r\n", "hello");
    assert_eq!(fault(&largest), (ErrorKind::Truncated, largest.len()));
    for differ in ["Content-Length: 5, 3\r\n", "Content-Length: 3, 5\r\n"] {
        assert_eq!(fault(ok_with(differ, "hello")), (ErrorKind::ContentLengthConflict, 17));
    }
    // Such lengths are told apart on no machine, since not every word can hold them.
    let large = "Content-Length: 5000000000, 5000000000\r\n";
    assert_eq!(fault(ok_with(large, "hello")), (ErrorKind::ContentLengthConflict, 17));
    let differ = "Content-Length: 5\r\nContent-Length: 3\r\n";
    assert_eq!(fault(ok_with(differ, "hello")), (ErrorKind::ContentLengthConflict, 36));
}

#[test]
fn two_framings_are_none() {
    for both in [format!("Content-Length: 5\r\n{CHUNKED}"), format!("{CHUNKED}Content-Length: 5\r\n")] {
        let response = ok_with(&both, "5\r\nhello\r\n0\r\n\r\n");
        assert_eq!(fault(response), (ErrorKind::LengthAndTransferEncoding, 17 + both.len()));
    }
}

#[test]
fn transfer_codings() {
    for good in ["chunked", "Chunked", "CHUNKED", "  chunked  "] {
        let response = ok_with(&format!("Transfer-Encoding:{good}\r\n"), "5\r\nhello\r\n0\r\n\r\n");
        assert_eq!(content(response), (b"hello".to_vec(), true));
    }
    for bad in [
        "gzip, chunked",
        "chunked, gzip",
        "xchunked",
        "chunked, chunked",
        "gzip",
        "",
        "identity",
        "chunked;q=1",
    ] {
        let response = ok_with(&format!("Transfer-Encoding: {bad}\r\n"), "5\r\nhello\r\n0\r\n\r\n");
        assert_eq!(fault(response), (ErrorKind::UnsupportedTransferCoding, 17), "{bad:?}");
    }
    let twice = ok_with(&format!("{CHUNKED}{CHUNKED}"), "0\r\n\r\n");
    assert_eq!(fault(twice), (ErrorKind::UnsupportedTransferCoding, 17 + CHUNKED.len()));
    let old = format!("HTTP/1.0 200 OK\r\n{CHUNKED}\r\n0\r\n\r\n");
    assert_eq!(fault(old), (ErrorKind::TransferEncodingInHttp10, 17 + CHUNKED.len()));
}

#[test]
fn content_codings() {
    for good in ["identity", "Identity", "  identity ", ""] {
        let response = ok_with(&format!("Content-Encoding: {good}\r\nContent-Length: 5\r\n"), "hello");
        assert_eq!(content(response), (b"hello".to_vec(), true), "{good:?}");
    }
    let padded = format!("{}gzip", " ".repeat(600));
    for bad in ["gzip", "br", "x-gzip", "identity, gzip", "gzip, identity", "identity;q=1", &padded] {
        let line = format!("content-encoding: {bad}\r\n");
        assert_eq!(fault(ok_with(&line, "")), (ErrorKind::UnsupportedContentCoding, 17), "{bad:?}");
        let mut parser = HeadParser::<512>::new();
        let refusal = format!("HTTP/1.1 401 No\r\n{line}\r\n");
        let mut input = refusal.as_bytes();
        while parser.next(&mut input).unwrap().is_some_and(|item| item != head::Item::End) {}
        let head = parser.head().unwrap();
        assert!(head.is_coded() && head.status() == 401, "{bad:?}");
    }
}

#[test]
fn chunks() {
    let good = ok_with(CHUNKED, "3\r\nhel\r\nA;name=\"va lue\"\r\nlo, world!\r\n0000\r\n\r\n");
    assert_eq!(content(&good), (b"hello, world!".to_vec(), true));
    for prefix in splits::proper_prefixes(good.as_bytes()) {
        let error = read::<512>([prefix], End::CloseNotify, Limits::DEFAULT).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Truncated, prefix.len()));
    }
    let with_trailer = ok_with(CHUNKED, "1\r\n!\r\n0\r\nExpires: never\r\nX:\r\n\r\n");
    assert_eq!(content(with_trailer), (b"!".to_vec(), true));
}

#[test]
fn bad_chunk_sizes() {
    let start = ok_with(CHUNKED, "").len();
    for (bad, at) in [
        ("+5\r\n", 0),
        (" 5\r\n", 0),
        ("5 5\r\n", 2),
        ("5\t=\r\n", 2),
        ("5 \u{b}\r\n", 2),
        ("0x5\r\n", 1),
        ("\r\n", 0),
        (";a\r\n", 0),
        ("g\r\n", 0),
        ("5\n", 1),
        ("-1\r\n", 0),
        ("1\r\n!\r\n\r\n", 6),
    ] {
        assert_eq!(fault(ok_with(CHUNKED, bad)), (ErrorKind::InvalidChunkSize, start + at), "{bad:?}");
    }
    let endless = "0".repeat(256);
    assert_eq!(fault(ok_with(CHUNKED, &endless)), (ErrorKind::InvalidChunkSize, start + 255));
    for (bad, kind, at) in [
        ("5\rx", ErrorKind::BareCr, 2),
        ("5;a\nhello", ErrorKind::BareLf, 3),
        ("5;\0\r\n", ErrorKind::ControlCharacter, 2),
        ("2\r\nhello", ErrorKind::InvalidChunkEnd, 5),
        ("2\r\nhe\rx", ErrorKind::InvalidChunkEnd, 6),
        ("2\r\nhe\n", ErrorKind::InvalidChunkEnd, 5),
        // The same on every machine, whatever its word and the limit.
        ("1\r\n!\r\nffffffffffffffff\r\n", ErrorKind::ContentTooLarge, 14),
        ("ffffffff\r\nhello", ErrorKind::Truncated, 15),
        ("1\r\n!\r\nffffffff\r\nhello", ErrorKind::Truncated, 21),
        ("ffffffffffffffff\r\nhello", ErrorKind::ContentTooLarge, 8),
        ("100000000\r\nhello", ErrorKind::ContentTooLarge, 8),
        ("5 \n", ErrorKind::InvalidChunkSize, 2),
        ("5 \0", ErrorKind::InvalidChunkSize, 2),
    ] {
        assert_eq!(fault(ok_with(CHUNKED, bad)), (kind, start + at), "{bad:?}");
    }
}

/// `chunk-ext = *( BWS ";" BWS chunk-ext-name ...`, and sizes that are padded though none follows.
#[test]
fn white_space_and_zeros_around_a_chunk_size() {
    for size in ["5 ", "5\t", "5  \t ", "5 ;x=y", "5\t;", "5 ; x = y", "000000000000000000005", "05 "] {
        let response = ok_with(CHUNKED, &format!("{size}\r\nhello\r\n0 \r\n\r\n"));
        assert_eq!(content(&response), (b"hello".to_vec(), true), "{size:?}");
    }
    let padded = |length: usize| ok_with(CHUNKED, &format!("5{}\r\nhello\r\n0\r\n\r\n", " ".repeat(length)));
    let most = usize::from(CHUNK_EXTENSION_BYTES_MAX);
    assert_eq!(content(padded(most)).0, b"hello");
    assert_eq!(fault(padded(most + 1)).0, ErrorKind::ChunkExtensionsTooLong);
}

#[test]
fn trailer_lines_are_field_lines() {
    let start = ok_with(CHUNKED, "0\r\n").len();
    for good in [
        "X: y",
        "X:",
        "x!#$%&'*+-.^_`|~1:\ty \u{fc}",
        "X: y\r\n folded",
        "X: y\r\n\tfolded\r\n again\r\nZ: :",
    ] {
        let response = ok_with(CHUNKED, &format!("1\r\n!\r\n0\r\n{good}\r\n\r\n"));
        assert_eq!(content(&response), (b"!".to_vec(), true), "{good:?}");
    }
    for (bad, at) in [
        ("bad trailer line without colon", 3),
        ("nothing", 8),
        (": y", 0),
        (" X: y", 0),
        ("X : y", 1),
        ("X: y\r\n(z): y", 6),
        ("X: y\r\nnothing", 14),
    ] {
        let response = ok_with(CHUNKED, &format!("0\r\n{bad}\r\n\r\n"));
        assert_eq!(fault(response), (ErrorKind::InvalidFieldName, start + at), "{bad:?}");
    }
}

#[test]
fn chunk_extensions_are_skipped_up_to_a_limit() {
    let most = "x".repeat(usize::from(CHUNK_EXTENSION_BYTES_MAX) - 1);
    let response = |extension: &str| ok_with(CHUNKED, &format!("1;{extension}\r\n!\r\n0\r\n\r\n"));
    assert_eq!(content(response(&most)).0, b"!");
    let start = ok_with(CHUNKED, "1;").len();
    assert_eq!(fault(response(&format!("{most}x"))), (ErrorKind::ChunkExtensionsTooLong, start + most.len()));
    // The limit is for all chunks together.
    let many = "1;xxxxxxx\r\n!\r\n".repeat(33);
    assert_eq!(fault(ok_with(CHUNKED, &many)).0, ErrorKind::ChunkExtensionsTooLong);
}

#[test]
fn trailers_are_skipped_up_to_a_limit() {
    let line = "X-Checksum: 0123456789abcdef01\r\n";
    assert_eq!(usize::from(TRAILER_BYTES_MAX) % line.len(), 0);
    let fitting = line.repeat(usize::from(TRAILER_BYTES_MAX) / line.len());
    let response = |trailer: &str| ok_with(CHUNKED, &format!("1\r\n!\r\n0\r\n{trailer}\r\n"));
    assert_eq!(content(response(&fitting)), (b"!".to_vec(), true));
    assert_eq!(fault(response(&format!("{fitting}X: y\r\n"))).0, ErrorKind::TrailerTooLong);
    assert_eq!(fault(response(&"X: y\r\n".repeat(10_000))).0, ErrorKind::TrailerTooLong);
    let start = ok_with(CHUNKED, "0\r\n").len();
    for (bad, kind, at) in [
        ("0\r\nX: \0\r\n\r\n", ErrorKind::ControlCharacter, 3),
        ("0\r\nX: y\n\r\n", ErrorKind::BareLf, 4),
        ("0\r\nX: y\rz\r\n\r\n", ErrorKind::BareCr, 5),
        ("0\r\n\n", ErrorKind::BareLf, 0),
        ("0\r\n\r!", ErrorKind::BareCr, 1),
    ] {
        assert_eq!(fault(ok_with(CHUNKED, bad)), (kind, start + at), "{bad:?}");
    }
}

#[test]
fn close_delimited_content_needs_the_peers_word() {
    let response = ok_with("", "hello");
    let answer = outcome_with::<512>(response.as_bytes(), End::CloseNotify, Limits::DEFAULT).unwrap();
    assert_eq!((answer.content.as_slice(), answer.is_reusable), (&b"hello"[..], false));
    assert_eq!(fault(&response), (ErrorKind::Truncated, response.len()));
    let empty = ok_with("", "");
    assert_eq!(fault(&empty), (ErrorKind::Truncated, empty.len()));
}

#[test]
fn statuses() {
    for bad in ["000", "099", "20", "2000", "+20", "2x0", "", "-20"] {
        let response = format!("HTTP/1.1 {bad} Hm\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(fault(response), (ErrorKind::InvalidStatus, 0), "{bad:?}");
    }
    // RFC 9110, section 15: a status of no class is read, and stands for 5xx.
    for good in [200, 404, 599, 600, 799, 999] {
        for reason in ["", " ", " Fine", " It is \u{fc}"] {
            let response = format!("HTTP/1.1 {good}{reason}\r\nContent-Length: 0\r\n\r\n");
            assert_eq!(outcome(&response).unwrap().status, good);
            assert_eq!(head_of::<512>(&response).head().unwrap().is_server_error(), good >= 500);
        }
    }
    // RFC 9110, section 2.5: a later minor version is read as the last one known.
    for minor in 1..=9 {
        let response = format!("HTTP/1.{minor} 200 OK\r\n{CHUNKED}\r\n1\r\n!\r\n0\r\n\r\n");
        assert_eq!(content(response), (b"!".to_vec(), true), "HTTP/1.{minor}");
    }
    // Of a line that is cut for want of room, the fourth digit may be missing.
    for (status, kind) in [("200", ErrorKind::InvalidStatus), ("2000", ErrorKind::InvalidStatus)] {
        let response = format!("HTTP/1.1 {status}        \r\n\r\n");
        let error = outcome_with::<12>(response.as_bytes(), End::Cut, Limits::DEFAULT).unwrap_err();
        assert_eq!(error.kind(), kind, "{status}");
    }
    for bad in [
        "\r\n",
        "HTTP/1.1\r\n",
        "HTTP/2.0 200 OK\r\n",
        "HTTP/0.9 200 OK\r\n",
        "HTTP/2 200 OK\r\n",
        "HTTP/1.x 200 OK\r\n",
        "HTTP/1.10 200 OK\r\n",
        "http/1.1 200 OK\r\n",
        " HTTP/1.1 200 OK\r\n",
        "HTTP/1.1\t200\tOK\r\n",
        "ICY 200 OK\r\n",
        "<html>\r\n",
    ] {
        assert_eq!(fault(bad), (ErrorKind::NotHttp, 0), "{bad:?}");
    }
    for bad in ["HTTP/1.1  200 OK\r\n", "HTTP/1.1 200\tOK\r\n", "HTTP/1.1 200x\r\n"] {
        assert_eq!(fault(bad), (ErrorKind::InvalidStatus, 0), "{bad:?}");
    }
}

#[test]
fn answers_without_content() {
    for status in [204, 304] {
        let head = |fields: &str| format!("HTTP/1.1 {status} No\r\n{fields}\r\n");
        assert_eq!(content(head("")), (vec![], true));
        assert_eq!(content(head("Content-Length: 0\r\n")), (vec![], true));
        assert_eq!(content(head("Content-Length: 5\r\n")), (vec![], false));
        assert_eq!(content(head("Content-Length: 5\r\n") + "hello"), (vec![], false));
        assert_eq!(content(head(CHUNKED)), (vec![], false));
    }
}

#[test]
fn interim_answers() {
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 7\r\nConnection: close\r\n\r\n";
    let last = ok_with("Content-Length: 5\r\n", "hello");
    for count in 0..=usize::from(INTERIM_MAX) {
        let answer = outcome(interim.repeat(count) + &last).unwrap();
        assert_eq!(
            (answer.status, answer.content.as_slice(), answer.is_reusable),
            (200, &b"hello"[..], true)
        );
        assert_eq!(answer.fields.len(), 1);
    }
    let endless = interim.repeat(usize::from(INTERIM_MAX) + 1);
    assert_eq!(fault(endless), (ErrorKind::TooManyInterimAnswers, interim.len() * usize::from(INTERIM_MAX)));
    assert_eq!(fault("HTTP/1.1 101 Switching\r\n\r\n"), (ErrorKind::SwitchingProtocols, 0));
    assert_eq!(fault("HTTP/1.1 100 Continue\r\n folded\r\n\r\n"), (ErrorKind::ObsFold, 23));
    let only = "HTTP/1.1 100 Continue\r\n\r\n";
    assert_eq!(fault(only), (ErrorKind::Truncated, only.len()));
}

#[test]
fn field_lines_that_are_none() {
    for (fields, kind, at) in [
        (" X: y\r\n", ErrorKind::ObsFold, 0),
        ("\tX: y\r\nX: y\r\n", ErrorKind::ObsFold, 0),
        ("X\r\n : y\r\n", ErrorKind::InvalidFieldName, 1),
        ("X: y\r\n \0\r\n", ErrorKind::ControlCharacter, 7),
        ("X: y\r\n z\n", ErrorKind::BareLf, 8),
        ("X : y\r\n", ErrorKind::InvalidFieldName, 1),
        ("Content-Length : 5\r\n", ErrorKind::InvalidFieldName, 14),
        (": y\r\n", ErrorKind::InvalidFieldName, 0),
        ("X\r\n", ErrorKind::InvalidFieldName, 1),
        ("X(y): z\r\n", ErrorKind::InvalidFieldName, 1),
        ("\u{fc}: z\r\n", ErrorKind::InvalidFieldName, 0),
        ("X: \0\r\n", ErrorKind::ControlCharacter, 3),
        ("X: \x1b[2J\r\n", ErrorKind::ControlCharacter, 3),
        ("X: \x7f\r\n", ErrorKind::ControlCharacter, 3),
        ("X: y\rz\r\n", ErrorKind::BareCr, 4),
        ("X: y\r\r\n", ErrorKind::BareCr, 4),
        ("X: y\n", ErrorKind::BareLf, 4),
    ] {
        assert_eq!(fault(ok_with(fields, "")), (kind, 17 + at), "{fields:?}");
    }
    assert_eq!(fault("HTTP/1.1 200 OK\nContent-Length: 0\n\n"), (ErrorKind::BareLf, 15));
}

/// RFC 9112, section 5.2: a fold counts as the white space that it ends with, but where it could move the end of the
/// content.
#[test]
fn folded_lines() {
    for (lines, name, value) in [
        ("X: one\r\n two\r\n", "X", "one two"),
        ("X: one\r\n\ttwo\r\n", "X", "one\ttwo"),
        ("X:\r\n one\r\n  two \r\n", "X", "one  two"),
        ("X: one \r\n \r\n", "X", "one"),
    ] {
        let answer = outcome(ok_with(&format!("{lines}Content-Length: 5\r\n"), "hello")).unwrap();
        assert_eq!(answer.fields[0], (name.into(), value.into(), false), "{lines:?}");
        assert_eq!((answer.fields.len(), answer.content.as_slice()), (2, &b"hello"[..]));
    }
    let parser =
        head_of::<512>(&ok_with("Content-Type:\r\n application/json\r\nrequest-id: a\r\n b\r\n", ""));
    assert!(parser.head().unwrap().is_json());
    assert_eq!(parser.head().unwrap().request_id(), Some("a b"));
    for lines in [
        "Content-Length: 5\r\n 0\r\n",
        "Content-Length:\r\n 5\r\n",
        "Content-Length: 5\r\n \r\n",
        "Transfer-Encoding:\r\n\tchunked\r\n",
        "Connection: keep-alive,\r\n close\r\n",
    ] {
        assert_eq!(fault(ok_with(lines, "X")), (ErrorKind::ObsFold, 17), "{lines:?}");
    }
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: a\r\n b\r\n\r\n";
    assert_eq!(content(interim.to_owned() + &ok_with("Content-Length: 1\r\n", "!")).0, b"!");
}

#[test]
fn two_types_that_differ() {
    let json = "application/json";
    for (first, second) in
        [(json, "text/html"), ("text/html", json), (json, "application/problem+json"), (json, "")]
    {
        for lines in [
            format!("Content-Type: {first}\r\nContent-Type: {second}\r\n"),
            format!("Content-Type: {first}; charset=utf-8, {second}\r\n"),
        ] {
            let (kind, _) = fault(ok_with(&lines, ""));
            assert_eq!(kind, ErrorKind::ContentTypeConflict, "{lines}");
            // A refusal is one by its status.
            let parser = head_of::<512>(&format!("HTTP/1.1 503 No\r\n{lines}Retry-After: 7\r\n\r\n"));
            let head = parser.head().unwrap();
            assert_eq!((head.content_type(), head.is_json(), head.has_json_suffix()), (None, false, false));
            assert_eq!(head.retry_after(), Some(Duration::from_secs(7)));
            assert!(head.is_omitted(FieldName::ContentType));
        }
    }
    let same = "Content-Type: application/json\r\nContent-Type: Application/JSON; charset=utf-8\r\n";
    let parser = head_of::<512>(&ok_with(same, ""));
    let head = parser.head().unwrap();
    assert!(head.is_json() && head.content_type() == Some("application/json"));
    let same = "Content-Type: text/html\r\nContent-Type: text/html\r\n";
    assert_eq!(head_of::<512>(&ok_with(same, "")).head().unwrap().content_type(), Some("text/html"));
}

#[test]
fn types_that_are_json() {
    for (media_type, is_json, has_suffix) in [
        ("application/json", true, false),
        ("application/problem+json", false, true),
        ("application/vnd.api+JSON; charset=utf-8", false, true),
        ("application/json+xml", false, false),
        ("application/problem+jsonp", false, false),
        ("json", false, false),
        ("text/html", false, false),
    ] {
        let parser = head_of::<512>(&ok_with(&format!("Content-Type: {media_type}\r\n"), ""));
        let head = parser.head().unwrap();
        assert_eq!((head.is_json(), head.has_json_suffix()), (is_json, has_suffix), "{media_type}");
    }
}

/// What stands behind the room may make it another type.
#[test]
fn a_type_that_is_cut_is_none() {
    for room in 60..140 {
        let line = format!("Content-Type: {}application/json-seq\r\n", " ".repeat(72));
        let mut parser = HeadParser::<128>::new();
        let mut input = &b"HTTP/1.1 200 OK\r\nrequest-id: "[..];
        while parser.next(&mut input).unwrap().is_some() {}
        let more = format!("{}\r\n{line}\r\n", "i".repeat(room - 59));
        let mut input = more.as_bytes();
        while parser.next(&mut input).unwrap() != Some(head::Item::End) {}
        assert!(!parser.head().unwrap().is_json(), "{room}");
    }
}

#[test]
fn a_limit_is_a_capacity() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(usize::from(INTERIM_MAX) + 1);
    for (response, kind) in [
        (interim, ErrorKind::TooManyInterimAnswers),
        (ok_with(&"X: y\r\n".repeat(65), ""), ErrorKind::TooManyFieldLines),
        (ok_with(CHUNKED, &format!("1;{}", "x".repeat(300))), ErrorKind::ChunkExtensionsTooLong),
        (ok_with(CHUNKED, &format!("0\r\n{}", "X: y\r\n".repeat(1000))), ErrorKind::TrailerTooLong),
        (ok_with(CHUNKED, "10000000000000000"), ErrorKind::ContentTooLarge),
    ] {
        let error = outcome(response).unwrap_err();
        assert_eq!((error.kind(), error.culprit()), (kind, Culprit::Capacity));
    }
}

#[test]
fn the_limits_are_these() {
    assert_eq!(Limits::default(), Limits { head_bytes: 16_384, field_lines: 64, content_bytes: usize::MAX });
    assert_eq!((INTERIM_MAX, CHUNK_EXTENSION_BYTES_MAX, TRAILER_BYTES_MAX), (8, 256, 4096));
}

#[test]
fn limits_of_a_head() {
    let value = "v".repeat(Limits::DEFAULT.head_bytes + 1);
    for endless in [ok_with(&format!("X: {value}\r\n"), ""), ok_with(&format!("{value}: x\r\n"), ""), value] {
        assert_eq!(fault(endless), (ErrorKind::HeadTooLarge, 16 * 1024));
    }
    let lines = "X: y\r\n".repeat(63);
    assert_eq!(content(ok_with(&format!("{lines}Content-Length: 1\r\n"), "!")).0, b"!");
    let one_more = ok_with(&format!("{lines}Content-Length: 1\r\nX: y\r\n"), "!");
    assert_eq!(fault(one_more), (ErrorKind::TooManyFieldLines, 17 + 63 * 6 + 19));
    let name = "N".repeat(600);
    assert_eq!(fault(ok_with(&format!("{name}: y\r\n"), "")), (ErrorKind::FieldNameTooLong, 17));

    let exactly = ok_with("Content-Length: 0\r\n", "");
    let limits = |head_bytes| Limits { head_bytes, ..Limits::DEFAULT };
    let read = |head_bytes| outcome_with::<512>(exactly.as_bytes(), End::Cut, limits(head_bytes));
    assert!(read(exactly.len()).is_ok());
    let error = read(exactly.len() - 1).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::HeadTooLarge, exactly.len() - 1));
    assert_eq!(error.culprit(), Culprit::Capacity);
}

#[test]
fn a_field_that_decides_must_fit() {
    let spaces = " ".repeat(600);
    for (name, field) in [
        ("Content-Length", FieldName::ContentLength),
        ("Transfer-Encoding", FieldName::TransferEncoding),
        ("Connection", FieldName::Connection),
    ] {
        let response = ok_with(&format!("{name}:{spaces}5\r\n"), "hello");
        assert_eq!(fault(&response), (ErrorKind::FieldTooLong(field), 17));
        let error = outcome(&response).unwrap_err();
        assert_eq!(error.culprit(), Culprit::Capacity);
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn limits_of_content() {
    let limits = Limits { content_bytes: 5, ..Limits::DEFAULT };
    let read = |response: &str| outcome_with::<512>(response.as_bytes(), End::CloseNotify, limits);
    let fault = |response: &str| {
        let error = read(response).unwrap_err();
        assert_eq!(error.culprit(), Culprit::Capacity);
        (error.kind(), error.offset())
    };
    for fitting in ["Content-Length: 5\r\n", ""] {
        assert_eq!(read(&ok_with(fitting, "hello")).unwrap().content, b"hello");
    }
    assert_eq!(read(&ok_with(CHUNKED, "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")).unwrap().content, b"hello");
    // Announced: refused before the first byte of it.
    assert_eq!(fault(&ok_with("Content-Length: 6\r\n", "")), (ErrorKind::ContentTooLarge, 38));
    assert_eq!(fault(&ok_with("", "hello!")), (ErrorKind::ContentTooLarge, 19 + 5));
    let start = ok_with(CHUNKED, "").len();
    assert_eq!(fault(&ok_with(CHUNKED, "6\r\n")), (ErrorKind::ContentTooLarge, start + 2));
    assert_eq!(fault(&ok_with(CHUNKED, "3\r\nhel\r\n3\r\n")), (ErrorKind::ContentTooLarge, start + 10));
}

#[test]
fn persistence() {
    for (version, connection, expected) in [
        ("1.1", "", true),
        ("1.1", "Connection: close\r\n", false),
        ("1.1", "Connection: Keep-Alive\r\n", true),
        ("1.1", "Connection: keep-alive, Close\r\n", false),
        ("1.1", "Connection: upgrade\r\nConnection: close\r\n", false),
        ("1.1", "Connection: closed\r\n", true),
        ("1.0", "", false),
        ("1.0", "Connection: keep-alive\r\n", true),
        ("1.0", "Connection: keep-alive, close\r\n", false),
    ] {
        let response = format!("HTTP/{version} 200 OK\r\nContent-Length: 1\r\n{connection}\r\n!");
        assert_eq!(content(response), (b"!".to_vec(), expected), "{version} {connection:?}");
    }
}

fn head_of<const N: usize>(response: &str) -> HeadParser<N> {
    let mut parser = HeadParser::<N>::new();
    let mut input = response.as_bytes();
    while parser.next(&mut input).unwrap() != Some(head::Item::End) {}
    parser
}

const DIAGNOSTIC: &str = r#"{"ServerInfo":{"DataCenter":"West Europe","Slice":"E","Ring":"5","ScaleUnit":"000","RoleInstance":"AM1PEPF0000436F"}}"#;

fn full_head(more: &str) -> String {
    format!(
        "HTTP/1.1 429 Too Many Requests\r\n\
         Cache-Control: private\r\n\
         Content-Type: Application/JSON;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8\r\n\
         Content-Length: 12\r\n\
         request-id: 11111111-1111-1111-1111-111111111111\r\n\
         client-request-id: 22222222-2222-2222-2222-222222222222\r\n\
         x-ms-ags-diagnostic: {DIAGNOSTIC}\r\n\
         Retry-After: 2.128\r\n\
         Strict-Transport-Security: max-age=31536000\r\n\
         Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
         {more}\r\n"
    )
}

#[test]
fn the_fields_of_a_real_head_fit_into_512_bytes() {
    let parser = head_of::<512>(&full_head(""));
    let head = parser.head().unwrap();
    assert_eq!(head.status(), 429);
    assert_eq!(head.content_length(), Some(12));
    assert_eq!(head.content_type(), Some("Application/JSON"));
    assert!(head.is_json() && head.is_persistent() && !head.is_chunked());
    assert_eq!(head.request_id(), Some("11111111-1111-1111-1111-111111111111"));
    assert_eq!(head.client_request_id(), Some("22222222-2222-2222-2222-222222222222"));
    assert_eq!(head.diagnostic(), Some(DIAGNOSTIC));
    assert_eq!(head.retry_after(), Some(Duration::from_millis(2128)));
    assert_eq!(head.date(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_eq!((head.location(), head.claims_challenge(), head.server()), (None, None, None));
    let proxy = head_of::<512>(&ok_with("server: nginx/1.2\r\n", ""));
    assert_eq!(proxy.head().unwrap().server(), Some("nginx/1.2"));
    assert!(!head.is_omitted(FieldName::Diagnostic));
}

#[test]
fn what_does_not_fit_is_left_out_and_marked() {
    let claims = "e".repeat(1000);
    let challenge = format!(r#"WWW-Authenticate: Bearer error="insufficient_claims", claims="{claims}""#);
    let response = full_head(&format!("{challenge}\r\nLocation: /elsewhere\r\n"));

    let large = head_of::<2048>(&response);
    assert_eq!(large.head().unwrap().claims_challenge(), Some(claims.as_str()));
    assert_eq!(large.head().unwrap().location(), Some("/elsewhere"));

    let small = head_of::<512>(&response);
    let head = small.head().unwrap();
    assert_eq!((head.bearer_challenge(), head.is_omitted(FieldName::WwwAuthenticate)), (None, true));
    assert_eq!(head.location(), Some("/elsewhere"));

    let tiny = head_of::<128>(&full_head(""));
    let head = tiny.head().unwrap();
    assert!(head.is_json(), "what decides is never left out");
    assert_eq!(head.content_length(), Some(12));
    assert_eq!((head.diagnostic(), head.is_omitted(FieldName::Diagnostic)), (None, true));
    assert_eq!((head.date(), head.is_omitted(FieldName::Date)), (None, true));
    assert_eq!((head.location(), head.is_omitted(FieldName::Location)), (None, false));
}

#[test]
fn the_first_of_equal_names_is_kept_and_only_a_bearer_challenge() {
    let more = "request-id: second\r\n\
                Content-Type: application/json\r\n\
                WWW-Authenticate: Basic realm=\"x\"\r\n\
                WWW-Authenticate: Bearer error=insufficient_claims, claims=e30\r\n\
                WWW-Authenticate: Digest\r\n";
    let parser = head_of::<1024>(&full_head(more));
    let head = parser.head().unwrap();
    assert_eq!(head.request_id(), Some("11111111-1111-1111-1111-111111111111"));
    assert_eq!(head.claims_challenge(), Some("e30"));
    assert_eq!((head.content_type(), head.is_json()), (Some("Application/JSON"), true));
}

#[test]
fn a_media_type_is_kept_without_its_parameters() {
    let long = "x".repeat(200);
    for (value, kept) in [
        ("application/json", Some("application/json")),
        ("application/json;charset=utf-8", Some("application/json")),
        (&format!("application/json; x={long}"), Some("application/json")),
        (&format!("application/json{long}"), None),
    ] {
        let parser = head_of::<128>(&ok_with(&format!("Content-Type: {value}\r\n"), ""));
        let head = parser.head().unwrap();
        assert_eq!((head.content_type(), head.is_json()), (kept, kept.is_some()), "{value}");
        assert_eq!(head.is_omitted(FieldName::ContentType), kept.is_none(), "{value}");
    }
}

#[test]
fn a_second_value_never_takes_the_place_of_the_first() {
    for second in ["second", &"x".repeat(200)] {
        let parser = head_of::<128>(&ok_with(&format!("request-id: first\r\nrequest-id: {second}\r\n"), ""));
        assert_eq!(parser.head().unwrap().request_id(), Some("first"));
    }
}

/// What is kept leaves 64 bytes for the lines after it.
#[test]
fn a_value_is_kept_up_to_the_last_byte_of_room() {
    for (length, is_kept) in [(1, true), (63, true), (64, true), (65, false)] {
        let id = "1".repeat(length);
        let parser = head_of::<128>(&ok_with(&format!("request-id: {id}\r\nContent-Length: 0\r\n"), ""));
        let head = parser.head().unwrap();
        assert_eq!(head.request_id(), is_kept.then_some(id.as_str()));
        assert_eq!((head.is_omitted(FieldName::RequestId), head.content_length()), (!is_kept, Some(0)));
    }
}

#[test]
fn every_field_line_is_shown_and_a_long_one_cut() {
    let value = "v".repeat(200);
    let response = ok_with(&format!("X-Long: {value}\r\nx-Short:  a b \t\r\nContent-Length: 0\r\n"), "");
    let answer = outcome_with::<128>(response.as_bytes(), End::Cut, Limits::DEFAULT).unwrap();
    let shown: Vec<_> =
        answer.fields.iter().map(|(name, value, cut)| (name.as_slice(), value.as_slice(), *cut)).collect();
    let expected: [(&[u8], &[u8], bool); 3] = [
        (b"X-Long", &value.as_bytes()[..120], true),
        (b"x-Short", b"a b", false),
        (b"Content-Length", b"0", false),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn a_fault_is_final() {
    let mut parser = HeadParser::<512>::new();
    let error = parser.next(&mut &b"HTTP/1.1 200 OK\n"[..]).unwrap_err();
    assert_eq!(parser.next(&mut &b"\r\n\r\n"[..]).unwrap_err(), error);
    assert_eq!(parser.finish().unwrap_err(), error);
    assert!(parser.head().is_none());
}

#[test]
fn the_end_is_final() {
    let mut parser = head_of::<512>(&ok_with("", ""));
    let mut input = &b"HTTP/1.1 404 Not Found\r\n"[..];
    let taken = parser.offset();
    assert_eq!(parser.next(&mut input), Ok(Some(head::Item::End)));
    assert_eq!((input.len(), parser.offset()), (24, taken));
    assert_eq!(parser.head().map(|head| head.status()), Some(200));
}

#[test]
fn debug_shows_no_value_but_the_ids() {
    let parser = head_of::<512>(&full_head("Location: https://secret.example\r\n"));
    let head = "Head { status: 429, content_length: Some(12), is_chunked: false, content_type: \
                Some(\"Application/JSON\"), request_id: Some(\"11111111-1111-1111-1111-111111111111\"), .. }";
    assert_eq!(format!("{:?}", parser.head().unwrap()), head);
    assert_eq!(
        format!("{parser:?}"),
        format!("HeadParser {{ offset: {}, head: Some({head}) }}", parser.offset())
    );
}

proptest! {
    #[test]
    fn any_cut_of_any_bytes_has_one_outcome(
        head in "(HTTP/1.[01] [0-9]{3} |[ -~]{0,9})([ -~]{0,9}\r?\n(Content-Length|Transfer-Encoding|Connection|X)?:?( ?)(chunked|close|[0-9]{1,3}|[ -~]{0,9})\r\n){0,3}\r\n",
        body in "(([0-9a-f]{1,2}(;[a-z]{0,3})?\r\n)?[a-z]{0,9}(\r\n)?){0,4}(0\r\n\r\n)?",
        lengths in prop::collection::vec(any::<u8>(), 1..6),
        notify in any::<bool>(),
    ) {
        let response = head + &body;
        let end = if notify { End::CloseNotify } else { End::Cut };
        let whole = read::<128>([response.as_bytes()], end, Limits::DEFAULT);
        let pieces = splits::by_lengths(response.as_bytes(), &lengths);
        prop_assert_eq!(read::<128>(pieces, end, Limits::DEFAULT), whole);
    }

    #[test]
    fn content_comes_out_as_it_went_in(
        chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 0..6),
    ) {
        let mut response = ok_with(CHUNKED, "").into_bytes();
        for chunk in &chunks {
            response.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            response.extend_from_slice(chunk);
            response.extend_from_slice(b"\r\n");
        }
        response.extend_from_slice(b"0\r\n\r\n");
        let answer = read::<512>(splits::by_byte(&response), End::Cut, Limits::DEFAULT).unwrap();
        prop_assert_eq!(answer.content, chunks.concat());
    }
}

#[test]
fn what_is_shown_of_a_field_line_is_its_name() {
    let mut input = &b"HTTP/1.1 200 OK\r\nx-canary: canary value\r\n\r\n"[..];
    let mut parser = HeadParser::<512>::new();
    let mut shown = String::new();
    while let Some(item) = parser.next(&mut input).unwrap() {
        shown += &format!("{item:?};");
        if item == head::Item::End {
            break;
        }
    }
    assert!(shown.starts_with("StatusLine { minor_version: 1, status: 200"), "{shown}");
    assert!(shown.ends_with(";FieldLine(x-canary);End;"), "{shown}");
    assert!(!format!("{parser:?}").contains("canary value"));
}
