//! Records as a person wants to see them: what is there, and no secret.

use core::fmt;

use crate::record::{Members, Value, Values};

impl fmt::Debug for dyn Members + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut members = f.debug_struct(self.type_name());
        for (field, value) in self.present() {
            members.field(self.name_of(field, &value), &value);
        }
        members.finish()
    }
}

impl fmt::Debug for dyn Values + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()?;
        match usize::from(self.total()).saturating_sub(self.iter().count()) {
            0 => {}
            more => write!(f, " (and {more} more)")?,
        }
        if self.next_link().is_some() { f.write_str(" (cut by the service)") } else { Ok(()) }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("None"),
            Self::Text { text, is_cut: true, .. } => write!(f, "{text:?} (cut)"),
            Self::Text { text, is_replaced: true, .. } => write!(f, "{text:?} (replaced)"),
            Self::Text { text, .. } => write!(f, "{text:?}"),
            Self::Secret(_) => f.write_str("(secret)"),
            Self::Omitted => f.write_str("(omitted)"),
            Self::Variant { number: 1, text: Some(text), is_cut, .. } => {
                write!(f, "Unknown({text:?}){}", if *is_cut { " (cut)" } else { "" })
            }
            Self::Variant { text, .. } => f.write_str(text.unwrap_or("Unknown")),
            Self::Double(text) => f.write_str(text),
            Self::Bool(value) => value.fmt(f),
            Self::Int32(value) => value.fmt(f),
            Self::Int64(value) => value.fmt(f),
            Self::DateTime(value) => fmt::Display::fmt(value, f),
            Self::Present => f.write_str("(present)"),
            Self::Object(members) => members.fmt(f),
            Self::List(values) => values.fmt(f),
            Self::Total(total) => total.fmt(f),
            Self::Unreadable(members) => members.fmt(f),
        }
    }
}
