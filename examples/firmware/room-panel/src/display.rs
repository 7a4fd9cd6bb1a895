//! The display of the emulated board: memory of its own, as the controller of a real display has, which can be kept as a
//! file.

use core::convert::Infallible;
use core::ffi::CStr;

use board::display::Memory;
use embedded_graphics::pixelcolor::Rgb565;
use embedded_graphics::pixelcolor::raw::RawU16;
use embedded_graphics::prelude::*;
use embedded_graphics::primitives::Rectangle;
use semihosting::fs::File;
use semihosting::io::{Result, Write as _};

use crate::SIZE;

/// The pixels, row by row.
pub struct Display {
    memory: Memory,
}

impl Display {
    /// The display; `None` if somebody has it.
    pub fn take() -> Option<Self> {
        Memory::take().map(|memory| Self { memory })
    }

    /// Writes the pixels into a file: two bytes each, the low one first.
    ///
    /// # Errors
    /// Those of the host that emulates the board.
    pub fn keep(&self, file: &CStr) -> Result<()> {
        File::create(file)?.write_all(self.memory.bytes(2 * (SIZE.width * SIZE.height) as usize))
    }
}

impl OriginDimensions for Display {
    fn size(&self) -> Size {
        SIZE
    }
}

impl DrawTarget for Display {
    type Color = Rgb565;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb565>>>(
        &mut self,
        pixels: I,
    ) -> core::result::Result<(), Infallible> {
        let bounds = self.bounding_box();
        for Pixel(point, colour) in pixels {
            if bounds.contains(point) {
                let place = point.y as usize * SIZE.width as usize + point.x as usize;
                self.memory.fill(place, 1, RawU16::from(colour).into_inner());
            }
        }
        Ok(())
    }

    fn fill_solid(&mut self, area: &Rectangle, colour: Rgb565) -> core::result::Result<(), Infallible> {
        let area = area.intersection(&self.bounding_box());
        for row in area.rows() {
            let place = row as usize * SIZE.width as usize + area.top_left.x as usize;
            self.memory.fill(place, area.size.width as usize, RawU16::from(colour).into_inner());
        }
        Ok(())
    }
}
