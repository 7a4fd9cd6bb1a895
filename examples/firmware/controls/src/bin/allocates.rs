//! Breaks the proof that nothing allocates: a vector on a heap.

#![no_std]
#![no_main]
#![allow(unsafe_code)] // an allocator cannot be had without

extern crate alloc;

use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::hint::black_box;

use controls as _;
use cortex_m_rt::entry;

struct Exhausted;

// SAFETY: it never hands out memory.
unsafe impl GlobalAlloc for Exhausted {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        black_box(layout);
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static HEAP: Exhausted = Exhausted;

#[entry]
fn main() -> ! {
    board::semihosting::exit(subject(black_box(64)))
}

#[inline(never)]
fn subject(capacity: usize) -> bool {
    let mut bytes: Vec<u8> = Vec::new();
    black_box(bytes.try_reserve(capacity).is_err())
}
