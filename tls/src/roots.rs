//! The authorities that the program trusts.

use core::ffi::c_void;
use core::marker::PhantomData;
use core::ptr::NonNull;

use mbedtls_rs_sys::{
    mbedtls_x509_crt, mbedtls_x509_crt_free, mbedtls_x509_crt_init, mbedtls_x509_crt_parse_der_nocopy,
};

use crate::{Error, Tls, heap};

/// The authorities that the program trusts, and no others: their certificates in DER, one after the other.
///
/// `roots.py` makes such a file of a file in PEM, for `include_bytes!`; a device may also read it from where it was
/// provisioned. The certificates stay where they are. What is kept of one takes 700 to 1,300 bytes of the
/// heap.
///
/// ```
/// use graph_call_tls::{Error, Roots, Tls};
///
/// fn roots(tls: Tls, der: &'static [u8]) -> Result<Roots<'static>, Error> {
///     Roots::new(tls, der)
/// }
/// ```
#[derive(Debug)]
pub struct Roots<'d> {
    chain: NonNull<mbedtls_x509_crt>,
    der: PhantomData<&'d [u8]>,
}

impl<'d> Roots<'d> {
    /// Reads certificates in DER, one after the other.
    ///
    /// # Errors
    /// [`Error::Root`] if one cannot be read or there is none, [`Error::NoMemory`].
    pub fn new(tls: Tls, der: &'d [u8]) -> Result<Self, Error> {
        // Only the handle shows that there is a heap.
        let Tls { .. } = tls;
        heap::take_refusal();
        let chain = heap::calloc(1, size_of::<mbedtls_x509_crt>()).cast();
        let roots = Self { chain: NonNull::new(chain).ok_or(Error::NoMemory)?, der: PhantomData };
        // SAFETY: the memory is as large as the structure, and this makes it one.
        unsafe { mbedtls_x509_crt_init(roots.chain.as_ptr()) };
        let mut rest = der;
        while !rest.is_empty() {
            let (certificate, after) = first(rest).ok_or(Error::Root)?;
            // SAFETY: the chain is one, and the bytes live as long as it, which has their lifetime.
            let code = unsafe {
                mbedtls_x509_crt_parse_der_nocopy(
                    roots.chain.as_ptr(),
                    certificate.as_ptr(),
                    certificate.len(),
                )
            };
            if code != 0 {
                return Err(if heap::take_refusal() { Error::NoMemory } else { Error::Root });
            }
            rest = after;
        }
        if der.is_empty() { Err(Error::Root) } else { Ok(roots) }
    }

    /// For the library, which reads it only.
    pub(crate) fn chain(&self) -> *mut mbedtls_x509_crt {
        self.chain.as_ptr()
    }
}

impl Drop for Roots<'_> {
    fn drop(&mut self) {
        // SAFETY: the chain was made by `new`, and every session that reads it has borrowed this.
        unsafe {
            mbedtls_x509_crt_free(self.chain.as_ptr());
            heap::free(self.chain.as_ptr().cast::<c_void>());
        }
    }
}

/// The first of the certificates, and what follows: `SEQUENCE`, with a length of one byte or of two or three in DER.
fn first(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, length) = match *der {
        [0x30, length @ ..=0x7f, ..] => (2, usize::from(length)),
        [0x30, 0x81, length, ..] => (3, usize::from(length)),
        [0x30, 0x82, high, low, ..] => (4, usize::from(u16::from_be_bytes([high, low]))),
        _ => return None,
    };
    der.split_at_checked(head + length)
}
