//! The whole job: sign in, get, wait, renew, watch a call to its end. One machine without I/O.
//!
//! - takes: a [`Plan`], the time, what the driver did, a buffer, and the call to fill
//! - gives: the next [`Step`]: what the driver does, or what the user gets
//! - keeps: the token, the answer being read, and where the job stands, in a [`Session`]
//! - refuses: an answer to another request, a wait beyond the policy, to post a secret that was refused
//!
//! A driver is a loop that does what it is told, with any network and any way of waiting:
//!
//! ```text
//! loop { match job.step(now, did, buffer, call) { what => did = do(what) } }
//! ```

mod answer;
mod clock;
mod credential;
mod failure;
mod fault;
mod judge;
mod machine;
mod peer;
mod plan;
mod policy;
mod run;
mod schedule;
mod secrets;
mod session;
mod sign_in;
mod step;
mod store;
mod token;
mod watched;
mod who;

pub use credential::{Credential, FIELDS_MAX, FORM_MAX, Param, TokenRequest};
pub use failure::{Failure, FailureKind, Phase, Refused, Said};
pub use fault::Fault;
pub use peer::Peer;
pub use plan::{Plan, Query, Repeat};
pub use policy::Policy;
pub use session::{Job, Session};
pub use step::{Did, Step};
pub use token::{Grant, Need};
pub use watched::{Pair, Watched};
pub use who::Who;
