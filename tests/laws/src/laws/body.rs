//! Laws of the framing: what of a message body is content.

use graph_call::http::framing::Item;
use graph_call::http::{End, Error, ErrorKind, Framing, HeadParser, Limits, head};

use crate::http::dechunk;
use crate::splits;

/// What became of a message body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Framed {
    /// The content.
    pub content: Vec<u8>,
    /// Whether its end was seen before the input ended.
    pub is_done: bool,
    /// How many bytes of the body were taken, up to its end or its fault.
    pub taken: usize,
    /// What a connection that is cut after all this says.
    pub cut: Result<(), Error>,
    /// What a connection that is closed properly says.
    pub closed: Result<(), Error>,
}

const LIMITS: Limits = Limits { content_bytes: 4096, ..Limits::DEFAULT };

/// Takes the framing that `head` announces off `pieces`.
pub fn read_body<'a>(head: &[u8], pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Framed, Error> {
    let mut parser = HeadParser::<512>::new();
    let mut input = head;
    while parser.next(&mut input)? != Some(head::Item::End) {}
    let start = parser.offset();
    let mut framing = Framing::new(&parser.head().expect("complete"), start, &LIMITS)?;
    let mut content = Vec::new();
    'pieces: for piece in pieces {
        let mut input = piece;
        loop {
            match framing.next(&mut input) {
                Ok(None) => {
                    assert!(input.is_empty(), "None means that the piece is used up");
                    break;
                }
                Ok(Some(Item::Content(piece))) => {
                    assert!(!piece.is_empty(), "content is never empty");
                    content.extend(piece);
                }
                Ok(Some(Item::End)) => {
                    assert!(framing.is_done());
                    break 'pieces;
                }
                Err(error) => {
                    assert_eq!(framing.next(&mut &b"0\r\n\r\n"[..]), Err(error), "failed stays failed");
                    break 'pieces;
                }
            }
        }
    }
    Ok(Framed {
        content,
        is_done: framing.is_done(),
        taken: framing.offset() - start,
        cut: framing.finish(End::Cut),
        closed: framing.finish(End::CloseNotify),
    })
}

/// Any body under each kind of framing, chosen by the first byte: the same content under any split, as an
/// independent reader finds it, and no end before the end.
pub fn framing(data: &[u8]) {
    let Some((&kind, body)) = data.split_first() else { return };
    match kind % 4 {
        0 => chunked(body),
        1 => until_close(body),
        2 => empty(body),
        _ => with_length(usize::from(kind >> 2), body),
    }
}

fn under_any_split(head: &[u8], body: &[u8]) -> Framed {
    let whole = read_body(head, [body]).expect("a head that can be framed");
    assert_eq!(read_body(head, splits::by_byte(body)).as_ref(), Ok(&whole), "byte by byte");
    for length in [2, 3, 7] {
        assert_eq!(read_body(head, body.chunks(length)).as_ref(), Ok(&whole), "in pieces of {length}");
    }
    if body.len() <= 64 {
        for pieces in splits::in_two(body) {
            assert_eq!(read_body(head, pieces).as_ref(), Ok(&whole), "cut at {}", pieces[0].len());
        }
    }
    whole
}

fn chunked(body: &[u8]) {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let framed = under_any_split(head, body);
    let reference = dechunk(body);
    match (framed.closed, &reference) {
        (Ok(()), Some((content, length))) => {
            assert_eq!((&framed.content, framed.taken), (content, *length));
        }
        (Ok(()), None) => panic!("accepted what the independent reader refuses"),
        // The independent reader reads as much as there is.
        (Err(error), Some(_)) => {
            assert!(
                matches!(error.kind(), ErrorKind::ContentTooLarge | ErrorKind::TrailerTooLong),
                "{error}"
            );
        }
        (Err(_), None) => {}
    }
    assert_eq!(framed.cut, framed.closed, "chunks end by themselves or not at all");
    if framed.is_done {
        for prefix in splits::proper_prefixes(&body[..framed.taken]).step_by(1 + framed.taken / 64) {
            let cut = read_body(head, [prefix]).expect("the same head");
            assert_eq!(cut.closed.map_err(|error| error.kind()), Err(ErrorKind::Truncated));
        }
    }
}

fn until_close(body: &[u8]) {
    let framed = under_any_split(b"HTTP/1.1 200 OK\r\n\r\n", body);
    let room = body.len().min(LIMITS.content_bytes);
    assert_eq!(framed.content, &body[..room]);
    assert!(!framed.is_done, "only the connection ends it");
    if room == body.len() {
        assert_eq!(framed.closed, Ok(()));
        assert_eq!(framed.cut.map_err(|error| error.kind()), Err(ErrorKind::Truncated));
    } else {
        assert_eq!(framed.closed.map_err(|error| error.kind()), Err(ErrorKind::ContentTooLarge));
    }
}

fn empty(body: &[u8]) {
    let framed = under_any_split(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", body);
    assert_eq!((framed.content.len(), framed.taken), (0, 0), "204 has no content, whatever it announces");
    assert_eq!(framed.cut, Ok(()));
}

fn with_length(length: usize, body: &[u8]) {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
    let framed = under_any_split(head.as_bytes(), body);
    assert_eq!(framed.content, &body[..length.min(body.len())]);
    let expected = if body.len() >= length { Ok(()) } else { Err(ErrorKind::Truncated) };
    assert_eq!(framed.closed.map_err(|error| error.kind()), expected);
    assert_eq!(framed.cut, framed.closed);
}
