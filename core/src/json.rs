//! JSON text (RFC 8259, I-JSON of RFC 7493) into tokens.
//!
//! ```text
//! bytes -> Lexer -> Token
//!           |- string  number  literal
//! ```
//!
//! If a token comes out of [`Lexer`], what stood on the wire is RFC 8259: the text is valid UTF-8 with
//! its escapes decoded and its surrogates paired, the number obeys the grammar, the brackets match. Nothing
//! here knows what the text is about.

#[cfg(feature = "wide")]
mod block;
mod fault;
mod lexer;
mod literal;
mod number;
mod string;
mod token;

pub use fault::{Fault, LexError};
pub use lexer::{DEPTH_MAX, Lexer};
pub(crate) use lexer::{REPLACEMENT, Surrogates};
pub use token::{Piece, Token};
