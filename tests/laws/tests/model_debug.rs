//! `Debug` shows what is there, and no secret.

use graph_call::record::Record as _;
use graph_call::{Call, OpenEnum, Secret, Text, Tone};

graph_call::capacities! {
    Rooms { uri: 128, secret: 64, set: 10, list: 2, expand: 1 }
    Cramped { id: 8, text: 4, uri: 0, word: 0, set: 1, list: 1 }
}

type Roomy = Call<Rooms>;

#[test]
fn no_secret_is_shown() {
    let mut call = Box::new(Roomy::empty());
    call.parse_into(include_bytes!("../../data/every-member.json")).unwrap();
    assert_eq!(call.meeting_info.get().unwrap().token.reveal(), Some("canary-token"));
    assert_eq!(call.operations[0].recording_access_token.reveal(), Some("canary-recording"));

    for shown in [
        format!("{call:?}"),
        format!("{call:#?}"),
        format!("{:?}", call.meeting_info),
        format!("{:?}", call.meeting_info.get().unwrap().passcode),
        format!("{:?}", call.media_config.get().unwrap().blob),
        format!("{:?}", call.operations),
    ] {
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("(secret)"), "{shown}");
    }
    assert_eq!(format!("{call:?}").matches("(secret)").count(), 4);
}

#[test]
fn only_what_is_there_is_shown() {
    let call = Call::parse(
        br#"{"state":"established","id":"1","subject":"a\u0007b","targets":[{"identity":{"user":{"displayName":"Bea"}}}],
             "activeModalities":["audio","smell"],"toneInfo":{"sequenceId":3},"meetingInfo":{"token":"t"},"source":null}"#,
    )
    .unwrap();
    assert_eq!(
        format!("{call:?}"),
        "call { id: \"1\", activeModalities: [audio, Unknown(\"smell\")], meetingInfo: meetingInfo { token: (omitted) }, \
         state: established, subject: \"a\\u{7}b\", targets: [invitationParticipantInfo { identity: identitySet \
         { user: identity { displayName: \"Bea\" } } }], toneInfo: toneInfo { sequenceId: 3 } }"
    );
    assert_eq!(format!("{:?}", call.source), "None");
}

#[test]
fn a_place_shows_what_it_takes_and_nothing_of_what_is_there() {
    let mut call = Call::parse(br#"{"id":"canary","callRoutes":[{}],"source":{}}"#).unwrap();
    let names: Vec<_> = call.schema().names().collect();
    for (name, kind) in [
        ("id", "Id"),
        ("subject", "Text"),
        ("state", "Variant"),
        ("ringingTimeoutInSeconds", "Int32"),
        ("callRoutes", "List"),
        ("source", "Object"),
    ] {
        let row = names.iter().position(|other| *other == name).unwrap();
        assert_eq!(format!("{:?}", call.place(row as u8)), kind, "{name}");
    }
    assert_eq!(format!("{:?}", call.schema()), format!("{names:?}").replace('[', "{").replace(']', "}"));
    let kinds: Vec<_> = (0..names.len()).map(|row| format!("{:?}", call.place(row as u8))).collect();
    assert!(!kinds.concat().contains("canary"));
}

#[test]
fn parts_show_their_marks() {
    let of = |json: &str| serde_json::from_str::<Text<[u8; 4]>>(json).unwrap();
    assert_eq!(format!("{:?} {:?}", of("null"), of("\"é\"")), "None \"é\"");
    assert_eq!(format!("{:?}", serde_json::from_str::<Secret<[u8; 4]>>("\"abc\"").unwrap()), "(secret)");
    assert_eq!(format!("{:?}", serde_json::from_str::<OpenEnum<Tone, [u8; 0]>>("\"e\"").unwrap()), "Unknown");
    let mut call = Call::<Cramped>::empty();
    let options = graph_call::ParseOptions::new().overflow(graph_call::Overflow::Truncate);
    call.parse_into_with(
        br#"{"subject":"Stand-up","targets":[{},{},{}],"source":{"identity":{"user":{},"guest":{}}}}"#,
        options,
    )
    .unwrap();
    assert_eq!(
        format!("{:?} {:?}", call.subject, call.targets),
        "\"Stan\" (cut) [invitationParticipantInfo] (and 2 more)"
    );
    assert_eq!(
        format!("{:?}", call.source),
        "participantInfo { identity: identitySet { user: identity, total: 2 } }"
    );
}
