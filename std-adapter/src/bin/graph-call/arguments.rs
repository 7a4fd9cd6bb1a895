//! What the command line can say.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Look at Microsoft Graph calls, from the service or from a file
#[derive(Debug, Parser)]
#[command(name = "graph-call", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0 ok   1 other   2 usage   3 call not found or ended   4 sign-in or permission   5 throttled
  6 timeout   7 network or TLS   8 answer or file that cannot be read   130 interrupted
With several calls the highest code counts.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Parse(Parse),
    Serve(Serve),
    /// Print a completion script for a shell
    Completions {
        /// The shell to write for
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in roff
    Man,
}

/// Read a call from a file and print it
///
/// Accepts what the service sends: one JSON object, strictly RFC 8259. Of a file that is none it says
/// where and why.
#[derive(Args, Debug)]
pub(crate) struct Parse {
    /// The file to read; - or nothing is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Accept a comma before ] and }, as Microsoft's documentation prints it
    #[arg(long)]
    pub(crate) allow_trailing_commas: bool,
    /// Cut texts and lists that are too long, instead of refusing the call
    #[arg(long)]
    pub(crate) truncate: bool,
}

/// Serve two calls on loopback, over TLS, to try things out
///
/// Stops by itself after a stated time, on Ctrl-C, and when standard input ends.
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// How many seconds to serve
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 900,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) seconds: u64,
    /// Where to write the CA certificate; otherwise a temporary file, removed at the end
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Stop when standard input ends, even if it is no terminal
    #[arg(long)]
    pub(crate) until_stdin_ends: bool,
}
