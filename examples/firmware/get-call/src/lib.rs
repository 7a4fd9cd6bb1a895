//! What the examples of this package share: a call told over defmt.

#![no_std]

mod recorded;

use graph_call::IdentitySet;
pub use recorded::Recorded;

/// The call of these programs: the standard one, or the tiny one where all of the RAM is 16 KB.
#[cfg(not(small_board))]
pub type Call = graph_call::Call;
/// The call of these programs: the standard one, or the tiny one where all of the RAM is 16 KB.
#[cfg(small_board)]
pub type Call = graph_call::TinyCall;

/// Logs what a call says. Secrets are no part of it, and an absent member is `None`.
pub fn log(call: &Call) {
    defmt::info!(
        "id {} state {} direction {}",
        call.id.as_str(),
        call.state.as_str(),
        call.direction.as_str()
    );
    defmt::info!("subject {} callback {}", call.subject.as_str(), call.callback_uri.as_str());
    log_party("source", call.source.get().and_then(|source| source.identity.get()));
    for target in call.targets.iter() {
        log_party("target", target.identity.get());
    }
    for modality in call.requested_modalities.iter() {
        defmt::info!("modality {}", modality.as_str());
    }
    if let Some(result) = call.result_info.get() {
        defmt::info!("result {} {} {}", result.code.get(), result.subcode.get(), result.message.as_str());
    }
}

fn log_party<const ID: usize, const TEXT: usize, const WORD: usize, const SET: usize>(
    role: &str,
    set: Option<&IdentitySet<ID, TEXT, WORD, SET>>,
) {
    for identity in set.into_iter().flat_map(|set| set.identities.iter()) {
        let (kind, name) = (identity.kind.as_str(), identity.display_name.as_str());
        defmt::info!("{} {} {} {}", role, kind, identity.id.as_str(), name);
    }
}
