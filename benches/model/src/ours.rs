//! graph-call's own call, as a sink sees the model.

use crate::Sink;
use graph_call::{Capacities, ListStorage, model};

/// Hands every member that the peers' model has to a sink, in that model's order.
pub fn put<C: Capacities>(call: &graph_call::Call<C>, sink: &mut impl Sink) {
    sink.open("");
    text(sink, "id", call.id.as_str());
    text(sink, "state", call.state.as_str());
    text(sink, "direction", call.direction.as_str());
    text(sink, "subject", call.subject.as_str());
    text(sink, "callbackUri", call.callback_uri.as_str());
    text(sink, "callChainId", call.call_chain_id.as_str());
    text(sink, "myParticipantId", call.my_participant_id.as_str());
    text(sink, "tenantId", call.tenant_id.as_str());
    text(sink, "terminationReason", call.termination_reason.as_str());
    number(sink, "ringingTimeoutInSeconds", call.ringing_timeout_in_seconds.get().map(i64::from));
    list(sink, "requestedModalities", &call.requested_modalities, |sink, word| text(sink, "", word.as_str()));
    list(sink, "activeModalities", &call.active_modalities, |sink, word| text(sink, "", word.as_str()));
    list(sink, "routingPolicies", &call.routing_policies, |sink, word| text(sink, "", word.as_str()));
    object(sink, "source", call.source.get(), participant);
    object(sink, "answeredBy", call.answered_by.get(), participant);
    list(sink, "targets", &call.targets, |sink, target| {
        sink.open("");
        object(sink, "identity", target.identity.get(), set);
        text(sink, "endpointType", target.endpoint_type.as_str());
        flag(sink, "hidden", target.hidden.get());
        text(sink, "participantId", target.participant_id.as_str());
        flag(
            sink,
            "removeFromDefaultAudioRoutingGroup",
            target.remove_from_default_audio_routing_group.get(),
        );
        text(sink, "replacesCallId", target.replaces_call_id.as_str());
        text(sink, "id", target.id.as_str());
        text(sink, "region", target.region.as_str());
        text(sink, "languageId", target.language_id.as_str());
        text(sink, "tenantId", target.tenant_id.as_str());
        sink.close();
    });
    list(sink, "callRoutes", &call.call_routes, |sink, route| {
        sink.open("");
        text(sink, "routingType", route.routing_type.as_str());
        object(sink, "original", route.original.get(), set);
        object(sink, "final", route.r#final.get(), set);
        sink.close();
    });
    object(sink, "callOptions", call.call_options.get(), |sink, options| {
        flag(sink, "hideBotAfterEscalation", options.hide_bot_after_escalation.get());
        flag(
            sink,
            "isContentSharingNotificationEnabled",
            options.is_content_sharing_notification_enabled.get(),
        );
        flag(sink, "isDeltaRosterEnabled", options.is_delta_roster_enabled.get());
        flag(sink, "isInteractiveRosterEnabled", options.is_interactive_roster_enabled.get());
    });
    object(sink, "mediaConfig", call.media_config.get(), |sink, config| {
        kind(sink, config.kind.as_str());
        list(sink, "preFetchMedia", &config.pre_fetch_media, |sink, media| {
            sink.open("");
            text(sink, "uri", media.uri.as_str());
            text(sink, "resourceId", media.resource_id.as_str());
            sink.close();
        });
        text(sink, "blob", config.blob.reveal());
        flag(sink, "removeFromDefaultAudioGroup", config.remove_from_default_audio_group.get());
    });
    object(sink, "mediaState", call.media_state.get(), |sink, state| {
        text(sink, "audio", state.audio.as_str())
    });
    object(sink, "chatInfo", call.chat_info.get(), |sink, chat| {
        text(sink, "threadId", chat.thread_id.as_str());
        text(sink, "messageId", chat.message_id.as_str());
        text(sink, "replyChainMessageId", chat.reply_chain_message_id.as_str());
    });
    object(sink, "meetingInfo", call.meeting_info.get(), |sink, meeting| {
        kind(sink, meeting.kind.as_str());
        flag(sink, "allowConversationWithoutHost", meeting.allow_conversation_without_host.get());
        object(sink, "organizer", meeting.organizer.get(), set);
        text(sink, "token", meeting.token.reveal());
        text(sink, "joinMeetingId", meeting.join_meeting_id.as_str());
        text(sink, "passcode", meeting.passcode.reveal());
    });
    object(sink, "resultInfo", call.result_info.get(), |sink, result| {
        number(sink, "code", result.code.get().map(i64::from));
        number(sink, "subcode", result.subcode.get().map(i64::from));
        text(sink, "message", result.message.as_str());
    });
    object(sink, "incomingContext", call.incoming_context.get(), |sink, context| {
        text(sink, "observedParticipantId", context.observed_participant_id.as_str());
        text(sink, "sourceParticipantId", context.source_participant_id.as_str());
        object(sink, "onBehalfOf", context.on_behalf_of.get(), set);
        object(sink, "transferor", context.transferor.get(), set);
    });
    object(sink, "toneInfo", call.tone_info.get(), |sink, info| {
        number(sink, "sequenceId", info.sequence_id.get());
        text(sink, "tone", info.tone.as_str());
    });
    object(sink, "transcription", call.transcription.get(), |sink, transcription| {
        text(sink, "state", transcription.state.as_str());
        if let Some(time) = transcription.last_modified_date_time.get() {
            let mut written = heapless::String::<40>::new();
            // As long as the longest date-time: never an error.
            let _ = core::fmt::Write::write_fmt(&mut written, format_args!("{time}"));
            sink.text("lastModifiedDateTime", &written);
        }
    });
    sink.close();
}

fn participant<C: Capacities>(sink: &mut impl Sink, participant: &model::ParticipantInfo<C>) {
    object(sink, "identity", participant.identity.get(), set);
    object(sink, "nonAnonymizedIdentity", participant.non_anonymized_identity.get(), set);
    text(sink, "participantId", participant.participant_id.as_str());
    text(sink, "platformId", participant.platform_id.as_str());
    text(sink, "endpointType", participant.endpoint_type.as_str());
    text(sink, "region", participant.region.as_str());
    text(sink, "languageId", participant.language_id.as_str());
    text(sink, "countryCode", participant.country_code.as_str());
}

fn set<C: Capacities>(sink: &mut impl Sink, set: &model::IdentitySet<C>) {
    for identity in set.identities.iter() {
        sink.open(identity.kind.as_str().unwrap_or_default());
        text(sink, "id", identity.id.as_str());
        text(sink, "displayName", identity.display_name.as_str());
        text(sink, "tenantId", identity.extra(model::ExtraName::TenantId));
        sink.close();
    }
}

fn text(sink: &mut impl Sink, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        sink.text(name, value);
    }
}

/// A type, of which our call leaves out what all types begin with.
fn kind(sink: &mut impl Sink, value: Option<&str>) {
    if let Some(value) = value {
        let mut written = heapless::String::<64>::new();
        // As long as the longest type: never an error.
        let _ = core::fmt::Write::write_fmt(&mut written, format_args!("#microsoft.graph.{value}"));
        sink.text("@odata.type", &written);
    }
}

fn number(sink: &mut impl Sink, name: &str, value: Option<i64>) {
    if let Some(value) = value {
        sink.number(name, value);
    }
}

fn flag(sink: &mut impl Sink, name: &str, value: Option<bool>) {
    number(sink, name, value.map(i64::from));
}

fn object<S: Sink, T>(sink: &mut S, name: &str, value: Option<&T>, put: impl FnOnce(&mut S, &T)) {
    if let Some(value) = value {
        sink.open(name);
        put(sink, value);
        sink.close();
    }
}

fn list<S: Sink, L: ListStorage>(
    sink: &mut S,
    name: &str,
    list: &graph_call::List<L>,
    mut put: impl FnMut(&mut S, &L::Item),
) {
    if list.is_present() {
        sink.open(name);
        for value in list.iter() {
            put(sink, value);
        }
        sink.close();
    }
}
