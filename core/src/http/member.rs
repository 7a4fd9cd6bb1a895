//! The names that `$select` and `$expand` may hold. The members of a call, of which they are, are the model's.

/// Declares a type of wire names.
macro_rules! names {
    ($($(#[$doc:meta])* $type:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $type(&'static str);

        impl $type {
            /// Takes a name as it is: the model's, which need no escape in a URI.
            pub(crate) const fn new(name: &'static str) -> Self {
                Self(name)
            }

            /// The name as the service writes it.
            pub const fn name(self) -> &'static str {
                self.0
            }
        }
    )+};
}

names! {
    /// A member of the call resource, for `$select`.
    ///
    /// ```
    /// use graph_call::http::SelectMember;
    ///
    /// assert_eq!(SelectMember::from_name("state"), Some(SelectMember::STATE));
    /// assert_eq!(SelectMember::from_name("colour"), None);
    /// ```
    SelectMember,

    /// A relationship of the call resource, for `$expand`.
    ///
    /// ```
    /// use graph_call::http::ExpandMember;
    ///
    /// assert_eq!(ExpandMember::PARTICIPANTS.name(), "participants");
    /// ```
    ExpandMember,
}
