//! Laws of reading a call.

use core::fmt;

use graph_call::json::Fault;
use graph_call::{Call, CallParser, Error, ErrorKind, Overflow, ParseOptions, TinyCall};

use crate::splits;

/// A call with room for whatever the generator makes up, of every kind of value.
pub type RoomyCall = Call<64, 64, 128, 64, 32, 10, 2, 2>;

/// What a refused call is.
static EMPTY: RoomyCall = RoomyCall::empty();

/// A call, or why there is none.
#[derive(PartialEq)]
pub struct Reading {
    /// The call; empty if it was refused.
    pub call: Box<RoomyCall>,
    /// How the text ended.
    pub end: Result<(), Error>,
}

/// A call of this size is of no use in a message.
impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a call, {:?}", self.end)
    }
}

/// Reads `pieces`, one after the other.
pub fn read<'a>(options: ParseOptions, pieces: impl IntoIterator<Item = &'a [u8]>) -> Reading {
    let mut call = Box::new(RoomyCall::empty());
    let end = read_into(&mut call, options, pieces);
    Reading { call, end }
}

/// Reads `pieces` into a call that may have held another one.
pub fn read_into<'a>(
    call: &mut RoomyCall,
    options: ParseOptions,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(), Error> {
    call.clear();
    let mut parser = CallParser::with_options(options);
    for piece in pieces {
        if let Err(error) = parser.feed(call, piece) {
            assert_failed(&mut parser, call);
            return Err(error);
        }
    }
    let end = parser.finish(call);
    if end.is_err() {
        assert_failed(&mut parser, call);
    }
    end
}

fn assert_failed(parser: &mut CallParser, call: &mut RoomyCall) {
    assert!(*call == EMPTY, "a refused call is empty");
    for again in [parser.feed(call, b"{}"), parser.finish(call)] {
        assert_eq!(again.expect_err("a failed parser stays failed").kind(), ErrorKind::AfterError);
        assert!(*call == EMPTY, "a refused call is empty");
    }
}

/// The same outcome under any split that is tried here.
pub(super) fn under_any_split(options: ParseOptions, body: &[u8]) -> Reading {
    let whole = read(options, [body]);
    let mut call = Box::new(RoomyCall::empty());
    for length in [1, 2, 7, 64] {
        let end = read_into(&mut call, options, body.chunks(length));
        assert_eq!(end, whole.end, "in pieces of {length}");
        assert!(call == whole.call, "another call, in pieces of {length}");
    }
    whole
}

/// Any bytes: never a panic, the same outcome under any split and policy, and an error that can be shown.
pub fn call(body: &[u8]) {
    let strict = under_any_split(ParseOptions::new(), body);
    let cutting = under_any_split(ParseOptions::new().overflow(Overflow::Truncate), body);
    let lenient = under_any_split(ParseOptions::new().trailing_commas(true), body);
    if let Err(error) = strict.end {
        assert!(error.offset() <= body.len());
        assert!(error.to_string().len() < 512, "an error is a line of bounded length");
    }
    // An option only ever makes more acceptable, and changes nothing of what was acceptable before.
    match strict.end {
        Ok(()) => {
            assert_eq!(cutting, strict);
            assert_eq!(lenient, strict);
        }
        Err(error) => {
            if !matches!(error.kind(), ErrorKind::Overflow { .. }) {
                assert_eq!(cutting.end, Err(error), "cutting mends nothing but size");
            }
            if error.kind() != ErrorKind::Json(Fault::TrailingComma) {
                assert_eq!(lenient.end, Err(error), "the option mends nothing but commas");
            }
        }
    }
    // A smaller call takes whatever a larger one takes, if it may cut.
    let mut tiny = TinyCall::empty();
    let mut parser = CallParser::with_options(ParseOptions::new().overflow(Overflow::Truncate));
    let end = parser.feed(&mut tiny, body).and_then(|()| parser.finish(&mut tiny));
    if cutting.end.is_ok() {
        assert_eq!(end, Ok(()), "a tiny call refuses what a roomy one takes");
        assert_eq!(tiny.state.get(), cutting.call.state.get());
        assert_eq!(tiny.targets.total(), cutting.call.targets.total());
    }
}

/// Any bytes under the split that the first bytes choose.
pub fn splits(data: &[u8]) {
    let Some((&count, rest)) = data.split_first() else { return };
    let (lengths, body) = rest.split_at(usize::from(count % 16).min(rest.len()));
    let pieces = splits::by_lengths(body, lengths);
    let options = ParseOptions::new().trailing_commas(count & 0x80 != 0).overflow(if count & 0x40 != 0 {
        Overflow::Truncate
    } else {
        Overflow::Refuse
    });
    assert_eq!(read(options, pieces.iter().copied()), read(options, [body]));
}
