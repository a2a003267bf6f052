//! Dice that can be thrown in the middle of an argument list.

use super::super::dice::Dice;
use std::cell::RefCell;

/// What makes no two pictures alike.
#[derive(Debug)]
pub(super) struct Chance(RefCell<Dice>);

impl Chance {
    /// The same seed, the same chances.
    pub(super) fn new(seed: u64) -> Self {
        Self(RefCell::new(Dice::new(seed, 77)))
    }

    /// See [`Dice::below`].
    pub(super) fn below(&self, end: u64) -> u64 {
        self.0.borrow_mut().below(end)
    }

    /// See [`Dice::between`].
    pub(super) fn between(&self, first: i64, last: i64) -> i64 {
        self.0.borrow_mut().between(first, last)
    }

    /// See [`Dice::percent`].
    pub(super) fn percent(&self, of_100: u64) -> bool {
        self.0.borrow_mut().percent(of_100)
    }

    /// See [`Dice::pick`].
    pub(super) fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        self.0.borrow_mut().pick(from)
    }

    /// A number around 0, mostly within 1.
    pub(super) fn small(&self) -> f32 {
        single(self.0.borrow_mut().around())
    }

    /// A number between both.
    pub(super) fn within(&self, low: f32, high: f32) -> f32 {
        low + single(self.0.borrow_mut().fraction()) * (high - low)
    }

    /// For the grain of a surface.
    pub(super) fn seed(&self) -> u32 {
        u32::try_from(self.below(1 << 31)).unwrap_or(7)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a painting needs no more digits")]
fn single(number: f64) -> f32 {
    number as f32
}
