//! jiter, pulled: it has no derive, so the model is filled in place.

use call_model::Value;
use call_model::pull::{Misfit, Pull};
use call_model::{Call, storage};
use jiter::{Jiter, JiterError, NumberInt, Peek};

use crate::document::Document;
use crate::peer::{Filled, Keeps, Peer};

/// Into `heapless`.
pub(super) struct Fixed<const TARGETS: usize>;

impl<const TARGETS: usize> Peer for Fixed<TARGETS> {
    fn name(&self) -> &'static str {
        "jiter"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Fixed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let mut call = Call::<storage::Fixed<TARGETS>>::default();
        let mut reader = Reader { jiter: Jiter::new(&document.bytes), opened: false };
        call.fill(&mut reader).map_err(|e| e.0)?;
        reader.jiter.finish().map_err(|e| e.to_string())?;
        show(&call);
        Ok(())
    }
}

struct Reader<'a> {
    jiter: Jiter<'a>,
    /// An object or array was entered and its first member or element has not been asked for.
    opened: bool,
}

/// What went wrong, in jiter's words.
struct Failure(String);

impl From<JiterError> for Failure {
    fn from(error: JiterError) -> Self {
        Self(error.to_string())
    }
}

impl From<Misfit> for Failure {
    fn from(_: Misfit) -> Self {
        Self("the model has no room".into())
    }
}

impl Reader<'_> {
    /// Whether the next value is of a kind; `false` where it is null, which is then read.
    fn is(&mut self, kind: Peek) -> Result<bool, Failure> {
        let next = self.jiter.peek()?;
        if next == kind {
            return Ok(true);
        }
        self.jiter.next_null()?;
        Ok(false)
    }

    fn step(&mut self) -> Result<Option<Peek>, Failure> {
        Ok(if core::mem::take(&mut self.opened) {
            self.jiter.known_array()
        } else {
            self.jiter.array_step()
        }?)
    }
}

impl Pull for Reader<'_> {
    type Error = Failure;

    fn object(&mut self) -> Result<bool, Failure> {
        self.opened = self.is(Peek::Object)?;
        Ok(self.opened)
    }

    fn member<R>(&mut self, name: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        let opened = core::mem::take(&mut self.opened);
        let next = if opened { self.jiter.known_object() } else { self.jiter.next_key() }?;
        Ok(next.map(name))
    }

    fn array(&mut self) -> Result<bool, Failure> {
        self.opened = self.is(Peek::Array)?;
        Ok(self.opened)
    }

    fn element(&mut self) -> Result<bool, Failure> {
        Ok(self.step()?.is_some())
    }

    fn text_element<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        if self.step()?.is_none() {
            return Ok(None);
        }
        self.text(keep)
    }

    fn text<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        if !self.is(Peek::String)? {
            return Ok(None);
        }
        Ok(Some(keep(self.jiter.known_str()?)))
    }

    fn integer(&mut self) -> Result<Option<i64>, Failure> {
        let next = self.jiter.peek()?;
        if next == Peek::Null {
            self.jiter.known_null()?;
            return Ok(None);
        }
        match self.jiter.known_int(next)? {
            NumberInt::Int(number) => Ok(Some(number)),
            #[allow(unreachable_patterns, reason = "a second variant exists with the feature num-bigint")]
            _ => Err(Misfit.into()),
        }
    }

    fn flag(&mut self) -> Result<Option<bool>, Failure> {
        let next = self.jiter.peek()?;
        if next == Peek::Null {
            self.jiter.known_null()?;
            return Ok(None);
        }
        Ok(Some(self.jiter.known_bool(next)?))
    }

    fn skip(&mut self) -> Result<(), Failure> {
        Ok(self.jiter.next_skip()?)
    }
}
