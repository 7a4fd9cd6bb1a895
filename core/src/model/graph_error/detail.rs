//! The details of an error: what is wrong with which parameter.

use core::fmt;

use crate::cell::Cell as _;
use crate::shown::Shown;
use crate::{Id, Text};

/// Details that are kept.
const KEPT: usize = 2;
/// The code of a detail, in bytes, as that of an error.
const CODE: usize = 64;
/// The parameter and the message of a detail, in bytes.
pub(super) const TEXT: usize = 64;

/// One of the details of an error (OData JSON format 4.01, section 21.1): what is wrong with one parameter.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Detail {
    /// What is wrong.
    pub code: Id<[u8; CODE]>,
    /// The parameter.
    pub target: Text<[u8; TEXT]>,
    /// What is wrong, for people.
    pub message: Text<[u8; TEXT]>,
}

/// The first two details of an error, and how many there were.
///
/// ```
/// use graph_call::GraphError;
///
/// let error = GraphError::parse(br#"{"error":{"details":[{"code":"NotAGuid","target":"callId"}]}}"#)?;
/// let targets: Vec<_> = error.details.as_slice().iter().map(|detail| detail.target.as_str()).collect();
/// assert_eq!((targets, error.details.total()), (vec![Some("callId")], 1));
/// # Ok::<(), graph_call::json::LexError>(())
/// ```
#[derive(Clone)]
pub struct Details {
    total: u16,
    kept: [Detail; KEPT],
}

impl Details {
    pub(super) const EMPTY: Self = Self {
        total: 0,
        kept: [const { Detail { code: Id::EMPTY, target: Text::EMPTY, message: Text::EMPTY } }; KEPT],
    };

    /// Those that are kept, in order.
    pub fn as_slice(&self) -> &[Detail] {
        self.kept.get(..usize::from(self.total).min(KEPT)).unwrap_or_default()
    }

    /// How many there were, up to 65,535: more than two if not all are kept.
    pub fn total(&self) -> usize {
        usize::from(self.total)
    }

    pub(super) fn clear(&mut self) {
        self.total = 0;
    }

    /// Makes every detail absent in which there is something that must not be shown.
    pub(super) fn hide(&mut self, is_secret: &dyn Fn(&[u8]) -> bool) {
        for Detail { code, target, message } in &mut self.kept {
            let texts = [code.as_str(), target.as_str(), message.as_str()];
            if texts.into_iter().flatten().any(|text| is_secret(text.as_bytes())) {
                code.clear();
                target.clear();
                message.clear();
            }
        }
    }

    /// Counts one more.
    pub(super) fn begin(&mut self) {
        self.total = self.total.saturating_add(1);
        if let Some(Detail { code, target, message }) = self.last() {
            code.clear();
            target.clear();
            message.clear();
        }
    }

    /// The last one that was counted, if it is kept.
    pub(super) fn last(&mut self) -> Option<&mut Detail> {
        self.kept.get_mut(usize::from(self.total.wrapping_sub(1)))
    }
}

impl Default for Details {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// `callId: ValueNotAllowed "not a guid"`, safe for a log.
impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, target, message } = self;
        let mut mark = "";
        for (text, quote) in [(target.as_str(), ""), (code.as_str(), ""), (message.as_str(), "\"")] {
            let Some(text) = text.filter(|text| !text.is_empty()) else { continue };
            write!(f, "{mark}{quote}{}{quote}", Shown(text))?;
            mark = if mark.is_empty() && target.as_str().is_some() { ": " } else { " " };
        }
        Ok(())
    }
}

/// Those that are kept, and how many more there were.
impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.as_slice();
        for (index, detail) in kept.iter().enumerate() {
            write!(f, "{}{detail}", if index == 0 { "" } else { "; " })?;
        }
        match self.total().saturating_sub(kept.len()) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl PartialEq for Details {
    fn eq(&self, other: &Self) -> bool {
        self.total == other.total && self.as_slice() == other.as_slice()
    }
}

impl Eq for Details {}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details").field("total", &self.total).field("kept", &self.as_slice()).finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Details {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Details {{ total: {}, kept: {} }}", self.total, self.as_slice());
    }
}
