//! The published metadata of the service (CSDL, an XML text) against the [`schema`](crate::schema) of the model: what one
//! has and the other has not.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{ENUMS, Enum, Kind, RECORDS, Record, TYPES};

/// Types that a record of the model is, besides those that `@odata.type` tells apart.
const DERIVED: [(&str, &[&str]); 2] = [
    (
        "identity",
        &[
            "azureCommunicationServicesUserIdentity",
            "communicationsApplicationIdentity",
            "communicationsApplicationInstanceIdentity",
            "communicationsEncryptedIdentity",
            "communicationsGuestIdentity",
            "communicationsPhoneIdentity",
            "communicationsUserIdentity",
            "emailIdentity",
            "initiator",
            "provisionedIdentity",
            "provisioningServicePrincipal",
            "provisioningSystem",
            "servicePrincipalIdentity",
            "sharePointGroupIdentity",
            "sharePointIdentity",
            "teamworkApplicationIdentity",
            "teamworkConversationIdentity",
            "teamworkTagIdentity",
            "teamworkUserIdentity",
            "userIdentity",
        ],
    ),
    ("identitySet", &["communicationsIdentitySet"]),
];

/// Types that derive from those of the model and belong to other resources than calls.
const ELSEWHERE: [&str; 8] = [
    "aiInteractionMentionedIdentitySet",
    "approvalIdentitySet",
    "chatMessageFromIdentitySet",
    "chatMessageMentionedIdentitySet",
    "chatMessageReactionIdentitySet",
    "customEmojiFromIdentitySet",
    "engagementIdentitySet",
    "sharePointIdentitySet",
];

/// Members that bodies have, and that are not published: records are open for them.
const UNPUBLISHED: [&str; 6] = [
    "identity.identityProvider",
    "invitationParticipantInfo.id",
    "invitationParticipantInfo.languageId",
    "invitationParticipantInfo.region",
    "invitationParticipantInfo.tenantId",
    "participantInfo.id",
];

/// Members that are published, and left out of the model: no call has them.
const LEFT_OUT: [&str; 1] = ["identity.details"];

/// An enumeration of the model that is several published ones in one.
const MERGED: (&str, &[&str]) = (
    "completionReason",
    &["playPromptCompletionReason", "recordCompletionReason", "sendDtmfCompletionReason"],
);

/// The namespace of all types that a call has.
const NAMESPACE: &str = "microsoft.graph.";

/// What is published: the types and enumerations of one version of the service, or of several in union.
#[derive(Debug, Default)]
pub struct Metadata {
    types: BTreeMap<String, Type>,
    enums: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Default)]
struct Type {
    bases: BTreeSet<String>,
    /// Names and their types; of two versions that differ, both.
    members: BTreeSet<(String, String)>,
}

impl Metadata {
    /// Adds what this CSDL text publishes.
    ///
    /// # Errors
    /// The text is not XML, is cut, or holds no types.
    pub fn add(&mut self, csdl: &str) -> Result<(), String> {
        let mut aliases = Vec::new();
        tags(csdl, |tag| {
            if let Tag { name: "Schema", is_start: true, .. } = tag
                && let (Some(alias), Some(namespace)) = (tag.attribute("Alias"), tag.attribute("Namespace"))
            {
                aliases.push((format!("{alias}."), format!("{namespace}.")));
            }
        })?;
        // `Collection(graph.modality)` is `Collection(modality)` here.
        let full = |name: &str| {
            let known = aliases.iter().find_map(|(alias, of)| Some((of, name.strip_prefix(&**alias)?)));
            let full = known.map_or_else(|| name.to_owned(), |(of, name)| format!("{of}{name}"));
            full.strip_prefix(NAMESPACE).unwrap_or(&full).to_owned()
        };
        let of_type = |name: &str| match name.strip_prefix("Collection(").and_then(|of| of.strip_suffix(')'))
        {
            Some(element) => format!("Collection({})", full(element)),
            None => full(name),
        };
        let (mut namespace, mut inside) = (String::new(), String::new());
        let mut count = 0;
        tags(csdl, |tag| {
            let named = tag.attribute("Name").unwrap_or_default();
            match (tag.name, tag.is_start) {
                ("Schema", true) => namespace = tag.attribute("Namespace").unwrap_or_default().to_owned(),
                ("EnumType" | "EntityType" | "ComplexType", true) => {
                    inside = full(&format!("{namespace}.{named}"));
                    count += 1;
                    if tag.name == "EnumType" {
                        self.enums.entry(inside.clone()).or_default();
                    } else {
                        let found = self.types.entry(inside.clone()).or_default();
                        found.bases.extend(tag.attribute("BaseType").map(full));
                    }
                }
                ("Member", true) => {
                    self.enums.entry(inside.clone()).or_default().insert(named.to_owned());
                }
                ("Property" | "NavigationProperty", true) => {
                    if let (Some(found), Some(of)) = (self.types.get_mut(&inside), tag.attribute("Type")) {
                        found.members.insert((named.to_owned(), of_type(of)));
                    }
                }
                _ => {}
            }
        })?;
        if count == 0 { Err("no types: is it CSDL in XML?".into()) } else { Ok(()) }
    }

    /// Where the model and what is published differ, a line each, in alphabetical order.
    pub fn differences(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for record in RECORDS {
            self.compare_record(record, &mut found);
        }
        for names in ENUMS {
            self.compare_enum(names, &mut found);
        }
        found
    }

    fn compare_record(&self, record: &Record, found: &mut BTreeSet<String>) {
        let name = record.name;
        let known = types_of(record);
        let mut declared = BTreeSet::new();
        for of in &known {
            if !self.types.contains_key(*of) {
                found.insert(format!("{name}: the type {of} is not published"));
            }
            self.members_of(of, &mut declared);
        }
        for (derived, of) in &self.types {
            let is_new = !known.contains(&&**derived) && !ELSEWHERE.contains(&&**derived);
            if is_new && of.bases.iter().any(|base| known.contains(&&**base)) {
                found.insert(format!("{name}: the type {derived} is not in the model"));
            }
        }
        for (member, of) in &declared {
            let path = format!("{name}.{member}");
            let is_left_out = LEFT_OUT.contains(&&*path);
            match record.member(member) {
                _ if UNPUBLISHED.contains(&&*path) => {
                    found.insert(format!("{path}: is published now, and no exception"));
                }
                Some(ours) if !self.is_type(of, ours.kind) => {
                    found.insert(format!("{path}: published as {of}, in the model {}", edm(ours.kind)));
                }
                None if !is_left_out => {
                    found.insert(format!("{path}: {of}, is not in the model"));
                }
                _ => {}
            }
        }
        let is_declared = |name: &str| declared.iter().any(|(declared, _)| declared == name);
        // Annotations are published nowhere.
        for member in record.members.iter().filter(|member| !member.name.contains('@')) {
            let path = format!("{name}.{}", member.name);
            if !is_declared(member.name) && !UNPUBLISHED.contains(&&*path) {
                found.insert(format!("{path}: is not published"));
            }
        }
    }

    /// The members of a type and of those that it derives from.
    fn members_of(&self, name: &str, members: &mut BTreeSet<(String, String)>) {
        let mut open = vec![name];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(found) = self.types.get(name).filter(|_| seen.insert(name)) {
                members.extend(found.members.iter().cloned());
                open.extend(found.bases.iter().map(String::as_str));
            }
        }
    }

    /// Whether a published type stands on the wire as the model takes it.
    fn is_type(&self, published: &str, kind: Kind) -> bool {
        let element = published.strip_prefix("Collection(").and_then(|of| of.strip_suffix(')'));
        match kind {
            // Some enumerations are kept as text: on the wire they are.
            Kind::Text | Kind::Exact | Kind::Secret => {
                published == "Edm.String" || self.enums.contains_key(published)
            }
            Kind::Enum(names) => published_as(names).contains(&published),
            Kind::Enums(names) => element.is_some_and(|element| published_as(names).contains(&element)),
            Kind::Object(record) => types_of(record).contains(&published),
            Kind::Objects(record) => element.is_some_and(|element| types_of(record).contains(&element)),
            Kind::ObjectsOrIds(record) => {
                element.is_some_and(|element| element == "Edm.String" || types_of(record).contains(&element))
            }
            _ => published == edm(kind),
        }
    }

    fn compare_enum(&self, names: &Enum, found: &mut BTreeSet<String>) {
        let mut published = BTreeSet::new();
        for name in published_as(names) {
            let Some(values) = self.enums.get(name) else {
                found.insert(format!("{}: the enumeration {name} is not published", names.name));
                continue;
            };
            published.extend(values.iter().map(String::as_str));
        }
        let ours: BTreeSet<_> = names.values.iter().copied().collect();
        let name = names.name;
        found.extend(published.difference(&ours).map(|value| format!("{name}: {value} is not in the model")));
        found.extend(ours.difference(&published).map(|value| format!("{name}: {value} is not published")));
    }
}

/// The published types that a record of the model is.
fn types_of(record: &Record) -> Vec<&'static str> {
    let all = TYPES.iter().chain(&DERIVED).filter(|(name, _)| *name == record.name);
    let mut names: Vec<_> = all.flat_map(|(_, names)| names.iter().copied()).collect();
    if !names.contains(&record.name) {
        names.push(record.name);
    }
    names
}

/// The published enumerations that one of the model is.
fn published_as(names: &Enum) -> Vec<&'static str> {
    if names.name == MERGED.0 { MERGED.1.to_vec() } else { vec![names.name] }
}

/// The type of a member of the model, in the words of the metadata.
fn edm(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::Exact | Kind::Secret => "Edm.String".into(),
        Kind::Int32 => "Edm.Int32".into(),
        Kind::Int64 => "Edm.Int64".into(),
        Kind::Boolean => "Edm.Boolean".into(),
        Kind::DateTime => "Edm.DateTimeOffset".into(),
        Kind::Double => "Edm.Double".into(),
        Kind::Untyped => "Edm.Stream".into(),
        Kind::Strings => "Collection(Edm.String)".into(),
        Kind::Enum(names) => names.name.into(),
        Kind::Object(record) => record.name.into(),
        Kind::Enums(names) => format!("Collection({})", names.name),
        Kind::Objects(record) | Kind::ObjectsOrIds(record) => format!("Collection({})", record.name),
    }
}

/// A start or end of an element.
struct Tag<'x> {
    /// Its name, without a prefix.
    name: &'x str,
    is_start: bool,
    attributes: &'x str,
}

impl<'x> Tag<'x> {
    /// The value of an attribute; of names and types none holds a reference to a character.
    fn attribute(&self, name: &str) -> Option<&'x str> {
        let mut rest = self.attributes;
        loop {
            let (before, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let (value, after) = after[1..].split_once(quote)?;
            if before.trim() == name {
                return Some(value);
            }
            rest = after;
        }
    }
}

/// Calls `each` with every start and end of an element, in order; an empty element has both.
fn tags<'x>(text: &'x str, mut each: impl FnMut(Tag<'x>)) -> Result<(), String> {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let at = text.len() - rest.len();
        let cut = || format!("the text ends in what begins at byte {at}");
        // What is no element: comments, literal text, declarations.
        let others = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")];
        if let Some((begin, end)) = others.iter().find(|(begin, _)| rest.starts_with(begin)) {
            rest = rest[begin.len()..].split_once(end).ok_or_else(cut)?.1;
            continue;
        }
        let mut quote = None;
        let is_end = |letter: char| {
            match quote {
                Some(open) if letter == open => quote = None,
                None if matches!(letter, '"' | '\'') => quote = Some(letter),
                _ => {}
            }
            quote.is_none() && letter == '>'
        };
        let end = rest.find(is_end).ok_or_else(cut)?;
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let (tag, is_closing) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (qualified, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let name = qualified.rsplit(':').next().unwrap_or_default();
        if !is_closing {
            each(Tag { name, is_start: true, attributes });
            open.push(qualified);
        }
        if is_closing || is_empty {
            if open.pop() != Some(qualified.trim_end()) {
                return Err(format!("an end of {qualified} without its start, at byte {at}"));
            }
            each(Tag { name, is_start: false, attributes: "" });
        }
    }
    match open.last() {
        Some(name) => Err(format!("the text ends in {name}")),
        None => Ok(()),
    }
}
