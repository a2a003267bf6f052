//! What a hostile phone does in a run. Few things at once in most runs, so that one fault does not hide another and
//! a failing seed says where to look.

use crate::grammar::Oddities;
use crate::sim::dice::Dice;

/// What it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weapons {
    /// Sends operations of every kind, plain in form, with whatever rights it lacks.
    pub operations: bool,
    /// What is odd about its operations.
    pub odd: Oddities,
    /// Gaps, forks, repeats, wrong heads and signatures, other epochs.
    pub chains: bool,
    /// Noise, others' photographs, others' uploads.
    pub photographs: bool,
    /// Asks for everything that has an address.
    pub requests: bool,
}

impl Weapons {
    /// Every fifth seed has it all; the others have two or three things.
    pub fn of(seed: u64, dice: &mut Dice) -> Self {
        if seed.is_multiple_of(5) {
            let all = Self {
                operations: true,
                odd: Oddities::ALL,
                chains: true,
                photographs: true,
                requests: true,
            };
            return all;
        }
        let mut weapons = Self { operations: dice.permille(600), ..Self::default() };
        let odd = &mut weapons.odd;
        for _ in 0..2 {
            match dice.below(11) {
                0 => odd.numbers = true,
                1 => odd.depth = true,
                2 => odd.text = true,
                3 => odd.bulk = true,
                4 => odd.unknown = true,
                5 => odd.parents = true,
                6 => odd.references = true,
                7 => odd.form = true,
                8 => weapons.chains = true,
                9 => weapons.photographs = true,
                _ => weapons.requests = true,
            }
        }
        weapons
    }

    /// Nothing at all: it only reads what it may.
    pub fn none() -> Self {
        Self::default()
    }

    pub(super) fn sends_operations(self) -> bool {
        self.operations || self.odd != Oddities::default()
    }
}
