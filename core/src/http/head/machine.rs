//! The machine behind [`HeadParser`](super::HeadParser), the same code for every capacity.
//!
//! ```text
//!                +---------- interim answer (1xx) is over ---------+
//!                v                                                 |
//!   start ---> Status --- 100..199 ------> Interim --- empty line -+
//!                |
//!                +------- 200..999 ------> Fields  --- empty line ---> Done
//! ```
//!
//! A field line is over when the next line does not continue it, which its first byte tells: `obs-fold =
//! OWS CRLF RWS` (RFC 9112, section 5.2) counts as the white space that it ends with.
//!
//! The text holds the kept values, then the line being read. A value worth keeping lies in that line; it
//! is moved to the kept ones when the next line begins, so that the item shown before then may still
//! point at it.

use super::field::Fields;
use super::line::{self, Fault};
use super::span::Span;
use crate::http::field_name::FieldName;
use crate::http::{Error, ErrorKind, Limits};

/// The most interim (1xx) answers that are skipped before the final one.
pub const INTERIM_MAX: u8 = 8;

/// Room that kept values leave for the lines after them: any line that decides the framing fits, as it is
/// usually written.
const LINE_ROOM_MIN: usize = 64;

/// An item, as places in the text.
pub(crate) enum Seen {
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
    Failed,
}

/// How much of a line end has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Ending {
    None,
    /// CR.
    Cr,
    /// CRLF after a field line, which the next line may continue.
    Line,
}

#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) fields: Fields,
    /// As [`Limits::difference`]: the default ones are zeros.
    limits: Limits,
    state: State,
    /// What went wrong, once something has.
    fault: Error,
    /// Bytes of the answer taken.
    offset: usize,
    /// The offset of the first byte of the line.
    line_offset: usize,
    /// Bytes of the line that found room.
    line_length: usize,
    line_is_cut: bool,
    line_is_folded: bool,
    ending: Ending,
    /// Bytes of kept values.
    kept_length: usize,
    /// The value in the line that is to be kept, and the number of its field.
    keep: Option<(u8, Span)>,
    interim_answers: u8,
    field_lines: usize,
}

impl Machine {
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            fields: Fields::NONE,
            limits: limits.difference(),
            state: State::Status,
            fault: Error::new(ErrorKind::Truncated, 0),
            offset: 0,
            line_offset: 0,
            line_length: 0,
            line_is_cut: false,
            line_is_folded: false,
            ending: Ending::None,
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

    pub(super) const fn limits(&self) -> Limits {
        self.limits.difference()
    }

    pub(super) fn finish(&self) -> Result<(), Error> {
        match self.state {
            State::Done => Ok(()),
            State::Failed => Err(self.fault),
            _ => Err(Error::new(ErrorKind::Truncated, self.offset)),
        }
    }

    pub(super) fn next(&mut self, text: &mut [u8], input: &mut &[u8]) -> Result<Option<Seen>, Error> {
        loop {
            match self.state {
                State::Done => return Ok(Some(Seen::End)),
                State::Failed => return Err(self.fault),
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
                Err(error) => {
                    self.state = State::Failed;
                    self.fault = error;
                }
            }
        }
    }

    /// Takes bytes up to the end of a line; false when the input is used up before it.
    fn take_line(&mut self, text: &mut [u8], input: &mut &[u8]) -> Result<bool, Error> {
        while let Some((&byte, rest)) = input.split_first() {
            let at = self.offset;
            if at == self.line_offset {
                self.settle(text);
            }
            let ending = core::mem::replace(&mut self.ending, Ending::None);
            if ending == Ending::Line {
                if !matches!(byte, b' ' | b'\t') {
                    return Ok(true);
                }
                self.line_is_folded = true;
            }
            let left = self.limits().head_bytes.saturating_sub(at);
            if left == 0 {
                return Err(Error::new(ErrorKind::HeadTooLarge, at));
            }
            match (ending, byte) {
                (Ending::Cr, b'\n') => {
                    // A status line and the empty line cannot be continued.
                    if self.state != State::Status && self.line_length > 0 {
                        self.ending = Ending::Line;
                    }
                }
                (Ending::Cr, _) => return Err(Error::new(ErrorKind::BareCr, at.wrapping_sub(1))),
                (_, b'\r') => self.ending = Ending::Cr,
                (_, b'\n') => return Err(Error::new(ErrorKind::BareLf, at)),
                _ if !line::may_hold(byte) => return Err(Error::new(ErrorKind::ControlCharacter, at)),
                _ => {
                    match text.get_mut(self.kept_length.wrapping_add(self.line_length)) {
                        Some(place) => {
                            *place = byte;
                            self.line_length = self.line_length.wrapping_add(1);
                        }
                        None => self.line_is_cut = true,
                    }
                    *input = rest;
                    self.offset = at.wrapping_add(1);
                    // Not on a device, where flash is worth more.
                    if cfg!(target_pointer_width = "64") && !rest.is_empty() {
                        self.take_run(text, input, left.wrapping_sub(1));
                    }
                    continue;
                }
            }
            *input = rest;
            self.offset = at.wrapping_add(1);
            if ending == Ending::Cr && self.ending == Ending::None {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes what else of the input belongs to the line, at most so many bytes.
    #[inline(never)]
    fn take_run(&mut self, text: &mut [u8], input: &mut &[u8], left: usize) {
        let length = line::run(input).min(left);
        let Some((run, rest)) = input.split_at_checked(length) else { return };
        *input = rest;
        self.offset = self.offset.wrapping_add(length);
        let room = text.get_mut(self.kept_length.wrapping_add(self.line_length)..).unwrap_or_default();
        self.line_is_cut |= length > room.len();
        self.line_length = self.line_length.wrapping_add(length.min(room.len()));
        for (place, byte) in room.iter_mut().zip(run) {
            *place = *byte;
        }
    }

    /// Moves the value that is to be kept out of the way of the next line.
    fn settle(&mut self, text: &mut [u8]) {
        let Some((name, from)) = self.keep.take() else { return };
        let start = self.kept_length;
        let end = start.wrapping_add(usize::from(from.length));
        if end.wrapping_add(LINE_ROOM_MIN) > text.len() {
            self.fields.keep(name, None);
            return;
        }
        for at in 0..usize::from(from.length) {
            let byte = text.get(at.wrapping_add(usize::from(from.start))).copied();
            if let (Some(to), Some(byte)) = (text.get_mut(at.wrapping_add(start)), byte) {
                *to = byte;
            }
        }
        self.kept_length = end;
        self.fields.keep(name, Some(Span::new(start, usize::from(from.length))));
    }

    /// Reads a complete line.
    // By itself, or every byte that comes alone pays for its registers.
    #[inline(never)]
    fn line(&mut self, text: &[u8]) -> Result<Option<Seen>, Error> {
        let line =
            text.get(self.kept_length..).and_then(|tail| tail.get(..self.line_length)).unwrap_or_default();
        let offset = self.line_offset;
        let is_cut = core::mem::take(&mut self.line_is_cut);
        self.line_offset = self.offset;
        self.line_length = 0;
        let seen = match self.state {
            State::Status => self.status_line(line, is_cut),
            _ if line.is_empty() => self.empty_line(),
            _ => self.field_line(line, is_cut),
        };
        self.line_is_folded = false;
        seen.map_err(|(kind, at)| Error::new(kind, offset.wrapping_add(at)))
    }

    fn status_line(&mut self, line: &[u8], is_cut: bool) -> Result<Option<Seen>, Fault> {
        let (minor_version, status) = line::status(line, is_cut)?;
        if status >= 200 {
            self.fields.status = status;
            self.fields.minor_version = minor_version;
            self.state = State::Fields;
            let start = line::REASON_START;
            let reason = Span::new(self.kept_length.wrapping_add(start), line.len().saturating_sub(start));
            return Ok(Some(Seen::Status { minor_version, status, reason }));
        }
        if status == 101 {
            return Err((ErrorKind::SwitchingProtocols, 0));
        }
        self.interim_answers = self.interim_answers.wrapping_add(1);
        if self.interim_answers > INTERIM_MAX {
            return Err((ErrorKind::TooManyInterimAnswers, 0));
        }
        self.state = State::Interim;
        Ok(None)
    }

    fn field_line(&mut self, line: &[u8], is_cut: bool) -> Result<Option<Seen>, Fault> {
        self.field_lines = self.field_lines.wrapping_add(1);
        if self.field_lines > self.limits().field_lines {
            return Err((ErrorKind::TooManyFieldLines, 0));
        }
        let (name, value, value_start) = line::field(line, is_cut)?;
        if self.state == State::Interim {
            return Ok(None);
        }
        let value_start = self.kept_length.wrapping_add(value_start);
        if let Some(field) = FieldName::of(name) {
            let kept =
                self.fields.take(field, value, is_cut, self.line_is_folded).map_err(|kind| (kind, 0))?;
            self.keep = kept.map(|kept| (field as u8, Span::new(value_start, kept.len())));
        }
        let name = Span::new(self.kept_length, name.len());
        Ok(Some(Seen::Field { name, value: Span::new(value_start, value.len()), is_cut }))
    }

    fn empty_line(&mut self) -> Result<Option<Seen>, Fault> {
        if self.state == State::Interim {
            self.state = State::Status;
            return Ok(None);
        }
        self.fields.check().map_err(|kind| (kind, 0))?;
        self.state = State::Done;
        Ok(Some(Seen::End))
    }
}
