//! The call resource as Microsoft publishes it, typed a second time and by hand.
//!
//! Metadata of v1.0 and beta, in union, types derived from one another flattened into one record. The library
//! has its own tables; tests hold the two against each other, so that a member forgotten in either shows.

/// An object of the service: its name and its members.
#[derive(Debug)]
pub struct Record {
    /// The name of the type in the metadata; of derived types, their base.
    pub name: &'static str,
    /// Its members, in alphabetical order.
    pub members: &'static [Member],
}

/// One member of a record.
#[derive(Debug)]
pub struct Member {
    /// The name on the wire.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
}

/// What a member's value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `Edm.String` read by people: `displayName`.
    Text,
    /// `Edm.String` read by machines: an id, a URI, a language tag.
    Exact,
    /// `Edm.String` that opens something.
    Secret,
    /// `Edm.Int32`
    Int32,
    /// `Edm.Int64`
    Int64,
    /// `Edm.Boolean`
    Boolean,
    /// `Edm.DateTimeOffset`
    DateTime,
    /// A string that is one of these.
    Enum(&'static Enum),
    /// An object.
    Object(&'static Record),
    /// An array of strings.
    Strings,
    /// An array of strings, each one of these.
    Enums(&'static Enum),
    /// An array of objects.
    Objects(&'static Record),
    /// An array of objects, each of which may be a text instead: its `participantId`.
    ObjectsOrIds(&'static Record),
    /// `Edm.Double`
    Double,
    /// Named in the metadata, its type is not: any value must be survived.
    Untyped,
}

/// A string type with known values.
#[derive(Debug)]
pub struct Enum {
    /// The name of the type in the metadata.
    pub name: &'static str,
    /// Every value of v1.0 and beta.
    pub values: &'static [&'static str],
}

impl Record {
    /// The member of this name.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The types that `@odata.type` tells apart, if the record is several in one.
    pub fn types(&self) -> Option<&'static [&'static str]> {
        TYPES.iter().find(|(name, _)| *name == self.name).map(|(_, types)| *types)
    }
}

const fn member(name: &'static str, kind: Kind) -> Member {
    Member { name, kind }
}

use Kind::{
    Boolean, DateTime, Double, Enums, Exact, Int32, Int64, Object, Objects, ObjectsOrIds, Secret, Strings,
    Text, Untyped,
};

/// `call`
pub static CALL: Record = Record {
    name: "call",
    members: &[
        member("activeModalities", Enums(&MODALITY)),
        member("answeredBy", Object(&PARTICIPANT_INFO)),
        member("audioRoutingGroups", Objects(&AUDIO_ROUTING_GROUP)),
        member("callChainId", Exact),
        member("callOptions", Object(&CALL_OPTIONS)),
        member("callRoutes", Objects(&CALL_ROUTE)),
        member("callbackUri", Exact),
        member("chatInfo", Object(&CHAT_INFO)),
        member("contentSharingSessions", Objects(&CONTENT_SHARING_SESSION)),
        member("direction", Kind::Enum(&CALL_DIRECTION)),
        member("id", Exact),
        member("incomingContext", Object(&INCOMING_CONTEXT)),
        member("mediaConfig", Object(&MEDIA_CONFIG)),
        member("mediaState", Object(&CALL_MEDIA_STATE)),
        member("meetingCapability", Object(&MEETING_CAPABILITY)),
        member("meetingInfo", Object(&MEETING_INFO)),
        member("myParticipantId", Exact),
        member("operations", Objects(&COMMS_OPERATION)),
        member("participants", Objects(&PARTICIPANT)),
        member("requestedModalities", Enums(&MODALITY)),
        member("resultInfo", Object(&RESULT_INFO)),
        member("ringingTimeoutInSeconds", Int32),
        member("routingPolicies", Enums(&ROUTING_POLICY)),
        member("source", Object(&PARTICIPANT_INFO)),
        member("state", Kind::Enum(&CALL_STATE)),
        member("subject", Text),
        member("targets", Objects(&INVITATION_PARTICIPANT_INFO)),
        member("tenantId", Exact),
        member("terminationReason", Text),
        member("toneInfo", Object(&TONE_INFO)),
        member("transcription", Object(&CALL_TRANSCRIPTION_INFO)),
    ],
};

/// The members of [`CALL`] that only `$expand` brings.
pub const RELATIONSHIPS: [&str; 4] =
    ["audioRoutingGroups", "contentSharingSessions", "operations", "participants"];

/// `participantInfo`
pub static PARTICIPANT_INFO: Record = Record {
    name: "participantInfo",
    members: &[
        member("countryCode", Exact),
        member("endpointType", Kind::Enum(&ENDPOINT_TYPE)),
        member("id", Exact),
        member("identity", Object(&IDENTITY_SET)),
        member("languageId", Exact),
        member("nonAnonymizedIdentity", Object(&IDENTITY_SET)),
        member("participantId", Exact),
        member("platformId", Exact),
        member("region", Exact),
    ],
};

/// `invitationParticipantInfo`
pub static INVITATION_PARTICIPANT_INFO: Record = Record {
    name: "invitationParticipantInfo",
    members: &[
        member("endpointType", Kind::Enum(&ENDPOINT_TYPE)),
        member("hidden", Boolean),
        member("id", Exact),
        member("identity", Object(&IDENTITY_SET)),
        member("languageId", Exact),
        member("participantId", Exact),
        member("region", Exact),
        member("removeFromDefaultAudioRoutingGroup", Boolean),
        member("replacesCallId", Exact),
        member("tenantId", Exact),
    ],
};

/// `identitySet` with `communicationsIdentitySet`
pub static IDENTITY_SET: Record = Record {
    name: "identitySet",
    members: &[
        member("application", Object(&IDENTITY)),
        member("applicationInstance", Object(&IDENTITY)),
        member("assertedIdentity", Object(&IDENTITY)),
        member("azureCommunicationServicesUser", Object(&IDENTITY)),
        member("device", Object(&IDENTITY)),
        member("encrypted", Object(&IDENTITY)),
        member("endpointType", Kind::Enum(&ENDPOINT_TYPE)),
        member("guest", Object(&IDENTITY)),
        member("onPremises", Object(&IDENTITY)),
        member("phone", Object(&IDENTITY)),
        member("user", Object(&IDENTITY)),
    ],
};

/// `identity` with the `communications...Identity` types, and with those derived types that no call was seen to hold
pub static IDENTITY: Record = Record {
    name: "identity",
    members: &[
        member("appId", Exact),
        member("applicationIdentityType", Exact),
        member("applicationType", Exact),
        member("azureCommunicationServicesResourceId", Exact),
        member("conversationIdentityType", Exact),
        member("displayName", Text),
        member("email", Exact),
        member("hidden", Boolean),
        member("id", Exact),
        member("identityProvider", Exact),
        member("identityType", Exact),
        member("initiatorType", Exact),
        member("ipAddress", Exact),
        member("loginName", Exact),
        member("principalId", Exact),
        member("tenantId", Exact),
        member("title", Exact),
        member("userIdentityType", Exact),
        member("userPrincipalName", Exact),
    ],
};

/// The members of [`IDENTITY`] that belong to kinds not published for calls.
pub const BEYOND_CALLS: [&str; 12] = [
    "appId",
    "applicationIdentityType",
    "conversationIdentityType",
    "identityProvider",
    "identityType",
    "initiatorType",
    "ipAddress",
    "loginName",
    "principalId",
    "title",
    "userIdentityType",
    "userPrincipalName",
];

/// The members of [`IDENTITY`] that every kind has; of the others no kind has more than two.
pub const COMMON: [&str; 3] = ["displayName", "hidden", "id"];

/// `mediaConfig` with `appHostedMediaConfig` and `serviceHostedMediaConfig`
pub static MEDIA_CONFIG: Record = Record {
    name: "mediaConfig",
    members: &[
        member("blob", Secret),
        member("liveCaptionOptions", Object(&LIVE_CAPTION_OPTIONS)),
        member("preFetchMedia", Objects(&MEDIA_INFO)),
        member("removeFromDefaultAudioGroup", Boolean),
    ],
};

/// `mediaInfo`
pub static MEDIA_INFO: Record =
    Record { name: "mediaInfo", members: &[member("resourceId", Exact), member("uri", Exact)] };

/// `liveCaptionOptions`
pub static LIVE_CAPTION_OPTIONS: Record =
    Record { name: "liveCaptionOptions", members: &[member("streamUrl", Exact)] };

/// `callMediaState`
pub static CALL_MEDIA_STATE: Record =
    Record { name: "callMediaState", members: &[member("audio", Kind::Enum(&MEDIA_STATE))] };

/// `callOptions` with `incomingCallOptions` and `outgoingCallOptions`
pub static CALL_OPTIONS: Record = Record {
    name: "callOptions",
    members: &[
        member("hideBotAfterEscalation", Boolean),
        member("isContentSharingNotificationEnabled", Boolean),
        member("isDeltaRosterEnabled", Boolean),
        member("isInteractiveRosterEnabled", Boolean),
    ],
};

/// `callRoute`
pub static CALL_ROUTE: Record = Record {
    name: "callRoute",
    members: &[
        member("final", Object(&IDENTITY_SET)),
        member("original", Object(&IDENTITY_SET)),
        member("routingType", Kind::Enum(&ROUTING_TYPE)),
    ],
};

/// `chatInfo`
pub static CHAT_INFO: Record = Record {
    name: "chatInfo",
    members: &[member("messageId", Exact), member("replyChainMessageId", Exact), member("threadId", Exact)],
};

/// `meetingInfo` with `organizerMeetingInfo`, `tokenMeetingInfo` and `joinMeetingIdMeetingInfo`
pub static MEETING_INFO: Record = Record {
    name: "meetingInfo",
    members: &[
        member("allowConversationWithoutHost", Boolean),
        member("joinMeetingId", Exact),
        member("organizer", Object(&IDENTITY_SET)),
        member("passcode", Secret),
        member("token", Secret),
    ],
};

/// `meetingCapability`
pub static MEETING_CAPABILITY: Record = Record {
    name: "meetingCapability",
    members: &[
        member("allowAnonymousUsersToDialOut", Boolean),
        member("allowAnonymousUsersToStartMeeting", Boolean),
        member("autoAdmittedUsers", Kind::Enum(&AUTO_ADMITTED_USERS_TYPE)),
    ],
};

/// `callTranscriptionInfo`
pub static CALL_TRANSCRIPTION_INFO: Record = Record {
    name: "callTranscriptionInfo",
    members: &[
        member("lastModifiedDateTime", DateTime),
        member("state", Kind::Enum(&CALL_TRANSCRIPTION_STATE)),
    ],
};

/// `toneInfo`
pub static TONE_INFO: Record =
    Record { name: "toneInfo", members: &[member("sequenceId", Int64), member("tone", Kind::Enum(&TONE))] };

/// `resultInfo`
pub static RESULT_INFO: Record = Record {
    name: "resultInfo",
    members: &[member("code", Int32), member("message", Text), member("subcode", Int32)],
};

/// `incomingContext`
pub static INCOMING_CONTEXT: Record = Record {
    name: "incomingContext",
    members: &[
        member("observedParticipantId", Exact),
        member("onBehalfOf", Object(&IDENTITY_SET)),
        member("sourceParticipantId", Exact),
        member("transferor", Object(&IDENTITY_SET)),
    ],
};

/// `audioRoutingGroup`
pub static AUDIO_ROUTING_GROUP: Record = Record {
    name: "audioRoutingGroup",
    members: &[
        member("id", Exact),
        member("receivers", Strings),
        member("routingMode", Kind::Enum(&ROUTING_MODE)),
        member("sources", Strings),
    ],
};

/// `contentSharingSession`
pub static CONTENT_SHARING_SESSION: Record = Record {
    name: "contentSharingSession",
    members: &[
        member("id", Exact),
        member("pngOfCurrentSlide", Untyped),
        member("pngOfCurrentSlide@odata.mediaContentType", Exact),
        member("pngOfCurrentSlide@odata.mediaReadLink", Exact),
        member("presenterParticipantId", Exact),
    ],
};

/// `participant`
pub static PARTICIPANT: Record = Record {
    name: "participant",
    members: &[
        member("id", Exact),
        member("info", Object(&PARTICIPANT_INFO)),
        member("isIdentityAnonymized", Boolean),
        member("isInLobby", Boolean),
        member("isMuted", Boolean),
        member("mediaStreams", Objects(&MEDIA_STREAM)),
        member("metadata", Text),
        member("preferredDisplayName", Text),
        member("recordingInfo", Object(&RECORDING_INFO)),
        member("removedState", Object(&REMOVED_STATE)),
        member("restrictedExperience", Object(&ONLINE_MEETING_RESTRICTED)),
        member("rosterSequenceNumber", Int64),
        member("syntheticMediaDetection", Object(&SYNTHETIC_MEDIA_DETECTION)),
    ],
};

/// `syntheticMediaDetection`
pub static SYNTHETIC_MEDIA_DETECTION: Record = Record {
    name: "syntheticMediaDetection",
    members: &[
        member("detectionId", Exact),
        member("detectorBot", Object(&IDENTITY)),
        member("isParticipantTrusted", Boolean),
        member("syntheticConfidence", Double),
    ],
};

/// `mediaStream`
pub static MEDIA_STREAM: Record = Record {
    name: "mediaStream",
    members: &[
        member("direction", Kind::Enum(&MEDIA_DIRECTION)),
        member("label", Text),
        member("mediaType", Kind::Enum(&MODALITY)),
        member("serverMuted", Boolean),
        member("sourceId", Exact),
    ],
};

/// `recordingInfo`
pub static RECORDING_INFO: Record = Record {
    name: "recordingInfo",
    members: &[
        member("initiatedBy", Object(&PARTICIPANT_INFO)),
        member("initiator", Object(&IDENTITY_SET)),
        member("recordingStatus", Kind::Enum(&RECORDING_STATUS)),
    ],
};

/// `removedState`
pub static REMOVED_STATE: Record = Record { name: "removedState", members: &[member("reason", Text)] };

/// `onlineMeetingRestricted`
pub static ONLINE_MEETING_RESTRICTED: Record = Record {
    name: "onlineMeetingRestricted",
    members: &[
        member("contentSharingDisabled", Kind::Enum(&CONTENT_SHARING_DISABLED_REASON)),
        member("videoDisabled", Kind::Enum(&VIDEO_DISABLED_REASON)),
    ],
};

/// `commsOperation` with the operations derived from it
pub static COMMS_OPERATION: Record = Record {
    name: "commsOperation",
    members: &[
        member("clientContext", Text),
        member("completionReason", Kind::Enum(&COMPLETION_REASON)),
        member("id", Exact),
        member("participants", ObjectsOrIds(&INVITATION_PARTICIPANT_INFO)),
        member("recordingAccessToken", Secret),
        member("recordingLocation", Exact),
        member("resultInfo", Object(&RESULT_INFO)),
        member("status", Kind::Enum(&OPERATION_STATUS)),
    ],
};

/// The records that are several types in one, and these types: `@odata.type` says which.
pub const TYPES: [(&str, &[&str]); 4] = [
    ("callOptions", &["callOptions", "incomingCallOptions", "outgoingCallOptions"]),
    (
        "commsOperation",
        &[
            "commsOperation",
            "addLargeGalleryViewOperation",
            "cancelMediaProcessingOperation",
            "inviteParticipantsOperation",
            "muteParticipantOperation",
            "playPromptOperation",
            "recordOperation",
            "sendDtmfTonesOperation",
            "startHoldMusicOperation",
            "stopHoldMusicOperation",
            "subscribeToToneOperation",
            "unmuteParticipantOperation",
            "updateRecordingStatusOperation",
            "admitAllFromLobbyOperation",
            "admitFromLobbyOperation",
            "muteParticipantsOperation",
            "removeFromLobbyOperation",
            "startRecordingOperation",
            "startTranscriptionOperation",
            "stopRecordingOperation",
            "stopTranscriptionOperation",
        ],
    ),
    ("mediaConfig", &["mediaConfig", "appHostedMediaConfig", "serviceHostedMediaConfig"]),
    ("meetingInfo", &["meetingInfo", "joinMeetingIdMeetingInfo", "organizerMeetingInfo", "tokenMeetingInfo"]),
];

/// Every record, the call first.
pub static RECORDS: [&Record; 27] = [
    &CALL,
    &PARTICIPANT_INFO,
    &INVITATION_PARTICIPANT_INFO,
    &IDENTITY_SET,
    &IDENTITY,
    &MEDIA_CONFIG,
    &MEDIA_INFO,
    &LIVE_CAPTION_OPTIONS,
    &CALL_MEDIA_STATE,
    &CALL_OPTIONS,
    &CALL_ROUTE,
    &CHAT_INFO,
    &MEETING_INFO,
    &MEETING_CAPABILITY,
    &CALL_TRANSCRIPTION_INFO,
    &TONE_INFO,
    &RESULT_INFO,
    &INCOMING_CONTEXT,
    &AUDIO_ROUTING_GROUP,
    &CONTENT_SHARING_SESSION,
    &PARTICIPANT,
    &SYNTHETIC_MEDIA_DETECTION,
    &MEDIA_STREAM,
    &RECORDING_INFO,
    &REMOVED_STATE,
    &ONLINE_MEETING_RESTRICTED,
    &COMMS_OPERATION,
];

/// `callState`
pub static CALL_STATE: Enum = Enum {
    name: "callState",
    values: &[
        "incoming",
        "establishing",
        "ringing",
        "established",
        "hold",
        "transferring",
        "transferAccepted",
        "redirecting",
        "terminating",
        "terminated",
        "unknownFutureValue",
    ],
};

/// `callDirection`
pub static CALL_DIRECTION: Enum = Enum { name: "callDirection", values: &["incoming", "outgoing"] };

/// `modality`
pub static MODALITY: Enum = Enum {
    name: "modality",
    values: &["unknown", "audio", "video", "videoBasedScreenSharing", "data", "unknownFutureValue"],
};

/// `endpointType`
pub static ENDPOINT_TYPE: Enum = Enum {
    name: "endpointType",
    values: &["default", "voicemail", "skypeForBusiness", "skypeForBusinessVoipPhone", "unknownFutureValue"],
};

/// `routingType`
pub static ROUTING_TYPE: Enum =
    Enum { name: "routingType", values: &["forwarded", "lookup", "selfFork", "unknownFutureValue"] };

/// `routingPolicy`
pub static ROUTING_POLICY: Enum = Enum {
    name: "routingPolicy",
    values: &[
        "none",
        "noMissedCall",
        "disableForwardingExceptPhone",
        "disableForwarding",
        "preferSkypeForBusiness",
        "unknownFutureValue",
    ],
};

/// `mediaState`
pub static MEDIA_STATE: Enum =
    Enum { name: "mediaState", values: &["active", "inactive", "unknownFutureValue"] };

/// `callTranscriptionState`
pub static CALL_TRANSCRIPTION_STATE: Enum = Enum {
    name: "callTranscriptionState",
    values: &["notStarted", "active", "inactive", "unknownFutureValue"],
};

/// `tone`
pub static TONE: Enum = Enum {
    name: "tone",
    values: &[
        "tone0", "tone1", "tone2", "tone3", "tone4", "tone5", "tone6", "tone7", "tone8", "tone9", "star",
        "pound", "a", "b", "c", "d", "flash",
    ],
};

/// `autoAdmittedUsersType`
pub static AUTO_ADMITTED_USERS_TYPE: Enum =
    Enum { name: "autoAdmittedUsersType", values: &["everyoneInCompany", "everyone"] };

/// `routingMode`
pub static ROUTING_MODE: Enum =
    Enum { name: "routingMode", values: &["oneToOne", "multicast", "unknownFutureValue"] };

/// `mediaDirection`
pub static MEDIA_DIRECTION: Enum =
    Enum { name: "mediaDirection", values: &["inactive", "sendOnly", "receiveOnly", "sendReceive"] };

/// `recordingStatus`
pub static RECORDING_STATUS: Enum = Enum {
    name: "recordingStatus",
    values: &["unknown", "notRecording", "recording", "failed", "unknownFutureValue"],
};

/// `operationStatus`; the metadata writes them with capitals, the documentation without.
pub static OPERATION_STATUS: Enum =
    Enum { name: "operationStatus", values: &["NotStarted", "Running", "Completed", "Failed"] };

/// `playPromptCompletionReason`, `recordCompletionReason` and `sendDtmfCompletionReason`
pub static COMPLETION_REASON: Enum = Enum {
    name: "completionReason",
    values: &[
        "unknown",
        "completedSuccessfully",
        "mediaOperationCanceled",
        "operationCanceled",
        "stopToneDetected",
        "maxRecordDurationReached",
        "initialSilenceTimeout",
        "maxSilenceTimeout",
        "playPromptFailed",
        "playBeepFailed",
        "mediaReceiveTimeout",
        "unspecifiedError",
        "none",
        "unknownFutureValue",
    ],
};

/// `onlineMeetingVideoDisabledReason`
pub static VIDEO_DISABLED_REASON: Enum =
    Enum { name: "onlineMeetingVideoDisabledReason", values: &["watermarkProtection", "unknownFutureValue"] };

/// `onlineMeetingContentSharingDisabledReason`
pub static CONTENT_SHARING_DISABLED_REASON: Enum = Enum {
    name: "onlineMeetingContentSharingDisabledReason",
    values: &["watermarkProtection", "unknownFutureValue"],
};

/// Every enum.
pub static ENUMS: [&Enum; 17] = [
    &CALL_STATE,
    &CALL_DIRECTION,
    &MODALITY,
    &ENDPOINT_TYPE,
    &ROUTING_TYPE,
    &ROUTING_POLICY,
    &MEDIA_STATE,
    &CALL_TRANSCRIPTION_STATE,
    &TONE,
    &AUTO_ADMITTED_USERS_TYPE,
    &ROUTING_MODE,
    &MEDIA_DIRECTION,
    &RECORDING_STATUS,
    &OPERATION_STATUS,
    &COMPLETION_REASON,
    &VIDEO_DISABLED_REASON,
    &CONTENT_SHARING_DISABLED_REASON,
];
