//! What is logged of a job.

use graph_call::job::{Failure, FailureKind, Refused, Step};

/// Logs a step, if a person wants to know of it.
pub fn tell(step: &Step<'_>) {
    match step {
        Step::Connect { peer, .. } => defmt::debug!("connect to {}", peer.host),
        Step::Wait { after: Some(failure), .. } => defmt::warn!("again: {}", Why(failure)),
        Step::Gone(_) => defmt::info!("gone"),
        Step::Failed(failure) => defmt::error!("failed: {}", Why(failure)),
        _ => {}
    }
}

/// Logs what the program took of the stack, and ends it: well if the watch came to its end.
pub fn end(success: bool) -> ! {
    defmt::info!("stack {}", board::stack::in_all());
    device::end(success)
}

/// A failure in few words: its kind, or the status and the code of a refusal.
struct Why<'a>(&'a Failure<'a>);

impl defmt::Format for Why<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        match (self.0.kind, self.0.refused) {
            (
                FailureKind::Refused | FailureKind::Throttled { .. } | FailureKind::Unauthorized,
                Some(refused),
            ) => {
                let Refused { head, said, .. } = refused;
                defmt::write!(f, "status {} {}", head.status(), said.code.unwrap_or_default());
            }
            (kind, _) => defmt::write!(f, "{} in {}", kind, self.0.phase),
        }
    }
}
