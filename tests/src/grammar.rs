//! The wire format of operations as a grammar: draws JSON text, from what an honest phone writes to what only a hostile
//! or broken one does. Holds no judgement of what it draws; a choice of 0 is always the plain one, so that short
//! sources of choices draw short operations.

mod body;
mod json;
mod values;

use crate::sim::dice::Dice;
use bianfang_shared::area::AreaCode;
use bianfang_shared::hlc::Hlc;
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::ledger::LedgerKind;

/// Where the choices come from.
pub trait Choices {
    /// A number below `bound`, or 0 where the bound is 0.
    fn below(&mut self, bound: usize) -> usize;
}

impl Choices for Dice {
    fn below(&mut self, bound: usize) -> usize {
        Dice::below(self, bound)
    }
}

/// Choices read from bytes, two for each; 0 once they are used up.
#[derive(Clone, Debug)]
pub struct Bytes<'b>(pub &'b [u8]);

impl Choices for Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        let (now, rest) = self.0.split_at(self.0.len().min(2));
        self.0 = rest;
        let number = now.iter().fold(0_usize, |number, byte| (number << 8) | usize::from(*byte));
        if bound == 0 { 0 } else { number % bound }
    }
}

/// Ids that may be named.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Operations of anybody.
    pub ops: Vec<OpId>,
    /// Devices of anybody, for guessing the names of operations that are yet to be made.
    pub devices: Vec<DeviceId>,
    /// Entries with their ledgers.
    pub entities: Vec<(EntityId, LedgerKind)>,
    /// Records.
    pub records: Vec<ObservationId>,
    /// People.
    pub users: Vec<UserId>,
    /// Villages and areas.
    pub areas: Vec<AreaCode>,
    /// Names of photographs.
    pub photos: Vec<String>,
    /// Addresses of uploads under way.
    pub uploads: Vec<String>,
}

/// What may be odd about what is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Numbers at the edges of what can be written.
    pub numbers: bool,
    /// Values nested deep.
    pub depth: bool,
    /// Turning, invisible, broken and very long text.
    pub text: bool,
    /// Very many of something.
    pub bulk: bool,
    /// Kinds, ledgers, steps, fields and attributes that no version knows.
    pub unknown: bool,
    /// Parents that the author cannot have seen.
    pub parents: bool,
    /// Entries, records, people and villages that the operation has nothing to do with.
    pub references: bool,
    /// Attributes twice, of another shape, or left out.
    pub form: bool,
}

impl Oddities {
    /// All of them.
    pub const ALL: Self = Self {
        numbers: true,
        depth: true,
        text: true,
        bulk: true,
        unknown: true,
        parents: true,
        references: true,
        form: true,
    };
}

/// What stands before the body.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// The device.
    pub device: DeviceId,
    /// The place in its chain.
    pub seq: u64,
    /// Its clock.
    pub hlc: Hlc,
    /// Who.
    pub author: UserId,
    /// Which village.
    pub scope: AreaCode,
}

/// The grammar at work.
#[derive(Debug)]
pub struct Grammar<'g, C> {
    choices: &'g mut C,
    known: &'g Known,
    odd: Oddities,
    /// The phone's wall clock in milliseconds, for times that are not odd.
    now_ms: i64,
    /// The operation that is being drawn.
    id: OpId,
}

impl<'g, C: Choices> Grammar<'g, C> {
    /// A grammar that draws by these choices from what is known.
    pub fn new(choices: &'g mut C, known: &'g Known, odd: Oddities, now_ms: i64) -> Self {
        let id = OpId::new(DeviceId::from_bytes([0; 16]), 1);
        Self { choices, known, odd, now_ms, id }
    }

    /// An operation.
    pub fn op(&mut self, header: Header) -> String {
        self.id = OpId::new(header.device, header.seq);
        let scope =
            if self.rarely(self.odd.references) { self.area().unwrap_or(header.scope) } else { header.scope };
        let author = if self.rarely(self.odd.references) {
            self.user().unwrap_or(header.author)
        } else {
            header.author
        };
        let hlc = if self.rarely(self.odd.numbers) { self.whole() } else { header.hlc.bits().to_string() };
        let body = self.body();
        self.object(vec![
            ("device", quoted(&header.device)),
            ("seq", header.seq.to_string()),
            ("hlc", hlc),
            ("author", quoted(&author)),
            ("scope", quoted(&scope)),
            ("body", body),
        ])
    }

    /// The oddity, if it may be: one time in sixteen.
    fn rarely(&mut self, may_be: bool) -> bool {
        may_be && self.choices.below(16) == 15
    }

    /// The oddity, if it may be: every third time.
    fn often(&mut self, may_be: bool) -> bool {
        may_be && self.choices.below(3) == 2
    }

    /// The oddity, if it may be: one time in six.
    fn sometimes(&mut self, may_be: bool) -> bool {
        may_be && self.choices.below(6) == 5
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.choices.below(from.len()))
    }

    fn one_of<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.choices.below(from.len())).copied().unwrap_or_default()
    }

    fn user(&mut self) -> Option<UserId> {
        self.pick(&self.known.users).copied()
    }

    fn area(&mut self) -> Option<AreaCode> {
        self.pick(&self.known.areas).copied()
    }

    /// Sixteen bytes that are most often nobody's, and now and then drawn a second time.
    fn fresh_id(&mut self) -> [u8; 16] {
        let mut bytes = [0x6b; 16];
        for byte in &mut bytes[12..] {
            *byte = u8::try_from(self.choices.below(256)).unwrap_or_default();
        }
        bytes
    }
}

/// A thing as a JSON string of its plain text.
fn quoted(thing: &impl std::fmt::Display) -> String {
    json::string(&thing.to_string())
}
