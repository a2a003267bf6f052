//! The visit form behind its screen: the draft in hand, how long it has been in hand, the places measured, what to tell
//! the person at the door. Draws nothing.

mod advice;
mod dwell;
mod editor;
mod fixes;

pub use advice::{Advice, advise};
pub use dwell::Dwell;
pub use editor::{Editor, Kept, use_editor};
pub use fixes::{FIXES_KEPT_MAX, note_fix, to_fix};

#[cfg(test)]
mod tests;
