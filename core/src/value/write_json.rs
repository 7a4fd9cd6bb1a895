//! A record as JSON, in a buffer of the caller's.

use core::fmt;

use serde::Serialize;

use crate::error::Culprit;
use crate::record::Members;

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

/// Writes a record as one line of JSON and gives its length; [`Call::write_json`](crate::Call::write_json) says how.
///
/// ```
/// graph_call::record! {
///     /// How full a battery is.
///     pub struct Battery<> = "battery" {
///         /// In percent.
///         "charge" => charge: graph_call::Scalar<i32>,
///     }
/// }
///
/// let mut battery = Battery::empty();
/// let mut parser = graph_call::Parser::new();
/// parser.feed(&mut battery, br#"{ "charge": 80 }"#)?;
/// parser.finish(&mut battery)?;
/// let mut buffer = [0; 32];
/// let used = graph_call::value::write_json(&battery, &mut buffer)?;
/// assert_eq!(&buffer[..used], br#"{"charge":80}"#);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// The JSON is larger than `output`, which then holds the first part of it.
pub fn write_json(record: &(impl Members + Serialize), output: &mut [u8]) -> Result<usize, WriteError> {
    let capacity = output.len();
    // The model makes no error of its own, so the buffer was too small.
    serde_json_core::to_slice(record, output).map_err(|_| WriteError { capacity })
}
