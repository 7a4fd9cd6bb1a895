//! Which build of the tool this is.

/// Version, commit, features, TLS and target, a line each.
pub(crate) fn long() -> String {
    let mut features = vec!["cli"];
    for (name, is_on) in [
        ("platform-verifier", cfg!(feature = "platform-verifier")),
        ("service", cfg!(feature = "service")),
        ("tokio", cfg!(feature = "tokio")),
        ("webpki-roots", cfg!(feature = "webpki-roots")),
    ] {
        features.extend(is_on.then_some(name));
    }
    let version = env!("CARGO_PKG_VERSION");
    let commit = option_env!("GRAPH_CALL_COMMIT").unwrap_or("not known to this build");
    let target = env!("GRAPH_CALL_TARGET");
    let features = features.join(", ");
    format!(
        "{version}\ncommit: {commit}\nfeatures: {features}\nTLS: 1.2 and 1.3, by rustls with ring\ntarget: {target}"
    )
}
