//! What people do on their phones, as far as chance decides it.

mod forms;
mod ledgers;
mod pictures;
mod problems;

use super::album::Camera;
use super::dice::Dice;
use super::phone::Phone;
use bianfang_device::message::{EntryFilter, EntryRow, Reply, Request, Trouble};
use bianfang_shared::id::{EntityId, ObservationId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::Fix;
use std::collections::BTreeMap;

pub use pictures::Shot;

/// What a secret begins and ends with; between the two is its number.
pub const SECRET: (char, char) = ('密', '号');

/// Words that occur once, and are found again wherever they went.
pub fn secret(number: u64) -> String {
    format!("{}{number}{}", SECRET.0, SECRET.1)
}

/// How often what happened, so that a run in which nothing happens is noticed.
pub type Tally = BTreeMap<&'static str, u64>;

/// What somebody did that must never be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A record was saved.
    Recorded(ObservationId),
    /// These words, which occur nowhere else, were written into a ledger, a problem or a step.
    Wrote(String),
}

/// A person with a phone in hand.
#[derive(Debug)]
pub struct Person<'w> {
    /// The phone.
    pub phone: &'w mut Phone,
    /// What decides.
    pub dice: &'w mut Dice,
    /// The phone's camera, and pictures that others sent.
    pub camera: &'w mut Camera,
    /// Pictures that the phone said it had kept.
    pub shots: &'w mut Vec<Shot>,
    /// What the phone refused.
    pub heard: &'w mut Vec<String>,
    /// How often what was done.
    pub tally: &'w mut Tally,
    /// Numbers words that occur once.
    pub words: &'w mut u64,
    /// Whether the battery may go out between two touches.
    pub may_die: bool,
    /// The disk fails at this statement of whatever is saved; 0 for never.
    pub fail_at: u64,
}

impl Person<'_> {
    /// Does something. Answers what must never be lost.
    pub fn act(&mut self) -> Option<Deed> {
        match self.dice.below(24) {
            0..=6 => self.record(),
            7..=10 => self.edit(),
            11 => self.settle(),
            12 => self.review(),
            13..=14 => self.report(),
            15..=17 => self.step(),
            18 => self.register(),
            19 => self.link(),
            20 => self.retract(),
            21 => self.begin_and_leave(),
            22 => self.choose_no_picture(),
            _ => self.upload_now(),
        }
    }

    fn upload_now(&mut self) -> Option<Deed> {
        let _ = self.ask(Request::SyncNow);
        None
    }

    /// Asks the phone. What it refuses is told.
    fn ask(&mut self, request: Request) -> Result<Reply, Trouble> {
        let answer = self.phone.ask(request);
        self.hear(answer)
    }

    fn hear(&mut self, answer: Result<Reply, Trouble>) -> Result<Reply, Trouble> {
        if let Err(trouble) = &answer {
            self.heard.push(trouble.to_string());
        }
        answer
    }

    /// Words that nobody else writes, marked as something that only its village may read.
    fn words(&mut self, about: &str) -> String {
        *self.words += 1;
        format!("{about}{}", secret(*self.words))
    }

    /// Asks the phone to write something down; perhaps the disk fails.
    fn write(&mut self, request: Request) -> Result<Reply, Trouble> {
        let answer = self.phone.ask_while_failing(request, self.fail_at);
        self.hear(answer)
    }

    fn count(&mut self, what: &'static str) {
        *self.tally.entry(what).or_default() += 1;
    }

    /// Now and then the app dies between two touches. Answers whether it did.
    fn dies(&mut self) -> bool {
        let dies = self.may_die && self.dice.permille(25);
        if dies {
            self.phone.crash();
        }
        dies
    }

    /// The households on this phone.
    fn households(&mut self) -> Vec<EntityId> {
        let request =
            Request::Households { text: String::new(), scope: None, in_conflict: false, here: None, skip: 0 };
        let mut found: Vec<EntityId> = match self.ask(request) {
            Ok(Reply::Households(list)) => list.rows.into_iter().map(|row| row.id).collect(),
            _ => Vec::new(),
        };
        found.sort();
        found
    }

    /// The first page of another ledger.
    fn entries(&mut self, ledger: LedgerKind) -> Vec<EntryRow> {
        let request = Request::Entries { ledger, filter: EntryFilter::default(), here: None, skip: 0 };
        let mut found = match self.ask(request) {
            Ok(Reply::Entries(list)) => list.rows,
            _ => Vec::new(),
        };
        found.sort_by_key(|row| row.id);
        found
    }

    fn fix(&mut self) -> Fix {
        #[expect(clippy::cast_precision_loss, reason = "a place on a made-up map")]
        let near = |base: f64, dice: &mut Dice| base + dice.between(-300, 300) as f64 / 100_000.0;
        Fix {
            lat: near(28.9, self.dice),
            lon: near(113.3, self.dice),
            accuracy_m: 12.0,
            altitude_m: None,
            at_ms: self.phone.wall_ms(),
            received_at_ms: None,
            provider: None,
            mocked: None,
        }
    }
}
