//! Problems: who has to rectify them, the steps they take, and those that are opened by hand.

use super::slots::office_ms;
use super::{DAY_MS, Event, Story};
use crate::demo::township::album::Shot;
use crate::demo::township::pictures::{Place, Scene};
use bianfang_shared::day::{day_of, plus_days};
use bianfang_shared::id::{EntityId, UserId};
use bianfang_shared::ledger::{LedgerKind, issue};
use bianfang_shared::observation::PhotoRef;
use bianfang_shared::op::{Body, Change, IssueStep};
use bianfang_shared::policy::Policy;
use bianfang_shared::value::Value;

/// How far a problem comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Open,
    UnderWay,
    ToAccept,
    SentBack,
    Closed,
}

/// A problem that somebody opens without a record.
pub(super) struct ByHand {
    household: usize,
    author: UserId,
    responsible: UserId,
    topic: &'static str,
    what: &'static str,
    photographed: bool,
    end: End,
}

/// What is opened by hand: topic, and what is wrong.
const FOUND: [(&str, &str); 6] = [
    ("recognition", "组内路灯损坏多日，夜间出行不便"),
    ("elderly", "独居老人行动不便，需落实结对照料"),
    ("assets", "光伏电站围栏破损，无人修缮"),
    ("industry", "合作社去年分红尚未兑现到户"),
    ("employment", "有务工意愿，尚未对接岗位"),
    ("monitoring", "家庭支出骤增，需核实是否纳入监测"),
];
/// How long ago problems are opened by hand, in days, and how far they come: in the villages of whoever signs in as
/// cadre, and elsewhere.
const OWN: [(i64, End); 3] = [(9, End::Open), (41, End::UnderWay), (24, End::ToAccept)];
const OTHERS: [(i64, End); 3] = [(30, End::SentBack), (52, End::Closed), (19, End::ToAccept)];

impl Story<'_> {
    pub(super) fn plan_by_hand(&mut self) {
        let Some(&cadre) = self.staff.cadres.first() else { return };
        if self.known.is_empty() {
            return;
        }
        let own = self.staff.cadres.len() > 2;
        for (number, (days_ago, end)) in (if own { OWN } else { OTHERS }).into_iter().enumerate() {
            let day = self.days() - days_ago;
            let (topic, what) = *self.luck.pick(&FOUND);
            let problem = ByHand {
                household: (number * 11 + 3) % self.known.len(),
                author: self.staff.secretary,
                responsible: cadre,
                topic,
                what,
                photographed: own && number == 0,
                end,
            };
            let at_ms = office_ms(self.from_ms, day, self.luck.between(0, 400));
            self.plan(at_ms, Event::ByHand(problem));
        }
    }

    pub(super) fn open_by_hand(&mut self, at_ms: i64, problem: &ByHand) {
        let policy = Policy::builtin().issues.of(problem.topic);
        let deadline = plus_days(day_of(at_ms), i64::from(policy.deadline_days));
        let fields: [(&str, Value); 7] = [
            (issue::STATE, issue::OPEN.into()),
            (issue::TOPIC, problem.topic.into()),
            ("what", problem.what.into()),
            (issue::SUBJECT, self.known[problem.household].household.id.to_string().into()),
            (issue::URGENT, false.into()),
            ("lead", policy.lead.as_str().into()),
            (issue::DEADLINE, deadline.to_string().into()),
        ];
        let entity = EntityId::new(at_ms, self.luck.ten_bytes());
        let shots = problem.photographed.then(|| Shot::new(Scene::Work(Place::Square, false), entity));
        let body = Body::Register {
            entity,
            ledger: LedgerKind::Issue,
            fields: fields.map(|(key, value)| (key.to_owned(), value)).into(),
            cause: None,
            photos: self.pictures_of(shots.as_slice(), "found", at_ms),
        };
        self.scribe.write(problem.author, at_ms, body);
        self.assign(at_ms, entity, problem.responsible);
        self.plan_steps(entity, at_ms, problem.responsible, problem.end);
    }

    /// What becomes of a problem that was found on a round.
    pub(super) fn follow_up(&mut self, issue: EntityId, opened_ms: i64, author: UserId) {
        if self.luck.percent(55) {
            let at_ms = office_ms(opened_ms, 1, self.luck.between(0, 470));
            self.plan(at_ms, Event::Assign { issue, responsible: author });
        }
        let end = match self.luck.below(100) {
            0..=23 => End::Open,
            24..=43 => End::UnderWay,
            44..=59 => End::ToAccept,
            60..=69 => End::SentBack,
            _ => End::Closed,
        };
        self.plan_steps(issue, opened_ms, author, end);
    }

    fn plan_steps(&mut self, issue: EntityId, opened_ms: i64, rectifier: UserId, end: End) {
        use IssueStep::{Accept, Begin, Rectify, SendBack};
        let [begun, done] = notes(self.scribe.entry(issue).text(issue::KIND));
        let supervisor = self.staff.supervisor;
        let accepted = "现场验收合格，予以销号";
        let refused = "现场查看仍未到位，请继续整改";
        let steps: &[(IssueStep, UserId, &'static str, i64)] = match end {
            End::Open => &[],
            End::UnderWay => &[(Begin, rectifier, begun, 2)],
            End::ToAccept => &[(Begin, rectifier, begun, 2), (Rectify, rectifier, done, 7)],
            End::SentBack => &[
                (Begin, rectifier, begun, 2),
                (Rectify, rectifier, done, 6),
                (SendBack, supervisor, refused, 2),
            ],
            End::Closed => &[
                (Begin, rectifier, begun, 1),
                (Rectify, rectifier, done, 6),
                (Accept, supervisor, accepted, 2),
            ],
        };
        let mut at_ms = opened_ms;
        for &(step, author, note, days) in steps {
            let minute = self.luck.between(0, 470);
            at_ms = office_ms(at_ms, days + self.luck.between(0, 2), minute);
            let shots = if step == Rectify { self.after_shots(issue) } else { Vec::new() };
            self.plan(at_ms, Event::Step { issue, author, step, note, shots });
        }
    }

    /// What it looks like once it is rectified, of the first few problems of a village that have a picture for it.
    fn after_shots(&mut self, issue: EntityId) -> Vec<Shot> {
        let scene = match self.scribe.entry(issue).text(issue::TOPIC) {
            "recognition" | "assets" => Scene::Work(Place::Square, true),
            _ => return Vec::new(),
        };
        vec![Shot::new(scene, issue)]
    }

    pub(super) fn step(
        &mut self,
        at_ms: i64,
        issue: EntityId,
        author: UserId,
        (step, note): (IssueStep, &str),
        shots: &[Shot],
    ) {
        let parents = self.scribe.entry(issue).heads(issue::STATE);
        let photos = self.pictures_of(shots, "after", at_ms);
        self.scribe.write(author, at_ms, Body::Step { issue, step, parents, note: note.to_owned(), photos });
    }

    fn pictures_of(&self, shots: &[Shot], purpose: &str, at_ms: i64) -> Vec<PhotoRef> {
        let photo = |shot: &Shot| PhotoRef {
            taken_at_ms: Some(at_ms - DAY_MS / 24),
            ..self.album.photo(*shot, purpose)
        };
        shots.iter().map(photo).collect()
    }

    pub(super) fn assign(&mut self, at_ms: i64, issue: EntityId, responsible: UserId) {
        let parents = self.scribe.entry(issue).heads(issue::RESPONSIBLE);
        let change = Change {
            field: issue::RESPONSIBLE.to_owned(),
            value: responsible.to_string().into(),
            parents,
            adopts: None,
        };
        let body = Body::Amend { entity: issue, changes: vec![change], cause: None };
        self.scribe.write(self.staff.supervisor, at_ms, body);
    }
}

/// What is said when work on a problem of this kind begins, and when it is done.
fn notes(kind: &str) -> [&'static str; 2] {
    match kind {
        "danger_lived_in" => ["已动员到亲友家暂住，正联系过渡房", "住户已搬离，房屋已停用并封闭"],
        "unassessed" | "reassess" => ["已联系鉴定机构，排期上门", "鉴定报告已出具，随附"],
        "no_sign" => ["正在制作警示牌", "警示标识已张贴上墙"],
        "due_demolition" => ["已与户主商定拆除时间", "旧房已拆除，场地已清理"],
        "water_unmet" | "shortage" => ["已安排送水，正在勘察新水源", "已接通备用水源，供水恢复"],
        "smell" => ["已停用并清洗水池", "清洗消毒完成，复测正常"],
        "unstable" => ["已报修水泵和配电", "水泵已更换，水压稳定"],
        "no_keeper" => ["村委会正在商定管护人选", "已落实管护员并公示"],
        "fees" => ["正在核定水价", "水价已按规定调整并公示"],
        "untested" | "reading_off" => ["已取样送检", "检测合格，报告随附"],
        "post_absent" => ["已约谈本人", "本人已返岗，考勤恢复"],
        "post_substitute" => ["已要求本人到岗或退岗", "已办理退岗，重新选聘"],
        _ => ["已上户核实，正在协调", "已整改到位，请验收"],
    }
}
