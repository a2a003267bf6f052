//! The bodies of operations, of every kind.

use super::{Choices, Grammar, json, quoted};
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::ledger::LedgerKind;

const LEDGERS: &[LedgerKind] = &[
    LedgerKind::Household,
    LedgerKind::Person,
    LedgerKind::House,
    LedgerKind::WaterSupply,
    LedgerKind::Post,
    LedgerKind::Issue,
];
const KINDS: &[&str] = &["visit", "house_inspection", "water_check", "attendance"];
const OUTCOMES: &[&str] =
    &["at_home", "nobody_home", "refused", "working_away", "road_cut", "moved_away", "done"];
/// How far beyond what is known the names of operations are guessed.
const GUESSED_AHEAD: usize = 24;
const MANY_PARENTS: usize = 200;
const MANY_PARTS: usize = 210;

impl<C: Choices> Grammar<'_, C> {
    pub(super) fn body(&mut self) -> String {
        if self.rarely(self.odd.unknown) {
            let kind = self.one_of(&["future_kind", "merge_entries", "proposal", "", "Register"]);
            let payload = self.any_value(3);
            let entity = quoted(&self.entity().0);
            return self.object(vec![("kind", json::string(kind)), ("entity", entity), ("payload", payload)]);
        }
        match self.choices.below(12) {
            0..=3 => self.amend(),
            4..=6 => self.record(),
            7..=8 => self.register(),
            9 => self.step(),
            10 => self.retract(),
            _ => self.review(),
        }
    }

    fn register(&mut self) -> String {
        let ledger = self.pick(LEDGERS).copied().unwrap_or(LedgerKind::Household);
        let key = if self.rarely(self.odd.unknown) { "future_ledger" } else { ledger.key() };
        let entity = if self.rarely(self.odd.references) {
            self.entity().0
        } else {
            EntityId::from_bytes(self.fresh_id())
        };
        let mut fields: Vec<(String, String)> = Vec::new();
        for _ in 0..self.count(6, MANY_PARTS) {
            let (field, kind) = self.field(ledger);
            // The same field twice is an oddity of form.
            if fields.iter().all(|(known, _)| *known != field) {
                fields.push((field, self.value_of(kind)));
            }
        }
        let fields = self.object(fields.iter().map(|(key, json)| (key.as_str(), json.clone())).collect());
        let cause = self.cause();
        let photos = self.photos();
        self.object(vec![
            ("kind", json::string("register")),
            ("entity", quoted(&entity)),
            ("ledger", json::string(key)),
            ("fields", fields),
            ("cause", cause),
            ("photos", photos),
        ])
    }

    fn amend(&mut self) -> String {
        let (entity, ledger) = self.entity();
        let count = 1 + self.count(2, MANY_PARTS);
        let mut fields = Vec::new();
        for _ in 0..count {
            let field = self.field(ledger);
            if !fields.iter().any(|(known, _): &(String, _)| *known == field.0) {
                fields.push(field);
            }
        }
        let mut changes = Vec::new();
        for (field, kind) in fields {
            let (value, parents) = (self.value_of(kind), self.parents());
            let change = vec![("field", json::string(&field)), ("value", value), ("parents", parents)];
            changes.push(self.object(change));
        }
        let changes = format!("[{}]", changes.join(","));
        let cause = self.cause();
        self.object(vec![
            ("kind", json::string("amend")),
            ("entity", quoted(&entity)),
            ("changes", changes),
            ("cause", cause),
        ])
    }

    /// Operations that an edit says its author saw.
    pub(super) fn parents(&mut self) -> String {
        let count = self.count(3, MANY_PARENTS);
        self.list(count, |grammar| quoted(&grammar.parent()))
    }

    fn parent(&mut self) -> OpId {
        if self.often(self.odd.parents) {
            let ahead = 1 + self.choices.below(GUESSED_AHEAD) as u64;
            return match self.choices.below(6) {
                // Of somebody else, yet to be made.
                0..=2 => {
                    let device = self.pick(&self.known.devices).copied().unwrap_or(self.id.device);
                    let last = self.known.ops.iter().filter(|op| op.device == device).map(|op| op.seq).max();
                    OpId::new(device, last.unwrap_or_default() + ahead)
                }
                3 => self.id,
                4 => OpId::new(self.id.device, self.id.seq + ahead),
                _ => OpId::new(DeviceId::from_bytes(self.fresh_id()), ahead),
            };
        }
        self.pick(&self.known.ops).copied().unwrap_or(self.id)
    }

    fn record(&mut self) -> String {
        let id = if self.rarely(self.odd.references) { self.known_record() } else { None };
        let id = id.unwrap_or_else(|| ObservationId::from_bytes(self.fresh_id()));
        let kind = if self.rarely(self.odd.unknown) { "future_visit" } else { self.one_of(KINDS) };
        let subject = self.entity().0;
        let fixes = self.count(2, MANY_PARTS);
        let fixes = self.list(fixes, Self::fix);
        let companions = self.count(2, 60);
        let companions = self.list(companions, |grammar| {
            let known = grammar.user().filter(|_| !grammar.often(grammar.odd.references));
            quoted(&known.unwrap_or_else(|| UserId::from_bytes(grammar.fresh_id())))
        });
        let answers = self.count(4, 510);
        let answers: Vec<(String, String)> =
            (0..answers).map(|number| (format!("question_{number}"), self.any_value(2))).collect();
        let answers = self.object(answers.iter().map(|(key, json)| (key.as_str(), json.clone())).collect());
        let checklist = if self.rarely(self.odd.references) { "no_such_checklist" } else { kind };
        let version = self.about_whole("1");
        let checklist = self.object(vec![("key", json::string(checklist)), ("version", version)]);
        let platform = self.one_of(&["web", "native", "future"]);
        let outcome = if self.rarely(self.odd.unknown) { "future" } else { self.one_of(OUTCOMES) };
        let corrects = self.cause();
        let (started, ended) = (self.time(), self.time());
        let (dwell, offset) = (self.about_whole("400000"), self.about_whole("120"));
        let (photos, met, note) = (self.photos(), self.text(), self.text());
        let observation = self.object(vec![
            ("id", quoted(&id)),
            ("observed", json::string(kind)),
            ("subject", quoted(&subject)),
            ("corrects", corrects),
            ("companions", companions),
            ("started_at_ms", started),
            ("ended_at_ms", ended),
            ("dwell_ms", dwell),
            ("fixes", fixes),
            ("photos", photos),
            ("checklist", checklist),
            ("answers", answers),
            ("outcome", json::string(outcome)),
            ("met", met),
            ("note", note),
            ("clock_offset_ms", offset),
            ("platform", json::string(platform)),
        ]);
        self.object(vec![("kind", json::string("record")), ("observation", observation)])
    }

    fn fix(&mut self) -> String {
        let (lat, lon, accuracy_m) = (self.about("28.9"), self.about("113.3"), self.about("12"));
        let (altitude_m, at_ms) = (self.about("52.5"), self.time());
        let mocked = self.one_of(&["null", "false", "true"]).to_owned();
        self.object(vec![
            ("lat", lat),
            ("lon", lon),
            ("accuracy_m", accuracy_m),
            ("altitude_m", altitude_m),
            ("at_ms", at_ms),
            ("mocked", mocked),
        ])
    }

    fn photos(&mut self) -> String {
        let count = self.count(1, 51);
        self.list(count, |grammar| {
            let sha256 = match grammar.pick(&grammar.known.photos) {
                Some(known) if !grammar.rarely(grammar.odd.form) => json::string(known),
                _ => grammar.text(),
            };
            let purpose = grammar.text();
            let (bytes, width) = (grammar.about_whole("2000"), grammar.about_whole("48"));
            let taken = grammar.time();
            let place = if grammar.choices.below(2) == 0 { "null".to_owned() } else { grammar.fix() };
            let likeness = if grammar.rarely(grammar.odd.text) { grammar.text() } else { "\"\"".to_owned() };
            grammar.object(vec![
                ("sha256", sha256),
                ("purpose", purpose),
                ("bytes", bytes),
                ("width", width),
                ("source", json::string("camera")),
                ("taken_at_ms", taken),
                ("place", place),
                ("likeness", likeness),
            ])
        })
    }

    fn known_record(&mut self) -> Option<ObservationId> {
        self.pick(&self.known.records).copied()
    }

    fn cause(&mut self) -> String {
        if self.choices.below(3) < 2 {
            return "null".to_owned();
        }
        self.known_record().map_or_else(|| "null".to_owned(), |record| quoted(&record))
    }

    fn some_record(&mut self) -> String {
        let known = self.known_record().unwrap_or_else(|| ObservationId::from_bytes(self.fresh_id()));
        quoted(&known)
    }

    fn step(&mut self) -> String {
        let issues: Vec<EntityId> = self
            .known
            .entities
            .iter()
            .filter(|(_, ledger)| *ledger == LedgerKind::Issue)
            .map(|(id, _)| *id)
            .collect();
        let issue = match self.pick(&issues) {
            Some(issue) if !self.rarely(self.odd.references) => *issue,
            _ => self.entity().0,
        };
        let step = if self.rarely(self.odd.unknown) {
            "future_step"
        } else {
            self.one_of(&["begin", "rectify", "accept", "send_back"])
        };
        let (parents, note, photos) = (self.parents(), self.text(), self.photos());
        self.object(vec![
            ("kind", json::string("step")),
            ("issue", quoted(&issue)),
            ("step", json::string(step)),
            ("parents", parents),
            ("note", note),
            ("photos", photos),
        ])
    }

    fn retract(&mut self) -> String {
        let (record, reason) = (self.some_record(), self.text());
        self.object(vec![("kind", json::string("retract")), ("observation", record), ("reason", reason)])
    }

    fn review(&mut self) -> String {
        let verdict =
            if self.rarely(self.odd.unknown) { "future" } else { self.one_of(&["approved", "sent_back"]) };
        let (record, comment) = (self.some_record(), self.text());
        self.object(vec![
            ("kind", json::string("review")),
            ("observation", record),
            ("verdict", json::string(verdict)),
            ("comment", comment),
        ])
    }
}
