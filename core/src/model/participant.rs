//! Who takes part, or is asked to.

use core::ops::Deref;

use super::capacity::Standard;
use super::{Capacities, EndpointType, IdentitySet};
use crate::cell::Cell;
use crate::record::{AS_TEXT, Members, Place, Record, Schema, Value};
use crate::{Id, Object, OpenEnum, Scalar, Text};

record! {
    /// Somebody who takes part in a call.
    pub struct ParticipantInfo = "participantInfo" {
        /// Seen in bodies, though not published: the id in this call.
        "id" => id: Id<C::Id>,
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
        /// Seen in bodies, though not published: the id in this call.
        "id" => id: Id<C::Id>,
        /// Seen in bodies, though not published: the language of the client, such as `en-US`.
        "languageId" => language_id: Text<C::Tag>,
        /// Seen in bodies, though not published: the region of the home of the participant, such as `amer`.
        "region" => region: Text<C::Tag>,
        /// Seen in bodies, though not published: the organisation.
        "tenantId" => tenant_id: Id<C::Id>,
    }
}

/// Somebody whom an operation is about: with all that an invitation says, or by the participant id alone.
///
/// On the wire the latter is a text, where other operations have an object.
pub struct OperationParticipant<C: Capacities = Standard>(InvitationParticipantInfo<C>);

/// The row of `participantId`.
const PARTICIPANT_ID: u8 = 3;

impl<C: Capacities> Deref for OperationParticipant<C> {
    type Target = InvitationParticipantInfo<C>;

    fn deref(&self) -> &InvitationParticipantInfo<C> {
        &self.0
    }
}

impl<C: Capacities> Record for OperationParticipant<C> {
    fn schema(&self) -> &'static Schema {
        Record::schema(&self.0)
    }

    fn place(&mut self, field: u8) -> Place<'_> {
        Record::place(&mut self.0, if field == AS_TEXT { PARTICIPANT_ID } else { field })
    }

    fn clear(&mut self) {
        Record::clear(&mut self.0);
    }
}

impl<C: Capacities> Members for OperationParticipant<C> {
    fn type_name(&self) -> &'static str {
        self.0.type_name()
    }

    fn schema(&self) -> &'static Schema {
        Members::schema(&self.0)
    }

    fn member(&self, index: u8) -> Option<(u8, Value<'_>)> {
        self.0.member(index)
    }
}

impl<C: Capacities> Cell for OperationParticipant<C> {
    const EMPTY: Self = Self(InvitationParticipantInfo::EMPTY);
    const CHILD: Option<&'static Schema> = InvitationParticipantInfo::<C>::CHILD;

    fn place(&mut self) -> Place<'_> {
        Place::Record(self)
    }

    fn value(&self) -> Value<'_> {
        self.0.value()
    }

    fn clear(&mut self) {
        Cell::clear(&mut self.0);
    }
}

impl<C: Capacities> Clone for OperationParticipant<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C: Capacities> PartialEq for OperationParticipant<C> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

record_by_value! {
    [C: Capacities] OperationParticipant<C>,
}
