//! Makes the stored photograph of a picture: its bytes, their name, its likeness and the small picture for lists.

use super::decode::{decode, decode_jpeg, encode, reduced, upright};
use super::examine::{Examined, examine};
use super::jpeg::{JpegShape, stripped};
use super::likeness::{Likeness, LikenessProbes};
use super::policy::PhotoPolicy;
use super::problem::{PhotoProblem, megabytes};
use super::sketch::Sketch;
use super::sort::PictureSort;
use super::{SOURCE_BYTES_MAX, exif};
use crate::observation::{PhotoRef, PhotoSource};
use image::DynamicImage;
use sha2::{Digest, Sha256};

/// A photograph as it is stored. Its bytes are never changed again.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    /// The picture: a JPEG, upright, its long edge as the policy says, with nothing else inside.
    pub jpeg: Vec<u8>,
    /// SHA-256 of those bytes, in 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// What to ask an index for near duplicates, and the likeness to store; nothing if the picture shows nothing that
    /// could be recognised, such as the night.
    pub probes: Option<LikenessProbes>,
    /// A small JPEG for lists.
    pub thumbnail: Vec<u8>,
}

/// A chosen file and the photograph made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// What the file said of itself.
    pub examined: Examined,
    /// The photograph.
    pub photo: Photo,
}

impl Photo {
    /// The perceptual hash to store.
    pub fn likeness(&self) -> Option<Likeness> {
        self.probes.as_ref().map(LikenessProbes::likeness)
    }

    /// What a record says of it. Time and place are those that the file said; whoever took the picture just now
    /// knows better and sets them.
    pub fn reference(&self, purpose: &str, source: PhotoSource, examined: &Examined) -> PhotoRef {
        PhotoRef {
            sha256: self.sha256.clone(),
            purpose: purpose.to_owned(),
            bytes: self.jpeg.len() as u64,
            width: self.width,
            height: self.height,
            source,
            taken_at_ms: examined.taken_at_ms,
            place: examined.place.clone(),
            likeness: self.likeness().map(|likeness| likeness.to_string()).unwrap_or_default(),
        }
    }
}

/// Makes a photograph of a chosen file, whole: decodes, turns upright, resizes, encodes, hashes. Takes as much memory as
/// the decoded picture does, and a little. The same file gives the same bytes from the same build.
pub fn prepare(bytes: &[u8], policy: &PhotoPolicy) -> Result<Prepared, PhotoProblem> {
    let examined = examine(bytes, policy)?;
    let picture = decode(bytes, examined.sort)?;
    let photo = encoded(picture, examined.orientation, policy)?;
    Ok(Prepared { examined, photo })
}

/// Makes a photograph of a JPEG that the platform has decoded, turned, resized and encoded already. Keeps its picture bit
/// for bit and removes everything else. One that is too large, or not upright, is encoded anew.
pub fn finish(jpeg: Vec<u8>, policy: &PhotoPolicy) -> Result<Photo, PhotoProblem> {
    let shape = jpeg_shape(&jpeg)?;
    let orientation = exif::said(&jpeg, policy).orientation;
    let picture = decode_jpeg(&jpeg, &shape)?;
    if orientation != 1 || shape.width.max(shape.height) > policy.picture.long_edge_px {
        return encoded(picture, orientation, policy);
    }
    Ok(named(stripped(jpeg, &shape)?, picture, policy))
}

/// The small picture of a stored photograph.
pub fn thumbnail(jpeg: &[u8], policy: &PhotoPolicy) -> Result<Vec<u8>, PhotoProblem> {
    Ok(small(decode_jpeg(jpeg, &jpeg_shape(jpeg)?)?, policy))
}

/// What to ask an index about a stored photograph; nothing if it shows nothing that could be recognised.
pub fn probes(jpeg: &[u8]) -> Result<Option<LikenessProbes>, PhotoProblem> {
    Ok(Sketch::of(&decode_jpeg(jpeg, &jpeg_shape(jpeg)?)?).probes())
}

fn jpeg_shape(jpeg: &[u8]) -> Result<JpegShape, PhotoProblem> {
    if jpeg.is_empty() {
        return Err(PhotoProblem::Empty);
    }
    if jpeg.len() > SOURCE_BYTES_MAX {
        let [size_mb, limit_mb] = [jpeg.len(), SOURCE_BYTES_MAX].map(|count| megabytes(count as u64));
        return Err(PhotoProblem::TooManyBytes { size_mb, limit_mb });
    }
    match PictureSort::of(jpeg) {
        PictureSort::Jpeg => {}
        PictureSort::Video => return Err(PhotoProblem::Video),
        PictureSort::Pdf | PictureSort::Other => return Err(PhotoProblem::NotAPicture),
        sort => return Err(PhotoProblem::WrongSort { sort }),
    }
    JpegShape::of(jpeg)
}

fn encoded(picture: DynamicImage, orientation: u8, policy: &PhotoPolicy) -> Result<Photo, PhotoProblem> {
    let jpeg = encode(&upright(picture, orientation, policy.picture.long_edge_px), policy.picture.quality);
    // Read back, so that likeness and thumbnail are those of the bytes that are stored, whoever computes them again.
    let picture = decode_jpeg(&jpeg, &jpeg_shape(&jpeg)?)?;
    Ok(named(jpeg, picture, policy))
}

fn named(jpeg: Vec<u8>, picture: DynamicImage, policy: &PhotoPolicy) -> Photo {
    Photo {
        sha256: hex::encode(Sha256::digest(&jpeg)),
        width: picture.width(),
        height: picture.height(),
        probes: Sketch::of(&picture).probes(),
        thumbnail: small(picture, policy),
        jpeg,
    }
}

fn small(picture: DynamicImage, policy: &PhotoPolicy) -> Vec<u8> {
    encode(&reduced(picture.into_rgb8(), policy.thumbnail.long_edge_px), policy.thumbnail.quality)
}

// By hand, so that no picture reaches a log.
impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Photo")
            .field("bytes", &self.jpeg.len())
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}
