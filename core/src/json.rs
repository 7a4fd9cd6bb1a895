//! JSON text (RFC 8259, I-JSON of RFC 7493) into tokens, and tokens into places.
//!
//! ```text
//! bytes -> lexer -> token -> binder -> place
//!           |- string  number            (slot says what a record and a place are)
//! ```
//!
//! If a token comes out of [`Lexer`], what stood on the wire is RFC 8259: the text is valid UTF-8 with
//! its escapes decoded and its surrogates paired, the number obeys the grammar, the brackets match.
//! [`Binder`] adds what I-JSON asks of the members a record knows: each name at most once.

mod binder;
mod carry;
mod fault;
mod lexer;
mod literal;
#[cfg(feature = "defmt")]
mod log;
mod number;
mod path;
pub mod slot;
mod string;
mod token;

pub use binder::Binder;
#[cfg(feature = "serde")]
pub(crate) use binder::{integer, overflow, wrong_type};
pub use fault::{Fault, LexError};
pub use lexer::{DEPTH_MAX, Lexer};
pub use path::{PATH_DEPTH_MAX, Path};
pub use token::{Piece, Token};
