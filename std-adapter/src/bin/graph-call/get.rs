//! `graph-call get`: calls from the service.

use std::io::{self, Read as _, Write as _};

use graph_call_std::graph_call::HeapCall;
use graph_call_std::graph_call::http::{AccessToken, CallId, ClientRequestId, Host, Request, RequestError};
use graph_call_std::{AnswerHead, Class, Error};

use crate::arguments::{Ask, Get};
use crate::ask;
use crate::call_id;
use crate::escape::Escaped;
use crate::failure::Failure;
use crate::progress::end_on_interrupt;
use crate::terminal::{self, Output, complain};
use crate::{report, summary};

/// The most that is read of a list of ids.
const IDS_BYTES_MAX: u64 = 1024 * 1024;

pub(crate) fn run(arguments: &Get) -> Result<(), Failure> {
    end_on_interrupt();
    let ids = ids(arguments)?;
    let mut output = Output::stdout();
    let worst = if arguments.dry_run {
        show_requests(&mut output, &ids, &arguments.ask)?
    } else {
        fetch(&mut output, &ids, arguments)?
    };
    output.writer.flush()?;
    worst.map_or(Ok(()), |class| Err(Failure::Told(class, None)))
}

/// Fetches and prints every call; gives the worst failure, each of which was told.
fn fetch(output: &mut Output, ids: &[String], arguments: &Get) -> Result<Option<Class>, Failure> {
    let Get { json, include, ask, access, .. } = arguments;
    let client = ask::client(ask, access)?;
    let mut worst = None;
    let mut is_first = true;
    for id in ids {
        let fetched =
            call_id::read(id, ask).and_then(|id| client.get_call_as::<HeapCall>(ask::query(&id, ask)));
        match fetched {
            Ok(fetched) => {
                if !std::mem::take(&mut is_first) && !json {
                    writeln!(output.writer)?;
                }
                if *include {
                    print_head(output, &fetched.head)?;
                }
                print(output, &fetched.call, *json)?;
            }
            Err(error) => {
                complain(&report::line(id, &error, ask.cloud));
                worst = ask::worse(worst, &error);
            }
        }
    }
    Ok(worst)
}

/// Writes a call, and lets whoever reads the output have it at once.
pub(crate) fn print(output: &mut Output, call: &HeapCall, json: bool) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut output.writer, call)?;
        writeln!(output.writer)?;
    } else {
        summary::write(output, call)?;
    }
    output.writer.flush()
}

/// The ids of the command line, with those of standard input where `-` stands.
fn ids(arguments: &Get) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for id in &arguments.ids {
        if id != "-" {
            ids.push(id.clone());
            continue;
        }
        if arguments.access.sign_in.token_stdin {
            return Err(usage("standard input cannot give both the ids and the access token"));
        }
        terminal::await_input("ids");
        let mut text = String::new();
        io::stdin()
            .lock()
            .take(IDS_BYTES_MAX)
            .read_to_string(&mut text)
            .map_err(|error| Failure::file(Class::Response, "standard input", &error))?;
        ids.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
    }
    if ids.is_empty() { Err(usage("standard input holds no id")) } else { Ok(ids) }
}

fn usage(text: &str) -> Failure {
    Failure::Told(Class::Usage, Some(text.to_owned()))
}

/// Prints every request as it would be sent.
fn show_requests(output: &mut Output, ids: &[String], ask: &Ask) -> Result<Option<Class>, Failure> {
    let mut worst = None;
    for id in ids {
        let request = call_id::read(id, ask)
            .and_then(|id| request(&id, ask).map_err(|error| Error::usage(error.to_string())));
        match request {
            Ok(bytes) => output.writer.write_all(&bytes)?,
            Err(error) => {
                complain(&report::line(id, &error, ask.cloud));
                worst = ask::worse(worst, &error);
            }
        }
    }
    Ok(worst)
}

fn request(id: &str, ask: &Ask) -> Result<Vec<u8>, RequestError> {
    let mut request = Request::new(ask.cloud, CallId::new(id)?, AccessToken::new("ACCESS-TOKEN")?);
    request.version = ask::version(ask);
    request.select = &ask.select;
    request.expand = &ask.expand;
    // A placeholder, as the access token is: the real one is new for every request.
    request.client_request_id = Some(ClientRequestId::from_random([0; 16]));
    request.danger_host = ask.host.as_deref().map(Host::new).transpose()?;
    let mut bytes = vec![0; request.len()];
    request.write(&mut bytes)?;
    Ok(bytes)
}

/// What support asks for, as field lines.
fn print_head(output: &mut Output, head: &AnswerHead) -> io::Result<()> {
    let (dim, reset) = (output.style.dim(), output.style.reset());
    let retry_after = head.retry_after.map(|wait| wait.as_secs_f64().to_string());
    writeln!(output.writer, "{dim}status: {}{reset}", head.status)?;
    for (name, value) in [
        ("content-type", &head.content_type),
        ("date", &head.date),
        ("request-id", &head.request_id),
        ("client-request-id", &head.client_request_id),
        ("x-ms-ags-diagnostic", &head.diagnostic),
        ("retry-after", &retry_after),
    ] {
        if let Some(value) = value {
            writeln!(output.writer, "{dim}{name}: {}{reset}", Escaped(value))?;
        }
    }
    writeln!(output.writer)
}
