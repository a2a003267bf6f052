//! Walks through a JPEG without decoding it: its size, whether it is whole, and a copy without anything but the
//! picture. Looks into no pixel.

use super::examine::check_dimensions;
use super::problem::PhotoProblem;
use super::sort::PictureSort;

/// Segments before the picture data. Cameras write some dozen; a file made of nothing else is not read for ever.
const SEGMENTS_MAX: usize = 4_096;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP0: u8 = 0xE0;
const APP14: u8 = 0xEE;
const APP15: u8 = 0xEF;
const COMMENT: u8 = 0xFE;
const RESTART_FIRST: u8 = 0xD0;
const RESTART_LAST: u8 = 0xD7;
/// A marker of arithmetic coding without a body.
const LONE: u8 = 0x01;

/// What a JPEG says of itself before it is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JpegShape {
    pub(super) width: u32,
    pub(super) height: u32,
    components: u8,
    /// Whether a segment of Adobe's says how its colours are meant.
    adobe: bool,
    /// Whether there is anything that [`stripped`] would remove.
    extras: bool,
    /// Where the picture ends; what follows is something else, such as a phone's short film.
    end: usize,
}

impl JpegShape {
    /// Reads the shape of a JPEG that is whole, and no larger than is decoded.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, PhotoProblem> {
        let mut shape =
            Self { width: 0, height: 0, components: 0, adobe: false, extras: false, end: bytes.len() };
        let mut scanned = 0;
        let mut walk = Walk { bytes, at: 2, strays: false };
        for _ in 0..SEGMENTS_MAX {
            let Segment { marker, body } = walk.next()?;
            match marker {
                EOI => {
                    shape.end = walk.at;
                    shape.extras |= walk.strays || walk.at < bytes.len();
                    shape.check(scanned)?;
                    return Ok(shape);
                }
                SOS => {
                    let from = walk.at;
                    walk.skip_scan()?;
                    scanned += walk.at - from;
                }
                _ if is_frame(marker) => shape.read_frame(marker, body)?,
                _ => shape.adobe |= marker == APP14 && body.starts_with(b"Adobe"),
            }
            shape.extras |= kept_of(marker, body) != Some(body);
        }
        Err(PhotoProblem::Damaged)
    }

    /// Four colours of print, without Adobe's word on which way round they are: half of the programs would show such a
    /// picture as its negative.
    pub(super) fn colours_unknown(&self) -> bool {
        self.components == 4 && !self.adobe
    }

    fn read_frame(&mut self, marker: u8, body: &[u8]) -> Result<(), PhotoProblem> {
        let [depth, y1, y0, x1, x0, components, ..] = *body else { return Err(PhotoProblem::Damaged) };
        // Baseline, extended and progressive, eight bits each; what else the standard knows, no camera writes.
        if !matches!(marker, 0xC0..=0xC2) || depth != 8 {
            return Err(PhotoProblem::NotOpenedHere { sort: PictureSort::Jpeg });
        }
        self.height = u32::from(u16::from_be_bytes([y1, y0]));
        self.width = u32::from(u16::from_be_bytes([x1, x0]));
        self.components = components;
        if self.width == 0 || self.height == 0 {
            return Err(PhotoProblem::Damaged);
        }
        check_dimensions(self.width, self.height)
    }

    /// Every block of eight by eight pixels takes a bit at least, so a picture with fewer was cut, however it ends.
    fn check(&self, scanned: usize) -> Result<(), PhotoProblem> {
        let blocks = u64::from(self.width.div_ceil(8)) * u64::from(self.height.div_ceil(8));
        match (blocks, (scanned as u64).saturating_mul(8)) {
            (0, _) => Err(PhotoProblem::Damaged),
            (blocks, bits) if bits < blocks => Err(PhotoProblem::CutShort),
            _ => Ok(()),
        }
    }
}

/// The same picture, bit for bit, without anything else in the file: no EXIF, no place, no preview, no comment, no
/// second picture. What tells a decoder how the colours are meant stays.
pub(super) fn stripped(bytes: Vec<u8>, shape: &JpegShape) -> Result<Vec<u8>, PhotoProblem> {
    if !shape.extras {
        return Ok(bytes);
    }
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(&[0xFF, SOI]);
    let mut walk = Walk { bytes: &bytes[..shape.end], at: 2, strays: false };
    loop {
        let Segment { marker, body } = walk.next()?;
        if let Some(body) = kept_of(marker, body).filter(|_| marker != EOI) {
            let length = u16::try_from(body.len() + 2).map_err(|_| PhotoProblem::Damaged)?;
            kept.extend_from_slice(&[0xFF, marker]);
            kept.extend_from_slice(&length.to_be_bytes());
            kept.extend_from_slice(body);
        }
        match marker {
            EOI => {
                kept.extend_from_slice(&[0xFF, EOI]);
                return Ok(kept);
            }
            SOS => {
                let from = walk.at;
                walk.skip_scan()?;
                kept.extend_from_slice(&bytes[from..walk.at]);
            }
            _ => {}
        }
    }
}

/// What of a segment belongs to the picture: nothing of most that cameras write.
fn kept_of(marker: u8, body: &[u8]) -> Option<&[u8]> {
    match marker {
        // With a preview behind its fourteen bytes it goes whole; no decoder needs it.
        APP0 => (body.starts_with(b"JFIF\0") && body.len() == 14).then_some(body),
        APP14 => body.starts_with(b"Adobe").then(|| &body[..body.len().min(12)]),
        COMMENT | APP0..=APP15 | SOI | LONE | RESTART_FIRST..=RESTART_LAST => None,
        _ => Some(body),
    }
}

/// The markers that begin a frame: all of C0 to CF but the tables of Huffman and arithmetic codes.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

struct Segment<'a> {
    marker: u8,
    body: &'a [u8],
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether there were bytes between segments that belong to none.
    strays: bool,
}

impl<'a> Walk<'a> {
    /// The next segment. Fill bytes before a marker are skipped, and so are the few strays some cameras leave there.
    fn next(&mut self) -> Result<Segment<'a>, PhotoProblem> {
        let rest = self.bytes.get(self.at..).ok_or(PhotoProblem::CutShort)?;
        let mark = rest.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF));
        let mark = mark.ok_or(PhotoProblem::CutShort)?;
        self.strays |= mark > 0;
        let (marker, body) = (rest[mark + 1], mark + 2);
        // A restart, or a second beginning, has no length.
        if matches!(marker, EOI | SOI | LONE | RESTART_FIRST..=RESTART_LAST) {
            self.at += body;
            return Ok(Segment { marker, body: &[] });
        }
        let Some([high, low]) = rest.get(body..body + 2) else { return Err(PhotoProblem::CutShort) };
        let end = body + usize::from(u16::from_be_bytes([*high, *low]));
        if end < body + 2 {
            return Err(PhotoProblem::Damaged);
        }
        let body = rest.get(body + 2..end).ok_or(PhotoProblem::CutShort)?;
        self.at += end;
        Ok(Segment { marker, body })
    }

    /// Goes to the marker after the picture data of a scan.
    fn skip_scan(&mut self) -> Result<(), PhotoProblem> {
        let rest = self.bytes.get(self.at..).ok_or(PhotoProblem::CutShort)?;
        let ends =
            |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF | RESTART_FIRST..=RESTART_LAST);
        let end = rest.windows(2).position(ends).ok_or(PhotoProblem::CutShort)?;
        self.at += end;
        Ok(())
    }
}
