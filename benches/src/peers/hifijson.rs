//! hifijson, pulled: its lexer over a slice, with the model filled in place.

use call_model::Value;
use call_model::pull::{Misfit, Pull};
use call_model::{Call, storage};
use hifijson::str::LexAlloc;
use hifijson::token::Lex;
use hifijson::{Expect, SliceLexer, num};

use crate::document::Document;
use crate::peer::{Filled, Keeps, Peer};

/// Into `heapless`.
pub(super) struct Fixed<const TARGETS: usize>;

impl<const TARGETS: usize> Peer for Fixed<TARGETS> {
    fn name(&self) -> &'static str {
        "hifijson"
    }
    fn keeps(&self) -> Keeps {
        Keeps::Fixed
    }
    fn parse(&mut self, document: &Document, show: &mut dyn FnMut(&dyn Filled)) -> Result<(), String> {
        let mut call = Call::<storage::Fixed<TARGETS>>::default();
        let mut reader = Reader { lexer: SliceLexer::new(&document.bytes), opened: false };
        call.fill(&mut reader).map_err(|e| e.0)?;
        if reader.lexer.ws_peek().is_some() {
            return Err(Expect::Eof.to_string());
        }
        show(&call);
        Ok(())
    }
}

struct Reader<'a> {
    lexer: SliceLexer<'a>,
    /// An object or array was entered and its first member or element has not been asked for.
    opened: bool,
}

/// What went wrong, in hifijson's words.
struct Failure(String);

impl From<hifijson::Error> for Failure {
    fn from(error: hifijson::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<hifijson::Expect> for Failure {
    fn from(error: hifijson::Expect) -> Self {
        Self(error.to_string())
    }
}

impl From<hifijson::str::Error> for Failure {
    fn from(error: hifijson::str::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<num::Error> for Failure {
    fn from(error: num::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<Misfit> for Failure {
    fn from(_: Misfit) -> Self {
        Self("the model has no room".into())
    }
}

impl Reader<'_> {
    fn peek(&mut self) -> Result<u8, Failure> {
        Ok(self.lexer.ws_peek().ok_or(Expect::Value)?)
    }

    /// Reads a `null`, a `true` or a `false`.
    fn literal(&mut self) -> Result<Option<bool>, Failure> {
        Ok(self.lexer.null_or_bool().ok_or(Expect::Value)?)
    }

    /// Enters a value of a kind; `false` where it is null.
    fn enter(&mut self, kind: u8) -> Result<bool, Failure> {
        if self.peek()? == kind {
            self.lexer.discarded();
            self.opened = true;
            return Ok(true);
        }
        self.null()
    }

    fn null(&mut self) -> Result<bool, Failure> {
        match self.literal()? {
            None => Ok(false),
            Some(_) => Err(Expect::Value.into()),
        }
    }

    /// Goes to the next member or element; `false` at the end, which is passed.
    fn step(&mut self, end: u8) -> Result<bool, Failure> {
        let opened = core::mem::take(&mut self.opened);
        let next = self.lexer.ws_peek().ok_or(Expect::CommaOrEnd)?;
        if next == end {
            self.lexer.discarded();
            return Ok(false);
        }
        if !opened {
            self.lexer.expect(|_| Some(next), b',').ok_or(Expect::CommaOrEnd)?;
        }
        Ok(true)
    }
}

impl Pull for Reader<'_> {
    type Error = Failure;

    fn object(&mut self) -> Result<bool, Failure> {
        self.enter(b'{')
    }

    fn member<R>(&mut self, name: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        if !self.step(b'}')? {
            return Ok(None);
        }
        self.lexer.expect(SliceLexer::ws_peek, b'"').ok_or(Expect::String)?;
        let member = name(&self.lexer.str_string()?);
        self.lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
        Ok(Some(member))
    }

    fn array(&mut self) -> Result<bool, Failure> {
        self.enter(b'[')
    }

    fn element(&mut self) -> Result<bool, Failure> {
        self.step(b']')
    }

    fn text_element<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        if self.step(b']')? { self.text(keep) } else { Ok(None) }
    }

    fn text<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        if self.peek()? != b'"' {
            self.null()?;
            return Ok(None);
        }
        Ok(Some(keep(&self.lexer.discarded().str_string()?)))
    }

    fn integer(&mut self) -> Result<Option<i64>, Failure> {
        if self.peek()? == b'n' {
            self.null()?;
            return Ok(None);
        }
        let (digits, _) = num::LexWrite::num_string(&mut self.lexer).validated()?;
        Ok(Some(digits.parse().map_err(|_| Misfit)?))
    }

    fn flag(&mut self) -> Result<Option<bool>, Failure> {
        self.peek()?;
        self.literal()
    }

    fn skip(&mut self) -> Result<(), Failure> {
        let next = self.peek()?;
        Ok(hifijson::ignore::parse(next, &mut self.lexer)?)
    }
}
