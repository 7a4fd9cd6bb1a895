//! The kit: what the tests of every theme share.
