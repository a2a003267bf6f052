//! Where the phone is: readings as they come, with their accuracy and age.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use dioxus::prelude::*;
use futures::StreamExt as _;
use futures::channel::mpsc;

use super::use_platform;

/// One reading, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
    /// Radius of 95 % confidence, as the device claims it.
    pub accuracy_m: f64,
    /// When the device took the reading, in milliseconds since 1970, by whatever clock the receiver keeps.
    pub taken_at_ms: u64,
    /// When it was handed over, by the phone's wall clock.
    pub received_at_ms: u64,
}

/// Why there is no reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocationProblem {
    /// The person or the system refused. Only the person can change that.
    Refused,
    /// No satellite and no network position. May come with time or out of doors.
    Unavailable,
    /// Nothing came in time; the watch goes on.
    TooSlow,
    /// This device or window can never tell.
    Unsupported,
}

/// What is known now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The last reading, kept when a problem follows it: its age tells how far to trust it.
    pub fix: Option<Fix>,
    /// The problem that came after it, if any.
    pub problem: Option<LocationProblem>,
}

impl Reading {
    fn after(&self, next: Result<Fix, LocationProblem>) -> Self {
        match next {
            Ok(fix) => Self { fix: Some(fix), problem: None },
            Err(problem) => Self { fix: self.fix, problem: Some(problem) },
        }
    }
}

/// A platform's source of readings.
pub trait Locator {
    /// Calls `on_change` with each reading or problem until the watch is dropped. The satellite receiver is on
    /// meanwhile, so a watch is for the length of a visit and not of a day.
    fn watch(&self, on_change: Rc<dyn Fn(Result<Fix, LocationProblem>)>) -> Watch;
}

/// Ends the watching when dropped.
#[must_use = "dropping it ends the watching"]
pub struct Watch(#[expect(dead_code, reason = "held for its drop")] Box<dyn Any>);

impl Watch {
    /// A watch that lasts as long as `guard`.
    pub fn new(guard: impl Any) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}

/// Readings that may wait for the screen. A reading more than that is dropped: the next one is newer.
const READINGS_WAITING_MAX: usize = 16;

/// Watches the position for as long as the calling component is shown.
#[must_use]
pub fn use_location() -> ReadSignal<Reading> {
    let platform = use_platform();
    let reading = use_signal(Reading::default);
    use_hook(|| {
        // The platform calls from outside Dioxus, where signals may not be written: hand over through a queue.
        let (sender, receiver) = mpsc::channel(READINGS_WAITING_MAX);
        let sender = RefCell::new(sender);
        let on_change = move |next| {
            let _full_or_gone = sender.borrow_mut().try_send(next);
        };
        spawn(follow(receiver, reading));
        Rc::new(platform.locator.watch(Rc::new(on_change)))
    });
    reading.into()
}

async fn follow(mut readings: mpsc::Receiver<Result<Fix, LocationProblem>>, mut shown: Signal<Reading>) {
    while let Some(next) = readings.next().await {
        let after = shown.peek().after(next);
        shown.set(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIX: Fix = Fix {
        latitude_deg: 25.78,
        longitude_deg: 109.61,
        accuracy_m: 8.0,
        taken_at_ms: 1,
        received_at_ms: 2,
    };

    #[test]
    fn a_lost_signal_keeps_the_last_fix_and_says_so() {
        let reading = Reading::default().after(Ok(FIX)).after(Err(LocationProblem::Unavailable));
        assert_eq!(reading, Reading { fix: Some(FIX), problem: Some(LocationProblem::Unavailable) });
    }

    #[test]
    fn a_new_fix_clears_the_problem() {
        let reading = Reading::default().after(Err(LocationProblem::TooSlow)).after(Ok(FIX));
        assert_eq!(reading, Reading { fix: Some(FIX), problem: None });
    }
}
