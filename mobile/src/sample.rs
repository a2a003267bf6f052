//! Screens without a device core behind them: invented data, a transport in memory, a machine that stands still.
//! For tests and for looking at the screens; never part of what is shipped.

mod ledger;
mod machine;
pub(crate) mod reasons;
mod records;
mod scenes;
mod transport;

#[cfg(test)]
mod tests;

pub use machine::machine;
pub use scenes::{SCENES, Scene, blocked, draw, draw_owned};
pub use transport::{MemoryTransport, Mood};

/// The moment that samples happen at: 18 July 2025, 10:30 in China.
pub const NOW_MS: i64 = 1_752_805_800_000;
