//! Laws of reading a call.

use core::fmt;

use graph_call::json::Fault;
use graph_call::record::{Members, Record};
use graph_call::{Call, Cell, Error, ErrorKind, HeapCall, Overflow, ParseOptions, Parser, TinyCall};
use serde::Serialize;

use crate::splits;

graph_call::capacities! {
    /// Room for whatever the generator makes up, of every kind of value.
    pub Roomy { text: 64, uri: 128, secret: 64, set: 10, list: 2, expand: 2 }
}

/// A call with room for whatever the generator makes up.
pub type RoomyCall = Call<Roomy>;

/// A record that the laws are about: a call of any capacities, or one that a program declares.
pub trait Root: Cell + Record + Members + Serialize + fmt::Debug {}

impl<R: Cell + Record + Members + Serialize + fmt::Debug> Root for R {}

/// A call or another record, or why there is none.
#[derive(PartialEq)]
pub struct Reading<R = RoomyCall> {
    /// The record; empty if it was refused.
    pub call: Box<R>,
    /// How the text ended.
    pub end: Result<(), Error>,
}

/// A call of this size is of no use in a message.
impl<R> fmt::Debug for Reading<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a call, {:?}", self.end)
    }
}

/// Reads `pieces`, one after the other.
pub fn read<'a>(options: ParseOptions, pieces: impl IntoIterator<Item = &'a [u8]>) -> Reading {
    read_as(options, pieces)
}

/// Reads `pieces` into a record of any kind.
pub fn read_as<'a, R: Root>(options: ParseOptions, pieces: impl IntoIterator<Item = &'a [u8]>) -> Reading<R> {
    let mut call = Box::new(R::EMPTY);
    let end = read_into(&mut *call, options, pieces);
    Reading { call, end }
}

/// Reads `pieces` into a call that may have held another one.
pub fn read_into<'a, R: Root>(
    call: &mut R,
    options: ParseOptions,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<(), Error> {
    Record::clear(call);
    let mut parser = Parser::with_options(options);
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

fn assert_failed<R: Root>(parser: &mut Parser, call: &mut R) {
    let empty = Box::new(R::EMPTY);
    assert!(*call == *empty, "a refused call is empty");
    for again in [parser.feed(call, b"{}"), parser.finish(call)] {
        assert_eq!(again.expect_err("a failed parser stays failed").kind(), ErrorKind::AfterError);
        assert!(*call == *empty, "a refused call is empty");
    }
}

/// The same outcome under any split that is tried here.
pub(super) fn under_any_split<R: Root>(options: ParseOptions, body: &[u8]) -> Reading<R> {
    let whole: Reading<R> = read_as(options, [body]);
    let mut call = Box::new(R::EMPTY);
    for length in [1, 2, 7, 64] {
        let end = read_into(&mut *call, options, body.chunks(length));
        assert_eq!(end, whole.end, "in pieces of {length}");
        assert!(call == whole.call, "another call, in pieces of {length}");
    }
    whole
}

/// Any bytes and any record: never a panic, the same outcome under any split and policy, and an error that can
/// be shown. Gives what is read when what is too long may be cut.
pub fn record<R: Root>(body: &[u8]) -> Reading<R> {
    let strict: Reading<R> = under_any_split(ParseOptions::new(), body);
    let cutting = under_any_split(ParseOptions::new().overflow(Overflow::Truncate), body);
    let lenient = under_any_split(ParseOptions::new().trailing_commas(true), body);
    let replacing = under_any_split(ParseOptions::new().lone_surrogates(true), body);
    if let Err(error) = strict.end {
        assert!(error.offset() <= body.len());
        assert!(error.to_string().len() < 512, "an error is a line of bounded length");
    }
    // An option only ever makes more acceptable, and changes nothing of what was acceptable before.
    match strict.end {
        Ok(()) => {
            assert_eq!(cutting, strict);
            assert_eq!(lenient, strict);
            assert_eq!(replacing, strict);
        }
        Err(error) => {
            if !matches!(error.kind(), ErrorKind::Overflow { .. }) {
                assert_eq!(cutting.end, Err(error), "cutting mends nothing but size");
            }
            if error.kind() != ErrorKind::Json(Fault::TrailingComma) {
                assert_eq!(lenient.end, Err(error), "the option mends nothing but commas");
            }
            if error.kind() != ErrorKind::Json(Fault::UnpairedSurrogate) {
                assert_eq!(replacing.end, Err(error), "the option mends nothing but halves of pairs");
            }
        }
    }
    cutting
}

/// Any bytes, read as a call: the laws of every record, and of a call of which only some members are required; a smaller
/// call takes what a larger one takes, and the heap takes it whole.
pub fn call(body: &[u8]) {
    super::required(body);
    let cutting = record::<RoomyCall>(body);
    let heap = record::<HeapCall>(body);
    if cutting.end.is_ok() {
        assert_eq!(heap.end, Ok(()), "the heap refuses what arrays take");
    }
    let strict = read(ParseOptions::new(), [body]);
    if strict.end.is_ok() {
        let whole = read_as::<HeapCall>(ParseOptions::new(), [body]);
        assert_eq!(whole.end, Ok(()), "the heap refuses what arrays take whole");
        assert_eq!(whole.call.subject.as_str(), strict.call.subject.as_str());
        assert_eq!(whole.call.targets.len(), strict.call.targets.len());
    }
    // A smaller call takes whatever a larger one takes, if it may cut.
    let mut tiny = TinyCall::empty();
    let mut parser = Parser::with_options(ParseOptions::new().overflow(Overflow::Truncate));
    let end = parser.feed(&mut tiny, body).and_then(|()| parser.finish(&mut tiny));
    if cutting.end.is_ok() {
        assert_eq!(end, Ok(()), "a tiny call refuses what a roomy one takes");
        assert_eq!(tiny.state.get(), cutting.call.state.get());
        assert_eq!(tiny.targets.total(), cutting.call.targets.total());
    }
}

/// Any bytes under the split that the first bytes choose, as a call in arrays and on the heap.
pub fn splits(data: &[u8]) {
    splits_of::<RoomyCall>(data);
    splits_of::<HeapCall>(data);
}

/// Any bytes under the split that the first bytes choose, as any record.
pub fn splits_of<R: Root>(data: &[u8]) {
    let Some((&count, rest)) = data.split_first() else { return };
    let (lengths, body) = rest.split_at(usize::from(count % 16).min(rest.len()));
    let pieces = splits::by_lengths(body, lengths);
    let options = ParseOptions::new().trailing_commas(count & 0x80 != 0).overflow(if count & 0x40 != 0 {
        Overflow::Truncate
    } else {
        Overflow::Refuse
    });
    let whole: Reading<R> = read_as(options, [body]);
    assert_eq!(read_as(options, pieces.iter().copied()), whole);
}
