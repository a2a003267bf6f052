//! The grade that an inspection of a house suggests (现场初判), the grade that stands, and what follows for its
//! rectification. Suggests; only a report makes a grade 鉴定. Writes and opens nothing.

use super::{Ground, Rule, Verdict};
use crate::checklist::Situation;
use crate::ledger::house as ledger;
use crate::policy::{HousePolicy, MeasureLimits, PartPolicy};
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// A part of a house that is looked at by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 地基.
    Foundation,
    /// 墙体.
    Walls,
    /// 梁柱.
    Frame,
    /// 楼屋面.
    Roof,
    /// 周边.
    Surroundings,
}

impl Part {
    /// All of them, in the order in which they are looked at.
    pub const ALL: [Self; 5] = [Self::Foundation, Self::Walls, Self::Frame, Self::Roof, Self::Surroundings];

    /// Its name in data: the question about it, whose measures are `<key>_crack_mm` and `<key>_tilt_mm_m`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Foundation => "foundation",
            Self::Walls => "walls",
            Self::Frame => "frame",
            Self::Roof => "roof",
            Self::Surroundings => "surroundings",
        }
    }
}

/// How much a part is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 完好.
    Sound,
    /// 轻微.
    Slight,
    /// 严重.
    Severe,
}

impl Severity {
    fn key(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Slight => "slight",
            Self::Severe => "severe",
        }
    }
}

/// The grades of houses: A safe, B basically safe, C 局部危房, D 整幢危房. Later is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HouseGrade {
    /// Structure safe.
    A,
    /// Basically safe, single members at risk.
    B,
    /// Local danger.
    C,
    /// The whole house in danger.
    D,
}

impl HouseGrade {
    /// As in data and in ledgers.
    pub fn key(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }

    /// Whether it is a 危房.
    pub fn is_dangerous(self) -> bool {
        self >= Self::C
    }
}

/// What was found of one part.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PartFinding {
    /// How much it is damaged, as the inspector sees it.
    pub told: Option<Severity>,
    /// Width of the widest crack, in millimetres.
    pub crack_mm: Option<f64>,
    /// How far it leans, in millimetres for each metre of height.
    pub tilt_mm_m: Option<f64>,
}

/// What was found of a house, by [`Part::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inspection {
    /// The findings, in the order of [`Part::ALL`].
    pub parts: [PartFinding; 5],
}

impl Inspection {
    /// What the answers of a form or record say.
    pub fn of(situation: &Situation<'_>) -> Self {
        let finding = |part: Part| {
            let number = |measure| situation.value(&format!("{}_{measure}", part.key())).as_number();
            PartFinding {
                told: situation.value(part.key()).read(),
                crack_mm: number("crack_mm"),
                tilt_mm_m: number("tilt_mm_m"),
            }
        };
        Self { parts: Part::ALL.map(finding) }
    }

    fn findings(&self) -> impl Iterator<Item = (Part, &PartFinding)> {
        Part::ALL.into_iter().zip(&self.parts)
    }

    /// How much a part is damaged: as told, or as measured where that is more. None while it was not looked at.
    pub fn severity(&self, part: Part, policy: &HousePolicy) -> Option<Severity> {
        let (_, finding) = self.findings().find(|(other, _)| *other == part)?;
        finding.severity(policy.parts.get(&part)?)
    }

    /// The parts that are severely damaged.
    pub fn severe_parts(&self, policy: &HousePolicy) -> Vec<Part> {
        let severe = |part: &Part| self.severity(*part, policy) == Some(Severity::Severe);
        Part::ALL.into_iter().filter(severe).collect()
    }
}

impl PartFinding {
    fn severity(&self, policy: &PartPolicy) -> Option<Severity> {
        let crack = measured(self.crack_mm, policy.crack_mm.as_ref());
        let tilt = measured(self.tilt_mm_m, policy.tilt_mm_m.as_ref());
        // Whoever was not asked about a part has not seen it, whatever a measure left over says.
        self.told.map(|told| told.max(crack).max(tilt))
    }
}

/// What a measure says by itself. Beyond the limit, not at it: the standards say “大于”.
fn measured(measure: Option<f64>, limits: Option<&MeasureLimits>) -> Severity {
    match measure.zip(limits) {
        Some((measure, limits)) if measure > limits.severe => Severity::Severe,
        Some((measure, limits)) if measure > limits.slight => Severity::Slight,
        _ => Severity::Sound,
    }
}

/// The grade that an inspection suggests; none while a part is left out, unless what is known makes it D already.
///
/// All sound is A. Slight damage is B. A severely damaged part means what the policy says of it alone; several bearing
/// parts mean D.
pub fn suggested_grade(inspection: &Inspection, policy: &HousePolicy) -> Option<HouseGrade> {
    let severe = inspection.severe_parts(policy);
    let alone = severe.iter().filter_map(|part| policy.parts.get(part)).map(|part| part.severe_alone).max();
    let bearing = severe.iter().filter(|part| is_bearing(**part, policy)).count();
    let together = (bearing >= policy.grade.severe_bearing_parts).then_some(HouseGrade::D);
    let by_severe = alone.max(together);
    if by_severe == Some(HouseGrade::D) {
        return by_severe;
    }
    let severities: Option<Vec<Severity>> =
        Part::ALL.into_iter().map(|part| inspection.severity(part, policy)).collect();
    let slight = severities?.contains(&Severity::Slight);
    Some(by_severe.unwrap_or(if slight { HouseGrade::B } else { HouseGrade::A }))
}

fn is_bearing(part: Part, policy: &HousePolicy) -> bool {
    policy.parts.get(&part).is_some_and(|part| part.bearing)
}

/// What a house's grade rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 鉴定报告.
    Report,
    /// 现场初判.
    FirstJudgement,
}

/// The grade that stands, with what it rests on.
///
/// A report's grade stands whatever is found on site; without one the finding is a first judgement. `reported` is the
/// grade of the report, where there is one.
pub fn standing_grade(
    found: Option<HouseGrade>,
    reported: Option<HouseGrade>,
) -> Option<(HouseGrade, Basis)> {
    let by_report = reported.map(|grade| (grade, Basis::Report));
    by_report.or(found.map(|grade| (grade, Basis::FirstJudgement)))
}

/// What is known of a house besides its parts, for [`next_rectification`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseState<'a> {
    /// The grade that stands, with what it rests on.
    pub standing: (HouseGrade, Basis),
    /// Its rectification as said now, else as in the ledger; empty where nothing is known.
    pub rectification: &'a str,
    /// Empty, with a sign posted, and sealed.
    pub secured: bool,
}

/// What a house's rectification comes to by its grade; none where it stays as it is said.
///
/// A suspected C or D without a report waits for its assessment (待鉴定). One that a report graded waits for its
/// renovation (待改造), or is 已封存 once it is empty, signed and sealed. A or B needs none, but a cadre's look does not
/// take back an assessment that was asked for. What has been begun or done is never set back.
pub fn next_rectification(house: HouseState<'_>) -> Option<&'static str> {
    let undecided = matches!(house.rectification, "" | ledger::NONE_NEEDED);
    let assessing = house.rectification == ledger::TO_BE_ASSESSED;
    let waiting = house.rectification == ledger::TO_BE_RENOVATED;
    let (grade, basis) = house.standing;
    match (grade.is_dangerous(), basis) {
        (true, Basis::FirstJudgement) if undecided => Some(ledger::TO_BE_ASSESSED),
        (true, Basis::Report) if house.secured && (undecided || assessing || waiting) => {
            Some(ledger::SEALED_UP)
        }
        (true, Basis::Report) if undecided || assessing => Some(ledger::TO_BE_RENOVATED),
        (false, Basis::Report) if undecided || assessing => Some(ledger::NONE_NEEDED),
        (false, Basis::FirstJudgement) if undecided => Some(ledger::NONE_NEEDED),
        _ => None,
    }
}

/// What the house lived in means for its household's `housing_state`.
pub fn housing_state((grade, basis): (HouseGrade, Basis)) -> &'static str {
    match (grade.is_dangerous(), basis) {
        (false, _) => "safe",
        (true, Basis::FirstJudgement) => "suspect",
        (true, Basis::Report) => "unsafe",
    }
}

/// The grade of the report: the one told now, else the one that the ledger got from a report before.
fn reported(situation: &Situation<'_>) -> Option<HouseGrade> {
    if situation.value("report").as_bool() == Some(true) {
        return situation.value("report_grade").read();
    }
    let by_report = situation.subject.text(ledger::GRADED_BY) == ledger::BY_REPORT;
    by_report.then(|| situation.subject.value(ledger::GRADE).read()).flatten()
}

fn standing(situation: &Situation<'_>, policy: &HousePolicy) -> Option<(HouseGrade, Basis)> {
    // A report whose grade is not told yet: nothing stands until it is.
    let untold = situation.value("report").as_bool() == Some(true) && reported(situation).is_none();
    let found = suggested_grade(&Inspection::of(situation), policy).filter(|_| !untold);
    standing_grade(found, reported(situation))
}

/// What [`super::derive`] answers for the rules about houses.
pub(super) fn derive(rule: Rule, situation: &Situation<'_>, policy: &HousePolicy) -> Option<Value> {
    let inspection = Inspection::of(situation);
    match rule {
        Rule::HouseSevereParts => {
            let severe = inspection.severe_parts(policy);
            (!severe.is_empty()).then(|| Value::texts(severe.into_iter().map(Part::key)))
        }
        Rule::HouseFoundGrade => suggested_grade(&inspection, policy).map(|grade| grade.key().into()),
        Rule::HouseStandingGrade => standing(situation, policy).map(|(grade, _)| grade.key().into()),
        Rule::HouseStandingBasis => standing(situation, policy).map(|(_, basis)| Value::write(&basis)),
        Rule::HouseRectificationNow => {
            let now = rectification_now(situation);
            (!now.is_empty()).then(|| now.into())
        }
        Rule::HouseRectification => next_rectification(state(situation, policy)?).map(Value::from),
        Rule::HouseholdHousing => {
            let standing = standing(situation, policy)?;
            let rebuilt = rectification_now(situation) == ledger::RENOVATED;
            let sound = suggested_grade(&inspection, policy).is_some_and(|grade| !grade.is_dangerous());
            // A report from before the renovation says nothing of the house as it is.
            let outdated = standing.1 == Basis::Report && standing.0.is_dangerous() && rebuilt && sound;
            (!outdated).then(|| housing_state(standing).into())
        }
        Rule::WaterVerdict | Rule::WaterBelow | Rule::WaterUnmet | Rule::WaterReadingsOff => None,
    }
}

/// As said now, else as in the ledger; empty where nothing is known.
fn rectification_now<'a>(situation: &Situation<'a>) -> &'a str {
    let told = situation.answers.get("rectification").and_then(Value::as_text);
    told.unwrap_or(situation.subject.text(ledger::RECTIFICATION))
}

fn state<'a>(situation: &Situation<'a>, policy: &HousePolicy) -> Option<HouseState<'a>> {
    let said = |key: &str| situation.value(key).as_bool();
    Some(HouseState {
        standing: standing(situation, policy)?,
        rectification: rectification_now(situation),
        secured: said("lived_in") == Some(false)
            && said("sign_posted") == Some(true)
            && said("sealed") == Some(true),
    })
}

/// The suggested grade with its reasons, worst first.
pub(super) fn verdict(situation: &Situation<'_>, policy: &HousePolicy) -> Verdict {
    let inspection = Inspection::of(situation);
    let found = suggested_grade(&inspection, policy);
    let mut reasons = reasons(&inspection, policy);
    if let Some((reported, found)) = reported(situation).zip(found) {
        reasons.extend(against_report(found, reported));
    }
    Verdict::House { grade: found.map(|grade| grade.key().to_owned()), reasons }
}

/// Why an inspection suggests its grade, worst first. Codes: a part's key for what was told of it, `<part>_crack` and
/// `<part>_tilt` for measures beyond their limit, `several_severe`, `all_sound`.
pub fn reasons(inspection: &Inspection, policy: &HousePolicy) -> Vec<Ground> {
    let severe = inspection.severe_parts(policy);
    let bearing = severe.iter().filter(|part| is_bearing(**part, policy)).count();
    let mut found = Vec::new();
    if bearing >= policy.grade.severe_bearing_parts {
        let parts = i64::try_from(bearing).unwrap_or(i64::MAX);
        found.push(
            Ground::new("several_severe", &policy.grade.source).graded("severe").with("parts_count", parts),
        );
    }
    let mut of_parts: Vec<(Severity, Ground)> = Vec::new();
    for (part, finding) in inspection.findings() {
        if let Some(policy) = policy.parts.get(&part) {
            of_parts.extend(part_reasons(part, finding, policy));
        }
    }
    // Stable: parts of one severity stay in the order in which they were looked at.
    of_parts.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    found.extend(of_parts.into_iter().map(|(_, ground)| ground));
    let all_sound = inspection.parts.iter().all(|part| part.told.is_some());
    if found.is_empty() && all_sound {
        found.push(Ground::new("all_sound", "DOMAIN 房: A structure safe"));
    }
    found
}

fn part_reasons(part: Part, finding: &PartFinding, policy: &PartPolicy) -> Vec<(Severity, Ground)> {
    let Some(told) = finding.told else { return Vec::new() };
    let measure = |name: &str, measure: Option<f64>, limits: Option<&MeasureLimits>, unit: &str| {
        let (measure, limits) = measure.zip(limits)?;
        let severity = measured(Some(measure), Some(limits));
        let limit = if severity == Severity::Severe { limits.severe } else { limits.slight };
        let ground = Ground::new(&format!("{}_{name}", part.key()), &limits.source)
            .graded(severity.key())
            .with(&format!("{name}_{unit}"), measure)
            .with(&format!("limit_{unit}"), limit);
        (severity > Severity::Sound).then_some((severity, ground))
    };
    let told_of = Ground::new(part.key(), &policy.source).graded(told.key());
    let told_of = (told > Severity::Sound).then_some((told, told_of));
    let crack = measure("crack", finding.crack_mm, policy.crack_mm.as_ref(), "mm");
    let tilt = measure("tilt", finding.tilt_mm_m, policy.tilt_mm_m.as_ref(), "mm_m");
    told_of.into_iter().chain(crack).chain(tilt).collect()
}

/// What differs between the site and the report. The report stands; a house that looks worse is assessed again.
fn against_report(found: HouseGrade, reported: HouseGrade) -> Option<Ground> {
    let code = match found.cmp(&reported) {
        std::cmp::Ordering::Greater => "worse_than_report",
        std::cmp::Ordering::Less => "better_than_report",
        std::cmp::Ordering::Equal => return None,
    };
    let ground = Ground::new(code, "DOMAIN 房: only a report makes it 鉴定");
    Some(ground.with("found", found.key()).with("reported", reported.key()))
}
