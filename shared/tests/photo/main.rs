//! What becomes of pictures: good ones of every kind that cameras and galleries give, bad ones, and copies of one.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "helpers of tests: small made-up numbers and values"
)]

mod bad;
mod copies;
mod exif;
mod files;
mod good;
mod index;
mod likeness;
mod policy;
mod scene;
mod words;
