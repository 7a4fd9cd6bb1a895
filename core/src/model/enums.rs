//! The enumerations, as tables: what Microsoft writes, and what it is called here.

open_enum! {
    /// How far a call has come.
    pub enum CallState {
        /// Somebody calls the application.
        "incoming" => Incoming,
        /// The call is being set up.
        "establishing" => Establishing,
        /// The other end rings (beta).
        "ringing" => Ringing,
        /// People can talk.
        "established" => Established,
        /// The call is on hold.
        "hold" => Hold,
        /// The call is being handed to somebody else.
        "transferring" => Transferring,
        /// The one it was handed to has taken it.
        "transferAccepted" => TransferAccepted,
        /// The call is being sent on before it was answered.
        "redirecting" => Redirecting,
        /// The call is being ended.
        "terminating" => Terminating,
        /// The call is over.
        "terminated" => Terminated,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// Who called whom, seen from the application.
    pub enum CallDirection {
        /// Somebody called the application.
        "incoming" => Incoming,
        /// The application called.
        "outgoing" => Outgoing,
    }
}

open_enum! {
    /// A kind of media.
    pub enum Modality {
        /// The kind is not known to the service (beta).
        "unknown" => Unstated,
        /// Sound.
        "audio" => Audio,
        /// A camera.
        "video" => Video,
        /// A shared screen, sent as video.
        "videoBasedScreenSharing" => VideoBasedScreenSharing,
        /// Data.
        "data" => Data,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// What a participant is connected with.
    pub enum EndpointType {
        /// An ordinary client.
        "default" => Default,
        /// A voice mailbox.
        "voicemail" => Voicemail,
        /// A Skype for Business client.
        "skypeForBusiness" => SkypeForBusiness,
        /// A Skype for Business telephone.
        "skypeForBusinessVoipPhone" => SkypeForBusinessVoipPhone,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// Why a call went another way than it was dialled.
    pub enum RoutingType {
        /// It was forwarded.
        "forwarded" => Forwarded,
        /// The person was looked up.
        "lookup" => Lookup,
        /// It rings at several places of one person.
        "selfFork" => SelfFork,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// What the service may do with a call that is not answered (beta).
    pub enum RoutingPolicy {
        /// Nothing is stated.
        "none" => None,
        /// No missed call is noted.
        "noMissedCall" => NoMissedCall,
        /// The call is never forwarded.
        "disableForwarding" => DisableForwarding,
        /// The call is forwarded to telephones only.
        "disableForwardingExceptPhone" => DisableForwardingExceptPhone,
        /// Skype for Business comes first.
        "preferSkypeForBusiness" => PreferSkypeForBusiness,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// Whether media flows.
    pub enum MediaState {
        /// It flows.
        "active" => Active,
        /// It does not.
        "inactive" => Inactive,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// Whether the call is written down.
    pub enum CallTranscriptionState {
        /// Not yet.
        "notStarted" => NotStarted,
        /// It is.
        "active" => Active,
        /// Not any more.
        "inactive" => Inactive,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// A key of a telephone.
    pub enum Tone {
        /// 0
        "tone0" => Tone0,
        /// 1
        "tone1" => Tone1,
        /// 2
        "tone2" => Tone2,
        /// 3
        "tone3" => Tone3,
        /// 4
        "tone4" => Tone4,
        /// 5
        "tone5" => Tone5,
        /// 6
        "tone6" => Tone6,
        /// 7
        "tone7" => Tone7,
        /// 8
        "tone8" => Tone8,
        /// 9
        "tone9" => Tone9,
        /// *
        "star" => Star,
        /// #
        "pound" => Pound,
        /// A
        "a" => A,
        /// B
        "b" => B,
        /// C
        "c" => C,
        /// D
        "d" => D,
        /// The hook, pressed for a moment.
        "flash" => Flash,
    }
}

open_enum! {
    /// Who need not wait in the lobby (beta).
    pub enum AutoAdmittedUsersType {
        /// Everyone of the organisation.
        "everyoneInCompany" => EveryoneInCompany,
        /// Everyone.
        "everyone" => Everyone,
    }
}

open_enum! {
    /// Whom a group of an audio mix reaches.
    pub enum RoutingMode {
        /// One hears one.
        "oneToOne" => OneToOne,
        /// Several hear several.
        "multicast" => Multicast,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// Which way a stream of media flows, seen from the participant.
    pub enum MediaDirection {
        /// Neither way.
        "inactive" => Inactive,
        /// To the call only.
        "sendOnly" => SendOnly,
        /// From the call only.
        "receiveOnly" => ReceiveOnly,
        /// Both ways.
        "sendReceive" => SendReceive,
    }
}

open_enum! {
    /// Whether a participant records.
    pub enum RecordingStatus {
        /// The service cannot say.
        "unknown" => Unstated,
        /// No.
        "notRecording" => NotRecording,
        /// Yes.
        "recording" => Recording,
        /// It was tried, and failed.
        "failed" => Failed,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// How far an operation has come.
    pub enum OperationStatus {
        /// Not begun.
        "NotStarted" => NotStarted,
        /// Under way.
        "Running" => Running,
        /// Done.
        "Completed" => Completed,
        /// Failed.
        "Failed" => Failed,
    }
}

open_enum! {
    /// Why an operation on media ended: of prompts, recordings and tones together.
    ///
    /// The metadata has one enumeration for each; here a value may belong to any, since the kind of an
    /// operation need not be known when its reason is.
    pub enum CompletionReason {
        /// The service cannot say.
        "unknown" => Unstated,
        /// Prompt or tones: played to the end.
        "completedSuccessfully" => CompletedSuccessfully,
        /// Prompt or tones: cancelled.
        "mediaOperationCanceled" => MediaOperationCanceled,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
        /// Recording: no reason.
        "none" => None,
        /// Recording: cancelled.
        "operationCanceled" => OperationCanceled,
        /// Recording: the tone that stops it was heard.
        "stopToneDetected" => StopToneDetected,
        /// Recording: as long as allowed.
        "maxRecordDurationReached" => MaxRecordDurationReached,
        /// Recording: nobody began to speak.
        "initialSilenceTimeout" => InitialSilenceTimeout,
        /// Recording: nobody spoke any more.
        "maxSilenceTimeout" => MaxSilenceTimeout,
        /// Recording: the prompt before it failed.
        "playPromptFailed" => PlayPromptFailed,
        /// Recording: the beep before it failed.
        "playBeepFailed" => PlayBeepFailed,
        /// Recording: no media came.
        "mediaReceiveTimeout" => MediaReceiveTimeout,
        /// Recording: another error.
        "unspecifiedError" => UnspecifiedError,
    }
}

open_enum! {
    /// Why video is off for a participant.
    pub enum OnlineMeetingVideoDisabledReason {
        /// The meeting shows watermarks, and the client cannot.
        "watermarkProtection" => WatermarkProtection,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// Why sharing is off for a participant.
    pub enum OnlineMeetingContentSharingDisabledReason {
        /// The meeting shows watermarks, and the client cannot.
        "watermarkProtection" => WatermarkProtection,
        /// The service has a newer member than the client asked for.
        "unknownFutureValue" => UnknownFutureValue,
    }
}

open_enum! {
    /// Which type of media configuration a body declares.
    pub enum MediaConfigKind of "microsoft.graph." {
        /// The application handles the media itself.
        "appHostedMediaConfig" => AppHosted,
        /// The service handles the media.
        "serviceHostedMediaConfig" => ServiceHosted,
        /// The type that both derive from.
        "mediaConfig" => Base,
    }
}

open_enum! {
    /// Which type of meeting information a body declares.
    pub enum MeetingInfoKind of "microsoft.graph." {
        /// The meeting is known by its organiser.
        "organizerMeetingInfo" => Organizer,
        /// The meeting is known by a token.
        "tokenMeetingInfo" => Token,
        /// The meeting is known by its id and passcode.
        "joinMeetingIdMeetingInfo" => JoinMeetingId,
        /// The type that all derive from.
        "meetingInfo" => Base,
    }
}

open_enum! {
    /// Which type of call options a body declares.
    pub enum CallOptionsKind of "microsoft.graph." {
        /// Of a call that the application made.
        "outgoingCallOptions" => Outgoing,
        /// Of a call that the application took.
        "incomingCallOptions" => Incoming,
        /// The type that both derive from.
        "callOptions" => Base,
    }
}

open_enum! {
    /// Which type of operation a body declares.
    pub enum CommsOperationKind of "microsoft.graph." {
        /// A large gallery view was added.
        "addLargeGalleryViewOperation" => AddLargeGalleryView,
        /// The media in work were cancelled.
        "cancelMediaProcessingOperation" => CancelMediaProcessing,
        /// Participants were invited.
        "inviteParticipantsOperation" => InviteParticipants,
        /// A participant was muted.
        "muteParticipantOperation" => MuteParticipant,
        /// A prompt was played.
        "playPromptOperation" => PlayPrompt,
        /// A recording was made.
        "recordOperation" => Record,
        /// Tones were sent.
        "sendDtmfTonesOperation" => SendDtmfTones,
        /// The music on hold was started.
        "startHoldMusicOperation" => StartHoldMusic,
        /// The music on hold was stopped.
        "stopHoldMusicOperation" => StopHoldMusic,
        /// The application asked to be told of tones.
        "subscribeToToneOperation" => SubscribeToTone,
        /// The participant was heard again.
        "unmuteParticipantOperation" => UnmuteParticipant,
        /// The recording status was changed.
        "updateRecordingStatusOperation" => UpdateRecordingStatus,
        /// The type that all derive from.
        "commsOperation" => Base,
        /// All who waited in the lobby were let in.
        "admitAllFromLobbyOperation" => AdmitAllFromLobby,
        /// Participants who waited in the lobby were let in.
        "admitFromLobbyOperation" => AdmitFromLobby,
        /// Participants were muted.
        "muteParticipantsOperation" => MuteParticipants,
        /// Participants who waited in the lobby were sent away.
        "removeFromLobbyOperation" => RemoveFromLobby,
        /// A recording was begun.
        "startRecordingOperation" => StartRecording,
        /// A transcript was begun.
        "startTranscriptionOperation" => StartTranscription,
        /// A recording was ended.
        "stopRecordingOperation" => StopRecording,
        /// A transcript was ended.
        "stopTranscriptionOperation" => StopTranscription,
    }
}
