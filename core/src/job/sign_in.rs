//! The exchange with a token endpoint: the request's bytes, and the answer with a token or a refusal.
//!
//! - takes: pieces of the answer
//! - gives: whether it is complete; then the token is in its store, or what was said in the exchange
//! - keeps: a name or a short value
//! - refuses: what RFC 9112 forbids, and more than 64 KiB of content

pub(super) mod base64;
mod meaning;
mod reader;
mod request;
mod seconds;

pub(super) use meaning::meaning;
pub(super) use reader::{Found, Reader};
pub(super) use seconds::Seconds;

use super::store::Store;
use crate::exchange::Exchange;
use crate::http::framing::Item;
use crate::http::head::Seen;
use crate::http::{End, Error, Framing, Limits};

/// The most content of an answer.
const CONTENT_MAX: usize = 64 * 1024;

/// Takes a piece of the answer; true when it is complete.
///
/// The head, the framing and what is said are those of the exchange, which is free while there is no token.
pub(super) fn feed<const HEAD: usize, const TOKEN: usize, const TEXT: usize>(
    reader: &mut Reader,
    exchange: &mut Exchange<HEAD, TEXT>,
    store: &mut Store<TOKEN>,
    mut piece: &[u8],
) -> Result<bool, Error> {
    let (head_parser, framing, error) = exchange.parts();
    if head_parser.head().is_none() {
        loop {
            match head_parser.step(&mut piece)? {
                None => return Ok(false),
                Some(Seen::End) => break,
                Some(_) => {}
            }
        }
        let limits = Limits { content_bytes: CONTENT_MAX, ..head_parser.limits() };
        if let Some(head) = head_parser.head() {
            *framing = Framing::new(&head, head_parser.offset(), &limits)?;
        }
    }
    let Some(head) = head_parser.head() else { return Ok(false) };
    let is_readable = head.is_json() && !head.is_coded();
    loop {
        match framing.next(&mut piece)? {
            None => return Ok(false),
            Some(Item::End) => return Ok(true),
            Some(Item::Content(content)) if is_readable => {
                let store = if head.status() == 200 { Some(&mut *store) } else { None };
                reader.feed(store, error, content);
            }
            Some(Item::Content(_)) => {}
        }
    }
}

/// Decides, when the connection has ended, whether the answer is complete.
pub(super) fn finish<const HEAD: usize, const TEXT: usize>(
    exchange: &mut Exchange<HEAD, TEXT>,
    end: End,
) -> Result<(), Error> {
    let (head, framing, _) = exchange.parts();
    head.finish()?;
    framing.finish(end)
}
