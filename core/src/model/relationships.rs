//! What stands beside a call, and comes with it when `$expand` asks for it.

use super::{
    CommsOperationKind, CompletionReason, Identity, IdentitySet, MediaDirection, Modality,
    OnlineMeetingContentSharingDisabledReason, OnlineMeetingVideoDisabledReason, OperationParticipant,
    OperationStatus, ParticipantInfo, RecordingStatus, ResultInfo, RoutingMode,
};
use crate::{Double, Id, List, Object, OpenEnum, Presence, Scalar, Secret, Text};

record! {
    /// A private route of sound inside a call.
    pub struct AudioRoutingGroup = "audioRoutingGroup" {
        /// The id.
        "id" => id: Id<C::Id>,
        /// Who hears, as participant ids.
        "receivers" => receivers: List<C::List<Id<C::Id>>>,
        /// Whom it reaches.
        "routingMode" => routing_mode: OpenEnum<RoutingMode, C::Word>,
        /// Who is heard, as participant ids.
        "sources" => sources: List<C::List<Id<C::Id>>>,
    }
}

record! {
    /// Content that is being shared.
    pub struct ContentSharingSession = "contentSharingSession" {
        /// The id.
        "id" => id: Id<C::Id>,
        /// Whether there is a picture of the present slide (beta). It is a stream: its bytes never stand here.
        "pngOfCurrentSlide" => png_of_current_slide: Presence,
        /// The type of the picture, such as `image/png` (beta).
        "pngOfCurrentSlide@odata.mediaContentType" => png_of_current_slide_content_type: Id<C::Id>,
        /// Where the picture can be read, relative to the service (beta).
        "pngOfCurrentSlide@odata.mediaReadLink" => png_of_current_slide_read_link: Id<C::Uri>,
        /// Who shares (beta).
        "presenterParticipantId" => presenter_participant_id: Id<C::Id>,
    }
}

record! {
    /// Somebody in the roster of a call.
    pub struct Participant = "participant" {
        /// The id in this call.
        "id" => id: Id<C::Id>,
        /// Who it is.
        "info" => info: Object<ParticipantInfo<C>>,
        /// Whether the roster shows a stand-in (beta).
        "isIdentityAnonymized" => is_identity_anonymized: Scalar<bool>,
        /// Whether the participant waits in the lobby.
        "isInLobby" => is_in_lobby: Scalar<bool>,
        /// Whether the participant is muted.
        "isMuted" => is_muted: Scalar<bool>,
        /// The streams of the participant.
        "mediaStreams" => media_streams: List<C::List<MediaStream<C>>>,
        /// What the roster says of the participant beyond this.
        "metadata" => metadata: Text<C::Text>,
        /// The name that the participant wishes to be shown by (beta).
        "preferredDisplayName" => preferred_display_name: Text<C::Text>,
        /// Whether the participant records.
        "recordingInfo" => recording_info: Object<RecordingInfo<C>>,
        /// Why the participant was removed.
        "removedState" => removed_state: Object<RemovedState<C>>,
        /// What the participant may not do.
        "restrictedExperience" => restricted_experience: Object<OnlineMeetingRestricted<C>>,
        /// Counts the changes of the roster.
        "rosterSequenceNumber" => roster_sequence_number: Scalar<i64>,
        /// What is said of synthetic media (beta).
        "syntheticMediaDetection" => synthetic_media_detection: Object<SyntheticMediaDetection<C>>,
    }
}

record! {
    /// Whether what a participant sends is made by a machine (beta).
    pub struct SyntheticMediaDetection = "syntheticMediaDetection" {
        /// The id of the finding.
        "detectionId" => detection_id: Id<C::Id>,
        /// The application that found it.
        "detectorBot" => detector_bot: Object<Identity<C>>,
        /// Whether the participant is trusted all the same.
        "isParticipantTrusted" => is_participant_trusted: Scalar<bool>,
        /// How sure the application is.
        "syntheticConfidence" => synthetic_confidence: Double<C::Id>,
    }
}

record! {
    /// A stream of media of a participant.
    pub struct MediaStream = "mediaStream" {
        /// Which way it flows.
        "direction" => direction: OpenEnum<MediaDirection, C::Word>,
        /// What it is called.
        "label" => label: Text<C::Id>,
        /// The kind of media.
        "mediaType" => media_type: OpenEnum<Modality, C::Word>,
        /// Whether the service mutes it.
        "serverMuted" => server_muted: Scalar<bool>,
        /// The id by which media packets name it.
        "sourceId" => source_id: Id<C::Id>,
    }
}

record! {
    /// Whether, and by whose wish, a participant records.
    pub struct RecordingInfo = "recordingInfo" {
        /// Who began it (beta).
        "initiatedBy" => initiated_by: Object<ParticipantInfo<C>>,
        /// Who began it.
        "initiator" => initiator: Object<IdentitySet<C>>,
        /// Whether it runs.
        "recordingStatus" => recording_status: OpenEnum<RecordingStatus, C::Word>,
    }
}

record! {
    /// Why a participant was removed.
    pub struct RemovedState = "removedState" {
        /// In words.
        "reason" => reason: Text<C::Text>,
    }
}

record! {
    /// What a participant may not do.
    pub struct OnlineMeetingRestricted = "onlineMeetingRestricted" {
        /// Why sharing is off.
        "contentSharingDisabled" => content_sharing_disabled: OpenEnum<OnlineMeetingContentSharingDisabledReason, C::Word>,
        /// Why video is off.
        "videoDisabled" => video_disabled: OpenEnum<OnlineMeetingVideoDisabledReason, C::Word>,
    }
}

record! {
    /// Something that the application asked the service to do in the call (`commsOperation` and the types
    /// derived from it).
    pub struct CommsOperation = "commsOperation" {
        /// The declared type.
        "@odata.type" => kind: OpenEnum<CommsOperationKind, C::Word>,
        /// The id.
        "id" => id: Id<C::Id>,
        /// What the application sent along to know the operation by; at most 256 characters.
        "clientContext" => client_context: Id<C::Uri>,
        /// How it ended.
        "resultInfo" => result_info: Object<ResultInfo<C>>,
        /// How far it has come.
        "status" => status: OpenEnum<OperationStatus, C::Word>,
        /// Invitation: whom. Muting: whom, by participant id alone.
        "participants" => participants: List<C::List<OperationParticipant<C>>>,
        /// Prompt, recording and tones: why it ended.
        "completionReason" => completion_reason: OpenEnum<CompletionReason, C::Word>,
        /// Recording: the key to the recording.
        "recordingAccessToken" => recording_access_token: Secret<C::Secret>,
        /// Recording: where it is.
        "recordingLocation" => recording_location: Id<C::Uri>,
    }
}
