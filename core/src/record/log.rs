//! The tables of a model as defmt logs them.

use defmt::{Format, Formatter, write};

use super::date_time::DateTime;
use super::place::Place;
use super::schema::Schema;

impl Format for Schema {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{{");
        for name in self.names() {
            write!(f, " {=str:a}", name);
        }
        write!(f, " }}");
    }
}

impl Format for Place<'_> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{=str:a}", self.kind());
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
