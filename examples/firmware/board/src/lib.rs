//! The emulated board: memory map, semihosting, instruction counter and stack painting.
//!
//! Every `unsafe` of the measuring firmware is in this package, next to its reason.

#![no_std]
#![allow(unsafe_code)] // registers, breakpoints and the painted stack are reached no other way

pub mod instructions;
pub mod semihosting;
pub mod stack;
