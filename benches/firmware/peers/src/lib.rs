//! What the images share: the call that is filled, and its digest.
#![no_std]
#![forbid(unsafe_code)]

use call_model::Value as _;
use call_model::{Call, Digest, Fixed, Storage};
use static_cell::StaticCell;

/// The call that the peers fill, with the capacities of graph-call's standard call.
pub type PeerCall = Call<Fixed<4>>;

/// Measures a peer that fills the model.
pub fn run(subject: impl FnMut(&mut PeerCall, &'static [u8], usize) -> bool) -> ! {
    static CALL: StaticCell<PeerCall> = StaticCell::new();
    measure::print_size("size call", size_of::<PeerCall>());
    measure::run_on(CALL.init_with(PeerCall::default), digest, subject)
}

/// All that a call holds, as one number.
pub fn digest<S: Storage>(call: &Call<S>) -> u32 {
    let mut digest = Digest::new();
    call.put("", &mut digest);
    digest.hash as u32
}
