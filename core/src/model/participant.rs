//! Who takes part, or is asked to.

use super::capacity::TAG;
use super::{EndpointType, IdentitySet};
use crate::{Exact, Object, Open, Scalar, Text};

record! {
    /// Somebody who takes part in a call.
    pub struct ParticipantInfo<ID, TEXT, WORD, SET> = "participantInfo" {
        /// The country, ISO 3166-1 alpha-2.
        "countryCode" => country_code: Text<TAG>,
        /// What the participant is connected with.
        "endpointType" => endpoint_type: Open<EndpointType, WORD>,
        /// Who it is.
        "identity" => identity: Object<IdentitySet<ID, TEXT, WORD, SET>>,
        /// The language of the client, such as `en-US`.
        "languageId" => language_id: Text<TAG>,
        /// Who it is, where the call shows a stand-in (beta).
        "nonAnonymizedIdentity" => non_anonymized_identity: Object<IdentitySet<ID, TEXT, WORD, SET>>,
        /// The id in this call.
        "participantId" => participant_id: Exact<ID>,
        /// The platform of the client (beta).
        "platformId" => platform_id: Exact<ID>,
        /// The region of the home of the participant, such as `amer`.
        "region" => region: Text<TAG>,
    }
}

record! {
    /// Somebody whom a call is meant for.
    pub struct InvitationParticipantInfo<ID, TEXT, WORD, SET> = "invitationParticipantInfo" {
        /// What the participant is connected with (beta).
        "endpointType" => endpoint_type: Open<EndpointType, WORD>,
        /// Whether the participant is left out of the roster.
        "hidden" => hidden: Scalar<bool>,
        /// Who it is.
        "identity" => identity: Object<IdentitySet<ID, TEXT, WORD, SET>>,
        /// The id in this call.
        "participantId" => participant_id: Exact<ID>,
        /// Whether the participant is kept out of the mix that everyone hears.
        "removeFromDefaultAudioRoutingGroup" => remove_from_default_audio_routing_group: Scalar<bool>,
        /// The call that this one takes the place of.
        "replacesCallId" => replaces_call_id: Exact<ID>,
    }
}
