//! picojson's events, from a slice or from a stream.

use super::{Misfit, Pull};
use picojson::{Event, JsonNumber, NumberResult, ParseError, PullParser};

/// A picojson parser as a [`Pull`].
#[derive(Debug)]
pub struct Reader<P> {
    parser: P,
    /// What [`Pull::element`] had to read to see that an element follows.
    ahead: Option<Ahead>,
}

#[derive(Clone, Copy, Debug)]
enum Ahead {
    Object,
    Null,
}

/// What went wrong.
#[derive(Debug)]
pub enum Failure {
    /// The parser refused the document.
    Parse(ParseError),
    /// A value of another kind was expected.
    Kind,
    /// The model has no room.
    Misfit,
}

impl From<Misfit> for Failure {
    fn from(_: Misfit) -> Self {
        Self::Misfit
    }
}

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        Self::Parse(error)
    }
}

impl<P: PullParser> Reader<P> {
    /// Reads from a parser.
    pub const fn new(parser: P) -> Self {
        Self { parser, ahead: None }
    }

    /// Reads to the end of the document.
    ///
    /// # Errors
    ///
    /// Anything but white space is left.
    pub fn finish(&mut self) -> Result<(), Failure> {
        match self.parser.next_event()? {
            Event::EndDocument => Ok(()),
            _ => Err(Failure::Kind),
        }
    }
}

impl<P: PullParser> Pull for Reader<P> {
    type Error = Failure;

    fn object(&mut self) -> Result<bool, Failure> {
        match self.ahead.take() {
            Some(Ahead::Object) => return Ok(true),
            Some(Ahead::Null) => return Ok(false),
            None => {}
        }
        match self.parser.next_event()? {
            Event::StartObject => Ok(true),
            Event::Null => Ok(false),
            _ => Err(Failure::Kind),
        }
    }

    fn member<R>(&mut self, name: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        match self.parser.next_event()? {
            Event::Key(text) => Ok(Some(name(text.as_str()))),
            Event::EndObject => Ok(None),
            _ => Err(Failure::Kind),
        }
    }

    fn array(&mut self) -> Result<bool, Failure> {
        match self.parser.next_event()? {
            Event::StartArray => Ok(true),
            Event::Null => Ok(false),
            _ => Err(Failure::Kind),
        }
    }

    fn element(&mut self) -> Result<bool, Failure> {
        self.ahead = Some(match self.parser.next_event()? {
            Event::StartObject => Ahead::Object,
            Event::Null => Ahead::Null,
            Event::EndArray => return Ok(false),
            _ => return Err(Failure::Kind),
        });
        Ok(true)
    }

    fn text_element<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        match self.parser.next_event()? {
            Event::String(text) => Ok(Some(keep(text.as_str()))),
            Event::EndArray => Ok(None),
            _ => Err(Failure::Kind),
        }
    }

    fn text<R>(&mut self, keep: impl FnOnce(&str) -> R) -> Result<Option<R>, Failure> {
        match self.parser.next_event()? {
            Event::String(text) => Ok(Some(keep(text.as_str()))),
            Event::Null => Ok(None),
            _ => Err(Failure::Kind),
        }
    }

    fn integer(&mut self) -> Result<Option<i64>, Failure> {
        match self.parser.next_event()? {
            Event::Number(JsonNumber::Borrowed { parsed, .. } | JsonNumber::Copied { parsed, .. }) => {
                match parsed {
                    NumberResult::Integer(number) => Ok(Some(number)),
                    _ => Err(Failure::Kind),
                }
            }
            Event::Null => Ok(None),
            _ => Err(Failure::Kind),
        }
    }

    fn flag(&mut self) -> Result<Option<bool>, Failure> {
        match self.parser.next_event()? {
            Event::Bool(flag) => Ok(Some(flag)),
            Event::Null => Ok(None),
            _ => Err(Failure::Kind),
        }
    }

    fn skip(&mut self) -> Result<(), Failure> {
        let mut depth = 0usize;
        loop {
            match self.parser.next_event()? {
                Event::StartObject | Event::StartArray => depth += 1,
                Event::EndObject | Event::EndArray => depth -= 1,
                Event::EndDocument => return Err(Failure::Kind),
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }
}
