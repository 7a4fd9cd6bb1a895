//! Where in the document: the members that lead to a place, as small numbers.

use core::fmt;

use super::schema::Schema;

/// How many members may lead from the root to a place.
pub const PATH_DEPTH_MAX: usize = 8;

/// Stands for "no element" in a step that leads through no array.
pub(crate) const NO_ELEMENT: u16 = u16::MAX;

/// Steps from record to record: a field, and an element if the field is an array.
#[derive(Clone, Copy)]
pub(crate) struct Steps {
    elements: [u16; PATH_DEPTH_MAX],
    fields: [u8; PATH_DEPTH_MAX],
    depth: u8,
}

impl Steps {
    pub(crate) const fn new() -> Self {
        Self { elements: [0; PATH_DEPTH_MAX], fields: [0; PATH_DEPTH_MAX], depth: 0 }
    }

    pub(crate) fn depth(&self) -> usize {
        usize::from(self.depth)
    }

    /// Adds a step. No model is deeper than the path has room for: a test of the model sees to that.
    pub(crate) fn push(&mut self, field: u8, element: u16) {
        let depth = self.depth();
        if let (Some(last_row), Some(last_element)) =
            (self.fields.get_mut(depth), self.elements.get_mut(depth))
        {
            *last_row = field;
            *last_element = element;
            self.depth = self.depth.wrapping_add(1);
        }
    }

    pub(crate) fn pop(&mut self) -> Option<(u8, u16)> {
        let depth = self.depth.checked_sub(1)?;
        self.depth = depth;
        let depth = usize::from(depth);
        Some((*self.fields.get(depth)?, *self.elements.get(depth)?))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u8, u16)> {
        self.fields.iter().copied().zip(self.elements.iter().copied()).take(self.depth())
    }
}

/// The members that lead from the root to a place; shown as `targets[0].identity.user.displayName`.
///
/// A member that the model does not know is not named: the path ends at the object that holds it. Elements are
/// counted without those that are null, which have no place in a list.
///
/// ```
/// let error = graph_call::Call::parse(br#"{"targets":[{"hidden":7}]}"#).err().ok_or("accepted")?;
/// assert_eq!(error.path().to_string(), "targets[0].hidden");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy)]
pub struct Path {
    root: &'static Schema,
    steps: Steps,
}

impl Path {
    pub(crate) const fn new(root: &'static Schema, steps: Steps) -> Self {
        Self { root, steps }
    }

    /// The names of the members, each with the element if it is an array.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, Option<u16>)> {
        self.steps.iter().scan(Some(self.root), |schema, (field, element)| {
            let name = (*schema)?.name(field)?;
            *schema = (*schema)?.child(field);
            Some((name, (element != NO_ELEMENT).then_some(element)))
        })
    }

    /// Whether the place is the document itself.
    pub const fn is_root(&self) -> bool {
        self.steps.depth == 0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, element)) in self.members().enumerate() {
            let separator = if index == 0 { "" } else { "." };
            write!(f, "{separator}{name}")?;
            if let Some(element) = element {
                write!(f, "[{element}]")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        // The arrays may hold steps of an earlier, longer path behind the depth.
        core::ptr::eq(self.root, other.root) && self.steps.iter().eq(other.steps.iter())
    }
}

impl Eq for Path {}

/// Each name has the format hint `=str:a`. Without it a `{:?}` in the statement that logs a path would put every
/// name in quotes.
#[cfg(feature = "defmt")]
impl defmt::Format for Path {
    fn format(&self, f: defmt::Formatter<'_>) {
        for (index, (name, element)) in self.members().enumerate() {
            defmt::write!(f, "{=str:a}{=str:a}", if index == 0 { "" } else { "." }, name);
            if let Some(element) = element {
                defmt::write!(f, "[{=u16:01}]", element);
            }
        }
    }
}
