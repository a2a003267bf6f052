//! The same random walk on a store and on the one in memory: every answer has to be the same.

use super::photos::{LIMITS, held, photo, reference, upload};
use super::{Bench, Phone, START_MS, audit, township, user, village};
use crate::clock::{SeededRng, random};
use crate::service::verify::verify;
use crate::store::ledgers::{
    AreaRange, AsideQuery, DecisionQuery, HouseholdQuery, Listed, ReadLimits, RecordQuery,
};
use crate::store::photos::{Before, Due, Examined, Seen, UploadId};
use crate::store::{Store, StoreResult};
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{EntityId, ObservationId, OpId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{
    ChecklistRef, Fix, Observation, ObservationKind, Outcome, PhotoRef, Platform,
};
use bianfang_shared::op::{Body, Change, IssueStep, Verdict};
use bianfang_shared::query::{DecisionKind, ReviewState};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// Steps of a walk.
const STEPS: u32 = 60;
const PHONES: u8 = 4;
const ENTITIES: u32 = 12;
const RECORDS: u32 = 10;
const PHOTOS: u32 = 8;
/// Pushes of [`fill`].
const FILLING: usize = 40;

/// Walks both stores; panics where they differ.
pub(super) fn walk(make: &dyn Fn() -> Arc<dyn Store>, seed: u64) -> StoreResult<()> {
    let benches = [Bench::new(make()), Bench::memory()];
    let mut walker = Walker::new(seed);
    for bench in &benches {
        walker.set_up(bench)?;
    }
    for step in 0..STEPS {
        let answers = walker.step(&benches)?;
        assert_eq!(answers[0], answers[1], "walk {seed}, step {step}: the answers differ");
    }
    let dumps = [dump(&*benches[0].store)?, dump(&*benches[1].store)?];
    for (ours, theirs) in dumps[0].lines().zip(dumps[1].lines()) {
        if ours != theirs {
            let at = ours.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
            let near = |line: &str| line.chars().skip(at.saturating_sub(200)).take(400).collect::<String>();
            panic!("walk {seed}: what is kept differs:\n{}\n{}", near(ours), near(theirs));
        }
    }
    assert_eq!(dumps[0].len(), dumps[1].len(), "walk {seed}: one keeps more than the other");
    for bench in &benches {
        let report = verify(&*bench.store)?;
        assert!(report.is_sound(), "walk {seed}: {:?}", report.named);
    }
    Ok(())
}

/// Pushes what phones make into one store.
pub(super) fn fill(bench: &Bench) -> StoreResult<()> {
    let mut walker = Walker::new(1);
    walker.set_up(bench)?;
    for number in 0..FILLING {
        let job = walker.next_job(number % walker.phones.len());
        bench.clock.advance(1_000);
        bench.push(&job);
    }
    Ok(())
}

/// A question after the earlier records that name a photograph, another one for each number.
fn before(number: u8) -> Before<'static> {
    let than = (START_MS + i64::from(number % 3) * 1_000_000, ObservationId::from_bytes([106; 16]));
    let not_about = number.is_multiple_of(2).then(|| EntityId::from_bytes([number; 16]));
    Before { than, besides: &[], not_about }
}

/// A record about this entry that names these photographs.
pub(super) fn record(subject: EntityId, number: u8, photos: &[u8]) -> Body {
    let observation = Observation {
        id: ObservationId::from_bytes([number; 16]),
        photos: photos.iter().map(|number| reference(*number)).collect(),
        ..Walker::new(0).visit(subject)
    };
    Body::Record { observation: Box::new(observation) }
}

struct Walker {
    rng: SeededRng,
    phones: Vec<Phone>,
    sent: Vec<u64>,
}

impl Walker {
    fn new(seed: u64) -> Self {
        let phones: Vec<Phone> = (1..=PHONES).map(|number| Phone::new(number, user(number))).collect();
        Self { rng: SeededRng::new(seed), sent: vec![0; phones.len()], phones }
    }

    fn set_up(&self, bench: &Bench) -> StoreResult<()> {
        bench.add_user(1, Role::Administrator, &[township()])?;
        bench.add_user(2, Role::Supervisor, &[village(1)])?;
        bench.add_user(3, Role::Supervisor, &[village(1), village(2)])?;
        bench.add_user(4, Role::Supervisor, &[township()])?;
        for phone in &self.phones {
            bench.enrol(phone)?;
        }
        Ok(())
    }

    fn below(&self, bound: u32) -> u32 {
        u32::from_le_bytes(random(&self.rng)) % bound
    }

    fn at(&self, bound: usize) -> usize {
        self.below(u32::try_from(bound).unwrap_or(u32::MAX)) as usize
    }

    /// One thing that happens to both stores; what each answers.
    fn step(&mut self, benches: &[Bench; 2]) -> StoreResult<[String; 2]> {
        benches.iter().for_each(|bench| bench.clock.advance(1_000));
        match self.below(14) {
            12 | 13 => self.photo_step(benches),
            0 => {
                let grants = [vec![], vec![village(1)], vec![village(2)], vec![township()]];
                let (who, grants) = (user(2 + u8::from(self.below(2) == 0)), &grants[self.at(4)]);
                both(benches, |bench| bench.store.set_grants(who, grants, &audit("grants")))
            }
            1 => {
                let op = OpId::new(self.phones[self.at(4)].id, u64::from(self.below(30)) + 1);
                both(benches, |bench| bench.merger.release(op, Role::Supervisor))
            }
            2 => {
                // Several pushes in one group, from all phones.
                let jobs: Vec<_> = (0..self.phones.len()).map(|at| self.next_job(at)).collect();
                both(benches, |bench| Ok(shown(&bench.merger.merge_now(&jobs))))
            }
            3 => {
                let at = self.at(self.phones.len());
                let first = self.sent[at].max(1).min(self.phones[at].last_seq());
                let job = if first == 0 {
                    self.next_job(at)
                } else {
                    self.phones[at].job(first, self.phones[at].last_seq())
                };
                both(benches, |bench| Ok(shown(&bench.merger.merge_now(std::slice::from_ref(&job)))))
            }
            4 => {
                let at = self.at(self.phones.len());
                let mut job = self.next_job(at);
                match self.below(4) {
                    0 => job.first_seq += 2,
                    1 => job.epoch = bianfang_shared::id::Epoch::from_bytes([9; 16]),
                    2 => job.head = job.head.extend(b"other"),
                    _ => job.user = user(9),
                }
                both(benches, |bench| Ok(shown(&bench.merger.merge_now(std::slice::from_ref(&job)))))
            }
            _ => {
                let at = self.at(self.phones.len());
                let job = self.next_job(at);
                both(benches, |bench| Ok(shown(&bench.merger.merge_now(std::slice::from_ref(&job)))))
            }
        }
    }

    /// Something happens to a photograph or an upload.
    fn photo_step(&self, benches: &[Bench; 2]) -> StoreResult<[String; 2]> {
        let (number, other) = (self.photo_number(), self.photo_number());
        match self.below(8) {
            0 => both(benches, |bench| bench.store.begin_upload(&upload(number, other), LIMITS)),
            7 => both(benches, |bench| bench.store.keep_whole(&held(other), upload(number, other).device)),
            1 => both(benches, |bench| bench.store.end_upload(UploadId([number; 16]))),
            2 | 3 => {
                both(benches, |bench| bench.store.keep_photo(&held(number), Some(UploadId([other; 16]))))
            }
            4 => {
                let likeness = (self.below(3) > 0).then(|| format!("{number:02x}"));
                let seen = Seen { width: 640, height: 480, likeness };
                let alike = if number == other { vec![] } else { vec![(photo(other), self.below(9))] };
                let examined = Examined { seen, alike };
                both(benches, |bench| bench.store.note_examined(&[(photo(number), examined.clone())]))
            }
            5 => both(benches, |bench| bench.store.note_missing(photo(number))),
            _ => {
                let dealt_with = [Due { photo: photo(number), turn: i64::from(self.below(3)) }];
                both(benches, |bench| bench.store.note_assessed(&dealt_with, &[]))
            }
        }
    }

    fn photo_number(&self) -> u8 {
        u8::try_from(self.below(PHOTOS)).unwrap_or(0) + 1
    }

    /// Often none, sometimes two.
    fn photos(&self) -> Vec<PhotoRef> {
        (0..self.below(3)).map(|_| reference(self.photo_number())).collect()
    }

    /// Makes some operations on a phone and a push that repeats a few old ones.
    fn next_job(&mut self, at: usize) -> crate::service::push::PushJob {
        for _ in 0..=self.below(6) {
            let (scope, body) = self.body(at);
            if self.below(15) == 0 {
                self.phones[at].make_raw("{\"nonsense\":[1,2]}");
            } else {
                self.phones[at].make(scope, body);
            }
        }
        let last = self.phones[at].last_seq();
        let first = (self.sent[at] + 1).saturating_sub(u64::from(self.below(3))).max(1);
        self.sent[at] = last;
        self.phones[at].job(first, last)
    }

    fn entity(&self) -> EntityId {
        EntityId::from_bytes([u8::try_from(self.below(ENTITIES)).unwrap_or(0) + 1; 16])
    }

    fn observation(&self) -> ObservationId {
        ObservationId::from_bytes([u8::try_from(self.below(RECORDS)).unwrap_or(0) + 101; 16])
    }

    fn body(&self, at: usize) -> (AreaCode, Body) {
        let entity = self.entity();
        // An entry has a village of its own, mostly.
        let home = village(u64::from(entity.bytes()[0] % 2) + 1);
        let scope = if self.below(12) == 0 { village(3) } else { home };
        (scope, self.any_body(entity, at))
    }

    fn any_body(&self, entity: EntityId, at: usize) -> Body {
        match self.below(10) {
            0 | 1 => self.register(entity),
            2..=4 => self.amend(entity, at),
            5 | 6 => Body::Record { observation: Box::new(self.visit(entity)) },
            7 => Body::Review {
                observation: self.observation(),
                verdict: if self.below(2) == 0 { Verdict::Approved } else { Verdict::SentBack },
                comment: "word".to_owned(),
            },
            8 => Body::Retract { observation: self.observation(), reason: "why".to_owned() },
            _ => Body::Step {
                issue: entity,
                step: [IssueStep::Begin, IssueStep::Rectify, IssueStep::Accept][self.at(3)],
                parents: Vec::new(),
                note: String::new(),
                photos: self.photos(),
            },
        }
    }

    fn register(&self, entity: EntityId) -> Body {
        let number = entity.bytes()[0];
        let name = ["王小明", "李大山"][self.at(2)].to_owned();
        let of = |number: u8| EntityId::from_bytes([number; 16]).to_string();
        let (ledger, fields): (LedgerKind, Vec<(&str, String)>) = match number {
            3 => (LedgerKind::Person, vec![("name", name), ("household", of(1))]),
            5 => (
                LedgerKind::WaterSupply,
                vec![("name", name), ("code", "S005".to_owned()), ("kind", "well".to_owned())],
            ),
            // Of a household in its own village, and of one in another.
            2 | 7 => (LedgerKind::House, vec![("name", "老屋".to_owned()), ("household", of(9))]),
            11 => (
                LedgerKind::Post,
                vec![("name", "护路员".to_owned()), ("holder", of(3)), ("kind", "road".to_owned())],
            ),
            4 | 8 | 12 => {
                let fields = [("topic", "water".to_owned()), ("state", "open".to_owned()), ("what", name)];
                (LedgerKind::Issue, fields.into_iter().chain([("subject", of(1))]).collect())
            }
            _ => (LedgerKind::Household, vec![("code", format!("H{number:03}")), ("head_name", name)]),
        };
        let fields = fields.into_iter().map(|(field, value)| (field.to_owned(), value.into())).collect();
        let cause = (self.below(2) == 0).then(|| self.observation());
        Body::Register { entity, ledger, fields, cause, photos: self.photos() }
    }

    fn amend(&self, entity: EntityId, at: usize) -> Body {
        let (field, value) = [
            ("head_name", "王小明"),
            ("head_name", "张三丰"),
            ("colour", "green"),
            ("colour", "orange"),
            ("colour", "no such colour"),
            ("remark", "free text"),
        ][self.at(6)];
        let of = &self.phones[if self.below(2) == 0 { at } else { self.at(self.phones.len()) }];
        let parent = OpId::new(of.id, u64::from(self.below(20)) + 1);
        let parents = if self.below(3) == 0 { Vec::new() } else { vec![parent] };
        let change = Change { field: field.to_owned(), value: value.into(), parents, adopts: None };
        Body::Amend { entity, changes: vec![change], cause: (self.below(2) == 0).then(|| self.observation()) }
    }

    fn visit(&self, subject: EntityId) -> Observation {
        let ended_at_ms = START_MS + i64::from(self.below(5)) * 1_000;
        Observation {
            id: self.observation(),
            // Of persons and problems there is no record; then it is set aside.
            kind: match subject.bytes()[0] {
                2 | 7 => ObservationKind::HouseInspection,
                5 => ObservationKind::WaterCheck,
                11 => ObservationKind::Attendance,
                _ => {
                    [ObservationKind::Visit, ObservationKind::Visit, ObservationKind::WaterCheck][self.at(3)]
                }
            },
            subject,
            corrects: None,
            companions: Vec::new(),
            started_at_ms: ended_at_ms - 60_000,
            ended_at_ms,
            dwell_ms: u64::from(self.below(600_000)),
            fixes: vec![Fix {
                lat: 28.9,
                lon: 113.2 + f64::from(self.below(100)) / 1_000.0,
                accuracy_m: f64::from(self.below(150)),
                altitude_m: None,
                at_ms: ended_at_ms - i64::from(self.below(300_000)),
                received_at_ms: None,
                provider: None,
                mocked: Some(self.below(9) == 0),
            }],
            photos: self.photos(),
            checklist: ChecklistRef { key: "visit".to_owned(), version: 1 },
            answers: BTreeMap::new(),
            outcome: [Outcome::AtHome, Outcome::NobodyHome][self.at(2)],
            met: String::new(),
            note: String::new(),
            struck: Vec::new(),
            clock_offset_ms: Some(0),
            platform: Platform::Native,
        }
    }
}

fn both<T: std::fmt::Debug>(
    benches: &[Bench; 2],
    ask: impl Fn(&Bench) -> StoreResult<T>,
) -> StoreResult<[String; 2]> {
    Ok([format!("{:?}", ask(&benches[0])?), format!("{:?}", ask(&benches[1])?)])
}

fn shown(answers: &[crate::service::merger::Answer]) -> Vec<String> {
    let shown = |answer: &crate::service::merger::Answer| match answer {
        Ok(reply) => format!("{reply:?}"),
        Err(refusal) => refusal.code().to_owned(),
    };
    answers.iter().map(shown).collect()
}

/// Everything a store can be asked, one thing a line.
fn dump(store: &dyn Store) -> StoreResult<String> {
    let mut text = String::new();
    let mut line = |thing: &dyn std::fmt::Debug| {
        writeln!(text, "{thing:?}").expect("memory takes everything");
    };
    let everywhere = vec![AreaRange::of(township())];
    line(&store.counts()?);
    line(&store.accounts()?);
    line(&store.devices()?);
    for head in store.scopes()? {
        line(&head);
        line(&store.scope_log(head.scope, 1, 10_000)?);
        line(&store.entries_in(head.scope)?);
        line(&store.found_in(head.scope)?);
    }
    for device in store.devices()? {
        line(&store.device_facts(device.id)?);
        line(&store.chain_log(device.id, 1, 10_000)?);
        let ops: Vec<OpId> = (1..=device.last_seq + 1).map(|seq| OpId::new(device.id, seq)).collect();
        line(&store.ops(&ops)?);
        for op in ops {
            line(&store.set_aside(op)?);
        }
    }
    let entities: Vec<EntityId> = (0..=13).map(|number| EntityId::from_bytes([number; 16])).collect();
    line(&store.entries(&entities)?);
    line(&store.last_visits(&entities)?);
    for entity in &entities {
        line(&store.entry_log(*entity, None, ReadLimits { rows_max: 100, bytes_max: usize::MAX })?);
        line(&store.entry_log(*entity, Some(5), ReadLimits { rows_max: 2, bytes_max: usize::MAX })?);
        line(&store.entry_log(*entity, None, ReadLimits { rows_max: 100, bytes_max: 600 })?);
    }
    let records: Vec<ObservationId> =
        (100..=112).map(|number| ObservationId::from_bytes([number; 16])).collect();
    for bytes_max in [usize::MAX, 2_000, 1] {
        let mut caused = Vec::new();
        line(&store.caused_by(&records, bytes_max, &mut |record, row| caused.push((record, row)))?);
        line(&caused);
    }
    for record in &records {
        line(&store.record(*record)?);
    }
    for number in 0..=9 {
        line(&store.upload(UploadId([number; 16]))?);
        line(&store.photo(photo(number))?);
        line(&store.photo_uses(photo(number), None, 100)?);
        line(&store.photos_alike(photo(number))?);
        line(&store.photo_named_before(photo(number), &before(number))?);
        for area in [village(1), village(2)] {
            line(&store.photo_opened_in(photo(number), &[AreaRange::of(area)])?);
        }
        for account in 1..=4 {
            line(&store.photo_brought_by(photo(number), user(account))?);
        }
    }
    line(&store.expired_uploads(START_MS + 5, 100)?);
    line(&store.photos_to_examine(None, 100)?);
    line(&store.photos_missing(None, 100)?);
    line(&store.likenesses(None, 100)?);
    line(&store.photos_due(None, 100)?);
    for query in record_queries(&everywhere) {
        line(&pages(
            query,
            |query| store.records(query),
            |query, last| {
                query.after = Some((last.ended_at_ms, last.id));
            },
        )?);
    }
    for words in
        [vec![], vec!["王".to_owned()], vec!["h00".to_owned()], vec!["lds".to_owned(), "h".to_owned()]]
    {
        let query = HouseholdQuery { areas: everywhere.clone(), words, after: None, rows_max: 3 };
        line(&pages(
            query,
            |query| store.households(query),
            |query, last| {
                query.after = Some(last.key.clone());
            },
        )?);
    }
    for kind in
        [DecisionKind::Conflict, DecisionKind::Proposal, DecisionKind::Registration, DecisionKind::SameCode]
    {
        let query = DecisionQuery { kind, areas: everywhere.clone(), after: None, rows_max: 2 };
        line(&pages(query, |query| store.decisions(query), |query, last| query.after = Some(last.clone()))?);
    }
    for (areas, nowhere, sender) in [
        (everywhere.clone(), true, None),
        (everywhere.clone(), false, Some(user(2))),
        (vec![AreaRange::of(village(3))], false, None),
        (vec![], true, None),
    ] {
        let query = AsideQuery { areas, nowhere, sender, after: None, rows_max: 3, raw_chars_max: 50 };
        line(&pages(
            query,
            |query| store.set_asides(query),
            |query, last| query.after = Some(last.aside.op),
        )?);
    }
    Ok(text)
}

fn record_queries(everywhere: &[AreaRange]) -> Vec<RecordQuery> {
    let all = RecordQuery {
        areas: everywhere.to_vec(),
        kind: Some(ObservationKind::Visit),
        author: None,
        subject: None,
        grade: None,
        outcome: None,
        state: None,
        from_ms: None,
        until_ms: None,
        words: Vec::new(),
        after: None,
        rows_max: 3,
    };
    let mut queries = vec![
        RecordQuery { areas: vec![AreaRange::of(village(1))], ..all.clone() },
        RecordQuery { areas: Vec::new(), ..all.clone() },
        RecordQuery { author: Some(user(2)), ..all.clone() },
        RecordQuery { subject: Some(EntityId::from_bytes([3; 16])), ..all.clone() },
        RecordQuery { outcome: Some(Outcome::AtHome), ..all.clone() },
        RecordQuery { from_ms: Some(START_MS + 1_000), until_ms: Some(START_MS + 3_000), ..all.clone() },
        RecordQuery { words: vec!["王".to_owned()], ..all.clone() },
        RecordQuery { kind: None, words: vec!["李".to_owned()], ..all.clone() },
        RecordQuery { kind: None, words: vec!["laow".to_owned(), "h00".to_owned()], ..all.clone() },
        RecordQuery { kind: None, words: vec!["hly".to_owned(), "h00".to_owned()], ..all.clone() },
        RecordQuery { kind: None, words: vec!["s005".to_owned()], ..all.clone() },
        RecordQuery { kind: Some(ObservationKind::WaterCheck), ..all.clone() },
        RecordQuery { kind: None, ..all.clone() },
    ];
    use bianfang_shared::evidence::Grade;
    for grade in [Grade::Credible, Grade::Doubtful, Grade::Insufficient] {
        queries.push(RecordQuery { grade: Some(grade), ..all.clone() });
    }
    for state in [ReviewState::Waiting, ReviewState::Approved, ReviewState::SentBack, ReviewState::Retracted]
    {
        queries.push(RecordQuery { state: Some(state), ..all.clone() });
    }
    queries.push(all);
    queries
}

/// All rows of a list, page by page.
fn pages<Q, R: Clone>(
    mut query: Q,
    ask: impl Fn(&Q) -> StoreResult<Listed<R>>,
    advance: impl Fn(&mut Q, &R),
) -> StoreResult<Vec<R>> {
    let mut all = Vec::new();
    loop {
        let Listed { rows, unreadable } = ask(&query)?;
        assert!(unreadable.is_empty(), "everything can be read");
        let Some(last) = rows.last().cloned() else { return Ok(all) };
        all.extend(rows);
        advance(&mut query, &last);
        assert!(all.len() < 10_000, "a page moves on");
    }
}
