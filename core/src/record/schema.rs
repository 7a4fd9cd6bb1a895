//! The names of a record's members, and the perfect hash that finds one.
//!
//! - takes: a name
//! - gives: the index of the field that has it
//! - keeps: constants only, made at compile time
//! - refuses: a table of names that is wrong, by not compiling

use core::fmt;

/// As many bytes as a register holds: what a comparison looks at in one step.
const WORD: usize = size_of::<usize>();

/// The members of a record by their names on the wire.
///
/// All names stand in one string. A pointer to each name would take as much flash again on a small device.
pub struct Schema {
    /// How many fields are members. The names after theirs are other spellings.
    pub members: u8,
    /// Whether a member may be an array. It is not where asking for the place of a member makes one: those of a set share
    /// their places.
    pub has_lists: bool,
    /// The member that each further name spells. Beside `members` they take no memory.
    pub spelled: [u8; SPELLINGS_MAX],
    /// All names, one behind the other.
    pub names: &'static str,
    /// Where the name of each field starts in `names`, and where the last one ends.
    pub starts: &'static [u16],
    /// For each field the names of the record inside it, if it holds an object or a list of objects.
    pub children: &'static [Option<&'static Self>],
    /// Finds the field of a name.
    pub index: Index,
}

/// No field has this number.
pub(crate) const NO_FIELD: u8 = u8::MAX;
/// Beside a field: how many elements the service says that the array has, its annotation `@odata.count`.
pub(crate) const COUNT: u8 = 0x40;
/// Beside a field: the link to the elements of the array that the service did not send, its annotation `@odata.nextLink`.
pub(crate) const NEXT_LINK: u8 = 0x80;
/// What a record is asked for when a document states its type: the place of that, if the record is a resource, whose type
/// has a name of its own.
pub const TYPE: u8 = NO_FIELD - 3;
/// No field, but the member by which a document says that it is an error of the service.
pub(crate) const ERROR: u8 = TYPE - 2;
/// No field, but the member in which a document has what was asked for, or several of it.
pub(crate) const VALUE: u8 = TYPE - 1;
/// A field without what stands beside it.
pub(crate) const FIELD: u8 = COUNT - 1;

impl Schema {
    /// The name of a field.
    #[inline(always)]
    pub fn name(&self, field: u8) -> Option<&'static str> {
        let [start, end] = *self.starts.get(usize::from(field)..)?.first_chunk()?;
        self.names.get(usize::from(start)..usize::from(end))
    }

    /// The names of all fields, in order, and after them the other spellings.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        (0..NO_FIELD).map_while(|field| self.name(field))
    }

    /// The names of the record inside a field, if it holds an object or a list of objects.
    pub fn child(&self, field: u8) -> Option<&'static Self> {
        self.children.get(usize::from(field)).copied().flatten()
    }

    /// What a name stands for that no member has: the field that an annotation is about, and beside it which annotation it
    /// is, [`COUNT`] or [`NEXT_LINK`]; in the root what tells of the document what it is, [`TYPE`], [`ERROR`] or [`VALUE`]; or
    /// [`NO_FIELD`].
    ///
    /// ```text
    /// annotation = name "@odata.count" / name "@odata.nextLink"
    /// ```
    #[inline(never)]
    pub(crate) fn stranger(&self, name: &[u8], is_root: bool) -> u8 {
        // Nearly all names that are not known: the annotations of the object itself.
        if let [b'@', annotation @ ..] = name {
            return if is_root && is_equal(annotation, b"odata.type") { TYPE } else { NO_FIELD };
        }
        if is_root && is_equal(name, b"error") {
            return ERROR;
        }
        if is_root && is_equal(name, b"value") {
            return VALUE;
        }
        // One that is longer than a name is not kept where a piece has cut it.
        if !self.has_lists || name.len() > NAME_LENGTH_MAX {
            return NO_FIELD;
        }
        let (suffix, what) = match name {
            [.., b't'] => (b"@odata.count".as_slice(), COUNT),
            _ => (b"@odata.nextLink".as_slice(), NEXT_LINK),
        };
        let Some((list, annotation)) = name.split_at_checked(name.len().wrapping_sub(suffix.len())) else {
            return NO_FIELD;
        };
        if !is_equal(annotation, suffix) {
            return NO_FIELD;
        }
        // One after the other: it is rare.
        let is_list = |field: &u8| self.name(*field).is_some_and(|name| is_equal(list, name.as_bytes()));
        (0..self.members).find(is_list).map_or(NO_FIELD, |field| what | field)
    }

    /// The field that has this name, in whichever spelling: so a member in two spellings is a member twice.
    #[inline(always)]
    pub fn find(&self, name: &[u8]) -> Option<u8> {
        let field = self.index.look_up(name)?;
        let [start, end] = *self.starts.get(usize::from(field)..)?.first_chunk()?;
        let found = self.names.as_bytes().get(usize::from(start)..usize::from(end))?;
        if found.len() != name.len() || !is_same(found, name) {
            return None;
        }
        self.spelt(field)
    }

    /// The member that has the name with this number.
    #[inline(always)]
    fn spelt(&self, field: u8) -> Option<u8> {
        match field.checked_sub(self.members) {
            None => Some(field),
            Some(spelling) => self.spelled.get(usize::from(spelling)).copied(),
        }
    }
}

/// Whether two names of one length are equal, a word at a time.
#[inline(always)]
pub(super) fn is_same(a: &[u8], b: &[u8]) -> bool {
    let (Some(last_a), Some(last_b)) = (a.last_chunk::<WORD>(), b.last_chunk::<WORD>()) else {
        return a.iter().zip(b).all(|(a, b)| a == b);
    };
    let (words_a, words_b) = (a.as_chunks::<WORD>().0, b.as_chunks::<WORD>().0);
    // The last word overlaps the one before it, and covers what is left.
    last_a == last_b && words_a.iter().zip(words_b).all(|(a, b)| a == b)
}

/// Whether a name is this one.
#[inline(never)]
pub(crate) fn is_equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && is_same(a, b)
}

/// Where each of these names starts in the string of all names, and where the last one ends.
pub const fn starts<const N: usize>(names: &[&str]) -> [u16; N] {
    let mut starts = [0; N];
    let mut rest: &mut [u16] = &mut starts;
    let mut names = names;
    let mut start: u16 = 0;
    while let [first, tail @ ..] = rest {
        *first = start;
        rest = tail;
        if let [name, left @ ..] = names {
            start = start.wrapping_add(name.len() as u16);
            names = left;
        }
    }
    starts
}

/// How many names a record may have: one bit for each tells a repeated member.
pub const NAMES_MAX: usize = 32;

/// How many members of a record may have a second spelling.
pub const SPELLINGS_MAX: usize = 2;

/// The members that the further names of a record spell.
pub const fn spelled(members: &[u8]) -> [u8; SPELLINGS_MAX] {
    match *members {
        [] => [NO_FIELD; SPELLINGS_MAX],
        [a] => [a, NO_FIELD],
        [a, b, ..] => [a, b],
    }
}

/// The longest name of a member or of a variant, in bytes: what is kept of one that a piece has cut.
pub const NAME_LENGTH_MAX: usize = 49;

/// Whether each name has a letter, and none is longer than what is kept of one.
pub const fn are_short(names: &[&str]) -> bool {
    let mut rest = names;
    while let [name, tail @ ..] = rest {
        if name.is_empty() || name.len() > NAME_LENGTH_MAX {
            return false;
        }
        rest = tail;
    }
    true
}

/// Whether no name stands twice.
pub const fn are_unique(names: &[&str]) -> bool {
    let mut rest = names;
    while let [name, tail @ ..] = rest {
        let mut others = tail;
        while let [other, more @ ..] = others {
            if is_alike(name.as_bytes(), other.as_bytes()) {
                return false;
            }
            others = more;
        }
        rest = tail;
    }
    true
}

const fn is_alike(a: &[u8], b: &[u8]) -> bool {
    match (a, b) {
        ([], []) => true,
        ([first, a @ ..], [other, b @ ..]) => *first == *other && is_alike(a, b),
        _ => false,
    }
}

/// Whether every name has a key of its own: without one there is no seed to be found.
pub const fn are_distinct(names: &[&str]) -> bool {
    let mut rest = names;
    while let [name, tail @ ..] = rest {
        let mut others = tail;
        while let [other, more @ ..] = others {
            match (key(name.as_bytes()), key(other.as_bytes())) {
                (Some(a), Some(b)) if a != b => {}
                _ => return false,
            }
            others = more;
        }
        rest = tail;
    }
    true
}

/// How many members lead from a record to the innermost value in it.
pub const fn depth(schema: &Schema) -> usize {
    let mut deepest: usize = 0;
    let mut rest = schema.children;
    while let [child, tail @ ..] = rest {
        if let Some(child) = child {
            let depth = depth(child);
            if depth > deepest {
                deepest = depth;
            }
        }
        rest = tail;
    }
    deepest.saturating_add(1)
}

/// A perfect hash of the names of a record, made at compile time.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Index {
    seed: u32,
    fields: &'static [u8],
}

impl Index {
    /// The index whose parts [`seed`] and [`places`] made.
    pub const fn new(seed: u32, fields: &'static [u8]) -> Self {
        Self { seed, fields }
    }

    #[inline(always)]
    fn look_up(&self, name: &[u8]) -> Option<u8> {
        let hash = hash(name, self.seed)? & self.fields.len().wrapping_sub(1);
        self.fields.get(hash).copied()
    }
}

/// The seed of the hash that puts each of these names into a different one of `SIZE` buckets.
///
/// It is looked for without end: [`are_distinct`] says first whether there can be one.
pub const fn seed<const SIZE: usize>(names: &[&str]) -> u32 {
    // Powers of an odd number with well-mixed bits (2^32 over the golden ratio).
    const STEP: u32 = 0x9E37_79B1;
    let mut seed = STEP;
    while places::<SIZE>(names, seed).is_none() {
        seed = seed.wrapping_mul(STEP);
    }
    seed
}

/// For each bucket the field whose name the hash puts there, or `None` if two names share a bucket.
pub const fn places<const SIZE: usize>(names: &[&str], seed: u32) -> Option<[u8; SIZE]> {
    let mut places = [NO_FIELD; SIZE];
    let mut rest = names;
    let mut field: u8 = 0;
    while let Some((name, tail)) = rest.split_first() {
        let Some(hash) = hash(name.as_bytes(), seed) else { return None };
        let (_, from) = places.split_at_mut(hash & SIZE.wrapping_sub(1));
        match from.split_first_mut() {
            Some((place, _)) if *place == NO_FIELD => *place = field,
            _ => return None,
        }
        field = field.wrapping_add(1);
        rest = tail;
    }
    Some(places)
}

/// How many buckets an [`Index`] of so many names has: a power of two, large enough to find a seed soon.
pub const fn index_size(names: usize) -> usize {
    let enough = names.saturating_mul(names) / 8;
    if enough > names { enough.next_power_of_two() } else { names.next_power_of_two() }
}

/// Mixes the key of a name; every name of a record has its own mix.
#[inline(always)]
const fn hash(name: &[u8], seed: u32) -> Option<usize> {
    match key(name) {
        Some(key) => Some((key.wrapping_mul(seed) >> 24) as usize),
        None => None,
    }
}

/// The length and three letters of a name.
#[inline(always)]
const fn key(name: &[u8]) -> Option<u32> {
    let length = name.len();
    let (Some((first, _)), Some((last, _))) = (name.split_first(), name.split_last()) else { return None };
    let middle = match name.split_at_checked(length / 2) {
        Some((_, tail)) => match tail.split_first() {
            Some((middle, _)) => *middle,
            None => 0,
        },
        None => 0,
    };
    Some(u32::from_le_bytes([*first, middle, *last, length as u8]))
}

/// Shows the names: a record may hold records of its own kind.
impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
