//! Text from outside on a display: what has no picture is left out, and what does not fit is cut.

use embedded_graphics::prelude::*;
use heapless::String;
use u8g2_fonts::FontRenderer;
use u8g2_fonts::types::VerticalPosition;

use crate::draw::NAMES;
use crate::view::LINE_LENGTH_MAX;

/// What stands where something was left out.
const GAP: char = '\u{b7}';
const CUT: &str = "...";

/// Adds a text with the characters that have a picture, as far as there is room. Neighbours that have none are one dot.
pub(crate) fn shown(text: &str, to: &mut String<LINE_LENGTH_MAX>) {
    let mut was_gap = false;
    for c in text.chars() {
        let c = match plain(c) {
            Some(c) => c,
            None => continue,
        };
        let c = if has_picture(c) { c } else { GAP };
        if !(c == GAP && was_gap) && to.push(c).is_err() {
            return;
        }
        was_gap = c == GAP;
    }
}

/// Whether anything of a text could be read, and not only its dots and blanks.
pub(crate) fn is_shown(text: &str) -> bool {
    text.chars().filter_map(plain).any(|c| c.is_alphanumeric() && has_picture(c))
}

/// A character without its finery; `None` of one that is not seen by itself.
fn plain(c: char) -> Option<char> {
    Some(match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        '\u{2010}'..='\u{2014}' => '-',
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\t' | '\n' => ' ',
        // Marks that belong to another character, joiners, what turns the direction of writing, and controls.
        '\u{300}'..='\u{36f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => {
            return None;
        }
        _ if c.is_control() => return None,
        _ => c,
    })
}

fn has_picture(c: char) -> bool {
    NAMES.get_rendered_dimensions(c, Point::zero(), VerticalPosition::Baseline).is_ok()
}

/// The pixels that a text takes.
pub(crate) fn width(font: &FontRenderer, text: &str) -> i32 {
    font.get_rendered_dimensions(text, Point::zero(), VerticalPosition::Baseline)
        .map_or(0, |found| found.advance.x)
}

/// Cuts a text so that it takes no more than so many pixels.
pub(crate) fn fit(font: &FontRenderer, text: &mut String<LINE_LENGTH_MAX>, room: i32) {
    if width(font, text) <= room {
        return;
    }
    let room = room - width(font, CUT);
    while width(font, text) > room && text.pop().is_some() {}
    while text.ends_with([' ', GAP]) {
        text.pop();
    }
    // The characters that went took more bytes than these.
    let _ = text.push_str(CUT);
}
