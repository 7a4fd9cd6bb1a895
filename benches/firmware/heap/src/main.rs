//! serde_json into `String`s and `Vec`s.
#![no_std]
#![no_main]

use core::mem::MaybeUninit;

use call_model::Value as _;
use call_model::storage::Owned;
use call_model::{Call, Digest};
// Linked for its critical section, which the allocator takes.
use cortex_m as _;
use embedded_alloc::LlffHeap;
use static_cell::StaticCell;

#[global_allocator]
static HEAP: LlffHeap = LlffHeap::empty();

const HEAP_SIZE: usize = 64 * 1024;

#[cortex_m_rt::entry]
fn main() -> ! {
    static ROOM: StaticCell<[MaybeUninit<u8>; HEAP_SIZE]> = StaticCell::new();
    static CALL: StaticCell<Call<Owned>> = StaticCell::new();
    let room = ROOM.uninit().as_mut_ptr() as usize;
    // SAFETY: the room is taken once, is that long, and nothing else refers to it.
    unsafe { HEAP.init(room, HEAP_SIZE) };
    let call = CALL.init_with(Call::default);
    let mut held = 0;
    for record in measure::records::all() {
        parse(call, record.document);
        held = held.max(HEAP.used());
        *call = Call::default();
    }
    measure::print_size("size call", size_of::<Call<Owned>>());
    measure::print_size("size heap", held);
    measure::run_on(call, digest, |call, document, _| parse(call, document))
}

fn parse(call: &mut Call<Owned>, document: &[u8]) -> bool {
    match serde_json::from_slice(document) {
        Ok(read) => {
            *call = read;
            true
        }
        Err(_) => false,
    }
}

fn digest(call: &Call<Owned>) -> u32 {
    let mut digest = Digest::new();
    call.put("", &mut digest);
    digest.hash as u32
}
