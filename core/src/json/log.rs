//! The tables of a model as defmt logs them.

use defmt::{Format, Formatter, write};

use super::slot::{Place, Schema};

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
