//! Records as values: shown, logged, written and read by other formats, once for all types of the model.
//!
//! - takes: a record, by [`Members`] and [`Value`], or the place for one
//! - gives: `Debug`, `defmt::Format`, `serde::Serialize`, `serde::Deserialize`, and JSON in a buffer
//! - keeps: nothing
//! - refuses: of what is read, what the parser refuses

mod cells;
mod debug;
#[cfg(feature = "serde")]
mod deserialize;
#[cfg(feature = "defmt")]
mod log;
#[cfg(feature = "serde")]
mod serialize;
#[cfg(feature = "serde-json-core")]
mod write_json;

#[cfg(feature = "serde")]
pub use deserialize::RecordSeed;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use deserialize::{fill_cell, fill_record};
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use serialize::{write_cell, write_object, write_variant};
#[cfg(feature = "serde-json-core")]
pub use write_json::{WriteError, write_json};

#[cfg(feature = "serde")]
#[doc(hidden)]
pub use serde;
#[cfg(feature = "defmt")]
#[doc(hidden)]
pub use {defmt, log::log_variant};

pub use crate::record::{Members, Value, Values};

/// What a record can do by its members: be shown and logged, written and read.
#[doc(hidden)]
#[macro_export]
macro_rules! record_by_value {
    ($([$($parameter:tt)*] $type:ty,)*) => {$(
        impl<$($parameter)*> core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Debug::fmt(self as &dyn $crate::value::Members, f)
            }
        }

        $crate::record_logged! { [$($parameter)*] $type }
        $crate::record_by_serde! { [$($parameter)*] $type }
    )*};
}

/// What an enumeration can do by its name: be logged, written and read.
#[doc(hidden)]
#[macro_export]
macro_rules! variant_by_value {
    ($names:ident [$($member:ident),*]) => {
        $crate::variant_logged! { $names [$($member),*] }
        $crate::variant_by_serde! { $names }
    };
}

#[cfg(feature = "defmt")]
#[doc(hidden)]
#[macro_export]
macro_rules! record_logged {
    ([$($parameter:tt)*] $type:ty) => {
        impl<$($parameter)*> $crate::value::defmt::Format for $type {
            fn format(&self, f: $crate::value::defmt::Formatter<'_>) {
                $crate::value::defmt::Format::format(self as &dyn $crate::value::Members, f);
            }
        }
    };
}

#[cfg(feature = "defmt")]
#[doc(hidden)]
#[macro_export]
macro_rules! variant_logged {
    ($names:ident [$($member:ident),*]) => {
        impl $crate::value::defmt::Format for $names {
            fn format(&self, f: $crate::value::defmt::Formatter<'_>) {
                $crate::value::log_variant(match self { $(Self::$member => stringify!($member),)* }, f);
            }
        }
    };
}

#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! record_by_serde {
    ([$($parameter:tt)*] $type:ty) => {
        impl<$($parameter)*> $crate::value::serde::Serialize for $type {
            fn serialize<S: $crate::value::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::value::write_object(self, serializer)
            }
        }

        impl<'de, $($parameter)*> $crate::value::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::value::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut record = <Self as $crate::Cell>::EMPTY;
                $crate::value::fill_record(&mut record, deserializer)?;
                Ok(record)
            }
        }
    };
}

#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! variant_by_serde {
    ($names:ident) => {
        impl $crate::value::serde::Serialize for $names {
            fn serialize<S: $crate::value::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::value::write_variant(
                    <Self as $crate::Enumeration>::VARIANTS,
                    *self as usize,
                    serializer,
                )
            }
        }

        impl<'de> $crate::value::serde::Deserialize<'de> for $names {
            fn deserialize<D: $crate::value::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let open: $crate::OpenEnum<Self, [u8; 0]> =
                    $crate::value::serde::Deserialize::deserialize(deserializer)?;
                Ok(open.get().unwrap_or(Self::Unknown))
            }
        }
    };
}

// Where a feature is off, its macros write nothing.

#[cfg(not(feature = "defmt"))]
#[doc(hidden)]
#[macro_export]
macro_rules! record_logged {
    ($($ignored:tt)*) => {};
}

#[cfg(not(feature = "defmt"))]
#[doc(hidden)]
#[macro_export]
macro_rules! variant_logged {
    ($($ignored:tt)*) => {};
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! record_by_serde {
    ($($ignored:tt)*) => {};
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! variant_by_serde {
    ($($ignored:tt)*) => {};
}
