//! One measuring loop for every subject: documents in memory go in, one line of figures per document comes out.
//!
//! The host loads records at `RECORDS`: three words (document length, piece size or 0 for whole, repetitions), then the
//! document, padded to a word. A length of `u32::MAX` ends them. See `footprint.py`, which writes them.

#![no_std]

pub mod records;

use core::hint::black_box;

use board::{
    instructions,
    semihosting::{exit, print, print_number},
    stack,
};
use graph_call::Call;
use static_cell::ConstStaticCell;

static CALL: ConstStaticCell<Call> = ConstStaticCell::new(Call::new());

/// Measures on every record, prints, and ends the emulation.
///
/// The subject fills the call from a document, in pieces of the given size, or whole when it is 0; false when the
/// document was refused.
pub fn run(subject: impl FnMut(&mut Call, &'static [u8], usize) -> bool) -> ! {
    run_on(CALL.take(), digest, subject)
}

/// The same for a subject that fills something else, of which equal ones must have equal digests.
pub fn run_on<T>(
    call: &mut T,
    digest: impl Fn(&T) -> u32,
    mut subject: impl FnMut(&mut T, &'static [u8], usize) -> bool,
) -> ! {
    for record in records::all() {
        let (document, piece) = (record.document, record.piece);
        let mut success = false;
        let depth = stack::high_water(|| success = subject(call, document, piece));
        let idle = instructions::count(|| {
            for _ in 0..record.repetitions {
                nothing(call, document, piece);
            }
        });
        let busy = instructions::count(|| {
            for _ in 0..record.repetitions {
                success &= subject(call, document, piece);
            }
        });
        print_field("bytes", document.len());
        print_field(" piece", piece);
        print_field(" ok", usize::from(success));
        print_field(" instructions", (busy.saturating_sub(idle) / record.repetitions.max(1)) as usize);
        print_field(" stack", depth as usize);
        print_field(" digest", digest(call) as usize);
        print("\n");
    }
    exit(true)
}

/// Prints a line `name=value`.
pub fn print_size(name: &str, value: usize) {
    print_field(name, value);
    print("\n");
}

fn print_field(name: &str, value: usize) {
    print(name);
    print("=");
    print_number(value as u32);
}

#[inline(never)]
fn nothing<T>(call: &mut T, document: &[u8], piece: usize) -> bool {
    black_box((call, document, piece));
    false
}

/// Equal calls give equal digests: the variants of one document must agree on theirs.
fn digest(call: &Call) -> u32 {
    let texts = [
        call.state.as_str(),
        call.direction.as_str(),
        call.subject.as_str(),
        call.callback_uri.as_str(),
        call.id.as_str(),
        call.my_participant_id.as_str(),
    ];
    let start = call.targets.len() as u32;
    texts
        .iter()
        .flatten()
        .flat_map(|text| text.bytes())
        .fold(start, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)))
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    print("panic\n");
    exit(false)
}
