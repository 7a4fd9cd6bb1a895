//! The laws of whole answers over answers put together from sound and broken parts.

use std::collections::BTreeSet;

use graph_call::exchange::ExchangeError;
use graph_call::http::ErrorKind;
use graph_call_laws::choices::Choices;
use graph_call_laws::hostile::{self, Outcome, Row};
use graph_call_laws::laws::Answered;
use graph_call_laws::{generate, laws, splits};
use proptest::prelude::*;

const HEADS: [&str; 15] = [
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n",
    "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
    "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n",
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\n",
    "HTTP/1.1 204 No Content\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: identity\r\n",
    "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n",
    "HTTP/1.2 200\r\nContent-Type: application/json\r\nX: a\r\n b\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Type: text/html\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: application/problem+json\r\n",
    "HTTP/1.1 799\r\nContent-Type: application/problem+json\r\n",
    "HTTP/1.1 503 No\r\nContent-Type: application/json\r\nContent-Type: text/html\r\n",
    "HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\n",
];

/// An answer with this content, framed in one of four ways, now and then wrongly.
fn answer(head: &str, content: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let mut answer = head.as_bytes().to_vec();
    match choices.below(5) {
        0 => {
            answer.extend(format!("Content-Length: {}\r\n\r\n", content.len()).bytes());
            answer.extend(content);
        }
        1 => {
            answer.extend(b"Transfer-Encoding: chunked\r\n\r\n");
            let mut rest = content;
            while !rest.is_empty() {
                let (chunk, after) = rest.split_at((1 + choices.below(40)).min(rest.len()));
                answer.extend(format!("{:x}\r\n", chunk.len()).bytes());
                answer.extend(chunk);
                answer.extend(b"\r\n");
                rest = after;
            }
            answer.extend(b"0\r\n\r\n");
        }
        2 => {
            answer.extend(b"\r\n");
            answer.extend(content);
        }
        3 => {
            answer
                .extend(format!("Content-Length: {}\r\n\r\n", content.len() + 1 + choices.below(9)).bytes());
            answer.extend(content);
        }
        _ => {
            answer.extend(format!("Content-Length: {}\r\n\r\n", content.len() / 2).bytes());
            answer.extend(content);
        }
    }
    answer
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn answers_obey(head in 0..HEADS.len(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut choices = Choices::new(&bytes);
        let framing: Vec<u8> = (0..16).map(|_| choices.byte()).collect();
        let call = generate::call(&mut choices);
        let body = generate::text(&call, &mut choices);
        let answer = answer(HEADS[head], &body, &mut Choices::new(&framing));
        laws::exchange(&answer);
        laws::exchange(&generate::damaged(&answer, &mut Choices::new(&framing)));
    }

    #[test]
    fn sound_calls_arrive(bytes in proptest::collection::vec(any::<u8>(), 0..200), framing in 0..2_u8) {
        let body = generate::json(&mut Choices::new(&bytes));
        let body = [b"{\"id\":\"after\",\"unknown\":", &body[..], b"}"].concat();
        let answer = answer(HEADS[0], &body, &mut Choices::new(&[framing, 7, 19]));
        let answered = laws::exchange_of([&answer[..]]);
        prop_assert_eq!(answered.cut, Ok(()));
        prop_assert_eq!(answered.call.id.as_str(), Some("after"));
    }

    #[test]
    fn refusals_obey(levels in proptest::collection::vec((0..4_usize, 0..12_usize, "[a-zA-Z0-9]{0,70}"), 0..8), damage in any::<Vec<u8>>()) {
        let mut content = String::from("{\"error\":{\"code\":\"outer\",\"message\":\"a \\u00e9 b\"");
        for (spelling, code, text) in &levels {
            content.push_str([",\"innerError\":{", ",\"innererror\":{"][spelling % 2]);
            content.push_str(&match code {
                0 => "\"x\":[]".into(),
                1 => format!("\"code\":\"{text}\""),
                2 => format!("\"request-id\":\"{text}\",\"code\":null"),
                3 => format!("\"code\":{{\"code\":\"{text}\"}},\"date\":[\"{text}\"]"),
                4 => format!("\"code\":{},\"date\":true", text.len()),
                5 => format!("\"code\":\"1\",\"code\":\"{text}\""),
                7 => format!("\"details\":[{{\"code\":\"{text}\",\"target\":7}},[],{{\"message\":\"{text}\"}}]"),
                8 => format!("\"target\":\"{text}\",\"details\":{{\"code\":\"1\"}}"),
                6 => format!("\"Code\":\"{text}\",\"message\":7"),
                _ => format!("\"date\":\"2020\",\"code\":\"{text}\",\"client-request-id\":\"1\""),
            });
        }
        content.push_str(&"}".repeat(levels.len() + 1));
        if let Some((_, _, text)) = levels.last() {
            content.push_str(&format!(",\"title\":\"{text}\",\"detail\":[],\"Detail\":\"{text}\""));
        }
        content.push('}');
        laws::graph_error(content.as_bytes());
        laws::graph_error(&generate::damaged(content.as_bytes(), &mut Choices::new(&damage)));
    }

    #[test]
    fn any_bytes_obey(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        laws::exchange(&bytes);
        laws::graph_error(&bytes);
    }
}

/// The rows that are short, but for what is only wrong by a limit that the clients have and these laws have not.
fn rows() -> Vec<Row> {
    let is_by_limit = |row: &Row| row.outcome == Outcome::Refused(ErrorKind::ContentTooLarge);
    hostile::rows().into_iter().filter(|row| row.answer.len() < 2_000 && !is_by_limit(row)).collect()
}

/// What the law below asks of a row.
fn is_right(row: &Row, answered: &Answered) -> bool {
    let fault = answered.fault.or_else(|| answered.closed.err());
    let reply = answered.reply.as_deref().unwrap_or_default();
    match row.outcome {
        Outcome::Call | Outcome::OtherCall => fault.is_none() && reply == "call",
        Outcome::Refused(kind) => {
            matches!(fault, Some(ExchangeError::Http(error)) if error.kind() == kind)
        }
        Outcome::Status(200) => fault == Some(ExchangeError::NotJson),
        Outcome::Status(status) => {
            fault.is_none()
                && reply.starts_with(&format!("{status} "))
                && reply.contains(row.says)
                && reply.ends_with(&format!(" {:?}", row.wait))
        }
    }
}

/// The same rows go over sockets in the tests of the clients; here each comes in pieces of many sizes, and short ones in
/// every two.
#[test]
fn hostile_answers_obey_the_laws_and_come_to_their_outcome() {
    let rows = rows();
    assert!(rows.len() > 100, "{}", rows.len());
    for row in &rows {
        laws::head(&row.answer);
        laws::exchange(&row.answer);
        let answered = laws::exchange_of([&row.answer[..]]);
        assert!(is_right(row, &answered), "{}: {answered:?}", row.name);
        for pieces in splits::in_two(&row.answer).take(500) {
            assert_eq!(laws::exchange_of(pieces), answered, "{}, cut at {}", row.name, pieces[0].len());
        }
    }
    let names: BTreeSet<_> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len(), "a name stands twice");
}

/// The law above can fail: no row is right by what comes of another one, unless that has to come to the same.
#[test]
fn a_row_is_not_right_by_the_outcome_of_another() {
    let rows = rows();
    let answered: Vec<_> = rows.iter().map(|row| laws::exchange_of([&row.answer[..]])).collect();
    let is_same = |a: &Row, b: &Row| match (a.outcome, b.outcome) {
        (Outcome::Call | Outcome::OtherCall, Outcome::Call | Outcome::OtherCall) => true,
        (a_outcome, b_outcome) => a_outcome == b_outcome && a.says == b.says && a.wait == b.wait,
    };
    for row in &rows {
        let by = rows.iter().zip(&answered).filter(|(_, answered)| is_right(row, answered));
        for (other, _) in by.filter(|(other, _)| !is_same(row, other)) {
            // Who says nothing in particular is content with whatever is said.
            assert!(row.says.is_empty() && row.wait == other.wait, "{} by {}", row.name, other.name);
            assert_eq!(row.outcome, other.outcome, "{} by {}", row.name, other.name);
        }
    }
}
