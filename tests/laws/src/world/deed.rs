//! What a host does with one exchange.

use graph_call::http::End;
use graph_call::job::{Fault, Who};

use super::{ID, SECRET, TOKEN};

/// How a connection goes on when the answer has been sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ending {
    /// It stays open, and nothing comes.
    Open,
    /// The host closes it.
    Closed(End),
    /// It is reset.
    Reset,
}

/// What a host does with one exchange.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Deed {
    /// There is no connection.
    NoConnection(Fault),
    /// A connection that was kept has been closed meanwhile.
    Stale,
    /// The call, in this state; whether the connection is closed after it.
    Call(&'static str, bool),
    /// A refusal: status, `Retry-After`, content, and whether it is cut in its content.
    Refuse(u16, Option<&'static str>, Body, bool),
    /// A claims challenge, with this status.
    Claims(u16),
    /// A call of another id.
    OtherId,
    /// An answer to another request.
    OtherRequest,
    /// The call, and then what nobody asked for.
    LeftOver,
    /// The same, by itself: whoever reads the call has not seen it yet.
    Unasked,
    /// The call, and then these bytes, which are no answer.
    LeftBytes(&'static str),
    /// A 200 with this content.
    NoCall(&'static str),
    /// A 200 that is a web page.
    Page,
    /// What is not HTTP.
    Garbage,
    /// The answer ends so: in its head or in its content, cut or reset, or nothing more comes.
    Broken {
        /// In the content, or in the head.
        in_content: bool,
        /// By a reset, or by an end.
        is_reset: bool,
    },
    /// Nothing comes, from the start or from the content on.
    Silent {
        /// In the content, or from the start.
        in_content: bool,
    },
    /// The call, a byte in so many milliseconds.
    Drip(u64),
    /// A refusal with this status that quotes what was sent.
    Quote(u16, Place),
    /// A token, which lives so long; with a byte order mark or not.
    Token(Expiry, bool),
    /// These bytes, and then the end or a reset.
    Raw(Vec<u8>, bool),
    /// A token that is none.
    BadToken,
    /// A token that is longer than any room.
    LongToken,
}

/// The content of a refusal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Body {
    /// None.
    Empty,
    /// A web page.
    Page,
    /// The service's form, with this code.
    Code(&'static str),
    /// A login host's form, with this number.
    Aadsts(u32),
}

/// Where a host quotes a secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// In the message.
    Message,
    /// In the message, which is cut within the secret.
    MessageEnd,
    /// In the code.
    Code,
    /// In an id of the content.
    Id,
    /// In a field of the head.
    Field,
    /// In what is wrong with a parameter.
    Detail,
    /// In content that is not JSON.
    Page,
    /// As it stands in the form.
    Encoded,
    /// As the claims of a challenge come.
    Base64,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 9] = [
        Self::Message,
        Self::MessageEnd,
        Self::Code,
        Self::Id,
        Self::Field,
        Self::Detail,
        Self::Page,
        Self::Encoded,
        Self::Base64,
    ];
}

/// What a token endpoint says of the life of a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expiry {
    /// So many seconds.
    Number(u32),
    /// So many, as a text.
    Text(u32),
    /// So many and a half.
    Half(u32),
    /// Nothing.
    Absent,
    /// So many, to be renewed after so many.
    Refresh(u32, u32),
}

impl Expiry {
    /// The milliseconds after which a token may be renewed: when a half of its life is left, or five minutes.
    pub(super) fn renewal(self) -> u64 {
        let (life, refresh) = match self {
            Self::Number(life) | Self::Text(life) | Self::Half(life) => (life, life),
            Self::Absent => (3_600, 3_600),
            Self::Refresh(life, refresh) => (life, refresh),
        };
        u64::from((life - (life / 2).min(300)).min(refresh)) * 1_000
    }
}

/// What a request asks, as a host reads it.
pub(super) struct Asked {
    request_id: String,
    token: String,
}

/// What a host sends.
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) end: Ending,
    pub(super) drip: u64,
    /// Bytes of it that nobody asked for, at its end.
    pub(super) left: usize,
}

impl Asked {
    /// The request, if it is complete.
    pub(super) fn of(text: &str) -> Option<Self> {
        let (head, content) = text.split_once("\r\n\r\n")?;
        let field = |name: &str| {
            let line = head.split("\r\n").find_map(|line| line.strip_prefix(name))?;
            Some(line.trim().to_owned())
        };
        if let Some(length) = field("Content-Length:") {
            let length: usize = length.parse().expect("a length");
            assert!(content.len() <= length, "more content than announced");
            if content.len() < length {
                return None;
            }
        } else {
            assert_eq!(content, "", "content without a length");
        }
        let token = field("Authorization: Bearer").unwrap_or_default();
        Some(Self { request_id: field("client-request-id:").unwrap_or_default(), token })
    }

    /// What an honest answer says, so that it can be known again.
    pub(super) fn subject(&self) -> String {
        format!("answer to {}", self.request_id)
    }
}

fn json(status: u16, fields: &str, content: &str) -> Vec<u8> {
    let length = content.len();
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: application/json; charset=utf-8\r\n{fields}Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), content.as_bytes()].concat()
}

fn page(status: u16, fields: &str, content: &str) -> Vec<u8> {
    let length = content.len();
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: text/html\r\n{fields}Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), content.as_bytes()].concat()
}

impl Deed {
    /// The plainest thing that the service does.
    pub const CALL: Self = Self::Call("established", false);
    /// The plainest thing that a login host does.
    pub const TOKEN: Self = Self::Token(Expiry::Number(3_599), false);

    /// A refusal of the service.
    pub const fn refuse(status: u16, code: &'static str) -> Self {
        Self::Refuse(status, None, Body::Code(code), false)
    }

    /// A refusal of a login host.
    pub const fn deny(status: u16, number: u32) -> Self {
        Self::Refuse(status, None, Body::Aadsts(number), false)
    }

    /// Whether the answer is the call that was asked for.
    pub const fn is_call(&self) -> bool {
        matches!(self, Self::Call(..) | Self::LeftOver | Self::Unasked | Self::LeftBytes(_) | Self::Drip(_))
    }

    /// Who answers, if the deed is the answer that counts.
    pub const fn who(&self) -> Option<Who> {
        Some(match self {
            Self::Refuse(511, _, Body::Page | Body::Empty, _) => Who::CaptivePage,
            Self::Refuse(301..=303 | 307 | 308, _, Body::Page | Body::Empty, _) => Who::CaptivePage,
            Self::Refuse(_, _, Body::Page | Body::Empty, _) => Who::Proxy,
            Self::Refuse(_, _, Body::Code(_), _) => Who::Service,
            Self::Refuse(_, _, Body::Aadsts(_), _) => Who::LoginHost,
            Self::Page => Who::CaptivePage,
            Self::NoConnection(_) | Self::Garbage | Self::Broken { in_content: false, .. } => Who::Nobody,
            Self::Silent { in_content: false } => Who::Nobody,
            _ => return None,
        })
    }

    /// The answer to a request; `number` makes tokens differ.
    pub(super) fn answer(&self, asked: &Asked, number: usize) -> Answer {
        let call = |state: &str| {
            let content = format!(
                "{{\"@odata.type\":\"#microsoft.graph.call\",\"id\":\"{ID}\",\"state\":\"{state}\",\"subject\":\"{}\"}}",
                asked.subject()
            );
            let fields = format!("client-request-id: {}\r\nrequest-id: r-1\r\n", asked.request_id);
            (fields, content)
        };
        let mut end = Ending::Open;
        let mut drip = 0;
        let mut left = 0;
        let bytes = match self {
            Self::NoConnection(_) | Self::Stale => {
                end = Ending::Reset;
                Vec::new()
            }
            Self::Call(state, is_closing) => {
                let (mut fields, content) = call(state);
                if *is_closing {
                    fields.push_str("Connection: close\r\n");
                    end = Ending::Closed(End::CloseNotify);
                }
                json(200, &fields, &content)
            }
            Self::Refuse(status, retry_after, body, is_cut) => {
                let mut fields = String::new();
                if let Some(wait) = retry_after {
                    fields.push_str(&format!("Retry-After: {wait}\r\n"));
                }
                if (301..=308).contains(status) {
                    fields.push_str("Location: https://portal.example/\r\n");
                }
                let mut bytes = match body {
                    Body::Empty => {
                        format!("HTTP/1.1 {status} Said\r\n{fields}Content-Length: 0\r\n\r\n").into_bytes()
                    }
                    Body::Page => page(*status, &fields, "<html><title>Said</title></html>"),
                    Body::Code(code) => json(
                        *status,
                        &format!("client-request-id: {}\r\n{fields}", asked.request_id),
                        &format!(
                            "{{\"error\":{{\"code\":\"{code}\",\"message\":\"So it is.\",\"innerError\":{{\"request-id\":\"r-2\"}}}}}}"
                        ),
                    ),
                    Body::Aadsts(number) => json(
                        *status,
                        &fields,
                        &format!(
                            "{{\"error\":\"said\",\"error_description\":\"AADSTS{number}: So it is.\",\"error_codes\":[{number}],\"trace_id\":\"t-1\"}}"
                        ),
                    ),
                };
                if *is_cut && *body != Body::Empty {
                    bytes.truncate(bytes.len().saturating_sub(12));
                    end = Ending::Closed(End::Cut);
                }
                bytes
            }
            Self::Claims(status) => json(
                *status,
                &format!(
                    "client-request-id: {}\r\nWWW-Authenticate: Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"\r\n",
                    asked.request_id
                ),
                "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"Claims are wanted.\"}}",
            ),
            Self::OtherId => {
                let (fields, content) = call("established");
                json(200, &fields, &content.replace(ID, "00000000-0000-0000-0000-0000000000c1"))
            }
            Self::OtherRequest => {
                let (_, content) = call("established");
                let content = content.replace("answer to", "answer for another than");
                json(200, "client-request-id: 00000000-0000-4000-8000-000000000000\r\n", &content)
            }
            Self::LeftOver | Self::Unasked => {
                let (fields, content) = call("established");
                let mut bytes = json(200, &fields, &content);
                let unasked = json(200, "", &content.replace("answer to", "nobody asked"));
                left = unasked.len();
                bytes.extend(unasked);
                bytes
            }
            Self::LeftBytes(unasked) => {
                let (fields, content) = call("established");
                let mut bytes = json(200, &fields, &content);
                left = unasked.len();
                bytes.extend(unasked.as_bytes());
                bytes
            }
            Self::NoCall(content) => json(200, "", content),
            Self::Page => page(200, "", "<html><form>Sign in to the network</form></html>"),
            Self::Garbage => {
                end = Ending::Closed(End::Cut);
                b"220 mail.example ESMTP\r\n".to_vec()
            }
            Self::Broken { in_content, is_reset } => {
                let (fields, content) = call("established");
                let mut bytes = json(200, &fields, &content);
                bytes.truncate(bytes.len() - if *in_content { 5 } else { content.len() + 5 });
                end = if *is_reset { Ending::Reset } else { Ending::Closed(End::Cut) };
                bytes
            }
            Self::Silent { in_content } => {
                let (fields, content) = call("established");
                let mut bytes = json(200, &fields, &content);
                bytes.truncate(if *in_content { bytes.len() - 5 } else { 0 });
                bytes
            }
            Self::Drip(millis) => {
                drip = *millis;
                let (fields, content) = call("established");
                json(200, &fields, &content)
            }
            Self::Quote(status, place) => quote(*status, *place, asked),
            Self::Token(expiry, has_mark) => {
                let expiry = match expiry {
                    Expiry::Number(seconds) => format!("\"expires_in\":{seconds},"),
                    Expiry::Text(seconds) => format!("\"expires_in\":\"{seconds}\","),
                    Expiry::Half(seconds) => format!("\"expires_in\":{seconds}.5,"),
                    Expiry::Absent => String::new(),
                    Expiry::Refresh(seconds, after) => {
                        format!("\"expires_in\":{seconds},\"refresh_in\":{after},")
                    }
                };
                let mark = if *has_mark { "\u{feff}" } else { "" };
                let token = format!("{TOKEN}{number}");
                json(
                    200,
                    "",
                    &format!("{mark}{{\"token_type\":\"Bearer\",{expiry}\"access_token\":\"{token}\"}}"),
                )
            }
            Self::Raw(bytes, is_reset) => {
                end = if *is_reset { Ending::Reset } else { Ending::Closed(End::CloseNotify) };
                bytes.clone()
            }
            Self::BadToken => json(200, "", "{\"token_type\":\"Bearer\",\"access_token\":\"two words\"}"),
            Self::LongToken => {
                let token = "x".repeat(5_000);
                json(200, "", &format!("{{\"token_type\":\"Bearer\",\"access_token\":\"{token}\"}}"))
            }
        };
        Answer { bytes, end, drip, left }
    }
}

/// A refusal that quotes the secrets: the token that was sent, or the application's.
fn quote(status: u16, place: Place, asked: &Asked) -> Vec<u8> {
    let secret = if asked.token.is_empty() { SECRET } else { &asked.token };
    let refusal = |code: &str, message: &str, id: &str| {
        if asked.token.is_empty() {
            format!("{{\"error\":\"{code}\",\"error_description\":\"{message}\",\"trace_id\":\"{id}\"}}")
        } else {
            format!(
                "{{\"error\":{{\"code\":\"{code}\",\"message\":\"{message}\",\"innerError\":{{\"request-id\":\"{id}\"}}}}}}"
            )
        }
    };
    match place {
        Place::Message => json(status, "", &refusal("a", &format!("What is {secret}?"), "b")),
        Place::MessageEnd => {
            let filler = "-".repeat(256 - 6);
            json(status, "", &refusal("a", &format!("{filler}{secret}"), "b"))
        }
        Place::Code => json(status, "", &refusal(secret, "no", "b")),
        Place::Id => json(status, "", &refusal("a", "no", secret)),
        Place::Field => json(
            status,
            &format!("request-id: {secret}\r\nLocation: /{secret}\r\n"),
            &refusal("a", "no", "b"),
        ),
        Place::Detail => {
            let details = format!("{{\"code\":\"a\",\"target\":\"{secret}\",\"message\":\"b\"}}");
            json(status, "", &format!("{{\"error\":{{\"code\":\"a\",\"details\":[{details}]}}}}"))
        }
        Place::Page => page(status, "", &format!("<html>{secret}</html>")),
        Place::Base64 => {
            let claims = base64(format!("{{\"a\":\"{secret}\"}}").as_bytes());
            json(status, "", &refusal("a", &format!("What is {claims}?"), "b"))
        }
        Place::Encoded => {
            let encoded: String = secret
                .bytes()
                .map(|byte| match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                    _ => format!("%{byte:02x}"),
                })
                .collect();
            json(status, "", &refusal("a", &format!("client_secret={encoded}"), "b"))
        }
    }
}

/// In base64 (RFC 4648), without padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let [a, b, c] = [0, 1, 2].map(|at| u32::from(three.get(at).copied().unwrap_or(0)));
        let bits = a << 16 | b << 8 | c;
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]);
        (0..=three.len()).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
