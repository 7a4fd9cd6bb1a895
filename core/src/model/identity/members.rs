//! Identities as data: on the wire the kind of an identity is the name of a member, and so are its extras.

use super::{
    DISPLAY_NAME_ROW, ENDPOINT_TYPE, Extra, HIDDEN_ROW, ID_ROW, IDENTITY_SCHEMA, IDENTITY_TOTAL, Identity,
    IdentitySet, SET_SCHEMA, SET_TOTAL,
};
use crate::cell::Cell as _;
use crate::model::Capacities;
use crate::record::{Members, Value};
use crate::record::{Place, Record, Schema};

impl<C: Capacities> Members for IdentitySet<C> {
    fn type_name(&self) -> &'static str {
        "identitySet"
    }

    fn schema(&self) -> &'static Schema {
        &SET_SCHEMA
    }

    fn member(&self, index: u8) -> Option<(u8, Value<'_>)> {
        let index = usize::from(index);
        if let Some(identity) = self.identities.get(index) {
            return Some(identity.kind.index().map_or(NOTHING, |row| (row, identity.value())));
        }
        match index.checked_sub(self.identities.len())? {
            0 => Some((ENDPOINT_TYPE, self.endpoint_type.value())),
            1 => Some((SET_TOTAL, self.identities.total_value())),
            _ => None,
        }
    }
}

impl<C: Capacities> Members for Identity<C> {
    fn type_name(&self) -> &'static str {
        "identity"
    }

    fn schema(&self) -> &'static Schema {
        &IDENTITY_SCHEMA
    }

    fn member(&self, index: u8) -> Option<(u8, Value<'_>)> {
        let index = usize::from(index);
        if let Some(extra) = self.extras.get(index) {
            return extra.member(0);
        }
        match index.checked_sub(self.extras.len())? {
            0 => Some((ID_ROW, self.id.value())),
            1 => Some((DISPLAY_NAME_ROW, self.display_name.value())),
            2 => Some((HIDDEN_ROW, self.hidden.value())),
            3 => Some((IDENTITY_TOTAL, self.extras.total_value())),
            _ => None,
        }
    }
}

impl<C: Capacities> Members for Extra<C> {
    fn type_name(&self) -> &'static str {
        "identity"
    }

    fn schema(&self) -> &'static Schema {
        &IDENTITY_SCHEMA
    }

    fn member(&self, index: u8) -> Option<(u8, Value<'_>)> {
        (index == 0).then(|| self.name.index().map_or(NOTHING, |row| (row, self.value.value())))
    }
}

/// A member without a name.
const NOTHING: (u8, Value<'static>) = (u8::MAX, Value::Absent);

impl<C: Capacities> Record for Extra<C> {
    fn schema(&self) -> &'static Schema {
        &IDENTITY_SCHEMA
    }

    fn place(&mut self, row: u8) -> Place<'_> {
        if row >= ID_ROW {
            return Place::Nothing;
        }
        self.name.set_index(row);
        self.value.place()
    }

    fn clear(&mut self) {
        self.name.clear();
        self.value.clear();
    }
}

/// The order of members means nothing in JSON: two sets are equal whatever the order of their identities.
impl<C: Capacities> PartialEq for IdentitySet<C> {
    fn eq(&self, other: &Self) -> bool {
        self.endpoint_type == other.endpoint_type && self.identities.is_permutation(&other.identities)
    }
}

/// Two identities are equal whatever the order of their extras.
impl<C: Capacities> PartialEq for Identity<C> {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.id == other.id
            && self.display_name == other.display_name
            && self.hidden == other.hidden
            && self.extras.is_permutation(&other.extras)
    }
}

impl<C: Capacities> PartialEq for Extra<C> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

impl<C: Capacities> Clone for IdentitySet<C> {
    fn clone(&self) -> Self {
        Self { identities: self.identities.clone(), endpoint_type: self.endpoint_type.clone() }
    }
}

impl<C: Capacities> Clone for Identity<C> {
    fn clone(&self) -> Self {
        Self {
            kind: self.kind.clone(),
            id: self.id.clone(),
            display_name: self.display_name.clone(),
            hidden: self.hidden,
            extras: self.extras.clone(),
        }
    }
}

impl<C: Capacities> Clone for Extra<C> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), value: self.value.clone() }
    }
}

record_by_value! {
    [C: Capacities] IdentitySet<C>,
    [C: Capacities] Identity<C>,
    [C: Capacities] Extra<C>,
}
