//! What an answer said besides its content: its head, and the service's refusal.

use core::fmt;
use core::time::Duration;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use graph_call::Details;
use graph_call::http::Head;
use graph_call::job::Refused;

/// The head of an answer, as far as a program or its support has a use for it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct AnswerHead {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the content.
    pub content_type: Option<String>,
    /// `request-id`: what support asks for first.
    pub request_id: Option<String>,
    /// `client-request-id`: the id this client sent, echoed.
    pub client_request_id: Option<String>,
    /// `Date`, as received.
    pub date: Option<String>,
    /// `x-ms-ags-diagnostic`: the machine that answered.
    pub diagnostic: Option<String>,
    /// How long the service asks to wait.
    pub retry_after: Option<Duration>,
    /// `Location` of a redirect; it is never followed.
    pub location: Option<String>,
}

impl From<Head<'_>> for AnswerHead {
    fn from(head: Head<'_>) -> Self {
        Self {
            status: head.status(),
            content_type: head.content_type().map(str::to_owned),
            request_id: head.request_id().map(str::to_owned),
            client_request_id: head.client_request_id().map(str::to_owned),
            date: head.date().map(str::to_owned),
            diagnostic: head.diagnostic().map(str::to_owned),
            retry_after: head.retry_after(),
            location: head.location().map(str::to_owned),
        }
    }
}

/// What the service said when it did not do what was asked.
///
/// `message` is for people: its wording changes without notice, so programs decide by the status and
/// the codes.
#[derive(Clone, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The head of the answer.
    pub head: AnswerHead,
    /// The error codes, from the outermost to the most specific one.
    pub codes: Vec<String>,
    /// The service's own words.
    pub message: String,
    /// The parameter that the error is about.
    pub target: Option<String>,
    /// What is wrong with which parameter; `None` if nothing was said of that.
    pub details: Option<Box<Details>>,
    /// The beginning of content that is not JSON, where something on the way answered instead.
    pub excerpt: Option<String>,
    /// The `claims` of a challenge as JSON: what the next access token must satisfy.
    pub claims: Option<String>,
    /// Whether the answer broke off after its head.
    pub is_cut: bool,
}

/// Leaves the claims out: they come in base64, in which a peer can quote a secret unseen.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { head, codes, message, target, details, excerpt, claims, is_cut } = self;
        f.debug_struct("Refusal")
            .field("head", head)
            .field("codes", codes)
            .field("message", message)
            .field("target", target)
            .field("details", details)
            .field("excerpt", excerpt)
            .field("has_claims", &claims.is_some())
            .field("is_cut", is_cut)
            .finish()
    }
}

impl From<Refused<'_>> for Refusal {
    fn from(refused: Refused<'_>) -> Self {
        let Refused { head, said, is_cut } = refused;
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let mut codes: Vec<String> =
            [owned(said.code), owned(said.inner_code)].into_iter().flatten().collect();
        codes.dedup();
        let claims = head.claims_challenge().and_then(claims);
        let mut head = AnswerHead::from(head);
        head.request_id = head.request_id.or_else(|| owned(said.request_id));
        let message = said.message.unwrap_or_default().to_owned();
        Self {
            head,
            codes,
            message,
            target: owned(said.target),
            details: said.details.cloned().map(Box::new),
            excerpt: owned(said.excerpt),
            claims,
            is_cut,
        }
    }
}

/// The claims of a challenge as JSON, from base64 of either alphabet, padded or not.
fn claims(encoded: &str) -> Option<String> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if encoded.contains(['-', '_']) { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    let decoded = GeneralPurpose::new(alphabet, CONFIG).decode(encoded).ok()?;
    String::from_utf8(decoded).ok()
}

impl Refusal {
    /// The most specific error code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.codes.last().map(String::as_str)
    }
}
