//! The names that an enumeration may have on the wire.

use super::schema::is_equal;

/// How many names an enumeration may have: what a byte counts beside the three other things it says.
pub const VARIANTS_MAX: usize = 252;

/// The names that a member may have for its value.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Variants {
    /// The names, each after its length.
    pub names: &'static [u8],
    /// What may precede a name on the wire.
    pub prefix: &'static str,
}

impl Variants {
    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let mut rest = self.names;
        core::iter::from_fn(move || core::str::from_utf8(next_name(&mut rest)?).ok())
    }

    /// A type's name without what Microsoft writes before it, `#` or not.
    pub(crate) fn stripped<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        if self.prefix.is_empty() {
            return text;
        }
        let text = text.strip_prefix(b"#").unwrap_or(text);
        text.strip_prefix(self.prefix.as_bytes()).unwrap_or(text)
    }

    /// The index of a name; the case of its first letter is ignored, since Microsoft writes both.
    #[inline(never)]
    pub(crate) fn find(&self, text: &[u8]) -> Option<u8> {
        let (first, others) = text.split_first()?;
        let mut rest = self.names;
        let mut index: u8 = 0;
        while let Some(name) = next_name(&mut rest) {
            if name.len() == text.len()
                && let Some((initial, left)) = name.split_first()
                && initial.eq_ignore_ascii_case(first)
                && is_equal(left, others)
            {
                return Some(index);
            }
            index = index.wrapping_add(1);
        }
        None
    }
}

#[inline(always)]
fn next_name(rest: &mut &'static [u8]) -> Option<&'static [u8]> {
    let (length, names) = rest.split_first()?;
    let (name, after) = names.split_at_checked(usize::from(*length))?;
    *rest = after;
    Some(name)
}

/// The bytes of these names, each after its length.
pub const fn prefixed_size(names: &[&str]) -> usize {
    let mut size: usize = 0;
    let mut names = names;
    while let [name, left @ ..] = names {
        size = size.saturating_add(name.len()).saturating_add(1);
        names = left;
    }
    size
}

/// These names, each after its length.
pub const fn prefixed<const SIZE: usize>(names: &[&str]) -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    let mut rest: &mut [u8] = &mut bytes;
    let mut names = names;
    while let [name, left @ ..] = names {
        rest = put(rest, name.len() as u8);
        let mut letters = name.as_bytes();
        while let [letter, more @ ..] = letters {
            rest = put(rest, *letter);
            letters = more;
        }
        names = left;
    }
    bytes
}

/// Stores a byte, and gives the places after it.
const fn put(places: &mut [u8], byte: u8) -> &mut [u8] {
    match places {
        [first, rest @ ..] => {
            *first = byte;
            rest
        }
        full => full,
    }
}
