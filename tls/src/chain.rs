//! What is asked of a certificate besides what Mbed TLS asks by itself.
//!
//! - takes: each certificate of a chain, from the root to the leaf, and what is wrong with it so far
//! - gives: what else is wrong
//! - refuses: a leaf whose only name is its common name (RFC 9525, section 2); an authority that may not issue for
//!   servers; name constraints that nobody here checks (RFC 5280, section 4.2.1.10)

use core::ffi::{c_int, c_void};
use core::slice;

use mbedtls_rs_sys::{
    MBEDTLS_OID_SERVER_AUTH, MBEDTLS_OID_X509_EXT_SUBJECT_ALT_NAME, MBEDTLS_X509_BADCERT_CN_MISMATCH,
    MBEDTLS_X509_BADCERT_EXT_KEY_USAGE, MBEDTLS_X509_BADCERT_NOT_TRUSTED, mbedtls_x509_crt,
    mbedtls_x509_crt_check_extended_key_usage,
};

/// The object identifier of name constraints, 2.5.29.30, in DER.
const NAME_CONSTRAINTS: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x1e];

/// Adds what is wrong with one certificate to `flags`.
///
/// # Safety
/// `certificate` is one that the library has read; `flags` may be read and written.
pub(crate) unsafe extern "C" fn judge(
    _: *mut c_void,
    certificate: *mut mbedtls_x509_crt,
    depth: c_int,
    flags: *mut u32,
) -> c_int {
    // SAFETY: the caller's promise; nobody changes it meanwhile.
    let certificate = unsafe { &*certificate };
    let mut wrong = 0;
    if depth == 0 {
        if certificate.private_ext_types as u32 & MBEDTLS_OID_X509_EXT_SUBJECT_ALT_NAME == 0 {
            wrong |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
        }
    } else {
        // The library checks the purpose of the leaf only.
        let purpose = &MBEDTLS_OID_SERVER_AUTH[..MBEDTLS_OID_SERVER_AUTH.len() - 1];
        // SAFETY: the certificate is one, and the purpose as long as is said.
        let is_for_servers = unsafe {
            mbedtls_x509_crt_check_extended_key_usage(certificate, purpose.as_ptr().cast(), purpose.len())
        };
        if is_for_servers != 0 {
            wrong |= MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
        }
        let extensions = &certificate.v3_ext;
        if !extensions.p.is_null() {
            // SAFETY: the extensions of a certificate that was read are these bytes of it.
            let extensions = unsafe { slice::from_raw_parts(extensions.p, extensions.len) };
            // Where they are critical, as they must be, the certificate is refused when it is read.
            if extensions.windows(NAME_CONSTRAINTS.len()).any(|bytes| bytes == NAME_CONSTRAINTS) {
                wrong |= MBEDTLS_X509_BADCERT_NOT_TRUSTED;
            }
        }
    }
    // SAFETY: the caller's promise.
    unsafe { *flags |= wrong };
    0
}
