//! The four indicators of drinking water and what a field kit measures, after T/CHES 18-2018 and GB 5749-2022. The whole
//! is as good as its worst indicator. Writes and opens nothing.

use super::{Ground, Rule, Verdict};
use crate::checklist::Situation;
use crate::ledger::{LedgerKind, water_supply};
use crate::policy::{ConveniencePolicy, QuantityPolicy, Range, ReadingPolicy, WaterPolicy};
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// How good something is. Later is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 不达标.
    Unmet,
    /// 基本达标.
    Basic,
    /// 达标.
    Met,
}

impl Level {
    /// As in data and in ledgers.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unmet => "unmet",
            Self::Basic => "basic",
            Self::Met => "met",
        }
    }
}

/// The indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Indicator {
    /// 水量.
    Quantity,
    /// 水质.
    Quality,
    /// 方便程度.
    Convenience,
    /// 保证率.
    Reliability,
}

impl Indicator {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Quantity, Self::Quality, Self::Convenience, Self::Reliability];

    /// Its name in data and in messages, `water-indicator-<key>`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Quantity => "quantity",
            Self::Quality => "quality",
            Self::Convenience => "convenience",
            Self::Reliability => "reliability",
        }
    }
}

/// What was found of the water. What is not known is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WaterCheck {
    /// Whether it was checked where it leaves a supply, and not at a household's tap.
    pub at_supply: bool,
    /// The kind of supply, one of `ledger::water_supply::KINDS`.
    pub kind: Option<String>,
    /// Whether the area is water-scarce.
    pub scarce: bool,
    /// Litres for each person and day.
    pub litres: Option<f64>,
    /// Whether the senses find it clean (望、闻、问、尝).
    pub clean: Option<bool>,
    /// Whether the latest test report meets GB 5749; none where there is no report.
    pub report_meets: Option<bool>,
    /// Whether it is piped to the house.
    pub piped: Option<bool>,
    /// Minutes to fetch it, there and back.
    pub fetch_minutes: Option<f64>,
    /// Metres to it on level ground.
    pub fetch_distance_m: Option<f64>,
    /// Metres to it in height.
    pub fetch_height_m: Option<f64>,
    /// Days of the last year without enough of it.
    pub short_days: Option<f64>,
    /// What a kit measured, by the keys of `readings` in the policy.
    pub readings: Vec<(String, f64)>,
}

impl WaterCheck {
    /// What the answers of a form or record say, with what is known of the supply: the subject itself, or the
    /// household's supply among the facts.
    pub fn of(situation: &Situation<'_>, policy: &WaterPolicy) -> Self {
        let number = |key: &str| situation.value(key).as_number();
        let at_supply = situation.subject.ledger == Some(LedgerKind::WaterSupply);
        let supply = |field: &str, fact: &str| match at_supply {
            true => situation.subject.value(field).clone(),
            false => situation.facts.get(fact).cloned().unwrap_or_default(),
        };
        let text = |value: &Value| value.as_text().filter(|text| !text.is_empty()).map(str::to_owned);
        let scarce_area = |area: &crate::area::AreaCode| area.contains(situation.subject.scope);
        Self {
            at_supply,
            kind: text(&situation.value("source"))
                .or_else(|| text(&supply(water_supply::KIND, "supply_kind"))),
            scarce: policy.quantity.scarce_areas.iter().any(scarce_area)
                || supply(water_supply::SCARCE, "supply_scarce").as_bool() == Some(true),
            litres: number("litres"),
            clean: clean(&situation.value("senses")),
            report_meets: match situation.value("report").as_text() {
                Some("meets") => Some(true),
                Some("fails") => Some(false),
                Some("none") => None,
                _ => supply(water_supply::REPORT_MEETS, "supply_report_meets").as_bool(),
            },
            piped: situation.value("piped").as_bool(),
            fetch_minutes: number("fetch_minutes"),
            fetch_distance_m: number("fetch_distance_m"),
            fetch_height_m: number("fetch_height_m"),
            short_days: number("short_days"),
            readings: (policy.readings.keys()).filter_map(|key| Some((key.clone(), number(key)?))).collect(),
        }
    }

    fn senses_suffice(&self, policy: &WaterPolicy) -> bool {
        self.kind.as_ref().is_some_and(|kind| policy.quality.senses_suffice.contains(kind))
    }

    /// Small works and dispersed supplies, for which some limits are wider.
    fn is_small(&self) -> bool {
        self.kind.as_deref().is_some_and(|kind| kind != "central")
    }
}

/// Whether the senses find it clean: any trouble ticked speaks against it, also beside “nothing”.
fn clean(senses: &Value) -> Option<bool> {
    let ticked = senses.as_list().filter(|ticked| !ticked.is_empty())?;
    Some(ticked.iter().all(|sense| sense.as_text() == Some("clean")))
}

/// How good each indicator is; none while too little is said of it.
pub fn level(indicator: Indicator, check: &WaterCheck, policy: &WaterPolicy) -> Option<Level> {
    match indicator {
        Indicator::Quantity => Some(quantity(check.litres?, check.scarce, &policy.quantity)),
        Indicator::Quality => quality(check, policy),
        Indicator::Convenience => convenience(check, &policy.convenience),
        Indicator::Reliability => {
            let percent = reliability_percent(check.short_days?);
            let policy = &policy.reliability;
            Some(graded(percent >= policy.met_percent, percent >= policy.basic_percent))
        }
    }
}

fn graded(met: bool, basic: bool) -> Level {
    match (met, basic) {
        (true, _) => Level::Met,
        (false, true) => Level::Basic,
        (false, false) => Level::Unmet,
    }
}

fn quantity(litres: f64, scarce: bool, policy: &QuantityPolicy) -> Level {
    let (met_l, basic_l) = quantity_limits(scarce, policy);
    graded(litres >= met_l, litres >= basic_l)
}

fn quantity_limits(scarce: bool, policy: &QuantityPolicy) -> (f64, f64) {
    if scarce { (policy.scarce_met_l, policy.scarce_basic_l) } else { (policy.met_l, policy.basic_l) }
}

/// There is no 基本达标: clean or not. What the senses find wrong, or a report, speaks against any supply; that nothing
/// is found suffices only where the policy says so.
fn quality(check: &WaterCheck, policy: &WaterPolicy) -> Option<Level> {
    if check.clean == Some(false) || check.report_meets == Some(false) {
        return Some(Level::Unmet);
    }
    let shown =
        check.report_meets == Some(true) || (check.clean == Some(true) && check.senses_suffice(policy));
    // A report does not speak for the water of today while nobody has looked at it.
    (shown && check.clean.is_some()).then_some(Level::Met)
}

fn convenience(check: &WaterCheck, policy: &ConveniencePolicy) -> Option<Level> {
    if check.piped? {
        return Some(Level::Met);
    }
    let within = |measure: Option<f64>, limit: f64| measure.is_some_and(|measure| measure <= limit);
    let measures = [check.fetch_minutes, check.fetch_distance_m, check.fetch_height_m];
    let basic = within(check.fetch_minutes, policy.basic_minutes)
        || within(check.fetch_distance_m, policy.basic_distance_m)
        || within(check.fetch_height_m, policy.basic_height_m);
    let told = measures.iter().any(Option::is_some);
    told.then(|| graded(within(check.fetch_minutes, policy.met_minutes), basic))
}

/// On how much of a year of 365 days there was enough.
fn reliability_percent(short_days: f64) -> f64 {
    (365.0 - short_days.clamp(0.0, 365.0)) / 365.0 * 100.0
}

/// As good as the worst indicator; none while one of them is not known, unless another is unmet already.
pub fn overall(check: &WaterCheck, policy: &WaterPolicy) -> Option<Level> {
    let levels = Indicator::ALL.map(|indicator| level(indicator, check, policy));
    if levels.contains(&Some(Level::Unmet)) {
        return Some(Level::Unmet);
    }
    levels.into_iter().collect::<Option<Vec<_>>>()?.into_iter().min()
}

/// The worst indicator, the first in their order of several; none while none is known.
pub fn worst(check: &WaterCheck, policy: &WaterPolicy) -> Option<(Indicator, Level)> {
    let known = |indicator| Some((indicator, level(indicator, check, policy)?));
    // `min_by_key` keeps the first of equals.
    Indicator::ALL.into_iter().filter_map(known).min_by_key(|(_, level)| *level)
}

/// The indicators that are worse than `least`.
fn below(least: Level, check: &WaterCheck, policy: &WaterPolicy) -> Vec<&'static str> {
    let is_below =
        |indicator: &Indicator| level(*indicator, check, policy).is_some_and(|level| level < least);
    Indicator::ALL.into_iter().filter(is_below).map(Indicator::key).collect()
}

/// The range that holds for a reading here; none where it says nothing.
fn range(check: &WaterCheck, policy: &ReadingPolicy) -> Option<Range> {
    let of_kind = |kind: &String| policy.kinds.contains(kind);
    if !policy.kinds.is_empty() && !check.kind.as_ref().is_some_and(of_kind) {
        return None;
    }
    let usual = if check.at_supply { policy.supply } else { policy.household };
    Some(policy.small.filter(|_| check.is_small()).unwrap_or(usual))
}

/// Readings beyond their range, with the range. A kit is no laboratory: they are told and tested, and leave the
/// indicator of quality to its report.
pub fn readings_off(check: &WaterCheck, policy: &WaterPolicy) -> Vec<Ground> {
    let off = |(key, reading): &(String, f64)| {
        let policy = policy.readings.get(key)?;
        let range = range(check, policy)?;
        let ground = Ground::new(key, &policy.source)
            .with("reading", *reading)
            .with("min", range.min)
            .with("max", range.max);
        (!(range.min..=range.max).contains(reading)).then_some(ground)
    };
    check.readings.iter().filter_map(off).collect()
}

/// What [`super::derive`] answers for the rules about water.
pub(super) fn derive(rule: Rule, situation: &Situation<'_>, policy: &WaterPolicy) -> Option<Value> {
    let check = WaterCheck::of(situation, policy);
    let list = |keys: Vec<&str>| (!keys.is_empty()).then(|| Value::texts(keys));
    match rule {
        Rule::WaterVerdict => overall(&check, policy).map(|level| level.key().into()),
        Rule::WaterBelow => list(below(Level::Met, &check, policy)),
        Rule::WaterUnmet => list(below(Level::Basic, &check, policy)),
        Rule::WaterReadingsOff => {
            let off = readings_off(&check, policy);
            list(off.iter().map(|ground| ground.code.as_str()).collect())
        }
        Rule::HouseSevereParts
        | Rule::HouseFoundGrade
        | Rule::HouseStandingGrade
        | Rule::HouseStandingBasis
        | Rule::HouseRectificationNow
        | Rule::HouseRectification
        | Rule::HouseholdHousing => None,
    }
}

/// The verdict with its four indicators; the worst of them carries `worst`.
pub(super) fn verdict(situation: &Situation<'_>, policy: &WaterPolicy) -> Verdict {
    let check = WaterCheck::of(situation, policy);
    let worst =
        worst(&check, policy).filter(|(_, level)| *level < Level::Met).map(|(indicator, _)| indicator);
    let ground = |indicator: Indicator| {
        let ground = indicator_ground(indicator, &check, policy);
        if worst == Some(indicator) { ground.with("worst", true) } else { ground }
    };
    Verdict::Water {
        overall: overall(&check, policy).map(|level| level.key().to_owned()),
        indicators: Indicator::ALL.map(ground).into(),
        readings: readings_off(&check, policy),
    }
}

/// An indicator with its grade, empty while it is not known, and the numbers behind it.
fn indicator_ground(indicator: Indicator, check: &WaterCheck, policy: &WaterPolicy) -> Ground {
    let grade = level(indicator, check, policy).map_or("", Level::key);
    let ground = |source: &str| Ground::new(indicator.key(), source).graded(grade);
    match indicator {
        Indicator::Quantity => {
            let (met_l, basic_l) = quantity_limits(check.scarce, &policy.quantity);
            let ground = ground(&policy.quantity.source)
                .with("met_l", met_l)
                .with("basic_l", basic_l)
                .with("scarce", check.scarce);
            known(ground, "litres_l", check.litres)
        }
        Indicator::Quality => {
            let needs_report =
                check.clean == Some(true) && check.report_meets.is_none() && !check.senses_suffice(policy);
            ground(&policy.quality.source).with("needs_report", needs_report)
        }
        Indicator::Convenience => {
            let piped = check.piped == Some(true);
            let ground = ground(&policy.convenience.source).with("piped", piped);
            known(ground, "fetch_min", check.fetch_minutes.filter(|_| !piped))
        }
        Indicator::Reliability => {
            let ground = ground(&policy.reliability.source);
            let percent = check.short_days.map(|days| reliability_percent(days).floor());
            known(known(ground, "short_days", check.short_days), "reliable_percent", percent)
        }
    }
}

fn known(ground: Ground, name: &str, number: Option<f64>) -> Ground {
    match number {
        Some(number) => ground.with(name, number),
        None => ground,
    }
}
