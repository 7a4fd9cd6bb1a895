//! One line about a call that could not be fetched: what, and what most probably helps.

use graph_call_std::{Class, Cloud, Error, ErrorKind, Phase};

use crate::escape::Escaped;

/// The longest message of the service that is shown.
const MESSAGE_CHARACTERS_MAX: usize = 400;

/// The error of a call on one line.
pub(crate) fn line(id: &str, error: &Error, cloud: Cloud) -> String {
    let what = error.to_string();
    let cut: String = what.chars().take(MESSAGE_CHARACTERS_MAX).collect();
    let mark = if cut.len() < what.len() { "…" } else { "" };
    let mut line = format!("call {}: {}{mark}", Escaped(id), Escaped(&cut));
    for hint in [hint(error), cloud_hint(error, cloud)].into_iter().flatten() {
        line += "; ";
        line += &hint;
    }
    line
}

fn hint(error: &Error) -> Option<String> {
    let code = error.refusal().and_then(|refusal| refusal.code());
    let text = match (error.kind(), error.status(), code) {
        (ErrorKind::Throttled, ..) | (ErrorKind::Service, Some(429), _) => {
            return Some(match error.retry_after() {
                Some(wait) => format!("come back in {:.0} s", wait.as_secs_f64().ceil()),
                None => "too many requests: come back later".to_owned(),
            });
        }
        (ErrorKind::Service, Some(403), Some("7505")) => "the token is of another tenant than the call",
        (ErrorKind::Service, Some(403), Some("7503")) => {
            "the application is not registered for calling: enable calling for its bot"
        }
        (ErrorKind::Service, Some(403), _) => {
            "an application needs the permission Calls.Initiate.All, or Calls.AccessMedia.All for app-hosted \
             media, with admin consent; delegated tokens are not supported"
        }
        (ErrorKind::Service, Some(401), _) => "the access token has expired, or is for another cloud",
        (ErrorKind::Service, ..) if error.is_gone() => "it has ended, or belongs to another application",
        (ErrorKind::Service, Some(500..=599), _) => "the service has trouble: --retries tries more often",
        (ErrorKind::Certificate, ..) => "--ca trusts another certificate authority",
        (ErrorKind::Timeout, ..) if error.phase() == Phase::Wait => "--timeout allows more time",
        (ErrorKind::NotResolved | ErrorKind::Refused, ..) => "check the network and HTTPS_PROXY",
        _ => return None,
    };
    Some(text.to_owned())
}

fn cloud_hint(error: &Error, cloud: Cloud) -> Option<String> {
    let is_answered =
        matches!(error.class(), Class::Other | Class::Gone | Class::Auth) && error.refusal().is_some();
    (is_answered && !cloud.has_calls())
        .then(|| format!("Microsoft's table of clouds does not list this call for {}", cloud.name()))
}
