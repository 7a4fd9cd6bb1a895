//! The capacities of a call: how much of it is kept, and where.
//!
//! | name | what it is the capacity of | [`Tiny`] | [`Standard`] | `Heap` |
//! |---|---|---|---|---|
//! | `id` | ids, in bytes | 48 | 64 | heap |
//! | `text` | names, subjects and messages, in bytes | 48 | 128 | heap |
//! | `uri` | URIs and thread ids, in bytes | 0 | 256 | heap |
//! | `secret` | join tokens, media blobs and recording tokens, in bytes | 0 | 0 | heap |
//! | `word` | the text of enumeration members that are not known, in bytes | 0 | 32 | heap, up to 32 |
//! | `tag` | country, language and region, in bytes | 20 | 20 | heap |
//! | `set` | the identities of one participant | 1 | 2 | heap |
//! | `list` | targets, routes, prompts | 2 | 4 | heap |
//! | `expand` | what `$expand` brings, of each kind | 0 | 0 | heap |
//! | `choices` | modalities and routing policies | 8 | 8 | heap |
//! | `extras` | the members that a kind of identity adds to those all have | 2 | 2 | heap |
//!
//! A capacity of 0 says that such members are not wanted: they are checked and skipped, never an error,
//! and marked as omitted. So a standard call keeps no secrets and nothing expanded; state a capacity for
//! what you want, with [`capacities!`](crate::capacities).

use crate::cell::Cell;
use crate::cell::{ListStorage, TextStorage};

/// The capacities of a call, each a storage: `[u8; 64]` or `Vec<u8>`, `[T; 4]` or `Vec<T>`.
///
/// [`capacities!`](crate::capacities) implements it from a list of numbers.
pub trait Capacities: Sized + 'static {
    /// Ids.
    type Id: TextStorage;
    /// Names, subjects and messages.
    type Text: TextStorage;
    /// URIs and thread ids.
    type Uri: TextStorage;
    /// Join tokens, media blobs and recording tokens.
    type Secret: TextStorage;
    /// The text of enumeration members that are not known.
    type Word: TextStorage;
    /// Country, language and region.
    type Tag: TextStorage;
    /// The identities of one participant.
    type Set<T: Cell>: ListStorage<Item = T>;
    /// Targets, routes and prompts.
    type List<T: Cell>: ListStorage<Item = T>;
    /// What `$expand` brings, of each kind.
    type Expand<T: Cell>: ListStorage<Item = T>;
    /// Modalities and routing policies.
    type Choices<T: Cell>: ListStorage<Item = T>;
    /// The members that a kind of identity adds to those all identities have.
    type Extras<T: Cell>: ListStorage<Item = T>;
}

/// Capacities by their names, for [`capacities!`](crate::capacities).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Numbers {
    /// Ids, in bytes.
    pub id: usize,
    /// Names, subjects and messages, in bytes.
    pub text: usize,
    /// URIs and thread ids, in bytes.
    pub uri: usize,
    /// Join tokens, media blobs and recording tokens, in bytes.
    pub secret: usize,
    /// The text of enumeration members that are not known, in bytes.
    pub word: usize,
    /// Country, language and region, in bytes.
    pub tag: usize,
    /// The identities of one participant.
    pub set: usize,
    /// Targets, routes and prompts.
    pub list: usize,
    /// What `$expand` brings, of each kind.
    pub expand: usize,
    /// Modalities and routing policies.
    pub choices: usize,
    /// The members that a kind of identity adds to those all identities have.
    pub extras: usize,
}

impl Numbers {
    /// What a capacity is if it is not stated.
    pub const STANDARD: Self = Self {
        id: 64,
        text: 128,
        uri: 256,
        secret: 0,
        word: 32,
        tag: 20,
        set: 2,
        list: 4,
        expand: 0,
        choices: 8,
        extras: 2,
    };
}

/// Capacities of one's own, by name; one that is not stated is that of [`Standard`].
///
/// ```
/// use graph_call::Call;
///
/// graph_call::capacities! {
///     /// What the panel shows: whom the call is for, and who is there.
///     pub Panel { text: 64, uri: 0, list: 8, expand: 32 }
/// }
///
/// let mut call = Call::<Panel>::empty();
/// call.parse_into(br#"{"participants":[{"info":{"identity":{"user":{"displayName":"Ana"}}}}]}"#)?;
/// assert_eq!(call.participants.len(), 1);
/// # Ok::<(), graph_call::Error>(())
/// ```
///
/// A name that is none does not compile, and the error says which it is and what is like it; nor does a capacity
/// that is no `usize`, or one that stands twice:
///
/// ```compile_fail,E0560
/// graph_call::capacities! { Panel { texts: 64 } }
/// ```
/// ```compile_fail,E0308
/// graph_call::capacities! { Panel { text: "64" } }
/// ```
/// ```compile_fail,E0062
/// graph_call::capacities! { Panel { text: 64, text: 32 } }
/// ```
#[macro_export]
macro_rules! capacities {
    ($($(#[$doc:meta])* $visible:vis $name:ident { $($capacity:ident: $number:expr),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        $visible enum $name {}

        const _: () = {
            #[allow(clippy::needless_update)]
            const NUMBERS: $crate::capacity::Numbers = $crate::capacity::Numbers {
                $($capacity: $number,)*
                ..$crate::capacity::Numbers::STANDARD
            };

            impl $crate::Capacities for $name {
                type Id = [u8; NUMBERS.id];
                type Text = [u8; NUMBERS.text];
                type Uri = [u8; NUMBERS.uri];
                type Secret = [u8; NUMBERS.secret];
                type Word = [u8; NUMBERS.word];
                type Tag = [u8; NUMBERS.tag];
                type Set<T: $crate::Cell> = [T; NUMBERS.set];
                type List<T: $crate::Cell> = [T; NUMBERS.list];
                type Expand<T: $crate::Cell> = [T; NUMBERS.expand];
                type Choices<T: $crate::Cell> = [T; NUMBERS.choices];
                type Extras<T: $crate::Cell> = [T; NUMBERS.extras];
            }
        };
    )*};
}

capacities! {
    /// For most devices: no secrets, nothing expanded.
    pub Standard {}

    /// By which the tables are checked: there is room for each kind of value.
    #[doc(hidden)]
    pub Checked { secret: 64, expand: 1 }

    /// For the smallest devices: no URIs, no secrets, nothing expanded.
    pub Tiny { id: 48, text: 48, uri: 0, word: 0, set: 1, list: 2 }
}

/// For machines with a heap: everything, however long, as far as there is memory.
///
/// Where there is none, the parse fails as it does where an array is full. Nothing aborts.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Heap {}

#[cfg(feature = "alloc")]
impl Capacities for Heap {
    type Id = alloc::vec::Vec<u8>;
    type Text = alloc::vec::Vec<u8>;
    type Uri = alloc::vec::Vec<u8>;
    type Secret = alloc::vec::Vec<u8>;
    type Word = alloc::vec::Vec<u8>;
    type Tag = alloc::vec::Vec<u8>;
    type Set<T: Cell> = alloc::vec::Vec<T>;
    type List<T: Cell> = alloc::vec::Vec<T>;
    type Expand<T: Cell> = alloc::vec::Vec<T>;
    type Choices<T: Cell> = alloc::vec::Vec<T>;
    type Extras<T: Cell> = alloc::vec::Vec<T>;
}
