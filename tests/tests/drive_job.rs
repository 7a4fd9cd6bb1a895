//! The loops that do what a job says: blocking, awaited, and over embedded-nal-async; given up at every await.

use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use embedded_nal_async::{AddrType, Dns, TcpConnect};
use graph_call::Call;
use graph_call::drive::{self, AsyncPlatform, Link, Nal, Platform, Told};
use graph_call::http::{CallId, Cloud};
use graph_call::job::{
    Credential, FailureKind, Fault, Peer, Plan, Policy, Query, Session, Step, TokenRequest,
};
use graph_call_laws::script::Script;

const P2P: &[u8] = include_bytes!("../data/p2p.json");
const ID: &str = "2e1a0b00-2db4-4022-9570-243709c565ab";
const LOGIN: &str = "login.microsoftonline.com";

fn answer(host: &str) -> Vec<u8> {
    let token: &[u8] = br#"{"token_type":"Bearer","expires_in":3599,"access_token":"loop.token"}"#;
    let content = if host == LOGIN { token } else { P2P };
    let length = content.len();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), content].concat()
}

/// What happened to the hosts.
#[derive(Default)]
struct World {
    now: Cell<u64>,
    opened: RefCell<Vec<String>>,
    /// Nobody answers on the first connections, so many.
    silent: Cell<usize>,
}

impl World {
    fn open(&self, host: &str) -> Wire {
        self.opened.borrow_mut().push(host.to_owned());
        let is_silent = self.silent.get() > 0;
        self.silent.set(self.silent.get().saturating_sub(1));
        let script = Script::sending(&answer(host)).reading_at_most(700).writing_at_most(300);
        Wire { script, is_silent }
    }

    fn host_of(address: IpAddr) -> &'static str {
        if address == IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)) { LOGIN } else { "graph.microsoft.com" }
    }
}

/// A connection; blocking, a silent one is one that times out.
struct Wire {
    script: Script,
    is_silent: bool,
}

impl ErrorType for Wire {
    type Error = ErrorKind;
}

impl Read for Wire {
    fn read(&mut self, output: &mut [u8]) -> Result<usize, ErrorKind> {
        if self.is_silent { Err(ErrorKind::TimedOut) } else { self.script.read(output) }
    }
}

impl Write for Wire {
    fn write(&mut self, input: &[u8]) -> Result<usize, ErrorKind> {
        self.script.write(input)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

async fn pend(times: usize) {
    let mut left = times;
    poll_fn(|context| match left {
        0 => Poll::Ready(()),
        _ => {
            left -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}

/// The same, awaited: pending before everything, and for ever where it is silent.
struct Awaited(Wire);

impl ErrorType for Awaited {
    type Error = ErrorKind;
}

impl embedded_io_async::Read for Awaited {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, ErrorKind> {
        pend(if self.0.is_silent { usize::MAX } else { 1 }).await;
        self.0.read(output)
    }
}

impl embedded_io_async::Write for Awaited {
    async fn write(&mut self, input: &[u8]) -> Result<usize, ErrorKind> {
        pend(1).await;
        self.0.write(input)
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

struct Blocking<'w>(&'w World);

impl Platform for Blocking<'_> {
    type Link = Wire;

    fn now(&mut self) -> u64 {
        self.0.now.get()
    }

    fn wait(&mut self, until: u64) {
        self.0.now.set(until);
    }

    fn open(&mut self, peer: Peer<'_>, _: bool, _: u64) -> Result<Link<Wire>, Fault> {
        Ok(Link { io: self.0.open(peer.host), is_kept: false })
    }

    fn set_deadline(&mut self, _: &mut Wire, _: u64) {}
}

struct Tasks<'w>(&'w World);

impl AsyncPlatform for Tasks<'_> {
    type Link = Awaited;

    fn now(&mut self) -> u64 {
        self.0.now.get()
    }

    async fn wait(&mut self, until: u64) {
        // Longer than anything but silence takes.
        pend(5).await;
        self.0.now.set(until);
    }

    async fn open(&mut self, peer: Peer<'_>, _: bool, _: u64) -> Result<Link<Awaited>, Fault> {
        pend(1).await;
        Ok(Link { io: Awaited(self.0.open(peer.host)), is_kept: false })
    }
}

impl TcpConnect for World {
    type Error = ErrorKind;
    type Connection<'a> = Awaited;

    async fn connect(&self, remote: SocketAddr) -> Result<Awaited, ErrorKind> {
        pend(1).await;
        assert_eq!(remote.port(), 443);
        Ok(Awaited(self.open(Self::host_of(remote.ip()))))
    }
}

impl Dns for World {
    type Error = ErrorKind;

    async fn get_host_by_name(&self, host: &str, _: AddrType) -> Result<IpAddr, ErrorKind> {
        pend(1).await;
        Ok(IpAddr::V4(Ipv4Addr::new(10, 0, 0, if host == LOGIN { 1 } else { 2 })))
    }

    async fn get_host_by_address(&self, _: IpAddr, _: &mut [u8]) -> Result<usize, ErrorKind> {
        Err(ErrorKind::Unsupported)
    }
}

fn request() -> TokenRequest<'static> {
    TokenRequest::client_secret(Cloud::Global, "contoso.example", "2891555a", "secret").unwrap()
}

fn query() -> Query<'static> {
    Query::new(CallId::new(ID).unwrap())
}

/// What a future gives within so many looks.
fn looks<T>(future: impl Future<Output = T>, looks: usize) -> Option<T> {
    let mut future = pin!(future);
    let context = &mut Context::from_waker(Waker::noop());
    (0..=looks).find_map(|_| match future.as_mut().poll(context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}

#[test]
fn every_loop_signs_in_and_reads_the_call() {
    let request = request();
    let plan = Plan::once(query(), Credential::Ask(&request));
    let expected = Call::parse(P2P).unwrap();
    for buffer in [1, 64, 4096] {
        let buffer = &mut vec![0; buffer][..];
        let (world, mut call) = (World::default(), Call::new());
        let mut session = Session::<1024, 4096, 256>::new();
        let mut shown = 0;
        let told = drive::run(&mut session.start(&plan, 1), &mut Blocking(&world), buffer, &mut call, |_| {
            shown += 1;
        });
        assert_eq!((told, shown > 6), (Told::Call, true));
        assert!(call == expected);
        assert_eq!(*world.opened.borrow(), [LOGIN, "graph.microsoft.com"]);

        let (world, mut call) = (World::default(), Call::new());
        let mut session = Session::<1024, 4096, 256>::new();
        let mut job = session.start(&plan, 1);
        let told =
            looks(drive::run_async(&mut job, &mut Tasks(&world), buffer, &mut call, |_| {}), usize::MAX);
        assert_eq!(told, Some(Told::Call));
        assert!(call == expected);

        let (world, mut call) = (World::default(), Call::new());
        let mut session = Session::<1024, 4096, 256>::new();
        let mut job = session.start(&plan, 1);
        let wait = async |until| {
            pend(5).await;
            world.now.set(until);
        };
        let secure = async |connection: Awaited, peer: Peer<'_>| match peer.is_plain {
            false => Ok(connection),
            true => Err(Fault::Tls),
        };
        let mut platform = Nal::new(&world, || world.now.get(), wait, secure);
        let told = looks(drive::run_async(&mut job, &mut platform, buffer, &mut call, |_| {}), usize::MAX);
        assert_eq!(told, Some(Told::Call));
        assert!(call == expected && format!("{platform:?}").contains("graph.microsoft.com"));
    }
}

#[test]
fn given_up_at_any_await_the_next_call_goes_on() {
    let request = request();
    let plan = Plan::once(query(), Credential::Ask(&request));
    let expected = Call::parse(P2P).unwrap();
    let mut cuts = 0;
    for first in 0.. {
        let (world, mut call) = (World::default(), Call::new());
        let mut session = Session::<1024, 4096, 256>::new();
        let mut buffer = [0; 512];
        let mut job = session.start(&plan, 1);
        let mut tasks = Tasks(&world);
        let run = drive::run_async(&mut job, &mut tasks, &mut buffer, &mut call, |_| {});
        if looks(run, first).is_some() {
            break;
        }
        cuts += 1;
        let mut job = session.resume(&plan);
        let mut tasks = Tasks(&world);
        let run = drive::run_async(&mut job, &mut tasks, &mut buffer, &mut call, |_| {});
        assert_eq!(looks(run, usize::MAX), Some(Told::Call), "after {first} looks");
        assert!(call == expected, "after {first} looks");
        assert!(world.opened.borrow().len() <= 3, "after {first} looks: {:?}", world.opened.borrow());
    }
    assert!(cuts > 10, "{cuts}");
}

#[test]
fn silence_ends_by_the_deadline_of_the_job_in_every_loop() {
    let request = request();
    let plan = Plan::sign_in(Credential::Ask(&request));
    let mut buffer = [0; 512];
    let mut failed = 0;
    let mut see = |step: &Step<'_>| failed += u32::from(matches!(step, Step::Failed(_)));

    let world = World::default();
    world.silent.set(9);
    let mut session = Session::<1024, 4096, 256>::new();
    let told = drive::run(
        &mut session.start(&plan, 1),
        &mut Blocking(&world),
        &mut buffer,
        &mut Call::new(),
        &mut see,
    );
    assert_eq!(told, Told::Failed);

    let world = World::default();
    world.silent.set(9);
    let mut session = Session::<1024, 4096, 256>::new();
    let mut call = Call::new();
    let mut job = session.start(&plan, 1);
    let mut tasks = Tasks(&world);
    let run = drive::run_async(&mut job, &mut tasks, &mut buffer, &mut call, &mut see);
    assert_eq!(looks(run, 1_000), Some(Told::Failed));
    assert_eq!(world.now.get(), plan.policy.first_byte);
    assert_eq!(failed, 2);
}

/// A session of TLS: it answers what is asked, then is silent, or ends.
struct Secured<'w> {
    world: &'w Ends,
    host: &'static str,
    is_asked: bool,
    answer: Vec<u8>,
    is_over: bool,
}

/// A network whose answers have no length, whose connections keep part of a record behind the answer, or whose service answers
/// before it is asked.
#[derive(Default)]
struct Ends {
    until_close: bool,
    has_rest: bool,
    speaks_first: bool,
    /// Those to the service.
    connections: Cell<usize>,
    /// What was written to it.
    asked: Cell<usize>,
}

impl ErrorType for Secured<'_> {
    type Error = ErrorKind;
}

impl embedded_io_async::Read for Secured<'_> {
    async fn read(&mut self, output: &mut [u8]) -> Result<usize, ErrorKind> {
        if self.answer.is_empty() && !self.is_over {
            pend(usize::MAX).await;
        }
        let count = self.answer.len().min(output.len());
        output[..count].copy_from_slice(&self.answer[..count]);
        self.answer.drain(..count);
        Ok(count)
    }
}

impl embedded_io_async::Write for Secured<'_> {
    async fn write(&mut self, input: &[u8]) -> Result<usize, ErrorKind> {
        self.is_asked = true;
        let asked = &self.world.asked;
        asked.set(asked.get() + usize::from(self.host != LOGIN) * input.len());
        Ok(input.len())
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        if core::mem::take(&mut self.is_asked) {
            self.is_over = self.world.until_close && self.host != LOGIN;
            self.answer = answer(self.host);
            if self.is_over {
                let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
                self.answer = [head, P2P].concat();
            }
        }
        Ok(())
    }
}

impl TcpConnect for Ends {
    type Error = ErrorKind;
    type Connection<'a> = Secured<'a>;

    async fn connect(&self, remote: SocketAddr) -> Result<Secured<'_>, ErrorKind> {
        let host = World::host_of(remote.ip());
        self.connections.set(self.connections.get() + usize::from(host != LOGIN));
        let answer = if self.speaks_first && host != LOGIN { answer(host) } else { Vec::new() };
        Ok(Secured { world: self, host, is_asked: false, answer, is_over: false })
    }
}

impl Dns for Ends {
    type Error = ErrorKind;

    async fn get_host_by_name(&self, host: &str, _: AddrType) -> Result<IpAddr, ErrorKind> {
        Ok(IpAddr::V4(Ipv4Addr::new(10, 0, 0, if host == LOGIN { 1 } else { 2 })))
    }

    async fn get_host_by_address(&self, _: IpAddr, _: &mut [u8]) -> Result<usize, ErrorKind> {
        Err(ErrorKind::Unsupported)
    }
}

/// What two readings of a watch come to, and over how many connections; `is_tls` is whether the links say what TLS says.
fn watched_twice(until_close: bool, has_rest: bool, is_tls: bool) -> ([Option<Told>; 2], usize) {
    let world = Ends { until_close, has_rest, ..Ends::default() };
    let request = request();
    let plan = Plan::watch(query(), Credential::Ask(&request));
    let mut session = Session::<1024, 4096, 256>::new();
    let mut job = session.start(&plan, 1);
    let (mut call, mut buffer) = (Call::new(), [0; 512]);
    let now = Cell::new(0);
    let wait = async |until| {
        pend(5).await;
        now.set(until);
    };
    let secure = async |link, _: Peer<'_>| Ok(link);
    let mut twice =
        |platform: &mut dyn FnMut(&mut Call) -> Option<Told>| [platform(&mut call), platform(&mut call)];
    let told = if is_tls {
        let has_input = |link: &Secured<'_>| link.world.has_rest;
        let mut platform = Nal::over_tls(&world, || now.get(), wait, secure, has_input);
        twice(&mut |call| looks(drive::run_async(&mut job, &mut platform, &mut buffer, call, |_| {}), 1_000))
    } else {
        let mut platform = Nal::new(&world, || now.get(), wait, secure);
        twice(&mut |call| looks(drive::run_async(&mut job, &mut platform, &mut buffer, call, |_| {}), 1_000))
    };
    (told, world.connections.get())
}

#[test]
fn what_tls_says_of_its_end_and_of_what_is_left_is_taken_by_embedded_nal() {
    let calls = [Some(Told::Call); 2];
    assert_eq!(watched_twice(true, false, true), (calls, 2), "content that ends with the connection");
    let (told, _) = watched_twice(true, false, false);
    assert!(!told.contains(&Some(Told::Call)), "an end that nobody vouches for: {told:?}");
    assert_eq!(watched_twice(false, false, true), (calls, 1), "nothing is left: the connection is kept");
    assert_eq!(watched_twice(false, true, true), (calls, 2), "part of a record is left");
    assert_eq!(watched_twice(false, true, false), (calls, 1), "and nobody says so");
}

#[test]
fn a_service_that_answers_before_it_is_asked_is_not_asked() {
    let request = request();
    let policy = Policy { attempts: 2, ..Policy::DEFAULT };
    let plan = Plan::once(query(), Credential::Ask(&request)).policy(policy);
    for speaks_first in [false, true] {
        let world = Ends { speaks_first, ..Ends::default() };
        let mut session = Session::<1024, 4096, 256>::new();
        let mut job = session.start(&plan, 1);
        let now = Cell::new(0);
        let wait = async |until| {
            pend(5).await;
            now.set(until);
        };
        let secure = async |link, _: Peer<'_>| Ok(link);
        let mut platform = Nal::over_tls(&world, || now.get(), wait, secure, |_| false);
        let mut failure = None;
        let show = |step: &Step<'_>| {
            if let Step::Failed(failed) = step {
                failure = Some(failed.kind);
            }
        };
        let (mut call, mut buffer) = (Call::new(), [0; 512]);
        let told = looks(drive::run_async(&mut job, &mut platform, &mut buffer, &mut call, show), 1_000);
        let expected = if speaks_first { Told::Failed } else { Told::Call };
        assert_eq!((told, world.connections.get()), (Some(expected), 1 + usize::from(speaks_first)));
        assert_eq!(failure, speaks_first.then_some(FailureKind::Fault(Fault::NotConnected)));
        assert_eq!(world.asked.get() > 0, !speaks_first);
    }
}
