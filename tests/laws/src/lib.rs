//! What must hold of `graph-call` for any bytes.
//!
//! A law is a function over bytes that asserts something of the library; [`laws`] holds them all. The tests of this
//! package, the replay of the fuzzing [`seeds`] and the fuzz targets call the same ones. Beside them stand the
//! documents: [`grammar`] (each rule of RFC 8259 kept and broken),
//! [`automaton`] (the same rules as data, to be walked through), [`generate`] (any call, in any spelling),
//! [`hostile`] (answers that break a rule of HTTP), and what must become of a document, worked out without the library:
//! [`schema`] and [`oracle`], and of an answer: [`http`]. [`metadata`] is what the service publishes, against the schema.

pub mod automaton;
pub mod choices;
pub mod generate;
pub mod grammar;
pub mod hostile;
pub mod http;
pub mod laws;
pub mod metadata;
pub mod oracle;
pub mod schema;
pub mod script;
pub mod seeds;
pub mod splits;
pub mod world;
