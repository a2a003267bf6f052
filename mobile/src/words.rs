//! Data in the words of the person: days, distances, values of fields, answers, reasons, checks. Pure.

use std::collections::BTreeMap;

use bianfang_device::message::{Uncounted, WhyUncounted};
use bianfang_shared::access::Role;
use bianfang_shared::checklist::{Checklist, QuestionKind};
use bianfang_shared::day::{day_of, minute_of_day};
use bianfang_shared::evidence::{Check, CheckName, best_fix};
use bianfang_shared::form::FormProblem;
use bianfang_shared::ledger::{FieldType, LedgerKind, Point};
use bianfang_shared::observation::Observation;
use bianfang_shared::policy::Policy;
use bianfang_shared::query::EntryView;
use bianfang_shared::rules::Ground;
use bianfang_shared::text;
use bianfang_shared::value::Value;
use fluent_bundle::FluentArgs;

use crate::components::finding_look;
use crate::i18n::Lang;

mod reason;

pub use reason::{reason_detail, reason_words};

/// Names of people by id.
pub type Names = BTreeMap<String, String>;

/// A day, `2025-07-18`.
#[must_use]
pub fn day(at_ms: i64) -> String {
    day_of(at_ms).to_string()
}

/// A day and time of day, `2025-07-18 14:05`, as clocks in China show it.
#[must_use]
pub fn moment(at_ms: i64) -> String {
    format!("{} {}", day(at_ms), time(at_ms))
}

/// A time of day, `14:05`.
#[must_use]
pub fn time(at_ms: i64) -> String {
    let minute = minute_of_day(at_ms);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A distance: metres up to a kilometre, then kilometres with one decimal.
#[must_use]
pub fn distance(lang: Lang, metres: f64) -> String {
    if metres < 999.5 {
        lang.with("unit-metres", [("m", metres.round().into())])
    } else {
        lang.with("unit-kilometres", [("km", format!("{:.1}", metres / 1_000.0).into())])
    }
}

/// A span of time: seconds, minutes, hours, days, whichever is the largest that fits.
#[must_use]
pub fn span(lang: Lang, seconds: f64) -> String {
    let seconds = seconds.abs();
    let (key, count) = match seconds {
        s if s < 90.0 => ("unit-seconds", s),
        s if s < 5_400.0 => ("unit-minutes", s / 60.0),
        s if s < 129_600.0 => ("unit-hours", s / 3_600.0),
        s => ("unit-days", s / 86_400.0),
    };
    lang.with_args(key, &FluentArgs::from_iter([("n", count.round())])).unwrap_or_default()
}

/// A size in bytes.
#[must_use]
pub fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let mb = bytes as f64 / 1_000_000.0;
    // The space does not break: a number at the end of a line without its unit says nothing.
    if mb < 1_000.0 { format!("{mb:.1}\u{a0}MB") } else { format!("{:.1}\u{a0}GB", mb / 1_000.0) }
}

/// The name of a field.
#[must_use]
pub fn field_name(lang: Lang, ledger: LedgerKind, field: &str) -> String {
    lang.or(&format!("field-{}-{field}", ledger.key()), field)
}

/// The value of a field.
#[must_use]
pub fn field_value(lang: Lang, ledger: LedgerKind, field: &str, value: &Value, names: &Names) -> String {
    if value.is_blank() {
        return lang.say("value-blank");
    }
    let choice = |key: &str| lang.or(&format!("choice-{}-{field}-{key}", ledger.key()), key);
    match ledger.field(field).map(|spec| spec.kind) {
        Some(FieldType::OneOf(_)) => value.as_text().map_or_else(|| plain(lang, value), choice),
        Some(FieldType::ManyOf(_)) => list(lang, value, choice),
        Some(FieldType::Point) => {
            value.read::<Point>().map_or_else(|| plain(lang, value), |at| point(lang, at))
        }
        Some(FieldType::User) => {
            let id = value.as_text().unwrap_or_default();
            names.get(id).cloned().unwrap_or_else(|| lang.say("value-person-unknown"))
        }
        Some(FieldType::Entry) => lang.say("value-entry"),
        Some(FieldType::Area) => {
            let corners = value.as_list().map_or(0, <[Value]>::len) as u64;
            lang.with("value-area", [("n", corners.into())])
        }
        _ => plain(lang, value),
    }
}

fn list(lang: Lang, value: &Value, word: impl Fn(&str) -> String) -> String {
    let items = value.as_list().unwrap_or_default().iter();
    let words: Vec<String> =
        items.map(|item| item.as_text().map_or_else(|| plain(lang, item), &word)).collect();
    words.join(&lang.say("list-separator"))
}

fn point(lang: Lang, at: Point) -> String {
    let place = format!("{:.5}, {:.5}", at.lat, at.lon);
    if at.accuracy_m > 0.0 {
        lang.with("value-point", [("place", place.into()), ("m", at.accuracy_m.round().into())])
    } else {
        place
    }
}

/// A value of which nothing is known but itself.
#[must_use]
pub fn plain(lang: Lang, value: &Value) -> String {
    match value {
        Value::Null => lang.say("value-blank"),
        Value::Bool(true) => lang.say("answer-yes"),
        Value::Bool(false) => lang.say("answer-no"),
        Value::Int(number) => number.to_string(),
        Value::Num(number) => number.to_string(),
        Value::Text(text) => text::shown(text).into_owned(),
        Value::List(_) => list(lang, value, str::to_owned),
        Value::Map(entries) => {
            let parts = entries.iter().map(|(key, value)| format!("{key} {}", plain(lang, value)));
            parts.collect::<Vec<_>>().join(&lang.say("list-separator"))
        }
    }
}

/// An answer in the words of its question.
#[must_use]
pub fn answer(lang: Lang, kind: &QuestionKind, value: &Value) -> String {
    if value.is_blank() {
        return lang.say("value-unanswered");
    }
    let choice = |key: &str| {
        let found = kind.choices().iter().find(|choice| choice.key == key);
        found.map_or_else(|| key.to_owned(), |choice| choice_words(lang, choice).to_owned())
    };
    match kind {
        QuestionKind::OneOf { .. } | QuestionKind::Derived { .. } => {
            value.as_text().map_or_else(|| plain(lang, value), choice)
        }
        QuestionKind::ManyOf { .. } => list(lang, value, choice),
        QuestionKind::Number { unit, .. } => format!("{} {}", plain(lang, value), unit.of(lang.tag())),
        QuestionKind::YesNo | QuestionKind::Text { .. } | QuestionKind::Date | QuestionKind::Photo { .. } => {
            plain(lang, value)
        }
    }
}

/// A choice in the language.
#[must_use]
pub fn choice_words(lang: Lang, choice: &bianfang_shared::checklist::Choice) -> &str {
    match lang {
        Lang::Zh => &choice.zh,
        Lang::En => &choice.en,
    }
}

/// What a check found, with its numbers.
#[must_use]
pub fn check_words(lang: Lang, check: &Check) -> String {
    let name = check_key(check.name);
    let (_, _, finding) = finding_look(check.finding);
    let mut args = FluentArgs::new();
    for (key, number) in &check.numbers {
        put_number(lang, &mut args, key, *number);
    }
    // A failure without its measure has words of its own: there was nothing to measure.
    let bare = if check.numbers.is_empty() { "-bare" } else { "" };
    let keys = [format!("check-{name}-{finding}{bare}"), format!("check-{name}-{finding}")];
    keys.iter().find_map(|key| lang.with_args(key, &args)).unwrap_or_else(|| lang.say("check-other"))
}

/// A reason of the rules with its numbers; none where a newer version sent one without words here.
#[must_use]
pub fn ground(lang: Lang, prefix: &str, ground: &Ground) -> Option<String> {
    let mut args = FluentArgs::new();
    for (key, value) in &ground.numbers {
        match value.as_number() {
            Some(number) if key.ends_with("_s") => put_number(lang, &mut args, key, number),
            // The unit stands in the words: measures of the field are read as they were taken.
            Some(number) => args.set(key.clone(), two_decimals(number)),
            None => args.set(key.clone(), plain(lang, value)),
        }
    }
    // How it stands may have words of its own.
    let keys = [format!("{prefix}-{}-{}", ground.code, ground.grade), format!("{prefix}-{}", ground.code)];
    keys.iter().find_map(|key| lang.with_args(key, &args))
}

/// A number with at most two decimals. It stays a number, so that words can agree with it: 1 photo, 2 photos.
fn two_decimals(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// Numbers become words by the unit at the end of their names: `age_s` as a span, `distance_m` as a distance.
fn put_number(lang: Lang, args: &mut FluentArgs<'_>, key: &str, number: f64) {
    let key = key.to_owned();
    if key.ends_with("_s") {
        args.set(key, span(lang, number));
    } else if key.ends_with("_m") {
        args.set(key, distance(lang, number));
    } else {
        args.set(key, number.round());
    }
}

/// A visit at home that does not count, and why.
#[must_use]
pub fn uncounted_words(lang: Lang, uncounted: &Uncounted) -> String {
    let key = match uncounted.why {
        WhyUncounted::SentBack => "uncounted-sent_back",
        WhyUncounted::SetAside => "uncounted-set_aside",
        WhyUncounted::TooWeak => "uncounted-too_weak",
        WhyUncounted::NotOwn => "uncounted-not_own",
        WhyUncounted::Unknown => "uncounted-other",
    };
    lang.with(key, [("day", uncounted.on.as_str().into())])
}

/// The key of a role in messages.
#[must_use]
pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::Cadre => "cadre",
        Role::TeamMember => "team_member",
        Role::VillageSecretary => "village_secretary",
        Role::FamilyDoctor => "family_doctor",
        Role::Supervisor => "supervisor",
        Role::Administrator => "administrator",
    }
}

/// The key of a check in messages.
#[must_use]
pub fn check_key(name: CheckName) -> &'static str {
    match name {
        CheckName::FixAge => "fix_age",
        CheckName::Accuracy => "accuracy",
        CheckName::Distance => "distance",
        CheckName::Area => "area",
        CheckName::PhotosPresent => "photos_present",
        CheckName::PhotoSource => "photo_source",
        CheckName::PhotoSeen => "photo_seen",
        CheckName::PhotoTime => "photo_time",
        CheckName::PhotoPlace => "photo_place",
        CheckName::Mock => "mock",
        CheckName::Dwell => "dwell",
        CheckName::Travel => "travel",
        CheckName::Hour => "hour",
        CheckName::Clock => "clock",
        CheckName::Chain => "chain",
        CheckName::Future => "future",
        CheckName::Span => "span",
        CheckName::Open => "open",
        CheckName::Late => "late",
        CheckName::Checklist => "checklist",
        CheckName::Companions => "companions",
        CheckName::Unknown => "other",
    }
}

/// What is missing or wrong in an answer.
#[must_use]
pub fn problem_words(lang: Lang, problem: &FormProblem) -> String {
    let number = |bound: Option<f64>| bound.map_or_else(String::new, |bound| bound.to_string());
    let args = FluentArgs::from_iter([("min", number(problem.min)), ("max", number(problem.max))]);
    lang.with_args(&format!("problem-{}", problem.code), &args)
        .unwrap_or_else(|| lang.say("problem-wrong_shape"))
}

/// What a problem or an answer is about.
#[must_use]
pub fn question_words(lang: Lang, checklist: &Checklist, key: &str) -> String {
    match key {
        "outcome" => lang.say("visit-outcome"),
        "met" => lang.say("visit-met"),
        "note" => lang.say("visit-note"),
        _ => {
            let found = checklist.question(key);
            found.map_or_else(|| key.to_owned(), |question| question.text.of(lang.tag()).to_owned())
        }
    }
}

/// The middle of a telephone or ID number hidden: enough to recognise it, not to pass it on.
#[must_use]
pub fn masked(text: &str) -> String {
    let count = text.chars().count();
    let (head, tail) = if count >= 15 { (6, 4) } else { (3, 4) };
    if count <= head + tail {
        return "•".repeat(count);
    }
    let hidden = |(at, c): (usize, char)| if at < head || at >= count - tail { c } else { '•' };
    text.chars().enumerate().map(hidden).collect()
}

/// The place that stands for a record: the same one that its evidence is judged by.
#[must_use]
pub fn best_place(record: &Observation) -> Option<Point> {
    let fix = best_fix(&record.fixes, record.ended_at_ms, &Policy::builtin().evidence)?;
    Some(Point { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy_m })
}

/// A text field of an entry, blank where it is not there.
#[must_use]
pub fn text_of<'e>(entry: &'e EntryView, field: &str) -> &'e str {
    entry.fields.get(field).and_then(Value::as_text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bianfang_shared::evidence::Finding;

    #[test]
    fn distances_and_spans_are_said_in_the_largest_unit_that_fits() {
        for (metres, words) in
            [(0.4, "0 米"), (42.3, "42 米"), (999.4, "999 米"), (999.6, "1.0 公里"), (12_340.0, "12.3 公里")]
        {
            assert_eq!(distance(Lang::Zh, metres), words);
        }
        for (seconds, words) in [(8.0, "8 秒"), (120.0, "2 分钟"), (-7_200.0, "2 小时"), (200_000.0, "2 天")]
        {
            assert_eq!(span(Lang::Zh, seconds), words);
        }
    }

    #[test]
    fn a_check_is_said_with_its_numbers() {
        let numbers = [("distance_m", 42.4), ("accuracy_m", 12.1), ("limit_m", 80.0)];
        let numbers = numbers.map(|(key, number)| (key.to_owned(), number)).into();
        let check = Check { name: CheckName::Distance, finding: Finding::Pass, numbers };
        assert_eq!(check_words(Lang::Zh, &check), "距定位点 42 米，误差 ±12 米");
    }

    #[test]
    fn one_thing_is_said_as_one() {
        let found = |name, finding, key: &str, number| {
            let numbers = BTreeMap::from([(key.to_owned(), number)]);
            check_words(Lang::En, &Check { name, finding, numbers })
        };
        let missing = |number| found(CheckName::PhotosPresent, Finding::Fail, "missing_count", number);
        assert_eq!(missing(1.0), "1 required photograph is missing");
        assert_eq!(missing(2.0), "2 required photographs are missing");
        let dry = |days: f64| {
            let numbers = [("short_days".to_owned(), Value::number(days))].into();
            let (code, grade, source) = ("reliability".to_owned(), String::new(), String::new());
            ground(Lang::En, "water-detail", &Ground { code, grade, numbers, source })
        };
        assert_eq!(dry(1.0).unwrap(), "1 day a year without enough");
        assert_eq!(dry(12.0).unwrap(), "12 days a year without enough");
    }

    #[test]
    fn every_finding_of_every_check_has_words_without_a_gap() {
        use CheckName::*;
        let keys = [
            "age_s",
            "limit_s",
            "accuracy_m",
            "limit_m",
            "distance_m",
            "dwell_s",
            "elapsed_s",
            "speed_km_h",
            "limit_km_h",
            "hour_h",
            "from_h",
            "until_h",
            "offset_s",
            "ahead_s",
            "excess_s",
            "open_s",
            "late_s",
            "version",
            "named_count",
            "stranger_count",
        ];
        let numbers: BTreeMap<String, f64> = keys.map(|key| (key.to_owned(), 9.0)).into();
        let contradictions = [Future, Span, Open, Late, Checklist, Companions];
        let checks = [FixAge, Accuracy, Distance, Mock, Dwell, Travel, Hour, Clock, Chain];
        for name in checks.into_iter().chain(contradictions) {
            for finding in [Finding::Pass, Finding::Unknown, Finding::Doubt, Finding::Fail] {
                for lang in Lang::ALL {
                    let check = Check { name, finding, numbers: numbers.clone() };
                    let words = check_words(lang, &check);
                    assert!(!words.contains('$') && words != lang.say("check-other"), "{check:?}: {words}");
                    // Where nothing could be measured, the words name no number.
                    if finding == Finding::Unknown || (name, finding) == (FixAge, Finding::Fail) {
                        let words = check_words(lang, &Check { numbers: BTreeMap::new(), ..check });
                        assert!(
                            !words.contains('$') && words != lang.say("check-other"),
                            "{name:?}: {words}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_hidden_number_keeps_its_ends() {
        for (number, shown) in
            [("10012345678", "100••••5678"), ("999999194912310027", "999999••••••••0027"), ("1234", "••••")]
        {
            assert_eq!(masked(number), shown);
        }
    }

    #[test]
    fn values_are_said_in_the_words_of_their_field() {
        let say = |field: &str, value: Value| {
            field_value(Lang::Zh, LedgerKind::Household, field, &value, &Names::new())
        };
        assert_eq!(say("colour", "orange".into()), "橙");
        assert_eq!(say("categories", Value::texts(["lifted", "elderly"])), "脱贫户、老人户");
        assert_eq!(say("water_state", Value::Null), "未填写");
        assert_eq!(say("a_newer_field", "x".into()), "x");
    }
}
