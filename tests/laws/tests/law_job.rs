//! The laws of the job over hosts and drivers made up of choices.

use graph_call_laws::laws;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

    #[test]
    fn jobs_obey(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        laws::job(&bytes);
    }
}
