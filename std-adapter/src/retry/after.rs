//! The value of a `Retry-After` field line.

use core::time::Duration;

/// How long the service asks to be left alone.
///
/// ```text
/// Retry-After   = HTTP-date / delay-seconds          RFC 9110, section 10.2.3
/// delay-seconds = 1*DIGIT [ "." 1*DIGIT ]            Graph also sends fractions: 2.128
/// HTTP-date     = IMF-fixdate                        Sun, 06 Nov 1994 08:49:37 GMT
/// ```
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::retry::RetryAfter;
///
/// let date = RetryAfter::parse("Sun, 06 Nov 1994 08:49:47 GMT").ok_or("not a Retry-After")?;
/// assert_eq!(date.wait(Some("Sun, 06 Nov 1994 08:49:37 GMT")), Some(Duration::from_secs(10)));
/// assert_eq!(RetryAfter::parse("-1"), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RetryAfter {
    /// So long from the moment of the answer.
    Delay(Duration),
    /// Until this second after 1970-01-01T00:00:00Z.
    At(u64),
}

impl RetryAfter {
    /// Reads the field value; `None` is anything outside the grammar.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches([' ', '\t']);
        delay(text).map(Self::Delay).or_else(|| imf_fixdate(text).map(Self::At))
    }

    /// The wait, measured against the answer's own `Date`: this machine's clock may be wrong.
    ///
    /// `None` when a date cannot be compared. A moment in the past is no wait.
    #[must_use]
    pub fn wait(self, date: Option<&str>) -> Option<Duration> {
        match self {
            Self::Delay(wait) => Some(wait),
            Self::At(second) => {
                date.and_then(imf_fixdate).map(|now| Duration::from_secs(second.saturating_sub(now)))
            }
        }
    }
}

/// `1*DIGIT [ "." 1*DIGIT ]`; more seconds than fit are the longest wait there is, not an error.
fn delay(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let seconds = whole.parse().unwrap_or(u64::MAX);
    let nanos: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    Some(Duration::new(seconds, nanos.parse().ok()?))
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `day-name "," SP 2DIGIT SP month SP 4DIGIT SP 2DIGIT ":" 2DIGIT ":" 2DIGIT SP GMT`
fn imf_fixdate(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let rest = text.get(3..)?.strip_prefix(", ")?.strip_suffix(" GMT")?;
    let mut parts = rest.split(' ');
    let day = digits(parts.next()?, 2)?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? as u64 + 1;
    let year = digits(parts.next()?, 4)?;
    let mut clock = parts.next()?.split(':');
    let hour = digits(clock.next()?, 2)?;
    let minute = digits(clock.next()?, 2)?;
    let second = digits(clock.next()?, 2)?;
    let legal = (1..=31).contains(&day) && year >= 1970 && hour < 24 && minute < 60 && second <= 60;
    if !legal || clock.next().is_some() || parts.next().is_some() {
        return None;
    }
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn digits(text: &str, count: usize) -> Option<u64> {
    (text.len() == count && all_digits(text)).then(|| text.parse().ok())?
}

/// Days from 1970-01-01 in the Gregorian calendar, counted with years that start in March.
fn days_since_1970(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468
}
