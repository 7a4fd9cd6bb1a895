//! `graph-call get`: calls from the service.

use std::io::Write as _;
use std::sync::Arc;

use graph_call_std::graph_call::http::{AccessToken, CallId, ClientRequestId, Host, Request, RequestError};
use graph_call_std::{Class, Error};

use crate::arguments::{Ask, Get};
use crate::failure::Failure;
use crate::look::Printer;
use crate::raw::Raw;
use crate::terminal::{self, Output};
use crate::{ask, call_id, line, many, progress, report};

pub(crate) fn run(arguments: Get) -> Result<(), Failure> {
    progress::end_on_interrupt();
    let ids: Arc<[String]> = arguments.ids.read(arguments.access.sign_in.token_stdin)?.into();
    let worst = if arguments.dry_run {
        show_requests(&ids, &arguments.ask)?
    } else {
        terminal::end_with_reader();
        fetch(&ids, arguments)?
    };
    worst.map_or(Ok(()), |class| Err(Failure::Told(class, None)))
}

/// Fetches and prints every call; gives the worst failure, each of which was told.
fn fetch(ids: &Arc<[String]>, arguments: Get) -> Result<Option<Class>, Failure> {
    let Get { look, include, raw, jobs, fail_fast, timeout, ask, access, .. } = arguments;
    progress::begin(ids.len());
    let jobs = usize::from(jobs);
    let client = ask::build(ask::client(&ask, &access, timeout)?.connections(jobs))?;
    let mut raw = raw.as_deref().map(Raw::create).transpose()?;
    let cloud = ask.place.cloud;
    let shown: Vec<String> = ids.iter().map(|id| call_id::shown(id, &ask.place, ask.beta)).collect();
    let get = move |id: &str| {
        let (result, content) = match call_id::read(id, &ask.place, ask.beta) {
            Ok(id) => client.get_call_with_content(ask::query(&id, &ask)),
            Err(error) => (Err(error), None),
        };
        let goes_on = result.is_ok() || !fail_fast;
        ((result, content), goes_on)
    };
    let mut results = many::start(ids, jobs, get).map_err(|error| no_thread(&error))?;

    let id_width = shown.iter().map(String::len).max().unwrap_or_default();
    let mut printer = Printer::new(&look, id_width, false);
    let mut worst = None;
    let mut told = 0;
    while let Some((index, (result, content))) = results.next(progress::count) {
        line::erase();
        told += 1;
        let id = &shown[index];
        let content = content.unwrap_or_default();
        if let Some(raw) = &mut raw {
            raw.write(&content)?;
        }
        match result {
            Ok(_) if raw.is_some() => {}
            Ok(fetched) => {
                if include {
                    printer.head(&fetched.head)?;
                }
                printer.call(&fetched.call, &content)?;
            }
            Err(error) => {
                if let Some(head) = error.head().filter(|_| include) {
                    printer.head(head)?;
                }
                printer.failure(id, &error, cloud)?;
                worst = ask::worse(worst, &error);
            }
        }
    }
    if told < ids.len() && worst.is_none() {
        // A thread that panics has told of it.
        return Err(Failure::Told(Class::Other, None));
    }
    if told < ids.len() {
        terminal::note(&format!("{} of {} calls were not asked for", ids.len() - told, ids.len()));
    }
    Ok(worst)
}

pub(crate) fn no_thread(error: &std::io::Error) -> Failure {
    Failure::Told(Class::Other, Some(format!("no thread to work in: {error}")))
}

/// Prints every request as it would be sent.
fn show_requests(ids: &[String], ask: &Ask) -> Result<Option<Class>, Failure> {
    let mut output = Output::stdout();
    let mut worst = None;
    for id in ids {
        let request = call_id::read(id, &ask.place, ask.beta)
            .and_then(|id| request(&id, ask).map_err(|error| Error::usage(error.to_string())));
        match request {
            Ok(bytes) => output.writer.write_all(&bytes)?,
            Err(error) => {
                report::complain(id, &error, ask.place.cloud);
                worst = ask::worse(worst, &error);
            }
        }
    }
    output.writer.flush()?;
    Ok(worst)
}

fn request(id: &str, ask: &Ask) -> Result<Vec<u8>, RequestError> {
    let mut request = Request::new(ask.place.cloud, CallId::new(id)?, AccessToken::new("ACCESS-TOKEN")?);
    request.version = ask::version(ask);
    request.select = &ask.select;
    request.expand = &ask.expand;
    // A placeholder, as the access token is: the real one is new for every request.
    request.client_request_id = Some(ClientRequestId::from_random([0; 16]));
    request.danger_host = ask.place.host.as_deref().map(Host::new).transpose()?;
    let mut bytes = vec![0; request.len()];
    request.write(&mut bytes)?;
    Ok(bytes)
}
