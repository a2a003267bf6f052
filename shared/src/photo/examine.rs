//! Looks at a chosen file before anything is decoded: what it is, how large, and what it says of time and place.
//! Refuses what cannot become a photograph.

use super::policy::PhotoPolicy;
use super::problem::{PhotoProblem, megabytes};
use super::sort::PictureSort;
use super::{EDGE_PX_MIN, PIXELS_MAX, SOURCE_BYTES_MAX, exif, size};
use crate::observation::Fix;

/// What is known of a file before it is decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// What it is.
    pub sort: PictureSort,
    /// Width in pixels as it is to be looked at; 0 where only the platform that opens it can tell.
    pub width: u32,
    /// Height in pixels as it is to be looked at; 0 where only the platform that opens it can tell.
    pub height: u32,
    /// How the stored pixels are turned, 1 to 8 as EXIF counts; 1 is upright.
    pub orientation: u8,
    /// When it was taken, by its own word, in milliseconds since 1970.
    pub taken_at_ms: Option<i64>,
    /// Where it was taken, by its own word.
    pub place: Option<Fix>,
}

/// Looks at a file. Cheap: reads the file once and sets aside no memory for its pixels. HEIC and AVIF pass, since many
/// platforms open them; [`super::prepare`] does not.
pub fn examine(bytes: &[u8], policy: &PhotoPolicy) -> Result<Examined, PhotoProblem> {
    if bytes.is_empty() {
        return Err(PhotoProblem::Empty);
    }
    // First what it is: of a film of two gigabytes one should not learn that it is too large.
    let sort = PictureSort::of(bytes);
    if sort == PictureSort::Video {
        return Err(PhotoProblem::Video);
    }
    if bytes.len() > SOURCE_BYTES_MAX {
        let [size_mb, limit_mb] = [bytes.len(), SOURCE_BYTES_MAX].map(|count| megabytes(count as u64));
        return Err(PhotoProblem::TooManyBytes { size_mb, limit_mb });
    }
    let (width, height) = size::dimensions(bytes, sort)?;
    let told_later = (width, height) == (0, 0) && matches!(sort, PictureSort::Heic | PictureSort::Avif);
    if !told_later {
        check_dimensions(width, height)?;
    }
    let said = exif::said(bytes, policy);
    let (width, height) = if said.orientation > 4 { (height, width) } else { (width, height) };
    Ok(Examined {
        sort,
        width,
        height,
        orientation: said.orientation,
        taken_at_ms: said.taken_at_ms,
        place: said.place,
    })
}

pub(super) fn check_dimensions(width: u32, height: u32) -> Result<(), PhotoProblem> {
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        let limit_megapixels = PIXELS_MAX / 1_000_000;
        return Err(PhotoProblem::TooManyPixels { width, height, limit_megapixels });
    }
    if width.min(height) < EDGE_PX_MIN {
        return Err(PhotoProblem::TooSmall { width, height });
    }
    Ok(())
}
