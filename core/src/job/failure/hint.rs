//! What to do about a failure: by who answered, and what.

use super::{Failure, FailureKind};
use crate::job::{Fault, Who};

/// Codes of the service that say what is to be changed.
const CODES: [(&str, &str); 4] = [
    ("7503", "the application is no calling bot: enable calling where it is registered"),
    ("7504", PERMISSION),
    ("7505", "the token is of another tenant than the call: sign in to the call's tenant"),
    ("8522", "it has ended, or belongs to another application, or never was: check the id"),
];

const PERMISSION: &str = "an application needs the permission Calls.Initiate.All, or Calls.AccessMedia.All for app-hosted media, with admin \
     consent; delegated tokens are not supported";

impl Failure<'_> {
    /// What to do next, if there is something.
    pub fn hint(&self) -> Option<&'static str> {
        let said = self.refused.map(|refused| refused.said).unwrap_or_default();
        let status = self.refused.map(|refused| refused.head.status());
        if let Some(meaning) = said.meaning() {
            return Some(meaning);
        }
        Some(match (self.kind, self.who) {
            (FailureKind::Fault(Fault::NotResolved | Fault::NotConnected), _) => {
                "check the network, and whether it needs a proxy"
            }
            (FailureKind::Fault(Fault::Proxy(407)), _) => "the proxy wants a user name and a password",
            (FailureKind::Fault(Fault::Proxy(_)), _) => "ask whoever runs the proxy for a way to this host",
            (FailureKind::Fault(Fault::Certificate), _) => {
                "something on the way may read along: trust its authority, or use another network"
            }
            (FailureKind::TokenTooLong, _) => "give the session more room for the token",
            (FailureKind::CredentialRefused, _) => "change the credential",
            (FailureKind::Throttled { .. }, _) => "come back later, or allow longer waits",
            (_, Who::CaptivePage) => "sign in to the network in a browser first",
            (_, Who::Proxy) => "a proxy or filter answered: ask whoever runs it for a way to this host",
            (FailureKind::Unauthorized, _) => {
                "the token is not for this cloud or tenant, or lacks what is asked"
            }
            (FailureKind::OtherAnswer, _) => "something on the way mixes up answers: use another way",
            (FailureKind::Refused | FailureKind::NoSuchCall, Who::Service) => {
                let codes = [said.code, said.inner_code];
                let known = CODES.iter().find(|(code, _)| codes.contains(&Some(*code)));
                match (known, status) {
                    (Some((_, hint)), _) => hint,
                    (None, Some(429 | 500..)) => "the service is busy: come back later",
                    (None, Some(403)) => PERMISSION,
                    _ => return None,
                }
            }
            _ => return None,
        })
    }
}
