//! What the texts and lists of a call are kept in.

use crate::Sink;
use crate::pull::Pull;
use crate::value::{List, Text, Value, scalar};
use core::marker::PhantomData;

/// A family of text and list types.
///
/// The text types differ in capacity only where the storage is fixed.
pub trait Storage {
    /// A short word: a region, a language, a message identifier.
    type Short: Text;
    /// An identifier.
    type Id: Text;
    /// A readable text.
    type Name: Text;
    /// A URI.
    type Uri: Text;
    /// Several values of one type.
    type List<T>: List<T>;
    /// A few values of one type.
    type Few<T>: List<T>;
}

/// An array that was present: a list of one storage.
#[derive(Debug)]
pub struct Array<L, T>(pub L, PhantomData<T>);

impl<L: List<T>, T> Default for Array<L, T> {
    fn default() -> Self {
        Self(L::default(), PhantomData)
    }
}

impl<L: List<T>, T: Value> Value for Array<L, T> {
    fn fill<P: Pull>(&mut self, pull: &mut P) -> Result<bool, P::Error> {
        let present = pull.array()?;
        if present {
            while T::append(&mut self.0, pull)? {}
        }
        Ok(present)
    }
    fn put(&self, name: &str, sink: &mut impl Sink) {
        sink.open(name);
        for value in self.0.as_slice() {
            value.put("", sink);
        }
        sink.close();
    }
}

/// Storage whose texts serde can read.
#[cfg(feature = "serde")]
pub trait Read<'de>:
    Storage<
        Short: serde::Deserialize<'de>,
        Id: serde::Deserialize<'de>,
        Name: serde::Deserialize<'de>,
        Uri: serde::Deserialize<'de>,
    >
{
}

#[cfg(feature = "serde")]
impl<'de, S> Read<'de> for S where
    S: Storage<
            Short: serde::Deserialize<'de>,
            Id: serde::Deserialize<'de>,
            Name: serde::Deserialize<'de>,
            Uri: serde::Deserialize<'de>,
        >
{
}

#[cfg(feature = "serde")]
impl<'de, L: List<T>, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Array<L, T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<L, T>(PhantomData<(L, T)>);
        impl<'de, L: List<T>, T: serde::Deserialize<'de>> serde::de::Visitor<'de> for Elements<L, T> {
            type Value = Array<L, T>;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an array")
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut list = L::default();
                while let Some(value) = seq.next_element()? {
                    list.append(value).ok_or_else(|| serde::de::Error::custom("more than the list holds"))?;
                }
                Ok(Array(list, PhantomData))
            }
        }
        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

/// `heapless` strings and vectors inside the call itself, with the capacities of graph-call's own call.
#[derive(Debug)]
pub struct Fixed<const TARGETS: usize>;

impl<const TARGETS: usize> Storage for Fixed<TARGETS> {
    type Short = heapless::String<20>;
    type Id = heapless::String<64>;
    type Name = heapless::String<128>;
    type Uri = heapless::String<256>;
    type List<T> = heapless::Vec<T, TARGETS>;
    type Few<T> = heapless::Vec<T, 2>;
}

/// References into the document, as it stands there: serde gives them only where a text has no escape.
#[derive(Debug)]
pub struct References<'a, const TARGETS: usize>(PhantomData<&'a str>);

impl<'a, const TARGETS: usize> Storage for References<'a, TARGETS> {
    type Short = &'a str;
    type Id = &'a str;
    type Name = &'a str;
    type Uri = &'a str;
    type List<T> = heapless::Vec<T, TARGETS>;
    type Few<T> = heapless::Vec<T, 2>;
}

impl Text for &str {
    fn copy(_: &str) -> Option<Self> {
        None
    }
    fn as_str(&self) -> &str {
        self
    }
}

impl<const N: usize> Text for heapless::String<N> {
    fn copy(text: &str) -> Option<Self> {
        Self::try_from(text).ok()
    }
    fn as_str(&self) -> &str {
        self
    }
}

scalar!(heapless::String<N>, Text::copy, const N: usize);
scalar!(&str, Text::copy);

impl<T, const N: usize> List<T> for heapless::Vec<T, N> {
    fn as_slice(&self) -> &[T] {
        self
    }
    fn append(&mut self, value: T) -> Option<&mut T> {
        self.push(value).ok()?;
        self.last_mut()
    }
    fn remove_last(&mut self) {
        self.pop();
    }
}

#[cfg(feature = "alloc")]
mod heap {
    use super::Storage;
    use crate::value::{List, Text, scalar};
    use alloc::{borrow::Cow, string::String, vec::Vec};

    /// `String` and `Vec`.
    #[derive(Debug)]
    pub struct Owned;

    impl Storage for Owned {
        type Short = String;
        type Id = String;
        type Name = String;
        type Uri = String;
        type List<T> = Vec<T>;
        type Few<T> = Vec<T>;
    }

    /// Texts that point into the input where it holds no escape, and `Vec`.
    #[derive(Debug)]
    pub struct Borrowed<'a>(core::marker::PhantomData<&'a str>);

    impl<'a> Storage for Borrowed<'a> {
        type Short = Slice<'a>;
        type Id = Slice<'a>;
        type Name = Slice<'a>;
        type Uri = Slice<'a>;
        type List<T> = Vec<T>;
        type Few<T> = Vec<T>;
    }

    /// A `Cow` that serde borrows even inside an `Option`.
    #[derive(Debug, Default)]
    #[cfg_attr(feature = "serde", derive(serde::Deserialize))]
    #[cfg_attr(feature = "serde", serde(transparent))]
    pub struct Slice<'a>(#[cfg_attr(feature = "serde", serde(borrow))] pub Cow<'a, str>);

    impl Text for String {
        fn copy(text: &str) -> Option<Self> {
            Some(Self::from(text))
        }
        fn as_str(&self) -> &str {
            self
        }
    }

    impl Text for Slice<'_> {
        fn copy(text: &str) -> Option<Self> {
            Some(Self(Cow::Owned(String::from(text))))
        }
        fn as_str(&self) -> &str {
            &self.0
        }
    }

    scalar!(String, Text::copy);
    scalar!(Slice<'_>, Text::copy);

    impl<T> List<T> for Vec<T> {
        fn as_slice(&self) -> &[T] {
            self
        }
        fn append(&mut self, value: T) -> Option<&mut T> {
            self.push(value);
            self.last_mut()
        }
        fn remove_last(&mut self) {
            self.pop();
        }
    }
}

#[cfg(feature = "alloc")]
pub use heap::{Borrowed, Owned, Slice};
