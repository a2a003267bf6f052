//! How many pixels a picture says it has, read from its first bytes, before anything is decoded or memory set aside.

use super::jpeg::JpegShape;
use super::problem::PhotoProblem;
use super::sort::PictureSort;

/// As far as the header of a picture of the HEIC family is searched.
const HEADER_BYTES_MAX: usize = 256 * 1024;

/// Width and height as stored, not yet turned. Of a HEIC that does not say, 0 and 0: the platform that opens it tells.
pub(super) fn dimensions(bytes: &[u8], sort: PictureSort) -> Result<(u32, u32), PhotoProblem> {
    match sort {
        PictureSort::Jpeg => JpegShape::of(bytes).map(|shape| (shape.width, shape.height)),
        PictureSort::Png => of_png(bytes),
        PictureSort::Webp => of_webp(bytes),
        PictureSort::Heic | PictureSort::Avif => Ok(of_heic(bytes)),
        PictureSort::Video => Err(PhotoProblem::Video),
        PictureSort::Gif | PictureSort::Bmp | PictureSort::Tiff => Err(PhotoProblem::WrongSort { sort }),
        PictureSort::Pdf | PictureSort::Other => Err(PhotoProblem::NotAPicture),
    }
}

fn of_png(bytes: &[u8]) -> Result<(u32, u32), PhotoProblem> {
    let width = be_u32(bytes, 16).ok_or(PhotoProblem::CutShort)?;
    let height = be_u32(bytes, 20).ok_or(PhotoProblem::CutShort)?;
    let mut at = 8;
    // Each round goes forward by twelve bytes at least.
    while let Some(length) = be_u32(bytes, at) {
        let name = bytes.get(at + 4..at + 8);
        let end = at.saturating_add(12).saturating_add(length as usize);
        if end > bytes.len() {
            break;
        }
        if name == Some(b"IEND") {
            return Ok((width, height));
        }
        at = end;
    }
    Err(PhotoProblem::CutShort)
}

fn of_webp(bytes: &[u8]) -> Result<(u32, u32), PhotoProblem> {
    let told = le(bytes, 4, 4).ok_or(PhotoProblem::CutShort)?;
    if (told as usize).saturating_add(8) > bytes.len() {
        return Err(PhotoProblem::CutShort);
    }
    let size = match bytes.get(12..16) {
        Some(b"VP8X") => le(bytes, 24, 3).zip(le(bytes, 27, 3)).map(|(w, h)| (w + 1, h + 1)),
        Some(b"VP8L") => le(bytes, 21, 4).map(|bits| ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)),
        Some(b"VP8 ") => le(bytes, 26, 2).zip(le(bytes, 28, 2)).map(|(w, h)| (w & 0x3FFF, h & 0x3FFF)),
        _ => None,
    };
    size.ok_or(PhotoProblem::Damaged)
}

/// The largest of the sizes named: a large picture is made of tiles, and each of them names its own.
fn of_heic(bytes: &[u8]) -> (u32, u32) {
    let header = &bytes[..bytes.len().min(HEADER_BYTES_MAX)];
    let named = header.windows(4).enumerate().filter(|(_, name)| name == b"ispe");
    let sizes = named.filter_map(|(at, _)| be_u32(header, at + 8).zip(be_u32(header, at + 12)));
    sizes.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height)).unwrap_or((0, 0))
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn le(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let part = bytes.get(at..at + count)?;
    Some(part.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte)))
}
