//! The id of a call, from whatever people paste.
//!
//! - takes: an id, in braces, quotes or percent-encoded; a resource path; the URL of a call
//! - gives: the id as the service has it
//! - keeps: nothing
//! - refuses: a URL of another host, cloud or version than is asked, and what is no id; it says what that looks like

use graph_call_std::graph_call::http::CallId;
use graph_call_std::{Cloud, Error};

use crate::arguments::Place;
use crate::escape::{self, is_token};

/// Reads an id, or the path or the URL of a call.
pub(crate) fn read(text: &str, place: &Place, is_beta: bool) -> Result<String, Error> {
    if is_token(text) {
        return Err(Error::usage("this looks like an access token, and not like the id of a call"));
    }
    let id = decoded(of_path(path(unwrapped(text), place)?, is_beta)?)?;
    let id = unwrapped(&id);
    // The service writes a GUID in small letters.
    let id = if is_guid(id) { id.to_ascii_lowercase() } else { id.to_owned() };
    CallId::new(&id).map_err(|error| {
        let what = looks_like(&id).map(|what| format!("; this looks like {what}")).unwrap_or_default();
        Error::usage(format!("{error}{what}"))
    })?;
    Ok(id)
}

/// The id that is read, or what may be shown of a text that is none.
pub(crate) fn shown(text: &str, place: &Place, is_beta: bool) -> String {
    read(text, place, is_beta).unwrap_or_else(|_| escape::id(text).to_owned())
}

/// The path of a URL whose host is asked; a text that is no URL is one itself.
fn path<'a>(text: &'a str, place: &Place) -> Result<&'a str, Error> {
    let (rest, is_url) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (rest, true),
        Some(_) => return Err(Error::usage("it is a URL, but none of https")),
        None => (text, false),
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.strip_suffix(":443").unwrap_or(authority);
    let is = |known: &str| host.eq_ignore_ascii_case(known);
    let of_cloud = Cloud::ALL.into_iter().find(|cloud| is(cloud.graph_host()));
    if !is_url && of_cloud.is_none() {
        return without_query(text);
    }
    let asked = place.graph_host();
    match of_cloud {
        _ if is(asked) || authority.eq_ignore_ascii_case(asked) => without_query(path),
        Some(cloud) if place.host.is_none() => {
            Err(Error::usage(format!("it is a URL of the cloud {0}: --cloud {0} asks there", cloud.name())))
        }
        _ if host.to_ascii_lowercase().ends_with("teams.microsoft.com") => {
            Err(Error::usage("it is the link to a meeting or a chat, which has no id of a call in it"))
        }
        _ => Err(Error::usage(format!("it is a URL of another host than {asked}, which is asked"))),
    }
}

fn without_query(path: &str) -> Result<&str, Error> {
    match path.contains(['?', '#']) {
        true => Err(Error::usage("it has a query: --select and --expand say what is wanted")),
        false => Ok(path),
    }
}

/// The id in `[v1.0/](communications|app)/calls/{id}`, or in an id alone.
fn of_path<'a>(path: &'a str, is_beta: bool) -> Result<&'a str, Error> {
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let is =
        |segment: Option<&&str>, word: &str| segment.is_some_and(|found| found.eq_ignore_ascii_case(word));
    if is(segments.first(), "beta") && !is_beta {
        return Err(Error::usage("it is a URL of the beta version: --beta asks that"));
    }
    if is(segments.first(), "beta") || is(segments.first(), "v1.0") {
        segments.remove(0);
    }
    if is(segments.first(), "communications") || is(segments.first(), "app") {
        segments.remove(0);
    }
    // A key may stand in parentheses, too: calls('id').
    let key = |segment: &'a str| segment.strip_prefix("calls('")?.strip_suffix("')");
    match segments[..] {
        [segment] => Ok(key(segment).unwrap_or(segment)),
        ["calls", id] => Ok(id),
        ["calls", _, ..] => Err(Error::usage("it is the path of something in a call; give that of the call")),
        [] => Ok(""),
        _ => Err(Error::usage("it is no path of a call, which ends with calls/ and its id")),
    }
}

/// `pct-encoded = "%" HEXDIG HEXDIG` (RFC 3986, section 2.1)
fn decoded(id: &str) -> Result<String, Error> {
    let wrong = || Error::usage("it has a percent sign that encodes nothing");
    let mut bytes = Vec::with_capacity(id.len());
    let mut rest = id.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16);
        bytes.push(match byte {
            b'%' => match (digit(), digit()) {
                (Some(high), Some(low)) => u8::try_from(high * 16 + low).map_err(|_| wrong())?,
                _ => return Err(wrong()),
            },
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// The text without blanks, quotes and braces around it.
fn unwrapped(text: &str) -> &str {
    let text = text.trim().trim_end_matches(',');
    let pairs = [('"', '"'), ('\'', '\''), ('{', '}'), ('(', ')'), ('<', '>')];
    let within = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    within.map_or(text, unwrapped)
}

/// 8-4-4-4-12 hexadecimal digits.
fn is_guid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    text.split('-').map(str::len).eq(lengths)
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// What a text is that is no id.
fn looks_like(id: &str) -> Option<&'static str> {
    Some(match id {
        _ if id.starts_with("19:") || id.contains("@thread") => "the id of a chat thread",
        _ if id.contains('@') => "the address of a person",
        _ if id.starts_with("sip:") || id.starts_with("tel:") || id.starts_with('+') => {
            "a phone number or a SIP address"
        }
        _ if id.contains("\":") || id.contains(['[', ']']) => "JSON, which jq -r takes ids out of",
        _ if id.contains([',', ';']) => "several ids, and each has to stand by itself",
        _ if id.contains(char::is_whitespace) => "several words",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use graph_call_std::Error;

    use crate::arguments::{Arguments, Ask, Command};

    fn read(text: &str, ask: &Ask) -> Result<String, Error> {
        super::read(text, &ask.place, ask.beta)
    }

    const ID: &str = "57dab8b1-894c-409a-b240-bd8beae78896";

    fn ask(options: &[&str]) -> Ask {
        match Arguments::parse_from([&["graph-call", "get", "1"], options].concat()).command {
            Command::Get(get) => get.ask,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_form_that_people_paste_is_the_same_id() {
        let ask = ask(&[]);
        for form in [
            "%",
            " % ",
            "{%}",
            "\"%\",",
            "'{%}'",
            "/communications/calls/%",
            "communications/calls/%/",
            "app/calls/%",
            "calls/%",
            "communications/calls('%')",
            "/v1.0/communications/calls/%",
            "https://graph.microsoft.com/v1.0/communications/calls/%",
            "HTTPS://Graph.Microsoft.com:443/v1.0/communications/calls/{%}",
            "https://graph.microsoft.com/v1.0/communications/calls/%7B%%7D",
            "<https://graph.microsoft.com/v1.0/app/calls/%>",
            "graph.microsoft.com/v1.0/communications/calls/%",
        ] {
            for id in [ID, &ID.to_uppercase(), &ID.replace('-', "%2D")] {
                let text = form.replace("%7B%%7D", &format!("%7B{id}%7D")).replace("%}", &format!("{id}}}"));
                let text = if text.contains(id) { text } else { text.replacen('%', id, 1) };
                assert_eq!(read(&text, &ask).as_deref().ok(), Some(ID), "{text}");
            }
        }
        assert_eq!(read("Fault.HTML", &ask).as_deref().ok(), Some("Fault.HTML"), "no GUID, no change");
    }

    #[test]
    fn a_url_goes_nowhere_but_to_the_host_that_is_asked() {
        let url = |host: &str| format!("https://{host}/v1.0/communications/calls/{ID}");
        let loopback = ["--host", "localhost:8443", "--danger-trust-host"];
        assert!(read(&url("localhost:8443"), &ask(&loopback)).is_ok());
        assert!(read(&url("graph.microsoft.us"), &ask(&["--cloud", "usgov-l4"])).is_ok());
        assert!(read(&format!("https://graph.microsoft.com/beta/app/calls/{ID}"), &ask(&["--beta"])).is_ok());
        for (text, options, says) in [
            (url("graph.microsoft.us"), &[][..], "--cloud usgov-l4"),
            (url("graph.microsoft.com"), &loopback, "another host than localhost:8443"),
            (url("localhost"), &loopback, "another host"),
            (url("graph.microsoft.com.evil.example"), &[], "another host than graph.microsoft.com"),
            (url("evil@graph.microsoft.com"), &[], "another host"),
            (url("graph.microsoft.com").replace("https", "http"), &[], "none of https"),
            (url("graph.microsoft.com").replace("v1.0", "beta"), &[], "--beta"),
            (url("graph.microsoft.com") + "?$select=id", &[], "--select"),
            (url("graph.microsoft.com") + "/participants", &[], "something in a call"),
            ("https://graph.microsoft.com/v1.0/users/1".to_owned(), &[], "no path of a call"),
            ("https://teams.microsoft.com/l/meetup-join/19%3a".to_owned(), &[], "the link to a meeting"),
            ("a/b".to_owned(), &[], "no path of a call"),
            ("%2".to_owned(), &[], "percent sign"),
            ("%2F".to_owned(), &[], "call id"),
            ("%ff".to_owned(), &[], "percent sign"),
            ("19:meeting_a@thread.v2".to_owned(), &[], "the id of a chat thread"),
            ("john@contoso.example".to_owned(), &[], "the address of a person"),
            ("+15550100".to_owned(), &[], "a phone number"),
            ("two words".to_owned(), &[], "several words"),
            ("one,two".to_owned(), &[], "several ids"),
            ("\"one\", \"two\"".to_owned(), &[], "several ids"),
            ("[\"one\"]".to_owned(), &[], "JSON"),
            ("{\"id\":\"one\"}".to_owned(), &[], "JSON"),
            (String::new(), &[], "call id"),
        ] {
            let error = read(&text, &ask(options)).expect_err(&text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn an_access_token_in_the_place_of_an_id_is_not_shown() {
        let token = format!("eyJ0eXAiOiJKV1QifQ.{}.canary", "e30".repeat(30));
        let error = read(&token, &ask(&[])).expect_err("no id").to_string();
        assert!(error.contains("looks like an access token") && !error.contains("canary"), "{error}");
    }
}
