//! Photographs behind the screens: pictures on their way onto the device, what is said of those that cannot be kept, the
//! words of the watermark. Draws nothing.

mod gather;
mod mark;

pub use gather::{Gather, NewPicture, Origin, Refused, WAITING_MAX, Waiting, WhyRefused, use_gather};
pub use mark::{Mark, file_name};
