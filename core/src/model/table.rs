//! The macros that turn a table into code; they write only what one would have typed.
//!
//! They are exported, and what they write names everything of this crate by `$crate`. What depends on a feature
//! of this crate is in macros of its own, since a `cfg` in the expansion would ask for the features of the crate
//! that uses it.

/// The schema of a record: its names, and what each holds records of.
#[doc(hidden)]
#[macro_export]
macro_rules! schema {
    (without lists, $($names:tt)*) => {
        $crate::record::Schema { has_lists: false, ..$crate::schema!($($names)*) }
    };
    ([$($name:literal => $child:expr,)*] $([$($spelling:literal => $member:expr,)*])?) => {{
        const MEMBERS: &[&str] = &[$($name),*];
        const NAMES: &[&str] = &[$($name,)* $($($spelling),*)?];
        const SPELLED: &[u8] = &[$($($member),*)?];
        const SIZE: usize = $crate::record::index_size(NAMES.len());
        const SEED: u32 = {
            // The search for a seed would never end.
            assert!(NAMES.len() <= $crate::record::NAMES_MAX, "a record has at most 32 names, other spellings included");
            assert!(SPELLED.len() <= $crate::record::SPELLINGS_MAX, "a record has at most 2 other spellings");
            assert!($crate::record::are_short(NAMES), "the name of a member has from 1 to 49 bytes");
            assert!($crate::record::are_unique(NAMES), "a name stands twice in this record");
            assert!(
                $crate::record::are_distinct(NAMES),
                "two names of this record have the same length and the same first, middle and last letter: \
                 no index can tell them apart"
            );
            $crate::record::seed::<SIZE>(NAMES)
        };
        const PLACES: &[u8] = match &$crate::record::places::<SIZE>(NAMES, SEED) {
            Some(places) => places,
            None => &[],
        };
        const STARTS: &[u16] = &$crate::record::starts::<{ NAMES.len() + 1 }>(NAMES);
        $crate::record::Schema {
            members: MEMBERS.len() as u8,
            spelled: $crate::record::spelled(SPELLED),
            has_lists: true,
            names: concat!($($name,)* $($($spelling),*)?),
            starts: STARTS,
            children: &[$($child),*],
            index: $crate::record::Index::new(SEED, PLACES),
        }
    }};
}

/// Declares a record: a struct of cells, and the table by which the parser finds them.
///
/// A row is a member: its name on the wire, the name of the field, and a [`Cell`](crate::Cell) for the value. The
/// record is generic over its [`Capacities`](crate::Capacities), which a row may name as `C`; with `<>` behind its
/// name it has none. It has `empty`, `Default`, `Clone`, `PartialEq`, `Debug`, is read by a
/// [`Parser`](crate::Parser), is itself a cell for other records, and with the features of this crate it has
/// `defmt::Format`, serde's traits, and [`write_json`](crate::value::write_json).
///
/// ```
/// use graph_call::{Call, CallState, Id, List, Object, OpenEnum, Parser};
///
/// graph_call::open_enum! {
///     /// What happened to a resource.
///     pub enum ChangeType {
///         /// It is new.
///         "created" => Created,
///         /// It is another than before.
///         "updated" => Updated,
///     }
/// }
///
/// graph_call::record! {
///     /// One change.
///     pub struct Change = "commsNotification" {
///         /// What happened.
///         "changeType" => change: OpenEnum<ChangeType, C::Word>,
///         /// Where.
///         "resourceUrl" => url: Id<C::Uri>,
///         /// The call as it is now.
///         "resourceData" => call: Object<Call<C>>,
///     }
///     also {
///         "resource" => url,
///     }
/// }
///
/// graph_call::record! {
///     /// What the service posts.
///     pub struct Changes = "commsNotifications" {
///         /// The changes.
///         "value" => changes: List<C::List<Change<C>>>,
///     }
/// }
///
/// let mut news: Changes = Changes::empty();
/// let mut parser = Parser::new();
/// parser.feed(&mut news, br#"{"value":[{"changeType":"updated","resource":"/app/calls/1","#)?;
/// parser.feed(&mut news, br#""resourceData":{"state":"established"}}]}"#)?;
/// parser.finish(&mut news)?;
/// let change = &news.changes[0];
/// assert_eq!(change.change, ChangeType::Updated);
/// assert_eq!(change.url.as_str(), Some("/app/calls/1"));
/// assert_eq!(change.call.get().and_then(|call| call.state.get()), Some(CallState::Established));
/// # Ok::<(), graph_call::Error>(())
/// ```
///
/// `also` gives a member a second spelling: the name, and the field. An object with both spellings has the member twice, and
/// is refused. At most two members of a record have one.
///
/// # Tables that do not compile
/// A name that stands twice, as a member or as a spelling:
/// ```compile_fail
/// graph_call::record! {
///     pub struct Twice<> = "twice" {
///         "id" => id: graph_call::Id<[u8; 8]>,
///         "id" => other: graph_call::Id<[u8; 8]>,
///     }
/// }
/// ```
/// More than 32 names, a name of more than 49 bytes, two names that no index can tell apart (of one length, and
/// with the same first, middle and last letter), and records in records that are more than
/// [`PATH_DEPTH_MAX`](crate::record::PATH_DEPTH_MAX) deep. The compiler says which.
#[macro_export]
macro_rules! record {
    (@table
        [$($doc:tt)*] [$visible:vis] [$($default:tt)*] [$($generics:tt)*] [$($arguments:tt)*] [$($checked:tt)*]
        $record:ident = $type:literal
        [$($(#[$member_doc:meta])* $member:literal => $field:ident: $cell:ty,)*]
        [$($spelling:literal => $same:ident,)*]
        [$($beside:tt)*]
        [$($marks:ident)?]
    ) => {
        $($doc)*
        $visible struct $record<$($default)*> {
            $($(#[$member_doc])* pub $field: $cell,)*
            $($marks: $crate::record::Marks,)?
        }

        impl<$($generics)*> Clone for $record<$($arguments)*> {
            fn clone(&self) -> Self {
                Self { $($field: self.$field.clone(),)* $($marks: self.$marks.clone())? }
            }
        }

        impl<$($generics)*> PartialEq for $record<$($arguments)*> {
            fn eq(&self, other: &Self) -> bool {
                true $(&& self.$field == other.$field)* $(&& self.$marks == other.$marks)?
            }
        }

        impl<$($generics)*> $record<$($arguments)*> {
            /// The record with every member absent, whatever the capacities.
            pub const fn empty() -> Self {
                Self { $($field: <$cell as $crate::Cell>::EMPTY,)* $($marks: $crate::record::Marks::NONE)? }
            }
        }

        impl<$($generics)*> Default for $record<$($arguments)*> {
            fn default() -> Self {
                Self::empty()
            }
        }

        const _: () = {
            #[repr(u8)]
            #[allow(non_camel_case_types)] // named after the fields
            enum __Fields { $($field,)* }

            impl<$($generics)*> $record<$($arguments)*> {
                const SCHEMA: &'static $crate::record::Schema = &$crate::schema!(
                    [$($member => <$cell as $crate::Cell>::CHILD,)*]
                    [$($spelling => __Fields::$same as u8,)*]
                );
            }

            // The names are the same whatever the capacities, but for those of what is not wanted: here all is.
            const _: () = assert!(
                $crate::record::depth($record::<$($checked)*>::SCHEMA) <= $crate::record::PATH_DEPTH_MAX,
                "the records in this record are nested deeper than a path is long"
            );

            impl<$($generics)*> $crate::record::Record for $record<$($arguments)*> {
                fn schema(&self) -> &'static $crate::record::Schema {
                    Self::SCHEMA
                }

                fn place(&mut self, row: u8) -> $crate::record::Place<'_> {
                    match row {
                        $(row if row == __Fields::$field as u8 => $crate::Cell::place(&mut self.$field),)*
                        $(row if row == Self::SCHEMA.members => $crate::record::Place::Unreadable(&mut self.$marks),)?
                        $($beside)*
                        _ => $crate::record::Place::Nothing,
                    }
                }

                fn clear(&mut self) {
                    $($crate::Cell::clear(&mut self.$field);)*
                    $(self.$marks = $crate::record::Marks::NONE;)?
                }
            }

            impl<$($generics)*> $crate::record::Members for $record<$($arguments)*> {
                fn type_name(&self) -> &'static str {
                    $type
                }

                fn schema(&self) -> &'static $crate::record::Schema {
                    Self::SCHEMA
                }

                fn member(&self, index: u8) -> Option<(u8, $crate::record::Value<'_>)> {
                    let value = match index {
                        $(row if row == __Fields::$field as u8 => $crate::Cell::value(&self.$field),)*
                        $(row if row == Self::SCHEMA.members => match self.$marks.of(Self::SCHEMA) {
                            members if members.is_empty() => $crate::record::Value::Absent,
                            members => $crate::record::Value::Unreadable(members),
                        },)?
                        _ => return None,
                    };
                    Some((index, value))
                }
            }

            impl<$($generics)*> $crate::Cell for $record<$($arguments)*> {
                const EMPTY: Self = Self::empty();
                const HOLDS_SECRET: bool = $(<$cell as $crate::Cell>::HOLDS_SECRET ||)* false;
                const CHILD: Option<&'static $crate::record::Schema> = Some(Self::SCHEMA);

                fn place(&mut self) -> $crate::record::Place<'_> {
                    $crate::record::Place::Record(self)
                }

                fn value(&self) -> $crate::record::Value<'_> {
                    $crate::record::Value::Object(self)
                }

                fn clear(&mut self) {
                    $crate::record::Record::clear(self);
                }
            }
            $crate::record_by_value! {
                [$($generics)*] $record<$($arguments)*>,
            }
        };
    };
    (
        $(#[$doc:meta])*
        $visible:vis struct $record:ident<> = $type:literal { $($members:tt)* }
        $(also { $($spellings:tt)* })?
    ) => {
        $crate::record! { @table
            [$(#[$doc])*] [$visible] [] [] [] []
            $record = $type [$($members)*] [$($($spellings)*)?] [] []
        }
    };
    (
        $(#[$doc:meta])*
        $visible:vis struct $record:ident = $type:literal { $($members:tt)* }
        $(also { $($spellings:tt)* })?
    ) => {
        $crate::record! { @table
            [$(#[$doc])*] [$visible]
            [C: $crate::Capacities = $crate::capacity::Standard] [C: $crate::Capacities] [C]
            [$crate::capacity::Checked]
            $record = $type [$($members)*] [$($($spellings)*)?] [] []
        }
    };
    // A resource, whose type a document may state. It is read for some of its members, and marks the others that are wrong.
    (@resource
        $(#[$doc:meta])*
        $visible:vis struct $record:ident = $type:literal { $($members:tt)* }
    ) => {
        $crate::record! { @table
            [$(#[$doc])*] [$visible]
            [C: $crate::Capacities = $crate::capacity::Standard] [C: $crate::Capacities] [C]
            [$crate::capacity::Checked]
            $record = $type [$($members)*] []
            [$crate::record::TYPE => $crate::record::Place::Type(concat!("microsoft.graph.", $type)),]
            [marks]
        }
    };
}

/// Declares an enumeration that may grow: a row is a member, and `Unknown` is added.
///
/// A row is the name on the wire and the name of the variant. [`OpenEnum`](crate::OpenEnum) holds a value of it;
/// [`record!`](crate::record!) has an example.
///
/// A name that stands twice does not compile, nor does one of more than 49 bytes:
/// ```compile_fail
/// graph_call::open_enum! {
///     pub enum Colour { "red" => Red, "red" => Scarlet, }
/// }
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        $visible:vis enum $names:ident $(of $prefix:literal)? {
            $($(#[$member_doc:meta])* $text:literal => $member:ident,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        $visible enum $names {
            $($(#[$member_doc])* $member,)*
            /// A member that this version does not know.
            Unknown,
        }

        impl $crate::Enumeration for $names {
            const VARIANTS: &'static $crate::record::Variants = &$crate::record::Variants {
                names: {
                    const NAMES: &[&str] = &[$($text),*];
                    const SIZE: usize = $crate::record::prefixed_size(NAMES);
                    const PREFIXED: &[u8] = {
                        assert!(NAMES.len() <= $crate::record::VARIANTS_MAX, "an enumeration has at most 252 members");
                        assert!($crate::record::are_short(NAMES), "the name of a member has from 1 to 49 bytes");
                        assert!($crate::record::are_unique(NAMES), "a name stands twice in this enumeration");
                        &$crate::record::prefixed::<SIZE>(NAMES)
                    };
                    PREFIXED
                },
                prefix: concat!($($prefix)?),
            };

            fn at(index: usize) -> Self {
                [$(Self::$member),*].get(index).copied().unwrap_or(Self::Unknown)
            }
        }

        $crate::variant_by_value! { $names [$($member,)* Unknown] }
    };
}

/// A record that is asked for by a URI: behind a member stands under which constant `$select` or `$expand` may name it.
macro_rules! resource {
    (
        $(#[$doc:meta])*
        pub struct $record:ident = $type:literal {
            $(
                $(#[$member_doc:meta])*
                $member:literal => $field:ident: $cell:ty $(; select $select:ident)? $(; expand $expand:ident)?,
            )*
        }
    ) => {
        record! { @resource
            $(#[$doc])*
            pub struct $record = $type {
                $($(#[$member_doc])* $member => $field: $cell,)*
            }
        }

        impl $crate::http::SelectMember {
            $($(#[doc = concat!("`", $member, "`")] pub const $select: Self = Self::new($member);)?)*

            /// Every name, in the order of the fields of [`Call`](crate::Call).
            pub const ALL: &'static [Self] = &[$($(Self::$select,)?)*];

            /// The member of a name, which is case-sensitive.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.name() == name)
            }
        }

        impl $crate::http::ExpandMember {
            $($(#[doc = concat!("`", $member, "`")] pub const $expand: Self = Self::new($member);)?)*

            /// Every name, in the order of the fields of [`Call`](crate::Call).
            pub const ALL: &'static [Self] = &[$($(Self::$expand,)?)*];

            /// The member of a name, which is case-sensitive.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.name() == name)
            }
        }
    };
}
