//! What the connections of one service share: settings, orders, access tokens, counts.

use super::answer::random;
use super::fault::{Fault, UnknownFault, WireFault};
use super::received::Received;
use super::settings::{Settings, TENANT};
use crate::clock::unix_seconds;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;
use std::collections::{HashMap, HashSet, VecDeque};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The field line by which one request orders its own fault.
const FAULT_FIELD: &str = "x-graph-call-fault";
/// How many requests are remembered.
const RECEIVED_MAX: usize = 256;
/// How many access tokens and names are remembered; beyond it, the memory begins anew.
const REMEMBERED_MAX: usize = 10_000;

/// What a service has served so far.
///
/// ```
/// use graph_call_std::service::Service;
///
/// let service = Service::start()?;
/// let before = service.counters();
/// assert_eq!((before.connections, before.requests), (0, 0));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Connections accepted.
    pub connections: u64,
    /// Connections open now.
    pub open: u64,
    /// TLS handshakes completed.
    pub handshakes: u64,
    /// Requests received, of calls and of access tokens.
    pub requests: u64,
    /// Requests that carried an access token.
    pub with_access_token: u64,
    /// Access tokens issued by the token endpoint.
    pub issued: u64,
    /// Bytes read from TCP.
    pub bytes_read: u64,
    /// Bytes written to TCP.
    pub bytes_written: u64,
}

/// The counters while they count.
#[derive(Default)]
pub(super) struct Count {
    pub(super) connections: AtomicU64,
    pub(super) handshakes: AtomicU64,
    pub(super) requests: AtomicU64,
    pub(super) with_access_token: AtomicU64,
    pub(super) issued: AtomicU64,
    pub(super) bytes_read: AtomicU64,
    pub(super) bytes_written: AtomicU64,
}

#[derive(Default)]
struct Orders {
    of_calls: VecDeque<Fault>,
    of_login: VecDeque<Fault>,
    of_wire: VecDeque<WireFault>,
}

pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) stop: Stop,
    pub(super) count: Count,
    /// How often each call that changes was read.
    changing: Mutex<HashMap<String, usize>>,
    orders: Mutex<Orders>,
    access_tokens: Mutex<HashMap<String, Instant>>,
    faulted_once: Mutex<HashSet<String>>,
    received: Mutex<VecDeque<Received>>,
    open: Mutex<HashMap<u64, Arc<TcpStream>>>,
    closed: Condvar,
}

impl Shared {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            stop: Stop::default(),
            count: Count::default(),
            changing: Mutex::default(),
            orders: Mutex::default(),
            access_tokens: Mutex::default(),
            faulted_once: Mutex::default(),
            received: Mutex::default(),
            open: Mutex::default(),
            closed: Condvar::new(),
        }
    }

    pub(super) fn order(&self, fault: Fault) {
        lock(&self.orders).of_calls.push_back(fault);
    }

    pub(super) fn order_login(&self, fault: Fault) {
        lock(&self.orders).of_login.push_back(fault);
    }

    pub(super) fn order_wire(&self, fault: WireFault) {
        lock(&self.orders).of_wire.push_back(fault);
    }

    pub(super) fn clear_orders(&self) {
        *lock(&self.orders) = Orders::default();
    }

    pub(super) fn next_fault(&self) -> Option<Fault> {
        lock(&self.orders).of_calls.pop_front()
    }

    pub(super) fn next_login_fault(&self) -> Option<Fault> {
        lock(&self.orders).of_login.pop_front()
    }

    pub(super) fn next_wire_fault(&self) -> Option<WireFault> {
        lock(&self.orders).of_wire.pop_front()
    }

    /// The fault that a request orders: by its field line, or by the id that it names.
    ///
    /// # Errors
    /// When the name ordered is no fault's.
    pub(super) fn ordered_by(&self, received: &Received, id: &str) -> Result<Option<Fault>, UnknownFault> {
        if let Some(name) = received.field(FAULT_FIELD).or_else(|| id.strip_prefix("fault.")) {
            return name.parse().map(Some);
        }
        let Some(name) = id.strip_prefix("once.") else { return Ok(None) };
        let fault = name.parse()?;
        Ok(self.is_due(&format!("{} {name}", received.path())).then_some(fault))
    }

    /// What a call that changes has come to, by how often it was read; after the last change it begins anew.
    pub(super) fn next_change<T>(&self, id: &str, change: impl Fn(usize) -> Option<T>) -> Option<T> {
        let mut calls = lock(&self.changing);
        if calls.len() >= REMEMBERED_MAX {
            calls.clear();
        }
        let reads = calls.entry(id.to_owned()).or_default();
        let now = change(*reads);
        *reads = if now.is_some() { *reads + 1 } else { 0 };
        now
    }

    /// Whether a fault is due: every other time.
    fn is_due(&self, name: &str) -> bool {
        let mut names = lock(&self.faulted_once);
        if names.len() >= REMEMBERED_MAX {
            names.clear();
        }
        !names.remove(name) && names.insert(name.to_owned())
    }

    /// A token of an application, as the login service writes them: its claims can be read, its signature is random.
    pub(super) fn issue_access_token(&self) -> String {
        let encode = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
        let header = encode(json!({ "typ": "JWT", "alg": "none" }).to_string());
        let now = unix_seconds();
        let claims = json!({
            "aud": "https://graph.microsoft.com",
            "tid": TENANT,
            "appid": self.settings.client_id,
            "roles": ["Calls.Initiate.All"],
            "nbf": now,
            "exp": now + u64::from(self.settings.expires_in),
        });
        let claims = encode(claims.to_string());
        let signature = BASE64_URL_SAFE_NO_PAD.encode(random::<32>());
        let access_token = [header, claims, signature].join(".");
        let until = Instant::now() + Duration::from_secs(self.settings.expires_in.into());
        let mut access_tokens = lock(&self.access_tokens);
        if access_tokens.len() >= REMEMBERED_MAX {
            access_tokens.clear();
        }
        access_tokens.insert(access_token.clone(), until);
        access_token
    }

    pub(super) fn revoke_access_tokens(&self) {
        lock(&self.access_tokens).clear();
    }

    pub(super) fn is_valid(&self, access_token: &str) -> bool {
        self.settings.fixed_access_token.as_deref() == Some(access_token)
            || lock(&self.access_tokens).get(access_token).is_some_and(|until| Instant::now() < *until)
    }

    pub(super) fn remember(&self, received: &Received) {
        self.count.requests.fetch_add(1, Relaxed);
        if received.access_token().is_some() {
            self.count.with_access_token.fetch_add(1, Relaxed);
        }
        let mut latest = lock(&self.received);
        if latest.len() == RECEIVED_MAX {
            latest.pop_front();
        }
        latest.push_back(received.clone());
    }

    pub(super) fn received(&self) -> Vec<Received> {
        lock(&self.received).iter().cloned().collect()
    }

    pub(super) fn counters(&self) -> Counters {
        Counters {
            connections: self.count.connections.load(Relaxed),
            open: lock(&self.open).len() as u64,
            handshakes: self.count.handshakes.load(Relaxed),
            requests: self.count.requests.load(Relaxed),
            with_access_token: self.count.with_access_token.load(Relaxed),
            issued: self.count.issued.load(Relaxed),
            bytes_read: self.count.bytes_read.load(Relaxed),
            bytes_written: self.count.bytes_written.load(Relaxed),
        }
    }

    /// Notes a connection as open, so that a stop can close it; `None` when there are too many.
    pub(super) fn open(self: &Arc<Self>, socket: &Arc<TcpStream>, max: usize) -> Option<Open> {
        let number = self.count.connections.fetch_add(1, Relaxed);
        let mut open = lock(&self.open);
        if open.len() >= max || self.stop.is_set() {
            return None;
        }
        open.insert(number, Arc::clone(socket));
        Some(Open { shared: Arc::clone(self), number })
    }

    /// Closes every connection and waits, at most two seconds, until their threads have seen it.
    pub(super) fn close_connections(&self) {
        let open = lock(&self.open);
        for socket in open.values() {
            // One that the client has closed already is as good as closed.
            let _ = socket.shutdown(Shutdown::Both);
        }
        let waited = self.closed.wait_timeout_while(open, Duration::from_secs(2), |open| !open.is_empty());
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

/// An open connection; dropping it says that its thread has ended.
pub(super) struct Open {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Open {
    fn drop(&mut self) {
        lock(&self.shared.open).remove(&self.number);
        self.shared.closed.notify_all();
    }
}

/// Set once; every wait ends then.
#[derive(Default)]
pub(super) struct Stop {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    pub(super) fn set(&self) {
        *lock(&self.is_set) = true;
        self.changed.notify_all();
    }

    pub(super) fn is_set(&self) -> bool {
        *lock(&self.is_set)
    }

    /// Waits so long or until the stop; says whether it stopped.
    pub(super) fn wait(&self, duration: Duration) -> bool {
        let waited = self.changed.wait_timeout_while(lock(&self.is_set), duration, |is_set| !*is_set);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Locks; a thread that panicked while it held the lock left data that is still whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
