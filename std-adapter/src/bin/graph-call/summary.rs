//! A call as a page: every member that is present, in the order in which people ask.

use std::io;

use graph_call::model::{
    AudioRoutingGroup, Call, CallMediaState, CallOptions, CallRoute, CallState, CallTranscriptionInfo,
    ChatInfo, CommsOperation, ContentSharingSession, Identity, IdentitySet, IncomingContext,
    InvitationParticipantInfo, LiveCaptionOptions, MediaConfig, MediaInfo, MediaStream, MeetingCapability,
    MeetingInfo, OnlineMeetingRestricted, OperationParticipant, Participant, ParticipantInfo, RecordingInfo,
    RemovedState, ResultInfo, SyntheticMediaDetection, ToneInfo,
};
use graph_call::{Capacities, Enumeration, HeapCall, Id, Object, OpenEnum, Text, TextStorage};

use crate::escape::Escaped;
use crate::page::{Element, Page, Section, Shown, word};
use crate::terminal::Output;

/// Writes the page of a call; `unknown` are the members that are left out because the model does not know them.
pub(crate) fn write(
    output: &mut Output,
    call: &HeapCall,
    unknown: &[String],
    shows_secrets: bool,
) -> io::Result<()> {
    let style = output.style;
    let mut page = Page::new(&mut output.writer, style, shows_secrets);
    let unnamed = if call.id.is_omitted() { "(id too long, left out)" } else { "(no id)" };
    let id = call.id.as_str().unwrap_or(unnamed);
    page.line(&format!("{}Call {}{}", style.bold(), Escaped(id), style.reset()))?;
    if let Some(headline) = headline(call) {
        let colour = match call.state.get() {
            Some(CallState::Established) => style.green(),
            Some(CallState::Terminated) => style.dim(),
            _ => style.yellow(),
        };
        page.line(&format!("{colour}{}{}", Escaped(&headline), style.reset()))?;
    }
    call.rows(&mut page)?;
    let labels = ["Not known to this version"].into_iter().chain(std::iter::repeat(""));
    unknown.iter().zip(labels).try_for_each(|(path, label)| page.row(label, path))
}

/// State and direction, the first things anyone asks for.
fn headline(call: &HeapCall) -> Option<String> {
    let words: Vec<String> = [word(&call.state), word(&call.direction)].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// A record's members with their labels, after what stands beside its own label.
macro_rules! section {
    ($record:ident, $lead:expr, { $($member:ident $label:literal,)* }) => {
        impl<C: Capacities> Section for $record<C> {
            fn lead(&self) -> Vec<String> {
                let lead: fn(&Self) -> Vec<String> = $lead;
                lead(self)
            }

            fn rows(&self, page: &mut Page<'_>) -> io::Result<()> {
                $(self.$member.show(page, $label)?;)*
                Ok(())
            }
        }

        impl<C: Capacities> Element for $record<C> {
            fn show_all(elements: &[Self], page: &mut Page<'_>, label: &str) -> io::Result<()> {
                page.sections(elements, label)
            }
        }
    };
}

section!(Call, |_| Vec::new(), {
    subject "Subject",
    result_info "Result",
    termination_reason "Termination reason",
    source "Source",
    targets "Targets",
    answered_by "Answered by",
    incoming_context "Incoming context",
    call_routes "Call routes",
    requested_modalities "Requested modalities",
    active_modalities "Active modalities",
    media_state "Media state",
    media_config "Media",
    tone_info "Tone",
    meeting_info "Meeting",
    meeting_capability "Meeting capability",
    chat_info "Chat",
    transcription "Transcription",
    call_options "Options",
    routing_policies "Routing policies",
    ringing_timeout_in_seconds "Ringing timeout (s)",
    callback_uri "Callback",
    tenant_id "Tenant",
    call_chain_id "Call chain",
    my_participant_id "My participant id",
    participants "Participants",
    operations "Operations",
    audio_routing_groups "Audio routing groups",
    content_sharing_sessions "Content sharing sessions",
});

section!(ParticipantInfo, |info| people(&info.identity), {
    id "Id",
    participant_id "Participant id",
    endpoint_type "Endpoint",
    region "Region",
    country_code "Country",
    language_id "Language",
    platform_id "Platform",
    non_anonymized_identity "Real identity",
});

section!(InvitationParticipantInfo, |info| people(&info.identity), {
    participant_id "Participant id",
    endpoint_type "Endpoint",
    hidden "Hidden",
    remove_from_default_audio_routing_group "Out of the default audio",
    replaces_call_id "Replaces call",
    id "Id",
    region "Region",
    language_id "Language",
    tenant_id "Tenant",
});

impl<C: Capacities> Section for OperationParticipant<C> {
    fn lead(&self) -> Vec<String> {
        (**self).lead()
    }

    fn rows(&self, page: &mut Page<'_>) -> io::Result<()> {
        (**self).rows(page)
    }
}

impl<C: Capacities> Element for OperationParticipant<C> {
    fn show_all(elements: &[Self], page: &mut Page<'_>, label: &str) -> io::Result<()> {
        page.sections(elements, label)
    }
}

section!(CallRoute, |route| one(&route.routing_type), {
    original "Called",
    r#final "Reached",
});

section!(IncomingContext, |_| Vec::new(), {
    on_behalf_of "On behalf of",
    transferor "Transferred by",
    source_participant_id "Source participant",
    observed_participant_id "Observed participant",
});

section!(MediaConfig, |media| kind(&media.kind, "MediaConfig"), {
    pre_fetch_media "Prefetched",
    blob "Blob",
    live_caption_options "Live captions",
    remove_from_default_audio_group "Out of the default audio",
});

section!(MediaInfo, |media| exact(&media.uri), {
    resource_id "Resource",
});

section!(LiveCaptionOptions, |_| Vec::new(), {
    stream_url "Stream",
});

section!(CallMediaState, |_| Vec::new(), {
    audio "Audio",
});

section!(ToneInfo, |tone| one(&tone.tone), {
    sequence_id "Sequence",
});

section!(MeetingInfo, |meeting| kind(&meeting.kind, "MeetingInfo"), {
    organizer "Organizer",
    join_meeting_id "Join meeting id",
    passcode "Passcode",
    token "Token",
    allow_conversation_without_host "Talk without host",
});

section!(MeetingCapability, |_| Vec::new(), {
    auto_admitted_users "Admitted at once",
    allow_anonymous_users_to_dial_out "Guests may dial out",
    allow_anonymous_users_to_start_meeting "Guests may start",
});

section!(ChatInfo, |_| Vec::new(), {
    thread_id "Thread",
    message_id "Message",
    reply_chain_message_id "Replies to",
});

section!(CallTranscriptionInfo, |transcription| one(&transcription.state), {
    last_modified_date_time "Since",
});

section!(CallOptions, |options| kind(&options.kind, "CallOptions"), {
    hide_bot_after_escalation "Hide bot after escalation",
    is_content_sharing_notification_enabled "Told of content sharing",
    is_delta_roster_enabled "Delta roster",
    is_interactive_roster_enabled "Interactive roster",
});

section!(ResultInfo, |_| Vec::new(), {
    code "Code",
    subcode "Subcode",
    message "Message",
});

section!(AudioRoutingGroup, |group| exact(&group.id), {
    routing_mode "Mode",
    sources "Sources",
    receivers "Receivers",
});

section!(ContentSharingSession, |session| exact(&session.id), {
    presenter_participant_id "Presenter",
    png_of_current_slide "Picture of the slide",
    png_of_current_slide_content_type "Picture's type",
    png_of_current_slide_read_link "Picture's link",
});

section!(CommsOperation,
    |operation| kind(&operation.kind, "Operation"), {
    id "Id",
    status "Status",
    completion_reason "Completion",
    result_info "Result",
    client_context "Client context",
    participants "Participants",
    recording_location "Recording",
    recording_access_token "Recording access token",
});

section!(Participant,
    |participant| name(&participant.preferred_display_name), {
    id "Id",
    info "Identity",
    is_muted "Muted",
    is_in_lobby "In the lobby",
    is_identity_anonymized "Anonymous",
    media_streams "Streams",
    recording_info "Recording",
    removed_state "Removed",
    restricted_experience "Restricted",
    roster_sequence_number "Roster sequence",
    metadata "Metadata",
    synthetic_media_detection "Synthetic media detection",
});

section!(SyntheticMediaDetection, |_| Vec::new(), {
    synthetic_confidence "Confidence",
    is_participant_trusted "Trusted",
    detector_bot "Detected by",
    detection_id "Id",
});

section!(MediaStream, |stream| one(&stream.media_type), {
    label "Label",
    direction "Direction",
    source_id "Source id",
    server_muted "Muted by the service",
});

section!(RecordingInfo, |info| one(&info.recording_status), {
    initiator "Begun by",
    initiated_by "Begun by participant",
});

section!(RemovedState, |_| Vec::new(), {
    reason "Reason",
});

section!(OnlineMeetingRestricted, |_| Vec::new(), {
    video_disabled "No video",
    content_sharing_disabled "No content sharing",
});

impl<C: Capacities> Section for IdentitySet<C> {
    fn lead(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.identities.iter().map(person).collect();
        match self.identities.total() - self.identities.len() {
            0 if lines.is_empty() => lines.push("(nobody)".to_owned()),
            0 => {}
            more => lines.push(format!("(and {more} more, left out)")),
        }
        lines.extend(word(&self.endpoint_type).map(|endpoint| format!("endpoint {endpoint}")));
        lines
    }

    fn rows(&self, _page: &mut Page<'_>) -> io::Result<()> {
        Ok(())
    }
}

impl<C: Capacities> Section for Identity<C> {
    fn lead(&self) -> Vec<String> {
        vec![person(self)]
    }

    fn rows(&self, _page: &mut Page<'_>) -> io::Result<()> {
        Ok(())
    }
}

fn people<T: Section>(identity: &Object<T>) -> Vec<String> {
    identity.get().map(Section::lead).unwrap_or_default()
}

/// `Name (kind id, further members)`
fn person<C: Capacities>(identity: &Identity<C>) -> String {
    let mut about = identity.kind.as_str().unwrap_or_default().to_owned();
    let mut add = |separator: &str, text: &str| {
        about.push_str(if about.is_empty() { "" } else { separator });
        about.push_str(text);
    };
    match identity.id.as_str() {
        Some(id) => add(" ", id),
        None if identity.id.is_omitted() => add(" ", "with an id too long to keep"),
        None => {}
    }
    for extra in identity.extras.iter() {
        let name = extra.name.as_str().unwrap_or("more");
        add(", ", &format!("{name} {}", extra.value.as_str().unwrap_or("too long to keep")));
    }
    if let Some(hidden) = identity.hidden.get() {
        add(", ", if hidden { "hidden" } else { "not hidden" });
    }
    let cut = if identity.display_name.is_truncated() { "…" } else { "" };
    match identity.display_name.as_str() {
        Some("") => about,
        Some(name) if about.is_empty() => format!("{name}{cut}"),
        Some(name) => format!("{name}{cut} ({about})"),
        None => about,
    }
}

/// The declared type without what all types of its family share: `serviceHostedMediaConfig` is `service hosted`.
fn kind<E: Enumeration, W: TextStorage>(kind: &OpenEnum<E, W>, family: &str) -> Vec<String> {
    let Some(name) = word(kind) else { return Vec::new() };
    let name = name.strip_suffix(family).unwrap_or(&name);
    let spaced = name.chars().flat_map(|c| c.is_ascii_uppercase().then_some(' ').into_iter().chain([c]));
    vec![spaced.collect::<String>().to_lowercase()]
}

fn one<E: Enumeration, W: TextStorage>(value: &OpenEnum<E, W>) -> Vec<String> {
    word(value).into_iter().collect()
}

fn exact<S: TextStorage>(value: &Id<S>) -> Vec<String> {
    let omitted = value.is_omitted().then(|| "(too long, left out)".to_owned());
    value.as_str().map(str::to_owned).or(omitted).into_iter().collect()
}

fn name<S: TextStorage>(value: &Text<S>) -> Vec<String> {
    let cut = if value.is_truncated() { "…" } else { "" };
    value.as_str().map(|name| format!("{name}{cut}")).into_iter().collect()
}
