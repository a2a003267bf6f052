//! Copies for people outside the app: a picture with its watermark burned in, a sheet on paper. The picture that counts
//! as evidence is never touched.

use futures::future::LocalBoxFuture;

/// A platform's way to make copies.
pub trait Printer {
    /// A JPEG of the picture at this `data:` address with the lines written over its lower edge; none where the platform
    /// cannot.
    fn watermarked(&self, address: &str, lines: Vec<String>) -> LocalBoxFuture<'static, Option<Vec<u8>>>;
    /// Opens the system's own dialogue for printing what is on the screen.
    fn print_page(&self);
}
