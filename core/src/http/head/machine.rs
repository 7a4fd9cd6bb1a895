//! The machine behind [`HeadParser`](super::HeadParser), the same code for every capacity.
//!
//! ```text
//!                +---------- interim answer (1xx) is over ---------+
//!                v                                                 |
//!   start ---> Status --- 100..199 ------> Interim --- empty line -+
//!                |
//!                +------- 200..599 ------> Fields  --- empty line ---> Done
//! ```
//!
//! The text holds the kept values, then the line being read. A value worth keeping lies in that line; it is moved to
//! the kept ones when the next line begins, so that the item shown before then may still point at it.

use super::field::{FieldName, Fields};
use super::{INTERIM_MAX, Span};
use crate::http::{Error, ErrorKind, Limits};

/// Room that kept values leave for the lines after them: any line that decides the framing fits, as it is usually
/// written.
const LINE_ROOM_MIN: usize = 64;

/// An item, as places in the text.
pub(super) enum Seen {
    Status { minor_version: u8, status: u16, reason: Span },
    Field { name: Span, value: Span, is_cut: bool },
    End,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Status,
    Interim,
    Fields,
    Done,
    Failed(Error),
}

#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) fields: Fields,
    limits: Limits,
    state: State,
    /// Bytes of the answer taken.
    offset: usize,
    /// The offset of the first byte of the line.
    line_offset: usize,
    /// Bytes of the line that found room.
    line_length: usize,
    line_is_cut: bool,
    after_cr: bool,
    /// Bytes of kept values.
    kept_length: usize,
    /// The value in the line that is to be kept.
    keep: Option<(FieldName, Span)>,
    interim_answers: u8,
    field_lines: usize,
}

impl Machine {
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            fields: Fields::new(0, 0),
            limits,
            state: State::Status,
            offset: 0,
            line_offset: 0,
            line_length: 0,
            line_is_cut: false,
            after_cr: false,
            kept_length: 0,
            keep: None,
            interim_answers: 0,
            field_lines: 0,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn finish(&self) -> Result<(), Error> {
        match self.state {
            State::Done => Ok(()),
            State::Failed(error) => Err(error),
            _ => Err(Error::new(ErrorKind::Truncated, self.offset)),
        }
    }

    pub(super) fn next(&mut self, text: &mut [u8], input: &mut &[u8]) -> Result<Option<Seen>, Error> {
        loop {
            match self.state {
                State::Done => return Ok(Some(Seen::End)),
                State::Failed(error) => return Err(error),
                _ => {}
            }
            let step = match self.take_line(text, input) {
                Ok(false) => return Ok(None),
                Ok(true) => self.line(text),
                Err(error) => Err(error),
            };
            match step {
                Ok(Some(seen)) => return Ok(Some(seen)),
                Ok(None) => {}
                Err(error) => self.state = State::Failed(error),
            }
        }
    }

    /// Takes bytes up to the end of a line; false when the input is used up before it.
    fn take_line(&mut self, text: &mut [u8], input: &mut &[u8]) -> Result<bool, Error> {
        while let Some((&byte, rest)) = input.split_first() {
            if self.offset == self.line_offset {
                self.settle(text);
            }
            let at = self.offset;
            if at >= self.limits.head_bytes {
                return Err(Error::new(ErrorKind::HeadTooLarge, at));
            }
            *input = rest;
            self.offset = at.saturating_add(1);
            match byte {
                b'\n' if self.after_cr => return Ok(true),
                _ if self.after_cr => return Err(Error::new(ErrorKind::BareCr, at.saturating_sub(1))),
                b'\r' => self.after_cr = true,
                b'\n' => return Err(Error::new(ErrorKind::BareLf, at)),
                // `field-vchar = VCHAR / obs-text`, and SP and HTAB between.
                b'\t' | b' '..=b'~' | 0x80.. => {
                    match text.get_mut(self.kept_length.saturating_add(self.line_length)) {
                        Some(place) => {
                            *place = byte;
                            self.line_length = self.line_length.saturating_add(1);
                        }
                        None => self.line_is_cut = true,
                    }
                }
                _ => return Err(Error::new(ErrorKind::ControlCharacter, at)),
            }
        }
        Ok(false)
    }

    /// Moves the value that is to be kept out of the way of the next line.
    fn settle(&mut self, text: &mut [u8]) {
        let Some((name, from)) = self.keep.take() else { return };
        let length = usize::from(from.length);
        let end = self.kept_length.saturating_add(length);
        let fits = end.saturating_add(LINE_ROOM_MIN) <= text.len();
        let place = u16::try_from(self.kept_length).ok().filter(|_| fits);
        if place.is_some() {
            for at in 0..length {
                let byte = text.get(at.saturating_add(usize::from(from.start))).copied().unwrap_or_default();
                if let Some(to) = text.get_mut(at.saturating_add(self.kept_length)) {
                    *to = byte;
                }
            }
            self.kept_length = end;
        }
        self.fields.keep(name, place.map(|start| Span { start, length: from.length }));
    }

    /// Reads a complete line.
    fn line(&mut self, text: &[u8]) -> Result<Option<Seen>, Error> {
        let start = self.kept_length;
        let line = text.get(start..).and_then(|tail| tail.get(..self.line_length)).unwrap_or_default();
        let is_cut = self.line_is_cut;
        let at = self.line_offset;
        self.line_offset = self.offset;
        self.line_length = 0;
        self.line_is_cut = false;
        self.after_cr = false;
        let place = |part: &[u8], from: usize| Span {
            start: u16::try_from(start.saturating_add(from)).unwrap_or(u16::MAX),
            length: u16::try_from(part.len()).unwrap_or(u16::MAX),
        };
        let fail = |kind| Err(Error::new(kind, at));

        if self.state == State::Status {
            let Some((minor_version, digits, reason)) = status_line(line) else {
                return fail(ErrorKind::NotHttp);
            };
            let Some(status) = status(digits) else { return fail(ErrorKind::InvalidStatus) };
            return match status {
                101 => fail(ErrorKind::SwitchingProtocols),
                100..=199 if self.interim_answers >= INTERIM_MAX => fail(ErrorKind::TooManyInterimAnswers),
                100..=199 => {
                    self.interim_answers = self.interim_answers.saturating_add(1);
                    self.state = State::Interim;
                    Ok(None)
                }
                _ => {
                    self.fields = Fields::new(status, minor_version);
                    self.state = State::Fields;
                    let reason = place(reason, line.len().saturating_sub(reason.len()));
                    Ok(Some(Seen::Status { minor_version, status, reason }))
                }
            };
        }

        if line.is_empty() {
            if self.state == State::Interim {
                self.state = State::Status;
                return Ok(None);
            }
            return match self.fields.check() {
                Ok(()) => {
                    self.state = State::Done;
                    Ok(Some(Seen::End))
                }
                Err(kind) => fail(kind),
            };
        }

        if self.field_lines >= self.limits.field_lines {
            return fail(ErrorKind::TooManyFieldLines);
        }
        self.field_lines = self.field_lines.saturating_add(1);
        if matches!(line.first(), Some(b' ' | b'\t')) {
            return fail(ErrorKind::ObsFold);
        }
        // `field-line = field-name ":" OWS field-value OWS`
        let Some(colon) = line.iter().position(|&byte| !is_token(byte)) else {
            return fail(if is_cut { ErrorKind::FieldNameTooLong } else { ErrorKind::InvalidFieldName });
        };
        let (name, rest) = line.split_at_checked(colon).unwrap_or_default();
        let Some(value) = rest.strip_prefix(b":").filter(|_| colon > 0) else {
            return Err(Error::new(ErrorKind::InvalidFieldName, at.saturating_add(colon)));
        };
        if self.state == State::Interim {
            return Ok(None);
        }
        let value = value.trim_ascii_start();
        let value_from = line.len().saturating_sub(value.len());
        let value = value.trim_ascii_end();
        if let Some(field) = FieldName::of(name) {
            match self.fields.take(field, value, is_cut) {
                Ok(Some(kept)) if self.fields.wants(field, kept) => {
                    self.keep = Some((field, place(kept, value_from)))
                }
                Ok(None) if self.fields.wants(field, &[]) => self.fields.keep(field, None),
                Ok(_) => {}
                Err(kind) => return fail(kind),
            }
        }
        Ok(Some(Seen::Field { name: place(name, 0), value: place(value, value_from), is_cut }))
    }
}

/// `HTTP-version = "HTTP/1." DIGIT`, then `SP status-code SP [ reason-phrase ]`.
fn status_line(line: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let rest = line.strip_prefix(b"HTTP/1.")?;
    let (&minor_version, rest) = rest.split_first()?;
    let minor_version = minor_version.wrapping_sub(b'0');
    let rest = rest.strip_prefix(b" ").filter(|_| minor_version <= 1)?;
    let space = rest.iter().position(|&byte| byte == b' ')?;
    let (digits, reason) = rest.split_at_checked(space)?;
    Some((minor_version, digits, reason.strip_prefix(b" ")?))
}

/// `status-code = 3DIGIT`, and of the five classes.
fn status(digits: &[u8]) -> Option<u16> {
    let &[hundreds @ b'1'..=b'5', tens @ b'0'..=b'9', units @ b'0'..=b'9'] = digits else { return None };
    let digit = |byte: u8| u16::from(byte & 0x0f);
    Some(
        digit(hundreds)
            .wrapping_mul(100)
            .wrapping_add(digit(tens).wrapping_mul(10))
            .wrapping_add(digit(units)),
    )
}

/// `tchar`, the bytes of a token.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
