//! Who somebody is.

mod members;

use super::EndpointType;
use super::capacity::EXTRAS;
use crate::cell::Cell;
use crate::json::slot::{Index, Place, Record, Row, Schema};
use crate::open::Names as _;
use crate::value::Value;
use crate::{Exact, List, Open, Scalar, Text};

names! {
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

names! {
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
#[derive(Clone)]
pub struct Identity<const ID: usize = { super::capacity::ID }, const TEXT: usize = { super::capacity::TEXT }>
{
    /// What the identity is of.
    pub kind: Open<IdentityKind, 0>,
    /// The id; its form depends on the kind.
    pub id: Exact<ID>,
    /// The name for people.
    pub display_name: Text<TEXT>,
    /// Applications: whether it is left out of rosters.
    pub hidden: Scalar<bool>,
    /// What the kind adds: a kind has two such members at most, so they share two places.
    pub extras: List<Extra<ID>, EXTRAS>,
}

/// A member that some kinds of identity have, and its value.
#[derive(Clone, PartialEq)]
pub struct Extra<const N: usize> {
    /// Which member.
    pub name: Open<ExtraName, 0>,
    /// The value.
    pub value: Exact<N>,
}

impl<const ID: usize, const TEXT: usize> Identity<ID, TEXT> {
    /// The value of a member that only some kinds have.
    pub fn extra(&self, name: ExtraName) -> Option<&str> {
        self.extras.iter().find(|extra| extra.name == name)?.value.as_str()
    }
}

/// Everything that is known of who somebody is (`identitySet` and `communicationsIdentitySet`).
///
/// Usually there is one identity; the capacity `SET` says how many are kept.
#[derive(Clone)]
pub struct IdentitySet<
    const ID: usize = { super::capacity::ID },
    const TEXT: usize = { super::capacity::TEXT },
    const WORD: usize = { super::capacity::WORD },
    const SET: usize = { super::capacity::SET },
> {
    /// The identities, in the order of the body.
    pub identities: List<Identity<ID, TEXT>, SET>,
    /// What the participant is connected with.
    pub endpoint_type: Open<EndpointType, WORD>,
}

impl<const ID: usize, const TEXT: usize, const WORD: usize, const SET: usize>
    IdentitySet<ID, TEXT, WORD, SET>
{
    /// The identity of a kind.
    pub fn of(&self, kind: IdentityKind) -> Option<&Identity<ID, TEXT>> {
        self.identities.iter().find(|identity| identity.kind == kind)
    }
}

/// The members of a set: one for each kind, and one more.
const SET_NAMES: [&str; 11] = with(IdentityKind::NAMES, ["endpointType"]);
const ENDPOINT_TYPE: u8 = IdentityKind::NAMES.len() as u8;
/// Beside the members: how many identities there were.
const SET_TOTAL: u8 = ENDPOINT_TYPE + 1;

/// The members of an identity: those that a kind adds, and those that all have.
const IDENTITY_NAMES: [&str; 19] = with(ExtraName::NAMES, ["id", "displayName", "hidden"]);
const ID_ROW: u8 = ExtraName::NAMES.len() as u8;
const DISPLAY_NAME_ROW: u8 = ID_ROW + 1;
const HIDDEN_ROW: u8 = ID_ROW + 2;
/// Beside the members: how many extras there were.
const IDENTITY_TOTAL: u8 = ID_ROW + 3;

static SET_INDEX: Index = index!(SET_NAMES);
static IDENTITY_INDEX: Index = index!(IDENTITY_NAMES);

static IDENTITY_SCHEMA: Schema =
    Schema { name: "identity", rows: &rows(IDENTITY_NAMES, None), members: 19, index: &IDENTITY_INDEX };
static SET_SCHEMA: Schema = Schema {
    name: "identitySet",
    rows: &rows(SET_NAMES, Some(&IDENTITY_SCHEMA)),
    members: 11,
    index: &SET_INDEX,
};

/// Two lists of names as one.
const fn with<const M: usize, const N: usize>(
    names: &[&'static str],
    more: [&'static str; M],
) -> [&'static str; N] {
    let mut all = [""; N];
    let mut rest: &mut [&str] = &mut all;
    let mut sources = (names, more.as_slice());
    loop {
        let (name, left) = match sources {
            ([name, left @ ..], more) => (*name, (left, more)),
            (_, [name, left @ ..]) => (*name, (&[] as &[&str], left)),
            _ => return all,
        };
        sources = left;
        match rest {
            [first, tail @ ..] => {
                *first = name;
                rest = tail;
            }
            _ => return all,
        }
    }
}

/// Rows of these names; all but the last lead to `child`.
const fn rows<const N: usize>(names: [&'static str; N], child: Option<&'static Schema>) -> [Row; N] {
    let mut rows = [Row { name: "", child: None }; N];
    let mut rest: &mut [Row] = &mut rows;
    let mut names: &[&'static str] = &names;
    while let ([row, tail @ ..], [name, left @ ..]) = (rest, names) {
        *row = Row { name, child: if left.is_empty() { None } else { child } };
        rest = tail;
        names = left;
    }
    rows
}

impl<const ID: usize, const TEXT: usize, const WORD: usize, const SET: usize> Record
    for IdentitySet<ID, TEXT, WORD, SET>
{
    fn schema(&self) -> &'static Schema {
        &SET_SCHEMA
    }

    fn place(&mut self, row: u8) -> Place<'_> {
        match row {
            ENDPOINT_TYPE => return self.endpoint_type.place(),
            SET_TOTAL => return self.identities.total_place(),
            _ => {}
        }
        match self.identities.find_or_add(|identity| identity.kind.is_at(row)) {
            Some(identity) => {
                identity.kind.set_at(row);
                Place::Record(identity)
            }
            None => Place::Full(SET),
        }
    }

    fn clear(&mut self) {
        self.identities.clear();
        self.endpoint_type.clear();
    }
}

impl<const ID: usize, const TEXT: usize> Record for Identity<ID, TEXT> {
    fn schema(&self) -> &'static Schema {
        &IDENTITY_SCHEMA
    }

    fn place(&mut self, row: u8) -> Place<'_> {
        match row {
            ID_ROW => return self.id.place(),
            DISPLAY_NAME_ROW => return self.display_name.place(),
            HIDDEN_ROW => return self.hidden.place(),
            IDENTITY_TOTAL => return self.extras.total_place(),
            _ => {}
        }
        match self.extras.find_or_add(|extra| extra.name.is_at(row)) {
            Some(extra) => {
                extra.name.set_at(row);
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

impl<const ID: usize, const TEXT: usize, const WORD: usize, const SET: usize> Cell
    for IdentitySet<ID, TEXT, WORD, SET>
{
    const EMPTY: Self = Self { identities: List::EMPTY, endpoint_type: Open::EMPTY };
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

impl<const ID: usize, const TEXT: usize> Cell for Identity<ID, TEXT> {
    const EMPTY: Self = Self {
        kind: Open::EMPTY,
        id: Exact::EMPTY,
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

impl<const N: usize> Cell for Extra<N> {
    const EMPTY: Self = Self { name: Open::EMPTY, value: Exact::EMPTY };
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
