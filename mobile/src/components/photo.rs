//! Photographs on the screens: small ones in a row, one looked at closely, the camera, and the question that asks for
//! some.

mod camera;
mod field;
mod refused;
mod strip;
mod viewer;

pub use camera::OwnCamera;
pub use field::{FileButton, PhotoField, Wanted};
pub use refused::refused_words;
pub use strip::{PhotoShown, PhotoStrip};
pub use viewer::{Viewer, use_picture};
