//! The demo township: made from a seed, merged through the same path as every push.

mod township;

pub use township::{DemoPerson, DemoTownship, HISTORY_DAYS, HISTORY_HOUSEHOLDS_MAX, Size, township};
