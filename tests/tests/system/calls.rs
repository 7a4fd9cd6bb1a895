//! The system's functions, in the place of those of the C library: each does its work by that one, unless it is the one
//! that has to fail.
//!
//! A test arms a thread; calls of other threads, such as those of the service, are nobody's concern. Names are answered on a
//! thread of the client's own, so what they lead to goes by the name.
#![allow(unsafe_code)] // the C library is no safe one

use core::cell::Cell;
use core::ffi::{CStr, c_char, c_int, c_long, c_void};
use libc::{addrinfo, clockid_t, pthread_attr_t, pthread_t, size_t, sockaddr, socklen_t, ssize_t, timespec};
use std::ffi::CString;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// The call fails with this number of `errno`.
    Errno(c_int),
    /// Of what is sent or received, one byte is.
    Short,
    /// The connection has ended.
    End,
    /// The clock goes on by so many seconds, back too.
    Jump(i64),
}

/// The kinds of call: each is a function of the C library, or two that are alike.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Call {
    Socket,
    Connect,
    /// `setsockopt` and `getsockopt`.
    Option,
    Send,
    Receive,
    Thread,
    Random,
    Time,
}

/// The n-th of these calls has this fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) calls: &'static [Call],
    pub(crate) at: usize,
    pub(crate) fault: Fault,
}

thread_local! {
    static PLAN: Cell<Option<Plan>> = const { Cell::new(None) };
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static OFFSET: Cell<i64> = const { Cell::new(0) };
}

/// Does something on this thread under a plan; tells whether the fault came.
pub(crate) fn under<T>(plan: Plan, work: impl FnOnce() -> T) -> (T, bool) {
    COUNT.set(0);
    PLAN.set(Some(plan));
    let done = work();
    PLAN.set(None);
    (done, COUNT.get() > plan.at)
}

/// The clock is right again: for whoever has not seen it before.
pub(crate) fn set_clock_right() {
    OFFSET.set(0);
}

/// The fault of this call, if it has one.
fn fault(call: Call) -> Option<Fault> {
    let plan = PLAN.get().filter(|plan| plan.calls.contains(&call))?;
    let count = COUNT.get();
    COUNT.set(count + 1);
    (count == plan.at).then_some(plan.fault)
}

fn fails(errno: c_int) {
    // SAFETY: the place of errno is this thread's own.
    unsafe { *libc::__errno_location() = errno };
}

/// The C library's own function of this name and signature, for code that is unsafe anyway.
macro_rules! next {
    ($name:literal as $signature:ty) => {{
        static PLACE: AtomicUsize = AtomicUsize::new(0);
        if PLACE.load(SeqCst) == 0 {
            PLACE.store(libc::dlsym(libc::RTLD_NEXT, $name.as_ptr()) as usize, SeqCst);
        }
        core::mem::transmute::<*mut c_void, $signature>(PLACE.load(SeqCst) as *mut c_void)
    }};
}

/// A function that fails by returning -1 with errno.
macro_rules! function {
    ($name:ident $text:literal $call:ident ($($argument:ident: $type:ty),*) -> $output:ty) => {
        // SAFETY: it has the signature of the C library's, and keeps its promises.
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($argument: $type),*) -> $output {
            if let Some(Fault::Errno(errno)) = fault(Call::$call) {
                fails(errno);
                return -1;
            }
            // SAFETY: the caller's promises are passed on.
            unsafe { next!($text as unsafe extern "C" fn($($type),*) -> $output)($($argument),*) }
        }
    };
}

function! { socket c"socket" Socket (domain: c_int, kind: c_int, protocol: c_int) -> c_int }
function! { connect c"connect" Connect (socket: c_int, address: *const sockaddr, length: socklen_t) -> c_int }
function! { setsockopt c"setsockopt" Option
(socket: c_int, level: c_int, name: c_int, value: *const c_void, length: socklen_t) -> c_int }
function! { getsockopt c"getsockopt" Option
(socket: c_int, level: c_int, name: c_int, value: *mut c_void, length: *mut socklen_t) -> c_int }

// SAFETY: it has the signature of the C library's, and keeps its promises.
#[unsafe(no_mangle)]
unsafe extern "C" fn send(socket: c_int, bytes: *const c_void, length: size_t, flags: c_int) -> ssize_t {
    let length = match fault(Call::Send) {
        Some(Fault::Errno(errno)) => {
            fails(errno);
            return -1;
        }
        Some(Fault::Short) => length.min(1),
        _ => length,
    };
    // SAFETY: the caller's promises are passed on; the length is not larger than it was.
    unsafe {
        next!(c"send" as unsafe extern "C" fn(c_int, *const c_void, size_t, c_int) -> ssize_t)(
            socket, bytes, length, flags,
        )
    }
}

// SAFETY: it has the signature of the C library's, and keeps its promises.
#[unsafe(no_mangle)]
unsafe extern "C" fn recv(socket: c_int, bytes: *mut c_void, length: size_t, flags: c_int) -> ssize_t {
    let length = match fault(Call::Receive) {
        Some(Fault::Errno(errno)) => {
            fails(errno);
            return -1;
        }
        Some(Fault::End) => return 0,
        Some(Fault::Short) => length.min(1),
        _ => length,
    };
    // SAFETY: the caller's promises are passed on; the length is not larger than it was.
    unsafe {
        next!(c"recv" as unsafe extern "C" fn(c_int, *mut c_void, size_t, c_int) -> ssize_t)(
            socket, bytes, length, flags,
        )
    }
}

// SAFETY: it has the signature of the C library's, and keeps its promises.
#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_create(
    thread: *mut pthread_t,
    attributes: *const pthread_attr_t,
    start: extern "C" fn(*mut c_void) -> *mut c_void,
    argument: *mut c_void,
) -> c_int {
    if let Some(Fault::Errno(errno)) = fault(Call::Thread) {
        return errno;
    }
    type Signature = unsafe extern "C" fn(
        *mut pthread_t,
        *const pthread_attr_t,
        extern "C" fn(*mut c_void) -> *mut c_void,
        *mut c_void,
    ) -> c_int;
    // SAFETY: the caller's promises are passed on.
    unsafe { next!(c"pthread_create" as Signature)(thread, attributes, start, argument) }
}

// SAFETY: it has the signature of the C library's, and keeps its promises.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int {
    if let Some(Fault::Jump(seconds)) = fault(Call::Time) {
        OFFSET.set(seconds);
    }
    // SAFETY: the caller's promises are passed on.
    let result = unsafe {
        next!(c"clock_gettime" as unsafe extern "C" fn(clockid_t, *mut timespec) -> c_int)(clock, time)
    };
    if result == 0 {
        // SAFETY: the call has just written there.
        unsafe { (*time).tv_sec += OFFSET.get() };
    }
    result
}

/// The names of which the system answers for this test; all others are the system's.
pub(crate) mod names {
    /// There is no such name.
    pub(crate) const UNKNOWN: &str = "unknown.test";
    /// The name server does not answer.
    pub(crate) const AGAIN: &str = "again.test";
    /// There is the name, and it has no address.
    pub(crate) const EMPTY: &str = "empty.test";
    /// The right address, but late.
    pub(crate) const LATE: &str = "late.test";
    /// Another address every time: first one where nobody listens.
    pub(crate) const CHANGING: &str = "changing.test";
    /// Only an address of the other family, where nobody listens.
    pub(crate) const OTHER_FAMILY: &str = "other-family.test";

    /// A name that takes so many hundredths of a second, and has this number for the end of its address.
    pub(crate) fn slow(number: u8) -> String {
        format!("slow-{number}.test")
    }

    /// The number of such a name.
    pub(super) fn number(name: &str) -> Option<u8> {
        name.strip_prefix("slow-")?.strip_suffix(".test")?.parse().ok()
    }
}

/// How late [`names::LATE`] is.
pub(crate) const LATENESS: Duration = Duration::from_millis(300);

// SAFETY: it has the signature of the C library's, and keeps its promises.
#[unsafe(no_mangle)]
unsafe extern "C" fn getaddrinfo(
    name: *const c_char,
    service: *const c_char,
    hints: *const addrinfo,
    result: *mut *mut addrinfo,
) -> c_int {
    static CHANGES: AtomicUsize = AtomicUsize::new(0);
    // SAFETY: a name that is given ends with a zero.
    let asked = if name.is_null() { c"" } else { unsafe { CStr::from_ptr(name) } };
    let asked = asked.to_str().unwrap_or_default();
    let own;
    let address = match asked {
        _ if let Some(number) = names::number(asked) => {
            std::thread::sleep(Duration::from_millis(10) * u32::from(number));
            own = CString::new(format!("127.0.0.{number}")).unwrap_or_default();
            own.as_ptr()
        }
        names::UNKNOWN => return libc::EAI_NONAME,
        names::AGAIN => return libc::EAI_AGAIN,
        names::EMPTY => {
            // SAFETY: the caller has a place there.
            unsafe { *result = core::ptr::null_mut() };
            return 0;
        }
        names::LATE => {
            std::thread::sleep(LATENESS);
            c"127.0.0.1".as_ptr()
        }
        names::CHANGING if CHANGES.fetch_add(1, SeqCst).is_multiple_of(2) => c"127.0.0.77".as_ptr(),
        names::CHANGING => c"127.0.0.1".as_ptr(),
        names::OTHER_FAMILY => c"::1".as_ptr(),
        _ => name,
    };
    type Signature =
        unsafe extern "C" fn(*const c_char, *const c_char, *const addrinfo, *mut *mut addrinfo) -> c_int;
    // SAFETY: the caller's promises are passed on; the address ends with a zero.
    unsafe { next!(c"getaddrinfo" as Signature)(address, service, hints, result) }
}

/// The number of the system's own function for random numbers.
const GETRANDOM: c_long = libc::SYS_getrandom;

// SAFETY: on this machine a function of variable arguments takes them as one of seven does.
#[unsafe(no_mangle)]
unsafe extern "C" fn syscall(
    number: c_long,
    a: usize,
    b: usize,
    c: usize,
    d: usize,
    e: usize,
    f: usize,
) -> c_long {
    if number == GETRANDOM
        && let Some(Fault::Errno(errno)) = fault(Call::Random)
    {
        fails(errno);
        return -1;
    }
    type Signature = unsafe extern "C" fn(c_long, usize, usize, usize, usize, usize, usize) -> c_long;
    // SAFETY: the caller's promises are passed on.
    unsafe { next!(c"syscall" as Signature)(number, a, b, c, d, e, f) }
}
