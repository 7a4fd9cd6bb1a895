//! `graph-call watch`: a call until it ends.

use std::io::Write as _;

use graph_call_std::graph_call::HeapCall;
use graph_call_std::{Class, Reading};

use crate::arguments::Watch;
use crate::ask;
use crate::call_id;
use crate::failure::Failure;
use crate::get;
use crate::progress::end_on_interrupt;
use crate::report;
use crate::terminal::{Output, complain};

/// Failures in a row after which nobody believes that the next look succeeds.
const FAILURES_MAX: usize = 5;

pub(crate) fn run(arguments: &Watch) -> Result<(), Failure> {
    end_on_interrupt();
    let Watch { id, json, interval, ask, access } = arguments;
    let call_id = call_id::read(id, ask)
        .map_err(|error| Failure::Told(error.class(), Some(report::line(id, &error, ask.cloud))))?;
    let client = ask::client(ask, access)?;
    let mut output = Output::stdout();
    let mut last = None;
    let mut failures = 0;
    for reading in client.watch_as::<HeapCall>(ask::query(&call_id, ask)).every(*interval) {
        match reading {
            Ok(Reading::Call(fetched)) => {
                failures = 0;
                if last.as_ref() != Some(&fetched.call) {
                    if last.is_some() && !json {
                        writeln!(output.writer)?;
                    }
                    get::print(&mut output, &fetched.call, *json)?;
                    last = Some(fetched.call);
                }
            }
            Ok(Reading::Gone(_)) if *json => {}
            Ok(Reading::Gone(_)) => {
                let (dim, reset) = (output.style.dim(), output.style.reset());
                writeln!(
                    output.writer,
                    "\n{dim}The call has ended: the service does not know it any more.{reset}"
                )?;
            }
            Err(error) => {
                failures += 1;
                let line = report::line(id, &error, ask.cloud);
                // Before the first reading a failure is a wrong host, token or id; later it may pass.
                if last.is_none() || failures == FAILURES_MAX || error.class() == Class::Auth {
                    return Err(Failure::Told(error.class(), Some(line)));
                }
                complain(&line);
            }
        }
    }
    output.writer.flush()?;
    Ok(())
}
