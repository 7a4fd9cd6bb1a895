//! Where everything stands.

use embedded_graphics::pixelcolor::Rgb565;
use embedded_graphics::prelude::*;
use embedded_graphics::primitives::{
    Arc, Circle, CornerRadii, Line as Stroke, PrimitiveStyle, Rectangle, RoundedRectangle,
};
use graph_call::Capacities;
use heapless::String;
use u8g2_fonts::types::{FontColor, HorizontalAlignment, VerticalPosition};
use u8g2_fonts::{Error, FontRenderer, fonts};

use crate::text::fit;
use crate::view::LINE_LENGTH_MAX;
use crate::{Line, View};

/// The pixels of the panel.
pub const SIZE: Size = Size::new(480, 320);

pub(crate) const NAMES: FontRenderer = FontRenderer::new::<fonts::u8g2_font_helvB24_te>();
const STATE: FontRenderer = FontRenderer::new::<fonts::u8g2_font_fub35_tr>();
const TIMER: FontRenderer = FontRenderer::new::<fonts::u8g2_font_fub35_tn>();
const ROOM: FontRenderer = FontRenderer::new::<fonts::u8g2_font_helvB18_te>();
const SMALL: FontRenderer = FontRenderer::new::<fonts::u8g2_font_helvR14_te>();

const MARGIN: i32 = 20;
const RIGHT: i32 = SIZE.width as i32 - MARGIN;

/// A colour as it is written on the web.
pub(crate) const fn rgb(colour: u32) -> Rgb565 {
    let [_, red, green, blue] = colour.to_be_bytes();
    Rgb565::new(red >> 3, green >> 2, blue >> 3)
}

const GROUND: Rgb565 = rgb(0x10_16_1E);
const TEXT: Rgb565 = rgb(0xFF_FF_FF);
const DIM: Rgb565 = rgb(0x94_A3_B8);
const GOOD: Rgb565 = rgb(0x34_C7_6F);
const WARNING: Rgb565 = rgb(0xF5_B5_3C);
const BAD: Rgb565 = rgb(0xFF_6B_5E);

/// Draws a view over all that was there.
///
/// # Errors
/// Those of the display.
pub fn draw<C: Capacities, D>(view: &View<'_, C>, display: &mut D) -> Result<(), D::Error>
where
    D: DrawTarget,
    D::Color: From<Rgb565>,
{
    let display = &mut display.color_converted::<Rgb565>();
    display.fill_solid(&Rectangle::new(Point::zero(), SIZE), GROUND)?;
    header(view, display)?;
    state(view, display)?;
    who(view, display)?;
    footer(view, display)
}

/// What the room is called, and how the connection is.
fn header<C: Capacities, D: DrawTarget<Color = Rgb565>>(
    view: &View<'_, C>,
    display: &mut D,
) -> Result<(), D::Error> {
    let (word, colour) = match view.line {
        Line::Starting => ("Starting", DIM),
        Line::Online => ("Online", GOOD),
        Line::Trouble(_) => ("Trouble", WARNING),
        Line::Offline => ("Offline", BAD),
    };
    let left = write(display, &SMALL, word, Point::new(RIGHT, 30), HorizontalAlignment::Right, DIM)?;
    let dot = Circle::with_center(Point::new(left - 13, 29), 11);
    dot.into_styled(PrimitiveStyle::with_fill(colour)).draw(display)?;
    let mut room = String::new();
    crate::text::shown(view.room, &mut room);
    fit(&ROOM, &mut room, left - 40 - MARGIN);
    write(display, &ROOM, &room, Point::new(MARGIN, 30), HorizontalAlignment::Left, TEXT).map(drop)
}

/// The state, in letters that are read across the room, and how long it lasts.
fn state<C: Capacities, D: DrawTarget<Color = Rgb565>>(
    view: &View<'_, C>,
    display: &mut D,
) -> Result<(), D::Error> {
    let (word, colour) = view.state();
    let card = Rectangle::new(Point::new(MARGIN, 56), Size::new(440, 96));
    let card = RoundedRectangle::new(card, CornerRadii::new(Size::new(14, 14)));
    card.into_styled(PrimitiveStyle::with_fill(colour)).draw(display)?;
    let ink = if view.is_old() { DIM } else { TEXT };
    write(display, &STATE, word, Point::new(MARGIN + 20, 104), HorizontalAlignment::Left, ink)?;
    if let Some(timer) = view.timer() {
        write(display, &TIMER, &timer, Point::new(RIGHT - 20, 104), HorizontalAlignment::Right, ink)?;
    }
    Ok(())
}

/// The others, and what it is about.
fn who<C: Capacities, D: DrawTarget<Color = Rgb565>>(
    view: &View<'_, C>,
    display: &mut D,
) -> Result<(), D::Error> {
    let ink = if view.is_old() { DIM } else { TEXT };
    if let Some((way, mut name, others)) = view.peers() {
        let mut right = RIGHT;
        if others > 0 {
            let mut more = String::<LINE_LENGTH_MAX>::new();
            // There is room for any number.
            let _ = core::fmt::Write::write_fmt(&mut more, format_args!("+ {others}"));
            right =
                write(display, &NAMES, &more, Point::new(RIGHT, 184), HorizontalAlignment::Right, DIM)? - 12;
        }
        let left = write(display, &SMALL, way, Point::new(MARGIN, 186), HorizontalAlignment::Left, DIM)? + 12;
        fit(&NAMES, &mut name, right - left);
        write(display, &NAMES, &name, Point::new(left, 184), HorizontalAlignment::Left, ink)?;
    }
    if let Some(subject) = view.call.and_then(|call| call.subject.as_str()) {
        let mut shown = String::new();
        crate::text::shown(subject, &mut shown);
        fit(&ROOM, &mut shown, RIGHT - MARGIN);
        write(display, &ROOM, &shown, Point::new(MARGIN, 226), HorizontalAlignment::Left, DIM)?;
    }
    Ok(())
}

/// Whether nobody is heard, and what is wrong.
fn footer<C: Capacities, D: DrawTarget<Color = Rgb565>>(
    view: &View<'_, C>,
    display: &mut D,
) -> Result<(), D::Error> {
    let line = Stroke::new(Point::new(MARGIN, 256), Point::new(RIGHT, 256));
    line.into_styled(PrimitiveStyle::with_stroke(rgb(0x2A_34_42), 1)).draw(display)?;
    let mut left = MARGIN;
    if let Some(word) = view.silence().filter(|_| !view.is_old()) {
        microphone(display, Point::new(MARGIN + 9, 288))?;
        left =
            write(display, &SMALL, word, Point::new(MARGIN + 28, 289), HorizontalAlignment::Left, BAD)? + 24;
    }
    let mut right = RIGHT;
    if let Some(old) = view.old() {
        right = write(display, &SMALL, &old, Point::new(RIGHT, 289), HorizontalAlignment::Right, DIM)? - 16;
    }
    if let Some(mut remark) = view.remark() {
        let colour = match view.line {
            Line::Starting => DIM,
            Line::Online | Line::Trouble(_) => WARNING,
            Line::Offline => BAD,
        };
        fit(&SMALL, &mut remark, right - left);
        write(display, &SMALL, &remark, Point::new(left, 289), HorizontalAlignment::Left, colour)?;
    }
    Ok(())
}

/// A microphone that is crossed out.
fn microphone<D: DrawTarget<Color = Rgb565>>(display: &mut D, middle: Point) -> Result<(), D::Error> {
    let line = PrimitiveStyle::with_stroke(BAD, 2);
    let head = Rectangle::with_center(middle - Point::new(0, 5), Size::new(9, 15));
    let head = RoundedRectangle::with_equal_corners(head, Size::new(4, 4));
    head.into_styled(PrimitiveStyle::with_fill(BAD)).draw(display)?;
    Arc::with_center(middle - Point::new(0, 4), 18, 0.0.deg(), 180.0.deg())
        .into_styled(line)
        .draw(display)?;
    Stroke::new(middle + Point::new(0, 5), middle + Point::new(0, 10)).into_styled(line).draw(display)?;
    Stroke::new(middle + Point::new(-5, 10), middle + Point::new(5, 10)).into_styled(line).draw(display)?;
    for (offset, colour) in [(3, GROUND), (0, BAD)] {
        let slash = Stroke::new(middle + Point::new(-10 + offset, -12), middle + Point::new(9 + offset, 9));
        slash.into_styled(PrimitiveStyle::with_stroke(colour, 2)).draw(display)?;
    }
    Ok(())
}

/// Writes a text, its middle at the height of a point, and gives the edge that is away from the point.
fn write<D: DrawTarget<Color = Rgb565>>(
    display: &mut D,
    font: &FontRenderer,
    text: &str,
    at: Point,
    side: HorizontalAlignment,
    colour: Rgb565,
) -> Result<i32, D::Error> {
    let ink = FontColor::Transparent(colour);
    // By the height of a capital, so that a text stands still whatever its letters are.
    let base = at + Point::new(0, i32::from(font.get_ascent()) / 2);
    match font.render_aligned(text, base, VerticalPosition::Baseline, side, ink, display) {
        Ok(place) => Ok(match (side, place) {
            (HorizontalAlignment::Right, Some(place)) => place.top_left.x,
            (_, Some(place)) => place.top_left.x + place.size.width as i32,
            (_, None) => at.x,
        }),
        Err(Error::DisplayError(error)) => Err(error),
        // Only characters with a picture get here.
        Err(_) => Ok(at.x),
    }
}
