//! What the request is called in the service's logs.

/// The `client-request-id`: a random UUID that the service writes into its own logs.
///
/// ```
/// use graph_call::http::ClientRequestId;
///
/// let id = ClientRequestId::from_random([0xff; 16]);
/// assert_eq!(id.as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ClientRequestId([u8; 36]);

impl ClientRequestId {
    /// A version 4 UUID (RFC 9562) of sixteen random bytes.
    pub fn from_random(mut random: [u8; 16]) -> Self {
        let [_, _, _, _, _, _, version, _, variant, ..] = &mut random;
        *version = *version & 0x0f | 0x40;
        *variant = *variant & 0x3f | 0x80;
        let mut text = [b'-'; 36];
        let digits = random.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
        let places = text.iter_mut().enumerate().filter(|(at, _)| !matches!(at, 8 | 13 | 18 | 23));
        for ((_, place), digit) in places.zip(digits) {
            *place =
                if digit < 10 { b'0'.wrapping_add(digit) } else { b'a'.wrapping_sub(10).wrapping_add(digit) };
        }
        Self(text)
    }

    pub(in crate::http) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text of the UUID.
    pub fn as_str(&self) -> &str {
        // Only hexadecimal digits and hyphens were written.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}
