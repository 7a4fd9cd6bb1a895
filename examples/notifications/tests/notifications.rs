//! A record that is declared outside the library obeys the laws that the call obeys.

use graph_call::capacity::{Heap, Standard};
use graph_call::record::PATH_DEPTH_MAX;
use graph_call::{CallState, ErrorKind, Modality, Overflow, ParseOptions};
use graph_call_laws::{laws, seeds};
use graph_call_notifications::{ChangeType, CommsNotifications};

const ESTABLISHED: &[u8] = br##"{
    "@odata.type": "#microsoft.graph.commsNotifications",
    "value": [{
        "@odata.type": "#microsoft.graph.commsNotification",
        "changeType": "updated",
        "resourceUrl": "/communications/calls/11002200",
        "resourceData": {
            "@odata.type": "#microsoft.graph.call", "@odata.etag": "W/\"7\"", "id": "11002200", "state": "established",
            "requestedModalities": ["audio"],
            "targets": [{"identity": {"user": {"id": "b1", "displayName": "J\u00fcrgen"}}}]
        }
    }, {
        "changeType": "deleted", "resource": "/app/calls/33", "resourceData": {"state": "terminated", "id": "33"}
    }]
}"##;

/// A roster in the data, as deep as a call goes.
const DEEP: &[u8] = br#"{"value":[{"resourceData":{"participants":[{"id":"1","recordingInfo":{"initiatedBy":
    {"identity":{"user":{"id":"x","displayName":"Ana","tenantId":"t"}}}}},{"id":"2"}]},"changeType":"created"}]}"#;

fn read(body: &[u8]) -> laws::Reading<CommsNotifications<Heap>> {
    laws::read_as(ParseOptions::new(), [body])
}

#[test]
fn what_happened_is_read() {
    let reading = read(ESTABLISHED);
    reading.end.unwrap();
    let [first, second] = reading.call.value.as_slice() else { panic!("two notifications") };
    assert_eq!(first.change_type, ChangeType::Updated);
    assert_eq!(first.resource_url.as_str(), Some("/communications/calls/11002200"));
    let call = first.resource_data.get().unwrap();
    assert_eq!(call.state, CallState::Established);
    assert_eq!(call.requested_modalities[0], Modality::Audio);
    assert_eq!(second.change_type, ChangeType::Deleted);
    assert_eq!(second.resource.as_str(), Some("/app/calls/33"));
    assert_eq!(second.resource_data.get().unwrap().state, CallState::Terminated);
    assert!(format!("{:?}", reading.call).starts_with(r#"commsNotifications { value: [commsNotification {"#));
}

#[test]
fn the_laws_hold() {
    for body in
        [ESTABLISHED, DEEP, br#"{"value":[{"resource":"1","resource":"2"}]}"#, b"[]", b"{\"value\":[{},]}"]
    {
        for at in 0..body.len() {
            laws::record::<CommsNotifications<Heap>>(&body[..at]);
        }
        laws::record::<CommsNotifications<Heap>>(body);
        laws::record::<CommsNotifications<Standard>>(body);
        laws::round_trip_of::<CommsNotifications<Heap>>(body);
        for lengths in [[1, 0, 3], [5, 2, 60], [17, 1, 1]] {
            laws::splits_of::<CommsNotifications<Heap>>(&[&[3_u8], &lengths[..], body].concat());
        }
    }
}

/// The innermost member of a call inside a notification is as deep as a path is long, and no value goes astray.
#[test]
fn the_deepest_member_is_read_and_named() {
    assert_eq!(
        graph_call::record::depth(graph_call::record::Record::schema(&*read(DEEP).call)),
        PATH_DEPTH_MAX
    );
    let reading = read(DEEP);
    reading.end.unwrap();
    let call = reading.call.value[0].resource_data.get().unwrap();
    let recording = call.participants[0].recording_info.get().unwrap();
    let set = recording.initiated_by.get().unwrap().identity.get().unwrap();
    assert_eq!(set.identities[0].display_name.as_str(), Some("Ana"));
    assert_eq!(reading.call.value[0].change_type, ChangeType::Created);
    let wrong = String::from_utf8_lossy(DEEP).replace(r#""Ana""#, "7");
    let error = read(wrong.as_bytes()).end.unwrap_err();
    assert_eq!(
        error.path().to_string(),
        "value[0].resourceData.participants[0].recordingInfo.initiatedBy.identity.user.displayName"
    );
}

#[test]
fn more_than_there_is_room_for_is_refused_or_counted() {
    let body = format!(r#"{{"value":[{}{{}}]}}"#, "{},".repeat(8));
    let reading = laws::read_as::<CommsNotifications>(ParseOptions::new(), [body.as_bytes()]);
    assert!(matches!(reading.end.unwrap_err().kind(), ErrorKind::Overflow { capacity: 4, need: 5 }));
    let options = ParseOptions::new().overflow(Overflow::Truncate);
    let reading = laws::read_as::<CommsNotifications>(options, [body.as_bytes()]);
    reading.end.unwrap();
    assert_eq!((reading.call.value.len(), reading.call.value.total()), (4, 9));
}

#[test]
fn the_laws_hold_for_the_seeds_of_the_fuzzer() {
    assert!(!seeds::of("notifications").is_empty());
    for (name, body) in seeds::of("notifications") {
        println!("{name}");
        laws::record::<CommsNotifications<Heap>>(body);
        laws::record::<CommsNotifications<Standard>>(body);
        laws::round_trip_of::<CommsNotifications<Heap>>(body);
    }
}
