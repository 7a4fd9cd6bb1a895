//! The blocking client: one call at a time over any embedded-nal stack.
//!
//! - takes: a [`ClientBuilder`]'s settings, a stack, a credential
//! - gives: calls, or one error that says who, what and where
//! - keeps: one connection, as long as it is clean
//! - refuses: to send an access token anywhere but to the host of its cloud over TLS, unless an option
//!   with `danger` in its name says so

use core::fmt;
use core::time::Duration;

use embedded_io::{Read, Write};
use embedded_nal::{Dns, TcpClientStack};
use graph_call::http::End;

use crate::builder::{ClientBuilder, Listener, Settings};
use crate::connection::{Connection, Ground};
use crate::credential::{Credential, Offer, Secret, TokenAnswer, TokenRequest};
use crate::error::{Error, ErrorKind, Phase};
use crate::login;
use crate::socket::{Limit, Pace, Whole};
use crate::stack::Stack;

/// The time for a token, within that of the whole operation.
const LOGIN_TIMEOUT: Duration = Duration::from_secs(30);

/// How often a credential may ask its login host before one token.
const LOGINS_MAX: u8 = 2;

/// Fetches calls.
pub struct Client<S: TcpClientStack = Stack> {
    stack: S,
    pace: Pace<S>,
    settings: Settings,
    credential: Box<dyn Credential + Send>,
    listener: Listener,
    connection: Option<Connection<S>>,
}

impl Client<Stack> {
    /// A builder; [`ClientBuilder::credential`] is all it needs.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }
}

impl<S: TcpClientStack> Client<S> {
    pub(crate) fn new(
        stack: S,
        pace: Pace<S>,
        settings: Settings,
        credential: Box<dyn Credential + Send>,
        listener: Listener,
    ) -> Self {
        Self { stack, pace, settings, credential, listener, connection: None }
    }

    /// Closes the connection kept for the next call.
    pub fn disconnect(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close(&mut self.stack, &mut self.pace);
        }
    }
}

impl<S: TcpClientStack + Dns> Client<S> {
    /// A token, from wherever the credential has it.
    fn access_token(&mut self, whole: Whole) -> Result<Secret, Error> {
        for _ in 0..=LOGINS_MAX {
            let now = self.pace.now();
            match self.credential.offer(&self.settings.audience(), now)? {
                Offer::Token(token) => return Ok(token),
                Offer::Ask(request) => {
                    let answer = self.log_in(&request, whole);
                    self.credential.answer(answer, self.pace.now())?;
                }
            }
        }
        Err(Error::new(ErrorKind::Credential, Phase::Credential, "the credential asks again and again"))
    }

    /// Posts a form to the login host, on a connection of its own.
    fn log_in(&mut self, request: &TokenRequest, whole: Whole) -> Result<TokenAnswer, Error> {
        let Self { stack, pace, settings, listener, .. } = self;
        let route = settings.login_route()?;
        let limit = Limit::new(Phase::Credential, pace.now(), LOGIN_TIMEOUT, whole);
        let whole = Whole { span: limit.span, by: limit.by };
        let timeouts = &settings.timeouts;
        let mut ground = Ground { stack, pace, events: &mut **listener, timeouts, whole };
        let mut connection = Connection::open(&mut ground, &route)?;
        let mut answer = login::Answer::new();
        let mut stream = connection.stream(stack, pace, timeouts, whole);
        let result = post(&mut stream, &login::request(&route.authority(), request), &mut answer);
        let result = result.map_err(|error| error.at(connection.authority()));
        connection.close(stack, pace);
        result?;
        answer.into_token_answer()
    }
}

/// Sends a form and reads the answer to its end.
fn post<IO>(io: &mut IO, request: &Secret, answer: &mut login::Answer) -> Result<(), Error>
where
    IO: Read<Error = Error> + Write<Error = Error>,
{
    io.write_all(request.reveal().as_bytes())?;
    io.flush()?;
    let mut piece = [0; 4096];
    loop {
        match io.read(&mut piece)? {
            0 => return answer.finish(End::CloseNotify),
            length if answer.take(piece.get(..length).unwrap_or_default())? => return Ok(()),
            _ => {}
        }
    }
}

impl<S: TcpClientStack> Drop for Client<S> {
    fn drop(&mut self) {
        self.disconnect();
    }
}

impl<S: TcpClientStack> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.settings)
            .field("credential", &self.credential)
            .field("is_connected", &self.connection.is_some())
            .finish_non_exhaustive()
    }
}
