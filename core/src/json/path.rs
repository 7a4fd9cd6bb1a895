//! Where in the document: the members that lead to a place, as small numbers.

use core::fmt;

use super::slot::Schema;

/// How deep the records of a model may be nested, the root and the member of the innermost counted.
pub const PATH_DEPTH_MAX: usize = 8;

/// The element of a step that leads through no array.
pub(super) const NO_ELEMENT: u16 = u16::MAX;

/// Steps from record to record: a row, and an element if the row is an array.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    elements: [u16; PATH_DEPTH_MAX],
    rows: [u8; PATH_DEPTH_MAX],
    depth: u8,
}

impl Steps {
    pub(super) const fn new() -> Self {
        Self { elements: [0; PATH_DEPTH_MAX], rows: [0; PATH_DEPTH_MAX], depth: 0 }
    }

    pub(super) fn depth(&self) -> usize {
        usize::from(self.depth)
    }

    /// Adds a step; a model deeper than the path has room for is refused by a test of the model.
    pub(super) fn push(&mut self, row: u8, element: u16) {
        let depth = self.depth();
        if let (Some(last_row), Some(last_element)) = (self.rows.get_mut(depth), self.elements.get_mut(depth))
        {
            *last_row = row;
            *last_element = element;
            self.depth = self.depth.wrapping_add(1);
        }
    }

    pub(super) fn pop(&mut self) -> Option<(u8, u16)> {
        let depth = self.depth.checked_sub(1)?;
        self.depth = depth;
        let depth = usize::from(depth);
        Some((*self.rows.get(depth)?, *self.elements.get(depth)?))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u8, u16)> {
        self.rows.iter().copied().zip(self.elements.iter().copied()).take(self.depth())
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
    pub(super) const fn new(root: &'static Schema, steps: Steps) -> Self {
        Self { root, steps }
    }

    /// The names of the members, each with the element if it is an array.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, Option<u16>)> {
        self.steps.iter().scan(Some(self.root), |schema, (row, element)| {
            let name = (*schema)?.name(row)?;
            *schema = (*schema)?.child(row);
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
        // Beyond its depth a path keeps what is left of longer ones.
        core::ptr::eq(self.root, other.root) && self.steps.iter().eq(other.steps.iter())
    }
}

impl Eq for Path {}

/// The hints keep a `{:?}` of the statement that logs from putting every name in quotes.
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
