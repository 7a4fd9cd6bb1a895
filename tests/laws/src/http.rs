//! What must become of an answer, worked out by RFC 9110 and 9112 from the whole of it, without the library.

/// The longest line that fits into any room that the library is given here.
const LINE_MAX: usize = 64;

/// The most field lines of a head; a trailer section is only measured in bytes.
const FIELD_LINES_MAX: usize = 64;

/// What an answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The content of a 200 that is `application/json` and complete.
    Content(Vec<u8>),
    /// Another status, after a sound head; what stands behind that does not matter.
    Refusal(u16),
    /// No answer, or not all of one.
    None,
    /// A matter of room, which is not judged here.
    Unknown,
}

#[derive(Debug, Default)]
struct Head {
    minor: u8,
    status: u16,
    length: Option<u128>,
    is_chunked: bool,
    types: Vec<String>,
}

/// Judges a whole answer, after which the peer closed the connection properly, or somebody cut it.
pub fn judge(answer: &[u8], is_closed: bool) -> Verdict {
    if answer.len() > 4096 || answer.split(|byte| *byte == b'\n').any(|line| line.len() > LINE_MAX) {
        return Verdict::Unknown;
    }
    let mut rest = answer;
    for _ in 0..=8 {
        let Some(head) = head(&mut rest) else { return Verdict::None };
        match head.status {
            101 => return Verdict::None,
            102..=199 | 100 => {}
            200 => return content(&head, rest, is_closed).map_or(Verdict::None, Verdict::Content),
            status => return Verdict::Refusal(status),
        }
    }
    Verdict::None
}

/// Takes lines up to the empty one, with those that continue a field line joined to it.
fn lines(rest: &mut &[u8]) -> Option<Vec<(Vec<u8>, bool)>> {
    let mut lines: Vec<(Vec<u8>, bool)> = Vec::new();
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        let (line, after) = rest.split_at(end);
        *rest = &after[2..];
        if line.is_empty() {
            return Some(lines);
        }
        if line.iter().any(is_control) {
            return None;
        }
        match (line[0], lines.as_mut_slice()) {
            (b' ' | b'\t', [_, .., (last, is_folded)]) => {
                last.extend(line);
                *is_folded = true;
            }
            _ => lines.push((line.to_vec(), false)),
        }
    }
}

/// Whether a byte has no place in a line: all that are not printed but the tabulator.
fn is_control(byte: &u8) -> bool {
    matches!(byte, 0..=8 | 10..=31 | 127)
}

fn head(rest: &mut &[u8]) -> Option<Head> {
    let lines = lines(rest)?;
    let (first, fields) = lines.split_first().filter(|(_, fields)| fields.len() <= FIELD_LINES_MAX)?;
    let mut head = status_line(&first.0)?;
    for (line, is_folded) in fields {
        let (name, value) = field_line(line)?;
        // What an interim answer says is of no account.
        if head.status < 200 {
            continue;
        }
        let value = String::from_utf8_lossy(value).into_owned();
        let elements = || value.split(',').map(|element| element.trim_matches([' ', '\t']));
        match name.to_ascii_lowercase().as_str() {
            "content-length" | "transfer-encoding" | "connection" if *is_folded => return None,
            "content-length" => {
                for element in elements() {
                    let length = number(element, 10)?;
                    let is_vague = length >= u128::from(u32::MAX);
                    if length >= 10_u128.pow(19)
                        || head.length.is_some_and(|other| is_vague || other != length)
                    {
                        return None;
                    }
                    head.length = Some(length);
                }
            }
            "transfer-encoding" => {
                if head.is_chunked || !value.eq_ignore_ascii_case("chunked") {
                    return None;
                }
                head.is_chunked = true;
            }
            "content-type" => {
                let media = |element: &str| element.split(';').next().unwrap_or("").to_ascii_lowercase();
                head.types.extend(elements().map(|element| media(element).trim().to_owned()));
            }
            "content-encoding"
                if head.status == 200 && !(value.is_empty() || value.eq_ignore_ascii_case("identity")) =>
            {
                return None;
            }
            _ => {}
        }
    }
    let is_sound = !(head.is_chunked && (head.length.is_some() || head.minor == 0));
    is_sound.then_some(head)
}

fn status_line(line: &[u8]) -> Option<Head> {
    let text: String = line.iter().map(|byte| char::from(*byte)).collect();
    let (version, rest) = text.split_once(' ')?;
    let minor = version.strip_prefix("HTTP/1.").filter(|minor| minor.len() == 1)?.parse().ok()?;
    let status = rest.split(' ').next()?;
    let status = u16::try_from(number(status, 10).filter(|_| status.len() == 3)?).ok()?;
    (status >= 100).then(|| Head { minor, status, ..Head::default() })
}

fn field_line(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = String::from_utf8(line[..colon].to_vec()).ok()?;
    let is_token = |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
    let is_name = !name.is_empty() && name.chars().all(is_token);
    is_name.then(|| (name, line[colon + 1..].trim_ascii()))
}

fn number(digits: &str, radix: u32) -> Option<u128> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() { Some(0) } else { u128::from_str_radix(digits, radix).ok() }
}

fn content(head: &Head, rest: &[u8], is_closed: bool) -> Option<Vec<u8>> {
    if head.types.is_empty() || head.types.iter().any(|media| media != "application/json") {
        return None;
    }
    match head.length {
        _ if head.is_chunked => dechunk(rest).map(|(content, _)| content),
        Some(length) => rest.get(..usize::try_from(length).ok()?).map(<[u8]>::to_vec),
        None => is_closed.then(|| rest.to_vec()),
    }
}

/// Chunks by the book, on a whole body: the content, and how many bytes it took. The book has no limits; but what follows the
/// sizes is at most 256 bytes in all.
pub fn dechunk(body: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut content = Vec::new();
    let mut extensions = 0;
    let mut rest = body;
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        let line = &rest[..end];
        rest = &rest[end + 2..];
        let mut size = line.split(|byte| *byte == b';').next()?;
        while let Some((b' ' | b'\t', before)) = size.split_last() {
            size = before;
        }
        extensions += line.len() - size.len();
        if size.len() > 255 || extensions > 256 || line.iter().any(is_control) {
            return None;
        }
        let size = usize::try_from(number(core::str::from_utf8(size).ok()?, 16)?).ok()?;
        if size == 0 {
            break;
        }
        content.extend(rest.get(..size)?);
        rest = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
    // A line before the first one, since that cannot be continued.
    let trailer = [b"x\r\n", rest].concat();
    let mut after = &trailer[..];
    for (line, _) in &lines(&mut after)?[1..] {
        field_line(line)?;
    }
    Some((content, body.len() - after.len()))
}

/// The seconds from the start of 1970 to a date of HTTP (RFC 9110, section 5.6.7), in its three forms. Of a year of two
/// digits the century is the last one that is not more than 50 years after `now`, or else one of 1970 to 2069.
pub fn date(text: &str, now: Option<u64>) -> Option<u64> {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const MONTHS: &str = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    let number = |text: &str, length: usize| {
        let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u64>().ok()).flatten()
    };
    let is_short = |name: &str| DAYS.iter().any(|day| &day[..3] == name);
    let words: Vec<_> = text.split(' ').collect();
    let (day, month, year, time, is_century_known) = match words[..] {
        [name, day, month, year, time, "GMT"] if is_short(name.strip_suffix(',')?) => {
            (number(day, 2)?, month, number(year, 4)?, time, true)
        }
        [name, date, time, "GMT"] if DAYS.contains(&name.strip_suffix(',')?) => {
            let parts: Vec<_> = date.split('-').collect();
            let [day, month, year] = parts[..] else { return None };
            (number(day, 2)?, month, number(year, 2)?, time, false)
        }
        [name, month, "", day, time, year] if is_short(name) => {
            (number(day, 1)?, month, number(year, 4)?, time, true)
        }
        [name, month, day, time, year] if is_short(name) => {
            (number(day, 2)?, month, number(year, 4)?, time, true)
        }
        _ => return None,
    };
    let clock: Vec<_> = time.split(':').map(|part| number(part, 2)).collect();
    let [Some(hour @ ..=23), Some(minute @ ..=59), Some(second @ ..=60)] = clock[..] else { return None };
    let month = MONTHS.split(' ').position(|known| known == month)?;
    let at = |year: u64| {
        let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
        let lengths = [31, 28 + u64::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let leaps = |year: u64| year / 4 - year / 100 + year / 400;
        if year < 1970 || !(1..=lengths[month]).contains(&day) {
            return None;
        }
        let days = (year - 1970) * 365 + leaps(year - 1) - leaps(1969);
        let days = days + lengths[..month].iter().sum::<u64>() + day - 1;
        Some(days * 86_400 + hour * 3600 + minute * 60 + second)
    };
    if is_century_known {
        return at(year);
    }
    // 50 years of 365.2425 days, or the last second of 2069.
    let last = now.map_or(3_155_759_999, |now| now + 50 * 31_556_952);
    (19..100).filter_map(|century| at(century * 100 + year)).filter(|seconds| *seconds <= last).max()
}
