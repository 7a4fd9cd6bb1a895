//! The library's tables against the schema typed by hand: a member or enumeration value forgotten in either shows.

use std::collections::{BTreeMap, BTreeSet};

use graph_call::record::{Record as _, Schema};
use graph_call::{Call, Enumeration};
use graph_call_laws::laws::RoomyCall;
use graph_call_laws::schema::{self, BEYOND_CALLS, ENUMS, Kind, RECORDS, RELATIONSHIPS, Record};

/// Every record of the list with the schema of the library that stands in its place, from the call on.
fn library() -> BTreeMap<&'static str, (&'static Record, &'static Schema)> {
    let mut found = BTreeMap::new();
    let mut open = vec![(&schema::CALL, RoomyCall::empty().schema())];
    while let Some((record, schema)) = open.pop() {
        if let Some((_, before)) = found.insert(record.name, (record, schema)) {
            assert!(schema.names().eq(before.names()), "two tables for {}", record.name);
            continue;
        }
        for (name, row) in schema.names().zip(0..) {
            let listed = record.member(name).and_then(|member| match member.kind {
                Kind::Object(child) | Kind::Objects(child) | Kind::ObjectsOrIds(child) => Some(child),
                _ => None,
            });
            match (listed, schema.child(row)) {
                (Some(listed), Some(child)) => open.push((listed, child)),
                (None, None) => {}
                (listed, _) => panic!("{}.{name} holds records: {}", record.name, listed.is_some()),
            }
        }
    }
    found
}

#[test]
fn every_record_has_every_member() {
    let library = library();
    for (record, schema) in library.values() {
        let theirs: BTreeSet<_> = schema.names().take(usize::from(schema.members)).collect();
        let ours: BTreeSet<_> = record.members.iter().map(|member| member.name).collect();
        let missing: Vec<_> = ours.difference(&theirs).collect();
        let unknown: Vec<_> = theirs.difference(&ours).filter(|name| **name != "@odata.type").collect();
        assert_eq!((missing, unknown), (vec![], vec![]), "{}", record.name);
    }
    assert_eq!(library.len(), RECORDS.len());
}

#[test]
fn the_counts_are_those_of_the_metadata() {
    let relationship = |record: &Record, name| record.name == "call" && RELATIONSHIPS.contains(&name);
    let mut without = BTreeSet::new();
    let mut reached = BTreeSet::new();
    let mut open = vec![&schema::CALL];
    while let Some(record) = open.pop() {
        if !reached.insert(record.name) {
            continue;
        }
        for member in record.members {
            if relationship(record, member.name) || BEYOND_CALLS.contains(&member.name) {
                continue;
            }
            without.insert(member.name);
            if let Kind::Object(child) | Kind::Objects(child) | Kind::ObjectsOrIds(child) = member.kind {
                open.push(child);
            }
        }
    }
    let all = RECORDS.iter().flat_map(|record| record.members).map(|member| member.name);
    let all: BTreeSet<_> = all.filter(|name| !BEYOND_CALLS.contains(name)).collect();
    // Six more than the metadata names: what was found since of synthetic media, and the annotations of a stream.
    assert_eq!((without.len(), all.len()), (88, 130));
}

/// No path leads into a list without room: a program carries no names for what it does not want.
#[test]
fn what_is_not_wanted_has_no_names() {
    let (small, large) = (Call::new(), RoomyCall::empty());
    for (name, row) in small.schema().names().zip(0..) {
        let is_wanted = !RELATIONSHIPS.contains(&name);
        let child = large.schema().child(row).filter(|_| is_wanted);
        assert_eq!(small.schema().child(row).is_some(), child.is_some(), "{name}");
    }
    for body in [r#"{"participants":[{"id":1}]}"#, r#"{"participants":[1,[],{"info":{"identity":7}}]}"#] {
        assert!(Call::parse(body.as_bytes()).is_ok(), "{body}");
    }
    let error = Call::parse(br#"{"participants":[{"info":{"identity":}}]}"#).expect_err("no value");
    assert!(error.to_string().starts_with("participants["), "{error}");
}

/// Every name is found where it is, and nothing else is found.
#[test]
fn every_name_is_found_by_its_spelling_only() {
    for (record, schema) in library().values() {
        for (name, row) in schema.names().zip(0..) {
            let spelled = if name == "subCode" { "subcode" } else { name };
            let found = schema.find(name.as_bytes());
            assert_eq!(found.and_then(|row| schema.name(row)), Some(spelled), "{}.{name}", record.name);
            assert!(name != spelled || found == Some(row), "{}.{name}", record.name);
            for near in near(name.as_bytes()) {
                if schema.names().all(|other| other.as_bytes() != near) {
                    assert_eq!(schema.find(&near), None, "{}.{}", record.name, near.escape_ascii());
                }
            }
        }
        assert_eq!(schema.find(b""), None);
    }
}

/// Enumeration one change away: a byte left out, doubled, in the other case, or another.
fn near(name: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![[name, b"\0"].concat(), [b" ", name].concat()];
    for at in 0..name.len() {
        let mut left_out = name.to_vec();
        left_out.remove(at);
        let mut doubled = name.to_vec();
        doubled.insert(at, name[at]);
        let mut other_case = name.to_vec();
        other_case[at] ^= 0x20;
        let mut other = name.to_vec();
        other[at] = other[at].wrapping_add(1);
        all.extend([left_out, doubled, other_case, other]);
    }
    all
}

#[test]
fn every_enumeration_has_every_value() {
    fn names<E: Enumeration>() -> (&'static str, BTreeSet<String>) {
        let name = core::any::type_name::<E>().rsplit("::").next().unwrap_or_default();
        (name, E::VARIANTS.names().map(lower).collect())
    }
    // The case of the first letter is not the same everywhere Microsoft writes it, and reads the same here.
    fn lower(name: &str) -> String {
        name[..1].to_ascii_lowercase() + &name[1..]
    }
    let library = BTreeMap::from([
        names::<graph_call::CallState>(),
        names::<graph_call::CallDirection>(),
        names::<graph_call::Modality>(),
        names::<graph_call::EndpointType>(),
        names::<graph_call::RoutingType>(),
        names::<graph_call::RoutingPolicy>(),
        names::<graph_call::MediaState>(),
        names::<graph_call::CallTranscriptionState>(),
        names::<graph_call::Tone>(),
        names::<graph_call::AutoAdmittedUsersType>(),
        names::<graph_call::RoutingMode>(),
        names::<graph_call::MediaDirection>(),
        names::<graph_call::RecordingStatus>(),
        names::<graph_call::OperationStatus>(),
        names::<graph_call::CompletionReason>(),
        names::<graph_call::OnlineMeetingVideoDisabledReason>(),
        names::<graph_call::OnlineMeetingContentSharingDisabledReason>(),
    ]);
    for names in ENUMS {
        let wanted = names.name[..1].to_ascii_uppercase() + &names.name[1..];
        let theirs = library.get(wanted.as_str()).unwrap_or_else(|| panic!("no enumeration {wanted}"));
        assert_eq!(*theirs, names.values.iter().map(|name| lower(name)).collect(), "{}", names.name);
    }
    assert_eq!(library.len(), ENUMS.len());
}

#[test]
fn every_value_of_an_enumeration_is_read_as_itself() {
    fn each<E: Enumeration + PartialEq + core::fmt::Debug>() {
        let all: Vec<E> = (0..E::VARIANTS.names().count()).map(E::at).collect();
        for (index, value) in all.iter().enumerate() {
            assert!(!all[..index].contains(value), "{value:?} twice");
            assert!(*value != E::at(usize::MAX), "{value:?} is Unknown");
        }
        assert!(E::at(all.len()) == E::at(usize::MAX));
    }
    each::<graph_call::CallState>();
    each::<graph_call::Tone>();
    each::<graph_call::CompletionReason>();
    for text in schema::CALL_STATE.values {
        let body = format!("{{\"state\":\"{text}\"}}");
        let call = Call::parse(body.as_bytes()).expect("a state");
        assert_eq!(call.state.as_str(), Some(*text));
        assert_ne!(call.state.get(), Some(graph_call::CallState::Unknown));
    }
}
