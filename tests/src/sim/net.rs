//! A network that loses, delays, repeats and reorders. Knows nothing of what it carries.

use super::dice::Dice;

/// Longest time that a letter lingers, in milliseconds.
const LINGER_MS_MAX: i64 = 40_000;

/// How the signal is at one phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// No signal: nothing arrives.
    None,
    /// A valley: much is lost, late or twice.
    Weak,
    /// Town.
    Good,
}

impl Signal {
    fn lost_permille(self) -> u32 {
        match self {
            Self::None => 1000,
            Self::Weak => 250,
            Self::Good => 5,
        }
    }

    fn twice_permille(self) -> u32 {
        match self {
            Self::None | Self::Good => 5,
            Self::Weak => 120,
        }
    }
}

/// Something under way.
#[derive(Clone, Debug)]
pub struct Letter<T> {
    /// When it arrives, by the world's clock.
    pub arrives_at_ms: i64,
    /// Ties are broken by the order of posting.
    order: u64,
    /// The phone that it comes from or goes to.
    pub phone: usize,
    /// What it carries.
    pub content: T,
}

/// Everything under way.
#[derive(Debug)]
pub struct Network<T> {
    under_way: Vec<Letter<T>>,
    posted: u64,
}

impl<T> Default for Network<T> {
    fn default() -> Self {
        Self { under_way: Vec::new(), posted: 0 }
    }
}

impl<T: Clone> Network<T> {
    /// Posts a letter; it may be lost, or arrive twice, and letters overtake each other.
    pub fn post(&mut self, dice: &mut Dice, signal: Signal, now_ms: i64, phone: usize, content: T) {
        let copies = if dice.permille(signal.twice_permille()) { 2 } else { 1 };
        for _ in 0..copies {
            if dice.permille(signal.lost_permille()) {
                continue;
            }
            let linger_ms = match signal {
                Signal::Good => dice.between(20, 400),
                Signal::Weak | Signal::None => dice.between(100, LINGER_MS_MAX),
            };
            self.posted += 1;
            let arrives_at_ms = now_ms + linger_ms;
            self.under_way.push(Letter {
                arrives_at_ms,
                order: self.posted,
                phone,
                content: content.clone(),
            });
        }
    }

    /// When the next letter arrives.
    pub fn next_arrival_ms(&self) -> Option<i64> {
        self.under_way.iter().map(|letter| letter.arrives_at_ms).min()
    }

    /// Takes the first letter that has arrived by now.
    pub fn arrived(&mut self, now_ms: i64) -> Option<Letter<T>> {
        let first = self
            .under_way
            .iter()
            .enumerate()
            .filter(|(_, letter)| letter.arrives_at_ms <= now_ms)
            .min_by_key(|(_, letter)| (letter.arrives_at_ms, letter.order))?
            .0;
        Some(self.under_way.swap_remove(first))
    }

    /// Loses everything under way, as when the server dies.
    pub fn lose_all(&mut self) {
        self.under_way.clear();
    }
}
