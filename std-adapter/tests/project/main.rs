//! The tool beside what the whole project has: its pages, its picture, its documents. A package has none of these, and not
//! these tests.

mod document;
mod fixture;
#[allow(dead_code, reason = "what runs the tool has more than is needed here")]
#[path = "../cli/kit.rs"]
mod kit;
mod picture;
