//! graph-call for C.
//!
//! The caller gives the memory of a parser and of a call, asked for by size and alignment; nothing is allocated, nothing
//! is global. Every function that can fail gives a status, and misuse (a null or misaligned pointer, memory that is too
//! small or was never initialised, the wrong order) is a status too. What cannot be checked is the contract of every
//! function with a `Safety` section: a pointer that is not null points to memory that may be accessed.

#![cfg_attr(target_os = "none", no_std)]

mod call;
mod job;
mod member;
mod memory;
mod message;
mod parser;
mod plan;
/// cbindgen:ignore
mod preset;
mod size;
mod status;
mod step;
mod value;

pub use call::{Call, Party, Person, Text};
pub use job::{About, Job};
pub use member::{Member, Number, State};
pub use parser::{ParseOption, Parser};
pub use plan::{Plan, Policy};
pub use status::{Culprit, Status};
pub use step::{Did, Failure, Fault, Next, Phase, Reason, Step, Who};
pub use value::{Kind, Value};

/// Nothing here panics, which the check of the linked image proves; a program still has to have a handler.
#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
