//! What the command line can say.

use core::time::Duration;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use graph_call::http::{Cloud, ExpandMember, SelectMember};
use graph_call_std::service::Fault;

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
    Get(Get),
    Watch(Watch),
    Demo(Demo),
    Parse(Parse),
    Serve(Serve),
    /// Print a completion script for a shell
    Completions {
        /// The shell to write for
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the tool or of a command, in roff
    Man {
        /// The command to print the page of
        #[arg(value_parser = ["get", "watch", "demo", "parse", "serve", "completions", "man"])]
        command: Option<String>,
    },
}

/// Fetch calls and print them
///
/// The access token is an application's. It comes from GRAPH_CALL_TOKEN, from --token-file or
/// --token-stdin, or is asked for with AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; it is
/// never taken from the command line, where other users of the machine would see it.
#[derive(Args, Debug)]
pub(crate) struct Get {
    /// The ids of the calls; - reads them from standard input, one a line
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Print one line of JSON for each call
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the status and the field lines worth knowing before each call
    #[arg(short, long, conflicts_with = "json")]
    pub(crate) include: bool,
    /// Print the request, its access token left out, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) ask: Ask,
    #[command(flatten)]
    pub(crate) access: Access,
}

/// Follow a call until it ends
///
/// Prints the call whenever it has changed. That the call has ended, or is not known any more, is the
/// normal end. The access token comes from where `get` takes it.
#[derive(Args, Debug)]
pub(crate) struct Watch {
    /// The id of the call
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Print one line of JSON for each change
    #[arg(long)]
    pub(crate) json: bool,
    /// The time between two looks, give or take a fifth
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = interval)]
    pub(crate) interval: Duration,
    #[command(flatten)]
    pub(crate) ask: Ask,
    #[command(flatten)]
    pub(crate) access: Access,
}

/// What is asked for.
#[derive(Args, Debug)]
pub(crate) struct Ask {
    /// The members wanted, separated by commas; all if none are named
    #[arg(long, value_name = "MEMBER", value_delimiter = ',', value_parser = select_members(), hide_possible_values = true)]
    pub(crate) select: Vec<SelectMember>,
    /// The relationships wanted with them, separated by commas
    #[arg(long, value_name = "RELATIONSHIP", value_delimiter = ',', value_parser = expand_members())]
    pub(crate) expand: Vec<ExpandMember>,
    /// Ask the beta version of the API
    #[arg(long)]
    pub(crate) beta: bool,
    /// The cloud that the application lives in
    #[arg(long, value_name = "CLOUD", default_value = "global", value_parser = clouds())]
    pub(crate) cloud: Cloud,
    /// Ask this host instead of the cloud's; needs --danger-trust-host
    #[arg(long, value_name = "HOST:PORT", requires = "danger_trust_host")]
    pub(crate) host: Option<String>,
    /// Send the access token, and the client secret, to the host of --host
    #[arg(long, requires = "host")]
    pub(crate) danger_trust_host: bool,
}

/// How the service is reached.
#[derive(Args, Debug)]
pub(crate) struct Access {
    /// Read the access token from a file
    #[arg(long, value_name = "FILE", conflicts_with = "token_stdin")]
    pub(crate) token_file: Option<PathBuf>,
    /// Read the access token from standard input
    #[arg(long)]
    pub(crate) token_stdin: bool,
    /// Trust the certificate authorities of this PEM file too
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Give up after so many seconds, waits and retries included
    #[arg(long, value_name = "SECONDS", default_value = "100", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// Try again so many times when the service is busy
    #[arg(long, value_name = "COUNT", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=10))]
    pub(crate) retries: u8,
    /// Tell every step on standard error
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// Fetch two calls from a service on loopback, to see everything work
///
/// Starts a Graph service on 127.0.0.1 with a certificate authority of its own, signs in at its token
/// endpoint, and fetches the two calls of Microsoft's documentation over TLS. Needs no account and no
/// network.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Print one line of JSON for each call
    #[arg(long)]
    pub(crate) json: bool,
    /// Tell every step on standard error
    #[arg(short, long)]
    pub(crate) verbose: bool,
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
    /// Accept half of a surrogate pair, such as \ud83d, and show U+FFFD in its place
    #[arg(long)]
    pub(crate) allow_lone_surrogates: bool,
    /// List the members that are not known, one a line, instead of the call
    #[arg(long, conflicts_with = "json")]
    pub(crate) unknown: bool,
    /// Print one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Serve two calls on loopback, over TLS, to try things out
///
/// Stops by itself after a stated time, on Ctrl-C, and when standard input ends.
#[derive(Args, Debug)]
#[command(after_long_help = faults())]
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

/// The faults that `serve` has on order, a line each.
pub(crate) fn faults() -> String {
    let mut text = "\
The call with the id fault.NAME fails every time, the one with the id once.NAME every other time.
As the client id of a sign-in the same makes the sign-in fail. The names:"
        .to_owned();
    let width = Fault::NAMES.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, what) in Fault::NAMES {
        text += &format!("\n  {name:<width$}  {what}");
    }
    text
}

fn clouds() -> impl TypedValueParser<Value = Cloud> {
    named(Cloud::ALL.map(Cloud::name), Cloud::from_name)
}

fn select_members() -> impl TypedValueParser<Value = SelectMember> {
    named(SelectMember::ALL.iter().map(|member| member.name()), SelectMember::from_name)
}

fn expand_members() -> impl TypedValueParser<Value = ExpandMember> {
    named(ExpandMember::ALL.iter().map(|member| member.name()), ExpandMember::from_name)
}

/// A value that has one of these names; completions offer them, and an error suggests the nearest.
fn named<T: Clone + Send + Sync + 'static>(
    names: impl IntoIterator<Item = &'static str>,
    from_name: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).try_map(move |name| from_name(&name).ok_or("no such name"))
}

/// Seconds with a fraction, from a hundredth to a day.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds")?;
    if !(0.01..=86_400.0).contains(&seconds) {
        return Err("from 0.01 to 86400 seconds".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// The service is never asked more often than once a second.
fn interval(text: &str) -> Result<Duration, String> {
    let interval = seconds(text)?;
    if interval < Duration::from_secs(1) { Err("at least 1 second".to_owned()) } else { Ok(interval) }
}
