//! The laws of the call over calls made up, spelt in any way, cut anywhere, damaged.

use graph_call_laws::choices::Choices;
use graph_call_laws::{generate, laws};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn calls_are_read_as_they_were_meant(bytes in proptest::collection::vec(any::<u8>(), 0..1200)) {
        laws::call_structured(&bytes);
    }

    #[test]
    fn calls_written_are_read_again(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut choices = Choices::new(&bytes);
        let call = generate::call(&mut choices);
        laws::round_trip(&generate::text(&call, &mut choices));
    }

    #[test]
    fn any_split_will_do(lengths in proptest::collection::vec(any::<u8>(), 15), bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut choices = Choices::new(&bytes);
        let call = generate::call(&mut choices);
        let body = generate::text(&call, &mut choices);
        let data = [vec![15], lengths, body].concat();
        laws::splits(&data);
    }

    #[test]
    fn any_json_obeys(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let body = generate::json(&mut Choices::new(&bytes));
        laws::call(&body);
        laws::differential(&body);
        laws::round_trip(&body);
        laws::unknown_of_any(&body);
    }

    #[test]
    fn any_bytes_obey(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        laws::call(&bytes);
        laws::differential(&bytes);
        laws::unknown_of_any(&bytes);
    }
}
