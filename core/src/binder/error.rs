//! What is wrong, who is at fault, and where.

use core::fmt;

use crate::error::Culprit;
use crate::json::Fault;
use crate::record::{Path, Place};

/// Why a body could not be read as a call.
///
/// ```
/// use graph_call::{Call, Culprit, ErrorKind};
///
/// let error = Call::parse(br#"{"source":{"identity":[]}}"#).err().ok_or("accepted")?;
/// assert_eq!(error.culprit(), Culprit::Peer);
/// assert_eq!(error.offset(), 22);
/// assert_eq!(error.to_string(), "source.identity: expected an object (byte 22)");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Error {
    kind: ErrorKind,
    offset: usize,
    path: Path,
}

/// What is wrong with a body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ErrorKind {
    /// It is not JSON, or ends too early.
    Json(Fault),
    /// A member has a value of another type than Microsoft publishes.
    WrongType {
        /// The published type.
        expected: Expected,
    },
    /// An object has the same member twice (RFC 7493 section 2.3).
    RepeatedMember,
    /// A number is no integer, or not of so many bits.
    InvalidInteger {
        /// The bits of the published type.
        bits: u8,
    },
    /// A text is no date and time.
    InvalidDateTime,
    /// The body is JSON, and says itself that it is something else.
    OtherBody(Body),
    /// A value is larger than its place.
    Overflow {
        /// The bytes of a text, or the elements of a list, that there is room for.
        capacity: u32,
        /// The bytes that the text has, or the number of elements met so far.
        need: u32,
    },
    /// The parser was used again after an error.
    AfterError,
}

/// What a body is instead of what was asked for.
///
/// ```
/// use graph_call::{Body, Call, ErrorKind};
///
/// for (text, body) in [
///     (r#"{"error":{"code":"8522","message":"Call not found."}}"#, Body::Error),
///     (r#"{"value":[{"id":"2f1a1100"}]}"#, Body::Value),
///     (r##"{"@odata.type":"#microsoft.graph.user","id":"2f1a1100"}"##, Body::OtherType),
/// ] {
///     let error = Call::parse(text.as_bytes()).err().ok_or("accepted")?;
///     assert_eq!(error.kind(), ErrorKind::OtherBody(body));
/// }
/// // Part of a call is one: whatever `$select` leaves of it.
/// Call::parse(br#"{"subject":null}"#)?;
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Body {
    /// An error of the service: it has a member `error`, and none that is known.
    Error,
    /// A list, or an object around another: it has a member `value`, and none that is known.
    Value,
    /// A resource of another type, by its `@odata.type`.
    OtherType,
}

/// The type that a member has in Microsoft's metadata.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Expected {
    /// A JSON object.
    Object,
    /// A JSON array.
    Array,
    /// A JSON string.
    String,
    /// `true` or `false`.
    Boolean,
    /// A JSON number without fraction or exponent, or a string that holds one.
    Integer,
    /// A JSON string that is a date and time.
    DateTime,
    /// A JSON number, or one of the strings `"NaN"`, `"INF"` and `"-INF"`.
    Number,
}

impl Error {
    pub(crate) const fn new(kind: ErrorKind, offset: usize, path: Path) -> Self {
        Self { kind, offset, path }
    }

    /// What is wrong.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where, in bytes from the start of the body: the offending byte, or the start of the offending value.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The member that is wrong, or the innermost known one around the place.
    pub const fn path(&self) -> &Path {
        &self.path
    }

    /// Who is at fault.
    pub const fn culprit(&self) -> Culprit {
        match self.kind {
            ErrorKind::Overflow { .. } | ErrorKind::Json(Fault::TooDeep) => Culprit::Capacity,
            ErrorKind::AfterError => Culprit::Caller,
            _ => Culprit::Peer,
        }
    }

    /// Whether the body only ended too early.
    pub const fn is_truncated(&self) -> bool {
        matches!(self.kind, ErrorKind::Json(Fault::Truncated))
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(fault) => f.write_str(fault.clause()),
            Self::WrongType { expected } => f.write_str(match expected {
                Expected::Object => "expected an object",
                Expected::Array => "expected an array",
                Expected::String => "expected a string",
                Expected::Boolean => "expected true or false",
                Expected::Integer => "expected an integer",
                Expected::DateTime => "expected a date and time in a string",
                Expected::Number => "expected a number",
            }),
            Self::RepeatedMember => f.write_str("the member stands twice in its object"),
            Self::InvalidInteger { bits } => write!(f, "expected an integer of {bits} bits"),
            Self::InvalidDateTime => f.write_str("the text is no date and time"),
            Self::Overflow { capacity, need } => {
                write!(f, "too large for its place: needs {need}, capacity {capacity}")
            }
            Self::OtherBody(Body::Error) => f.write_str("the body is an error of the service"),
            Self::OtherBody(Body::Value) => {
                f.write_str("the body is a list, or has what was asked for in its member value")
            }
            Self::OtherBody(Body::OtherType) => {
                f.write_str("the body is of another type, by its @odata.type")
            }
            Self::AfterError => f.write_str("the parser had failed before; start a new one"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_root() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{} (byte {})", self.kind, self.offset)
    }
}

impl core::error::Error for Error {}

/// A value is larger than its place.
#[cold]
pub(crate) const fn overflow(capacity: usize, need: u32) -> ErrorKind {
    ErrorKind::Overflow { capacity: capacity as u32, need }
}

/// A value has another type than its place takes.
#[cold]
pub(crate) fn wrong_type(place: &Place<'_>) -> ErrorKind {
    let expected = match place {
        Place::Text(_) | Place::Id(_) | Place::Link(_) | Place::Type(_) | Place::Variant(..) => {
            Expected::String
        }
        Place::Bool(_) => Expected::Boolean,
        Place::Int32(_) | Place::Int64(_) | Place::Total(_) => Expected::Integer,
        Place::DateTime(_) => Expected::DateTime,
        Place::Double(_) => Expected::Number,
        Place::List(..) => Expected::Array,
        _ => Expected::Object,
    };
    ErrorKind::WrongType { expected }
}
