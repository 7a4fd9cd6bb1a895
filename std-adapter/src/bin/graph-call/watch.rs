//! `graph-call watch`: calls until they end.
//!
//! ```text
//!   a thread for each call --- readings, failures, the end ---+
//!                                                             +--> main: shows them, until all have ended
//!   the client ----------- the waits between two looks -------+         or the time is over
//! ```

mod board;

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Instant;

use graph_call::SelectMember;
use graph_call_std::{Class, Client, Cloud, Event, Reading, Timeouts};

use board::{Board, News};

use crate::arguments::Watch;
use crate::failure::Failure;
use crate::{ask, call_id, get, progress, report, terminal};

/// Failures in a row after which nobody believes that the next look succeeds.
const FAILURES_MAX: usize = 5;

pub(crate) fn run(arguments: Watch) -> Result<(), Failure> {
    progress::end_on_interrupt();
    let ids = arguments.ids.read(arguments.access.sign_in.token_stdin)?;
    let Watch { until, ask, .. } = &arguments;
    if !until.is_empty() && !ask.select.is_empty() && !ask.select.contains(&SelectMember::STATE) {
        let text = "--until looks at the state, which --select leaves out".to_owned();
        return Err(Failure::Told(Class::Usage, Some(text)));
    }
    let shown = ids.iter().map(|id| call_id::shown(id, &ask.place, ask.beta)).collect();
    terminal::end_with_reader();
    progress::begin(ids.len());
    let (sender, news) = channel();
    let client = ask::client(&arguments.ask, &arguments.access, Timeouts::DEFAULT.whole)?
        .on_event(listener(sender.clone(), arguments.ask.place.cloud));
    let client = ask::build(client)?;
    let deadline = arguments.timeout.and_then(|span| Instant::now().checked_add(span));
    let arguments = Arc::new(arguments);
    for (index, id) in ids.iter().enumerate() {
        let (client, id, arguments, sender) =
            (client.clone(), id.clone(), Arc::clone(&arguments), sender.clone());
        let follow = move || progress::about(index, &id, || follow(&client, &id, index, &arguments, &sender));
        thread::Builder::new().spawn(follow).map_err(|error| get::no_thread(&error))?;
    }
    // Those of the threads are left: when they are gone nothing more comes.
    drop((client, sender));
    Board::new(shown, &arguments).show(&news, deadline)
}

/// Reads a call until there is nothing more to come of it.
fn follow(client: &Client, id: &str, index: usize, arguments: &Watch, sender: &Sender<(usize, News)>) {
    let id = match call_id::read(id, &arguments.ask.place, arguments.ask.beta) {
        Ok(id) => id,
        Err(error) => {
            let _ = sender.send((index, News::Failed(error, true)));
            return;
        }
    };
    let mut was_read = false;
    let mut failures = 0;
    let watch = client.watch(ask::query(&id, &arguments.ask)).every(arguments.interval);
    let mut watch = watch.until(&arguments.until);
    while let Some(reading) = watch.next() {
        let (news, is_last) = match reading {
            Ok(reading) => {
                failures = 0;
                was_read = true;
                let news = match reading {
                    Reading::Call(fetched) => News::Call(fetched.call),
                    Reading::Gone(_) => News::Gone,
                };
                (news, false)
            }
            Err(error) => {
                failures += 1;
                // Before the first reading a failure is a wrong host, token or id; later it may pass.
                let is_last = watch.is_over() || !was_read || failures == FAILURES_MAX;
                (News::Failed(error, is_last), is_last)
            }
        };
        // Where nobody listens any more the program is about to end.
        if sender.send((index, news)).is_err() || is_last {
            return;
        }
    }
    let _ = sender.send((index, News::Over));
}

/// Tells of events as every command does; the waits come to the thread that shows everything else, in their order.
fn listener(sender: Sender<(usize, News)>, cloud: Cloud) -> impl FnMut(&Event<'_>) + Send + 'static {
    move |event| {
        progress::tell_step(event);
        if let (Event::Waiting { span, after }, Some(index)) = (event, progress::index()) {
            let error = after.map(|error| report::node(error, cloud));
            let _ = sender.send((index, News::Waiting(*span, progress::wait(*span, *after), error)));
        }
    }
}
