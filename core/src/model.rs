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

#[cfg(feature = "alloc")]
pub use call::HeapCall;
pub use call::{Call, TinyCall};
pub use capacity::Capacities;
pub use enums::*;
pub(crate) use graph_error::Reader as RefusalReader;
pub use graph_error::{Detail, Details, GraphError};
pub use identity::{Extra, ExtraName, Identity, IdentityKind, IdentitySet};
pub use media::{CallMediaState, LiveCaptionOptions, MediaConfig, MediaInfo};
pub use meeting::{CallTranscriptionInfo, ChatInfo, MeetingCapability, MeetingInfo};
pub use participant::{InvitationParticipantInfo, OperationParticipant, ParticipantInfo};
pub use relationships::{
    AudioRoutingGroup, CommsOperation, ContentSharingSession, MediaStream, OnlineMeetingRestricted,
    Participant, RecordingInfo, RemovedState, SyntheticMediaDetection,
};
pub use routing::{CallOptions, CallRoute, IncomingContext, ResultInfo, ToneInfo};
