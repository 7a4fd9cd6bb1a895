//! What media a call carries, and who handles them.

use super::{MediaConfigKind, MediaState};
use crate::{Id, List, Object, OpenEnum, Scalar, Secret};

record! {
    /// Who handles the media of a call (`mediaConfig` and the types derived from it).
    pub struct MediaConfig = "mediaConfig" {
        /// The declared type; the other members say which one it is even where this is missing.
        "@odata.type" => kind: OpenEnum<MediaConfigKind, C::Word>,
        /// Whether the participant is kept out of the mix that everyone hears (beta).
        "removeFromDefaultAudioGroup" => remove_from_default_audio_group: Scalar<bool>,
        /// App-hosted: the settings of the application's media platform, JSON inside a string.
        "blob" => blob: Secret<C::Secret>,
        /// Service-hosted: where live captions are sent (beta).
        "liveCaptionOptions" => live_caption_options: Object<LiveCaptionOptions<C>>,
        /// Service-hosted: prompts that the service fetches before they are played.
        "preFetchMedia" => pre_fetch_media: List<C::List<MediaInfo<C>>>,
    }
}

record! {
    /// A sound that can be played into a call.
    pub struct MediaInfo = "mediaInfo" {
        /// Tells one version of the file from another.
        "resourceId" => resource_id: Id<C::Id>,
        /// Where the sound is: WAV, one channel, 16 bits, 16 kHz.
        "uri" => uri: Id<C::Uri>,
    }
}

record! {
    /// Where live captions are sent (beta).
    pub struct LiveCaptionOptions = "liveCaptionOptions" {
        /// The stream that takes the captions.
        "streamUrl" => stream_url: Id<C::Uri>,
    }
}

record! {
    /// Which media of the call flow.
    pub struct CallMediaState = "callMediaState" {
        /// Sound.
        "audio" => audio: OpenEnum<MediaState, C::Word>,
    }
}
