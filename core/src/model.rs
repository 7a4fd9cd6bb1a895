//! The call and everything in it: the union of what Microsoft Graph v1.0 and beta publish.
//!
//! One row of a table is a member: what it means, its name on the wire, its name here and its type. All
//! the rest of this crate knows members by these tables only.
//!
//! Every member may be absent. `null` reads as absent; an empty object reads as present and empty.

#[macro_use]
mod table;

mod call;
pub mod capacity;
mod enums;
mod graph_error;
mod identity;
mod media;
mod meeting;
mod participant;
mod relationships;
mod routing;

pub use call::*;
pub use capacity::Capacities;
pub use enums::*;
pub(crate) use graph_error::Reader as RefusalReader;
pub use graph_error::{Detail, Details, GraphError};
pub use identity::{Extra, ExtraName, Identity, IdentityKind, IdentitySet};
pub use media::*;
pub use meeting::*;
pub use participant::*;
pub use relationships::*;
pub use routing::*;
