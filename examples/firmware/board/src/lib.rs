//! The emulated board: its memory map for the linker, and on Cortex-M what is needed to measure on it.
//!
//! Every `unsafe` of the measuring firmware is in this package, next to its reason.

#![no_std]
#![allow(unsafe_code)] // registers, breakpoints and the painted stack are reached no other way
#![cfg(target_arch = "arm")]

// Of the emulated boards only the one with the larger core has such memory.
#[cfg(target_has_atomic = "8")]
pub mod display;
pub mod instructions;
pub mod semihosting;
pub mod stack;
