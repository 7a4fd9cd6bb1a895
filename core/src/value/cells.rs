//! The cells of a record as values.

use crate::cell::{
    Cell, Double, Enumeration, Id, List, ListStorage, Object, OpenEnum, Presence, Secret, Text, TextStorage,
};
use crate::record::{DateTime, Members, Record, Scalar};

/// What every cell can do by its value: be shown and logged, written and read.
macro_rules! cell_by_value {
    ($([$($parameter:tt)*] $type:ty,)*) => {$(
        impl<$($parameter)*> core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Debug::fmt(&$crate::cell::Cell::value(self), f)
            }
        }

        #[cfg(feature = "defmt")]
        impl<$($parameter)*> defmt::Format for $type {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::Format::format(&$crate::cell::Cell::value(self), f);
            }
        }

        #[cfg(feature = "serde")]
        impl<$($parameter)*> serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::value::write_cell($crate::cell::Cell::value(self), serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de, $($parameter)*> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut cell = <Self as $crate::cell::Cell>::EMPTY;
                $crate::value::fill_cell($crate::cell::Cell::place(&mut cell), deserializer)?;
                Ok(cell)
            }
        }
    )*};
}

cell_by_value! {
    [] Scalar<bool>,
    [] Scalar<i32>,
    [] Scalar<i64>,
    [] Scalar<DateTime>,
    [T: Cell + Record + Members] Object<T>,
    [] Presence,
    [K: TextStorage] Text<K>,
    [K: TextStorage] Id<K>,
    [K: TextStorage] Double<K>,
    [K: TextStorage] Secret<K>,
    [E: Enumeration, W: TextStorage] OpenEnum<E, W>,
    [L: ListStorage] List<L>,
}
