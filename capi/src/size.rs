//! How much memory each kind of object takes: numbers that a C program has when it is compiled, for static storage.
//!
//! The header chooses one by the width of a pointer and by the preset. Each is the size, rounded up to a multiple of 64; a
//! library whose objects are larger does not compile, and the C programs of `examples/c` fail where a number is too large.

use crate::call::Call;
use crate::job::Job;
use crate::parser::Parser;

/// Makes the numbers of an object, and holds the object against the one that counts here.
macro_rules! sizes {
    ($($object:ty: $narrow:ident = $narrow_size:literal, $wide:ident = $wide_size:literal,
        tiny $tiny_narrow:ident = $tiny_narrow_size:literal, $tiny_wide:ident = $tiny_wide_size:literal;)*) => {$(
        #[doc(hidden)]
        pub const $narrow: usize = $narrow_size;
        #[doc(hidden)]
        pub const $wide: usize = $wide_size;
        #[doc(hidden)]
        pub const $tiny_narrow: usize = $tiny_narrow_size;
        #[doc(hidden)]
        pub const $tiny_wide: usize = $tiny_wide_size;
        const _: () = assert!(
            size_of::<$object>() <= match (cfg!(feature = "tiny"), size_of::<usize>() == 8) {
                (false, false) => $narrow,
                (false, true) => $wide,
                (true, false) => $tiny_narrow,
                (true, true) => $tiny_wide,
            } && align_of::<$object>() <= 8,
            "an object has outgrown its number in size.rs"
        );
    )*};
}

sizes! {
    Call: CALL_SIZE_32 = 23040, CALL_SIZE_64 = 26496, tiny CALL_SIZE_TINY_32 = 6208, CALL_SIZE_TINY_64 = 7936;
    Parser: PARSER_SIZE_32 = 256, PARSER_SIZE_64 = 320, tiny PARSER_SIZE_TINY_32 = 256, PARSER_SIZE_TINY_64 = 320;
    Job: JOB_SIZE_32 = 8064, JOB_SIZE_64 = 8384, tiny JOB_SIZE_TINY_32 = 4352, JOB_SIZE_TINY_64 = 4672;
}
