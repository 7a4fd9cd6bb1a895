//! The law of a sign-in: whatever a token endpoint answers.

use graph_call::TinyCall;
use graph_call::http::{AccessToken, End};
use graph_call::job::{Credential, Did, Plan, Policy, Step};
use serde_json::Value;

use crate::oracle::has_repeated_name;
use crate::splits;
use crate::world::{RoomySession, application, shows_secret};

/// The most that the driver receives at once.
const PIECE_LENGTH: usize = 512;

/// An answer of a token endpoint: a token or a failure, the same under any split, and the failure shows no secret; the token
/// is the one that `serde_json` sees.
pub fn sign_in(answer: &[u8]) {
    let whole = signed_in(answer.chunks(PIECE_LENGTH));
    assert_eq!(signed_in(splits::by_byte(answer)), whole, "byte by byte");
    for lengths in [[1, 7, 0], [200, 1, 33]] {
        assert_eq!(signed_in(splits::by_lengths(answer, &lengths).into_iter()), whole, "by {lengths:?}");
    }
    match whole {
        Ok(token) => {
            assert!(AccessToken::new(&token).is_ok(), "{token:?}");
            if let Some(expected) = token_by_length(answer) {
                assert_eq!(token, expected);
            }
        }
        Err(shown) => assert!(!shows_secret(&shown), "{shown}"),
    }
}

/// Signs in where the endpoint answers with these pieces, and then says that it is done.
fn signed_in<'a>(mut pieces: impl Iterator<Item = &'a [u8]>) -> Result<String, String> {
    let mut session = RoomySession::new();
    let plan =
        Plan::sign_in(Credential::Ask(application())).policy(Policy { attempts: 1, ..Policy::DEFAULT });
    let mut call = TinyCall::empty();
    let mut buffer = [0; PIECE_LENGTH];
    let mut did = Did::Dropped;
    let failure = {
        let mut job = session.start(&plan, 1);
        loop {
            did = match job.step(0, did, &mut buffer, &mut call) {
                Step::Connect { .. } => Did::Connected { kept: false },
                Step::Send { bytes, .. } => Did::Sent(bytes.len()),
                Step::Receive { .. } => match pieces.next() {
                    Some(piece) => {
                        buffer[..piece.len()].copy_from_slice(piece);
                        // A read of nothing would be an end.
                        if piece.is_empty() { Did::Nothing } else { Did::Received(piece.len()) }
                    }
                    None => Did::Ended(End::CloseNotify),
                },
                Step::Close => Did::Nothing,
                Step::Failed(failure) => {
                    let hint = failure.hint().unwrap_or_default();
                    break Some(format!("{failure} {failure:?} {hint}"));
                }
                Step::Over => break None,
                other => panic!("{other:?}"),
            };
        }
    };
    match (failure, session.token()) {
        (None, Some(token)) => Ok(token.reveal().to_owned()),
        (None, None) => panic!("over without a token"),
        (Some(shown), None) => Err(shown),
        (Some(shown), Some(_)) => panic!("a token from what failed: {shown}"),
    }
}

/// The token of an answer whose content has a length and no name twice, as another reader finds it.
fn token_by_length(answer: &[u8]) -> Option<String> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut fields);
    head.parse(answer).ok()?.is_complete().then_some(())?;
    let is = |name: &str| head.headers.iter().any(|field| field.name.eq_ignore_ascii_case(name));
    if head.code != Some(200) || is("transfer-encoding") || !is("content-length") {
        return None;
    }
    let field = head.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-length"))?;
    let length: usize = core::str::from_utf8(field.value).ok()?.trim().parse().ok()?;
    let content = answer.get(end + 4..)?.get(..length)?;
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    if has_repeated_name(content) {
        return None;
    }
    let content: Value = serde_json::from_slice(content).ok()?;
    Some(content.get("access_token")?.as_str()?.to_owned())
}
