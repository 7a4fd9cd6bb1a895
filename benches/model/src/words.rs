//! The enumerations of the model: one row per word.

use crate::value::scalar;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($word:literal $variant:ident)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[allow(missing_docs, reason = "a word says itself")]
        pub enum $name {
            $($variant,)*
            /// Any other word.
            #[default]
            Unknown,
        }

        impl $name {
            /// The variant of a word.
            pub fn new(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    _ => Self::Unknown,
                }
            }

            /// The word.
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Unknown => "",
                }
            }
        }

        scalar!($name, |word| Some($name::new(word)));

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Word;
                impl serde::de::Visitor<'_> for Word {
                    type Value = $name;
                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str("a word")
                    }
                    fn visit_str<E>(self, word: &str) -> Result<$name, E> {
                        Ok($name::new(word))
                    }
                }
                deserializer.deserialize_str(Word)
            }
        }
    )* };
}

words! {
    /// Where a call is in its life.
    CallState {
        "incoming" Incoming
        "establishing" Establishing
        "ringing" Ringing
        "established" Established
        "hold" Hold
        "transferring" Transferring
        "transferAccepted" TransferAccepted
        "redirecting" Redirecting
        "terminating" Terminating
        "terminated" Terminated
    }
    /// Who called whom.
    Direction {
        "incoming" Incoming
        "outgoing" Outgoing
    }
    /// A kind of media.
    Modality {
        "unknown" Stated
        "audio" Audio
        "video" Video
        "videoBasedScreenSharing" VideoBasedScreenSharing
        "data" Data
    }
    /// What kind of endpoint takes part.
    EndpointType {
        "default" Default
        "voicemail" Voicemail
        "skypeForBusiness" SkypeForBusiness
        "skypeForBusinessVoipPhone" SkypeForBusinessVoipPhone
    }
    /// How a call was routed.
    RoutingType {
        "forwarded" Forwarded
        "lookup" Lookup
        "selfFork" SelfFork
    }
    /// Whether media flows.
    MediaState {
        "active" Active
        "inactive" Inactive
    }
    /// How transcription stands.
    TranscriptionState {
        "notStarted" NotStarted
        "active" Active
        "inactive" Inactive
    }
    /// A tone of a keypad.
    Tone {
        "tone0" Tone0
        "tone1" Tone1
        "tone2" Tone2
        "tone3" Tone3
        "tone4" Tone4
        "tone5" Tone5
        "tone6" Tone6
        "tone7" Tone7
        "tone8" Tone8
        "tone9" Tone9
        "star" Star
        "pound" Pound
        "a" A
        "b" B
        "c" C
        "d" D
        "flash" Flash
    }
    /// How a call may be routed.
    RoutingPolicy {
        "none" None
        "noMissedCall" NoMissedCall
        "disableForwardingExceptPhone" DisableForwardingExceptPhone
        "disableForwarding" DisableForwarding
        "preferSkypeForBusiness" PreferSkypeForBusiness
    }
    /// What an identity set calls an identity.
    IdentityKind {
        "application" Application
        "applicationInstance" ApplicationInstance
        "assertedIdentity" AssertedIdentity
        "azureCommunicationServicesUser" AzureCommunicationServicesUser
        "device" Device
        "encrypted" Encrypted
        "guest" Guest
        "onPremises" OnPremises
        "phone" Phone
        "user" User
    }
    /// The type of a media configuration.
    MediaConfigKind {
        "#microsoft.graph.appHostedMediaConfig" AppHosted
        "#microsoft.graph.serviceHostedMediaConfig" ServiceHosted
    }
    /// The type of a meeting's information.
    MeetingKind {
        "#microsoft.graph.joinMeetingIdMeetingInfo" JoinMeetingId
        "#microsoft.graph.organizerMeetingInfo" Organizer
        "#microsoft.graph.tokenMeetingInfo" Token
    }
}
