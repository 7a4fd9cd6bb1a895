//! picojson from a stream, in pieces.
#![no_std]
#![no_main]

use call_model::Value as _;
use call_model::pull::picojson::Reader;
use picojson::StreamParser;

#[cortex_m_rt::entry]
fn main() -> ! {
    peers::run(|call, document, piece| {
        let mut buffer = [0; 256];
        *call = peers::PeerCall::default();
        let pieces = Pieces { left: document, size: if piece == 0 { usize::MAX } else { piece } };
        let mut reader = Reader::new(StreamParser::new(pieces, &mut buffer));
        call.fill(&mut reader).is_ok() && reader.finish().is_ok()
    })
}

/// Hands out pieces of a size.
struct Pieces {
    left: &'static [u8],
    size: usize,
}

impl picojson::Reader for Pieces {
    type Error = core::convert::Infallible;

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        let used = self.left.len().min(buffer.len()).min(self.size);
        let Some((piece, left)) = self.left.split_at_checked(used) else { return Ok(0) };
        for (to, from) in buffer.iter_mut().zip(piece) {
            *to = *from;
        }
        self.left = left;
        Ok(used)
    }
}
