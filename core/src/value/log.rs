//! Records as defmt logs them: what is there, and no secret.
//!
//! Every parameter has a hint of its own, or it would take that of the statement that logs: `{:?}` would put
//! the names of members in quotes.

use defmt::{Format, Formatter, write};

use super::{Members, Value, Values};
use crate::time::DateTime;

impl Format for dyn Members + '_ {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{=str:a} {{", self.type_name());
        for (index, (row, value)) in self.present().enumerate() {
            write!(f, "{=str:a} {=str:a}: {}", separator(index), self.name_of(row), value);
        }
        write!(f, " }}");
    }
}

impl Format for dyn Values + '_ {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "[");
        for (index, value) in self.iter().enumerate() {
            write!(f, "{=str:a}{}", separator(index), value);
        }
        write!(f, "]");
        match usize::from(self.total()).saturating_sub(self.iter().count()) {
            0 => {}
            more => write!(f, " (and {=usize} more)", more),
        }
    }
}

fn separator(index: usize) -> &'static str {
    if index == 0 { "" } else { "," }
}

impl Format for Value<'_> {
    fn format(&self, f: Formatter<'_>) {
        match *self {
            Self::Absent => write!(f, "None"),
            Self::Text { text, is_cut: false } => write!(f, "{=str:?}", text),
            Self::Text { text, is_cut: true } => write!(f, "{=str:?} (cut)", text),
            Self::Secret(_) => write!(f, "(secret)"),
            Self::Omitted => write!(f, "(omitted)"),
            Self::Name { number: 1, text: Some(text), .. } => write!(f, "Unknown({=str:?})", text),
            Self::Name { text, .. } => write!(f, "{=str:a}", text.unwrap_or("Unknown")),
            Self::Bool(value) => write!(f, "{=bool}", value),
            Self::Int32(value) => write!(f, "{=i32}", value),
            Self::Int64(value) => write!(f, "{=i64}", value),
            Self::DateTime(value) => value.format(f),
            Self::Present => write!(f, "(present)"),
            Self::Object(members) => members.format(f),
            Self::List(values) => values.format(f),
            Self::Total(total) => write!(f, "{=u16}", total),
        }
    }
}

impl Format for DateTime {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{=u16:04}-{=u8:02}-{=u8:02}T", self.year, self.month, self.day);
        write!(f, "{=u8:02}:{=u8:02}:{=u8:02}", self.hour, self.minute, self.second);
        if self.nanosecond != 0 {
            write!(f, ".{=u32:09}", self.nanosecond);
        }
        match self.offset_minutes {
            None => {}
            Some(0) => write!(f, "Z"),
            Some(offset) => {
                let sign = if offset < 0 { "-" } else { "+" };
                let minutes = offset.unsigned_abs();
                write!(f, "{=str:a}{=u16:02}:{=u16:02}", sign, minutes / 60, minutes % 60);
            }
        }
    }
}
