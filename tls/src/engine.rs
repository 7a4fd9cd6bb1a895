//! Mbed TLS as a machine without I/O: all calls into it but those of setting it up are here.
//!
//! - takes: a name, roots, bytes of the peer
//! - gives: bytes for the peer, and content once the peer has proved who it is
//! - keeps: its structures on the library's heap, where they never move, and the first failure
//! - refuses: every peer that does not prove to be the one with this name, now

use core::ffi::{c_char, c_int, c_uchar, c_void};
use core::marker::PhantomData;
use core::ptr::{self, NonNull, addr_of, addr_of_mut};
use core::slice;

use mbedtls_rs_sys::*;

use crate::pipe::Pipe;
use crate::{Error, Roots, Tls, chain, heap, system};

/// The longest host name (RFC 1035, section 2.3.4).
const NAME_MAX: usize = 253;

/// The bytes that may come with nothing in them for the program: a handshake with a long chain, or one record of the greatest
/// length behind tickets and warnings. The library itself takes those without end, and no deadline is looked at meanwhile.
const IDLE_MAX: usize = 64 * 1024;

/// What a call of the library came to.
pub(crate) enum Progress {
    /// It is done, and this is its count.
    Done(usize),
    /// It goes on when the bytes for the peer are sent.
    Again,
    /// It goes on when there are bytes of the peer.
    Wants,
    /// It has failed, for good.
    Failed(Error),
}

/// A session of the library. It is neither `Send` nor `Sync`: the library has no locks.
pub(crate) struct Engine<'r> {
    parts: NonNull<Parts>,
    failure: Option<Error>,
    /// The bytes that have come since the last content, or since the handshake.
    idle: usize,
    is_closed: bool,
    is_writing: bool,
    roots: PhantomData<&'r Roots<'r>>,
}

/// What the library has pointers to.
struct Parts {
    ssl: mbedtls_ssl_context,
    config: mbedtls_ssl_config,
    pipe: Pipe,
}

impl<'r> Engine<'r> {
    /// A session with the server of this name, before its handshake.
    pub(crate) fn new(tls: Tls, roots: &'r Roots<'_>, name: &str) -> Result<Self, Error> {
        // Only the handle shows that there is a heap and that the library was told where to ask.
        let Tls { .. } = tls;
        if !system::has_time() {
            return Err(Error::NoTime);
        }
        let mut name_c = [0; NAME_MAX + 1];
        if name.is_empty() || name.len() > NAME_MAX || name.contains('\0') {
            return Err(Error::Name);
        }
        for (place, byte) in name_c.iter_mut().zip(name.bytes()) {
            *place = byte;
        }
        heap::take_refusal();
        let parts =
            NonNull::new(heap::calloc(1, size_of::<Parts>()).cast::<Parts>()).ok_or(Error::NoMemory)?;
        let engine =
            Self { parts, failure: None, idle: 0, is_closed: false, is_writing: false, roots: PhantomData };
        // SAFETY: the memory is as large as the parts and all zeros, which is an empty pipe and what `init` begins with.
        unsafe {
            mbedtls_ssl_init(engine.ssl());
            mbedtls_ssl_config_init(engine.config());
        }
        match engine.set_up(roots, name_c.as_ptr().cast()) {
            0 => Ok(engine),
            code => Err(engine.cause(code)),
        }
    }

    /// Tells the library all that it is to check. `name` ends with a NUL.
    fn set_up(&self, roots: &Roots<'_>, name: *const c_char) -> c_int {
        let (ssl, config) = (self.ssl(), self.config());
        // SAFETY: both structures are initialised and do not move; what the configuration points to (roots, functions)
        // lives longer than they, by the lifetime of the engine; the name is copied.
        unsafe {
            let code = mbedtls_ssl_config_defaults(
                config,
                MBEDTLS_SSL_IS_CLIENT as c_int,
                MBEDTLS_SSL_TRANSPORT_STREAM as c_int,
                MBEDTLS_SSL_PRESET_DEFAULT as c_int,
            );
            if code != 0 {
                return code;
            }
            mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED as c_int);
            mbedtls_ssl_conf_ca_chain(config, roots.chain(), ptr::null_mut());
            mbedtls_ssl_conf_verify(config, Some(chain::judge), ptr::null_mut());
            mbedtls_ssl_conf_rng(config, Some(system::random), ptr::null_mut());
            // Every session proves who its peer is: none is resumed.
            mbedtls_ssl_conf_tls13_key_exchange_modes(
                config,
                MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL as c_int,
            );
            mbedtls_ssl_conf_session_tickets(config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED as c_int);
            let code = mbedtls_ssl_setup(ssl, config);
            if code != 0 {
                return code;
            }
            mbedtls_ssl_set_bio(ssl, self.parts.as_ptr().cast(), Some(send), Some(receive), None);
            mbedtls_ssl_set_hostname(ssl, name)
        }
    }

    pub(crate) fn handshake(&mut self) -> Progress {
        // SAFETY: the structure is set up.
        match self.call(|ssl| unsafe { mbedtls_ssl_handshake(ssl) }) {
            // The peer says that there is no more before it has proved anything.
            Progress::Done(_) if self.is_closed => self.fail(Error::Cut),
            Progress::Done(count) => {
                self.idle = 0;
                Progress::Done(count)
            }
            progress => progress,
        }
    }

    /// Content of the peer; 0 is its word that there is no more. `output` is not empty.
    pub(crate) fn read(&mut self, output: &mut [u8]) -> Progress {
        if self.is_closed {
            return Progress::Done(0);
        }
        // SAFETY: as above, and the library writes at most as many bytes as `output` has.
        match self.call(|ssl| unsafe { mbedtls_ssl_read(ssl, output.as_mut_ptr(), output.len()) }) {
            // The library says the same of records without content and of a connection that ends between two records.
            Progress::Done(0) if !self.is_closed && !self.is_used_up() => Progress::Again,
            Progress::Done(0) if !self.is_closed => self.fail(Error::Cut),
            Progress::Done(length) => {
                self.idle = 0;
                Progress::Done(length)
            }
            progress => progress,
        }
    }

    /// Content for the peer. With no bytes it ends a write that was given up, if there is one.
    pub(crate) fn write(&mut self, input: &[u8]) -> Progress {
        // SAFETY: as above, and the library reads at most as many bytes as `input` has.
        let progress = self.call(|ssl| unsafe { mbedtls_ssl_write(ssl, input.as_ptr(), input.len()) });
        self.is_writing = matches!(progress, Progress::Again);
        progress
    }

    /// Whether a record is half written: nothing else may be written before it.
    pub(crate) fn is_writing(&self) -> bool {
        self.is_writing
    }

    /// Tells the peer that there is no more.
    pub(crate) fn close(&mut self) -> Progress {
        // SAFETY: as above.
        self.call(|ssl| unsafe { mbedtls_ssl_close_notify(ssl) })
    }

    /// Whether bytes of the peer are here that were not read: content, or part of a record.
    pub(crate) fn has_input(&self) -> bool {
        // SAFETY: the parts are initialised, and no call of the library is under way.
        unsafe {
            let parts = self.parts.as_ref();
            !parts.pipe.incoming.waiting().is_empty()
                || parts.ssl.private_in_left > 0
                || mbedtls_ssl_get_bytes_avail(self.ssl()) > 0
        }
    }

    /// Whether the peer has closed the connection, and the library has taken all that came on it.
    fn is_used_up(&mut self) -> bool {
        let pipe = self.bytes();
        pipe.is_ended && pipe.incoming.waiting().is_empty()
    }

    /// Says how many bytes of the peer have come; none is its end.
    pub(crate) fn received(&mut self, length: usize) {
        self.idle = self.idle.saturating_add(length);
        let pipe = self.bytes();
        pipe.incoming.put(length);
        pipe.is_ended = length == 0;
    }

    /// The bytes on both sides. The library touches them only while it is called.
    pub(crate) fn bytes(&mut self) -> &mut Pipe {
        // SAFETY: the pipe is initialised, and this borrow keeps all calls of the library away.
        unsafe { &mut *self.pipe() }
    }

    fn call(&mut self, function: impl FnOnce(*mut mbedtls_ssl_context) -> c_int) -> Progress {
        if let Some(error) = self.failure {
            return Progress::Failed(error);
        }
        if self.idle > IDLE_MAX {
            return self.fail(Error::Protocol);
        }
        heap::take_refusal();
        system::take_missing();
        match function(self.ssl()) {
            // Also said of a warning that it passes over, whatever has come behind it.
            MBEDTLS_ERR_SSL_WANT_READ if !self.bytes().incoming.waiting().is_empty() => Progress::Again,
            MBEDTLS_ERR_SSL_WANT_READ => Progress::Wants,
            MBEDTLS_ERR_SSL_WANT_WRITE | MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET => Progress::Again,
            MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY => {
                self.is_closed = true;
                Progress::Done(0)
            }
            code @ 0.. => Progress::Done(code as usize),
            code => self.fail(self.cause(code)),
        }
    }

    fn fail(&mut self, error: Error) -> Progress {
        self.failure = Some(error);
        Progress::Failed(error)
    }

    /// What a negative number of the library means here.
    fn cause(&self, code: c_int) -> Error {
        if heap::take_refusal() {
            return Error::NoMemory;
        }
        if system::take_missing() {
            return Error::NoRandomness;
        }
        // SAFETY: the structure is initialised, and no call of the library is under way.
        let (state, alert, flags) = unsafe {
            let ssl = &self.parts.as_ref().ssl;
            let alert = (code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE).then(|| *ssl.private_in_msg.add(1));
            (ssl.private_state as mbedtls_ssl_states, alert, mbedtls_ssl_get_verify_result(ssl))
        };
        match code {
            MBEDTLS_ERR_SSL_CONN_EOF => Error::Cut,
            MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE => Error::Alert(alert.unwrap_or_default()),
            MBEDTLS_ERR_X509_CERT_VERIFY_FAILED => wrong(flags),
            // A path longer than the library walks.
            MBEDTLS_ERR_X509_FATAL_ERROR => Error::Untrusted,
            MBEDTLS_ERR_SSL_INVALID_MAC | MBEDTLS_ERR_SSL_INVALID_RECORD => Error::Record,
            MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE => Error::Unproved,
            // Also said of a purpose that is not the one.
            MBEDTLS_ERR_SSL_BAD_CERTIFICATE if flags != 0 && flags != u32::MAX => wrong(flags),
            MBEDTLS_ERR_SSL_BAD_CERTIFICATE => Error::Malformed,
            MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE
                if state == mbedtls_ssl_states_MBEDTLS_SSL_CERTIFICATE_VERIFY
                    || state == mbedtls_ssl_states_MBEDTLS_SSL_SERVER_KEY_EXCHANGE =>
            {
                Error::Unproved
            }
            // The last seven bits say more of the same.
            _ => match code.unsigned_abs() & !0x7f {
                0x2080..=0x2980 => Error::Malformed,
                // Signatures and keys: of elliptic curves, of RSA, and of both.
                0x3900..=0x4f80 => Error::Unproved,
                _ => Error::Protocol,
            },
        }
    }

    fn ssl(&self) -> *mut mbedtls_ssl_context {
        // SAFETY: a place within the parts, which live as long as the engine.
        unsafe { addr_of_mut!((*self.parts.as_ptr()).ssl) }
    }

    fn config(&self) -> *mut mbedtls_ssl_config {
        // SAFETY: as above.
        unsafe { addr_of_mut!((*self.parts.as_ptr()).config) }
    }

    fn pipe(&self) -> *mut Pipe {
        // SAFETY: as above.
        unsafe { addr_of_mut!((*self.parts.as_ptr()).pipe) }
    }
}

/// The memory is wiped when it is freed.
impl Drop for Engine<'_> {
    fn drop(&mut self) {
        // SAFETY: the parts are initialised and come from `calloc`; nobody else has them.
        unsafe {
            mbedtls_ssl_free(self.ssl());
            mbedtls_ssl_config_free(self.config());
            heap::free(self.parts.as_ptr().cast());
        }
    }
}

/// The worst of what is wrong with a chain: whom nobody vouches for has no name and no dates.
fn wrong(flags: u32) -> Error {
    let has = |wrong: u32| flags & wrong != 0;
    if has(MBEDTLS_X509_BADCERT_BAD_MD | MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY) {
        Error::Weak
    } else if has(MBEDTLS_X509_BADCERT_NOT_TRUSTED) {
        Error::Untrusted
    } else if has(MBEDTLS_X509_BADCERT_MISSING | MBEDTLS_X509_BADCERT_SKIP_VERIFY) {
        Error::Unproved
    } else if has(MBEDTLS_X509_BADCERT_CN_MISMATCH) {
        Error::Name
    } else if has(MBEDTLS_X509_BADCERT_EXPIRED) {
        Error::Expired
    } else if has(MBEDTLS_X509_BADCERT_FUTURE) {
        Error::NotYetValid
    } else if has(MBEDTLS_X509_BADCERT_KEY_USAGE
        | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE
        | MBEDTLS_X509_BADCERT_NS_CERT_TYPE)
    {
        Error::Purpose
    } else {
        Error::Untrusted
    }
}

/// Takes bytes of the library, for the peer.
///
/// # Safety
/// `parts` are the engine's, and `input` has `length` bytes.
unsafe extern "C" fn send(parts: *mut c_void, input: *const c_uchar, length: usize) -> c_int {
    // SAFETY: the caller's promises; the engine lends the pipe to nobody while the library is called.
    let (pipe, input) = unsafe { (&mut (*parts.cast::<Parts>()).pipe, slice::from_raw_parts(input, length)) };
    match copy(input, pipe.outgoing.room()) {
        0 => MBEDTLS_ERR_SSL_WANT_WRITE,
        length => {
            pipe.outgoing.put(length);
            length as c_int
        }
    }
}

/// Gives bytes of the peer to the library.
///
/// # Safety
/// `parts` are the engine's, and `output` has room for `length` bytes.
unsafe extern "C" fn receive(parts: *mut c_void, output: *mut c_uchar, length: usize) -> c_int {
    let parts = parts.cast::<Parts>();
    // SAFETY: the caller's promise.
    let wrong = unsafe { passed_over(addr_of!((*parts).ssl)) };
    if wrong != 0 {
        return wrong;
    }
    // SAFETY: the caller's promises, as above; the buffer of the library is initialised.
    let (pipe, output) = unsafe { (&mut (*parts).pipe, slice::from_raw_parts_mut(output, length)) };
    match copy(pipe.incoming.waiting(), output) {
        0 if pipe.is_ended => MBEDTLS_ERR_SSL_CONN_EOF,
        0 => MBEDTLS_ERR_SSL_WANT_READ,
        length => {
            pipe.incoming.take(length);
            length as c_int
        }
    }
}

/// The error of a record that the library has passed over and must not, or 0: asked when it wants the next record.
///
/// It goes on behind every alert that is neither fatal nor `close_notify`, and behind every change_cipher_spec of TLS 1.3. But
/// an alert has one of two levels, TLS 1.3 knows no other warning than `user_canceled` (RFC 8446, section 6), and no
/// change_cipher_spec behind the handshake (section 5).
///
/// # Safety
/// The structure is set up, and the library waits for the caller.
unsafe fn passed_over(ssl: *const mbedtls_ssl_context) -> c_int {
    // SAFETY: the caller's promise; of a record of this kind the message has two bytes, which nothing has overwritten before
    // the header of the next record is complete.
    unsafe {
        if (*ssl).private_in_left > 0 {
            return 0;
        }
        let is_open = (*ssl).private_state as mbedtls_ssl_states
            == mbedtls_ssl_states_MBEDTLS_SSL_HANDSHAKE_OVER
            && (*ssl).private_tls_version == mbedtls_ssl_protocol_version_MBEDTLS_SSL_VERSION_TLS1_3;
        match (*ssl).private_in_msgtype as u32 {
            MBEDTLS_SSL_MSG_CHANGE_CIPHER_SPEC if is_open => MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE,
            MBEDTLS_SSL_MSG_ALERT => {
                let message = (*ssl).private_in_msg;
                let (level, description) = (u32::from(*message), u32::from(*message.add(1)));
                let is_known = !is_open || description == MBEDTLS_SSL_ALERT_MSG_USER_CANCELED;
                if level == MBEDTLS_SSL_ALERT_LEVEL_WARNING && is_known {
                    0
                } else {
                    MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE
                }
            }
            _ => 0,
        }
    }
}

fn copy(from: &[u8], to: &mut [u8]) -> usize {
    let length = from.len().min(to.len());
    if let (Some(from), Some(to)) = (from.get(..length), to.get_mut(..length)) {
        to.copy_from_slice(from);
    }
    length
}
