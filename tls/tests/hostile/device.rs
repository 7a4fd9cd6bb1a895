//! Two devices that read a call by the core's loops over TLS of this package: one whose calls wait, and one whose calls are
//! awaited.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use embedded_io::{ErrorType, Read, Write};
use graph_call::drive::{self, Link, Nal, Platform, Told};
use graph_call::http::{AccessToken, CallId, End};
use graph_call::job::{self, Credential, FailureKind, Fault, Job, Peer, Plan, Policy, Query, Step};
use graph_call::{Call, CallState};
use graph_call_std::service::P2P_CALL;
use graph_call_std::{Error, ErrorKind, Phase};
use graph_call_tls::{AsyncSession, Roots, Session, Tls};

use crate::hostile::socket::{Network, Socket, now, pass};
use crate::token;

const HEAD: usize = 1024;
const TOKEN_ROOM: usize = 2048;
const TEXT: usize = 256;

/// What a device knows of its peer.
#[derive(Clone, Copy)]
pub(crate) struct World<'w> {
    pub(crate) tls: Tls,
    pub(crate) roots: &'w Roots<'w>,
    pub(crate) network: &'w Network,
}

/// A device.
pub(crate) trait Device {
    /// Does what a job says, until something concerns the user.
    fn run(
        &mut self,
        job: &mut Job<'_, '_, HEAD, TOKEN_ROOM, TEXT>,
        call: &mut Call,
        show: &mut dyn FnMut(&Step<'_>),
    ) -> Told;
}

/// One reading after another of one device.
pub(crate) struct Program<'w> {
    device: Box<dyn Device + 'w>,
    session: Box<job::Session<HEAD, TOKEN_ROOM, TEXT>>,
    pub(crate) policy: Policy,
}

impl<'w> Program<'w> {
    pub(crate) fn new(device: Box<dyn Device + 'w>, policy: Policy) -> Self {
        Self { device, session: Box::new(job::Session::new()), policy }
    }

    /// The state of the call.
    pub(crate) fn get(&mut self) -> Result<Option<CallState>, Error> {
        let wrong = |_| Error::usage("what was set up cannot stand in a request");
        let query = Query::new(CallId::new(P2P_CALL).map_err(wrong)?);
        let plan = Plan::once(query, Credential::Outside).policy(self.policy);
        let mut job = self.session.start(&plan, 1);
        job.bring(now(), AccessToken::new(&token()).map_err(wrong)?, None);
        let (mut call, mut error) = (Box::new(Call::new()), None);
        let mut show = |step: &Step<'_>| {
            if let Step::Failed(failure) = step {
                error =
                    Some(Error::new(kind(failure.kind), Phase::Receive, format!("{failure} {failure:?}")));
            }
        };
        match self.device.run(&mut job, &mut call, &mut show) {
            Told::Call => Ok(call.state.get()),
            told => Err(error.unwrap_or_else(|| Error::usage(format!("{told:?}")))),
        }
    }
}

/// What the desktop calls a failure of a job.
fn kind(failure: FailureKind) -> ErrorKind {
    match failure {
        FailureKind::Cut | FailureKind::Fault(Fault::Reset) => ErrorKind::Cut,
        FailureKind::Timeout | FailureKind::Fault(Fault::Timeout) => ErrorKind::Timeout,
        FailureKind::Fault(Fault::Tls) => ErrorKind::Tls,
        FailureKind::Fault(Fault::Certificate) => ErrorKind::Certificate,
        // The peer is there, and takes connections: it spoke before it was asked.
        FailureKind::Fault(Fault::NotConnected) | FailureKind::Answer(_) => ErrorKind::Answer,
        _ => ErrorKind::Stack,
    }
}

/// A device whose calls wait.
pub(crate) struct Waiting<'w> {
    world: World<'w>,
    kept: Option<Secure<'w>>,
    is_careless: bool,
}

impl<'w> Waiting<'w> {
    /// A careless one is as many are written: what was kept is used whatever has come on it, and every end is a good one.
    pub(crate) fn new(world: World<'w>, is_careless: bool) -> Self {
        Self { world, kept: None, is_careless }
    }
}

impl Device for Waiting<'_> {
    fn run(
        &mut self,
        job: &mut Job<'_, '_, HEAD, TOKEN_ROOM, TEXT>,
        call: &mut Call,
        show: &mut dyn FnMut(&Step<'_>),
    ) -> Told {
        drive::run(job, self, &mut [0; 512], call, show)
    }
}

impl<'w> Platform for Waiting<'w> {
    type Link = Secure<'w>;

    const END: End = End::CloseNotify;

    fn now(&mut self) -> u64 {
        now()
    }

    fn wait(&mut self, until: u64) {
        while now() < until {
            pass();
        }
    }

    fn open(&mut self, peer: Peer<'_>, is_fresh: bool, by: u64) -> Result<Link<Secure<'w>>, Fault> {
        if let Some(mut io) = self.kept.take()
            && !is_fresh
            && (self.is_careless || io.look().is_none() && !io.session.has_input())
        {
            return Ok(Link { io, is_kept: true });
        }
        let World { tls, roots, network, .. } = self.world;
        let mut socket = network.open().map_err(|_| Fault::Reset)?;
        socket.set_deadline(by);
        let session = Session::open(tls, roots, peer.host, socket).map_err(|error| error.fault())?;
        let mut io = Secure { session, is_careless: self.is_careless };
        io.session.socket().is_proved();
        // What comes before anything was asked answers nothing.
        if !self.is_careless && matches!(io.look(), Some(Ok(1..))) {
            return Err(Fault::NotConnected);
        }
        Ok(Link { io, is_kept: false })
    }

    fn set_deadline(&mut self, link: &mut Secure<'w>, by: u64) {
        link.session.socket().set_deadline(by);
    }

    fn keep(&mut self, link: Secure<'w>) {
        self.kept = Some(link);
    }
}

/// A connection whose peer has proved who it is.
pub(crate) struct Secure<'w> {
    session: Session<'w, Socket>,
    is_careless: bool,
}

impl Secure<'_> {
    /// What has come, without waiting for it; none if nothing has.
    fn look(&mut self) -> Option<Result<usize, graph_call_tls::Error>> {
        self.session.socket().set_deadline(now());
        let came = self.session.read(&mut [0]);
        (came != Err(graph_call_tls::Error::Socket(embedded_io::ErrorKind::TimedOut))).then_some(came)
    }
}

impl ErrorType for Secure<'_> {
    type Error = graph_call_tls::Error;
}

impl Read for Secure<'_> {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, Self::Error> {
        match self.session.read(output) {
            Err(_) if self.is_careless => Ok(0),
            result => result,
        }
    }
}

impl Write for Secure<'_> {
    fn write(&mut self, input: &[u8]) -> Result<usize, Self::Error> {
        self.session.write(input)
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.session.flush()
    }
}

/// A device whose calls are awaited, over the platform that the core brings.
pub(crate) struct Awaited<P>(P);

pub(crate) fn awaited<'w>(world: World<'w>) -> impl Device + 'w {
    let wait = async |until| poll_fn(|_| if now() < until { Poll::Pending } else { Poll::Ready(()) }).await;
    let secure = async move |socket: Socket, peer: Peer<'_>| {
        let opened = AsyncSession::open(world.tls, world.roots, peer.host, socket).await;
        let mut session = opened.map_err(|error| error.fault())?;
        session.socket().is_proved();
        Ok(session)
    };
    Awaited(Nal::over_tls(world.network, now, wait, secure, AsyncSession::has_input))
}

impl<P: drive::AsyncPlatform> Device for Awaited<P> {
    fn run(
        &mut self,
        job: &mut Job<'_, '_, HEAD, TOKEN_ROOM, TEXT>,
        call: &mut Call,
        show: &mut dyn FnMut(&Step<'_>),
    ) -> Told {
        block_on(drive::run_async(job, &mut self.0, &mut [0; 512], call, show))
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => pass(),
        }
    }
}
