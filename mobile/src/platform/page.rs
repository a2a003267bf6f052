//! The page as the person sees it: its clocks, whether it is in front, whether there may be a signal, how full the
//! device is.

use std::rc::Rc;

use futures::future::LocalBoxFuture;

use super::Watch;

/// How much is stored, and how much may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageUse {
    /// Bytes in use.
    pub used_bytes: u64,
    /// Bytes that the device would allow.
    pub quota_bytes: u64,
}

/// A platform's page.
pub trait Page {
    /// Milliseconds since 1970 by the device's clock, which a person can set to anything.
    fn wall_ms(&self) -> i64;
    /// Milliseconds by a clock that nobody can set.
    fn monotonic_ms(&self) -> u64;
    /// Ends after `delay_ms`.
    fn sleep(&self, delay_ms: u32) -> LocalBoxFuture<'static, ()>;
    /// Whether the page is in front.
    fn is_visible(&self) -> bool;
    /// Calls `on_change` when the page comes to the front or leaves it, until the watch is dropped. When it leaves,
    /// this may be the last thing that runs.
    fn watch_visible(&self, on_change: Rc<dyn Fn(bool)>) -> Watch;
    /// Whether there may be a signal.
    fn is_online(&self) -> bool;
    /// Calls `on_change` at each change of that, until the watch is dropped.
    fn watch_online(&self, on_change: Rc<dyn Fn(bool)>) -> Watch;
    /// Says in which language the page is, for screen readers and line breaks.
    fn set_language(&self, tag: &str);
    /// How full the device is, where it tells.
    fn storage_use(&self) -> LocalBoxFuture<'static, Option<StorageUse>>;
    /// Brings the element with this id into view and the keyboard to it.
    fn show_element(&self, id: &str);
}
