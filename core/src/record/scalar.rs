//! A number, a truth value or a date-time, as the parser sets it.

/// A number, a truth value or a date-time that may be absent.
///
/// It is an `Option` whose absent value is all zeros. Because of that a call in a `static` takes no flash.
///
/// ```
/// let call = graph_call::Call::parse(br#"{"ringingTimeoutInSeconds":"30"}"#)?;
/// assert_eq!(call.ringing_timeout_in_seconds.get(), Some(30));
/// # Ok::<(), graph_call::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Scalar<T> {
    is_present: bool,
    value: T,
}

impl<T: Copy> Scalar<T> {
    /// No value. `zero` fills the memory of the value.
    pub(crate) const fn absent(zero: T) -> Self {
        Self { is_present: false, value: zero }
    }

    /// The value, or `None` if the member is absent or null.
    pub const fn get(&self) -> Option<T> {
        if self.is_present { Some(self.value) } else { None }
    }

    pub(crate) const fn set(&mut self, value: T) {
        self.value = value;
        self.is_present = true;
    }

    pub(crate) const fn unset(&mut self) {
        self.is_present = false;
    }
}

impl<T: Copy + PartialEq> PartialEq for Scalar<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}
