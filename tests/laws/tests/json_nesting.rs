//! Nesting costs no stack: 100,000 brackets on the smallest thread there is.

use std::thread;

use graph_call::json::{DEPTH_MAX, Fault};
use graph_call::{Call, Culprit, ErrorKind};

const DEEP: usize = 100_000;

/// Parses on a thread with 16 KiB of stack; the call is elsewhere, as it would be on a device.
fn on_a_small_stack(body: Vec<u8>) -> (ErrorKind, usize) {
    let mut call = Box::new(Call::new());
    let mut parse = move || {
        let error = call.parse_into(&body).expect_err("too deep");
        (error.kind(), error.offset())
    };
    // No threads there: on the whole stack of the program as many levels would still be too many.
    if cfg!(target_family = "wasm") {
        return parse();
    }
    thread::Builder::new().stack_size(16 * 1024).spawn(parse).expect("a thread").join().expect("no overflow")
}

#[test]
fn deep_nesting_is_an_error_wherever_it_stands() {
    let too_deep = ErrorKind::Json(Fault::TooDeep);
    for open in ["[", "{\"a\":", "{\"source\":", "[{\"targets\":"] {
        for before in ["{\"unknown\":", "{\"applicationMetadata\":[{},"] {
            let body = [before, &open.repeat(DEEP)].concat().into_bytes();
            let (kind, offset) = on_a_small_stack(body);
            assert_eq!(kind, too_deep, "{before}{open}...");
            assert!(offset < 1000, "{offset}");
        }
    }
    // In a known place the type is wrong before the depth is.
    let (kind, offset) = on_a_small_stack([b"{\"targets\":".to_vec(), b"[".repeat(DEEP)].concat());
    assert!(matches!(kind, ErrorKind::WrongType { .. }), "{kind:?}");
    assert_eq!(offset, 12);
}

#[test]
fn the_deepest_that_is_allowed_is_read() {
    let inner = usize::from(DEPTH_MAX) - 1;
    let body = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(Call::parse(body(inner).as_bytes()).is_ok());
    let error = Call::parse(body(inner + 1).as_bytes()).expect_err("one too deep");
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Json(Fault::TooDeep), 5 + inner));
    assert!(error.to_string().contains("64"), "the limit is named: {error}");
    assert_eq!(error.culprit(), Culprit::Capacity, "any depth is legal JSON");
}

#[test]
fn closed_nesting_that_long_is_read() {
    // As many brackets, not nested: no counter wraps.
    let body = format!("{{\"a\":[{}]}}", "[],".repeat(DEEP) + "{}");
    assert!(Call::parse(body.as_bytes()).is_ok());
}
