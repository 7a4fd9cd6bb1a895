//! An access token, or another secret, as people and programs write it down.
//!
//! - takes: the bytes of a file, or what a program printed
//! - gives: the token, and when it ends if the text says so
//! - keeps: nothing
//! - refuses: text without a token; no error shows any of it

use core::time::Duration;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use super::check::fault;
use super::{Offer, Secret};
use crate::clock::unix_seconds;
use crate::error::{Error, ErrorKind, Phase};

/// More than any access token takes, in JSON and in UTF-16 too.
const BYTES_MAX: usize = 64 * 1024;

impl Secret {
    /// Reads a secret from a file: UTF-8 or UTF-16, without the blanks and line ends around it; at most 64 KiB.
    ///
    /// # Errors
    /// When the file cannot be read, is no text, or is blank.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let origin = path.as_ref().display().to_string();
        let bytes = read_file(path.as_ref(), &origin)?;
        let text = decode(&bytes).map(|text| Self::new(text.trim()));
        text.filter(|text| !text.reveal().is_empty()).ok_or_else(|| {
            Error::new(ErrorKind::Credential, Phase::Credential, format!("{origin} holds no text"))
        })
    }
}

/// A token that was written down.
pub(super) struct Written {
    pub(super) token: Secret,
    ends: Ends,
}

enum Ends {
    Unknown,
    /// In seconds since 1970.
    At(u64),
    /// In seconds after it was written.
    After(u64),
}

impl Written {
    /// Reads a token that is bare, quoted, in a field line `Authorization: Bearer`, or a member of JSON, in UTF-8 or
    /// UTF-16.
    pub(super) fn read(bytes: &[u8], origin: &str) -> Result<Self, Error> {
        let refused = |text| Error::new(ErrorKind::Credential, Phase::Credential, text);
        let written = Self::find(bytes)
            .map_err(|fault| refused(format!("there is no access token in {origin}: {fault}")))?;
        match fault(written.token.reveal()) {
            None => Ok(written),
            Some(fault) => Err(refused(format!("{origin}: {fault}"))),
        }
    }

    fn find(bytes: &[u8]) -> Result<Self, &'static str> {
        let text = decode(bytes).ok_or("it is neither UTF-8 nor UTF-16 text")?;
        let text = text.trim();
        let written = match text {
            "" => return Err("it is empty"),
            _ if text.starts_with('{') => from_json(text)?,
            _ => Self { token: Secret::new(bare(text)), ends: Ends::Unknown },
        };
        let token = written.token.reveal();
        if token.starts_with("-----BEGIN") {
            return Err("it is a certificate or a key");
        }
        if token.contains(char::is_whitespace) {
            return Err("it has several words");
        }
        Ok(written)
    }

    /// How long the token is good for from now on; what was written just now says more than what was found.
    pub(super) fn lifetime(&self, is_new: bool) -> Option<Duration> {
        match self.ends {
            Ends::At(end) => Some(Duration::from_secs(end.saturating_sub(unix_seconds()))),
            Ends::After(seconds) if is_new => Some(Duration::from_secs(seconds)),
            Ends::After(_) | Ends::Unknown => None,
        }
    }
}

/// The token that was offered last, for a credential whose tokens come from elsewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Last {
    token: Option<Secret>,
    pub(super) revision: u64,
}

impl Last {
    /// Offers a token, unless it is the very one that was refused; a new one begins a new revision.
    pub(super) fn offer(&mut self, token: Secret, lifetime: Option<Duration>, was_refused: bool) -> Offer {
        if self.notes(&token) || !was_refused { Offer::Token { token, lifetime } } else { Offer::Nothing }
    }

    /// Remembers a text, and says whether it is another one than before.
    pub(super) fn notes(&mut self, text: &Secret) -> bool {
        let is_new = self.token.as_ref().is_none_or(|last| last.reveal() != text.reveal());
        if is_new {
            self.token = Some(text.clone());
            self.revision += 1;
        }
        is_new
    }

    /// Forgets the token after a failure: whatever comes next is new.
    pub(super) fn forget(&mut self) {
        self.token = None;
    }
}

/// A file of at most so many bytes as a token may take.
pub(super) fn read_file(path: &Path, origin: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let bytes = File::open(path).and_then(read_all);
    bytes.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::NotFound => "no such file".to_owned(),
            // Windows opens no directory, and says that nobody may.
            io::ErrorKind::PermissionDenied if path.is_dir() => "it is a directory".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
            _ => error.to_string(),
        };
        let text = format!("{origin} cannot be read: {why}");
        Error::new(ErrorKind::Credential, Phase::Credential, text).caused_by(error)
    })
}

/// All that a source has, up to what a token may take.
pub(super) fn read_all(source: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all at once: a buffer that grows leaves copies of the token behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(BYTES_MAX + 1));
    source.take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > BYTES_MAX {
        return Err(io::Error::other("it is larger than 64 KiB"));
    }
    Ok(bytes)
}

/// UTF-16 if its byte order mark says so, else UTF-8.
pub(super) fn decode(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        // A character of UTF-16 takes three bytes of UTF-8 at most.
        let mut text = Zeroizing::new(String::with_capacity(pairs.len() * 3));
        for character in char::decode_utf16(pairs.iter().map(|pair| read(*pair))) {
            text.push(character.ok()?);
        }
        rest.is_empty().then_some(text)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => {
            core::str::from_utf8(rest).ok().map(|text| Zeroizing::new(text.to_owned()))
        }
    }
}

/// The token without quotes, and without the words before it in a field line.
fn bare(text: &str) -> &str {
    let text = unquoted(text);
    let text = after(text, "authorization:").unwrap_or(text);
    match after(text, "bearer") {
        Some(token) if token.len() + "bearer".len() < text.len() => unquoted(token),
        _ => unquoted(text),
    }
}

fn unquoted(text: &str) -> &str {
    let between = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    between('"').or_else(|| between('\'')).unwrap_or(text).trim()
}

/// What follows a word, in capitals or not.
fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then(|| rest.trim_start())
}

/// The answer of a token endpoint, or what `az`, `azd` or Azure PowerShell print.
fn from_json(text: &str) -> Result<Written, &'static str> {
    #[derive(Deserialize)]
    struct Members {
        #[serde(alias = "accessToken", alias = "token", alias = "Token")]
        access_token: Option<String>,
        expires_on: Option<Value>,
        expires_in: Option<Value>,
        error: Option<serde::de::IgnoredAny>,
    }
    // What the parser says may quote the text.
    let members: Members = serde_json::from_str(text).map_err(|_| "it is JSON that cannot be read")?;
    let token = members.access_token.map(Zeroizing::new).ok_or(match members.error {
        Some(_) => "it is JSON of an error: the sign-in that wrote it has failed",
        None => "it is JSON without a member accessToken, access_token or token",
    })?;
    let seconds = |value: Value| match value {
        Value::String(mut text) => {
            let seconds = text.parse().ok();
            text.zeroize();
            seconds
        }
        // A fraction counts for nothing.
        value => value.as_f64().map(|seconds| seconds as u64),
    };
    let ends = match (members.expires_on.and_then(seconds), members.expires_in.and_then(seconds)) {
        (Some(end), _) => Ends::At(end),
        (None, Some(span)) => Ends::After(span),
        (None, None) => Ends::Unknown,
    };
    Ok(Written { token: Secret::new(bare(token.trim())), ends })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "case-token-0123456789";

    fn read(bytes: &[u8]) -> Result<String, String> {
        Written::read(bytes, "here")
            .map(|written| written.token.reveal().to_owned())
            .map_err(|e| e.to_string())
    }

    #[test]
    fn every_form_that_people_have_is_the_same_token() {
        for text in [
            "%",
            "%\n",
            "  %\r\n",
            "\"%\"\n",
            "'%'",
            "Bearer %\n",
            "bearer\t%",
            "\"Bearer %\"",
            "Authorization: Bearer %\r\n",
            "authorization:Bearer  %",
            "'Authorization: Bearer %'",
            r#"{"accessToken":"%","expiresOn":"2036-01-01 00:00:00.000000","tokenType":"Bearer"}"#,
            r#"{"token_type":"Bearer","expires_in":3599,"access_token":"%"}"#,
            "{\r\n  \"token\": \"%\"\r\n}\r\n",
            r#"{"Token":"Bearer %"}"#,
        ] {
            let text = text.replace('%', TOKEN);
            assert_eq!(read(text.as_bytes()).as_deref(), Ok(TOKEN), "{text}");
            assert_eq!(read(format!("\u{feff}{text}").as_bytes()).as_deref(), Ok(TOKEN), "{text}");
            let wide = || core::iter::once(0xfeff).chain(text.encode_utf16());
            let little: Vec<u8> = wide().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = wide().flat_map(u16::to_be_bytes).collect();
            assert_eq!(read(&little).as_deref(), Ok(TOKEN), "{text}");
            assert_eq!(read(&big).as_deref(), Ok(TOKEN), "{text}");
        }
        assert_eq!(read(b"bearertoken").as_deref(), Ok("bearertoken"), "a word is no prefix");
    }

    #[test]
    fn what_is_no_token_is_said_and_never_shown() {
        for (bytes, says) in [
            (&b""[..], "it is empty"),
            (b"\xef\xbb\xbf \r\n", "it is empty"),
            (b"canary\xff", "neither UTF-8 nor UTF-16"),
            (b"\xff\xfec", "neither UTF-8 nor UTF-16"),
            (b"canary canary", "several words"),
            (b"canary\ncanary\n", "several words"),
            (b"-----BEGIN-canary-----", "a certificate or a key"),
            (b"{\"accessToken\": canary}", "JSON that cannot be read"),
            (b"{\"accessToken\": [\"canary\"]}", "JSON that cannot be read"),
            (b"{\"canary\": 1}", "without a member accessToken"),
            (b"{\"error\":\"invalid_client\",\"error_description\":\"canary\"}", "JSON of an error"),
            (b"{\"accessToken\":\"\"}", "token"),
            (b"Bearer", ""),
            (b"caf\xc3\xa9-canary", ""),
        ] {
            let shown = match Written::read(bytes, "here") {
                Ok(_) => String::new(),
                Err(error) => format!("{error} {error:?}"),
            };
            assert!(shown.contains(says) && !shown.contains("canary"), "{bytes:?}: {shown}");
        }
    }

    #[test]
    fn a_life_is_read_in_every_form() {
        let lifetime = |members: &str, is_new| {
            let text = format!("{{\"access_token\":\"{TOKEN}\"{members}}}");
            Written::read(text.as_bytes(), "here").ok()?.lifetime(is_new)
        };
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(lifetime("", true), None);
        assert_eq!(lifetime(",\"expires_in\":3599", true), seconds(3599));
        assert_eq!(lifetime(",\"expires_in\":\"3599\"", true), seconds(3599));
        assert_eq!(lifetime(",\"expires_in\":3599.5", true), seconds(3599));
        assert_eq!(lifetime(",\"expires_in\":3599", false), None, "nobody knows since when");
        assert_eq!(lifetime(",\"expires_on\":1", false), seconds(0));
        let later = lifetime(&format!(",\"expires_on\":{}", unix_seconds() + 100), false);
        assert!(later > seconds(90) && later <= seconds(100), "{later:?}");
    }
}
