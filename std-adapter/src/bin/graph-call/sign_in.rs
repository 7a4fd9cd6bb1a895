//! Where the access token comes from: a file, standard input or the environment, never the command line.

use std::env;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use graph_call_std::credential::{ClientCredentials, FixedToken};
use graph_call_std::{Class, ClientBuilder, Error, Secret};
use zeroize::Zeroizing;

use crate::arguments::Access;
use crate::failure::Failure;
use crate::terminal;

/// More than any access token takes.
const TOKEN_FILE_BYTES_MAX: u64 = 64 * 1024;

const TOKEN: &str = "GRAPH_CALL_TOKEN";
const TENANT: &str = "AZURE_TENANT_ID";
const CLIENT: &str = "AZURE_CLIENT_ID";
const CLIENT_SECRET: &str = "AZURE_CLIENT_SECRET";

/// Gives the client the first credential there is: what the command line names, then the environment.
pub(crate) fn credential(client: ClientBuilder, access: &Access) -> Result<ClientBuilder, Failure> {
    if let Some(file) = &access.token_file {
        let name = file.display().to_string();
        let token = read(file).map_err(|error| Failure::file(&name, &error))?;
        return fixed(client, &token, &name);
    }
    if access.token_stdin {
        terminal::await_input("the access token");
        let token = read_from(io::stdin()).map_err(|error| Failure::file("standard input", &error))?;
        return fixed(client, &token, "standard input");
    }
    if let Some(token) = variable(TOKEN)? {
        return fixed(client, &token, TOKEN);
    }
    let [tenant, id, secret] = [TENANT, CLIENT, CLIENT_SECRET].map(variable);
    match (tenant?, id?, secret?) {
        (Some(tenant), Some(id), Some(secret)) => {
            let app = ClientCredentials::new(tenant.reveal(), id.reveal(), secret.reveal());
            Ok(client.credential(app.map_err(|error| refused("AZURE_*", &error))?))
        }
        (None, None, None) => Err(no_token(format!(
            "no access token: set {TOKEN}, or {TENANT}, {CLIENT} and {CLIENT_SECRET}, or use --token-file or --token-stdin"
        ))),
        given => {
            let missing: Vec<&str> = [(given.0, TENANT), (given.1, CLIENT), (given.2, CLIENT_SECRET)]
                .into_iter()
                .filter_map(|(value, name)| value.is_none().then_some(name))
                .collect();
            Err(no_token(format!("no access token: {} is missing", missing.join(" and "))))
        }
    }
}

fn fixed(client: ClientBuilder, token: &Secret, origin: &str) -> Result<ClientBuilder, Failure> {
    let token = token.reveal().trim();
    if token.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(no_token(format!("{origin}: give the access token without the word Bearer")));
    }
    let token = FixedToken::new(token).map_err(|error| refused(origin, &error))?;
    Ok(client.credential(token))
}

/// An environment variable that is set and not empty.
fn variable(name: &str) -> Result<Option<Secret>, Failure> {
    match env::var(name) {
        Ok(value) => Ok((!value.is_empty()).then(|| Secret::new(value))),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(no_token(format!("{name} is not UTF-8"))),
    }
}

fn read(file: &Path) -> io::Result<Secret> {
    read_from(File::open(file)?)
}

fn read_from(source: impl Read) -> io::Result<Secret> {
    // Room for all at once: a buffer that grows leaves copies of the token behind.
    let mut text = Zeroizing::new(String::with_capacity(TOKEN_FILE_BYTES_MAX as usize + 1));
    source.take(TOKEN_FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > TOKEN_FILE_BYTES_MAX {
        return Err(io::Error::other("larger than 64 KiB, which no access token is"));
    }
    Ok(Secret::new(text.as_str()))
}

fn refused(origin: &str, error: &Error) -> Failure {
    no_token(format!("{origin}: {error}"))
}

fn no_token(text: String) -> Failure {
    Failure::Told(Class::Auth, Some(text))
}
