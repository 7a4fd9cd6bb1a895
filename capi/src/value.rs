//! Any member of a call by its path, by the tables of the model: what has no row in `member.rs` is read here.

use core::ffi::c_char;
use core::ptr;

use graph_call::DateTime;
use graph_call::value::{self, Members};

use crate::call::{Call, Text, finished};
use crate::memory::{give, text};
use crate::status::{Status, status_of};

/// Of which kind a value is, and what of `graph_call_Value` it fills.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u32)]
pub enum Kind {
    /// A string: `text`, and `is_cut` if its end is missing.
    Text = 1,
    /// A string that opens something, and is not to be shown: `text`.
    Secret = 2,
    /// One of a set of names: `text`, unless it is unknown and there was no room; `number` is 1 if it is known.
    Word = 3,
    /// `number` is 1 for true, 0 for false.
    Bool = 4,
    /// `number`.
    Integer = 5,
    /// A number of any form: `text`, as it was written.
    Double = 6,
    /// A time: `number`, the seconds since the start of 1970 by UTC.
    Time = 7,
    /// An object, which has members.
    Object = 8,
    /// An array: `number` says how many elements there are by the service's word, `is_cut` that it did not send all.
    List = 9,
    /// There was a string that did not fit, or was not wanted.
    Omitted = 10,
    /// There was a value of a type that Microsoft does not publish.
    Present = 11,
}

/// The value of a member.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Value {
    /// Which kind.
    pub kind: Kind,
    /// 1 if not all of it is there, else 0.
    pub is_cut: u32,
    /// The number, of kinds that have one; else 0.
    pub number: i64,
    /// The text, of kinds that have one; else its start is null.
    pub text: Text,
}

/// The value of any member, by its path: names as Microsoft writes them with dots between, and the elements of arrays by
/// number, from 0: `resultInfo.code`, `targets[0].identity.user.id`. Absent if the member is, or an object on the way;
/// `WRONG_NAME` if there is no such member.
///
/// # Safety
/// `call` is null or points to memory that was given to `init` and is not changed meanwhile; `path` is null or ends with a
/// NUL; `value` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn graph_call_value(
    call: *const Call,
    path: *const c_char,
    value: *mut Value,
) -> Status {
    // SAFETY: the caller's promise about `call` is passed on.
    let found = unsafe { finished(call) }.and_then(|call| {
        // SAFETY: the caller's promise about `path` is passed on.
        let path = unsafe { text(path) }.ok_or(Status::NullPointer)?;
        Value::of(find(call, path)?)
    });
    // SAFETY: the caller's promise about `value` is passed on.
    status_of(found.and_then(|found| unsafe { give(value, found) }))
}

/// The value at a path.
fn find<'c>(call: &'c dyn Members, path: &[u8]) -> Result<value::Value<'c>, Status> {
    let mut found = value::Value::Object(call);
    for step in path.split(|&byte| byte == b'.') {
        let mut parts = step.split(|&byte| byte == b'[');
        let value::Value::Object(object) = found else { return Err(missing(&found)) };
        found = member(object, parts.next().unwrap_or_default())?;
        for index in parts {
            let index = number(index)?;
            let value::Value::List(list) = found else { return Err(missing(&found)) };
            found = list.value(index).ok_or(Status::Absent)?;
        }
    }
    Ok(found)
}

/// What it says that a value has nothing inside.
fn missing(found: &value::Value<'_>) -> Status {
    if matches!(found, value::Value::Absent) { Status::Absent } else { Status::WrongName }
}

fn member<'c>(object: &'c dyn Members, name: &[u8]) -> Result<value::Value<'c>, Status> {
    let schema = object.schema();
    for (field, value) in (0..u8::MAX).map_while(|index| object.member(index)) {
        if schema.name(field).is_some_and(|known| known.as_bytes() == name) {
            return Ok(value);
        }
    }
    // Some records have only those members that are there.
    let is_known = schema.names().any(|known| known.as_bytes() == name);
    if is_known { Ok(value::Value::Absent) } else { Err(Status::WrongName) }
}

/// The number before a closing bracket.
fn number(index: &[u8]) -> Result<u16, Status> {
    let digits = index.strip_suffix(b"]").filter(|digits| !digits.is_empty()).ok_or(Status::WrongName)?;
    digits.iter().try_fold(0_u16, |number, digit| {
        let digit = u16::from(digit.wrapping_sub(b'0'));
        if digit > 9 {
            return Err(Status::WrongName);
        }
        // No list is so long.
        Ok(number.saturating_mul(10).saturating_add(digit))
    })
}

impl Value {
    fn of(found: value::Value<'_>) -> Result<Self, Status> {
        use value::Value as Found;
        const NO_TEXT: Text = Text { start: ptr::null(), length: 0 };
        let new = |kind| Self { kind, is_cut: 0, number: 0, text: NO_TEXT };
        let text = |kind, text| Self { text: Text::new(text), ..new(kind) };
        let number = |kind, number| Self { number, ..new(kind) };
        Ok(match found {
            Found::Text { text: found, is_cut, .. } => {
                Self { is_cut: u32::from(is_cut), ..text(Kind::Text, found) }
            }
            Found::Secret(found) => text(Kind::Secret, found),
            Found::Omitted => new(Kind::Omitted),
            Found::Variant { number, text, is_cut, .. } => Self {
                is_cut: u32::from(is_cut),
                number: i64::from(number > 1),
                text: Text::or_null(text),
                ..new(Kind::Word)
            },
            Found::Bool(found) => number(Kind::Bool, i64::from(found)),
            Found::Double(found) => text(Kind::Double, found),
            Found::Int32(found) => number(Kind::Integer, i64::from(found)),
            Found::Int64(found) => number(Kind::Integer, found),
            Found::DateTime(found) => number(Kind::Time, seconds(&found)),
            Found::Present => new(Kind::Present),
            Found::Object(_) => new(Kind::Object),
            Found::List(list) => Self {
                is_cut: u32::from(list.next_link().is_some()),
                text: Text::or_null(list.next_link().filter(|link| !link.is_empty())),
                ..number(Kind::List, i64::from(list.total()))
            },
            Found::Absent | Found::Total(_) | Found::Unreadable(_) => return Err(Status::Absent),
        })
    }
}

/// The seconds since the start of 1970 by UTC; an offset that is not stated is none.
fn seconds(time: &DateTime) -> i64 {
    // The year begins in March, so that the leap day is its last. No step overflows before the year 10,000.
    let (year, month) = (i64::from(time.year), i64::from(time.month));
    let (year, month) =
        if month > 2 { (year, month.wrapping_sub(3)) } else { (year.wrapping_sub(1), month.wrapping_add(9)) };
    let leaps = year.div_euclid(4).wrapping_sub(year.div_euclid(100)).wrapping_add(year.div_euclid(400));
    let in_year = month.wrapping_mul(153).wrapping_add(2) / 5;
    let days =
        year.wrapping_mul(365).wrapping_add(leaps).wrapping_add(in_year).wrapping_add(i64::from(time.day));
    // From the day before the first of March of the year 0 to the start of 1970.
    let hours = days.wrapping_sub(719_469).wrapping_mul(24).wrapping_add(i64::from(time.hour));
    let minutes = hours.wrapping_mul(60).wrapping_add(i64::from(time.minute));
    let minutes = minutes.wrapping_sub(i64::from(time.offset_minutes.unwrap_or(0)));
    minutes.wrapping_mul(60).wrapping_add(i64::from(time.second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_those_of_the_calendar() {
        for expected in (0..253_402_300_799).step_by(86_399 * 97) {
            let time = DateTime::from_unix(expected).expect("before the year 10,000");
            assert_eq!(seconds(&time), i64::try_from(expected).expect("fits"));
        }
        let time = DateTime::parse(b"1969-12-31T23:30:00-01:00").expect("a time");
        assert_eq!(seconds(&time), 1_800);
    }
}
