//! The laws of heads and bodies over answers made up of what answers are made of, and over any bytes.

use graph_call_laws::choices::Choices;
use graph_call_laws::laws;
use proptest::prelude::*;

/// Parts of heads, sound and broken.
const HEAD: [&str; 48] = [
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.0 404 Not Found\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n",
    "HTTP/1.1 000 \r\n",
    "HTTP/1.1 204 \r\n",
    "HTTP/1.1 600 ?\r\n",
    "HTTP/2 200\r\n",
    "HTTP/1.1 200\r\n",
    "Content-Length: 5\r\n",
    "content-length:5, 5\r\n",
    "Content-Length: 3\r\n",
    "Content-Length: +5\r\n",
    "Content-Length: 18446744073709551616\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: gzip, chunked\r\n",
    "transfer-encoding:\tChunked \r\n",
    "Content-Type: application/json; charset=utf-8\r\n",
    "Content-Type: text/html\r\n",
    "Retry-After: 2.128\r\n",
    "Retry-After: 99999999999999999999\r\n",
    "Retry-After: Sun, 06 Nov 1994 08:49:40 GMT\r\n",
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
    "Connection: close\r\n",
    "Connection: keep-alive, upgrade\r\n",
    "request-id: 6d3f2a9e-0000-4000-8000-000000000000\r\n",
    "x-ms-ags-diagnostic: {\"ServerInfo\":{\"DataCenter\":\"West Europe\"}}\r\n",
    "WWW-Authenticate: Bearer error=\"insufficient_claims\", claims=\"eyJ9\"\r\n",
    "X: a\r\n b\r\n",
    " b\r\n",
    "Content-Length: 00000000000000000000000005\r\n",
    "Content-Type: application/problem+json\r\n",
    "Content-Type: application/json\r\n",
    "Server: nginx\r\n",
    "HTTP/1.7 799\r\n",
    "HTTP/1.1 2000\r\n",
    "Date: Sunday, 06-Nov-94 08:49:37 GMT\r\n",
    "X : a\r\n",
    ": a\r\n",
    "X: \u{e9}\r\n",
    "X:\r\n",
    "X: a\n",
    "X: a\r",
    "X: \0\r\n",
    "x-a-long-one: ................................................................................\r\n",
    "\r\n",
    "{}",
];

/// Parts of chunked bodies, sound and broken.
const BODY: [&str; 24] = [
    "5\r\nhello\r\n",
    "2\r\n{}\r\n",
    "0\r\n",
    "\r\n",
    "00\r\n",
    "a;x=1\r\n0123456789\r\n",
    "5",
    "\r",
    "\n",
    ";",
    "+5\r\n",
    " 5\r\n",
    "5 \r\n",
    "0x5\r\n",
    "FFFFFFFFFFFFFFFF\r\n",
    "00000000000000005\r\n",
    "X: y\r\n",
    "5 ;x\r\n",
    "0 \r\n",
    " folded\r\n",
    "no colon\r\n",
    "hello",
    "1\r\n\r\r\n",
    "\0",
];

fn parts(table: &[&str], bytes: &[u8]) -> Vec<u8> {
    let mut choices = Choices::new(bytes);
    let mut text = Vec::new();
    while !choices.rest().is_empty() {
        text.extend(choices.pick(table).bytes());
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2048) })]

    #[test]
    fn heads_obey(first in 0..2_u8, lines in proptest::collection::vec(10..46_u8, 0..8)) {
        laws::head(&[parts(&HEAD, &[first]), parts(&HEAD, &lines), b"\r\n{}".to_vec()].concat());
    }

    #[test]
    fn sound_heads_are_complete(lines in proptest::collection::vec(20..29_u8, 0..8)) {
        let answer = [parts(&HEAD, &[0]), parts(&HEAD, &lines), b"\r\n{}".to_vec()].concat();
        prop_assert_eq!(laws::read_head::<2048>([&answer[..]]).end, Ok(answer.len() - 2));
    }

    #[test]
    fn broken_heads_obey(lines in proptest::collection::vec(0..48_u8, 0..10)) {
        laws::head(&parts(&HEAD, &lines));
    }

    #[test]
    fn any_bytes_obey(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        laws::head(&bytes);
        laws::framing(&bytes);
        laws::retry_after(&bytes);
    }

    #[test]
    fn bodies_obey(kind in any::<u8>(), pieces in proptest::collection::vec(0..24_u8, 0..12)) {
        laws::framing(&[vec![kind], parts(&BODY, &pieces)].concat());
        laws::framing(&[vec![0], parts(&BODY, &pieces)].concat());
    }

    #[test]
    fn sound_chunks_are_content(pieces in proptest::collection::vec(any::<Vec<u8>>(), 0..6)) {
        let mut body = Vec::new();
        for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            body.extend(format!("{:x}\r\n", piece.len()).bytes());
            body.extend(piece);
            body.extend(b"\r\n");
        }
        body.extend(b"0\r\n\r\n");
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let framed = laws::read_body(head, [&body[..]]).expect("a head that can be framed");
        prop_assert!(framed.closed.is_ok());
        prop_assert_eq!(framed.content, pieces.concat());
        laws::framing(&[vec![0], body].concat());
    }

    #[test]
    fn waits_obey(text in "[-+.0-9 ]{0,12}|[0-9]{1,25}(\\.[0-9]{1,12})?|((Mon|Sun), [0-3][0-9] (Feb|Nov) [0-9]{4} [0-2][0-9]:[0-6][0-9]:[0-6][0-9] GMT|Monday, [0-3][0-9]-(Feb|Nov)-[0-9]{2} 0[0-9]:00:00 GMT|Sun (Feb|Nov) [ 0-3][0-9] 0[0-9]:00:00 [0-9]{4})\nSun, 06 Nov 1994 08:49:37 GMT") {
        laws::retry_after(text.as_bytes());
    }
}
