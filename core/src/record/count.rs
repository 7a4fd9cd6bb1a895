//! How many elements an array has, here and on the wire.

/// How many elements a list has, here and on the wire.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Count {
    pub(crate) is_present: bool,
    /// Whether the service keeps the rest of it for another request.
    pub(crate) is_cut: bool,
    pub(crate) length: u16,
    pub(crate) total: u16,
}

impl Count {
    pub(crate) const ABSENT: Self = Self { is_present: false, is_cut: false, length: 0, total: 0 };
}
