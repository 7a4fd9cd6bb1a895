//! The memory of Mbed TLS: a heap of fixed size, given by the program.
//!
//! - takes: one piece of memory, once
//! - gives: C's `calloc` and `free`; how much is in use, and how much ever was
//! - keeps: the length of each piece, in front of it
//! - refuses: what does not fit; what is freed is overwritten first, since keys and tokens were in it

use core::alloc::Layout;
use core::cell::RefCell;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};
use core::slice;

use critical_section::Mutex;
use linked_list_allocator::Heap;
use zeroize::Zeroize as _;

/// What C's allocator promises: enough for two registers. Also the bytes in front of a piece, which hold its length.
const ALIGN: usize = 2 * size_of::<usize>();

/// Less than this holds no session, and the allocator would panic over less than a few words.
const SIZE_MIN: usize = 1024;

static POOL: Mutex<RefCell<Pool>> =
    Mutex::new(RefCell::new(Pool { heap: Heap::empty(), peak: 0, reach: 0, was_refused: false }));

struct Pool {
    heap: Heap,
    peak: usize,
    reach: usize,
    was_refused: bool,
}

/// How much of the heap is in use. All figures are bytes, and count what the allocator itself needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HeapUse {
    /// The size of the heap.
    pub size: usize,
    /// What is in use now.
    pub used: usize,
    /// The most that ever was in use at one time.
    pub peak: usize,
    /// The size of a heap that would have been enough: the peak, and the gaps below it.
    pub reach: usize,
}

/// Whether this memory became the heap; false if there is one, or it is too small.
pub(crate) fn give(memory: &'static mut [u8]) -> bool {
    if memory.len() < SIZE_MIN {
        return false;
    }
    critical_section::with(|token| {
        let mut pool = POOL.borrow_ref_mut(token);
        if !pool.heap.bottom().is_null() {
            return false;
        }
        let start = memory.as_mut_ptr().cast::<MaybeUninit<u8>>();
        // SAFETY: bytes are valid as bytes that may be uninitialised, and nobody else has this borrow, which is given away.
        let memory = unsafe { slice::from_raw_parts_mut(start, memory.len()) };
        pool.heap.init_from_slice(memory);
        true
    })
}

pub(crate) fn in_use() -> HeapUse {
    critical_section::with(|token| {
        let pool = POOL.borrow_ref(token);
        HeapUse { size: pool.heap.size(), used: pool.heap.used(), peak: pool.peak, reach: pool.reach }
    })
}

/// Whether memory was refused since this was asked last.
pub(crate) fn take_refusal() -> bool {
    critical_section::with(|token| core::mem::take(&mut POOL.borrow_ref_mut(token).was_refused))
}

/// C's `calloc` over the heap.
pub(crate) extern "C" fn calloc(count: usize, size: usize) -> *mut c_void {
    let found = critical_section::with(|token| {
        let mut pool = POOL.borrow_ref_mut(token);
        let found = layout(count, size).and_then(|layout| pool.heap.allocate_first_fit(layout).ok());
        if let Some(start) = found {
            let end = start.as_ptr() as usize + count * size + ALIGN;
            pool.peak = pool.peak.max(pool.heap.used());
            pool.reach = pool.reach.max(end - pool.heap.bottom() as usize);
        } else {
            pool.was_refused = true;
        }
        found
    });
    let Some(start) = found else { return ptr::null_mut() };
    let (head, length) = (start.cast::<usize>(), count * size);
    // SAFETY: the piece is aligned for a length, and ALIGN bytes longer than was asked for; nobody else knows it.
    unsafe {
        head.write(length);
        let body = start.add(ALIGN);
        body.write_bytes(0, length);
        body.as_ptr().cast()
    }
}

/// C's `free` over the heap: what is freed is wiped.
///
/// # Safety
/// `body` is null, or comes from `calloc` and is freed once.
pub(crate) unsafe extern "C" fn free(body: *mut c_void) {
    let Some(body) = NonNull::new(body.cast::<u8>()) else { return };
    // SAFETY: `calloc` has put the length ALIGN bytes in front of every piece it gave, and its bytes are initialised.
    let (start, length) = unsafe {
        let start = body.sub(ALIGN);
        let length = start.cast::<usize>().read();
        slice::from_raw_parts_mut(body.as_ptr(), length).zeroize();
        (start, length)
    };
    if let Some(layout) = layout(1, length) {
        critical_section::with(|token| {
            // SAFETY: this layout is the one it was allocated with, since it has the same length.
            unsafe { POOL.borrow_ref_mut(token).heap.deallocate(start, layout) };
        });
    }
}

/// A piece with its length in front.
fn layout(count: usize, size: usize) -> Option<Layout> {
    Layout::from_size_align(count.checked_mul(size)?.checked_add(ALIGN)?, ALIGN).ok()
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::boxed::Box;

    use super::{calloc, free, give, in_use, take_refusal};

    #[test]
    fn what_is_freed_is_wiped() {
        assert!(give(Box::leak(Box::new([0xff; 4096]))));
        let places = [1, 100, 1000].map(|length| (calloc(1, length).cast::<u8>(), length));
        for (place, length) in places {
            // SAFETY: the piece is this long, and nobody else has it.
            unsafe {
                assert!((0..length).all(|at| place.add(at).read() == 0), "it begins with zeros");
                place.write_bytes(0x5a, length);
            }
        }
        for (place, length) in places {
            // SAFETY: each piece is freed once. Its memory is the heap's and stays: the allocator writes into it, but no 0x5a.
            unsafe {
                free(place.cast());
                assert!((0..length).all(|at| place.add(at).read_volatile() != 0x5a));
            }
        }
        assert_eq!(in_use().used, 0);
        assert!(in_use().peak >= 1101 && !take_refusal());
        assert!(calloc(1, 4096).is_null() && calloc(usize::MAX, 2).is_null() && take_refusal());
    }
}
