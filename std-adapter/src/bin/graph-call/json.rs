//! Values as JSON, in the order of the model and with numbers as the service wrote them.
//!
//! What would act on a terminal is written by escapes of JSON: the values are the same for whoever reads them. Secrets
//! are left out unless they are asked for, and what is left out is named.

use core::fmt::{self, Write as _};

use graph_call::value::{Members, Value};

use crate::escape::is_unsafe;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    Text(String),
    /// A string that is shown only when asked for.
    Secret(String),
    List(Vec<Self>),
    Object(Vec<(&'static str, Self)>),
}

impl Node {
    /// All that a record holds.
    pub(crate) fn of(members: &dyn Members) -> Self {
        let schema = members.schema();
        let present = (0..u8::MAX).map_while(|index| members.member(index));
        let pairs = present.filter_map(|(field, value)| Some((schema.name(field)?, Self::value(value)?)));
        Self::Object(pairs.collect())
    }

    /// All that a call holds, as a test writes it.
    #[cfg(test)]
    pub(crate) fn read(text: &str) -> Self {
        let mut call = graph_call::HeapCall::empty();
        call.parse_into(text.as_bytes()).expect("a call");
        Self::of(&call)
    }

    fn value(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Absent
            | Value::Omitted
            | Value::Total(_)
            | Value::Unreadable(_)
            | Value::Variant { text: None, .. } => {
                return None;
            }
            Value::Bool(value) => Self::Bool(value),
            Value::Present => Self::Bool(true),
            Value::Int32(value) => Self::Number(value.to_string()),
            Value::Int64(value) => Self::Number(value.to_string()),
            // A number, or one of the three words that stand for none.
            Value::Double(text) if text.ends_with(|c: char| c.is_ascii_digit()) => {
                Self::Number(text.to_owned())
            }
            Value::Double(text) => Self::Text(text.to_owned()),
            Value::Text { text, .. } => Self::Text(text.to_owned()),
            Value::Secret(text) => Self::Secret(text.to_owned()),
            Value::DateTime(value) => Self::Text(value.to_string()),
            Value::Object(members) => Self::of(members),
            Value::List(values) => {
                let kept = (0..u16::MAX).map_while(|index| values.value(index));
                Self::List(kept.map(|value| Self::value(value).unwrap_or(Self::Null)).collect())
            }
            // With what Microsoft writes before the name, as the library writes it.
            Value::Variant { .. } => match serde_json::to_value(value) {
                Ok(serde_json::Value::String(name)) => Self::Text(name),
                _ => return None,
            },
        })
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text, or null.
    pub(crate) fn maybe(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub(crate) fn number(number: impl fmt::Display) -> Self {
        Self::Number(number.to_string())
    }

    /// The member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find_map(|(found, value)| (*found == name).then_some(value))
    }

    /// Adds a member to an object.
    pub(crate) fn add(&mut self, name: &'static str, value: Self) {
        if let Self::Object(members) = self {
            members.push((name, value));
        }
    }

    /// Puts another value in the place of a member's.
    pub(crate) fn set(&mut self, name: &str, value: Self) {
        let Self::Object(members) = self else { return };
        if let Some((_, place)) = members.iter_mut().find(|(found, _)| *found == name) {
            *place = value;
        }
    }

    /// Leaves out every secret, and names those that were left out in a member `hidden`.
    pub(crate) fn hide(&mut self) {
        let mut hidden = Vec::new();
        self.take_secrets(&mut String::new(), &mut hidden);
        if !hidden.is_empty() {
            self.add("hidden", Self::List(hidden));
        }
    }

    fn take_secrets(&mut self, path: &mut String, hidden: &mut Vec<Self>) {
        let length = path.len();
        match self {
            Self::Object(members) => members.retain_mut(|(name, value)| {
                let dot = if path.is_empty() { "" } else { "." };
                let _ = write!(path, "{dot}{name}");
                let is_secret = matches!(value, Self::Secret(_));
                if is_secret {
                    hidden.push(Self::Text(path.clone()));
                } else {
                    value.take_secrets(path, hidden);
                }
                path.truncate(length);
                !is_secret
            }),
            Self::List(values) => {
                for (index, value) in values.iter_mut().enumerate() {
                    let _ = write!(path, "[{index}]");
                    value.take_secrets(path, hidden);
                    path.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// On one line, or with a line for each value.
    pub(crate) fn to_json(&self, is_pretty: bool) -> String {
        let mut text = String::new();
        // A string takes whatever is written to it.
        let _ = self.write(&mut text, is_pretty.then_some(0));
        text
    }

    fn write(&self, text: &mut String, depth: Option<usize>) -> fmt::Result {
        let inner = depth.map(|depth| depth + 1);
        match self {
            Self::Null => text.write_str("null"),
            Self::Bool(value) => write!(text, "{value}"),
            Self::Number(number) => text.write_str(number),
            Self::Text(value) | Self::Secret(value) => quote(value, text),
            Self::List(values) => {
                text.push('[');
                for (index, value) in values.iter().enumerate() {
                    begin(text, index, inner);
                    value.write(text, inner)?;
                }
                end(text, values.is_empty(), depth, ']');
                Ok(())
            }
            Self::Object(members) => {
                text.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    begin(text, index, inner);
                    quote(name, text)?;
                    text.push_str(if depth.is_some() { ": " } else { ":" });
                    value.write(text, inner)?;
                }
                end(text, members.is_empty(), depth, '}');
                Ok(())
            }
        }
    }
}

fn begin(text: &mut String, index: usize, depth: Option<usize>) {
    if index > 0 {
        text.push(',');
    }
    break_line(text, depth);
}

fn end(text: &mut String, is_empty: bool, depth: Option<usize>, bracket: char) {
    if !is_empty {
        break_line(text, depth);
    }
    text.push(bracket);
}

fn break_line(text: &mut String, depth: Option<usize>) {
    if let Some(depth) = depth {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    }
}

/// `string = quotation-mark *char quotation-mark` (RFC 8259, section 7).
fn quote(value: &str, text: &mut String) -> fmt::Result {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            _ if is_unsafe(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(text, "\\u{unit:04x}")?;
                }
            }
            _ => text.push(c),
        }
    }
    text.push('"');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Node;

    #[test]
    fn what_is_written_reads_back_as_what_was_sent() {
        for text in [
            r#"{"id":"1","subject":"a\"\\\n\r\t\u0000\u001b\u202e\udb40\udc41 Zoë"}"#,
            r##"{"id":"2","source":{"identity":{"user":{"id":"3","displayName":"J"}}},"targets":[]}"##,
            r##"{"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},"state":"established"}"##,
        ] {
            let sent: serde_json::Value = serde_json::from_str(text).expect("JSON");
            for is_pretty in [false, true] {
                let written = Node::read(text).to_json(is_pretty);
                assert_eq!(
                    serde_json::from_str::<serde_json::Value>(&written).expect("JSON"),
                    sent,
                    "{written}"
                );
                assert!(!written.contains(['\u{1b}', '\u{202e}', '\u{e0041}']), "{written}");
                assert_eq!(written.contains('\n'), is_pretty);
            }
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        let text = r#"{"participants":[{"syntheticMediaDetection":{"syntheticConfidence":0.70}}]}"#;
        assert_eq!(Node::read(text).to_json(false), text);
    }

    #[test]
    fn what_is_hidden_is_named() {
        let text = r##"{"meetingInfo":{"@odata.type":"#microsoft.graph.joinMeetingIdMeetingInfo","passcode":"p"},"operations":[{"id":"1"},{"@odata.type":"#microsoft.graph.recordOperation","recordingAccessToken":"t"}]}"##;
        let mut hidden = Node::read(text);
        assert!(hidden.to_json(false).contains(r#""passcode":"p""#));
        hidden.hide();
        let written = hidden.to_json(false);
        assert!(!written.contains("\"p\"") && !written.contains("\"t\""), "{written}");
        let list = r#""hidden":["meetingInfo.passcode","operations[1].recordingAccessToken"]}"#;
        assert!(written.ends_with(list), "{written}");
        let mut open = Node::read(r#"{"id":"1"}"#);
        open.hide();
        assert_eq!(open.to_json(false), r#"{"id":"1"}"#);
    }
}
