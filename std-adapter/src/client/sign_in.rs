//! The sign-in: the token that all readings share, and the job that gets it.

use core::time::Duration;

use graph_call::drive::{self, AsyncPlatform, Granted, Link};
use graph_call::http::{AccessToken, End};
use graph_call::job::{Credential, Fault, Peer, Plan};

use super::PIECE_LENGTH;
use super::engine::Engine;
use super::network::{Lane, Network};
use super::observer::{Came, Observer};
use super::settings::milliseconds;
use super::tokens::{AtDesk, Current, Desk, Want};
use super::trace::Trace;
use super::turn::{Exchanging, Turn};
use crate::credential::{Offer, Secret, Wanted, check};
use crate::error::{Error, ErrorKind, Phase};
use crate::random;

impl<N: Network> Engine<N> {
    /// The token for a reading: the current one, or another one.
    pub(crate) async fn token<'e>(
        &'e self,
        want: Want,
        wanted: drive::Wanted<'_>,
        turn: &mut Option<Turn<'e, N>>,
    ) -> Result<Current, (Fault, Option<Error>)> {
        let timeout = || {
            let text = "the sign-in of another reading takes too long";
            (Fault::NoToken, Some(Error::new(ErrorKind::Timeout, Phase::Credential, text)))
        };
        let taken = match self.tokens.look(want, self.network.now()) {
            Ok(current) => return Ok(current),
            Err(meanwhile) => match (self.tokens.desk().try_take(), meanwhile) {
                (Some(taken), _) => Some(taken),
                (None, Some(current)) => return Ok(current),
                (None, None) => self.network.within(self.tokens.desk().take(), wanted.by).await,
            },
        };
        let mut seat = taken.and_then(|taken| AtDesk::new(&self.tokens, taken)).ok_or_else(timeout)?;
        let now = self.network.now();
        let current = match self.tokens.look(want, now) {
            Ok(current) => return Ok(current),
            Err(current) => current,
        };
        let Some(desk) = seat.desk() else { return Err(timeout()) };
        if want.was_refused && current.is_none() {
            desk.session.reject(wanted.claims);
        }
        let cloud = self.settings.cloud;
        let asked = Wanted { cloud, claims: wanted.claims, was_refused: want.was_refused };
        let (offer, revision) = self.network.offer(&desk.credential, asked).await;
        if core::mem::replace(&mut desk.revision, revision) != revision {
            desk.session.change_credential();
        }
        self.sign_in(desk, offer, turn, wanted.by).await?;
        self.tokens.publish(desk, self.network.now(), &self.settings.policy);
        let current = self.tokens.current();
        drop(seat);
        Ok(current)
    }

    /// The current token, or another one, for whoever wants to look at it.
    pub(crate) async fn access_token(&self) -> Result<Secret, Error> {
        let by = self.network.now().saturating_add(milliseconds(self.settings.timeouts.whole));
        let want = Want { serial: 0, was_refused: false };
        let wanted = drive::Wanted { claims: None, was_refused: false, by };
        let result = Box::pin(self.token(want, wanted, &mut None)).await;
        result.map(|current| Secret::new(current.token.reveal())).map_err(|(_, error)| {
            error.unwrap_or_else(|| {
                Error::new(ErrorKind::Credential, Phase::Credential, "there is no other access token")
            })
        })
    }

    /// Gets the token that is offered into the session of the desk.
    async fn sign_in<'e>(
        &'e self,
        desk: &mut Desk,
        offer: Result<Offer, Error>,
        turn: &mut Option<Turn<'e, N>>,
        by: u64,
    ) -> Result<(), (Fault, Option<Error>)> {
        let began = self.network.now();
        let mut policy = self.settings.policy;
        policy.reading = by.saturating_sub(began).max(1);
        let refused = |error: Error| (Fault::TokenRefused, Some(error));
        let (owned_request, request);
        let (credential, offered) = match offer {
            Ok(Offer::Ask(owned)) => {
                owned_request = owned;
                let login_host = self.settings.login_host().map_err(refused)?;
                request = owned_request.borrow(self.settings.cloud, login_host).map_err(refused)?;
                (Credential::Ask(&request), None)
            }
            Ok(Offer::Token { token, lifetime }) => {
                let cloud = self.settings.token_cloud();
                let checked = check(token.reveal(), cloud).map(|()| (token, lifetime));
                (Credential::Outside, Some(checked))
            }
            // What the service said of the one there is says it all.
            Ok(Offer::Nothing) => return Err((Fault::TokenRefused, None)),
            Err(error) => (Credential::Outside, Some(Err(error))),
        };
        let plan = Plan::sign_in(credential).policy(policy);
        let trace = Trace::new(self.settings.wants());
        let mut observer = Observer::new(self, &trace).of_sign_in();
        let mut platform = SignIn::new(self, &trace, turn, offered);
        let mut job = desk.session.start(&plan, random::number());
        let mut buffer = zeroize::Zeroizing::new([0; PIECE_LENGTH]);
        let nothing = &mut graph_call::TinyCall::empty();
        drive::run_async(&mut job, &mut platform, &mut *buffer, nothing, |step| observer.see(step)).await;
        drop(platform);
        match observer.came() {
            // A watch goes on after what passes, and ends where the credential itself is at fault.
            Some(Came::Failed(error, _)) => {
                let is_refused = matches!(error.kind(), ErrorKind::Credential | ErrorKind::Usage);
                Err((if is_refused { Fault::TokenRefused } else { Fault::NoToken }, Some(error)))
            }
            _ => Ok(()),
        }
    }
}

/// What a credential gives without a request: a token and its life, or why there is none.
type Offered = Result<(Secret, Option<Duration>), Error>;

/// The platform of a sign-in: it has a connection beside that of the reading which needs the token.
struct SignIn<'t, 'e, N: Network> {
    engine: &'e Engine<N>,
    trace: &'t Trace,
    /// The turn of the reading, while there is no exchange.
    turn: &'t mut Option<Turn<'e, N>>,
    offered: Option<Offered>,
    token: Option<Secret>,
}

impl<'t, 'e, N: Network> SignIn<'t, 'e, N> {
    fn new(
        engine: &'e Engine<N>,
        trace: &'t Trace,
        turn: &'t mut Option<Turn<'e, N>>,
        offered: Option<Offered>,
    ) -> Self {
        Self { engine, trace, turn, offered, token: None }
    }
}

impl<'t, 'e, N: Network> AsyncPlatform for SignIn<'t, 'e, N> {
    type Link = Exchanging<'t, 'e, N>;

    const END: End = End::CloseNotify;

    fn now(&mut self) -> u64 {
        self.engine.network.now()
    }

    async fn wait(&mut self, until: u64) {
        self.engine.network.wait(until, &self.engine.lanes).await;
    }

    async fn open(&mut self, peer: Peer<'_>, _is_fresh: bool, by: u64) -> Result<Link<Self::Link>, Fault> {
        let Self { engine, trace, .. } = *self;
        let mut turn = match self.turn.take() {
            Some(turn) => turn,
            None => engine.turn(by).await.map_err(|error| trace.not_opened(error))?,
        };
        turn.lane().swap();
        let opened = Box::pin(turn.open(peer, true, by)).await;
        if let Err(error) = opened {
            turn.lane().swap();
            *self.turn = Some(turn);
            return Err(trace.not_opened(error));
        }
        Ok(Link { io: Exchanging { turn: Some(turn), trace }, is_kept: false })
    }

    fn set_deadline(&mut self, link: &mut Self::Link, by: u64) {
        if let Some(turn) = &mut link.turn {
            turn.lane().set_deadline(by);
        }
    }

    async fn close(&mut self, mut link: Self::Link) {
        if let Ok(lane) = link.lane() {
            self.engine.network.close(lane).await;
            lane.swap();
        }
        *self.turn = link.into_turn();
    }

    async fn token(&mut self, _wanted: drive::Wanted<'_>) -> Result<Granted<'_>, Fault> {
        match self.offered.take() {
            Some(Ok((token, lifetime))) => granted(self.token.insert(token), lifetime.map(milliseconds)),
            Some(Err(error)) => {
                self.trace.remember_token(error);
                Err(Fault::TokenRefused)
            }
            None => Err(Fault::NoToken),
        }
    }
}

/// A token and its life in milliseconds, as a job takes them.
pub(crate) fn granted(token: &Secret, lifetime: Option<u64>) -> Result<Granted<'_>, Fault> {
    match AccessToken::new(token.reveal()) {
        Ok(token) => Ok(Granted { token, lifetime }),
        Err(_) => Err(Fault::TokenRefused),
    }
}
