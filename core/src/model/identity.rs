//! Who somebody is.

mod members;

use super::EndpointType;
use super::capacity::{Capacities, Standard};
use crate::cell::Cell;
use crate::record::{AS_TEXT, Place, Record, Schema};
use crate::value::Value;
use crate::{Id, List, OpenEnum, Scalar, Text};

open_enum! {
    /// What an identity is of: the name of the member that holds it.
    pub enum IdentityKind {
        /// An application.
        "application" => Application,
        /// A device.
        "device" => Device,
        /// A person of an organisation.
        "user" => User,
        /// An application with a telephone number.
        "applicationInstance" => ApplicationInstance,
        /// An identity that the caller states, such as the number it shows.
        "assertedIdentity" => AssertedIdentity,
        /// A person of Azure Communication Services.
        "azureCommunicationServicesUser" => AzureCommunicationServicesUser,
        /// A person of whom only an encrypted id is known.
        "encrypted" => Encrypted,
        /// A guest of a meeting.
        "guest" => Guest,
        /// A person of a telephone system on the premises.
        "onPremises" => OnPremises,
        /// A telephone.
        "phone" => Phone,
    }
}

open_enum! {
    /// A member that some kinds of identity have, beside those that all have.
    pub enum ExtraName {
        /// Applications: which type.
        "applicationType" => ApplicationType,
        /// Azure Communication Services: the resource.
        "azureCommunicationServicesResourceId" => AzureCommunicationServicesResourceId,
        /// Guests and mailboxes: the address.
        "email" => Email,
        /// Persons, application instances: the organisation.
        "tenantId" => TenantId,
        /// Seen in bodies, though not published: who vouches for the identity.
        "identityProvider" => IdentityProvider,
        /// Persons: the address of the machine.
        "ipAddress" => IpAddress,
        /// Persons: the name by which they sign in.
        "userPrincipalName" => UserPrincipalName,
        /// Persons of Teams: which type.
        "userIdentityType" => UserIdentityType,
        /// Applications of Teams: which type.
        "applicationIdentityType" => ApplicationIdentityType,
        /// Conversations of Teams: which type.
        "conversationIdentityType" => ConversationIdentityType,
        /// Service principals: the application.
        "appId" => AppId,
        /// Initiators: which type.
        "initiatorType" => InitiatorType,
        /// Provisioned identities: which type.
        "identityType" => IdentityType,
        /// SharePoint: the name by which one signs in.
        "loginName" => LoginName,
        /// SharePoint groups: the principal.
        "principalId" => PrincipalId,
        /// SharePoint groups: the title.
        "title" => Title,
    }
}

/// One identity (`identity` and the types derived from it).
///
/// ```
/// use graph_call::{Call, ExtraName, IdentityKind};
///
/// let call = Call::parse(br#"{"source":{"identity":{"guest":{"id":"1","email":"a@example.com"}}}}"#)?;
/// let source = call.source.get().ok_or("no source")?;
/// let guest = source.identity.get().and_then(|set| set.of(IdentityKind::Guest)).ok_or("no guest")?;
/// assert_eq!(guest.id.as_str(), Some("1"));
/// assert_eq!(guest.extra(ExtraName::Email), Some("a@example.com"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub struct Identity<C: Capacities = Standard> {
    /// What the identity is of.
    pub kind: OpenEnum<IdentityKind, [u8; 0]>,
    /// The id; its form depends on the kind.
    pub id: Id<C::Id>,
    /// The name for people.
    pub display_name: Text<C::Text>,
    /// Applications: whether it is left out of rosters.
    pub hidden: Scalar<bool>,
    /// What the kind adds: a kind has two such members at most, so they share two places.
    pub extras: List<C::Extras<Extra<C>>>,
}

/// A member that some kinds of identity have, and its value.
pub struct Extra<C: Capacities = Standard> {
    /// Which member.
    pub name: OpenEnum<ExtraName, [u8; 0]>,
    /// The value.
    pub value: Id<C::Id>,
}

impl<C: Capacities> Identity<C> {
    /// The value of a member that only some kinds have.
    pub fn extra(&self, name: ExtraName) -> Option<&str> {
        self.extras.iter().find(|extra| extra.name == name)?.value.as_str()
    }
}

/// Everything that is known of who somebody is (`identitySet` and `communicationsIdentitySet`).
///
/// Usually there is one identity; the capacity `set` says how many are kept. Of more, a person or a telephone stays before an
/// application, that before its instance, and that before a device; the others are counted.
pub struct IdentitySet<C: Capacities = Standard> {
    /// The identities, in the order of the body.
    pub identities: List<C::Set<Identity<C>>>,
    /// What the participant is connected with.
    pub endpoint_type: OpenEnum<EndpointType, C::Word>,
}

impl<C: Capacities> IdentitySet<C> {
    /// The identity of a kind.
    pub fn of(&self, kind: IdentityKind) -> Option<&Identity<C>> {
        self.identities.iter().find(|identity| identity.kind == kind)
    }
}

/// How much the kind of an identity says of who somebody is: that of a person or a telephone more than an application,
/// which says more than its instance, and that more than a device.
const fn weight(row: u8) -> u8 {
    // Two bits for each row, the first row lowest.
    (0b11_11_11_11_11_11_01_11_00_10_u32.wrapping_shr((row as u32).wrapping_mul(2)) & 3) as u8
}

/// The members of a set: one for each [`IdentityKind`], in that order, and one more.
static SET_SCHEMA: Schema = schema!(without lists, [
    "application" => Some(&IDENTITY_SCHEMA),
    "device" => Some(&IDENTITY_SCHEMA),
    "user" => Some(&IDENTITY_SCHEMA),
    "applicationInstance" => Some(&IDENTITY_SCHEMA),
    "assertedIdentity" => Some(&IDENTITY_SCHEMA),
    "azureCommunicationServicesUser" => Some(&IDENTITY_SCHEMA),
    "encrypted" => Some(&IDENTITY_SCHEMA),
    "guest" => Some(&IDENTITY_SCHEMA),
    "onPremises" => Some(&IDENTITY_SCHEMA),
    "phone" => Some(&IDENTITY_SCHEMA),
    "endpointType" => None,
]);
const DEVICE: u8 = 1;
const ENDPOINT_TYPE: u8 = 10;
/// Beside the members: how many identities there were.
const SET_TOTAL: u8 = 11;

/// The members of an identity: one for each [`ExtraName`], in that order, and those that all have.
static IDENTITY_SCHEMA: Schema = schema!(without lists, [
    "applicationType" => None,
    "azureCommunicationServicesResourceId" => None,
    "email" => None,
    "tenantId" => None,
    "identityProvider" => None,
    "ipAddress" => None,
    "userPrincipalName" => None,
    "userIdentityType" => None,
    "applicationIdentityType" => None,
    "conversationIdentityType" => None,
    "appId" => None,
    "initiatorType" => None,
    "identityType" => None,
    "loginName" => None,
    "principalId" => None,
    "title" => None,
    "id" => None,
    "displayName" => None,
    "hidden" => None,
]);
const ID_ROW: u8 = 16;
const DISPLAY_NAME_ROW: u8 = 17;
const HIDDEN_ROW: u8 = 18;
/// Beside the members: how many extras there were.
const IDENTITY_TOTAL: u8 = 19;

impl<C: Capacities> Record for IdentitySet<C> {
    fn schema(&self) -> &'static Schema {
        &SET_SCHEMA
    }

    fn place(&mut self, row: u8) -> Place<'_> {
        match row {
            ENDPOINT_TYPE => return self.endpoint_type.place(),
            SET_TOTAL => return self.identities.total_place(),
            AS_TEXT => return Place::Nothing,
            _ => {}
        }
        let weigh = |identity: &Identity<C>| {
            let kind = identity.kind.index().unwrap_or(DEVICE);
            (kind != row).then(|| weight(kind))
        };
        match self.identities.find_or_add(weigh, weight(row)) {
            Some(identity) => {
                identity.kind.set_index(row);
                Place::Record(identity)
            }
            // Those that are kept say more. It is counted, and does not fail the parse.
            None => Place::Nothing,
        }
    }

    fn clear(&mut self) {
        self.identities.clear();
        self.endpoint_type.clear();
    }
}

impl<C: Capacities> Record for Identity<C> {
    fn schema(&self) -> &'static Schema {
        &IDENTITY_SCHEMA
    }

    fn place(&mut self, row: u8) -> Place<'_> {
        match row {
            ID_ROW => return self.id.place(),
            DISPLAY_NAME_ROW => return self.display_name.place(),
            HIDDEN_ROW => return self.hidden.place(),
            IDENTITY_TOTAL => return self.extras.total_place(),
            AS_TEXT => return Place::Nothing,
            _ => {}
        }
        match self.extras.find_or_add(|extra| (extra.name.index() != Some(row)).then_some(0), 0) {
            Some(extra) => {
                extra.name.set_index(row);
                extra.value.place()
            }
            // Nobody asked for a third: it does not fail the parse.
            None => Place::Nothing,
        }
    }

    fn clear(&mut self) {
        self.kind.clear();
        self.id.clear();
        self.display_name.clear();
        self.hidden.clear();
        self.extras.clear();
    }
}

impl<C: Capacities> Cell for IdentitySet<C> {
    const EMPTY: Self = Self { identities: List::EMPTY, endpoint_type: OpenEnum::EMPTY };
    const CHILD: Option<&'static Schema> = Some(&SET_SCHEMA);

    fn place(&mut self) -> Place<'_> {
        Place::Record(self)
    }

    fn value(&self) -> Value<'_> {
        Value::Object(self)
    }

    fn clear(&mut self) {
        Record::clear(self);
    }
}

impl<C: Capacities> Cell for Identity<C> {
    const EMPTY: Self = Self {
        kind: OpenEnum::EMPTY,
        id: Id::EMPTY,
        display_name: Text::EMPTY,
        hidden: Scalar::EMPTY,
        extras: List::EMPTY,
    };
    const CHILD: Option<&'static Schema> = Some(&IDENTITY_SCHEMA);

    fn place(&mut self) -> Place<'_> {
        Place::Record(self)
    }

    fn value(&self) -> Value<'_> {
        Value::Object(self)
    }

    fn clear(&mut self) {
        Record::clear(self);
    }
}

impl<C: Capacities> Cell for Extra<C> {
    const EMPTY: Self = Self { name: OpenEnum::EMPTY, value: Id::EMPTY };
    const CHILD: Option<&'static Schema> = Some(&IDENTITY_SCHEMA);

    fn place(&mut self) -> Place<'_> {
        Place::Record(self)
    }

    fn value(&self) -> Value<'_> {
        Value::Object(self)
    }

    fn clear(&mut self) {
        Record::clear(self);
    }
}
