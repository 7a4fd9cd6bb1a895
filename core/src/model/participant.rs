//! Who takes part, or is asked to.

use super::{EndpointType, IdentitySet};
use crate::{Id, Object, OpenEnum, Scalar, Text};

record! {
    /// Somebody who takes part in a call.
    pub struct ParticipantInfo = "participantInfo" {
        /// The country, ISO 3166-1 alpha-2.
        "countryCode" => country_code: Text<C::Tag>,
        /// What the participant is connected with.
        "endpointType" => endpoint_type: OpenEnum<EndpointType, C::Word>,
        /// Who it is.
        "identity" => identity: Object<IdentitySet<C>>,
        /// The language of the client, such as `en-US`.
        "languageId" => language_id: Text<C::Tag>,
        /// Who it is, where the call shows a stand-in (beta).
        "nonAnonymizedIdentity" => non_anonymized_identity: Object<IdentitySet<C>>,
        /// The id in this call.
        "participantId" => participant_id: Id<C::Id>,
        /// The platform of the client (beta).
        "platformId" => platform_id: Id<C::Id>,
        /// The region of the home of the participant, such as `amer`.
        "region" => region: Text<C::Tag>,
    }
}

record! {
    /// Somebody whom a call is meant for.
    pub struct InvitationParticipantInfo = "invitationParticipantInfo" {
        /// What the participant is connected with (beta).
        "endpointType" => endpoint_type: OpenEnum<EndpointType, C::Word>,
        /// Whether the participant is left out of the roster.
        "hidden" => hidden: Scalar<bool>,
        /// Who it is.
        "identity" => identity: Object<IdentitySet<C>>,
        /// The id in this call.
        "participantId" => participant_id: Id<C::Id>,
        /// Whether the participant is kept out of the mix that everyone hears.
        "removeFromDefaultAudioRoutingGroup" => remove_from_default_audio_routing_group: Scalar<bool>,
        /// The call that this one takes the place of.
        "replacesCallId" => replaces_call_id: Id<C::Id>,
    }
}
