//! The plan of a job: what a C program writes down, and what the machine makes of it.
//!
//! The texts stay the caller's. They are looked at, and checked, in each step, so that nothing here holds on to them.

use core::ffi::c_char;

use graph_call::http::{ApiVersion, CallId, Cloud, Host, RequestError, UserAgent};
use graph_call::job::{self, Credential, Query, Repeat, TokenRequest};
use graph_call::{CallState, Enumeration as _, SelectMember};

use crate::memory::{Region, apart, text};
use crate::status::Status;

/// What a job is to do. Begin with all zeros, which stand for nothing and for the defaults, and set what differs.
///
/// Every text ends with a NUL, and stays as it is until the job is over or another one is started.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Plan {
    /// The id of the call; null if only a token is wanted.
    pub id: *const c_char,
    /// The members wanted, by the names of Microsoft's documentation with commas between, such as `id,state`; null for
    /// all. Without `id` nobody can tell an answer about another call.
    pub select: *const c_char,
    /// Not 0 to ask the beta version of the API.
    pub is_beta: u32,
    /// Not 0 if there is or was such a call for sure: then "not found" says that it is gone, also at first.
    pub was_seen: u32,
    /// The cloud: `global`, `usgov-l4`, `usgov-l5` or `china`; null for the global one.
    pub cloud: *const c_char,
    /// Another host than the cloud's, with a port if it is not 443. IT IS SENT THE ACCESS TOKEN.
    pub danger_host: *const c_char,
    /// Another login host than the cloud's. IT IS SENT THE SECRET.
    pub danger_login_host: *const c_char,
    /// What the program calls itself, such as `room-panel/1.0`; null for the library's name.
    pub user_agent: *const c_char,
    /// The directory in which the application signs in, by name or GUID. Null, as `client_id` and what proves who it is:
    /// then the program brings tokens by `graph_call_job_bring`.
    pub tenant: *const c_char,
    /// The id of the application.
    pub client_id: *const c_char,
    /// The secret of the application.
    pub client_secret: *const c_char,
    /// Instead of a secret, an assertion that was signed for the application.
    pub client_assertion: *const c_char,
    /// Milliseconds from one reading to the next, give or take a fifth; 0 for one reading only.
    pub every_ms: u64,
    /// The most milliseconds that a watch lasts; 0 for as long as the call does.
    pub lasts_ms: u64,
    /// The states that end a watch besides `terminated`, with commas between; null for none.
    pub until: *const c_char,
    /// How often and how long.
    pub policy: Policy,
}

/// Makes the numbers for C, and their way into a policy.
macro_rules! policy {
    ($(#[$about:meta])* struct $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty => $target:ident,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy)]
        #[repr(C)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl $name {
            fn policy(&self) -> job::Policy {
                let mut policy = job::Policy::DEFAULT;
                $(if self.$field != 0 {
                    policy.$target = self.$field.try_into().unwrap_or(<$type>::MAX as _);
                })*
                policy
            }
        }
    };
}

policy! {
    /// How often a job tries, and how long it waits for what, in milliseconds. 0 stands for the default.
    struct Policy {
        /// Attempts of one reading, at most 255; 4 by default.
        attempts: u32 => attempts,
        /// The wait before the second attempt, which doubles for each further one; 3,000.
        wait_first_ms: u64 => wait_first,
        /// The shortest wait, whatever the service asks for; 1,000.
        wait_min_ms: u64 => wait_min,
        /// The longest wait: a service that asks for more is not waited for; 180,000.
        wait_max_ms: u64 => wait_max,
        /// The most that chance adds to a wait; 1,000.
        jitter_ms: u64 => jitter,
        /// From a host name to a connection, TLS included; 20,000.
        connect_ms: u64 => connect,
        /// To hand over the request; 15,000.
        send_ms: u64 => send,
        /// From the end of the request to the first byte of the answer; 30,000.
        first_byte_ms: u64 => first_byte,
        /// From the first byte of the answer to the last; 30,000.
        answer_ms: u64 => answer,
        /// To bring a token from outside; 30,000.
        token_ms: u64 => token,
        /// One reading: sign-in, all attempts and the waits between; 100,000.
        reading_ms: u64 => reading,
        /// A token with less than this left is renewed before it is used; 300,000.
        renew_before_ms: u64 => renew_before,
        /// After a renewal that failed, so long until the next; 30,000.
        renew_again_ms: u64 => renew_again,
        /// The life of a token whose answer states none; 3,600,000.
        lifetime_ms: u64 => lifetime,
    }
}

/// The texts of a plan, as far as there are any.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'a> {
    id: Option<&'a [u8]>,
    select: Option<&'a [u8]>,
    cloud: Option<&'a [u8]>,
    danger_host: Option<&'a [u8]>,
    danger_login_host: Option<&'a [u8]>,
    user_agent: Option<&'a [u8]>,
    tenant: Option<&'a [u8]>,
    client_id: Option<&'a [u8]>,
    client_secret: Option<&'a [u8]>,
    client_assertion: Option<&'a [u8]>,
    until: Option<&'a [u8]>,
}

impl Plan {
    pub(crate) const NONE: Self = Self {
        id: core::ptr::null(),
        select: core::ptr::null(),
        is_beta: 0,
        was_seen: 0,
        cloud: core::ptr::null(),
        danger_host: core::ptr::null(),
        danger_login_host: core::ptr::null(),
        user_agent: core::ptr::null(),
        tenant: core::ptr::null(),
        client_id: core::ptr::null(),
        client_secret: core::ptr::null(),
        client_assertion: core::ptr::null(),
        every_ms: 0,
        lasts_ms: 0,
        until: core::ptr::null(),
        policy: Policy {
            attempts: 0,
            wait_first_ms: 0,
            wait_min_ms: 0,
            wait_max_ms: 0,
            jitter_ms: 0,
            connect_ms: 0,
            send_ms: 0,
            first_byte_ms: 0,
            answer_ms: 0,
            token_ms: 0,
            reading_ms: 0,
            renew_before_ms: 0,
            renew_again_ms: 0,
            lifetime_ms: 0,
        },
    };

    /// The texts.
    ///
    /// # Safety
    /// Each is null or ends with a NUL, and nobody writes to it meanwhile.
    pub(crate) unsafe fn texts<'a>(&self) -> Texts<'a> {
        // SAFETY: the caller's promise is passed on.
        let look = |at: *const c_char| unsafe { text(at) };
        Texts {
            id: look(self.id),
            select: look(self.select),
            cloud: look(self.cloud),
            danger_host: look(self.danger_host),
            danger_login_host: look(self.danger_login_host),
            user_agent: look(self.user_agent),
            tenant: look(self.tenant),
            client_id: look(self.client_id),
            client_secret: look(self.client_secret),
            client_assertion: look(self.client_assertion),
            until: look(self.until),
        }
    }

    /// Makes the plan of its texts, and hands it over.
    pub(crate) fn with<R>(
        &self,
        texts: &Texts<'_>,
        then: impl FnOnce(&job::Plan<'_>) -> R,
    ) -> Result<R, Status> {
        let cloud = match words(texts.cloud, Status::WrongHost)? {
            Some(name) => Cloud::from_name(name).ok_or(Status::WrongHost)?,
            None => Cloud::Global,
        };
        let request = texts.request(cloud)?;
        let mut members = [SelectMember::ID; SelectMember::ALL.len()];
        let select = listed(texts.select, &mut members, SelectMember::from_name)?;
        let mut states = [CallState::Unknown; STATES_MAX];
        let until = listed(texts.until, &mut states, state)?;
        let query = match words(texts.id, Status::WrongId)? {
            Some(id) => Some(Query {
                select,
                version: if self.is_beta == 0 { ApiVersion::V1 } else { ApiVersion::Beta },
                cloud,
                danger_host: host(texts.danger_host)?,
                user_agent: texts.user_agent()?,
                was_seen: self.was_seen != 0,
                ..Query::new(CallId::new(id).map_err(|_| Status::WrongId)?)
            }),
            None => None,
        };
        let repeat = match self.every_ms {
            0 => Repeat::Once,
            every => {
                let lasts = if self.lasts_ms == 0 { u64::MAX } else { self.lasts_ms };
                Repeat::Watch { every, until, lasts }
            }
        };
        let credential = request.as_ref().map_or(Credential::Outside, Credential::Ask);
        Ok(then(&job::Plan { query, repeat, credential, policy: self.policy.policy() }))
    }
}

/// The most states that a plan can name.
const STATES_MAX: usize = 12;

impl<'a> Texts<'a> {
    /// Makes sure that none of them lies in memory that is written to.
    pub(crate) fn are_apart_from(&self, written: &[Region]) -> Result<(), Status> {
        let Self { id, select, cloud, danger_host, danger_login_host, user_agent, .. } = self;
        let Self { tenant, client_id, client_secret, client_assertion, until, .. } = self;
        let hosts = [id, select, cloud, danger_host, danger_login_host, user_agent];
        let secrets = [tenant, client_id, client_secret, client_assertion, until];
        for text in hosts.into_iter().chain(secrets).flatten() {
            let text = Region::new(text.as_ptr(), text.len().saturating_add(1));
            for region in written {
                apart(&[text, *region])?;
            }
        }
        Ok(())
    }

    /// The request for a token, if the job makes one of its own.
    fn request(&self, cloud: Cloud) -> Result<Option<TokenRequest<'a>>, Status> {
        let wrong = Status::WrongCredential;
        let proof = (words(self.client_secret, wrong)?, words(self.client_assertion, wrong)?);
        let request = match (words(self.tenant, wrong)?, words(self.client_id, wrong)?, proof) {
            (None, None, (None, None)) => return Ok(None),
            (Some(tenant), Some(id), (Some(secret), None)) => {
                TokenRequest::client_secret(cloud, tenant, id, secret)
            }
            (Some(tenant), Some(id), (None, Some(assertion))) => {
                TokenRequest::client_assertion(cloud, tenant, id, assertion)
            }
            _ => return Err(wrong),
        };
        let request = request.map_err(|_| wrong)?;
        Ok(Some(match host(self.danger_login_host)? {
            Some(host) => request.danger_host(host),
            None => request,
        }))
    }

    fn user_agent(&self) -> Result<UserAgent<'a>, Status> {
        match words(self.user_agent, Status::WrongName)? {
            Some(agent) => UserAgent::new(agent).map_err(|_: RequestError| Status::WrongName),
            None => Ok(UserAgent::DEFAULT),
        }
    }
}

fn words(text: Option<&[u8]>, wrong: Status) -> Result<Option<&str>, Status> {
    text.map(|bytes| core::str::from_utf8(bytes).map_err(|_| wrong)).transpose()
}

fn host(text: Option<&[u8]>) -> Result<Option<Host<'_>>, Status> {
    let wrong = Status::WrongHost;
    words(text, wrong)?.map(|name| Host::new(name).map_err(|_| wrong)).transpose()
}

/// The state of a name that Microsoft writes.
fn state(name: &str) -> Option<CallState> {
    CallState::VARIANTS.names().position(|known| known == name).map(CallState::at)
}

/// What the names of a list stand for, in the places given; a name that is none, or once too often, is refused.
fn listed<'p, T>(
    text: Option<&[u8]>,
    places: &'p mut [T],
    of: impl Fn(&str) -> Option<T>,
) -> Result<&'p [T], Status> {
    let mut used = 0_usize;
    // By bytes: a text that is split has a way to a panic.
    for name in text.into_iter().flat_map(|list| list.split(|&byte| byte == b',')) {
        let place = places.get_mut(used).ok_or(Status::WrongName)?;
        let name = core::str::from_utf8(name.trim_ascii()).map_err(|_| Status::WrongName)?;
        *place = of(name).ok_or(Status::WrongName)?;
        used = used.saturating_add(1);
    }
    Ok(places.get(..used).unwrap_or_default())
}
