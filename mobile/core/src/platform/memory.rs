//! The machine in memory: a clock that goes when told, randomness from a seed, a network that a closure plays, a disk
//! as full as told.

use super::{Clock, Http, HttpError, HttpRequest, HttpResponse, Platform, Rng, Room};
use super::{PictureError, PictureFile, Pictures};
use bianfang_shared::photo::{self, PhotoPolicy, Prepared};
use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, ready};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// A clock that goes when told. Clones are one clock.
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Rc<Hands>);

#[derive(Debug, Default)]
struct Hands {
    monotonic_ms: Cell<i64>,
    /// What the wall clock shows beyond the monotonic one: its setting.
    wall_offset_ms: Cell<i64>,
    sleepers: RefCell<Vec<(i64, Waker)>>,
}

impl ManualClock {
    /// A clock whose wall shows `wall_ms`.
    pub fn at(wall_ms: i64) -> Self {
        let clock = Self::default();
        clock.set_wall(wall_ms);
        clock
    }

    /// Lets `ms` pass.
    pub fn advance(&self, ms: i64) {
        self.0.monotonic_ms.set(self.0.monotonic_ms.get() + ms.max(0));
        let now = self.0.monotonic_ms.get();
        let (due, later) = self.0.sleepers.take().into_iter().partition(|(until, _)| *until <= now);
        *self.0.sleepers.borrow_mut() = later;
        let due: Vec<(i64, Waker)> = due;
        due.into_iter().for_each(|(_, waker)| waker.wake());
    }

    /// Sets the wall clock, as a person would. The monotonic one goes on.
    pub fn set_wall(&self, wall_ms: i64) {
        self.0.wall_offset_ms.set(wall_ms - self.0.monotonic_ms.get());
    }
}

impl Clock for ManualClock {
    fn wall_ms(&self) -> i64 {
        self.0.monotonic_ms.get() + self.0.wall_offset_ms.get()
    }

    fn monotonic_ms(&self) -> i64 {
        self.0.monotonic_ms.get()
    }

    fn sleep(&self, ms: u64) -> LocalBoxFuture<'static, ()> {
        let hands = Rc::clone(&self.0);
        let until = hands.monotonic_ms.get().saturating_add(i64::try_from(ms).unwrap_or(i64::MAX));
        futures::future::poll_fn(move |context| {
            if hands.monotonic_ms.get() >= until {
                return Poll::Ready(());
            }
            hands.sleepers.borrow_mut().push((until, context.waker().clone()));
            Poll::Pending
        })
        .boxed_local()
    }
}

/// Bytes that follow from a seed (SplitMix64): every run with the same seed is the same run. Not fit for real keys.
#[derive(Debug)]
pub struct SeededRng(Cell<u64>);

impl SeededRng {
    /// The generator of this seed.
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

type Answering = dyn Fn(&HttpRequest) -> Result<HttpResponse, HttpError>;

/// A network whose other end is a closure, asked when the request is polled first.
#[derive(Clone)]
pub struct Loopback(Rc<Answering>);

impl Loopback {
    /// The network that answers with `answer`.
    pub fn new(answer: impl Fn(&HttpRequest) -> Result<HttpResponse, HttpError> + 'static) -> Self {
        Self(Rc::new(answer))
    }

    /// No network.
    pub fn dead() -> Self {
        Self::new(|_| Err(HttpError::Unreachable("no network".to_owned())))
    }
}

impl Http for Loopback {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpResponse, HttpError>> {
        let answer = Rc::clone(&self.0);
        async move { answer(&request) }.boxed_local()
    }
}

impl fmt::Debug for Loopback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Loopback")
    }
}

/// Picture work done at once, by this program's own code.
#[derive(Clone, Copy, Debug, Default)]
pub struct DirectPictures;

impl Pictures for DirectPictures {
    fn prepare(&self, file: PictureFile) -> LocalBoxFuture<'static, Result<Prepared, PictureError>> {
        let prepared = match file {
            PictureFile::Bytes(bytes) => {
                photo::prepare(&bytes, PhotoPolicy::builtin()).map_err(PictureError::from)
            }
            PictureFile::Number(_) => Err(PictureError::Gone),
        };
        ready(prepared).boxed_local()
    }
}

/// A disk with as much room as told. Clones are one disk.
#[derive(Clone, Debug)]
pub struct ManualRoom(Rc<Cell<Option<u64>>>);

impl Default for ManualRoom {
    fn default() -> Self {
        Self(Rc::new(Cell::new(Some(1 << 40))))
    }
}

impl ManualRoom {
    /// From now on so much is free, or nothing is told.
    pub fn set(&self, free_bytes: Option<u64>) {
        self.0.set(free_bytes);
    }
}

impl Room for ManualRoom {
    fn free_bytes(&self) -> Option<u64> {
        self.0.get()
    }
}

/// A machine in memory with this clock and the randomness of this seed.
pub fn platform(clock: &ManualClock, seed: u64) -> Platform {
    Platform {
        clock: Rc::new(clock.clone()),
        rng: Rc::new(SeededRng::new(seed)),
        pictures: Rc::new(DirectPictures),
        room: Rc::new(ManualRoom::default()),
        kind: bianfang_shared::observation::Platform::Native,
        label: "memory".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleeper_wakes_when_its_time_has_come_and_not_when_the_wall_clock_jumps() {
        let clock = ManualClock::at(1_000);
        let mut sleep = clock.sleep(50);
        let mut poll = || (&mut sleep).now_or_never().is_some();
        assert!(!poll());
        clock.set_wall(9_000_000);
        assert!(!poll());
        clock.advance(49);
        assert!(!poll());
        clock.advance(1);
        assert!(poll());
        assert_eq!(clock.wall_ms(), 9_000_050);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let bytes = |seed| {
            let mut bytes = [0; 21];
            SeededRng::new(seed).fill(&mut bytes);
            bytes
        };
        assert_eq!(bytes(7), bytes(7));
        assert_ne!(bytes(7), bytes(8));
    }
}
