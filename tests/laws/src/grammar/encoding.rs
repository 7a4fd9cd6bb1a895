//! Encoding: RFC 8259 section 8.1 (UTF-8) by the well-formedness table of RFC 3629 section 4.
//!
//! ```text
//! UTF8-2 = %xC2-DF UTF8-tail
//! UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
//! UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2( UTF8-tail )
//! ```

use super::{Case, Verdict, case, reject, text};

const BOM: Verdict = Verdict::OursRejects(
    "a parser may ignore a byte order mark or call it an error; a sender must not add one",
);

/// UTF-8, well-formed and broken, and byte order marks.
pub const ENCODING: &[Case] = &[
    text(
        "one, two, three and four bytes",
        "\"a\u{e9}\u{20ac}\u{1f600}\"".as_bytes(),
        "a\u{e9}\u{20ac}\u{1f600}",
    ),
    text("first of two bytes", b"\"\xc2\x80\"", "\u{80}"),
    text("last of two bytes", b"\"\xdf\xbf\"", "\u{7ff}"),
    text("first of three bytes", b"\"\xe0\xa0\x80\"", "\u{800}"),
    text("last before the surrogates", b"\"\xed\x9f\xbf\"", "\u{d7ff}"),
    text("first after the surrogates", b"\"\xee\x80\x80\"", "\u{e000}"),
    text("last of three bytes", b"\"\xef\xbf\xbf\"", "\u{ffff}"),
    text("first of four bytes", b"\"\xf0\x90\x80\x80\"", "\u{10000}"),
    text("last character", b"\"\xf4\x8f\xbf\xbf\"", "\u{10ffff}"),
    text("noncharacters", b"\"\xef\xb7\x90\xef\xbf\xbe\"", "\u{fdd0}\u{fffe}"),
    text("unassigned", b"\"\xf0\x9b\xbf\xbf\"", "\u{1bfff}"),
    text("line and paragraph separator", "\"\u{2028}\u{2029}\"".as_bytes(), "\u{2028}\u{2029}"),
    text("no-break space in a string", b"\"\xc2\xa0\"", "\u{a0}"),
    text("byte order mark in a string", b"\"\xef\xbb\xbf\"", "\u{feff}"),
    text("byte order mark after a letter", b"\"a\xef\xbb\xbf\"", "a\u{feff}"),
    text("combining marks kept apart", "\"e\u{301}\"".as_bytes(), "e\u{301}"),
    text("C1 control characters", b"\"\xc2\x80\xc2\x9f\"", "\u{80}\u{9f}"),
    text("UTF-8 after a long run", "\"abcdefghijklmnop\u{e9}\"".as_bytes(), "abcdefghijklmnop\u{e9}"),
    text("UTF-8 around an escape", "\"\u{e9}\\n\u{e9}\"".as_bytes(), "\u{e9}\n\u{e9}"),
    // bytes that begin nothing
    reject("lone continuation, first", b"\"\x80\""),
    reject("lone continuation, last", b"\"\xbf\""),
    reject("lone continuation after a letter", b"\"a\x80\""),
    reject("lone continuation after a whole character", b"\"\xc3\xa9\xa9\""),
    reject("two lone continuations", b"\"\x80\xbf\""),
    reject("C0", b"\"\xc0\""),
    reject("C1", b"\"\xc1\""),
    reject("F5", b"\"\xf5\x80\x80\x80\""),
    reject("F8, five bytes", b"\"\xf8\x88\x80\x80\x80\""),
    reject("FC, six bytes", b"\"\xfc\x84\x80\x80\x80\x80\""),
    reject("FE", b"\"\xfe\""),
    reject("FF", b"\"\xff\""),
    reject("Latin-1", b"\"caf\xe9\""),
    // overlong
    reject("overlong NUL, two bytes", b"\"\xc0\x80\""),
    reject("overlong solidus, two bytes", b"\"\xc0\xaf\""),
    reject("overlong quote, two bytes", b"\"\xc0\xa2\""),
    reject("overlong DEL, two bytes", b"\"\xc1\xbf\""),
    reject("overlong, three bytes, lowest", b"\"\xe0\x80\x80\""),
    reject("overlong, three bytes, highest", b"\"\xe0\x9f\xbf\""),
    reject("overlong, four bytes, lowest", b"\"\xf0\x80\x80\x80\""),
    reject("overlong, four bytes, highest", b"\"\xf0\x8f\xbf\xbf\""),
    // surrogates
    reject("first high surrogate", b"\"\xed\xa0\x80\""),
    reject("last high surrogate", b"\"\xed\xaf\xbf\""),
    reject("first low surrogate", b"\"\xed\xb0\x80\""),
    reject("last low surrogate", b"\"\xed\xbf\xbf\""),
    reject("surrogate pair in CESU-8", b"\"\xed\xa0\xbd\xed\xb8\x80\""),
    // above the last character
    reject("U+110000", b"\"\xf4\x90\x80\x80\""),
    reject("U+13FFFF", b"\"\xf4\xbf\xbf\xbf\""),
    // cut short
    reject("first of two, then quote", b"\"\xc3\""),
    reject("first of two, then letter", b"\"\xc3a\""),
    reject("first of three, then quote", b"\"\xe2\""),
    reject("two of three, then quote", b"\"\xe2\x82\""),
    reject("two of three, then letter", b"\"\xe2\x82a\""),
    reject("first of four, then quote", b"\"\xf0\""),
    reject("two of four, then quote", b"\"\xf0\x9f\""),
    reject("three of four, then quote", b"\"\xf0\x9f\x98\""),
    reject("three of four, then letter", b"\"\xf0\x9f\x98a\""),
    reject("cut, then another first byte", b"\"\xe2\x82\xc3\xa9\""),
    reject("cut, then an escape", b"\"\xe2\x82\\n\""),
    reject("cut, then the same character whole", b"\"\xe2\x82\xe2\x82\xac\""),
    reject("cut at the end of a long run", b"\"abcdefghijklmnopqrstuvwxyz\xe2\x82\""),
    reject("cut before an escape of its tail", br#""\u00e2\u0082"#),
    // in a name
    reject("stray byte in a name", b"{\"\xff\":1}"),
    reject("overlong in a name", b"{\"\xc0\xaf\":1}"),
    reject("surrogate in a name", b"{\"\xed\xa0\x80\":1}"),
    reject("cut in a name", b"{\"a\xe2\x82\":1}"),
    reject("lone continuation in a name, then a trailing comma", b"{\"\xb9\":\"0\",}"),
    // outside a string
    reject("stray byte as a value", b"\xff"),
    reject("stray byte in an array", b"[\xff]"),
    reject("stray byte after a value", b"[1\xe5]"),
    reject("letter with accent as a value", "[\u{e9}]".as_bytes()),
    reject("emoji as a value", "[\u{1f600}]".as_bytes()),
    reject("emoji as a member", "{\u{1f600}}".as_bytes()),
    // byte order marks
    case("UTF-8 byte order mark before a value", b"\xef\xbb\xbf1", BOM),
    case("UTF-8 byte order mark before an object", b"\xef\xbb\xbf{}", BOM),
    reject("UTF-8 byte order mark alone", b"\xef\xbb\xbf"),
    reject("half a byte order mark", b"\xef\xbb{}"),
    reject("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf{}"),
    reject("byte order mark after the value", b"{}\xef\xbb\xbf"),
    reject("byte order mark in an array", b"[\xef\xbb\xbf1]"),
    reject("byte order mark after white space", b" \xef\xbb\xbf{}"),
    reject("UTF-16 big endian byte order mark", b"\xfe\xff\x00{\x00}"),
    reject("UTF-16 little endian byte order mark", b"\xff\xfe{\x00}\x00"),
    reject("UTF-16 big endian", b"\x00[\x00]"),
    reject("UTF-16 little endian", b"[\x00]\x00"),
    reject("UTF-16 little endian with its byte order mark", b"\xff\xfe[\x00\"\x00\xe9\x00\"\x00]\x00"),
    reject("UTF-16 big endian with its byte order mark", b"\xfe\xff\x00[\x00\"\x00\xe9\x00\"\x00]"),
    reject("UTF-32 little endian with its byte order mark", b"\xff\xfe\x00\x00[\x00\x00\x00]\x00\x00\x00"),
    reject("UTF-7 byte order mark", b"+/v8-[]"),
    case("UTF-8 byte order mark before a string", b"\xef\xbb\xbf\"a\"", BOM),
    reject("UTF-32 big endian", b"\x00\x00\x00[\x00\x00\x00]"),
];
