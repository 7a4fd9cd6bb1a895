//! Records as defmt logs them: what is there, and no secret.
//!
//! Every parameter states its format. A parameter without one takes the format of the statement that logs, and a
//! `{:?}` there would put the names of members in quotes.

use defmt::{Format, Formatter, write};

use crate::record::{Members, Value, Values};

impl Format for dyn Members + '_ {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{=str:a} {{", self.type_name());
        for (index, (field, value)) in self.present().enumerate() {
            write!(f, "{=str:a} {=str:a}: {}", separator(index), self.name_of(field, &value), value);
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
        if self.next_link().is_some() {
            write!(f, " (cut by the service)");
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
            Self::Text { text, is_cut: true, .. } => write!(f, "{=str:?} (cut)", text),
            Self::Text { text, is_replaced: true, .. } => write!(f, "{=str:?} (replaced)", text),
            Self::Text { text, .. } => write!(f, "{=str:?}", text),
            Self::Secret(_) => write!(f, "(secret)"),
            Self::Omitted => write!(f, "(omitted)"),
            Self::Variant { number: 1, text: Some(text), is_cut: false, .. } => {
                write!(f, "Unknown({=str:?})", text);
            }
            Self::Variant { number: 1, text: Some(text), .. } => {
                write!(f, "Unknown({=str:?}) (cut)", text);
            }
            Self::Variant { text, .. } => write!(f, "{=str:a}", text.unwrap_or("Unknown")),
            Self::Double(text) => write!(f, "{=str:a}", text),
            Self::Bool(value) => write!(f, "{=bool}", value),
            Self::Int32(value) => write!(f, "{=i32}", value),
            Self::Int64(value) => write!(f, "{=i64}", value),
            Self::DateTime(value) => value.format(f),
            Self::Present => write!(f, "(present)"),
            Self::Object(members) => members.format(f),
            Self::List(values) => values.format(f),
            Self::Total(total) => write!(f, "{=u16}", total),
            Self::Unreadable(members) => members.format(f),
        }
    }
}

/// Logs a member of an enumeration by its name here.
pub fn log_variant(name: &'static str, f: Formatter<'_>) {
    write!(f, "{=str:a}", name);
}
