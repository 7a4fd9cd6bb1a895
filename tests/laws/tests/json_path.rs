//! The place of an error: which places are the same.

use graph_call::record::Path;
use graph_call::{Call, MediaConfig, Parser};

/// The place of the error in a call.
fn place(body: &str) -> Path {
    *Call::parse(body.as_bytes()).expect_err("a wrong type").path()
}

#[test]
fn a_place_is_its_members_and_elements() {
    let subject = place(r#"{"subject":7}"#);
    assert_eq!(format!("{subject:?} {subject}"), r#""subject" subject"#);
    let members = |path: Path| path.members().collect::<Vec<_>>();
    assert_eq!(members(subject), [("subject", None)]);
    let hidden = place(r#"{"targets":[{},{},{"hidden":7}]}"#);
    assert_eq!(members(hidden), [("targets", Some(2)), ("hidden", None)]);
}

#[test]
fn a_place_is_the_same_however_it_was_reached() {
    let subject = place(r#"{"subject":7}"#);
    assert_eq!(place(r#"{"source":{"identity":{"user":{}}},"targets":[{},{}],"subject":7}"#), subject);
    for other in [r#"{"id":7}"#, r#"{"source":{"region":7}}"#, r#"{"targets":[{"hidden":7}]}"#, "[]"] {
        assert_ne!(place(other), subject, "{other}");
    }
    assert_ne!(place(r#"{"targets":[{"hidden":7}]}"#), place(r#"{"targets":[{},{"hidden":7}]}"#));
}

#[test]
fn a_place_belongs_to_its_record() {
    let mut config: MediaConfig = MediaConfig::empty();
    let mut parser = Parser::new();
    let error = parser.feed(&mut config, b"[]").expect_err("no object");
    assert!(error.path().is_root() && place("[]").is_root());
    assert_ne!(*error.path(), place("[]"));
}
