//! What the library asks of the device: random numbers and the time.
//!
//! - takes: a function for each
//! - gives: them to Mbed TLS, under the names and in the forms that it wants
//! - keeps: whether random numbers were missing
//! - refuses: to guess: without a time no certificate is valid

use core::cell::Cell;
use core::ffi::{c_int, c_uchar, c_void};
use core::slice;

use critical_section::Mutex;
use graph_call::DateTime;
use mbedtls_rs_sys::hook::wall_clock::{MbedtlsWallClock, hook_wall_clock};
use mbedtls_rs_sys::{
    MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED, mbedtls_platform_set_calloc_free, psa_crypto_init, tm,
};

use crate::{Error, heap};

/// Where the device's random numbers and its time come from.
///
/// ```
/// use graph_call_tls::Sources;
///
/// # struct Generator;
/// # impl Generator { fn fill(_: &mut [u8]) -> bool { false } }
/// # struct Clock;
/// # impl Clock { fn unix_seconds() -> Option<u64> { None } }
/// let sources = Sources { random: Generator::fill, unix_seconds: Clock::unix_seconds };
/// assert_eq!((sources.unix_seconds)(), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sources {
    /// Fills the bytes with random numbers that nobody can predict: of a hardware generator, or a DRBG seeded from one.
    /// False says that there are none; there is no handshake then.
    pub random: fn(&mut [u8]) -> bool,
    /// The seconds since the start of 1970, or `None` as long as the clock is not set. A time that somebody on the
    /// network may have forged, as SNTP's, is to be held against the date of the build before it is given here.
    pub unix_seconds: fn() -> Option<u64>,
}

static SOURCES: Mutex<Cell<Option<Sources>>> = Mutex::new(Cell::new(None));
static WAS_MISSING: Mutex<Cell<bool>> = Mutex::new(Cell::new(false));

struct WallClock;

/// Tells the library where to ask.
pub(crate) fn set(sources: Sources) {
    critical_section::with(|token| SOURCES.borrow(token).set(Some(sources)));
    // SAFETY: the clock is a static, and this comes before all use of the library: it is its start.
    unsafe { hook_wall_clock(Some(&WallClock)) };
}

/// Starts the library, which has memory by now.
pub(crate) fn start() -> Result<(), Error> {
    // SAFETY: both functions are told once, and before all use of the library, by the one who has just given the heap.
    let status = unsafe {
        mbedtls_platform_set_calloc_free(Some(heap::calloc), Some(heap::free));
        psa_crypto_init()
    };
    match (status, take_missing()) {
        (0, false) => Ok(()),
        (_, true) => Err(Error::NoRandomness),
        _ => Err(Error::NoMemory),
    }
}

/// Whether it is known what time it is.
pub(crate) fn has_time() -> bool {
    WallClock.instant().is_some()
}

/// Whether random numbers were missing since this was asked last.
pub(crate) fn take_missing() -> bool {
    critical_section::with(|token| WAS_MISSING.borrow(token).take())
}

fn sources() -> Option<Sources> {
    critical_section::with(|token| SOURCES.borrow(token).get())
}

impl MbedtlsWallClock for WallClock {
    fn instant(&self) -> Option<tm> {
        let seconds = (sources()?.unix_seconds)()?;
        let date = DateTime::from_unix(seconds)?;
        // Validity is a matter of these six; nobody looks at the others.
        Some(tm {
            tm_year: c_int::from(date.year) - 1900,
            tm_mon: c_int::from(date.month) - 1,
            tm_mday: c_int::from(date.day),
            tm_hour: c_int::from(date.hour),
            tm_min: c_int::from(date.minute),
            tm_sec: c_int::from(date.second),
            ..tm::default()
        })
    }
}

fn fill(output: &mut [u8]) -> bool {
    let is_filled = sources().is_some_and(|sources| (sources.random)(output));
    if !is_filled {
        critical_section::with(|token| WAS_MISSING.borrow(token).set(true));
    }
    is_filled
}

/// The source of a session's random numbers.
///
/// # Safety
/// `output` is `length` bytes.
pub(crate) unsafe extern "C" fn random(_: *mut c_void, output: *mut c_uchar, length: usize) -> c_int {
    if length == 0 {
        return 0;
    }
    // SAFETY: the caller's promise; the library clears what it hands over.
    let output = unsafe { slice::from_raw_parts_mut(output, length) };
    if fill(output) { 0 } else { MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED }
}

/// The same for what the library does by PSA, which asks for it by this name.
///
/// # Safety
/// `output` is `size` bytes, and `length` has room for a length.
#[unsafe(no_mangle)]
unsafe extern "C" fn mbedtls_psa_external_get_random(
    context: *mut c_void,
    output: *mut c_uchar,
    size: usize,
    length: *mut usize,
) -> i32 {
    /// `PSA_ERROR_INSUFFICIENT_ENTROPY`.
    const NO_ENTROPY: i32 = -148;
    // SAFETY: the caller's promises.
    unsafe {
        if random(context, output, size) != 0 {
            return NO_ENTROPY;
        }
        length.write(size);
    }
    0
}
