//! What the panel's display shows: pixels of RGB565, as the board keeps them, and as PNG in `docs/`.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use crate::Result;

const WIDTH: usize = 480;
const HEIGHT: usize = 320;

/// Red, green and blue of every pixel, row by row.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Picture(Vec<u8>);

impl Picture {
    /// What the board kept.
    pub(crate) fn of_board(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path)?;
        if bytes.len() != 2 * WIDTH * HEIGHT {
            return Err(format!("{}: {} bytes", path.display(), bytes.len()).into());
        }
        let (words, _) = bytes.as_chunks();
        Ok(Self(words.iter().flat_map(|word| widened(u16::from_le_bytes(*word))).collect()))
    }

    pub(crate) fn of_png(path: &Path) -> Result<Self> {
        let mut reader = png::Decoder::new(std::io::BufReader::new(File::open(path)?)).read_info()?;
        let mut pixels = vec![0; reader.output_buffer_size().ok_or("too large")?];
        let frame = reader.next_frame(&mut pixels)?;
        if (frame.width as usize, frame.height as usize, frame.color_type)
            != (WIDTH, HEIGHT, png::ColorType::Rgb)
        {
            return Err(format!("{}: another kind of picture", path.display()).into());
        }
        Ok(Self(pixels))
    }

    pub(crate) fn write_png(&self, path: &Path) -> Result {
        let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), WIDTH as u32, HEIGHT as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        encoder.write_header()?.write_image_data(&self.0)?;
        Ok(())
    }

    /// The colour of a pixel.
    pub(crate) fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let place = 3 * (y * WIDTH + x);
        [self.0[place], self.0[place + 1], self.0[place + 2]]
    }
}

/// Bits of a colour are repeated below, so that white is white.
fn widened(pixel: u16) -> [u8; 3] {
    let [red, green, blue] = [pixel >> 11, pixel >> 5 & 63, pixel & 31];
    [red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2].map(|colour| colour as u8)
}
