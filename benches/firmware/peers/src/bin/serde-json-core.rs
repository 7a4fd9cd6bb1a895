//! serde-json-core with its scratch buffer for escapes.
#![no_std]
#![no_main]

#[cortex_m_rt::entry]
fn main() -> ! {
    peers::run(|call, document, _| {
        let mut scratch = [0; 256];
        match serde_json_core::from_slice_escaped(document, &mut scratch) {
            Ok((read, _)) => {
                *call = read;
                true
            }
            Err(_) => false,
        }
    })
}
