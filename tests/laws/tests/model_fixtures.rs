//! The two answers of Microsoft's "Get call" page, as JSON and as the page prints them, member by member.

use graph_call::json::Fault;
use graph_call::{
    Call, CallDirection, CallState, CallTranscriptionState, ErrorKind, IdentityKind, MediaConfigKind,
    MeetingInfoKind, Modality, ParseOptions,
};
use graph_call_laws::oracle;
use serde_json::Value;

const P2P: &[u8] = include_bytes!("../../data/p2p.json");
const P2P_AS_PRINTED: &[u8] = include_bytes!("../../data/p2p.as-printed.json");
const GROUP: &[u8] = include_bytes!("../../data/group.json");
const GROUP_AS_PRINTED: &[u8] = include_bytes!("../../data/group.as-printed.json");

/// Both spellings of an answer.
fn both(as_json: &[u8], as_printed: &[u8]) -> [Call; 2] {
    let mut lenient = Call::new();
    lenient.parse_into_with(as_printed, ParseOptions::new().trailing_commas(true)).expect("as printed");
    [Call::parse(as_json).expect("as JSON"), lenient]
}

/// What the two answers have in common.
fn assert_common(call: &Call) {
    assert_eq!(call.state.get(), Some(CallState::Established));
    assert_eq!(call.direction.get(), Some(CallDirection::Outgoing));
    assert_eq!(call.callback_uri.as_str(), Some("https://bot.contoso.com/callback"));
    assert_eq!(call.requested_modalities.len(), 1);
    assert_eq!(call.requested_modalities[0].get(), Some(Modality::Audio));

    let source = call.source.get().expect("source");
    let set = source.identity.get().expect("source.identity");
    assert_eq!(set.identities.len(), 1);
    let application = set.of(IdentityKind::Application).expect("the application");
    assert_eq!(application.display_name.as_str(), Some("Calling Bot"));
    assert_eq!(application.id.as_str(), Some("2891555a-92ff-42e6-80fa-6e1300c6b5c6"));
    assert_eq!(application.hidden.get(), None);
    assert_eq!(source.region.as_str(), None);
    assert_eq!(source.language_id.as_str(), None);
    assert_eq!(source.country_code.as_str(), None);

    let media = call.media_config.get().expect("mediaConfig");
    assert_eq!(media.kind.get(), Some(MediaConfigKind::ServiceHosted));
    let prompts: Vec<_> =
        media.pre_fetch_media.iter().map(|media| (media.uri.as_str(), media.resource_id.as_str())).collect();
    let beep = (Some("https://cdn.contoso.com/beep.wav"), Some("f8971b04-b53e-418c-9222-c82ce681a582"));
    let cool = (Some("https://cdn.contoso.com/cool.wav"), Some("86dc814b-c172-4428-9112-60f8ecae1edb"));
    assert_eq!(prompts, [beep, cool]);
    assert_eq!(media.blob.reveal(), None);
    assert!(!media.blob.is_omitted());

    assert_eq!(call.subject.as_str(), None);
    assert_eq!(call.ringing_timeout_in_seconds.get(), None);
    assert!(call.result_info.get().is_none());
    assert!(call.answered_by.get().is_none());
    assert!(call.tone_info.get().is_none());
    assert!(call.incoming_context.get().is_none());
    assert!(call.call_options.get().is_none());
    assert!(call.media_state.get().is_none());
    assert!(call.meeting_capability.get().is_none());
    assert!(!call.call_routes.is_present());
    assert!(!call.active_modalities.is_present());
    assert!(!call.routing_policies.is_present());
    assert!(!call.participants.is_present());
    assert_eq!(call.call_chain_id.as_str(), None);
    assert_eq!(call.tenant_id.as_str(), None);
    assert_eq!(call.termination_reason.as_str(), None);
}

#[test]
fn the_peer_to_peer_call_is_as_the_page_says() {
    for call in both(P2P, P2P_AS_PRINTED) {
        assert_common(&call);
        assert_eq!(call.id.as_str(), Some("2e1a0b00-2db4-4022-9570-243709c565ab"));
        assert_eq!(call.my_participant_id.as_str(), Some("499ff390-7a72-40e8-83a0-8fac6295ae7e"));
        assert_eq!(call.targets.len(), 1);
        let set = call.targets[0].identity.get().expect("targets[0].identity");
        let user = set.of(IdentityKind::User).expect("the user");
        assert_eq!(user.display_name.as_str(), Some("John"));
        assert_eq!(user.id.as_str(), Some("112f7296-5fa4-42ca-bae8-6a692b15d4b8"));
        assert!(call.chat_info.get().is_none());
        assert!(call.meeting_info.get().is_none());
        assert!(call.transcription.get().is_none());
    }
}

#[test]
fn the_group_call_is_as_the_page_says() {
    for call in both(GROUP, GROUP_AS_PRINTED) {
        assert_common(&call);
        assert_eq!(call.id.as_str(), Some("2f1a1100-b174-40a0-aba7-0b405e01ed92"));
        assert_eq!(call.my_participant_id.as_str(), Some("05491616-385f-44a8-9974-18cc5f9933c1"));
        assert!(call.targets.is_present() && call.targets.is_empty());

        let chat = call.chat_info.get().expect("chatInfo");
        let thread = "19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGUtOTRjNWY2NmNkYTFm@thread.v2";
        assert_eq!(chat.thread_id.as_str(), Some(thread));
        assert_eq!(chat.message_id.as_str(), Some("0"));
        assert_eq!(chat.reply_chain_message_id.as_str(), None);

        let meeting = call.meeting_info.get().expect("meetingInfo");
        assert_eq!(meeting.kind.get(), Some(MeetingInfoKind::Organizer));
        assert_eq!(meeting.allow_conversation_without_host.get(), Some(true));
        let organizer = meeting.organizer.get().expect("meetingInfo.organizer");
        let user = organizer.of(IdentityKind::User).expect("the organizer");
        assert_eq!(user.id.as_str(), Some("5810cede-f3cc-42eb-b2c1-e9bd5d53ec96"));
        assert_eq!(user.display_name.as_str(), None);
        assert_eq!((meeting.token.reveal(), meeting.passcode.reveal()), (None, None));

        let transcription = call.transcription.get().expect("transcription");
        assert_eq!(transcription.state.get(), Some(CallTranscriptionState::Inactive));
        let time = transcription.last_modified_date_time.get().expect("lastModifiedDateTime");
        assert_eq!((time.year, time.month, time.day), (2020, 5, 28));
        assert_eq!((time.hour, time.minute, time.second, time.nanosecond), (0, 10, 54, 104_318_000));
        assert_eq!(time.offset_minutes, Some(0));
    }
}

#[test]
fn as_printed_they_are_refused_at_the_comma() {
    for (body, path) in
        [(P2P_AS_PRINTED, "source.identity.application"), (GROUP_AS_PRINTED, "source.identity.application")]
    {
        let error = Call::parse(body).expect_err("a trailing comma");
        assert_eq!(error.kind(), ErrorKind::Json(Fault::TrailingComma));
        assert_eq!(body[error.offset()], b',');
        assert_eq!(error.path().to_string(), path);
        assert!(error.to_string().contains("trailing_commas"), "the option is named: {error}");
    }
}

/// The same through the oracle, so that no member of the answers is left unlooked at.
#[test]
fn what_is_written_back_is_what_stood_there() {
    for body in [P2P, GROUP] {
        let mut output = [0; 8192];
        let used = Call::parse(body).expect("a call").write_json(&mut output).expect("there is room");
        let written: Value = serde_json::from_slice(&output[..used]).expect("JSON");
        let expected = oracle::expected(&serde_json::from_slice(body).expect("JSON"));
        assert_eq!(oracle::differences(&written, &expected), [""; 0]);
    }
}
