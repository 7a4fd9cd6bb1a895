//! What must hold for any bytes.
//!
//! Each law takes the bytes a fuzzer gives and panics when the library breaks it.

mod answer;
mod body;
mod call;
mod head;
mod input;
mod job;
mod refusal;
mod required;
mod sign_in;
mod tokens;
mod unknown;
mod value;

pub use answer::{Answered, exchange, exchange_of};
pub use body::{Framed, framing, read_body};
pub use call::{Reading, RoomyCall, Root, call, read, read_as, read_into, record, splits, splits_of};
pub use head::{Headed, head, read_head, retry_after};
pub use input::serde_input;
pub use job::{Case, broken, job};
pub use refusal::graph_error;
pub use required::{required, required_of, unreadable};
pub use sign_in::sign_in;
pub use tokens::{Lexed, Word, lex, lexer, value};
pub use unknown::{Found, unknown, unknown_of_any};
pub use value::{call_structured, differential, is_whole, round_trip, round_trip_of, written};
