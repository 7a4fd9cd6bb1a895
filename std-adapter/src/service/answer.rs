//! An answer before it is put on the wire: status, field lines, content.

use super::script::{Script, Step};
use crate::clock::unix_seconds;
use graph_call::DateTime;
use serde_json::{Value, json};
use std::fmt::Write as _;

const CONTENT_TYPE: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
const DIAGNOSTIC: &str = r#"{"ServerInfo":{"DataCenter":"Loopback","Slice":"E","Ring":"5","ScaleUnit":"000","RoleInstance":"LOOPBACK00000001"}}"#;

/// What an answer shows of its request.
pub(super) struct Stamp {
    pub(super) request_id: String,
    pub(super) client_request_id: String,
    /// The access token or the client secret: only a fault shows it.
    pub(super) secret: String,
    /// Whether the login host answers, whose errors have another form.
    is_login: bool,
    /// Seconds since 1970.
    now: u64,
}

impl Stamp {
    pub(super) fn of_graph(client_request_id: Option<&str>, secret: &str) -> Self {
        Self::new(client_request_id, secret, false)
    }

    pub(super) fn of_login(client_request_id: Option<&str>, secret: &str) -> Self {
        Self::new(client_request_id, secret, true)
    }

    /// The same, with this text for both ids.
    pub(super) fn identified_by(&self, id: &str) -> Self {
        Self { request_id: id.to_owned(), ..Self::new(Some(id), &self.secret, self.is_login) }
    }

    fn new(client_request_id: Option<&str>, secret: &str, is_login: bool) -> Self {
        let request_id = uuid();
        let client_request_id = client_request_id.unwrap_or(&request_id).to_owned();
        Self { request_id, client_request_id, secret: secret.to_owned(), is_login, now: unix_seconds() }
    }

    /// `IMF-fixdate`, RFC 9110 section 5.6.7.
    fn date(&self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let DateTime { year, month, day, hour, minute, second, .. } = self.time();
        let weekday = DAYS[(self.now / 86_400 % 7) as usize];
        let month = MONTHS[usize::from(month) - 1];
        format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    }

    /// The date of `innerError`: no fraction and no zone.
    fn inner_date(&self) -> String {
        DateTime { offset_minutes: None, ..self.time() }.to_string()
    }

    fn time(&self) -> DateTime {
        // Nobody serves after the year 9999.
        DateTime::from_unix(self.now).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// A status, its field lines and content; how the content is framed is decided when it is written.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) field_lines: Vec<(&'static str, String)>,
    pub(super) content: Vec<u8>,
}

impl Answer {
    pub(super) fn json(stamp: &Stamp, status: u16, content: impl Into<Vec<u8>>) -> Self {
        let field_lines = vec![
            ("Cache-Control", "no-cache".to_owned()),
            ("Content-Type", CONTENT_TYPE.to_owned()),
            ("Strict-Transport-Security", "max-age=31536000".to_owned()),
            ("request-id", stamp.request_id.clone()),
            ("client-request-id", stamp.client_request_id.clone()),
            ("x-ms-ags-diagnostic", DIAGNOSTIC.to_owned()),
            ("OData-Version", "4.0".to_owned()),
            ("Date", stamp.date()),
        ];
        Self { status, field_lines, content: content.into() }
    }

    pub(super) fn error(stamp: &Stamp, status: u16, code: &str, message: &str) -> Self {
        Self::error_with(stamp, status, code, message, json!({}))
    }

    /// An error whose `innerError` says more than date and ids; the login host has its own form without one.
    pub(super) fn error_with(stamp: &Stamp, status: u16, code: &str, message: &str, inner: Value) -> Self {
        if stamp.is_login {
            let (error, number) = match status {
                401 => ("invalid_client", 7_000_222),
                429 => ("temporarily_unavailable", 90_055),
                500.. => ("temporarily_unavailable", 90_033),
                _ => ("invalid_request", 9_002_313),
            };
            return Self::login_error(stamp, status, error, number, message);
        }
        let mut inner_error = inner;
        inner_error["date"] = stamp.inner_date().into();
        inner_error["request-id"] = stamp.request_id.as_str().into();
        inner_error["client-request-id"] = stamp.client_request_id.as_str().into();
        let content = json!({ "error": { "code": code, "message": message, "innerError": inner_error } });
        Self::json(stamp, status, content.to_string())
    }

    /// An error of the token endpoint (RFC 6749, section 5.2), with the members that Microsoft adds.
    pub(super) fn login_error(
        stamp: &Stamp,
        status: u16,
        error: &str,
        number: u32,
        description: &str,
    ) -> Self {
        let content = json!({
            "error": error,
            "error_description": format!("AADSTS{number}: {description} Trace ID: {} Correlation ID: {}", stamp.request_id, stamp.client_request_id),
            "error_codes": [number],
            "trace_id": stamp.request_id,
            "correlation_id": stamp.client_request_id,
        });
        Self::json(stamp, status, content.to_string())
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.field_lines.retain(|(n, _)| *n != name);
        self.field_lines.push((name, value.into()));
        self
    }

    /// Status line and field lines, then those of the framing; ends with the empty line.
    pub(super) fn head(&self, framing: &[(&str, &str)]) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        let own = self.field_lines.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in own.chain(framing.iter().copied()) {
            // Writing to a String cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    /// Head and content, framed by Content-Length; a 204 has neither.
    pub(super) fn message(&self) -> Vec<u8> {
        if self.status == 204 {
            return self.head(&[]);
        }
        let mut message = self.head(&[("Content-Length", &self.content.len().to_string())]);
        message.extend_from_slice(&self.content);
        message
    }
}

/// The answer and nothing else.
impl From<Answer> for Script {
    fn from(answer: Answer) -> Self {
        vec![Step::Write(answer.message())]
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

/// A random UUID, version 4.
fn uuid() -> String {
    let mut bytes: [u8; 16] = random();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = u128::from_be_bytes(bytes);
    let text = format!("{hex:032x}");
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}

/// Random bytes of the TLS provider.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // A failure leaves zeroes: these ids and tokens guard nothing outside this process.
    let _ = rustls::crypto::ring::default_provider().secure_random.fill(&mut bytes);
    bytes
}
