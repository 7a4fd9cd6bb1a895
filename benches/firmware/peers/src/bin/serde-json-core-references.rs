//! serde-json-core into references: no escape is decoded, and the document must outlive the call.
#![no_std]
#![no_main]

use call_model::Call;
use call_model::storage::References;
use static_cell::StaticCell;

type Referring = Call<References<'static, 4>>;

#[cortex_m_rt::entry]
fn main() -> ! {
    static CALL: StaticCell<Referring> = StaticCell::new();
    measure::print_size("size call", size_of::<Referring>());
    measure::run_on(CALL.init_with(Referring::default), peers::digest, |call, document, _| {
        match serde_json_core::from_slice(document) {
            Ok((read, _)) => {
                *call = read;
                true
            }
            Err(_) => false,
        }
    })
}
