//! What a record is to the parser, and to whoever shows or writes it.
//!
//! - takes: nothing from the wire: the model declares records, the parser and the writers use them
//! - gives: the names of a record's members ([`Schema`]), the place of each value ([`Place`]), the value that
//!   is there ([`Value`]), and the path to a place ([`Path`])
//! - keeps: in each place how its value fits: absent, whole, cut, left out
//! - refuses: a table of names that is wrong, by not compiling
//!
//! The parser knows records only by [`Record`] and [`Elements`], which are used through `dyn`: there is one
//! copy of it, whatever the capacities are.

mod bytes;
mod count;
mod date_time;
#[cfg(feature = "defmt")]
mod log;
mod path;
mod place;
mod scalar;
mod schema;
mod text;
mod unreadable;
mod value;
mod variant;
mod variants;

#[cfg(feature = "alloc")]
#[doc(hidden)]
pub use bytes::HeapBytes;
#[doc(hidden)]
pub use bytes::{Bytes, Room};
pub use count::Count;
pub use date_time::{DATE_TIME_LENGTH_MAX, DateTime};
pub(crate) use path::{NO_ELEMENT, Steps};
pub use path::{PATH_DEPTH_MAX, Path};
pub(crate) use place::is_not_finite;
pub use place::{AS_TEXT, Elements, Place, Record};
pub use scalar::Scalar;
#[cfg(feature = "serde")]
pub(crate) use schema::NEXT_LINK;
pub(crate) use schema::{COUNT, ERROR, FIELD, NO_FIELD, VALUE, is_equal};
pub use schema::{
    Index, NAME_LENGTH_MAX, NAMES_MAX, SPELLINGS_MAX, Schema, TYPE, are_distinct, are_short, are_unique,
    depth, index_size, places, seed, spelled, starts,
};
pub use text::{Buffer, TextView};
#[doc(hidden)]
pub use unreadable::Marks;
pub use unreadable::Unreadable;
pub use value::{Members, Value, Values};
pub use variant::{Variant, VariantView};
pub use variants::{VARIANTS_MAX, Variants, prefixed, prefixed_size};
