//! A call that could not be fetched: what happened and what most probably helps, on a line for people or as JSON.

use core::error::Error as _;

use graph_call_std::graph_call::exchange::ExchangeError;
use graph_call_std::graph_call::http;
use graph_call_std::tls::is_untrusted_issuer;
use graph_call_std::{Class, Cloud, Error, ErrorKind, Phase, Who};

use crate::escape::Escaped;
use crate::json::Node;
use crate::{escape, terminal};

/// The longest message of the service that is shown.
const MESSAGE_CHARACTERS_MAX: usize = 400;

/// More than the URL of a call has; what is longer is no id.
const ID_CHARACTERS_MAX: usize = 200;

/// What an error says; that nothing was sent yet goes without saying.
pub(crate) fn unsent(error: &Error) -> String {
    let text = error.to_string();
    text.strip_prefix("prepare: ").map(str::to_owned).unwrap_or(text)
}

/// The error of a call on one line.
pub(crate) fn line(id: &str, error: &Error, cloud: Cloud) -> String {
    let (id, what) = (cut(escape::id(id), ID_CHARACTERS_MAX), cut(&unsent(error), MESSAGE_CHARACTERS_MAX));
    let mut line = format!("call {}: {}", Escaped(&id), Escaped(&what));
    if let Some(hint) = advice(error, cloud) {
        line += "; ";
        line += &hint;
    }
    line
}

/// The beginning of a text, with a mark where the rest is left out.
fn cut(text: &str, characters_max: usize) -> String {
    let rest = text.char_indices().nth(characters_max);
    rest.map_or_else(|| text.to_owned(), |(end, _)| format!("{}…", &text[..end]))
}

/// Tells of it on standard error.
pub(crate) fn complain(id: &str, error: &Error, cloud: Cloud) {
    let more = vec![("id", Node::text(id)), ("error", node(error, cloud))];
    terminal::complain_with(&line(id, error, cloud), more);
}

/// A failure as programs read it: always these members, null where nothing is known.
pub(crate) fn node(error: &Error, cloud: Cloud) -> Node {
    let head = error.head();
    Node::Object(vec![
        ("kind", Node::text(error.kind().as_str())),
        ("who", Node::text(who(error.who()))),
        ("status", head.map_or(Node::Null, |head| Node::number(head.status))),
        ("code", Node::maybe(error.refusal().and_then(|refusal| refusal.code()))),
        ("message", Node::text(unsent(error))),
        ("hint", Node::maybe(advice(error, cloud))),
        ("requestId", Node::maybe(head.and_then(|head| head.request_id.as_deref()))),
        ("retryAfter", error.retry_after().map_or(Node::Null, |wait| Node::number(wait.as_secs_f64()))),
    ])
}

/// The same of a file that holds no call.
pub(crate) fn unread(text: &str, hint: Option<&str>) -> Node {
    let mut node = node(&Error::new(ErrorKind::Answer, Phase::Prepare, ""), Cloud::Global);
    node.set("message", Node::text(text));
    node.set("hint", Node::maybe(hint));
    node
}

fn who(who: Who) -> &'static str {
    match who {
        Who::Service => "service",
        Who::LoginHost => "loginHost",
        Who::Proxy => "proxy",
        Who::CaptivePage => "captivePage",
        _ => "nobody",
    }
}

/// What most probably helps.
pub(crate) fn advice(error: &Error, cloud: Cloud) -> Option<String> {
    let hints: Vec<String> = [hint(error), cloud_hint(error, cloud)].into_iter().flatten().collect();
    (!hints.is_empty()).then(|| hints.join("; "))
}

/// What helps: an option of this program where there is one, or else what the library knows.
fn hint(error: &Error) -> Option<String> {
    let text = match (error.kind(), error.status()) {
        (ErrorKind::Throttled, _) | (ErrorKind::Service, Some(429)) => {
            return Some(match error.retry_after() {
                Some(wait) => format!("come back in {:.0} s", wait.as_secs_f64().ceil()),
                None => "too many requests: come back later".to_owned(),
            });
        }
        (ErrorKind::Service, Some(401)) if asks_for_claims(error) => {
            "a policy of the tenant asks for more than the access token can show"
        }
        (ErrorKind::Service, Some(300..=399)) => {
            let location = error.refusal().and_then(|refusal| refusal.head.location.as_deref());
            let location = location
                .map_or_else(|| " nowhere".to_owned(), |location| format!(" to {}", Escaped(location)));
            return Some(format!("redirects are not followed; this one leads{location}"));
        }
        (ErrorKind::Service, Some(503 | 504)) => "the service is busy: --retries tries more often",
        (ErrorKind::Answer, _) if is_html(error) => "a proxy or a sign-in page may have answered instead",
        (ErrorKind::Answer, _) if is_coded(error) => "a proxy may have compressed the answer",
        (ErrorKind::Cut, _) => {
            "try again; if it stays so, a proxy or a firewall may cut what it does not know"
        }
        (ErrorKind::Certificate, _) if is_untrusted_issuer(error) => {
            return error.hint().map(|hint| format!("{hint}; --ca trusts another certificate authority"));
        }
        (ErrorKind::NotResolved | ErrorKind::Refused | ErrorKind::Proxy, _) => {
            return error.hint().map(|hint| format!("{hint} (HTTPS_PROXY)"));
        }
        _ => return error.hint().map(str::to_owned),
    };
    Some(text.to_owned())
}

fn is_html(error: &Error) -> bool {
    let media_type = error.head().and_then(|head| head.content_type.as_deref());
    media_type.is_some_and(|media_type| media_type.to_ascii_lowercase().starts_with("text/html"))
}

fn is_coded(error: &Error) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref());
    matches!(source, Some(ExchangeError::Http(error)) if error.kind() == http::ErrorKind::UnsupportedContentCoding)
}

fn asks_for_claims(error: &Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.claims.is_some())
}

fn cloud_hint(error: &Error, cloud: Cloud) -> Option<String> {
    let is_answered =
        matches!(error.class(), Class::Other | Class::Gone | Class::Auth) && error.refusal().is_some();
    (is_answered && !cloud.has_calls())
        .then(|| format!("Microsoft's table of clouds does not list this call for {}", cloud.name()))
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use graph_call_std::{AnswerHead, Cloud, Error, ErrorKind, Phase, Refusal};

    use super::{line, node};
    use crate::json::Node;

    fn refusal(status: u16, code: &str) -> Refusal {
        let mut refusal = Refusal::default();
        refusal.head.status = status;
        refusal.codes.push(code.to_owned());
        refusal
    }

    #[test]
    fn each_refusal_that_an_option_helps_with_has_its_hint() {
        for (status, code, hint) in [
            (301, "", "this one leads nowhere"),
            (400, "BadRequest", ""),
            (429, "TooManyRequests", "come back later"),
            (503, "serviceNotAvailable", "--retries"),
        ] {
            let shown = line("1", &Error::service(refusal(status, code)), Cloud::Global);
            assert!(shown.starts_with("call 1: "), "{shown}");
            assert!(shown.contains(&status.to_string()) && shown.contains(code), "{shown}");
            assert!(shown.contains(hint) && shown.contains("; ") != hint.is_empty(), "{shown}");
        }
    }

    #[test]
    fn throttling_says_when_to_come_back() {
        let mut throttled = refusal(429, "");
        throttled.head.retry_after = Some(Duration::from_millis(2_128));
        let error = Error::service(throttled).with_kind(ErrorKind::Throttled).with_phase(Phase::Wait);
        assert!(line("1", &error, Cloud::Global).ends_with("; come back in 3 s"));
    }

    #[test]
    fn in_china_an_answer_that_says_no_is_doubted() {
        let doubt = "; Microsoft's table of clouds does not list this call for china";
        let gone = Error::service(refusal(404, ""));
        assert!(line("1", &gone, Cloud::China).ends_with(doubt));
        assert!(!line("1", &gone, Cloud::UsGovL4).contains("Microsoft"));
        let refused = Error::new(ErrorKind::Refused, Phase::Connect, "nobody listens");
        assert!(!line("1", &refused, Cloud::China).contains(doubt), "nobody has said no yet");
    }

    #[test]
    fn what_the_service_says_stays_on_one_safe_line() {
        let mut long = refusal(400, "a\u{1b}[31m");
        long.message = format!("two\nlines \u{202e}{}", "x".repeat(1_000));
        let shown = line("i\nd", &Error::service(long), Cloud::Global);
        assert!(!shown.contains(['\n', '\u{1b}', '\u{202e}']), "{shown}");
        assert!(shown.starts_with("call i\\nd: ") && shown.contains("two\\nlines"), "{shown}");
        assert!(shown.chars().count() < 500 && shown.ends_with('…'), "{shown}");
    }

    #[test]
    fn of_what_is_far_too_long_for_an_id_the_beginning_is_shown() {
        let error = Error::new(ErrorKind::Usage, Phase::Prepare, "it is too long");
        let (fits, long) = ("é".repeat(200), "é".repeat(5_000));
        assert_eq!(line(&fits, &error, Cloud::Global), format!("call {fits}: it is too long"));
        assert_eq!(line(&long, &error, Cloud::Global), format!("call {fits}…: it is too long"));
    }

    #[test]
    fn json_has_the_status_also_of_an_answer_that_is_no_refusal() {
        let mut head = AnswerHead::default();
        head.status = 200;
        let error = Error::new(ErrorKind::Answer, Phase::Receive, "no call").with_head(head);
        assert_eq!(node(&error, Cloud::Global).get("status"), Some(&Node::number(200)));
        assert_eq!(node(&Error::usage("no id"), Cloud::Global).get("message"), Some(&Node::text("no id")));
    }
}
