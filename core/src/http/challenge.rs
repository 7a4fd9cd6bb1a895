//! The claims challenge: the service asks for an access token that satisfies more claims.

/// The claims of a `WWW-Authenticate` value that says `insufficient_claims`, still in base64, standard or url-safe.
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
/// `auth-param = token BWS "=" BWS ( token / quoted-string )`; real values are URLs without quotes too, so whatever
/// stands before the next comma is accepted. A scheme may precede the name: `Bearer realm="..."`.
pub fn parameter<'v>(www_authenticate: &'v str, name: &str) -> Option<&'v str> {
    let mut rest = www_authenticate;
    while !rest.is_empty() {
        let mut is_quoted = false;
        let mut after_backslash = false;
        let end = rest.bytes().position(|byte| {
            let is_escaped = after_backslash;
            after_backslash = is_quoted && byte == b'\\' && !is_escaped;
            is_quoted ^= byte == b'"' && !is_escaped;
            byte == b',' && !is_quoted
        });
        let (part, after) = end.and_then(|end| rest.split_at_checked(end)).unwrap_or((rest, ""));
        rest = after.strip_prefix(',').unwrap_or_default();
        let Some((before, value)) = part.split_once('=') else { continue };
        if before.trim_ascii().rsplit(' ').next().is_some_and(|last| last.eq_ignore_ascii_case(name)) {
            let value = value.trim_ascii();
            let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            return Some(unquoted.unwrap_or(value));
        }
    }
    None
}
