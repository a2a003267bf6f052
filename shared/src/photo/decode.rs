//! From bytes to pixels and back: decodes within limits, flattens, resizes, turns upright, encodes.

use super::jpeg::JpegShape;
use super::problem::{PhotoProblem, megabytes};
use super::sort::PictureSort;
use super::{DECODED_BYTES_MAX, examine};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, Limits, RgbImage};
use std::io::Cursor;

/// Decodes a picture of any sort that is opened here, as it is stored: not yet upright.
pub(super) fn decode(bytes: &[u8], sort: PictureSort) -> Result<DynamicImage, PhotoProblem> {
    let cursor = Cursor::new(bytes);
    match sort {
        PictureSort::Jpeg => decode_jpeg(bytes, &JpegShape::of(bytes)?),
        PictureSort::Png => {
            let decoder = PngDecoder::with_limits(cursor, limits()).map_err(|error| problem(&error))?;
            pixels(decoder)
        }
        PictureSort::Webp => pixels(WebPDecoder::new(cursor).map_err(|error| problem(&error))?),
        PictureSort::Heic | PictureSort::Avif => Err(PhotoProblem::NotOpenedHere { sort }),
        PictureSort::Gif | PictureSort::Bmp | PictureSort::Tiff => Err(PhotoProblem::WrongSort { sort }),
        PictureSort::Video => Err(PhotoProblem::Video),
        PictureSort::Pdf | PictureSort::Other => Err(PhotoProblem::NotAPicture),
    }
}

/// Decodes a JPEG only: a client that is given nothing else need not carry the other decoders.
pub(super) fn decode_jpeg(bytes: &[u8], shape: &JpegShape) -> Result<DynamicImage, PhotoProblem> {
    if shape.colours_unknown() {
        return Err(PhotoProblem::ColoursUnknown);
    }
    pixels(JpegDecoder::new(Cursor::new(bytes)).map_err(|error| problem(&error))?)
}

fn pixels(mut decoder: impl ImageDecoder) -> Result<DynamicImage, PhotoProblem> {
    let (width, height) = decoder.dimensions();
    examine::check_dimensions(width, height)?;
    let bytes = decoder.total_bytes();
    if bytes > DECODED_BYTES_MAX {
        let [size_mb, limit_mb] = [bytes, DECODED_BYTES_MAX].map(megabytes);
        return Err(PhotoProblem::TooMuchMemory { size_mb, limit_mb });
    }
    decoder.set_limits(limits()).map_err(|error| problem(&error))?;
    DynamicImage::from_decoder(decoder).map_err(|error| problem(&error))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    limits
}

fn problem(error: &ImageError) -> PhotoProblem {
    match error {
        ImageError::Limits(_) => {
            let limit_mb = megabytes(DECODED_BYTES_MAX);
            PhotoProblem::TooMuchMemory { size_mb: limit_mb + 1, limit_mb }
        }
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            PhotoProblem::CutShort
        }
        _ => PhotoProblem::Damaged,
    }
}

/// Brings a picture to three colours of eight bits, its long edge to at most `long_edge_px`, and turns it upright.
pub(super) fn upright(picture: DynamicImage, orientation: u8, long_edge_px: u32) -> RgbImage {
    let small = reduced(flattened(picture), long_edge_px);
    let mut upright = DynamicImage::ImageRgb8(small);
    upright.apply_orientation(Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms));
    upright.into_rgb8()
}

/// What shows through is white, as on paper.
fn flattened(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let (width, height) = picture.dimensions();
    let on_white = |part: u8, alpha: u8| {
        let mixed = (u32::from(part) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255;
        u8::try_from(mixed).expect("a mean of bytes is a byte")
    };
    let mut flat = RgbImage::new(width, height);
    for (flat, pixel) in flat.pixels_mut().zip(picture.pixels()) {
        let [r, g, b, alpha] = pixel.0;
        flat.0 = [r, g, b].map(|part| on_white(part, alpha));
    }
    flat
}

/// The same picture with its long edge at most so long. A smaller one stays as it is: made larger it shows no more.
pub(super) fn reduced(picture: RgbImage, long_edge_px: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let long_edge = width.max(height);
    if long_edge <= long_edge_px {
        return picture;
    }
    let scaled = |edge: u32| {
        let rounded =
            (u64::from(edge) * u64::from(long_edge_px) + u64::from(long_edge) / 2) / u64::from(long_edge);
        u32::try_from(rounded.max(1)).expect("no longer than the edge it comes from")
    };
    resized(&picture, scaled(width), scaled(height))
}

fn resized(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (from_width, from_height) = picture.dimensions();
    let source = ImageRef::new(from_width, from_height, picture.as_raw(), PixelType::U8x3)
        .expect("a picture has three bytes for each pixel");
    let mut target = Image::new(width, height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut target, &options).expect("both have the same kind of pixel");
    RgbImage::from_raw(width, height, target.into_vec()).expect("it was made in this size")
}

/// A baseline JPEG with nothing in it but the picture.
pub(super) fn encode(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder
        .encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .expect("writing into memory does not fail, and no edge is longer than a JPEG can say");
    bytes
}
