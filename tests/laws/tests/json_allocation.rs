//! No parse touches the heap: an allocator that counts, in a program of its own.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use graph_call::json::Lexer;
use graph_call::{Call, Overflow, ParseOptions, Parser, TinyCall};

struct Counting;

thread_local! {
    /// Of this thread only, so that the test runner's own work is not counted.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

#[allow(unsafe_code)] // only an unsafe trait lets a test see allocations
// SAFETY: every call is passed on unchanged to the system's allocator, which keeps the contract; counting touches
// nothing but a constant-initialised thread-local without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

const GROUP: &[u8] = include_bytes!("../../data/group.json");
const ESCAPES: &[u8] = include_bytes!("../../data/escapes.json");

#[test]
fn the_counter_counts() {
    assert!(allocations(|| drop(std::hint::black_box(Box::new(7)))) > 0);
}

#[test]
fn nothing_allocates() {
    let count = allocations(|| {
        let mut call = Call::new();
        let mut tiny = TinyCall::empty();
        for body in
            [GROUP, ESCAPES, &GROUP[..900], b"{\"id\":[", b"", b"{\"subject\":\"\xff\"}", b"[[[[[[[[["]
        {
            let _ = call.parse_into(body);
            let options = ParseOptions::new().trailing_commas(true).overflow(Overflow::Truncate);
            let mut parser = Parser::with_options(options);
            for byte in body.chunks(1) {
                let _ = parser.feed(&mut tiny, byte);
            }
            if let Err(error) = parser.finish(&mut tiny) {
                let _ = (error.kind(), error.path(), error.culprit());
            }
            let mut lexer = Lexer::new();
            let mut input = body;
            while let Ok(Some(token)) = lexer.next(&mut input) {
                let _ = std::hint::black_box(token);
            }
        }
        call.parse_into(GROUP).expect("a call");
        let mut output = [0; 4096];
        call.write_json(&mut output).expect("there is room");
    });
    assert_eq!(count, 0);
}
