mod ledgers;
mod past;
mod photographs;

use super::*;
use crate::service::demo_data::{DEMO_HOUSEHOLDS, DEMO_SEED};
use bianfang_shared::access::{Actor, Role};
use bianfang_shared::day::day_of;
use bianfang_shared::entry::Entry;
use bianfang_shared::evidence::{ChainState, EvidenceInput, Grade, Trace, assess};
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId, UserId};
use bianfang_shared::judge::{Facts, RecordFacts, judge};
use bianfang_shared::ledger::{LedgerKind, Point, household, issue};
use bianfang_shared::observation::{Observation, ObservationKind};
use bianfang_shared::op::{Body, IssueStep};
use bianfang_shared::policy::Policy;
use bianfang_shared::schedule::{self, Viewer, VisitMark};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// 2025-07-18 10:00 in Shanghai.
const NOW_MS: i64 = 1_752_804_000_000;

/// A township whose pictures have names only.
fn unpainted(seed: u64, size: Size) -> DemoTownship {
    DemoTownship { album: Arc::new(Album::of_names(seed)), ..township(seed, size, NOW_MS) }
}

fn small() -> DemoTownship {
    unpainted(7, Size::PerVillage(24))
}

/// What has been told so far, as the judge asks for it.
#[derive(Default)]
struct Told {
    entries: BTreeMap<EntityId, Entry>,
    records: BTreeMap<ObservationId, RecordFacts>,
    rectifiers: BTreeMap<EntityId, BTreeSet<UserId>>,
    ops: BTreeMap<OpId, Op>,
    owners: BTreeMap<DeviceId, UserId>,
}

impl Told {
    fn take(&mut self, op: &Op) {
        self.ops.insert(op.id(), op.clone());
        self.owners.insert(op.device, op.author);
        match &op.body {
            Body::Register { entity, .. } => {
                self.entries.insert(*entity, Entry::empty(*entity, op.scope));
            }
            Body::Record { observation } => {
                let facts = RecordFacts { op: op.id(), scope: op.scope, author: op.author };
                self.records.insert(observation.id, facts);
            }
            Body::Step { issue, step: IssueStep::Rectify, .. } => {
                self.rectifiers.entry(*issue).or_default().insert(op.author);
            }
            _ => (),
        }
        if let Some(entry) = op.body.entity().and_then(|entity| self.entries.get_mut(&entity)) {
            entry.apply(op, None, |_| false);
        }
    }

    fn of(&self, ledger: LedgerKind) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(move |entry| entry.ledger == Some(ledger))
    }
}

impl Facts for Told {
    fn entry(&self, entity: EntityId) -> Option<&Entry> {
        self.entries.get(&entity)
    }
    fn observation(&self, observation: ObservationId) -> Option<RecordFacts> {
        self.records.get(&observation).cloned()
    }
    fn has_accompanied(&self, _: ObservationId, _: UserId) -> bool {
        false
    }

    fn names_companion(&self, _: ObservationId, _: UserId) -> bool {
        false
    }
    fn rectifiers(&self, issue: EntityId) -> BTreeSet<UserId> {
        self.rectifiers.get(&issue).cloned().unwrap_or_default()
    }
    fn moved_from(&self, _: EntityId, _: UserId) -> Option<Point> {
        None
    }
    fn operation(&self, op: OpId) -> Option<Op> {
        self.ops.get(&op).cloned()
    }
    fn owner(&self, device: DeviceId) -> Option<UserId> {
        self.owners.get(&device).copied()
    }
    fn now_ms(&self) -> i64 {
        NOW_MS
    }
    fn is_revoked(&self, _: DeviceId) -> bool {
        false
    }

    fn was_acknowledged(&self, _: OpId) -> bool {
        false
    }
}

fn told(town: &DemoTownship) -> Told {
    let mut told = Told::default();
    town.all_ops().for_each(|op| told.take(&op));
    told
}

/// The township that the program makes unless asked otherwise, with its operations; told once for all tests.
struct Usual {
    town: DemoTownship,
    ops: Vec<Op>,
    told: Told,
}

fn usual() -> &'static Usual {
    static USUAL: LazyLock<Usual> = LazyLock::new(|| {
        let town = unpainted(DEMO_SEED, Size::PerVillage(DEMO_HOUSEHOLDS));
        let ops: Vec<Op> = town.all_ops().collect();
        let mut told = Told::default();
        ops.iter().for_each(|op| told.take(op));
        Usual { town, ops, told }
    });
    &USUAL
}

impl Usual {
    /// All records, each with its operation.
    fn records(&self) -> impl Iterator<Item = (&Op, &Observation)> {
        self.ops.iter().filter_map(|op| match &op.body {
            Body::Record { observation } => Some((op, &**observation)),
            _ => None,
        })
    }

    fn person(&self, login: &str) -> &DemoPerson {
        self.town.people.iter().find(|person| person.login == login).unwrap()
    }
}

/// What the entry named in a field is.
fn named<'t>(told: &'t Told, entry: &Entry, field: &str) -> &'t Entry {
    &told.entries[&entry.text(field).parse::<EntityId>().unwrap()]
}

#[test]
fn every_operation_passes_the_judge_in_the_order_it_comes() {
    let town = small();
    let actors: BTreeMap<UserId, Actor> = (town.people.iter())
        .map(|person| {
            (person.id, Actor { user: person.id, role: person.role, grants: person.grants.clone() })
        })
        .collect();
    let mut told = Told::default();
    for op in town.all_ops() {
        assert_eq!(judge(&op, &actors[&op.author], &told), Ok(()), "{op:?}");
        told.take(&op);
    }
}

#[test]
fn every_device_numbers_its_operations_from_one_under_a_rising_clock() {
    let mut last: BTreeMap<DeviceId, Op> = BTreeMap::new();
    for op in small().all_ops() {
        let before = last.get(&op.device);
        assert_eq!(op.seq, before.map_or(1, |before| before.seq + 1));
        assert!(before.is_none_or(|before| before.hlc < op.hlc
            && before.author == op.author
            && before.scope == op.scope));
        assert!(op.hlc.wall_ms() < NOW_MS);
        last.insert(op.device, op);
    }
}

#[test]
fn the_same_seed_tells_the_same_story_and_another_seed_another() {
    let story = |seed| {
        let town = unpainted(seed, Size::PerVillage(5));
        let ops: Vec<String> = town.all_ops().map(|op| serde_json::to_string(&op).unwrap()).collect();
        (town.people, ops)
    };
    assert!(story(7) == story(7));
    assert!(story(7) != story(8));
}

#[test]
fn the_nine_villages_carry_their_real_codes_under_their_township() {
    let town = small();
    let names: Vec<&str> = town.areas.iter().map(|area| area.name.as_str()).collect();
    let expected = [
        "湖南省",
        "岳阳市",
        "汨罗市",
        "三江镇",
        "花桥社区",
        "花桥村",
        "洪源洞村",
        "太平村",
        "荆浒村",
        "八景村",
        "双桥村",
        "智峰村",
        "望峰村",
    ];
    assert_eq!(names, expected);
    assert_eq!(town.villages().len(), 9);
    assert_eq!(town.areas[3].code.to_string(), "430681113000");
    assert!(town.villages().iter().all(|village| town.areas[3].code.contains(*village)));
}

#[test]
fn the_accounts_are_those_of_the_readme_and_the_cadres_share_a_village() {
    let town = small();
    let sign_in: Vec<(&str, Role)> = town
        .people
        .iter()
        .filter(|person| person.signs_in)
        .map(|person| (person.login.as_str(), person.role))
        .collect();
    let expected = [
        ("admin", Role::Administrator),
        ("supervisor", Role::Supervisor),
        ("cadre", Role::Cadre),
        ("cadre2", Role::Cadre),
        ("team-215", Role::TeamMember),
    ];
    assert_eq!(sign_in, expected);
    let grants =
        |login: &str| town.people.iter().find(|person| person.login == login).unwrap().grants.clone();
    let shared: Vec<AreaCode> =
        grants("cadre").into_iter().filter(|code| grants("cadre2").contains(code)).collect();
    assert_eq!(shared.iter().map(ToString::to_string).collect::<Vec<_>>(), ["430681113215"]);
    let logins: BTreeSet<&String> = town.people.iter().map(|person| &person.login).collect();
    assert_eq!(logins.len(), town.people.len());
}

#[test]
fn nobody_in_the_township_can_be_a_real_person() {
    let told = told(&small());
    for person in told.of(LedgerKind::Person) {
        assert!(person.text("id_number").starts_with("999999"));
        assert!(!person.text("name").contains('某'));
        assert_eq!(person.text("id_number")[6..14], person.text("birth").replace('-', ""));
    }
    let phones = told.entries.values().map(|entry| entry.text("phone")).filter(|phone| !phone.is_empty());
    assert!(phones.into_iter().all(|phone| phone.len() == 11 && phone.starts_with("100")));
}

#[test]
fn sizes_are_kept_by_village_and_in_all() {
    for (size, count) in
        [(Size::PerVillage(3), 27), (Size::Total(100), 100), (Size::Total(4), 4), (Size::PerVillage(0), 0)]
    {
        let town = unpainted(1, size);
        assert_eq!(told(&town).of(LedgerKind::Household).count(), count, "{size:?}");
        assert_eq!(town.villages().into_iter().map(|village| town.households(village)).sum::<usize>(), count);
    }
}

#[test]
fn households_beyond_the_told_ones_are_on_the_roll_without_a_gap() {
    let town = unpainted(3, Size::PerVillage(HISTORY_HOUSEHOLDS_MAX + 40));
    let village = town.villages()[5];
    let mut codes = Vec::new();
    let mut last: BTreeMap<DeviceId, u64> = BTreeMap::new();
    for op in town.ops(village) {
        let seq = last.entry(op.device).or_insert(0);
        *seq += 1;
        assert_eq!(op.seq, *seq);
        if let Body::Register { ledger: LedgerKind::Household, fields, .. } = &op.body {
            codes.push(fields["code"].as_text().unwrap().to_owned());
        }
    }
    assert_eq!(codes.len(), HISTORY_HOUSEHOLDS_MAX + 40);
    assert!(codes.is_sorted() && codes[0] == "SJ214-00001", "{:?}", codes.first());
}

#[test]
fn the_story_has_something_to_show_on_every_screen() {
    let Usual { town, told, .. } = usual();
    let mut grades: BTreeMap<Grade, usize> = BTreeMap::new();
    let mut traces: BTreeMap<DeviceId, Trace> = BTreeMap::new();
    let policy = Policy::builtin();
    let cadre = town.people.iter().find(|person| person.login == "cadre").unwrap();
    let viewer = Viewer { role: cadre.role, user: cadre.id };
    let mut marks: BTreeMap<EntityId, Vec<VisitMark>> = BTreeMap::new();
    for (op, observation) in usual().records() {
        if observation.kind != ObservationKind::Visit {
            continue;
        }
        let anchor = told.entries[&observation.subject].value(household::ANCHOR).read();
        let input = EvidenceInput::of_record(
            observation,
            anchor,
            traces.get(&op.device).copied(),
            ChainState::Intact,
        );
        *grades.entry(assess(&input, &policy.evidence).grade).or_default() += 1;
        if let Some(trace) = Trace::of_record(observation, &policy.evidence) {
            traces.insert(op.device, trace);
        }
        marks.entry(observation.subject).or_default().extend(VisitMark::of_record(
            observation,
            op.author,
            viewer,
        ));
    }
    let visits: usize = grades.values().sum();
    assert!((1_000..4_000).contains(&visits), "{grades:?}");
    assert!(grades[&Grade::Credible] * 10 > visits * 6, "{grades:?}");
    assert!(grades[&Grade::Doubtful] > 20 && grades[&Grade::Insufficient] > 20, "{grades:?}");

    let states: BTreeSet<&str> = told.of(LedgerKind::Issue).map(|entry| entry.text(issue::STATE)).collect();
    assert!(states.contains("open") && states.contains("closed") && states.len() >= 4, "{states:?}");
    let conflicts = told.of(LedgerKind::Household).filter(|entry| entry.conflicts().next().is_some()).count();
    assert!((1..=9).contains(&conflicts), "{conflicts} conflicts");

    let today = day_of(NOW_MS);
    let dues: Vec<_> = (told.of(LedgerKind::Household))
        .filter_map(|entry| {
            let visits = marks.get(&entry.id).map_or(&[][..], Vec::as_slice);
            schedule::due(entry, viewer, visits, policy, today)
        })
        .collect();
    let overdue = dues.iter().filter(|due| due.overdue_days > 0).count();
    assert!((30..=60).contains(&dues.len()), "{} due", dues.len());
    assert!(overdue > 2 && overdue * 2 < dues.len(), "{overdue} of {} overdue", dues.len());
}
