//! A call on the heap: the same outcome as an array that is large enough, and an error where memory ends.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Mutex;

use graph_call::capacity::Heap;
use graph_call::{Call, Culprit, ErrorKind, HeapCall, List, Overflow, ParseOptions, Parser, Secret};

graph_call::capacities! {
    /// Arrays with room for all of what is read here.
    Large { id: 128, text: 512, uri: 2048, secret: 8192, word: 48, set: 10, list: 10, expand: 16 }
}

/// Refuses the request that the test names, counts what this thread holds, and looks into what is given back.
struct Watched;

thread_local! {
    /// How many requests are granted before one is refused.
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
    /// Blocks that are held, of those that this thread asked for and gave back.
    static HELD: Cell<isize> = const { Cell::new(0) };
    /// Whether blocks that are given back are searched for the secret.
    static SEARCHES: Cell<bool> = const { Cell::new(false) };
    /// Blocks that were given back with the secret in them.
    static FOUND: Cell<usize> = const { Cell::new(0) };
}

/// What a secret of these tests begins with.
const CANARY: &[u8; 8] = b"~canary~";

// SAFETY: every request is handed to the system's allocator, or refused.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let left = LEFT.with(Cell::get);
        if left == 0 {
            // One request only: the rest of the program goes on.
            LEFT.with(|left| left.set(usize::MAX));
            return core::ptr::null_mut();
        }
        if left != usize::MAX {
            LEFT.with(|cell| cell.set(left - 1));
        }
        HELD.with(|held| held.set(held.get() + 1));
        // SAFETY: as the caller says; zeros, so that all of the block may be looked at.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.with(|held| held.set(held.get() - 1));
        if SEARCHES.with(Cell::get) {
            // SAFETY: the block is as large as the caller says, and was zeroed when it was made.
            let block = unsafe { core::slice::from_raw_parts(pointer, layout.size()) };
            if block.windows(CANARY.len()).any(|window| window == CANARY) {
                FOUND.with(|found| found.set(found.get() + 1));
            }
        }
        // SAFETY: as the caller says.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watched = Watched;

const EVERY_MEMBER: &[u8] = include_bytes!("../../data/every-member.json");

fn heap(body: &[u8], options: ParseOptions) -> (HeapCall, Result<(), graph_call::Error>) {
    let mut call = HeapCall::empty();
    let end = call.parse_into_with(body, options);
    (call, end)
}

#[test]
fn every_member_is_the_same_as_in_arrays() {
    let (call, end) = heap(EVERY_MEMBER, ParseOptions::new());
    end.unwrap();
    static LARGE: Mutex<Call<Large>> = Mutex::new(Call::empty());
    let mut large = LARGE.lock().unwrap();
    large.parse_into(EVERY_MEMBER).unwrap();
    assert_eq!(format!("{call:?}"), format!("{:?}", *large));
    let json = serde_json::to_string(&call).unwrap();
    assert_eq!(json, serde_json::to_string(&*large).unwrap());
    assert_eq!(serde_json::from_str::<HeapCall>(&json).unwrap(), call);
    let mut buffer = vec![0; 64 * 1024];
    let marked = postcard::to_slice(&call, &mut buffer).unwrap();
    assert_eq!(postcard::from_bytes::<HeapCall>(marked).unwrap(), call);
    assert_eq!(call.clone(), call);
}

#[test]
fn every_split_is_the_same() {
    let (whole, end) = heap(EVERY_MEMBER, ParseOptions::new());
    end.unwrap();
    let mut call = HeapCall::empty();
    for size in 1..80 {
        let mut parser = Parser::new();
        for piece in EVERY_MEMBER.chunks(size) {
            parser.feed(&mut call, piece).unwrap();
        }
        parser.finish(&mut call).unwrap();
        assert_eq!(call, whole, "{size}");
    }
}

#[test]
fn a_used_call_is_empty_again() {
    let (mut call, end) = heap(EVERY_MEMBER, ParseOptions::new());
    end.unwrap();
    assert!(call.parse_into(br#"{"id":"#).is_err());
    assert_eq!(call, Call::<Heap>::empty());
    call.parse_into(br#"{"targets":[{}]}"#).unwrap();
    assert_eq!(serde_json::to_string(&call).unwrap(), r#"{"targets":[{}]}"#);
}

/// Reads a body in pieces while request `n` of this thread is refused; gives whether there was such a request.
fn read_without_request(
    call: &mut HeapCall,
    parser: &mut Parser,
    body: &[u8],
    size: usize,
    n: usize,
) -> (bool, Result<(), graph_call::Error>) {
    LEFT.with(|left| left.set(n));
    let mut end = Ok(());
    for piece in body.chunks(size) {
        end = end.and_then(|()| parser.feed(call, piece));
    }
    end = end.and_then(|()| parser.finish(call));
    let was_refused = LEFT.with(|left| left.replace(usize::MAX)) == usize::MAX;
    (was_refused, end)
}

/// Whichever request is refused, there is an error of capacity and an empty call, nothing is lost, and what is
/// read next into the same call is as if nothing had been.
#[test]
fn whichever_request_is_refused_it_is_an_error_of_capacity() {
    let documents: [(&[u8], usize); 4] = [
        (EVERY_MEMBER, 60),
        (include_bytes!("../../data/group.json"), 10),
        (include_bytes!("../../data/p2p.json"), 10),
        (include_bytes!("../../data/escapes.json"), 3),
    ];
    for (body, least) in documents {
        let (whole, end) = heap(body, ParseOptions::new());
        end.unwrap();
        for size in [body.len(), 64, 1] {
            let mut refusals = 0;
            loop {
                let held = HELD.with(Cell::get);
                {
                    let mut call = HeapCall::empty();
                    let mut parser = Parser::new();
                    let (was_refused, end) =
                        read_without_request(&mut call, &mut parser, body, size, refusals);
                    if !was_refused {
                        end.unwrap();
                        assert!(call == whole);
                        break;
                    }
                    // A text that grows asks for less when it cannot have twice the room: then nothing fails.
                    if let Err(error) = end {
                        assert_eq!(error.culprit(), Culprit::Capacity, "{refusals}: {error}");
                        assert!(matches!(error.kind(), ErrorKind::Overflow { capacity: 1.., .. }));
                        assert!(call == HeapCall::empty());
                    } else {
                        assert!(call == whole);
                    }
                    call.parse_into(body).unwrap();
                    assert!(call == whole, "a second try, after request {refusals}");

                    let mut call = HeapCall::empty();
                    let mut parser = Parser::with_options(ParseOptions::new().overflow(Overflow::Truncate));
                    let (_, end) = read_without_request(&mut call, &mut parser, body, size, refusals);
                    end.unwrap();
                }
                assert_eq!(HELD.with(Cell::get), held, "blocks are lost, request {refusals}");
                refusals += 1;
            }
            assert!(refusals >= least, "{refusals} requests are too few to have tried");
        }
    }
}

graph_call::record! {
    /// A secret inside the elements themselves, which a list that grows has to move.
    struct Keys<> = "keys" {
        "keys" => keys: List<Vec<Key>>,
    }
}

graph_call::record! {
    struct Key<> = "key" {
        "secret" => secret: Secret<[u8; 64]>,
    }
}

/// How many blocks are given back with a secret in them, from an empty record to its end.
fn found_in<R: graph_call::record::Record>(mut record: R, body: &[u8], size: usize) -> usize {
    FOUND.with(|found| found.set(0));
    SEARCHES.with(|searches| searches.set(true));
    let mut parser = Parser::new();
    let mut end = Ok(());
    for piece in body.chunks(size) {
        end = end.and_then(|()| parser.feed(&mut record, piece));
    }
    let end = end.and_then(|()| parser.finish(&mut record));
    drop(record);
    SEARCHES.with(|searches| searches.set(false));
    end.unwrap();
    FOUND.with(Cell::get)
}

/// Wherever a secret was, by growing, by being dropped, by another one in its place.
#[test]
fn no_secret_is_left_in_memory_that_is_given_back() {
    let long = "~canary~".repeat(40);
    let call = format!(
        r#"{{"meetingInfo":{{"joinToken":"{long}","token":"{long}","passcode":"{long}"}},"mediaConfig":{{"blob":"{long}"}},
           "operations":[{}{{"recordingAccessToken":"{long}"}}]}}"#,
        format!(r#"{{"recordingAccessToken":"{long}"}},"#).repeat(9),
    );
    let keys = format!(r#"{{"keys":[{}{{}}]}}"#, r#"{"secret":"~canary~ and more"},"#.repeat(9));
    for size in [1, 7, 64, 100_000] {
        assert_eq!(found_in(HeapCall::empty(), call.as_bytes(), size), 0, "{size}");
        assert_eq!(found_in(Keys::empty(), keys.as_bytes(), size), 0, "{size}");
    }
    // The search finds what is no secret.
    let subject = format!(r#"{{"subject":"{long}"}}"#);
    assert!(found_in(HeapCall::empty(), subject.as_bytes(), 7) > 0);
}

/// A list has an end: that of the count.
#[test]
fn a_list_ends_where_the_count_does() {
    let body = |count: usize| format!(r#"{{"targets":[{}{{}}]}}"#, "{},".repeat(count - 1));
    let (call, end) = heap(body(65_534).as_bytes(), ParseOptions::new());
    end.unwrap();
    assert_eq!((call.targets.len(), call.targets.total()), (65_534, 65_534));
    let (_, end) = heap(body(65_535).as_bytes(), ParseOptions::new());
    assert_eq!(end.unwrap_err().culprit(), Culprit::Capacity);
}
