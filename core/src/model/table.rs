//! The macros that turn a table into code; they write only what one would have typed.

/// The schema of a record: its names, and what each holds records of.
macro_rules! schema {
    ($members:expr, [$($name:literal => $child:expr,)*]) => {{
        const NAMES: &[&str] = &[$($name),*];
        // One bit for each row tells a repeated member.
        const _: () = assert!(NAMES.len() <= 32);
        const SIZE: usize = $crate::json::slot::index_size(NAMES.len());
        const SEED: u32 = $crate::json::slot::seed::<SIZE>(NAMES);
        const PLACES: &[u8] = match &$crate::json::slot::places::<SIZE>(NAMES, SEED) {
            Some(places) => places,
            None => &[],
        };
        const STARTS: &[u16] = &$crate::json::slot::starts::<{ NAMES.len() + 1 }>(NAMES);
        $crate::json::slot::Schema {
            members: $members,
            names: concat!($($name),*),
            starts: STARTS,
            children: &[$($child),*],
            index: $crate::json::slot::Index::new(SEED, PLACES),
        }
    }};
}

/// A record: a struct of cells, and the table by which the parser finds them.
///
/// `pub struct Name<CAPACITY ..> = "typeName" { "member" => field: Cell, }`, then optionally
/// `also { "spelling" => field: Cell as row_name }` for a second name of a member.
macro_rules! record {
    (
        $(#[$doc:meta])*
        pub struct $record:ident<$($capacity:ident),*> = $type:literal {
            $($(#[$member_doc:meta])* $member:literal => $field:ident: $cell:ty,)*
        }
        $(also { $($spelling:literal => $same:ident: $same_cell:ty as $row:ident,)* })?
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq)]
        pub struct $record<$(const $capacity: usize = { $crate::model::capacity::$capacity }),*> {
            $($(#[$member_doc])* pub $field: $cell,)*
        }

        impl<$(const $capacity: usize),*> $record<$($capacity),*> {
            /// The record with every member absent, whatever the capacities.
            pub const fn empty() -> Self {
                Self { $($field: <$cell as $crate::cell::Cell>::EMPTY,)* }
            }
        }

        impl<$(const $capacity: usize),*> Default for $record<$($capacity),*> {
            fn default() -> Self {
                Self::empty()
            }
        }

        record!(@row
            $record<$($capacity),*> = $type,
            [$($member => $field: $cell,)*],
            [$($($spelling => $same: $same_cell as $row,)*)?]
        );
    };
    (@row
        $record:ident<$($capacity:ident),*> = $type:literal,
        [$($member:literal => $field:ident: $cell:ty,)*],
        [$($spelling:literal => $same:ident: $same_cell:ty as $row:ident,)*]
    ) => {
        const _: () = {
            use $crate::cell::Cell;
            use $crate::json::slot::{Place, Record, Schema};
            use $crate::value::{Members, Value};

            #[repr(u8)]
            #[allow(non_camel_case_types)] // named after the fields
            enum Rows { $($field,)* $($row,)* }

            impl<$(const $capacity: usize),*> $record<$($capacity),*> {
                const SCHEMA: &'static Schema = &schema!([$($member),*].len() as u8, [
                    $($member => <$cell as Cell>::CHILD,)*
                    $($spelling => <$same_cell as Cell>::CHILD,)*
                ]);
            }

            impl<$(const $capacity: usize),*> Record for $record<$($capacity),*> {
                fn schema(&self) -> &'static Schema {
                    Self::SCHEMA
                }

                fn place(&mut self, row: u8) -> Place<'_> {
                    match row {
                        $(row if row == Rows::$field as u8 => self.$field.place(),)*
                        $(row if row == Rows::$row as u8 => self.$same.place(),)*
                        _ => Place::Nothing,
                    }
                }

                fn clear(&mut self) {
                    $(self.$field.clear();)*
                }
            }

            impl<$(const $capacity: usize),*> Members for $record<$($capacity),*> {
                fn type_name(&self) -> &'static str {
                    $type
                }

                fn schema(&self) -> &'static Schema {
                    Self::SCHEMA
                }

                fn member(&self, index: u8) -> Option<(u8, Value<'_>)> {
                    let value = match index {
                        $(row if row == Rows::$field as u8 => Cell::value(&self.$field),)*
                        _ => return None,
                    };
                    Some((index, value))
                }
            }

            impl<$(const $capacity: usize),*> Cell for $record<$($capacity),*> {
                const EMPTY: Self = Self::empty();
                const HOLDS_SECRET: bool = $(<$cell as Cell>::HOLDS_SECRET ||)* false;
                const CHILD: Option<&'static Schema> = Some(Self::SCHEMA);

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
            record_by_value! {
                [$(const $capacity: usize),*] $record<$($capacity),*>,
            }
        };
    };
}

/// An enumeration that may grow: a row is a member, and `Unknown` is added.
macro_rules! names {
    (
        $(#[$doc:meta])*
        pub enum $names:ident $(of $prefix:literal)? {
            $($(#[$member_doc:meta])* $text:literal => $member:ident,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum $names {
            $($(#[$member_doc])* $member,)*
            /// A member that this version does not know.
            Unknown,
        }

        impl $crate::open::Names for $names {
            const VOCABULARY: &'static $crate::json::slot::Vocabulary = &$crate::json::slot::Vocabulary {
                names: {
                    const NAMES: &[&str] = &[$($text),*];
                    const SIZE: usize = $crate::json::slot::prefixed_size(NAMES);
                    const PREFIXED: &[u8] = &$crate::json::slot::prefixed::<SIZE>(NAMES);
                    PREFIXED
                },
                prefix: concat!($($prefix)?),
            };

            fn at(index: usize) -> Self {
                [$(Self::$member),*].get(index).copied().unwrap_or(Self::Unknown)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $names {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::value::write_cell($crate::value::Value::name::<Self>(*self as usize), serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $names {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let open = $crate::open::Open::<Self, 0>::deserialize(deserializer)?;
                Ok(open.get().unwrap_or(Self::Unknown))
            }
        }
    };
}
