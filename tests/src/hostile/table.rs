//! What the peer does, by name, and what has to come of it.
//!
//! `both` is for TLS 1.2 and 1.3 alike, `old` and `new` for one of them. What a client makes of a row is said once, here.

use super::Outcome::{Answer, Call, CallAnew, Certificate, Cut, Timeout, Tls};
use super::records::{HEADER_LENGTH, kind, plain};
use super::{Act, Asked, Behaviour, Device, Talk, Then, Wire};
use std::io;
use std::time::Duration;

/// The most text of a record (RFC 8446, section 5.1).
const TEXT_LENGTH_MAX: usize = 1 << 14;

const WARNING: u8 = 1;
const FATAL: u8 = 2;
const CLOSE_NOTIFY: u8 = 0;
const HANDSHAKE_FAILURE: u8 = 40;
const INTERNAL_ERROR: u8 = 80;
const USER_CANCELED: u8 = 90;
const NO_RENEGOTIATION: u8 = 100;
const UNRECOGNIZED_NAME: u8 = 112;

/// KeyUpdate that wants no answer, and one that does (RFC 8446, section 4.6.3).
const KEY_UPDATE: &[u8] = &[24, 0, 0, 1, 0];
const KEY_UPDATE_REQUESTED: &[u8] = &[24, 0, 0, 1, 1];
/// HelloRequest (RFC 5246, section 7.4.1.1)
const HELLO_REQUEST: &[u8] = &[0, 0, 0, 0];
/// A CertificateRequest with an empty context and no extensions: nobody offered to answer it.
const CERTIFICATE_REQUEST: &[u8] = &[13, 0, 0, 3, 0, 0, 0];
/// NewSessionTicket: a day, an age, a nonce, a ticket, no extensions (RFC 8446, section 4.6.1).
const TICKET: &[u8] =
    &[4, 0, 0, 22, 0, 1, 81, 128, 1, 2, 3, 4, 1, 7, 0, 8, 116, 105, 99, 107, 101, 116, 33, 33, 0, 0];
const BROKEN_TICKET: &[u8] = &[4, 0, 0, 3, 1, 2, 3];

/// Every row.
#[must_use]
pub fn table() -> &'static [Behaviour] {
    TABLE
}

/// A name, a version, an outcome (or one for each version), what it is on a device and why if that is something else, when
/// it strikes, and by what.
macro_rules! rows {
    ($($name:literal $version:ident $outcome:tt $([device $device:tt: $why:literal])? $act:ident $($what:expr)?;)*) => {
        const TABLE: &[Behaviour] = &[$({
            let (tls12, tls13) = rows!(@outcomes $version $outcome);
            let device = rows!(@device $version $([$device $why])?);
            Behaviour { name: $name, tls12, tls13, device, act: Act::$act$(($what))? }
        },)*];
    };
    (@device $version:ident) => { None };
    (@device $version:ident [$outcome:tt $why:literal]) => {{
        let (tls12, tls13) = rows!(@outcomes $version $outcome);
        Some(Device { tls12, tls13, why: $why })
    }};
    (@outcomes both ($old:ident, $new:ident)) => { (Some($old), Some($new)) };
    (@outcomes both $outcome:ident) => { (Some($outcome), Some($outcome)) };
    (@outcomes old $outcome:ident) => { (Some($outcome), None) };
    (@outcomes new $outcome:ident) => { (None, Some($outcome)) };
}

rows! {
    // The handshake, whole but in odd pieces.
    "handshake-byte-by-byte" both Call Handshake |wire, _, bytes| {
        wire.send_pieces(&bytes, 1, Duration::ZERO).map(|()| Then::Serve)
    };
    "handshake-delayed" both Call Handshake |wire, _, bytes| {
        wire.send_pieces(&bytes, 200, Duration::from_millis(5)).map(|()| Then::Serve)
    };
    "handshake-in-small-records" both Call Fragments 64;
    "hello-in-records-of-a-byte" both Call [device Tls: "Mbed TLS wants the header of a message in one record"] Handshake |wire, flight, bytes| {
        if flight != 1 {
            return wire.send(&bytes).map(|()| Then::Serve);
        }
        let (hello, rest) = first_record(&bytes);
        let pieces: Vec<u8> = hello.iter().flat_map(|byte| plain(kind::HANDSHAKE, &[*byte])).collect();
        wire.send(&[&pieces, rest].concat()).map(|()| Then::Serve)
    };

    // The handshake, spoiled.
    "handshake-replayed" both Tls Handshake |wire, flight, bytes| in_flight_one(wire, flight, bytes, |bytes| {
        let length = HEADER_LENGTH + first_record(bytes).0.len();
        [&bytes[..length], bytes].concat()
    });
    "handshake-reordered" new Tls Handshake |wire, flight, bytes| in_flight_one(wire, flight, bytes, |bytes| {
        let length = HEADER_LENGTH + first_record(bytes).0.len();
        [&bytes[length..], &bytes[..length]].concat()
    });
    "handshake-wrong-byte" new Tls Handshake |wire, flight, bytes| in_flight_one(wire, flight, bytes, |bytes| {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    });
    "hello-of-another-kind" both Tls Handshake |wire, flight, bytes| in_flight_one(wire, flight, bytes, |bytes| {
        let mut bytes = bytes.to_vec();
        bytes[HEADER_LENGTH] ^= 1;
        bytes
    });
    "hello-with-another-random" both (Certificate, Tls) Handshake |wire, flight, bytes| in_flight_one(wire, flight, bytes, |bytes| {
        // Under TLS 1.2 it is signed, under 1.3 the keys depend on it.
        let mut bytes = bytes.to_vec();
        bytes[HEADER_LENGTH + 10] ^= 1;
        bytes
    });
    "finished-of-another-handshake" both Tls Finished;
    "handshake-cut" both Cut Handshake |wire, flight, bytes| {
        if flight == 0 {
            return Ok(Then::Serve);
        }
        wire.send(&bytes[..bytes.len() / 2])?;
        wire.end()
    };
    "handshake-reset" both Cut Handshake |wire, flight, bytes| {
        if flight == 0 {
            return Ok(Then::Serve);
        }
        wire.send(&bytes[..bytes.len() / 2])?;
        wire.reset()
    };
    "handshake-stalled" both Timeout Handshake |wire, flight, bytes| {
        if flight == 0 {
            return Ok(Then::Serve);
        }
        wire.send(&bytes[..bytes.len() / 2])?;
        wire.leave_open()
    };
    "handshake-record-of-nothing" both Tls Handshake |wire, flight, bytes| in_flight_one(wire, flight, bytes, |bytes| {
        [&plain(kind::HANDSHAKE, b"")[..], bytes].concat()
    });
    "handshake-record-too-long" both Tls Handshake |wire, _, _| {
        wire.send(&[kind::HANDSHAKE, 3, 3, 0xff, 0xff])?;
        wire.send(&[2; 20_000])?;
        wire.end()
    };
    "change-cipher-spec-many" new Tls [device Timeout: "its limit is one of bytes; this peer says nothing more"] Handshake |wire, flight, bytes| in_flight_one(wire, flight, bytes, |bytes| {
        let length = HEADER_LENGTH + first_record(bytes).0.len();
        [&bytes[..length], &plain(kind::CHANGE_CIPHER_SPEC, &[1]).repeat(8), &bytes[length..]].concat()
    });

    // Ends and alerts before and in the handshake.
    "end-before-handshake" both Cut Handshake |wire, _, _| wire.end();
    "reset-before-handshake" both Cut Handshake |wire, _, _| {
        // Sooner, and there would have been no connection.
        wire.record()?;
        wire.reset()
    };
    "silence-before-handshake" both Timeout Handshake |wire, _, _| wire.leave_open();
    "close-notify-before-handshake" both Cut Handshake |wire, _, _| {
        wire.send(&plain(kind::ALERT, &[WARNING, CLOSE_NOTIFY]))?;
        wire.end()
    };
    "handshake-after-close-notify" both Call [device Cut: "Mbed TLS takes the end at its word"] Handshake |wire, flight, bytes| {
        if flight == 0 {
            wire.send(&plain(kind::ALERT, &[WARNING, CLOSE_NOTIFY]))?;
        }
        wire.send(&bytes).map(|()| Then::Serve)
    };
    "fatal-alert-before-handshake" both Tls Handshake |wire, _, _| {
        wire.send(&plain(kind::ALERT, &[FATAL, HANDSHAKE_FAILURE]))?;
        wire.end()
    };
    "warning-before-handshake" both Call Handshake |wire, flight, bytes| {
        if flight == 0 {
            wire.send(&plain(kind::ALERT, &[WARNING, UNRECOGNIZED_NAME]))?;
        }
        wire.send(&bytes).map(|()| Then::Serve)
    };
    "warnings-before-handshake-many" both Tls [device Call: "its limit is one of bytes, 64 KB that say nothing"] Handshake |wire, flight, bytes| {
        if flight == 0 {
            wire.send(&plain(kind::ALERT, &[WARNING, UNRECOGNIZED_NAME]).repeat(100))?;
        }
        wire.send(&bytes).map(|()| Then::Serve)
    };
    "alert-of-no-level-before-handshake" both Tls Handshake |wire, _, _| {
        wire.send(&plain(kind::ALERT, &[0x41, 0x41]))?;
        wire.end()
    };
    "fatal-alert-in-handshake" both Tls Handshake |wire, flight, bytes| in_flight_one(wire, flight, bytes, |bytes| {
        let length = HEADER_LENGTH + first_record(bytes).0.len();
        [&bytes[..length], &plain(kind::ALERT, &[FATAL, INTERNAL_ERROR])].concat()
    });
    "plain-http-before-handshake" both Tls Handshake |wire, _, _| {
        wire.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")?;
        wire.end()
    };
    "junk-before-handshake" both Tls Handshake |wire, _, _| {
        wire.send(&(0..=255).cycle().take(3000).map(|byte: u8| byte.wrapping_mul(167)).collect::<Vec<_>>())?;
        wire.end()
    };
    "content-before-handshake" both Tls Handshake |wire, _, _| {
        wire.send(&plain(kind::CONTENT, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))?;
        wire.end()
    };

    // Between the handshake and the request.
    "answer-before-the-request" both Answer Early || Asked::guessed().unasked();
    "close-notify-before-the-request" both Cut Connected Talk::close;
    "end-before-the-request" both Cut Connected |talk| talk.wire.end();
    "reset-before-the-request" both Cut Connected |talk| talk.wire.reset();
    "fatal-alert-before-the-request" both Tls Connected |talk| alert(talk, FATAL, INTERNAL_ERROR);

    // An answer, whole but in odd pieces.
    "answer" both Call Answer |talk, asked| {
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "answer-byte-by-byte" both Call Answer |talk, asked| {
        let record = talk.records.seal(kind::CONTENT, &asked.answer());
        talk.wire.send_pieces(&record, 1, Duration::ZERO).map(|()| Then::Serve)
    };
    "answer-delayed" both Call Answer |talk, asked| {
        let record = talk.records.seal(kind::CONTENT, &asked.answer());
        talk.wire.send_pieces(&record, 20, Duration::from_millis(5)).map(|()| Then::Serve)
    };
    "answer-in-records-of-a-byte" both Call Answer |talk, asked| {
        asked.answer().iter().try_for_each(|byte| talk.say(kind::CONTENT, &[*byte])).map(|()| Then::Serve)
    };
    "answer-in-records-of-a-byte-at-once" both Call Answer |talk, asked| {
        let records: Vec<u8> =
            asked.answer().iter().flat_map(|byte| talk.records.seal(kind::CONTENT, &[*byte])).collect();
        talk.wire.send(&records).map(|()| Then::Serve)
    };
    "records-of-full-size" both Call Answer |talk, asked| {
        let answer = asked.answer_of_length(5 * TEXT_LENGTH_MAX);
        answer.chunks(TEXT_LENGTH_MAX).try_for_each(|text| talk.say(kind::CONTENT, text)).map(|()| Then::Serve)
    };
    "records-padded-to-full-size" new Call Answer |talk, asked| {
        for text in asked.answer().chunks(100) {
            let record = talk.records.seal_padded(kind::CONTENT, text, TEXT_LENGTH_MAX - text.len());
            talk.wire.send(&record)?;
        }
        Ok(Then::Serve)
    };
    "record-one-byte-too-long" both Tls Answer |talk, asked| {
        let answer = asked.answer_of_length(2 * TEXT_LENGTH_MAX);
        talk.say(kind::CONTENT, &answer[..=TEXT_LENGTH_MAX])?;
        talk.wire.leave_open()
    };
    "record-as-long-as-a-header-can-say" both Tls Answer |talk, _| {
        talk.wire.send(&[kind::CONTENT, 3, 3, 0xff, 0xff])?;
        talk.wire.leave_open()
    };

    // An answer, spoiled.
    "record-replayed-in-the-answer" both Tls Answer |talk, asked| in_halves(talk, &asked.answer(), |first, second| {
        [first, first, second].concat()
    });
    "record-replayed-after-the-answer" both Call Answer |talk, asked| in_halves(talk, &asked.answer(), |first, second| {
        [first, second, second].concat()
    });
    "records-reordered" both Tls Answer |talk, asked| in_halves(talk, &asked.answer(), |first, second| {
        [second, first].concat()
    });
    "record-left-out" both Tls Answer |talk, asked| in_halves(talk, &asked.answer(), |_, second| second.to_vec());
    "wrong-byte-in-the-answer" both Tls Answer |talk, asked| in_halves(talk, &asked.answer(), |first, second| {
        let mut second = second.to_vec();
        second[HEADER_LENGTH + 12] ^= 0x20;
        [first, &second].concat()
    });
    "wrong-byte-after-the-answer" both Call Answer |talk, asked| {
        let mut records = talk.records.seal(kind::CONTENT, &asked.answer());
        let mut next = talk.records.seal(kind::CONTENT, &asked.unasked());
        next[HEADER_LENGTH + 12] ^= 0x20;
        records.extend(next);
        talk.wire.send(&records)?;
        talk.wire.leave_open()
    };
    "wrong-tag" both Tls Answer |talk, asked| in_halves(talk, &asked.answer(), |first, second| {
        let mut second = second.to_vec();
        let last = second.len() - 1;
        second[last] ^= 1;
        [first, &second].concat()
    });
    // TLS 1.3 authenticates the kind inside; what the header says means nothing.
    "wrong-kind-in-the-header" both (Tls, Call) [device Tls: "Mbed TLS authenticates the header as it came"] Answer |talk, asked| {
        let mut record = talk.records.seal(kind::CONTENT, &asked.answer());
        record[0] = kind::HANDSHAKE;
        talk.wire.send(&record)?;
        if talk.records.is_tls13() { Ok(Then::Serve) } else { talk.wire.leave_open() }
    };
    "record-of-an-unknown-kind" both Tls Answer |talk, asked| {
        talk.say(99, &asked.answer())?;
        talk.wire.leave_open()
    };
    "answer-as-a-handshake" both Tls [device Timeout: "Mbed TLS waits for a message as long as this one says it is"] Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, &asked.answer())?;
        talk.wire.leave_open()
    };
    "answer-in-clear" both Tls Answer |talk, asked| {
        talk.wire.send(&asked.answer())?;
        talk.wire.leave_open()
    };
    "answer-in-records-in-clear" both Tls Answer |talk, asked| {
        talk.wire.send(&plain(kind::CONTENT, &asked.answer()))?;
        talk.wire.leave_open()
    };
    "answer-half-in-clear" both Tls Answer |talk, asked| {
        let answer = asked.answer();
        let (first, second) = answer.split_at(answer.len() / 2);
        talk.say(kind::CONTENT, first)?;
        talk.wire.send(&plain(kind::CONTENT, second))?;
        talk.wire.leave_open()
    };

    // Alerts around an answer.
    "fatal-alert-before-the-answer" both Tls Answer |talk, _| alert(talk, FATAL, INTERNAL_ERROR);
    "fatal-alert-in-the-answer" both Tls Answer |talk, asked| {
        half(talk, &asked.answer())?;
        alert(talk, FATAL, INTERNAL_ERROR)
    };
    "fatal-alert-after-the-answer" both Call Answer |talk, asked| {
        talk.say(kind::CONTENT, &asked.answer())?;
        alert(talk, FATAL, INTERNAL_ERROR)
    };
    "alert-of-no-level" both Tls Answer |talk, _| alert(talk, 0x41, 0x41);
    "alert-of-one-byte" both Tls Answer |talk, _| {
        talk.say(kind::ALERT, &[FATAL])?;
        talk.wire.leave_open()
    };
    "fatal-alert-in-clear" both Tls Answer |talk, asked| {
        half(talk, &asked.answer())?;
        talk.wire.send(&plain(kind::ALERT, &[FATAL, INTERNAL_ERROR]))?;
        talk.wire.leave_open()
    };
    "close-notify-in-clear" both Tls Answer |talk, asked| {
        // All that may stand between an answer that lasts until the end, and somebody who ends it for the peer.
        talk.say(kind::CONTENT, &asked.answer_until_close())?;
        talk.wire.send(&plain(kind::ALERT, &[WARNING, CLOSE_NOTIFY]))?;
        talk.wire.end()
    };
    "canceled-before-the-answer" both Call Answer |talk, asked| {
        talk.say(kind::ALERT, &[WARNING, USER_CANCELED])?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "canceled-many-times" both Tls [device Call: "its limit is one of bytes"] Answer |talk, asked| {
        (0..10).try_for_each(|_| talk.say(kind::ALERT, &[WARNING, USER_CANCELED]))?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "warning-before-the-answer" old Call Answer |talk, asked| {
        talk.say(kind::ALERT, &[WARNING, NO_RENEGOTIATION])?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "warnings-without-end" old Tls Answer |talk, _| loop {
        talk.say(kind::ALERT, &[WARNING, NO_RENEGOTIATION])?;
    };
    "warning-that-is-none-any-more" new Tls Answer |talk, asked| {
        talk.say(kind::ALERT, &[WARNING, NO_RENEGOTIATION])?;
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.wire.leave_open()
    };

    // Handshake messages around an answer.
    "ticket-before-the-answer" new Call Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, TICKET)?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "tickets-many" new Call Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, &TICKET.repeat(300))?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "tickets-without-end" new Timeout [device Tls: "its limit is one of bytes"] Answer |talk, _| loop {
        talk.say(kind::HANDSHAKE, &TICKET.repeat(600))?;
    };
    "ticket-broken" new Tls [device Call: "it resumes no session, so nobody reads tickets"] Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, BROKEN_TICKET)?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "ticket-cut-by-content" new Tls Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, &TICKET[..10])?;
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.wire.leave_open()
    };
    "ticket-after-the-answer" new Call Answer |talk, asked| {
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.say(kind::HANDSHAKE, TICKET).map(|()| Then::Serve)
    };
    "keys-renewed" new Call [device Tls: "Mbed TLS knows no KeyUpdate"] Answer |talk, asked| renewed(talk, 1, KEY_UPDATE, &asked.answer());
    "keys-renewed-on-request" new Call [device Tls: "Mbed TLS knows no KeyUpdate"] Answer |talk, asked| renewed(talk, 1, KEY_UPDATE_REQUESTED, &asked.answer());
    "keys-renewed-a-few-times" new Call [device Tls: "Mbed TLS knows no KeyUpdate"] Answer |talk, asked| {
        renewed(talk, 16, KEY_UPDATE_REQUESTED, &asked.answer())
    };
    "keys-renewed-many-times" new Tls Answer |talk, asked| {
        renewed(talk, 1000, KEY_UPDATE_REQUESTED, &asked.answer())?;
        talk.wire.leave_open()
    };
    "keys-renewed-within-the-answer" new Call [device Tls: "Mbed TLS knows no KeyUpdate"] Answer |talk, asked| {
        let answer = asked.answer();
        let (first, second) = answer.split_at(answer.len() / 2);
        renewed(talk, 1, KEY_UPDATE, first)?;
        renewed(talk, 1, KEY_UPDATE_REQUESTED, second)
    };
    "key-update-of-no-kind" new Tls Answer |talk, _| {
        talk.say(kind::HANDSHAKE, &[24, 0, 0, 1, 7])?;
        talk.wire.leave_open()
    };
    "keys-not-renewed-after-all" new Tls Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, KEY_UPDATE)?;
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.wire.leave_open()
    };
    "certificate-wanted-after-the-handshake" new Tls Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, CERTIFICATE_REQUEST)?;
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.wire.leave_open()
    };
    "renegotiation-wanted" old Call Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, HELLO_REQUEST)?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "renegotiation-wanted-many-times" old Tls [device Call: "its limit is one of bytes"] Answer |talk, asked| {
        (0..10).try_for_each(|_| talk.say(kind::HANDSHAKE, HELLO_REQUEST))?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "renegotiation-under-tls-1.3" new Tls Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, HELLO_REQUEST)?;
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.wire.leave_open()
    };
    "change-cipher-spec-after-the-handshake" both Tls Answer |talk, asked| {
        talk.wire.send(&plain(kind::CHANGE_CIPHER_SPEC, &[1]))?;
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.wire.leave_open()
    };

    // Records of nothing.
    "records-of-nothing-around-the-answer" both Call Answer |talk, asked| {
        for text in asked.answer().chunks(40) {
            talk.say(kind::CONTENT, b"")?;
            talk.say(kind::CONTENT, text)?;
            talk.say(kind::CONTENT, b"")?;
        }
        Ok(Then::Serve)
    };
    "records-of-nothing-many" both Tls Answer |talk, asked| {
        let records: Vec<u8> = (0..5000).flat_map(|_| talk.records.seal(kind::CONTENT, b"")).collect();
        talk.wire.send(&records)?;
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.wire.leave_open()
    };
    "record-of-padding" new Call Answer |talk, asked| {
        let record = talk.records.seal_padded(kind::CONTENT, b"", 1000);
        talk.wire.send(&record)?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };
    "record-of-padding-alone" new Tls Answer |talk, _| {
        // A kind of zero is the end of the padding, and there is none.
        let record = talk.records.seal_padded(0, b"", 1000);
        talk.wire.send(&record)?;
        talk.wire.leave_open()
    };
    "handshake-of-nothing-before-the-answer" both Call [device Tls: "a message of nothing is none (RFC 8446, section 5.1)"] Answer |talk, asked| {
        talk.say(kind::HANDSHAKE, b"")?;
        talk.say(kind::CONTENT, &asked.answer()).map(|()| Then::Serve)
    };

    // Ends around an answer.
    "close-notify-before-the-answer" both Cut Answer |talk, _| talk.close();
    "close-notify-in-the-head" both Cut Answer |talk, asked| {
        talk.say(kind::CONTENT, &asked.answer()[..30])?;
        talk.close()
    };
    "close-notify-in-the-content" both Cut Answer |talk, asked| {
        let answer = asked.answer();
        talk.say(kind::CONTENT, &answer[..answer.len() - 1])?;
        talk.close()
    };
    "close-notify-after-the-answer" both Call Answer |talk, asked| {
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.close()
    };
    "close-notify-ends-the-content" both Call Answer |talk, asked| {
        talk.say(kind::CONTENT, &asked.answer_until_close())?;
        talk.close()
    };
    "answer-after-close-notify" both Cut Answer |talk, asked| {
        talk.say(kind::ALERT, &[WARNING, CLOSE_NOTIFY])?;
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.wire.end()
    };
    "rest-after-close-notify" both Cut Answer |talk, asked| {
        let answer = asked.answer();
        let (first, second) = answer.split_at(answer.len() / 2);
        let close = [WARNING, CLOSE_NOTIFY];
        let records = [(kind::CONTENT, first), (kind::ALERT, &close), (kind::CONTENT, second)]
            .map(|(kind, text)| talk.records.seal(kind, text))
            .concat();
        talk.wire.send(&records)?;
        talk.wire.end()
    };
    "end-before-the-answer" both Cut Answer |talk, _| talk.wire.end();
    "end-in-the-head" both Cut Answer |talk, asked| {
        talk.say(kind::CONTENT, &asked.answer()[..30])?;
        talk.wire.end()
    };
    "end-in-the-content" both Cut Answer |talk, asked| {
        let answer = asked.answer();
        talk.say(kind::CONTENT, &answer[..answer.len() - 1])?;
        talk.wire.end()
    };
    "end-in-a-record" both Cut Answer |talk, asked| {
        let record = talk.records.seal(kind::CONTENT, &asked.answer());
        talk.wire.send(&record[..record.len() - 1])?;
        talk.wire.end()
    };
    "end-in-a-header" both Cut Answer |talk, asked| {
        let record = talk.records.seal(kind::CONTENT, &asked.answer());
        talk.wire.send(&record[..3])?;
        talk.wire.end()
    };
    "end-after-the-answer" both Call Answer |talk, asked| {
        talk.say(kind::CONTENT, &asked.answer())?;
        talk.wire.end()
    };
    "end-of-the-content-by-nobody" both Cut Answer |talk, asked| {
        talk.say(kind::CONTENT, &asked.answer_until_close())?;
        talk.wire.end()
    };
    "reset-before-the-answer" both Cut Answer |talk, _| talk.wire.reset();
    "reset-in-the-content" both Cut Answer |talk, asked| {
        half(talk, &asked.answer())?;
        // What has arrived is lost with a reset, unless it was read before.
        std::thread::sleep(Duration::from_millis(20));
        talk.wire.reset()
    };
    "silence-in-a-record" both Timeout Answer |talk, asked| {
        let record = talk.records.seal(kind::CONTENT, &asked.answer());
        talk.wire.send(&record[..record.len() - 1])?;
        talk.wire.leave_open()
    };

    // Behind the answer: the reading is over, and the next one must not take what is left.
    "second-answer-in-the-record" both Call Answer |talk, asked| {
        talk.say(kind::CONTENT, &[asked.answer(), asked.unasked()].concat()).map(|()| Then::Serve)
    };
    "second-answer-in-a-record-of-its-own" both Call Answer |talk, asked| {
        let records = [asked.answer(), asked.unasked()].map(|text| talk.records.seal(kind::CONTENT, &text));
        talk.wire.send(&records.concat()).map(|()| Then::Serve)
    };
    "second-answer-in-half-a-record" both Call Answer |talk, asked| {
        let [first, second] = [asked.answer(), asked.unasked()].map(|text| talk.records.seal(kind::CONTENT, &text));
        talk.wire.send(&[&first[..], &second[..second.len() / 2]].concat())?;
        let Some(_) = talk.request()? else { return Ok(Then::End) };
        talk.wire.send(&second[second.len() / 2..]).map(|()| Then::Serve)
    };
    "a-byte-behind-the-answer" both Call Answer |talk, asked| {
        talk.say(kind::CONTENT, &[&asked.answer()[..], b"H"].concat()).map(|()| Then::Serve)
    };

    // Between two requests: the next reading notices, and takes another connection.
    "idle-second-answer" both CallAnew Idle |talk, asked| {
        talk.say(kind::CONTENT, &asked.unasked()).map(|()| Then::Serve)
    };
    "idle-half-a-record" both CallAnew Idle |talk, asked| {
        let record = talk.records.seal(kind::CONTENT, &asked.unasked());
        talk.wire.send(&record[..record.len() / 2])?;
        Ok(Then::Serve)
    };
    "idle-wrong-byte" both CallAnew Idle |talk, asked| {
        let mut record = talk.records.seal(kind::CONTENT, &asked.unasked());
        record[HEADER_LENGTH + 12] ^= 1;
        talk.wire.send(&record).map(|()| Then::Serve)
    };
    "idle-plain-answer" both CallAnew Idle |talk, asked| talk.wire.send(&asked.unasked()).map(|()| Then::Serve);
    "idle-fatal-alert" both CallAnew Idle |talk, _| {
        talk.say(kind::ALERT, &[FATAL, INTERNAL_ERROR]).map(|()| Then::Serve)
    };
    "idle-close-notify" both CallAnew Idle |talk, _| {
        talk.say(kind::ALERT, &[WARNING, CLOSE_NOTIFY]).map(|()| Then::Serve)
    };
    "idle-end" both CallAnew Idle |talk, _| talk.wire.0.shutdown(std::net::Shutdown::Write).map(|()| Then::Serve);
    "idle-reset" both CallAnew Idle |talk, _| talk.wire.reset();
    "idle-ticket" new Call Idle |talk, _| talk.say(kind::HANDSHAKE, TICKET).map(|()| Then::Serve);
    "idle-tickets-without-end" new CallAnew Idle |talk, _| {
        // More than a client has to look at before it asks again.
        (0..10).try_for_each(|_| talk.say(kind::HANDSHAKE, &TICKET.repeat(600))).map(|()| Then::Serve)
    };
    "idle-keys-renewed" new Call [device CallAnew: "Mbed TLS knows no KeyUpdate"] Idle |talk, _| renewed(talk, 1, KEY_UPDATE_REQUESTED, b"");
    "idle-records-of-nothing" both Call Idle |talk, _| {
        (0..3).try_for_each(|_| talk.say(kind::CONTENT, b"")).map(|()| Then::Serve)
    };
    "idle-renegotiation-wanted" old Call Idle |talk, _| {
        talk.say(kind::HANDSHAKE, HELLO_REQUEST).map(|()| Then::Serve)
    };
    "kept-then-ended-by-the-request" both CallAnew Kept |talk, _| talk.wire.end();
    "kept-then-reset-by-the-request" both CallAnew Kept |talk, _| talk.wire.reset();
    "kept-then-close-notify-by-the-request" both CallAnew Kept |talk, _| talk.close();
}

/// The text of the first record, and what is behind it.
fn first_record(bytes: &[u8]) -> (&[u8], &[u8]) {
    let length = usize::from(u16::from_be_bytes([bytes[3], bytes[4]]));
    bytes[HEADER_LENGTH..].split_at(length)
}

/// Alters the first flight, and waits for what the client has to say to it.
fn in_flight_one(
    wire: &mut Wire,
    flight: usize,
    bytes: Vec<u8>,
    alter: impl FnOnce(&[u8]) -> Vec<u8>,
) -> io::Result<Then> {
    if flight == 0 {
        return Ok(Then::Serve);
    }
    wire.send(&alter(&bytes))?;
    wire.leave_open()
}

/// Sends an answer in two records, altered.
fn in_halves(
    talk: &mut Talk,
    answer: &[u8],
    alter: impl FnOnce(&[u8], &[u8]) -> Vec<u8>,
) -> io::Result<Then> {
    let (first, second) = answer.split_at(answer.len() / 2);
    let [first, second] = [first, second].map(|text| talk.records.seal(kind::CONTENT, text));
    talk.wire.send(&alter(&first, &second))?;
    talk.wire.leave_open()
}

/// Sends the first half of an answer.
fn half(talk: &mut Talk, answer: &[u8]) -> io::Result<()> {
    talk.say(kind::CONTENT, &answer[..answer.len() / 2])
}

/// Sends an alert, and waits for the client to go.
fn alert(talk: &mut Talk, level: u8, description: u8) -> io::Result<Then> {
    talk.say(kind::ALERT, &[level, description])?;
    talk.wire.leave_open()
}

/// Renews the keys so many times, then sends a text.
fn renewed(talk: &mut Talk, times: usize, message: &[u8], text: &[u8]) -> io::Result<Then> {
    for _ in 0..times {
        talk.say(kind::HANDSHAKE, message)?;
        talk.records.renew_write_keys()?;
    }
    if !text.is_empty() {
        talk.say(kind::CONTENT, text)?;
    }
    Ok(Then::Serve)
}
