//! Faults to order: what goes wrong with one answer. Each is one row of the table below.
//!
//! Most have a name, so that a person can order them by the id of a call: `fault.throttled.2` is answered 429 with
//! `Retry-After: 2` every time, `once.throttled.2` every other time. At the sign-in the client id does the same.

mod place;
mod steps;
mod wire;

pub use place::{Phase, Place, UnknownFault};
pub use wire::WireFault;

use super::answer::{Answer, Stamp};
use super::script::{End, Script, Step};
use core::str::FromStr;
use std::time::Duration;
use steps::{CHUNKED, CLOSE, chunked, forever, until, with_retry_after};

pub(super) use steps::{CHALLENGE, expired};

/// Makes the enumeration, the names and the scripts of the rows. A row is
///
/// ```text
/// /// What it is.
/// Variant(what: Type)                  as in the enumeration, with a name for each value
///     "name.ARGUMENT"                  or "name[.ARGUMENT]" where it may be left out, or "name"
///     ["name.1", "name.2"]             names as they are ordered
///     = Self::Variant(...)?            made of `argument`, with `?` where that is wrong
///     => steps,                        of `good`, the answer without the fault, and `stamp`, what is known of its request
/// ```
macro_rules! faults {
    (
        ($good:ident, $stamp:ident, $argument:ident)
        $(
            #[doc = $what:literal]
            $variant:ident $({ $($(#[$about:meta])* $field:ident: $type:ty,)* })? $(($bind:ident: $inner:ty))?
                $($name:literal [$($example:literal),*] = $made:expr)?
                => $steps:expr,
        )*
    ) => {
        /// A fault of one answer.
        ///
        /// ```
        /// use graph_call_std::service::{Fault, Phase};
        ///
        /// assert_eq!("throttled.2.128".parse(), Ok(Fault::Throttled { retry_after: Some("2.128".into()) }));
        /// assert_eq!("stall.in-head".parse(), Ok(Fault::Stall(Phase::InHead)));
        /// assert!("no-such-fault".parse::<Fault>().is_err());
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Fault {
            $(#[doc = $what] $variant $({ $($(#[$about])* $field: $type,)* })? $(($inner))?,)*
        }

        impl Fault {
            /// Every fault that has a name: the name, with `.ARGUMENT` or `[.ARGUMENT]`, and what it is.
            pub const NAMES: &'static [(&'static str, &'static str)] =
                &[$($(($name, $what.trim_ascii_start()),)?)*];

            /// A name of every kind that can be ordered.
            pub const EXAMPLES: &'static [&'static str] = &[$($($($example,)*)?)*];

            fn named(name: &str, $argument: Option<&str>) -> Option<Self> {
                $($(
                    if takes($name, name, $argument) {
                        return Some($made);
                    }
                )?)*
                None
            }

            /// The steps of an answer with this fault.
            pub(super) fn script(self, $good: Answer, $stamp: &Stamp) -> Script {
                match self {
                    $(Self::$variant $({ $($field),* })? $(($bind))? => $steps,)*
                }
            }
        }
    };
}

faults! {
    (good, stamp, argument)

    /// 429, with Retry-After if a value is given.
    Throttled {
        /// The value of Retry-After, sent as it is.
        retry_after: Option<String>,
    }
        "throttled[.SECONDS]" ["throttled", "throttled.0"]
        = Self::Throttled { retry_after: argument.map(str::to_owned) }
        => steps::throttled(stamp, retry_after).into(),
    /// 503, with Retry-After if a value is given.
    Unavailable {
        /// The value of Retry-After, sent as it is.
        retry_after: Option<String>,
    }
        "unavailable[.SECONDS]" ["unavailable", "unavailable.0"]
        = Self::Unavailable { retry_after: argument.map(str::to_owned) }
        => with_retry_after(Answer::error(stamp, 503, "serviceNotAvailable", "Service unavailable"), retry_after).into(),
    /// An error of this status, 400 to 599.
    Status(status: u16)
        "status.CODE" ["status.500", "status.502"]
        = Self::Status(status(argument)?)
        => Answer::error(stamp, status, "9999", "Unknown internal server error.").into(),
    /// 401, as if the access token had expired; it has not.
    Unauthorized
        "unauthorized" ["unauthorized"] = Self::Unauthorized
        => expired(stamp).into(),
    /// 401, and every access token issued so far has expired.
    Expired
        "expired" ["expired"] = Self::Expired
        => vec![Step::Revoke, Step::Write(expired(stamp).message())],
    /// 401 that asks for an access token with more claims.
    ClaimsChallenge
        "claims" ["claims"] = Self::ClaimsChallenge
        => steps::claims_challenge(stamp).into(),
    /// 403, as for an application without the permission.
    Forbidden
        "forbidden" ["forbidden"] = Self::Forbidden
        => steps::forbidden(stamp).into(),
    /// 401 that shows the secret of its request: in message, excerpt, id or field.
    Reflect(place: Place)
        "reflect.PLACE" ["reflect.message", "reflect.excerpt", "reflect.id", "reflect.field"]
        = Self::Reflect(argument?.parse().ok()?)
        => steps::reflect(stamp, place).into(),
    /// The call of another id.
    OtherCall
        "other-call" ["other-call"] = Self::OtherCall
        => steps::with_member(good, "id", "00000000-0000-4000-8000-00000000dead").into(),
    /// The client-request-id of another request.
    OtherRequest
        "other-request" ["other-request"] = Self::OtherRequest
        => good.with("client-request-id", "00000000-0000-4000-8000-00000000dead").into(),
    /// Behind the answer one that nobody asked for; there the call is terminated.
    Unasked
        "unasked" ["unasked"] = Self::Unasked
        => vec![Step::Write(good.message()), Step::Write(steps::unasked(good))],
    /// The same, but half a TLS record of it; the rest precedes the next answer.
    HalfUnasked
        "half-unasked" ["half-unasked"] = Self::HalfUnasked
        => vec![Step::Write(good.message()), Step::Half(steps::unasked(good))],
    /// 302 to another host.
    Redirect
        "redirect" ["redirect"] = Self::Redirect
        => Answer { status: 302, content: Vec::new(), ..good }.with("Location", "https://elsewhere.example/v1.0/").into(),
    /// 204 without content.
    NoContent
        "no-content" ["no-content"] = Self::NoContent
        => Answer { status: 204, ..good }.into(),
    /// 200 with a page of HTML, as a proxy answers.
    Html
        "html" ["html"] = Self::Html
        => steps::page(good, 200).into(),
    /// A page of HTML with this status, 400 to 599, as a proxy answers.
    Page(status: u16)
        "page.CODE" ["page.403", "page.404", "page.502"]
        = Self::Page(status(argument)?)
        => steps::page(good, status).into(),
    /// A page of HTML in front of the content.
    HtmlFirst
        "html-first" ["html-first"] = Self::HtmlFirst
        => Answer { content: [steps::PAGE, &good.content].concat(), ..good }.into(),
    /// The content is labelled as this type; by name it is text/plain.
    ContentType(media_type: String)
        "text" ["text"] = Self::ContentType("text/plain".to_owned())
        => good.with("Content-Type", media_type).into(),
    /// The content is compressed although the client asked for `identity`.
    Gzip
        "gzip" ["gzip"] = Self::Gzip
        => Answer { content: steps::gzip_stored(&good.content), ..good }.with("Content-Encoding", "gzip").into(),
    /// Chunks of these sizes, over and over; 64 if none are given.
    Chunked(sizes: Vec<usize>)
        "chunked[.SIZE[.SIZE]]" ["chunked", "chunked.9", "chunked.1.70"]
        = Self::Chunked(argument.unwrap_or("64").split('.').map(|size| size.parse().ok()).collect::<Option<_>>()?)
        => vec![Step::Write(chunked(&good, &sizes))],
    /// Content-Length says this, whatever the content.
    ContentLength(text: String)
        "length.TEXT" ["length.5", "length.-5", "length.x"]
        = Self::ContentLength(argument?.to_owned())
        => vec![Step::Write(good.head(&[("Content-Length", &text)])), Step::Write(good.content), CLOSE],
    /// The content ends with the connection; TLS says `close_notify`.
    UntilClose
        "until-close" ["until-close"] = Self::UntilClose
        => vec![Step::Write(good.head(&[])), Step::Write(good.content), CLOSE],
    /// The content ends with the connection; TLS says nothing.
    UntilCut
        "until-cut" ["until-cut"] = Self::UntilCut
        => vec![Step::Write(good.head(&[])), Step::Write(good.content), Step::End(End::Cut)],
    /// The call after blanks, of so many bytes in all; 2 MiB if none are given.
    Huge(length: u64)
        "huge[.BYTES]" ["huge", "huge.4097"]
        = Self::Huge(number(argument, 2 * 1024 * 1024)?)
        => steps::huge(good, length),
    /// Interim answers (103) without end.
    EndlessInterim
        "endless-interim" ["endless-interim"] = Self::EndlessInterim
        => forever(Vec::new(), "HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n", Duration::ZERO),
    /// Field lines without end.
    EndlessHead
        "endless-head" ["endless-head"] = Self::EndlessHead
        => forever(b"HTTP/1.1 200 OK\r\n".to_vec(), "x-again: and again\r\n", Duration::ZERO),
    /// Chunks of blanks without end.
    EndlessContent
        "endless-content" ["endless-content"] = Self::EndlessContent
        => forever(good.head(&[CHUNKED]), "10\r\n                \r\n", Duration::ZERO),
    /// A trailer section without end.
    EndlessTrailer
        "endless-trailer" ["endless-trailer"] = Self::EndlessTrailer
        => forever(steps::before_trailer(&good), "x-again: and again\r\n", Duration::ZERO),
    /// One byte, a wait, and so on; 5 ms if none are given.
    Slow(interval: Duration)
        "slow[.MILLISECONDS]" ["slow", "slow.1"]
        = Self::Slow(Duration::from_millis(number(argument, 5)?))
        => vec![Step::Trickle(good.message(), interval)],
    /// A chunk of one blank and a wait, without end; 100 ms if none are given.
    Drip(interval: Duration)
        "drip[.MILLISECONDS]" ["drip", "drip.20"]
        = Self::Drip(Duration::from_millis(number(argument, 100)?))
        => forever(good.head(&[CHUNKED]), "1\r\n \r\n", interval),
    /// Nothing from before-head, in-head, before-content or in-content on.
    Stall(phase: Phase)
        "stall.PHASE" ["stall.before-head", "stall.in-head", "stall.before-content", "stall.in-content"]
        = Self::Stall(argument?.parse().ok()?)
        => vec![Step::Write(until(&good, phase)), Step::Stall],
    /// TCP ends in this phase, without `close_notify`.
    CutAt(phase: Phase)
        "cut-at.PHASE" ["cut-at.before-head", "cut-at.in-head", "cut-at.before-content", "cut-at.in-content"]
        = Self::CutAt(argument?.parse().ok()?)
        => vec![Step::Write(until(&good, phase)), Step::End(End::Cut)],
    /// TCP is reset in this phase.
    ResetAt(phase: Phase)
        "reset-at.PHASE" ["reset-at.before-head", "reset-at.in-head", "reset-at.before-content", "reset-at.in-content"]
        = Self::ResetAt(argument?.parse().ok()?)
        => vec![Step::Write(until(&good, phase)), Step::End(End::Reset)],
    /// TCP ends after so many bytes, no `close_notify`; 100 if none are given.
    Cut {
        /// How many bytes of the answer are sent.
        after: usize,
    }
        "cut[.BYTES]" ["cut", "cut.7"]
        = Self::Cut { after: number(argument, 100)? as usize }
        => vec![Step::Write(steps::prefix(good.message(), after)), Step::End(End::Cut)],
    /// TCP is reset after so many bytes of the answer; 100 if none are given.
    Reset {
        /// How many bytes of the answer are sent.
        after: usize,
    }
        "reset[.BYTES]" ["reset", "reset.7"]
        = Self::Reset { after: number(argument, 100)? as usize }
        => vec![Step::Write(steps::prefix(good.message(), after)), Step::End(End::Reset)],
    /// Exactly these pieces, then this end. Has no name.
    Raw {
        /// What is sent instead of an answer, each piece in a TLS record of its own.
        pieces: Vec<Vec<u8>>,
        /// What follows them.
        end: End,
    }
        => pieces.into_iter().map(Step::Write).chain([Step::End(end)]).collect(),
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let (name, argument) = match text.split_once('.') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text, None),
        };
        Self::named(name, argument).ok_or_else(|| UnknownFault(text.to_owned()))
    }
}

/// Whether the form of a row takes this name with or without an argument.
fn takes(form: &str, name: &str, argument: Option<&str>) -> bool {
    match form.strip_prefix(name) {
        Some("") => argument.is_none(),
        Some(rest) if rest.starts_with('.') => argument.is_some(),
        Some(rest) => rest.starts_with("[."),
        None => false,
    }
}

fn number(argument: Option<&str>, default: u64) -> Option<u64> {
    argument.map_or(Some(default), |text| text.parse().ok())
}

fn status(argument: Option<&str>) -> Option<u16> {
    argument?.parse().ok().filter(|code| (400..600).contains(code))
}
