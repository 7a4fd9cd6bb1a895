//! A call as JSON, in a buffer of the caller's.

use core::fmt;

use crate::error::Culprit;
use crate::model::Call;

/// The JSON of a call is larger than the buffer for it.
///
/// ```
/// use graph_call::{Call, Culprit};
///
/// let call = Call::parse(br#"{"state":"established"}"#)?;
/// let error = call.write_json(&mut [0; 8]).err().ok_or("written")?;
/// assert_eq!(error.culprit(), Culprit::Capacity);
/// assert_eq!(error.to_string(), "the call as JSON is larger than its buffer of 8 bytes");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WriteError {
    capacity: usize,
}

impl WriteError {
    /// The bytes that there was room for.
    pub const fn capacity(&self) -> usize {
        self.capacity
    }

    /// Who is at fault: always the capacity.
    pub const fn culprit(&self) -> Culprit {
        Culprit::Capacity
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the call as JSON is larger than its buffer of {} bytes", self.capacity)
    }
}

impl core::error::Error for WriteError {}

impl<
    const ID: usize,
    const TEXT: usize,
    const URI: usize,
    const SECRET: usize,
    const WORD: usize,
    const SET: usize,
    const LIST: usize,
    const EXPAND: usize,
> Call<ID, TEXT, URI, SECRET, WORD, SET, LIST, EXPAND>
{
    /// Writes the call as one line of JSON and gives its length.
    ///
    /// Members that are absent are left out. Secrets are written, since this is data: the line is worth as
    /// much as they are. What was cut or omitted when the call was read is missing here too; otherwise the
    /// line reads back as an equal call.
    ///
    /// ```
    /// use graph_call::Call;
    ///
    /// let call = Call::parse(br#"{ "subject": "caf\u00e9", "id": "1", "source": null }"#)?;
    /// let mut buffer = [0; 64];
    /// let used = call.write_json(&mut buffer)?;
    /// let line = &buffer[..used];
    /// assert_eq!(line, r#"{"id":"1","subject":"café"}"#.as_bytes());
    /// assert_eq!(Call::parse(line)?, call);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The JSON is larger than `output`, which then holds the first part of it.
    pub fn write_json(&self, output: &mut [u8]) -> Result<usize, WriteError> {
        let capacity = output.len();
        // There is no other error: the model never makes one of its own.
        serde_json_core::to_slice(self, output).map_err(|_| WriteError { capacity })
    }
}
