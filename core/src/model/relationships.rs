//! What stands beside a call, and comes with it when `$expand` asks for it.

use super::{
    CommsOperationKind, CompletionReason, IdentitySet, InvitationParticipantInfo, MediaDirection, Modality,
    OnlineMeetingContentSharingDisabledReason, OnlineMeetingVideoDisabledReason, OperationStatus,
    ParticipantInfo, RecordingStatus, ResultInfo, RoutingMode,
};
use crate::{Exact, List, Object, Open, Presence, Scalar, Secret, Text};

record! {
    /// A private route of sound inside a call.
    pub struct AudioRoutingGroup<ID, WORD, LIST> = "audioRoutingGroup" {
        /// The id.
        "id" => id: Exact<ID>,
        /// Who hears, as participant ids.
        "receivers" => receivers: List<Exact<ID>, LIST>,
        /// Whom it reaches.
        "routingMode" => routing_mode: Open<RoutingMode, WORD>,
        /// Who is heard, as participant ids.
        "sources" => sources: List<Exact<ID>, LIST>,
    }
}

record! {
    /// Content that is being shared.
    pub struct ContentSharingSession<ID> = "contentSharingSession" {
        /// The id.
        "id" => id: Exact<ID>,
        /// Whether there is a picture of the present slide (beta; Microsoft publishes no type for it).
        "pngOfCurrentSlide" => png_of_current_slide: Presence,
        /// Who shares (beta).
        "presenterParticipantId" => presenter_participant_id: Exact<ID>,
    }
}

record! {
    /// Somebody in the roster of a call.
    pub struct Participant<ID, TEXT, WORD, SET, LIST> = "participant" {
        /// The id in this call.
        "id" => id: Exact<ID>,
        /// Who it is.
        "info" => info: Object<ParticipantInfo<ID, TEXT, WORD, SET>>,
        /// Whether the roster shows a stand-in (beta).
        "isIdentityAnonymized" => is_identity_anonymized: Scalar<bool>,
        /// Whether the participant waits in the lobby.
        "isInLobby" => is_in_lobby: Scalar<bool>,
        /// Whether the participant is muted.
        "isMuted" => is_muted: Scalar<bool>,
        /// The streams of the participant.
        "mediaStreams" => media_streams: List<MediaStream<ID, WORD>, LIST>,
        /// What the roster says of the participant beyond this.
        "metadata" => metadata: Text<TEXT>,
        /// The name that the participant wishes to be shown by (beta).
        "preferredDisplayName" => preferred_display_name: Text<TEXT>,
        /// Whether the participant records.
        "recordingInfo" => recording_info: Object<RecordingInfo<ID, TEXT, WORD, SET>>,
        /// Why the participant was removed.
        "removedState" => removed_state: Object<RemovedState<TEXT>>,
        /// What the participant may not do.
        "restrictedExperience" => restricted_experience: Object<OnlineMeetingRestricted<WORD>>,
        /// Counts the changes of the roster.
        "rosterSequenceNumber" => roster_sequence_number: Scalar<i64>,
        /// Whether something is said of synthetic media (beta; Microsoft publishes no type for it).
        "syntheticMediaDetection" => synthetic_media_detection: Presence,
    }
}

record! {
    /// A stream of media of a participant.
    pub struct MediaStream<ID, WORD> = "mediaStream" {
        /// Which way it flows.
        "direction" => direction: Open<MediaDirection, WORD>,
        /// What it is called.
        "label" => label: Text<ID>,
        /// The kind of media.
        "mediaType" => media_type: Open<Modality, WORD>,
        /// Whether the service mutes it.
        "serverMuted" => server_muted: Scalar<bool>,
        /// The id by which media packets name it.
        "sourceId" => source_id: Exact<ID>,
    }
}

record! {
    /// Whether, and by whose wish, a participant records.
    pub struct RecordingInfo<ID, TEXT, WORD, SET> = "recordingInfo" {
        /// Who began it (beta).
        "initiatedBy" => initiated_by: Object<ParticipantInfo<ID, TEXT, WORD, SET>>,
        /// Who began it.
        "initiator" => initiator: Object<IdentitySet<ID, TEXT, WORD, SET>>,
        /// Whether it runs.
        "recordingStatus" => recording_status: Open<RecordingStatus, WORD>,
    }
}

record! {
    /// Why a participant was removed.
    pub struct RemovedState<TEXT> = "removedState" {
        /// In words.
        "reason" => reason: Text<TEXT>,
    }
}

record! {
    /// What a participant may not do.
    pub struct OnlineMeetingRestricted<WORD> = "onlineMeetingRestricted" {
        /// Why sharing is off.
        "contentSharingDisabled" => content_sharing_disabled: Open<OnlineMeetingContentSharingDisabledReason, WORD>,
        /// Why video is off.
        "videoDisabled" => video_disabled: Open<OnlineMeetingVideoDisabledReason, WORD>,
    }
}

record! {
    /// Something that the application asked the service to do in the call (`commsOperation` and the types
    /// derived from it).
    pub struct CommsOperation<ID, TEXT, URI, SECRET, WORD, SET, LIST> = "commsOperation" {
        /// The declared type.
        "@odata.type" => kind: Open<CommsOperationKind, WORD>,
        /// The id.
        "id" => id: Exact<ID>,
        /// What the application sent along to know the operation by; at most 256 characters.
        "clientContext" => client_context: Exact<URI>,
        /// How it ended.
        "resultInfo" => result_info: Object<ResultInfo<TEXT>>,
        /// How far it has come.
        "status" => status: Open<OperationStatus, WORD>,
        /// Invitation: whom.
        "participants" => participants: List<InvitationParticipantInfo<ID, TEXT, WORD, SET>, LIST>,
        /// Prompt, recording and tones: why it ended.
        "completionReason" => completion_reason: Open<CompletionReason, WORD>,
        /// Recording: the key to the recording.
        "recordingAccessToken" => recording_access_token: Secret<SECRET>,
        /// Recording: where it is.
        "recordingLocation" => recording_location: Exact<URI>,
    }
}
