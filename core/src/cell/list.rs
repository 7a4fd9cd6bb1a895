//! Arrays, of fixed capacity or on the heap.

use core::ops::Deref;

use super::Cell;
use super::storage::{Link as _, ListStorage};
#[cfg(feature = "alloc")]
use crate::record::TextView;
use crate::record::{Count, Elements, Place, Schema, Value, Values};

/// An array, and how many elements there were on the wire: `List<[T; 4]>` keeps at most 4 of them.
///
/// The elements stand in an array, which the parser fills in place. A `heapless::Vec` would take each
/// element by value, from the stack, and an element may be larger than the stack of a small task.
///
/// ```
/// use graph_call::{Call, Modality};
///
/// let call = Call::parse(br#"{"requestedModalities":["audio"]}"#)?;
/// assert!(call.requested_modalities.is_present());
/// assert_eq!(call.requested_modalities.len(), 1);
/// assert_eq!(call.requested_modalities[0].get(), Some(Modality::Audio));
/// # Ok::<(), graph_call::Error>(())
/// ```
pub struct List<S: ListStorage> {
    count: Count,
    content: Content<S>,
}

/// The elements that came, and where the others are.
struct Content<S: ListStorage> {
    elements: S,
    link: S::Link,
}

impl<S: ListStorage> List<S> {
    /// Whether the member was there and not null; it may still be empty.
    pub fn is_present(&self) -> bool {
        self.count.is_present
    }

    /// How many elements there are, up to 65,534: more than `len()` if they did not all fit, or did not all come.
    ///
    /// It is the number of those on the wire, or what the service says itself (`@odata.count`), if that is more.
    /// The identities of a set and the extras of an identity are members on the wire, not elements. However
    /// many of those did not fit, they count as one: there were at least so many.
    pub fn total(&self) -> usize {
        usize::from(self.count.total)
    }

    /// Whether the service sent only the first elements, and keeps the others for another request
    /// (`@odata.nextLink`).
    ///
    /// ```
    /// graph_call::capacities! { Roster { expand: 2 } }
    ///
    /// let mut call = graph_call::Call::<Roster>::empty();
    /// call.parse_into(
    ///     br#"{
    ///         "participants@odata.count": 40,
    ///         "participants@odata.nextLink": "https://graph.microsoft.com/v1.0/communications/calls/1/participants?$skip=1",
    ///         "participants": [{"id": "1"}]
    ///     }"#,
    /// )?;
    /// assert!(call.participants.is_cut());
    /// assert_eq!((call.participants.len(), call.participants.total()), (1, 40));
    /// # Ok::<(), graph_call::Error>(())
    /// ```
    pub fn is_cut(&self) -> bool {
        self.count.is_cut
    }

    /// Where the service keeps the elements that it did not send, if it did not send all.
    ///
    /// Only a list on the heap keeps the link. For one in an array there is [`is_cut`](Self::is_cut), and a request for
    /// the relationship itself.
    pub fn next_link(&self) -> Option<&str> {
        self.content.link.as_str()
    }

    /// The elements that fit, in order.
    pub fn as_slice(&self) -> &[S::Item] {
        self.content.elements.as_slice().get(..usize::from(self.count.length)).unwrap_or_default()
    }
}

impl<S: ListStorage> List<S> {
    /// The element that `weigh` gives nothing for, or a new one behind the last; where there is no room for one, a new one in
    /// the place of the lightest, if that is less than `weight`.
    pub(crate) fn find_or_add(
        &mut self,
        weigh: impl Fn(&S::Item) -> Option<u8>,
        weight: u8,
    ) -> Option<&mut S::Item> {
        let next = usize::from(self.count.length);
        let (mut lightest, mut place) = (weight, next);
        for (index, element) in self.iter().enumerate() {
            match weigh(element) {
                None => return self.content.elements.slot(index),
                Some(weight) if weight < lightest => (lightest, place) = (weight, index),
                Some(_) => {}
            }
        }
        self.count.is_present = true;
        // A value that arrives in pieces comes here once for each piece, so it cannot be counted up.
        self.count.total = self.count.length.saturating_add(1);
        if self.content.elements.slot(next).is_some() {
            self.count.length = self.count.total;
            place = next;
        }
        let element = self.content.elements.slot(place)?;
        element.clear();
        Some(element)
    }

    /// The place of the total, for a list whose elements are members on the wire.
    pub(crate) fn total_place(&mut self) -> Place<'_> {
        self.count.is_present = true;
        Place::Total(&mut self.count.total)
    }

    /// The total of such a list, if some elements did not fit.
    pub(crate) fn total_value(&self) -> Value<'_> {
        let Count { length, total, .. } = self.count;
        if total == length { Value::Absent } else { Value::Total(total) }
    }
}

impl<S: ListStorage> Deref for List<S> {
    type Target = [S::Item];

    fn deref(&self) -> &[S::Item] {
        self.as_slice()
    }
}

impl<S: ListStorage> Cell for List<S> {
    const EMPTY: Self =
        Self { count: Count::ABSENT, content: Content { elements: S::EMPTY, link: S::Link::EMPTY } };
    const HOLDS_SECRET: bool = S::Item::HOLDS_SECRET;
    // No path leads into what is skipped: a program that does not want it carries no names for it.
    const CHILD: Option<&'static Schema> = if S::IS_WANTED { S::Item::CHILD } else { None };

    fn place(&mut self) -> Place<'_> {
        Place::List(&mut self.count, &mut self.content)
    }

    fn value(&self) -> Value<'_> {
        if self.count.is_present { Value::List(self) } else { Value::Absent }
    }

    fn clear(&mut self) {
        if S::Item::HOLDS_SECRET {
            self.content
                .elements
                .as_mut_slice()
                .iter_mut()
                .take(usize::from(self.count.length))
                .for_each(Cell::clear);
        }
        self.count = Count::ABSENT;
        self.content.link.clear();
    }
}

impl<S: ListStorage> Elements for Content<S> {
    #[inline(always)]
    fn element(&mut self, index: u16, is_new: bool) -> Option<Place<'_>> {
        self.elements.element(index, is_new)
    }

    #[inline(always)]
    fn capacity(&self) -> usize {
        self.elements.capacity()
    }

    #[cfg(feature = "alloc")]
    fn link(&mut self) -> Option<TextView<'_>> {
        self.link.place()
    }
}

impl<S: ListStorage> Values for List<S> {
    fn total(&self) -> u16 {
        self.count.total
    }

    fn next_link(&self) -> Option<&str> {
        self.count.is_cut.then(|| self.content.link.as_str().unwrap_or_default())
    }

    fn value(&self, index: u16) -> Option<Value<'_>> {
        self.get(usize::from(index)).map(Cell::value)
    }
}

impl<S: ListStorage> List<S> {
    /// Whether both lists have the same elements in any order. No element may stand in a list twice.
    pub(crate) fn is_permutation(&self, other: &Self) -> bool {
        self.count == other.count && self.iter().all(|element| other.contains(element))
    }
}

impl<S: ListStorage> Clone for List<S> {
    fn clone(&self) -> Self {
        let elements = self.content.elements.copy(usize::from(self.count.length));
        Self { count: self.count, content: Content { elements, link: self.content.link.clone() } }
    }
}

impl<S: ListStorage> PartialEq for List<S> {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count
            && self.content.link == other.content.link
            && self.as_slice() == other.as_slice()
    }
}
