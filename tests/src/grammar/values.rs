//! Values of fields and answers: what fits the field, and what does not.

use super::{Choices, Grammar, json, quoted};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{FieldType, LedgerKind};

/// Deeper than any form nests, and less than a reader's own bound in a whole operation.
const DEPTHS: &[usize] = &[8, 60, 110, 122, 125, 130];
const MANY_CHOICES: usize = 1_000;
const LONG_NAME_CHARS: usize = 3_000;

impl<C: Choices> Grammar<'_, C> {
    /// The name of a field of a ledger.
    pub(super) fn field(&mut self, ledger: LedgerKind) -> (String, Option<FieldType>) {
        if self.sometimes(self.odd.unknown || self.odd.depth) || ledger.fields().is_empty() {
            let name = self.one_of(&["future_field", "graded_on", "holder2", "方位", "", "household.phone"]);
            return (name.to_owned(), None);
        }
        if self.rarely(self.odd.text) {
            return ("k".repeat(LONG_NAME_CHARS), None);
        }
        let spec = self.pick(ledger.fields()).expect("it has some");
        (spec.key.to_owned(), Some(spec.kind))
    }

    /// A value for a field: one that fits, nothing, or any.
    pub(super) fn value_of(&mut self, kind: Option<FieldType>) -> String {
        match (kind, self.choices.below(8)) {
            (Some(kind), 0..=6) => self.fitting(kind),
            (_, 0..=1) => "null".to_owned(),
            _ => self.any_value(3),
        }
    }

    fn fitting(&mut self, kind: FieldType) -> String {
        match kind {
            FieldType::Text(_) | FieldType::Name(_) | FieldType::Code(_) => self.text(),
            FieldType::Flag => self.one_of(&["true", "false"]).to_owned(),
            FieldType::Number(low, high) => {
                let plain = if self.choices.below(2) == 0 { low } else { high };
                self.about(&plain.to_string())
            }
            FieldType::Date => {
                if self.often(self.odd.numbers) {
                    let odd = ["9999-12-31", "-9999-01-01", "0000-00-00", "2025-02-30"];
                    return json::string(self.one_of(&odd));
                }
                json::string(self.one_of(&["2025-06-15", "2026-01-31"]))
            }
            FieldType::OneOf(choices) => {
                let choice = self.pick(choices).copied().unwrap_or_default();
                json::string(choice)
            }
            FieldType::ManyOf(choices) => {
                let count = self.count(3, MANY_CHOICES);
                self.list(count, |grammar| json::string(grammar.pick(choices).copied().unwrap_or_default()))
            }
            FieldType::Point => self.place(),
            FieldType::Area => {
                let count = 3 + self.count(3, 300);
                self.list(count, Self::place)
            }
            FieldType::Phone => json::string("10000000001"),
            FieldType::IdNumber => json::string("11010519491231002X"),
            FieldType::User => self.user().map_or_else(|| "null".to_owned(), |user| quoted(&user)),
            FieldType::Entry => quoted(&self.entity().0),
        }
    }

    /// A place.
    pub(super) fn place(&mut self) -> String {
        let lat = self.about("28.9");
        let lon = self.about("113.3");
        let accuracy_m = self.about("8");
        self.object(vec![("lat", lat), ("lon", lon), ("accuracy_m", accuracy_m)])
    }

    /// An entry that is known, or one that nobody knows.
    pub(super) fn entity(&mut self) -> (EntityId, LedgerKind) {
        if !self.rarely(self.odd.references)
            && let Some(known) = self.pick(&self.known.entities)
        {
            return *known;
        }
        (EntityId::from_bytes(self.fresh_id()), LedgerKind::Household)
    }

    /// Any JSON value, at most so deep where depth is not the oddity.
    pub(super) fn any_value(&mut self, depth: usize) -> String {
        if self.sometimes(self.odd.depth) {
            let depth = self.pick(DEPTHS).copied().unwrap_or_default();
            let (open, close) = if self.choices.below(2) == 0 { ("[", "]") } else { ("{\"d\":", "}") };
            return format!("{}1{}", open.repeat(depth), close.repeat(depth));
        }
        match self.choices.below(if depth == 0 { 5 } else { 7 }) {
            0 => "null".to_owned(),
            1 => self.one_of(&["true", "false"]).to_owned(),
            2 => self.whole(),
            3 => self.number(),
            4 => self.text(),
            5 => {
                // Very many only at the outside: within each other they would be more than any operation holds.
                let count = self.count(3, if depth > 2 { MANY_CHOICES } else { 3 });
                self.list(count, |grammar| grammar.any_value(depth - 1))
            }
            _ => {
                let (first, second) = (self.any_value(depth - 1), self.any_value(depth - 1));
                let name = self.one_of(&["a", "lat", "\u{202e}", ""]);
                self.object(vec![(name, first), ("b", second)])
            }
        }
    }
}
