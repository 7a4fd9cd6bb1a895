//! The state of a room's call on a display of 480 by 320 pixels: who, how far, how long, muted, and what went wrong.
//!
//! [`draw`] draws a [`View`] onto any display whose colours RGB565 turns into. A view is a call, or none, and how the
//! connection to the service is: what was read last stays on the display, and shows how old it is. Text from outside is
//! cut to the room that there is, and characters without a picture are left out; nothing here waits, and nothing is on a
//! heap.

#![no_std]

pub mod display;
mod draw;
mod text;
mod view;

pub use draw::{SIZE, draw};
pub use view::{Line, OPTIONS, Panel, View};
