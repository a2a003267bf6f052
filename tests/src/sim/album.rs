//! What phones photograph: small real JPEGs drawn once, told apart by a number in a comment, and files that are no
//! pictures. Also the phones' picture work, which knows these pictures, so that a run decodes none of them anew.

use super::dice::Dice;
use bianfang_device::platform::{PictureError, PictureFile, Pictures};
use bianfang_shared::photo::{self, Photo, PhotoPolicy, Prepared};
use futures::future::{FutureExt as _, LocalBoxFuture, ready};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, LazyLock};

/// Different pictures; whatever is taken is one of them with a number of its own.
const SCENES: usize = 8;
const WIDTH_PX: u32 = 48;
const HEIGHT_PX: u32 = 36;
/// Of so many pictures one can be decoded.
const DECODED_EVERY: u64 = 20;
/// What is left of the others, beside their comments.
const DAMAGED_BYTES: usize = 200;
/// Rectangles in a picture.
const SHAPES: usize = 9;
/// What a numbered picture begins with: the start of a JPEG, then a comment of this length with this mark.
const HEAD: [u8; 4] = [0xff, 0xd8, 0xff, 0xfe];
const MARK: &[u8; 8] = b"numbered";
const COMMENT_BYTES: usize = 2 + MARK.len() + 2 + 8;
/// Bytes in a comment that only makes a picture larger.
const NOISE_BYTES: usize = 64 * 1000;

/// How large a picture is, as far as it matters on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bulk {
    /// Goes in one part.
    Small,
    /// Goes in several parts.
    Large,
    /// More than a centre with [`CENTRE_BYTES_MAX`] takes.
    Huge,
}

impl Bulk {
    /// Bytes of comments that make the bulk.
    fn padding(self) -> usize {
        match self {
            Self::Small => 0,
            Self::Large => 600 * 1024,
            Self::Huge => 1024 * 1024,
        }
    }
}

/// What some centres take at most, so that a phone can hold a photograph that never goes.
pub const CENTRE_BYTES_MAX: u64 = 900 * 1024;

static NOISE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut noise = vec![0; NOISE_BYTES];
    Dice::new(0x0015_e000).fill(&mut noise);
    noise
});
static DRAWN: LazyLock<Vec<Prepared>> = LazyLock::new(|| (0..SCENES as u64).map(draw).collect());

fn draw(scene: u64) -> Prepared {
    let mut dice = Dice::new(0x5ce0_e000 + scene);
    let mut picture = RgbImage::from_pixel(WIDTH_PX, HEIGHT_PX, colour(&mut dice));
    for _ in 0..SHAPES {
        let corner =
            |dice: &mut Dice, edge: u32| u32::try_from(dice.below(edge as usize)).unwrap_or_default();
        let (left, top) = (corner(&mut dice, WIDTH_PX), corner(&mut dice, HEIGHT_PX));
        let (wide, high) = (corner(&mut dice, WIDTH_PX) + 1, corner(&mut dice, HEIGHT_PX) + 1);
        let colour = colour(&mut dice);
        for (x, y) in (left..WIDTH_PX.min(left + wide))
            .flat_map(|x| (top..HEIGHT_PX.min(top + high)).map(move |y| (x, y)))
        {
            picture.put_pixel(x, y, colour);
        }
    }
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 90).encode_image(&picture).expect("a small picture is encoded");
    photo::prepare(&file, PhotoPolicy::builtin()).expect("a small picture is prepared")
}

fn colour(dice: &mut Dice) -> Rgb<u8> {
    let mut rgb = [0; 3];
    dice.fill(&mut rgb);
    Rgb(rgb)
}

/// A picture's file as a camera wrote it: the same number is the same file.
pub fn picture(number: u64, bulk: Bulk) -> Arc<Vec<u8>> {
    let scene = number % SCENES as u64;
    let mut file = HEAD[..2].to_vec();
    let name =
        [&MARK[..], &u16::try_from(scene).unwrap_or_default().to_be_bytes(), &number.to_be_bytes()].concat();
    comment(&mut file, &name);
    let mut left = bulk.padding();
    while left > 0 {
        let bytes = left.min(NOISE_BYTES);
        // No two places look alike, so that bytes in a wrong place are found.
        let turn = left / 1024 % (NOISE_BYTES / 2);
        comment(&mut file, &[&NOISE[turn..], &NOISE[..turn]].concat()[..bytes]);
        left -= bytes;
    }
    let jpeg = &DRAWN[usize::try_from(scene).unwrap_or_default()].photo.jpeg;
    // Most cannot be decoded, as if by another program's fault: looking at each is most of a run's time at the centre.
    let end = if number.is_multiple_of(DECODED_EVERY) { jpeg.len() } else { DAMAGED_BYTES };
    file.extend_from_slice(&jpeg[2..end]);
    Arc::new(file)
}

fn comment(file: &mut Vec<u8>, content: &[u8]) {
    file.extend_from_slice(&HEAD[2..]);
    file.extend_from_slice(&u16::try_from(content.len() + 2).expect("a comment is short").to_be_bytes());
    file.extend_from_slice(content);
}

/// The cameras of all phones, and what people send each other.
#[derive(Debug, Default)]
pub struct Camera {
    shot: Vec<Arc<Vec<u8>>>,
}

impl Camera {
    /// A picture: most often a new one, sometimes one that somebody has already.
    pub fn shoot(&mut self, dice: &mut Dice) -> Arc<Vec<u8>> {
        if dice.permille(250)
            && let Some(known) = dice.pick(&self.shot)
        {
            return Arc::clone(known);
        }
        let bulk = match dice.below(100) {
            0..82 => Bulk::Small,
            82..98 => Bulk::Large,
            _ => Bulk::Huge,
        };
        let new = picture(self.shot.len() as u64, bulk);
        self.shot.push(Arc::clone(&new));
        new
    }
}

/// Files that cannot be kept as photographs.
pub fn no_picture(dice: &mut Dice) -> Vec<u8> {
    let whole = &DRAWN[0].photo.jpeg;
    let files: [&[u8]; 4] =
        [b"", b"no picture at all", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", &whole[..whole.len() / 2]];
    dice.pick(&files).map(|file| file.to_vec()).unwrap_or_default()
}

/// What bytes are called.
pub fn name_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The phones' picture work. What the album has is known already; everything else is looked at in earnest.
#[derive(Clone, Copy, Debug)]
pub struct Darkroom;

impl Pictures for Darkroom {
    fn prepare(&self, file: PictureFile) -> LocalBoxFuture<'static, Result<Prepared, PictureError>> {
        ready(match file {
            PictureFile::Bytes(bytes) => match scene_of(&bytes) {
                Some(scene) => Ok(developed(scene, bytes)),
                None => photo::prepare(&bytes, PhotoPolicy::builtin()).map_err(PictureError::from),
            },
            PictureFile::Number(_) => Err(PictureError::Gone),
        })
        .boxed_local()
    }
}

fn scene_of(file: &[u8]) -> Option<&'static Prepared> {
    let named = file.strip_prefix(&HEAD)?.get(..COMMENT_BYTES)?[2..].strip_prefix(MARK)?;
    let scene = u16::from_be_bytes([named[0], named[1]]);
    DRAWN.get(usize::from(scene))
}

/// The picture with its comments is small and upright already: the file is what is stored.
fn developed(scene: &Prepared, file: Vec<u8>) -> Prepared {
    let photo = Photo { sha256: name_of(&file), jpeg: file, ..scene.photo.clone() };
    Prepared { examined: scene.examined.clone(), photo }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numbered_picture_is_a_jpeg_like_any_other() {
        for (number, bulk) in [(0, Bulk::Small), (20, Bulk::Large), (40, Bulk::Huge)] {
            let file = picture(number, bulk);
            let known = Darkroom.prepare(PictureFile::Bytes(file.to_vec())).now_or_never().unwrap().unwrap();
            assert_eq!(known.photo.jpeg, *file);
            let looked_at = photo::prepare(&file, PhotoPolicy::builtin()).unwrap();
            assert_eq!(
                (looked_at.photo.width, looked_at.photo.height),
                (known.photo.width, known.photo.height)
            );
            assert!((bulk == Bulk::Huge) == (file.len() as u64 > CENTRE_BYTES_MAX));
        }
        assert_ne!(picture(3, Bulk::Small), picture(3 + SCENES as u64, Bulk::Small));
        let damaged = photo::prepare(&picture(1, Bulk::Small), PhotoPolicy::builtin());
        assert!(damaged.is_err(), "{damaged:?}");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let mut dice = Dice::new(1);
        for _ in 0..20 {
            let refused = Darkroom.prepare(PictureFile::Bytes(no_picture(&mut dice))).now_or_never().unwrap();
            assert!(matches!(refused, Err(PictureError::Refused(_))), "{refused:?}");
        }
    }
}
