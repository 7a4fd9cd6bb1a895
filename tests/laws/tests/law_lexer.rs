//! The laws of the lexer over documents made up, and over documents damaged.

use graph_call_laws::choices::Choices;
use graph_call_laws::{generate, laws};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn documents_obey(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let document = generate::json(&mut Choices::new(&bytes));
        prop_assert!(laws::lex([&document[..]]).end.is_ok(), "{}", document.escape_ascii());
        laws::lexer(&document);
    }

    #[test]
    fn damaged_documents_obey(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut choices = Choices::new(&bytes);
        let damage: Vec<u8> = (0..12).map(|_| choices.byte()).collect();
        let document = generate::json(&mut choices);
        laws::lexer(&generate::damaged(&document, &mut Choices::new(&damage)));
    }

    #[test]
    fn any_bytes_obey(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        laws::lexer(&bytes);
    }
}
