//! Answers as no client likes them, and what has to come of each.

use core::time::Duration;

use graph_call::http::ErrorKind;

/// What has to come of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The call of [`CONTENT`].
    Call,
    /// A sound call, and another one than was asked for.
    OtherCall,
    /// A refusal for this rule, and for no other.
    Refused(ErrorKind),
    /// A legal answer that holds no call: an error that names its status.
    Status(u16),
}

/// An answer and its outcome.
#[derive(Debug)]
pub struct Row {
    /// What is wrong with it, or odd.
    pub name: &'static str,
    /// Its bytes; after the last one the peer says `close_notify`.
    pub answer: Vec<u8>,
    /// What has to come of it.
    pub outcome: Outcome,
    /// A part of what the answer says, where it is a refusal that says something.
    pub says: &'static str,
    /// How long it asks to wait.
    pub wait: Option<Duration>,
    /// Whether the connection serves another exchange when the peer leaves it open, where that is certain.
    pub is_reused: Option<bool>,
}

/// The content of the answers that are good: 31 bytes.
pub const CONTENT: &str = r#"{"id":"1","state":"terminated"}"#;
/// The same in chunks, without the last chunk.
const CHUNKS: &str = "a\r\n{\"id\":\"1\",\r\n15\r\n\"state\":\"terminated\"}\r\n";

const TYPE: &str = "Content-Type: application/json\r\n";

/// Every row.
#[must_use]
pub fn rows() -> Vec<Row> {
    let rows = [lengths(), codings(), chunks(), heads(), interim(), without_content(), refusals(), waits()];
    rows.into_iter().flatten().collect()
}

fn row(name: &'static str, answer: impl Into<Vec<u8>>, outcome: Outcome) -> Row {
    Row { name, answer: answer.into(), outcome, says: "", wait: None, is_reused: Some(false) }
}

fn reusable(row: Row) -> Row {
    Row { is_reused: Some(true), ..row }
}

/// For an answer that only the end of the connection ends, or that may be left unread.
fn uncertain(row: Row) -> Row {
    Row { is_reused: None, ..row }
}

fn saying(says: &'static str, row: Row) -> Row {
    Row { says, ..row }
}

fn waiting(seconds: u64, row: Row) -> Row {
    Row { wait: Some(Duration::from_secs(seconds)), ..row }
}

/// An answer with these further field lines, and the content.
fn fields(field_lines: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{TYPE}{field_lines}\r\n{CONTENT}")
}

/// An answer in chunks, with this message body.
fn chunked(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{TYPE}Transfer-Encoding: chunked\r\n\r\n{body}")
}

fn lengths() -> Vec<Row> {
    use ErrorKind::{ContentLengthConflict, ContentTooLarge, InvalidContentLength, Truncated};
    let mut rows = vec![
        reusable(row("one length", fields("Content-Length: 31\r\n"), Outcome::Call)),
        reusable(row(
            "the same length twice",
            fields("Content-Length: 31\r\ncontent-length: 31\r\n"),
            Outcome::Call,
        )),
        reusable(row(
            "a length behind zeros",
            fields("Content-Length: 000000000000000000000000031\r\n"),
            Outcome::Call,
        )),
        reusable(row("the same length in a list", fields("Content-Length: 31, 31\r\n"), Outcome::Call)),
        row(
            "two lengths",
            fields("Content-Length: 31\r\nContent-Length: 3\r\n"),
            Outcome::Refused(ContentLengthConflict),
        ),
        row(
            "two lengths in a list",
            fields("Content-Length: 31, 3\r\n"),
            Outcome::Refused(ContentLengthConflict),
        ),
        row("more bytes than the length", fields("Content-Length: 31\r\n") + "more", Outcome::Call),
        uncertain(row(
            "fewer bytes than the length",
            fields("Content-Length: 32\r\n"),
            Outcome::Refused(Truncated),
        )),
        row(
            "a length beyond the limit",
            fields("Content-Length: 1048577\r\n"),
            Outcome::Refused(ContentTooLarge),
        ),
        uncertain(row("no length, closed", fields(""), Outcome::Call)),
    ];
    for (name, value) in [
        ("length +31", "+31"),
        ("length -31", "-31"),
        ("length in words", "abc"),
        ("an empty length", ""),
        ("length 2^64", "18446744073709551616"),
        ("length not ASCII", "\u{663}\u{661}"),
        ("length with a blank", "3 1"),
        ("length in hexadecimal", "0x1f"),
        ("length with a fraction", "31.0"),
    ] {
        let answer = fields(&format!("Content-Length: {value}\r\n"));
        rows.push(row(name, answer, Outcome::Refused(InvalidContentLength)));
    }
    rows
}

fn codings() -> Vec<Row> {
    use ErrorKind::{
        LengthAndTransferEncoding, TransferEncodingInHttp10, UnsupportedContentCoding,
        UnsupportedTransferCoding,
    };
    let whole = format!("{CHUNKS}0\r\n\r\n");
    let mut rows = vec![
        reusable(row("chunked", chunked(&whole), Outcome::Call)),
        reusable(row("CHUNKED", chunked(&whole).replace(": chunked", ": CHUNKED"), Outcome::Call)),
        row(
            "length and transfer coding",
            chunked(&whole).replace("Transfer", "Content-Length: 31\r\nTransfer"),
            Outcome::Refused(LengthAndTransferEncoding),
        ),
        row(
            "transfer coding and length",
            chunked(&whole).replace("\r\n\r\na", "\r\nContent-Length: 31\r\n\r\na"),
            Outcome::Refused(LengthAndTransferEncoding),
        ),
        row(
            "transfer coding in HTTP/1.0",
            chunked(&whole).replace("HTTP/1.1", "HTTP/1.0"),
            Outcome::Refused(TransferEncodingInHttp10),
        ),
    ];
    for (name, coding) in [
        ("gzip, chunked", "gzip, chunked"),
        ("chunked, gzip", "chunked, gzip"),
        ("xchunked", "xchunked"),
        ("chunked, chunked", "chunked, chunked"),
        ("identity", "identity"),
        ("chunked;q=1", "chunked;q=1"),
    ] {
        let answer = chunked(&whole).replace(": chunked", &format!(": {coding}"));
        rows.push(row(name, answer, Outcome::Refused(UnsupportedTransferCoding)));
    }
    let coded = |coding: &str| fields(&format!("Content-Encoding: {coding}\r\nContent-Length: 31\r\n"));
    for (name, coding) in [
        ("content coded with gzip", "gzip"),
        ("content coded with br", "br"),
        ("content coded twice", "identity, gzip"),
        ("an unknown content coding", "x"),
    ] {
        rows.push(row(name, coded(coding), Outcome::Refused(UnsupportedContentCoding)));
    }
    rows.push(reusable(row("content coded with identity", coded("Identity"), Outcome::Call)));
    rows.push(reusable(row("an empty list of content codings", coded(""), Outcome::Call)));
    let refusal = coded("gzip").replace("200 OK", "403 Forbidden");
    rows.push(uncertain(row("a refusal coded with gzip", refusal, Outcome::Status(403))));
    rows
}

fn chunks() -> Vec<Row> {
    use ErrorKind::{ChunkExtensionsTooLong, InvalidChunkEnd, InvalidChunkSize, TrailerTooLong, Truncated};
    let extension = "e".repeat(255);
    let trailer = format!("x: {}\r\n", "t".repeat(4091));
    let mut rows = vec![
        reusable(row("an extension", chunked(&format!("1f;a=b\r\n{CONTENT}\r\n0;c\r\n\r\n")), Outcome::Call)),
        reusable(row(
            "256 bytes of extension",
            chunked(&format!("1f;{extension}\r\n{CONTENT}\r\n0\r\n\r\n")),
            Outcome::Call,
        )),
        reusable(row(
            "a blank before an extension",
            chunked(&format!("1f ;x=y\r\n{CONTENT}\r\n0\r\n\r\n")),
            Outcome::Call,
        )),
        row(
            "257 bytes of extension",
            chunked(&format!("1f;{extension}\r\n{CONTENT}\r\n0;\r\n\r\n")),
            Outcome::Refused(ChunkExtensionsTooLong),
        ),
        reusable(row(
            "a trailer section",
            chunked(&format!("{CHUNKS}0\r\nx: y\r\nz: \r\n\r\n")),
            Outcome::Call,
        )),
        row(
            "a trailer line without a colon",
            chunked(&format!("{CHUNKS}0\r\nx y\r\n\r\n")),
            Outcome::Refused(ErrorKind::InvalidFieldName),
        ),
        reusable(row(
            "a blank after a size",
            chunked(&format!("1f \t\r\n{CONTENT}\r\n0 ;c\r\n\r\n")),
            Outcome::Call,
        )),
        reusable(row(
            "a size of 17 digits",
            chunked(&format!("0000000000000001f\r\n{CONTENT}\r\n0\r\n\r\n")),
            Outcome::Call,
        )),
        reusable(row(
            "a trailer section of 4 KiB",
            chunked(&format!("{CHUNKS}0\r\n{trailer}\r\n")),
            Outcome::Call,
        )),
        row(
            "a trailer section beyond 4 KiB",
            chunked(&format!("{CHUNKS}0\r\n{trailer}x: y\r\n\r\n")),
            Outcome::Refused(TrailerTooLong),
        ),
        uncertain(row("the end after a chunk", chunked(CHUNKS), Outcome::Refused(Truncated))),
        uncertain(row("the end in a chunk", chunked(&CHUNKS[..20]), Outcome::Refused(Truncated))),
        uncertain(row(
            "the end after the last chunk",
            chunked(&format!("{CHUNKS}0\r\n")),
            Outcome::Refused(Truncated),
        )),
        uncertain(row("the end in a chunk size", chunked("1"), Outcome::Refused(Truncated))),
        row(
            "a chunk longer than its size",
            chunked(&format!("1e\r\n{CONTENT}\r\n0\r\n\r\n")),
            Outcome::Refused(InvalidChunkEnd),
        ),
        row("a blank line instead of a chunk", chunked("\r\n"), Outcome::Refused(InvalidChunkSize)),
    ];
    for (name, size) in [
        ("chunk size +1f", "+1f"),
        ("chunk size after a blank", " 1f"),
        ("chunk size 0x1f", "0x1f"),
        ("chunk size with a word behind a blank", "1f x"),
        ("chunk size in words", "xyz"),
        ("chunk size negative", "-1"),
    ] {
        let answer = chunked(&format!("{size}\r\n{CONTENT}\r\n0\r\n\r\n"));
        rows.push(row(name, answer, Outcome::Refused(InvalidChunkSize)));
    }
    rows
}

fn heads() -> Vec<Row> {
    use ErrorKind::{
        BareCr, BareLf, ContentTypeConflict, ControlCharacter, HeadTooLarge, InvalidFieldName, InvalidStatus,
        NotHttp, ObsFold, TooManyFieldLines, Truncated,
    };
    let good = fields("Content-Length: 31\r\n");
    let status = |status: &str| good.replace("200 OK", status);
    let line = |line: &str| fields(&format!("{line}\r\nContent-Length: 31\r\n"));
    vec![
        reusable(row("no reason phrase", status("200 "), Outcome::Call)),
        reusable(row("no blank after the status", status("200"), Outcome::Call)),
        uncertain(row(
            "HTTP/1.0 without a length",
            fields("").replace("HTTP/1.1", "HTTP/1.0"),
            Outcome::Call,
        )),
        row("connection: close", line("Connection: close"), Outcome::Call),
        row("status 000", status("000 OK"), Outcome::Refused(InvalidStatus)),
        row("status 099", status("099 OK"), Outcome::Refused(InvalidStatus)),
        reusable(row("status 799", status("799 Odd"), Outcome::Status(799))),
        reusable(row("HTTP/1.2", good.replace("HTTP/1.1", "HTTP/1.2"), Outcome::Call)),
        row("HTTP/2.0", good.replace("HTTP/1.1", "HTTP/2.0"), Outcome::Refused(NotHttp)),
        uncertain(row("another protocol", "SSH-2.0-OpenSSH_9.2\r\n", Outcome::Refused(NotHttp))),
        row("an empty line first", format!("\r\n{good}"), Outcome::Refused(NotHttp)),
        uncertain(row("nothing", "", Outcome::Refused(Truncated))),
        uncertain(row("the end in the head", &good.as_bytes()[..40], Outcome::Refused(Truncated))),
        reusable(row("obs-fold", line("x: y\r\n z"), Outcome::Call)),
        row("obs-fold in a length", fields("Content-Length: 31\r\n \r\n"), Outcome::Refused(ObsFold)),
        row("two types", line("Content-Type: text/html"), Outcome::Refused(ContentTypeConflict)),
        reusable(row("the same type twice", line("content-type: application/json"), Outcome::Call)),
        row("a blank before the colon", line("x : y"), Outcome::Refused(InvalidFieldName)),
        row("no colon", line("xy"), Outcome::Refused(InvalidFieldName)),
        row("no field name", line(": y"), Outcome::Refused(InvalidFieldName)),
        row("NUL in a value", line("x: \0y"), Outcome::Refused(ControlCharacter)),
        row("bare CR in a value", line("x: \ry"), Outcome::Refused(BareCr)),
        row("bare LF line ends", good.replace("\r\n", "\n"), Outcome::Refused(BareLf)),
        row("a bare LF in the middle", line("x: y\nz: y"), Outcome::Refused(BareLf)),
        row("a head of 70 KB", line(&format!("x: {}", "y".repeat(70_000))), Outcome::Refused(HeadTooLarge)),
        row(
            "65 field lines",
            format!("HTTP/1.1 200 OK\r\n{TYPE}{}Content-Length: 31\r\n\r\n{CONTENT}", "x: y\r\n".repeat(63)),
            Outcome::Refused(TooManyFieldLines),
        ),
        reusable(row(
            "64 field lines",
            format!("HTTP/1.1 200 OK\r\n{TYPE}{}Content-Length: 31\r\n\r\n{CONTENT}", "x: y\r\n".repeat(62)),
            Outcome::Call,
        )),
    ]
}

fn interim() -> Vec<Row> {
    let good = fields("Content-Length: 31\r\n");
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    vec![
        reusable(row("one interim answer", format!("HTTP/1.1 100 Continue\r\n\r\n{good}"), Outcome::Call)),
        reusable(row("eight interim answers", early.repeat(8) + &good, Outcome::Call)),
        row(
            "nine interim answers",
            early.repeat(9) + &good,
            Outcome::Refused(ErrorKind::TooManyInterimAnswers),
        ),
        row(
            "another protocol from here on",
            format!("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n{good}"),
            Outcome::Refused(ErrorKind::SwitchingProtocols),
        ),
    ]
}

fn without_content() -> Vec<Row> {
    let empty = |status: &str, field_lines: &str| format!("HTTP/1.1 {status}\r\n{field_lines}\r\n");
    vec![
        reusable(row("204", empty("204 No Content", ""), Outcome::Status(204))),
        row(
            "204 with a length",
            empty("204 No Content", "Content-Length: 5\r\n") + "HTTP/",
            Outcome::Status(204),
        ),
        row(
            "304 with a length",
            empty("304 Not Modified", "Content-Length: 5\r\n") + "HTTP/",
            Outcome::Status(304),
        ),
        reusable(row(
            "a redirect",
            empty("302 Found", "Location: https://elsewhere.example/\r\nContent-Length: 0\r\n"),
            Outcome::Status(302),
        )),
        uncertain(row(
            "a page of HTML",
            fields("Content-Length: 31\r\n").replace("application/json", "text/html"),
            Outcome::Status(200),
        )),
        uncertain(row("no type", fields("Content-Length: 31\r\n").replace(TYPE, ""), Outcome::Status(200))),
    ]
}

/// A refusal whose length is announced.
fn refusal(status: &str, field_lines: &str, content: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{field_lines}Content-Length: {}\r\n\r\n{content}", content.len())
}

fn refusals() -> Vec<Row> {
    const HTML: &str = "Content-Type: text/html\r\n";
    let gone = r#"{"error":{"code":"8522","message":"Call not found."}}"#;
    let other = r#"{"error":{"code":"ResourceNotFound","message":"No such segment.","innerError":{}}}"#;
    let details = r#"{"error":{"code":"BadRequest","message":"Invalid.","details":[{"code":"ValueNotAllowed","target":"callId","message":"no guid"}]}}"#;
    let problem = r#"{"title":"Forbidden","status":403,"detail":"The gateway does not allow it"}"#;
    let json_until_close = format!("HTTP/1.0 503 No\r\n{TYPE}Retry-After: 7\r\n\r\n{gone}");
    let page = |words: usize| {
        format!(
            "HTTP/1.0 503 No\r\n{HTML}Retry-After: 7\r\n\r\n<html>{}</html>",
            vec!["busy"; words].join(" ")
        )
    };
    let refused = |name, says, answer: String, status| {
        reusable(saying(says, row(name, answer, Outcome::Status(status))))
    };
    let cut = |name, says, answer: &str| {
        uncertain(waiting(7, saying(says, row(name, answer, Outcome::Status(503)))))
    };
    vec![
        refused("a call that is not found", "8522", refusal("404 Not Found", TYPE, gone), 404),
        refused("something else that is not found", "ResourceNotFound", refusal("404 No", TYPE, other), 404),
        refused(
            "a page that is not found",
            "<title>404 Not Found</title>",
            refusal("404 Not Found", HTML, "<title>404 Not Found</title>"),
            404,
        ),
        refused("a 404 that says nothing", "", refusal("404 Not Found", "", ""), 404),
        refused("a refusal with details", "callId", refusal("400 Bad Request", TYPE, details), 400),
        refused(
            "a problem of a gateway",
            "Forbidden: The gateway does not allow it",
            refusal("403 Forbidden", "Content-Type: application/problem+json\r\n", problem),
            403,
        ),
        cut("a page that the connection ends", "<html>busy</html>", &page(1)),
        cut("a long page that the connection ends", "<html>busy busy", &page(80)),
        cut("a refusal that the connection ends", "8522", &json_until_close),
        cut(
            "a refusal cut in its content",
            "serviceNotAvailable",
            &format!(
                "HTTP/1.1 503 No\r\n{TYPE}Retry-After: 7\r\nContent-Length: 400\r\n\r\n\
                 {{\"error\":{{\"code\":\"serviceNotAvailable\",\"mess"
            ),
        ),
        cut(
            "a refusal cut in a chunk",
            "serviceNotAvailable",
            &format!(
                "HTTP/1.1 503 No\r\n{TYPE}Retry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n\
                 40\r\n{{\"error\":{{\"code\":\"serviceNotAvailable\",\"mess"
            ),
        ),
        cut(
            "a refusal whose chunk does not end",
            "serviceNotAvailable",
            &format!(
                "HTTP/1.1 503 No\r\n{TYPE}Retry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n\
                 28\r\n{{\"error\":{{\"code\":\"serviceNotAvailable\"}}}}0\r\n\r\n"
            ),
        ),
        uncertain(row(
            "another call",
            fields("Content-Length: 31\r\n").replace(r#""id":"1""#, r#""id":"2""#),
            Outcome::OtherCall,
        )),
    ]
}

/// Refusals that ask to wait: by the forms of RFC 9110, sections 5.6.7 and 10.2.3, and in none.
fn waits() -> Vec<Row> {
    let asking = |date: &str, retry_after: &str| {
        refusal("429 Too Many", &format!("Date: {date}\r\nRetry-After: {retry_after}\r\n"), "")
    };
    let row = |name, answer: String| reusable(row(name, answer, Outcome::Status(429)));
    vec![
        waiting(10, row("a wait in seconds", asking("Sun, 06 Nov 1994 08:49:37 GMT", "10"))),
        waiting(
            10,
            row(
                "a wait until a date",
                asking("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:47 GMT"),
            ),
        ),
        waiting(
            10,
            row(
                "a wait until a date of RFC 850",
                asking("Sunday, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:47 GMT"),
            ),
        ),
        waiting(
            10,
            row(
                "a wait until a date of asctime",
                asking("Sun Nov  6 08:49:37 1994", "Sun Nov  6 08:49:47 1994"),
            ),
        ),
        row(
            "a wait until a day that is none",
            asking("Sun, 27 Feb 2022 08:49:37 GMT", "Thu, 31 Feb 2022 08:49:47 GMT"),
        ),
        row("a wait of less than nothing", asking("Sun, 06 Nov 1994 08:49:37 GMT", "-5")),
    ]
}
