//! Kinds of file, told by their first bytes and never by their name.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PictureSort {
    /// What cameras of phones write.
    Jpeg,
    /// Screenshots, and pictures passed on.
    Png,
    /// Pictures passed on.
    Webp,
    /// What iPhones and some others write unless told otherwise. Only some platforms open it.
    Heic,
    /// A newer form of the same. Only some platforms open it.
    Avif,
    /// Mostly moving pictures.
    Gif,
    /// Old and large.
    Bmp,
    /// Scanners; raw pictures of cameras.
    Tiff,
    /// A film, whatever its name says.
    Video,
    /// A document.
    Pdf,
    /// None of these.
    #[serde(other)]
    Other,
}

impl PictureSort {
    /// What these bytes are.
    pub fn of(bytes: &[u8]) -> Self {
        let has = |(from, mark): &Mark| bytes.get(*from..).is_some_and(|rest| rest.starts_with(mark));
        if has(&(4, b"ftyp")) {
            return of_brand(bytes);
        }
        MARKS.iter().find(|(marks, _)| marks.iter().all(has)).map_or(Self::Other, |(_, sort)| *sort)
    }

    /// The name that people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Video => "MP4",
            Self::Pdf => "PDF",
            Self::Other => "?",
        }
    }
}

/// Bytes that stand at a place of the file.
type Mark = (usize, &'static [u8]);

/// All marks of a line stand in a file of that kind.
const MARKS: &[(&[Mark], PictureSort)] = &[
    (&[(0, b"\xFF\xD8\xFF")], PictureSort::Jpeg),
    (&[(0, b"\x89PNG\r\n\x1A\n")], PictureSort::Png),
    (&[(0, b"RIFF"), (8, b"WEBP")], PictureSort::Webp),
    (&[(0, b"RIFF"), (8, b"AVI ")], PictureSort::Video),
    (&[(0, b"GIF8")], PictureSort::Gif),
    (&[(0, b"BM"), (6, b"\0\0\0\0")], PictureSort::Bmp),
    (&[(0, b"II*\0")], PictureSort::Tiff),
    (&[(0, b"MM\0*")], PictureSort::Tiff),
    (&[(0, b"%PDF-")], PictureSort::Pdf),
    // QuickTime without a brand.
    (&[(4, b"moov")], PictureSort::Video),
    (&[(4, b"mdat")], PictureSort::Video),
    (&[(4, b"wide")], PictureSort::Video),
    // Matroska and WebM; Flash; an MPEG programme; an MPEG transport stream.
    (&[(0, b"\x1A\x45\xDF\xA3")], PictureSort::Video),
    (&[(0, b"FLV\x01")], PictureSort::Video),
    (&[(0, b"\0\0\x01\xBA")], PictureSort::Video),
    (&[(0, b"\x47"), (188, b"\x47")], PictureSort::Video),
];

impl fmt::Display for PictureSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Files of this family name what they hold: first the main brand, then others that fit.
fn of_brand(bytes: &[u8]) -> PictureSort {
    const BRANDS_MAX: usize = 16;
    let brands = bytes.get(8..).unwrap_or_default().chunks_exact(4);
    // The second four bytes are a version, no brand.
    let brands = brands.enumerate().filter(|(at, _)| *at != 1).map(|(_, brand)| brand).take(BRANDS_MAX);
    for brand in brands {
        match brand {
            b"avif" => return PictureSort::Avif,
            b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" => return PictureSort::Heic,
            b"hevc" | b"hevx" | b"msf1" | b"avis" | b"qt  " => return PictureSort::Video,
            b"isom" | b"iso2" | b"mp41" | b"mp42" | b"M4V " | b"avc1" => return PictureSort::Video,
            _ => {}
        }
    }
    PictureSort::Video
}
