//! Where the access token comes from: the options of the command line, then the environment.
//!
//! No option has a secret for its value: other users of the machine see the command line.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use clap::{ArgGroup, Args};
use graph_call_std::credential::{
    ClientCertificate, ClientCredentials, Credential, EnvironmentCredential, FixedToken, ManagedIdentity,
    TokenCommand, TokenFile, Wanted, WorkloadIdentity,
};
use graph_call_std::{Class, Cloud, Error, Secret};
use zeroize::Zeroizing;

use crate::escape::Escaped;
use crate::failure::Failure;
use crate::{input, terminal};

/// More than any access token takes.
const TOKEN_BYTES_MAX: u64 = 64 * 1024;

const TOKEN: &str = "GRAPH_CALL_TOKEN";
const TENANT: &str = "AZURE_TENANT_ID";
const CLIENT: &str = "AZURE_CLIENT_ID";

/// The variables each of which begins a sign-in of an application.
const APPLICATION: [&str; 5] =
    [TENANT, CLIENT, "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"];

/// Every variable that says something of a sign-in.
pub(crate) const VARIABLES: [&str; 9] = [
    TOKEN,
    TENANT,
    CLIENT,
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
];

/// How one signs in.
#[derive(Args, Debug)]
#[command(next_help_heading = "Sign-in", group = ArgGroup::new("sign-in").multiple(false))]
pub(crate) struct SignIn {
    /// Read the access token from a file, and again when it changes
    #[arg(long, value_name = "FILE", group = "sign-in")]
    pub(crate) token_file: Option<PathBuf>,
    /// Read the access token from standard input
    #[arg(long, group = "sign-in")]
    pub(crate) token_stdin: bool,
    /// Run a program that prints the access token; no shell reads this, but quotes hold words together
    #[arg(long, value_name = "COMMAND", group = "sign-in")]
    pub(crate) token_command: Option<String>,
    /// The tenant of the application, by its id or a domain
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// The id of the application, or of a managed identity
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Sign in with the client secret in this file
    #[arg(long, value_name = "FILE", group = "sign-in")]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// Sign in with the certificate and the RSA key in this PEM file
    #[arg(long, value_name = "FILE", group = "sign-in")]
    pub(crate) certificate: Option<PathBuf>,
    /// Sign in with the assertion in this file, as workload identity has it
    #[arg(long, value_name = "FILE", group = "sign-in")]
    pub(crate) federated_token_file: Option<PathBuf>,
    /// Sign in as the managed identity of this machine or app
    #[arg(long, group = "sign-in")]
    pub(crate) managed_identity: bool,
}

/// The first credential there is, and where it is from.
pub(crate) struct Found {
    pub(crate) credential: Box<dyn Credential + Send>,
    /// In few words, for a person.
    pub(crate) origin: String,
}

impl Found {
    fn new(credential: impl Credential + Send + 'static, origin: impl Into<String>) -> Self {
        Self { credential: Box::new(credential), origin: origin.into() }
    }
}

/// The first credential there is: what the command line names, then the environment.
///
/// `cloud` is the one whose calls are asked for, unless a host of one's own is; `whole` is the time of all of a reading.
pub(crate) fn credential(options: &SignIn, cloud: Option<Cloud>, whole: Duration) -> Result<Found, Failure> {
    let application = || {
        let name = |given: &Option<String>, variable: &str, option: &str| {
            let value = given.clone().or_else(|| env::var(variable).ok().filter(|value| !value.is_empty()));
            value.ok_or_else(|| no_token(&format!("{option} or {variable} has to name it")))
        };
        Ok::<_, Failure>((
            name(&options.tenant, TENANT, "--tenant")?,
            name(&options.client_id, CLIENT, "--client-id")?,
        ))
    };
    if let Some(path) = &options.token_file {
        return token_file(path, cloud);
    }
    if options.token_stdin {
        terminal::await_input("the access token");
        let bytes =
            read_stdin().map_err(|error| no_token(&format!("standard input cannot be read: {error}")))?;
        return fixed(&bytes, "standard input", cloud);
    }
    if let Some(command) = &options.token_command {
        let mut words = words(command).into_iter();
        let program = words.next().ok_or_else(|| usage("--token-command: there is no program in it"))?;
        let origin = format!("the token command {}", Escaped(&program));
        let command = TokenCommand::new(program).args(words).timeout(whole.min(TokenCommand::TIMEOUT));
        return Ok(Found::new(command, origin));
    }
    if let Some(path) = &options.client_secret_file {
        let (tenant, id) = application()?;
        let secret = Secret::from_file(path).map_err(refused)?;
        let credential = ClientCredentials::new(&tenant, &id, secret.reveal()).map_err(refused)?;
        return Ok(Found::new(credential, "--client-secret-file"));
    }
    if let Some(path) = &options.certificate {
        let (tenant, id) = application()?;
        let pem = input::read(path, Class::Auth)?;
        return Ok(Found::new(ClientCertificate::new(&tenant, &id, &pem).map_err(refused)?, "--certificate"));
    }
    if let Some(path) = &options.federated_token_file {
        let (tenant, id) = application()?;
        let credential = WorkloadIdentity::new(&tenant, &id, path).map_err(refused)?;
        return Ok(Found::new(credential, "--federated-token-file"));
    }
    if options.managed_identity {
        let mut identity = ManagedIdentity::from_env().map_err(refused)?;
        if let Some(id) = &options.client_id {
            identity = identity.client_id(id).map_err(refused)?;
        }
        return Ok(Found::new(identity, "--managed-identity"));
    }
    from_environment(options, cloud)
}

/// The access token of the environment, or the application that it names.
fn from_environment(options: &SignIn, cloud: Option<Cloud>) -> Result<Found, Failure> {
    let is_named = options.tenant.is_some() || options.client_id.is_some();
    // Whoever names an application on the command line means that one.
    if let Some(token) = variable(TOKEN)?.filter(|_| !is_named) {
        return fixed(token.reveal().as_bytes(), TOKEN, cloud);
    }
    if !is_named && APPLICATION.iter().all(|name| env::var_os(name).is_none_or(|value| value.is_empty())) {
        return Err(no_token(&format!(
            "set {TOKEN}, or {TENANT}, {CLIENT} and AZURE_CLIENT_SECRET, or use --token-file, --token-command, \
             --certificate or --managed-identity"
        )));
    }
    for name in APPLICATION {
        variable(name)?;
    }
    let get = |name: &str| match name {
        TENANT if options.tenant.is_some() => options.tenant.clone(),
        CLIENT if options.client_id.is_some() => options.client_id.clone(),
        _ => env::var(name).ok(),
    };
    Ok(Found::new(EnvironmentCredential::from_lookup(get).map_err(refused)?, "the environment (AZURE_...)"))
}

/// A file that is looked at again, so that another program may keep it fresh; a pipe is read once.
fn token_file(path: &Path, cloud: Option<Cloud>) -> Result<Found, Failure> {
    let name = path.display().to_string();
    let is_pipe = fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir());
    if is_pipe {
        let file = fs::File::open(path).and_then(read_all);
        let bytes = file.map_err(|error| Failure::file(Class::Auth, &path.display().to_string(), &error))?;
        return fixed(&bytes, &name, cloud);
    }
    let mut file = TokenFile::new(path);
    // What is wrong with it is said once, and not for each call.
    let offer = file.offer(&Wanted::new(cloud.unwrap_or_default())).map_err(refused)?;
    if let graph_call_std::credential::Offer::Token { token, .. } = offer {
        FixedToken::new(token.reveal()).map_err(refused).and_then(|token| fits(&token, &name, cloud))?;
    }
    Ok(Found::new(file, name))
}

/// A token that was read, in any form that people have.
fn fixed(bytes: &[u8], origin: &str, cloud: Option<Cloud>) -> Result<Found, Failure> {
    let token = FixedToken::read_from(bytes, origin).map_err(refused)?;
    fits(&token, origin, cloud)?;
    Ok(Found::new(token, origin))
}

/// A token of another cloud, or for something else than Graph, is not sent anywhere.
fn fits(token: &FixedToken, origin: &str, cloud: Option<Cloud>) -> Result<(), Failure> {
    let misfit = cloud.and_then(|cloud| token.claims()?.misfit(cloud));
    misfit.map_or(Ok(()), |misfit| Err(no_token(&format!("{origin}: {misfit}"))))
}

/// An environment variable that is set and not empty.
fn variable(name: &str) -> Result<Option<Secret>, Failure> {
    match env::var(name) {
        Ok(value) => Ok((!value.is_empty()).then(|| Secret::new(value))),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(no_token(&format!("{name} is not UTF-8"))),
    }
}

fn read_stdin() -> io::Result<Zeroizing<Vec<u8>>> {
    read_all(io::stdin().lock())
}

fn read_all(source: impl io::Read) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all at once: a buffer that grows leaves copies of the token behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(TOKEN_BYTES_MAX as usize + 1));
    source.take(TOKEN_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > TOKEN_BYTES_MAX {
        return Err(io::Error::other("larger than 64 KiB, which no access token is"));
    }
    Ok(bytes)
}

/// The words of a command: blanks are between them, unless quotes hold them together.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, _) if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn refused(error: Error) -> Failure {
    let text = error.to_string();
    // Which phase it was is clear here.
    let phases = ["credential: ", "prepare: "];
    let text = phases.iter().find_map(|phase| text.strip_prefix(phase)).unwrap_or(&text);
    no_token(text.strip_prefix("there is no access token in ").unwrap_or(text))
}

fn no_token(text: &str) -> Failure {
    Failure::Told(Class::Auth, Some(format!("no access token: {}", Escaped(text))))
}

fn usage(text: &str) -> Failure {
    Failure::Told(Class::Usage, Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn quotes_hold_words_together() {
        for (command, expected) in [
            ("", &[][..]),
            ("  az  account ", &["az", "account"]),
            (r#"az --query "access token" 'a "b"'"#, &["az", "--query", "access token", "a \"b\""]),
            (r#""C:\Program Files\az.cmd" x"#, &[r"C:\Program Files\az.cmd", "x"]),
            (r#"a"b c"d ''"#, &["ab cd", ""]),
        ] {
            assert_eq!(words(command), expected, "{command}");
        }
    }
}
