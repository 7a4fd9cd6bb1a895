//! The capacities of a call when none are stated: the standard preset.
//!
//! | parameter | what it is the capacity of | tiny | standard | large |
//! |---|---|---|---|---|
//! | `ID` | ids, in bytes | 48 | 64 | 128 |
//! | `TEXT` | names, subjects and messages, in bytes | 48 | 128 | 512 |
//! | `URI` | URIs and thread ids, in bytes | 0 | 256 | 2048 |
//! | `SECRET` | join tokens, media blobs and recording tokens, in bytes | 0 | 0 | 8192 |
//! | `WORD` | the text of enumeration members that are not known, in bytes | 0 | 32 | 48 |
//! | `SET` | the identities of one participant | 1 | 2 | 10 |
//! | `LIST` | targets, routes, prompts | 2 | 4 | 10 |
//! | `EXPAND` | what `$expand` brings, of each kind | 0 | 0 | 16 |
//!
//! A capacity of 0 says that such members are not wanted: they are checked and skipped, never an error,
//! and marked as omitted. So a standard call keeps no secrets and nothing expanded; state a capacity for
//! what you want.

/// Ids, in bytes.
pub const ID: usize = 64;
/// Names, subjects and messages, in bytes.
pub const TEXT: usize = 128;
/// URIs and thread ids, in bytes.
pub const URI: usize = 256;
/// Join tokens, media blobs and recording tokens, in bytes.
pub const SECRET: usize = 0;
/// The text of enumeration members that are not known, in bytes.
pub const WORD: usize = 32;
/// The identities of one participant.
pub const SET: usize = 2;
/// Targets, routes and prompts.
pub const LIST: usize = 4;
/// What `$expand` brings, of each kind.
pub const EXPAND: usize = 0;

/// Country, language and region, in bytes; the same in every preset.
pub const TAG: usize = 20;
/// Modalities and routing policies; the same in every preset.
pub const CHOICES: usize = 8;
/// The members that a kind of identity adds to those all identities have; the same in every preset.
pub const EXTRAS: usize = 2;
