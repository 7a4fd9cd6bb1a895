//! `graph-call whoami`: what the access token says of itself.

use std::io::Write as _;

use graph_call::DateTime;
use graph_call_std::Class;
use graph_call_std::clock::{in_words, unix_seconds};
use graph_call_std::credential::Claims;

use crate::arguments::WhoAmI;
use crate::ask;
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::json::Node;
use crate::progress;
use crate::report::unsent;
use crate::sign_in;
use crate::terminal::{Output, note};

pub(crate) fn run(arguments: &WhoAmI) -> Result<(), Failure> {
    progress::end_on_interrupt();
    let WhoAmI { json, place, access } = arguments;
    let found = sign_in::credential(&access.sign_in, place.of_cloud(), ask::WHOLE)?;
    let client = ask::told(ask::reach(place, access, ask::WHOLE)?).credential(found.credential);
    let token = ask::build(client)?.access_token();
    let token = token.map_err(|error| {
        let hint = error.hint().map_or_else(String::new, |hint| format!("; {hint}"));
        Failure::Told(error.class(), Some(format!("{}{hint}", Escaped(&unsent(&error)))))
    })?;
    let mut output = Output::stdout();
    let Some(claims) = Claims::read(token.reveal()) else {
        if *json {
            writeln!(
                output.writer,
                "{}",
                Node::Object(vec![("isReadable", Node::Bool(false))]).to_json(false)
            )?;
        }
        note("the access token cannot be read here: only the service knows whose it is");
        return Ok(());
    };
    let now = unix_seconds();
    let doubt = claims.doubt(place.of_cloud(), now);
    let lacks = (!claims.may_read_calls()).then(|| Claims::PERMISSIONS.join(" or "));
    if *json {
        let permissions = claims.roles.iter().map(Node::text).collect();
        let date = |seconds: Option<u64>| {
            Node::maybe(seconds.and_then(DateTime::from_unix).map(|date| date.to_string()))
        };
        let node = Node::Object(vec![
            ("isReadable", Node::Bool(true)),
            ("tenant", Node::maybe(claims.tenant.as_deref())),
            ("application", Node::maybe(claims.application.as_deref())),
            ("audience", Node::maybe(claims.audience.as_deref())),
            ("permissions", Node::List(permissions)),
            ("begins", date(claims.begins)),
            ("ends", date(claims.ends)),
            ("mayReadCalls", Node::Bool(lacks.is_none())),
            ("doubt", Node::maybe(doubt.as_deref())),
        ]);
        writeln!(output.writer, "{}", node.to_json(false))?;
    } else {
        let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "not said".to_owned());
        let permissions = if claims.roles.is_empty() { "none".to_owned() } else { claims.roles.join(", ") };
        let allowed = match lacks {
            None => "allowed".to_owned(),
            Some(lacks) => format!("not allowed: it needs {lacks}"),
        };
        for (name, value) in [
            ("Token from", found.origin),
            ("Tenant", said(&claims.tenant)),
            ("Application", said(&claims.application)),
            ("For", said(&claims.audience)),
            ("Permissions", permissions),
            ("Good until", until(claims.ends, now)),
            ("Get call", allowed),
        ] {
            writeln!(output.writer, "{name:<13} {}", Escaped(&value))?;
        }
    }
    output.writer.flush()?;
    doubt.map_or(Ok(()), |doubt| Err(Failure::Told(Class::Auth, Some(doubt))))
}

/// When it ends, and how long that is from now.
fn until(ends: Option<u64>, now: u64) -> String {
    let Some(ends) = ends else { return "not said".to_owned() };
    let date =
        DateTime::from_unix(ends).map_or_else(|| "the end of times".to_owned(), |date| date.to_string());
    if ends > now {
        format!("{date}, in {}", in_words(ends - now))
    } else {
        format!("{date}, {} ago", in_words(now - ends))
    }
}
