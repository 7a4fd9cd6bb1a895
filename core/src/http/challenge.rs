//! The claims challenge: the service asks for an access token that satisfies more claims.

/// The claims of a `WWW-Authenticate` value that says `insufficient_claims`, still in base64, standard or
/// url-safe.
///
/// ```
/// use graph_call::http::challenge;
///
/// let value = r#"Bearer realm="", error="insufficient_claims", claims="eyJhIjp7fX0=""#;
/// assert_eq!(challenge::claims(value), Some("eyJhIjp7fX0="));
/// assert_eq!(challenge::claims(r#"Bearer error="invalid_token""#), None);
/// ```
pub fn claims(www_authenticate: &str) -> Option<&str> {
    parameter(www_authenticate, "error").filter(|error| error.eq_ignore_ascii_case("insufficient_claims"))?;
    let claims = parameter(www_authenticate, "claims")?;
    let is_base64 = claims
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'='));
    (is_base64 && !claims.is_empty()).then_some(claims)
}

/// The value of a parameter, without its quotes.
///
/// `auth-param = token BWS "=" BWS ( token / quoted-string )`; real values are URLs without quotes too,
/// so whatever stands before the next comma is accepted. A scheme may precede the name: `Bearer
/// realm="..."`.
pub fn parameter<'v>(www_authenticate: &'v str, name: &str) -> Option<&'v str> {
    let mut rest = www_authenticate.as_bytes();
    while !rest.is_empty() {
        let (part, after) = split_unquoted(rest);
        rest = after;
        let Some(equals) = part.iter().position(|&byte| byte == b'=') else { continue };
        let (before, value) = part.split_at_checked(equals)?;
        let before = before.trim_ascii();
        let scheme = before.iter().rposition(|&byte| byte == b' ').map_or(0, |space| space.wrapping_add(1));
        if before.get(scheme..)?.eq_ignore_ascii_case(name.as_bytes()) {
            let value = value.get(1..)?.trim_ascii();
            let value =
                value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
            return core::str::from_utf8(value).ok();
        }
    }
    None
}

/// What stands before the first comma outside a quoted string, and what after it.
fn split_unquoted(value: &[u8]) -> (&[u8], &[u8]) {
    let mut is_quoted = false;
    let mut after_backslash = false;
    let comma = value.iter().position(|&byte| {
        let is_escaped = after_backslash;
        after_backslash = is_quoted && byte == b'\\' && !is_escaped;
        is_quoted ^= byte == b'"' && !is_escaped;
        byte == b',' && !is_quoted
    });
    let (before, after) = value.split_at_checked(comma.unwrap_or(value.len())).unwrap_or_default();
    (before, after.get(1..).unwrap_or_default())
}
