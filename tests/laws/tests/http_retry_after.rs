//! Retry-After, dates and the claims challenge: values read by pure functions.

use core::time::Duration;

use graph_call::http::{challenge, date, retry_after};
use graph_call_laws::laws;
use proptest::prelude::*;

const NOW: Option<&str> = Some("Sun, 06 Nov 1994 08:49:37 GMT");

#[test]
fn seconds() {
    for (value, millis) in [
        ("0", 0),
        ("1", 1000),
        ("10", 10_000),
        ("0010", 10_000),
        (" 3 ", 3000),
        ("2.128", 2128),
        ("2.1", 2100),
        ("2.1289", 2128),
        ("0.0", 0),
        ("4294967295", 4_294_967_295_000),
    ] {
        assert_eq!(retry_after::parse(value, None), Some(Duration::from_millis(millis)), "{value}");
    }
}

#[test]
fn a_wait_without_end_is_the_longest_wait() {
    let longest = Some(Duration::from_secs(u64::from(u32::MAX)));
    assert_eq!(retry_after::parse("99999999999999999999", None), longest);
    assert_eq!(retry_after::parse("4294967296", None), longest);
    assert_eq!(retry_after::parse("Fri, 31 Dec 9999 23:59:59 GMT", NOW), longest);
    let digits = "9".repeat(5000);
    let fraction = format!("1.{digits}");
    assert_eq!(retry_after::parse(&digits, None), longest);
    assert_eq!(retry_after::parse(&fraction, None), Some(Duration::from_millis(1999)));
}

#[test]
fn dates_count_from_the_date_of_the_answer() {
    for (value, seconds) in [
        ("Sun, 06 Nov 1994 08:49:38 GMT", 1),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("Sun, 06 Nov 1994 08:49:36 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Mon, 07 Nov 1994 08:49:37 GMT", 86_400),
    ] {
        assert_eq!(retry_after::parse(value, NOW), Some(Duration::from_secs(seconds)), "{value}");
    }
    // The other two forms of RFC 9110, section 5.6.7, and a mixture.
    for (value, now) in [
        ("Sunday, 06-Nov-94 08:49:47 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"),
        ("Sun Nov  6 08:49:47 1994", "Sun Nov  6 08:49:37 1994"),
        ("Sun Nov  6 08:49:47 1994", "Sunday, 06-Nov-94 08:49:37 GMT"),
        ("Saturday, 01-Jan-00 00:00:05 GMT", "Fri, 31 Dec 1999 23:59:55 GMT"),
        ("Friday, 01-Jan-70 00:00:05 GMT", "Thu, 31 Dec 2069 23:59:55 GMT"),
    ] {
        assert_eq!(retry_after::parse(value, Some(now)), Some(Duration::from_secs(10)), "{value}");
    }
    for no_day in
        ["Thu, 31 Feb 2022 08:49:47 GMT", "Thursday, 31-Feb-22 08:49:47 GMT", "Thu Feb 31 08:49:47 2022"]
    {
        assert_eq!(retry_after::parse(no_day, Some("Sun, 27 Feb 2022 08:49:37 GMT")), None, "{no_day}");
    }
    assert_eq!(retry_after::parse("Sun, 06 Nov 1994 08:49:38 GMT", None), None);
    assert_eq!(retry_after::parse("Sun, 06 Nov 1994 08:49:38 GMT", Some("yesterday")), None);
}

#[test]
fn what_is_no_wait() {
    for value in ["", " ", "-5", "+5", ".5", "5.", "1e3", "5s", "5,5", "1.2.3", "0x5", "soon", "\u{661}"] {
        assert_eq!(retry_after::parse(value, NOW), None, "{value:?}");
    }
}

#[test]
fn dates() {
    for (text, seconds) in [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
        ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
        ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
        ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Thursday, 01-Jan-70 00:00:00 GMT", 0),
        ("Tuesday, 29-Feb-00 12:00:00 GMT", 951_825_600),
        ("Tuesday, 31-Dec-69 23:59:59 GMT", 3_155_759_999),
        ("Sun Nov  6 08:49:37 1994", 784_111_777),
        ("Wed Nov 16 08:49:37 1994", 784_975_777),
        ("Tue Feb 29 12:00:00 2000", 951_825_600),
    ] {
        assert_eq!(date::seconds(text), Some(seconds), "{text}");
    }
    for text in [
        "",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Abc, 06 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1969 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49:3x GMT",
        "Thu, 31 Feb 2022 08:49:47 GMT",
        "Mon, 29 Feb 2100 00:00:00 GMT",
        "Sun, 31 Apr 1994 08:49:37 GMT",
        "Sun, 31 Jun 1994 08:49:37 GMT",
        "Sun, 31 Sep 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sundae, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37",
        "Sunday, 31-Nov-94 08:49:37 GMT",
        "Sunday Nov  6 08:49:37 1994",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov    08:49:37 1994",
        "Sun Nov 06 08:49:37 1994 GMT",
        "Sun Nov 31 08:49:37 1994",
        "Sun",
        "Su, 06 Nov 1994 08:49:37 GMT",
    ] {
        assert_eq!(date::seconds(text), None, "{text:?}");
    }
}

/// RFC 9110, section 5.6.7: never more than 50 years ahead, and never more than 50 behind what that leaves.
#[test]
fn a_year_of_two_digits_is_near() {
    for year in [1970, 1999, 2000, 2026, 2051, 2099, 2100, 9990] {
        let now = date::seconds(&format!("Mon, 15 Jun {year} 00:00:00 GMT")).unwrap();
        for digits in 0..100 {
            let found = date::seconds_at(&format!("Monday, 14-Jun-{digits:02} 00:00:00 GMT"), now);
            let expected = (year - 49..=year + 50).find(|year| year % 100 == digits).unwrap();
            let expected = date::seconds(&format!("Mon, 14 Jun {expected} 00:00:00 GMT"));
            // Of years before 1970 and after 9999 nothing is said.
            if let Some(expected) = expected {
                assert_eq!(found, Some(expected), "{digits:02} in {year}");
            }
        }
        // A day later it is more than 50 years.
        let digits = (year + 50) % 100;
        let found = date::seconds_at(&format!("Monday, 17-Jun-{digits:02} 00:00:00 GMT"), now);
        assert_eq!(found, date::seconds(&format!("Mon, 17 Jun {} 00:00:00 GMT", year - 50)), "{year}");
    }
}

#[test]
fn consecutive_days_are_a_day_apart() {
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut expected = 0;
    for year in 1970_u32..=2400 {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let lengths = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (name, days) in names.into_iter().zip(lengths) {
            for day in 1..=days {
                let text = format!("Mon, {day:02} {name} {year} 00:00:00 GMT");
                assert_eq!(date::seconds(&text), Some(expected), "{text}");
                expected += 86_400;
            }
        }
    }
}

/// Everything one change away from a date of each form, by the laws' own reader as well.
#[test]
fn http_dates_are_judged_alike() {
    let mut accepted = 0;
    let mut check = |text: &str| {
        laws::retry_after(text.as_bytes());
        laws::retry_after(format!("{text}\nSun, 06 Nov 1994 08:49:37 GMT").as_bytes());
        laws::retry_after(format!("Fri, 31 Dec 1999 23:59:59 GMT\n{text}").as_bytes());
        accepted += usize::from(date::seconds(text).is_some());
    };
    for base in
        ["Tue, 29 Feb 2000 23:59:60 GMT", "Saturday, 31-Dec-16 09:40:30 GMT", "Sun Nov  6 18:09:37 1994"]
    {
        check(base);
        for at in 0..=base.len() {
            let (before, after) = base.split_at(at);
            let rest = after.get(1..).unwrap_or_default();
            check(&format!("{before}{rest}"));
            for byte in "0123456789-:, SGTa".chars() {
                check(&format!("{before}{byte}{rest}"));
                check(&format!("{before}{byte}{after}"));
            }
        }
    }
    assert!(accepted > 200, "{accepted}");
}

#[test]
fn a_claims_challenge() {
    for value in [
        r#"Bearer realm="", authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="eyJhIjp7fX0=", errorDescription="a, b""#,
        r"Bearer error=insufficient_claims, claims=eyJhIjp7fX0=",
        r#"Bearer claims="eyJhIjp7fX0=" , ERROR = "Insufficient_Claims""#,
        r#"Basic realm="a \" , claims=no", Bearer error="insufficient_claims",claims="eyJhIjp7fX0=""#,
    ] {
        assert_eq!(challenge::claims(value), Some("eyJhIjp7fX0="), "{value}");
    }
    for value in [
        "",
        "Bearer",
        r#"Bearer error="insufficient_claims""#,
        r#"Bearer claims="eyJhIjp7fX0=""#,
        r#"Bearer error="invalid_token", claims="eyJhIjp7fX0=""#,
        r#"Bearer error="insufficient_claims", claims="""#,
        r#"Bearer error="insufficient_claims", claims="not base64!""#,
        r#"Bearer error_description="error=insufficient_claims, claims=x""#,
    ] {
        assert_eq!(challenge::claims(value), None, "{value}");
    }
    assert_eq!(challenge::claims("Bearer error=insufficient_claims, claims=-_-_"), Some("-_-_"));
    assert_eq!(challenge::parameter(r#"Bearer realm="", x=1"#, "realm"), Some(""));
}

proptest! {
    #[test]
    fn no_value_panics(value in ".{0,80}", date in ".{0,40}") {
        let _ = retry_after::parse(&value, Some(&date));
        let _ = challenge::claims(&value);
    }

    #[test]
    fn a_number_is_read_as_it_is(whole in any::<u32>(), millis in 0_u32..1000) {
        let value = format!("{whole}.{millis:03}");
        let expected = Duration::new(u64::from(whole), millis * 1_000_000);
        prop_assert_eq!(retry_after::parse(&value, None), Some(expected));
    }
}
