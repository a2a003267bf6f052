//! Parts that several screens share. Each draws what it is given and forwards what the person does.

mod ownership;
mod update;

pub use ownership::{OwnershipGate, use_ownership};
pub use update::UpdateBanner;
