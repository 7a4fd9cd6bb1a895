//! What the command line can say.

use core::time::Duration;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use graph_call::http::{Cloud, ExpandMember, SelectMember};
use graph_call::{CallState, Enumeration as _};
use graph_call_std::Class;
use graph_call_std::service::Fault;

use crate::ids::Ids;
use crate::look::{Look, OUTPUT};
use crate::loud::Loud;
use crate::required::Required;
use crate::sign_in::SignIn;
use crate::sources::Format;
use crate::version;

/// Look at Microsoft Graph calls, from the service or from a file
#[derive(Debug, Parser)]
#[command(name = "graph-call", version, long_version = version::long(), max_term_width = 100, after_help = exit_codes())]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) loud: Loud,
    /// Take values for options from this TOML file, which GRAPH_CALL_CONFIG may name as well
    #[arg(long, value_name = "FILE", global = true, help_heading = "Configuration")]
    config: Option<String>,
    /// Take the values of this profile of the file, which GRAPH_CALL_PROFILE may name as well
    #[arg(long, value_name = "NAME", global = true, help_heading = "Configuration")]
    profile: Option<String>,
}

/// The exit codes, a line each: those of the classes of failures.
fn exit_codes() -> String {
    let done = "done; also where whoever reads the output has enough of it";
    let classes = Class::ALL.map(|class| (class.exit_code(), class.meaning()));
    let mut text = "Exit codes:".to_owned();
    for (code, meaning) in [(0, done)].into_iter().chain(classes) {
        text += &format!("\n  {code:>3}  {meaning}");
    }
    text + "\nWith several calls or files the highest code counts."
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Get(Get),
    Watch(Watch),
    Whoami(WhoAmI),
    Doctor(Doctor),
    Demo(Demo),
    Parse(Parse),
    Serve(Serve),
    /// Look at the configuration
    #[command(subcommand)]
    Config(Configuration),
    /// Print a completion script for a shell
    Completions {
        /// The shell to write for
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the tool or of a command, in roff
    Man {
        /// The command to print the page of
        #[arg(value_parser = ["get", "watch", "whoami", "doctor", "demo", "parse", "serve", "config", "completions", "man"])]
        command: Option<String>,
    },
}

/// Fetch calls and print them
///
/// The access token is an application's. It comes from where an option says, from GRAPH_CALL_TOKEN, or
/// is asked for as the application that AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET,
/// AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE name. No secret is ever taken from the
/// command line, where other users of the machine would see it. An id may also be the URL or the path
/// of a call.
#[derive(Args, Debug)]
pub(crate) struct Get {
    #[command(flatten)]
    pub(crate) ids: Ids,
    #[command(flatten)]
    pub(crate) look: Look,
    /// Print the status and the field lines worth knowing before each call, also when it fails
    #[arg(short, long, conflicts_with_all = ["json", "pretty", "table", "fields"], help_heading = OUTPUT)]
    pub(crate) include: bool,
    /// Write the content as the service sent it, whatever it is, to this file, or to standard output for -
    #[arg(long, value_name = "FILE", help_heading = OUTPUT,
          conflicts_with_all = ["json", "pretty", "table", "fields", "include", "show_secrets"])]
    pub(crate) raw: Option<PathBuf>,
    /// Fetch so many calls at once
    #[arg(short, long, value_name = "COUNT", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// Begin no further call after one that fails
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Give up a call after so many seconds, waits and retries included
    #[arg(long, value_name = "SECONDS", default_value = "100", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// Print the request, its access token left out, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) ask: Ask,
    #[command(flatten)]
    pub(crate) access: Access,
}

/// Follow calls until they end
///
/// Prints a call whenever it has changed. That it has ended, or is not known any more, is the normal
/// end. With --until a state is waited for: a call that ends without it is a failure, with exit code 3. The access
/// token comes from where `get` takes it.
#[derive(Args, Debug)]
pub(crate) struct Watch {
    #[command(flatten)]
    pub(crate) ids: Ids,
    #[command(flatten)]
    pub(crate) look: Look,
    /// Print only what has changed, a line for each member
    #[arg(long, conflicts_with_all = ["json", "pretty", "table", "fields", "show_secrets"], help_heading = OUTPUT)]
    pub(crate) changes_only: bool,
    /// Wait for one of these states, separated by commas
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = states())]
    pub(crate) until: Vec<CallState>,
    /// The time between two looks, give or take a fifth
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = interval)]
    pub(crate) interval: Duration,
    /// Give up after so many seconds, with exit code 6; otherwise a watch lasts as long as its calls
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
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
    #[command(flatten)]
    pub(crate) required: Required,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// What there is to do with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Configuration {
    /// Show what is asked and how one signs in, and where each value is from
    ///
    /// These are the options of get that say where the service is, how it is reached and how one signs in. The command
    /// line goes before the file, and the file before the environment.
    Show {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        access: Access,
    },
}

/// Where the service is.
#[derive(Args, Debug)]
pub(crate) struct Place {
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

impl Place {
    /// The cloud whose hosts are asked; `None` where the host is one of the caller's own.
    pub(crate) fn of_cloud(&self) -> Option<Cloud> {
        self.host.is_none().then_some(self.cloud)
    }

    /// The host that is asked, with its port if that is not the usual one.
    pub(crate) fn graph_host(&self) -> &str {
        self.host.as_deref().unwrap_or_else(|| self.cloud.graph_host())
    }
}

/// How the service is reached.
#[derive(Args, Debug)]
pub(crate) struct Access {
    /// Trust the certificate authorities of this PEM file too
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Give up an attempt to connect after so many seconds, TLS included
    #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub(crate) connect_timeout: Duration,
    /// Give up an attempt after so many seconds without an answer, or with half of one
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) read_timeout: Duration,
    /// Try again so many times when the service is busy
    #[arg(long, value_name = "COUNT", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=10))]
    pub(crate) retries: u8,
    #[command(flatten)]
    pub(crate) sign_in: SignIn,
}

/// Show whose access token it is, what it may do, and until when
///
/// Signs in as `get` does, and reads what the token says of itself. Whether that is true only the service can
/// tell. Ends with 4 where the token lacks the permission to read calls, has ended, or is for something else.
#[derive(Args, Debug)]
pub(crate) struct WhoAmI {
    /// Print a line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) access: Access,
}

/// Find out why calls cannot be read
///
/// Tries, in this order: the name of the service, a connection, the proxy, TLS, the service itself, the clock, the
/// sign-in, the permission, and the call; says which of them fails, and what to do. It asks the service twice, and
/// signs in once.
#[derive(Args, Debug)]
pub(crate) struct Doctor {
    /// The id of a call to read at the end
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Print a line of JSON for each step
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) access: Access,
}

/// Fetch two calls from a service on loopback, to see everything work
///
/// Starts a Graph service on 127.0.0.1 with a certificate authority of its own, signs in at its token
/// endpoint, and fetches the two calls of Microsoft's documentation over TLS. Needs no account and no
/// network.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) look: Look,
}

/// Read calls from files and print them
///
/// Accepts what the service sends, strictly RFC 8259: a call, a list of calls, notifications, each in a file
/// or on a line of its own; and what curl -i and browsers save. Of a file that is none of it it says
/// where and why.
#[derive(Args, Debug)]
pub(crate) struct Parse {
    /// The files to read; - or nothing is standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the files are
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    pub(crate) from: Format,
    /// Accept a comma before ] and }, as Microsoft's documentation prints it
    #[arg(long)]
    pub(crate) allow_trailing_commas: bool,
    /// Accept half of a surrogate pair, such as \ud83d, and show U+FFFD in its place
    #[arg(long)]
    pub(crate) allow_lone_surrogates: bool,
    #[command(flatten)]
    pub(crate) required: Required,
    /// List the members that are not known, one a line, instead of the call
    #[arg(long, conflicts_with_all = ["json", "table", "fields"])]
    pub(crate) unknown: bool,
    #[command(flatten)]
    pub(crate) look: Look,
}

/// Serve two calls on loopback, over TLS, to try things out
///
/// Stops by itself after a stated time, on Ctrl-C, and when standard input ends.
#[derive(Args, Debug)]
#[command(after_long_help = faults())]
pub(crate) struct Serve {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// How many seconds to serve
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 900,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) seconds: u64,
    /// How many milliseconds to let pass before each answer to a request for a call
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=60_000))]
    pub(crate) latency: u64,
    /// Where to write the CA certificate, in a new file or one of an earlier run; otherwise a temporary file, removed at
    /// the end
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Write the CA certificate in DER as well, as devices take it; in a new file or one of an earlier run
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_der: Option<PathBuf>,
    /// Serve HTTP without TLS too, on this port of 127.0.0.1, for a device that brings no TLS; 0 takes a free one
    #[arg(long, value_name = "PORT")]
    pub(crate) plain: Option<u16>,
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

fn states() -> impl TypedValueParser<Value = CallState> {
    // The last one is only a place for those to come.
    let names = CallState::VARIANTS.names().filter(|name| *name != "unknownFutureValue");
    named(names, |name| CallState::VARIANTS.names().position(|found| found == name).map(CallState::at))
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
