//! Every place of an answer that a peer can write to.

/// What is answered.
pub(crate) const STATUSES: [u16; 5] = [200, 302, 401, 403, 503];

/// Where a secret is written: a head without its first line, and a content. `$` stands for the secret.
pub(crate) const PLACES: &[(&str, &str)] = &[
    // The reason phrase is always one of the places.
    ("", ""),
    ("Location: https://elsewhere.example/?t=$\r\n", ""),
    ("Location: $\r\nRetry-After: $\r\nDate: $\r\nServer: $\r\n", ""),
    ("WWW-Authenticate: Bearer realm=\"$\", error=\"$\", error_description=\"$\", claims=\"$\"\r\n", ""),
    ("WWW-Authenticate: Bearer error=\"insufficient_claims\", claims=\"$\"\r\n", ""),
    ("WWW-Authenticate: $\r\nProxy-Authenticate: Basic realm=$\r\nSet-Cookie: t=$\r\nVia: 1.1 $\r\n", ""),
    ("request-id: $\r\nclient-request-id: $\r\nx-ms-ags-diagnostic: {\"a\":\"$\"}\r\n", ""),
    ("x-ms-request-id: $\r\nx-$: $\r\n$: a\r\n", ""),
    ("Content-Type: $\r\n", "$"),
    ("Content-Type: text/$\r\n", "$"),
    ("Content-Type: application/json; charset=$\r\n", "{}"),
    ("Content-Encoding: $\r\n", "$"),
    ("Connection: $\r\nKeep-Alive: $\r\nUpgrade: $\r\n", ""),
    ("Content-Length: $\r\n", ""),
    ("Transfer-Encoding: $\r\n", ""),
    ("Transfer-Encoding: chunked\r\n", "2;$=$\r\n{}\r\n0;$\r\nx-trailer: $\r\n$: a\r\n\r\n"),
    ("Transfer-Encoding: chunked\r\n", "$\r\n{}\r\n0\r\n\r\n"),
    ("$\r\n", ""),
    ("Content-Type: text/html\r\n", "<html><title>$</title><p>you sent $</p></html>"),
    ("Content-Type: text/plain\r\n", "$"),
    ("Content-Type: application/json\r\n", "$"),
    ("Content-Type: application/json\r\n", "\"$\""),
    ("Content-Type: application/json\r\n", "{\"$\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"error\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"error\":{\"code\":\"$\",\"message\":\"a\"}}"),
    ("Content-Type: application/json\r\n", "{\"error\":{\"code\":\"a\",\"message\":\"the token $ is bad\"}}"),
    (
        "Content-Type: application/json\r\n",
        "{\"error\":{\"code\":\"a\",\"message\":\"b\",\"target\":\"$\",\"details\":[{\"code\":\"$\",\"message\":\"$\",\"target\":\"$\"}]}}",
    ),
    (
        "Content-Type: application/json\r\n",
        "{\"error\":{\"code\":\"a\",\"innerError\":{\"code\":\"$\",\"message\":\"$\",\"request-id\":\"$\",\"client-request-id\":\"$\",\"date\":\"$\"}}}",
    ),
    (
        "Content-Type: application/json\r\n",
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: $\",\"error_codes\":[7000215],\"timestamp\":\"$\",\"trace_id\":\"$\",\"correlation_id\":\"$\",\"error_uri\":\"$\",\"suberror\":\"$\",\"claims\":\"$\"}",
    ),
    (
        "Content-Type: application/problem+json\r\n",
        "{\"type\":\"$\",\"title\":\"$\",\"detail\":\"$\",\"instance\":\"$\"}",
    ),
    ("Content-Type: application/json\r\n", "{\"id\":\"$\",\"state\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"id\":7,\"$\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"@odata.type\":\"#$\",\"state\":{\"$\":1}}"),
    ("Content-Type: application/json\r\n", "{\"createdDateTime\":\"$\"}"),
    ("Content-Type: application/json\r\n", "{\"value\":[\"$\"]}"),
    ("Content-Type: application/json\r\n", "{\"token_type\":\"$\",\"expires_in\":\"$\",\"access_token\":7}"),
    (
        "Content-Type: application/json\r\n",
        "{\"token_type\":\"$\",\"expires_in\":3599,\"access_token\":\"a b\"}",
    ),
    (
        "Content-Type: application/json\r\n",
        "{\"access_token\":\"$\",\"token_type\":\"Bearer\",\"expires_in\":0} $",
    ),
];

/// How it is written.
pub(crate) const FORMS: [fn(&str) -> String; 4] = [
    str::to_owned,
    |secret| secret.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02x}")),
    |secret| secret.replace('~', "%7E"),
    // As the claims of a challenge come.
    |secret| base64(format!("{{\"a\":\"{secret}\"}}").as_bytes()),
];

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let [a, b, c] = [0, 1, 2].map(|at| u32::from(three.get(at).copied().unwrap_or(0)));
        let bits = a << 16 | b << 8 | c;
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]);
        (0..=three.len()).map(digit).chain("=".repeat(3 - three.len()).chars()).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

/// What of a secret gives it away, in a form: what the form makes of its beginning, as far as what follows changes nothing.
pub(crate) fn telling(form: fn(&str) -> String, secret: &str) -> String {
    // An assertion begins as all do.
    let beginning = &secret[..if secret.starts_with("eyJ") { secret.len() / 2 } else { 10 }];
    let (part, whole) = (form(beginning), form(secret));
    let length = part.bytes().zip(whole.bytes()).take_while(|(one, other)| one == other).count();
    part[..length].to_owned()
}

/// The answer with a text in the place of every `$`.
pub(crate) fn written((fields, content): (&str, &str), status: u16, secret: &str) -> Vec<u8> {
    let content = content.replace('$', secret);
    let is_framed = fields.contains("Transfer-Encoding") || fields.contains("Content-Length");
    let length = if is_framed { String::new() } else { format!("Content-Length: {}\r\n", content.len()) };
    let head =
        format!("HTTP/1.1 {status} $\r\n{fields}{length}Connection: close\r\n\r\n").replace('$', secret);
    [head, content].concat().into_bytes()
}
